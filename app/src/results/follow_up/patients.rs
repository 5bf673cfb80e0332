//! Which studies are of one patient: as their files say (`imaging::Patient` is the rule), and as a person joins them and parts them again.

use std::collections::HashMap;

use imaging::Patient;
use leptos::prelude::*;
use protocol::{StudyId, StudyInfo};

use crate::documents::Documents;
use crate::words::iso_date;

/// Which studies are of one patient. Copies are the same.
#[derive(Clone, Copy)]
pub struct Patients {
    documents: Documents,
    joined: RwSignal<Joined>,
    /// Dates that a person gave studies whose files have none, as `YYYY-MM-DD`.
    dates: RwSignal<HashMap<StudyId, String>>,
}

impl Patients {
    /// As the files say.
    pub fn new(documents: Documents) -> Self {
        Self { documents, joined: RwSignal::new(Joined::default()), dates: RwSignal::new(HashMap::new()) }
    }

    /// The studies of the patient on screen, that on screen among them.
    pub fn here(self) -> Vec<StudyId> {
        let Some(here) = self.documents.study_on_screen() else { return Vec::new() };
        let open = self.open();
        self.joined.with(|joined| joined.with(here.info.study, &open))
    }

    /// The other studies that are open, with their names.
    pub fn others(self) -> Vec<(StudyId, String)> {
        let here = self.here();
        self.documents.studies.with(|studies| {
            let infos = studies.iter().map(|study| &study.info).filter(|info| !here.contains(&info.study));
            infos.map(|info| (info.study, info.name.clone())).collect()
        })
    }

    /// Names of the studies of the patient on screen whose voxels have no size: they have no volume that could be compared.
    pub fn unscaled(self) -> Vec<String> {
        let here = self.here();
        let is_unscaled = |info: &&StudyInfo| here.len() > 1 && here.contains(&info.study) && info.spacing_mm.is_none();
        self.documents.studies.with(|studies| {
            studies.iter().map(|study| &*study.info).filter(is_unscaled).map(|info| info.name.clone()).collect()
        })
    }

    /// Whether another study has the same patient's identifier and is not taken for this patient's for all that.
    pub fn shares_identifier(self) -> bool {
        let (here, open) = (self.here(), self.open());
        let is_here = |(study, _): &&Named| here.contains(study);
        open.iter()
            .filter(is_here)
            .any(|(_, own)| open.iter().filter(|other| !is_here(other)).any(|(_, other)| own.shares_id(other)))
    }

    /// A person says that a study is of the patient on screen.
    pub fn join(self, study: StudyId) {
        if let Some(here) = untrack(|| self.documents.study_on_screen()) {
            self.joined.update(|joined| joined.join(here.info.study, study));
        }
    }

    /// A person takes it back that a study is of the patient on screen.
    pub fn part(self, study: StudyId) {
        let (here, open) = untrack(|| (self.documents.study_on_screen(), self.open()));
        if let Some(here) = here {
            self.joined.update(|joined| joined.part(here.info.study, study, &open));
        }
    }

    /// Whether a study is of the patient on screen only because a person said so.
    pub fn is_joined(self, study: StudyId) -> bool {
        let Some(here) = self.documents.study_on_screen() else { return false };
        let open = self.open();
        let here = here.info.study;
        self.joined.with(|joined| joined.with(here, &open).contains(&study))
            && !Joined::default().with(here, &open).contains(&study)
    }

    /// A person says when the images of a study were made.
    pub fn set_date(self, study: StudyId, date: String) {
        self.dates.update(|dates| _ = dates.insert(study, date));
    }

    /// When the images of a study were made, by its files or else by a person, and whether the files say so.
    pub(super) fn date(self, info: &StudyInfo) -> (Option<String>, bool) {
        match value(&info.patient, "Study date") {
            Some(date) => (Some(iso_date(date)), true),
            None => (self.dates.with(|dates| dates.get(&info.study).cloned()).filter(|date| !date.is_empty()), false),
        }
    }

    /// All studies that are open.
    fn open(self) -> Vec<Named> {
        let named = |info: &StudyInfo| (info.study, patient(&info.patient));
        self.documents.studies.with(|studies| studies.iter().map(|study| named(&study.info)).collect())
    }
}

/// What files say of a patient, if they do.
fn value<'a>(patient: &'a [(String, String)], what: &str) -> Option<&'a str> {
    let found = patient.iter().find(|(name, _)| name == what).map(|(_, value)| value.trim());
    found.filter(|value| !value.is_empty())
}

/// The patient that files name.
fn patient(said: &[(String, String)]) -> Patient {
    let [id, name, born] = ["ID", "Name", "Born"].map(|what| value(said, what).unwrap_or_default());
    Patient::new(id, name, born)
}

/// A study, and the patient that its files name.
type Named = (StudyId, Patient);

/// Whether files tie two studies to one patient: surely, and without a third one that goes with one of them and contradicts the other,
/// since nobody knows to which of the two that belongs.
fn tie(a: &Patient, b: &Patient, open: &[Named]) -> bool {
    let parts = |a: &Patient, b: &Patient| open.iter().any(|(_, other)| other.is_surely(a) && other.contradicts(b));
    a.is_surely(b) && !parts(a, b) && !parts(b, a)
}

/// Pairs of studies that a person said are of one patient.
#[derive(Clone, Debug, Default, PartialEq)]
struct Joined(Vec<[StudyId; 2]>);

/// How a study was reached from another one: the study, the one before it, and the pair that ties the two if a person does.
type Step = (StudyId, StudyId, Option<usize>);

impl Joined {
    /// All open studies of one's patient: what files or pairs tie to it, be it through others.
    fn with(&self, here: StudyId, open: &[Named]) -> Vec<StudyId> {
        self.steps(here, open).into_iter().map(|(study, ..)| study).collect()
    }

    fn join(&mut self, here: StudyId, other: StudyId) {
        self.0.push([here, other]);
    }

    /// Unties a study from another one where it is tied by a person last, as often as needed; what else is tied to either stays so.
    fn part(&mut self, here: StudyId, study: StudyId, open: &[Named]) {
        while let Some(pair) = self.last_pair(here, study, open) {
            self.0.remove(pair);
        }
    }

    /// The last pair on the way from one study to another; none if only files tie the two, or nothing does.
    fn last_pair(&self, here: StudyId, study: StudyId, open: &[Named]) -> Option<usize> {
        let steps = self.steps(here, open);
        let mut at = study;
        while at != here {
            let &(_, before, pair) = steps.iter().find(|(study, ..)| *study == at)?;
            if pair.is_some() {
                return pair;
            }
            at = before;
        }
        None
    }

    fn steps(&self, here: StudyId, open: &[Named]) -> Vec<Step> {
        let patient = |study: StudyId| open.iter().find(|(id, _)| *id == study).map(|(_, patient)| patient);
        let mut steps = vec![(here, here, None)];
        let mut next = 0;
        while let Some(&(from, ..)) = steps.get(next) {
            next += 1;
            // Of what is closed nothing is known.
            for (study, named) in open {
                let by_files = patient(from).is_some_and(|own| tie(own, named, open));
                let by_hand = self.0.iter().position(|pair| *pair == [from, *study] || *pair == [*study, from]);
                if (by_files || by_hand.is_some()) && steps.iter().all(|(known, ..)| known != study) {
                    steps.push((*study, from, by_hand.filter(|_| !by_files)));
                }
            }
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Studies by number with the patients that their files name; a dot for none.
    fn open(patients: &str) -> Vec<Named> {
        let named = patients.chars().map(|name| match name {
            '.' => Patient::default(),
            name => Patient::new(&format!("id-{name}"), &format!("Doe^{name}"), ""),
        });
        (1..).map(StudyId).zip(named).collect()
    }

    /// Studies whose files say these of identifier, name and birth.
    fn saying(said: &[[&str; 3]]) -> Vec<Named> {
        let named = said.iter().map(|values| {
            let said: Vec<(String, String)> = ["ID", "Name", "Born"]
                .into_iter()
                .zip(values)
                .map(|(key, value)| (key.into(), (*value).into()))
                .collect();
            patient(&said)
        });
        (1..).map(StudyId).zip(named).collect()
    }

    #[test]
    fn an_identifier_that_two_people_share_joins_nobody() {
        let none = Joined::default();
        for [first, second] in [
            [["42", "Doe^Jane", "19700203"], ["42", "Roe^Richard", ""]],
            [["42", "Doe^Jane", "19700203"], ["42", "Doe^Jane", "19800203"]],
            [["0", "", ""], ["0", "", ""]],
            [["ANON", "ANON", ""], ["ANON", "ANON", ""]],
            [["42", "", ""], ["42", "", ""]],
            [["42", "Doe^Jane", ""], ["42", "", "19700203"]],
        ] {
            let open = saying(&[first, second]);
            assert_eq!([1, 2].map(|here| of(&none, here, &open)), [[1], [2]], "{first:?} {second:?}");
            let mut joined = Joined::default();
            join(&mut joined, 1, 2);
            assert_eq!(of(&joined, 2, &open), [1, 2], "a person may know better");
        }
        let same = saying(&[["42", "Doe^Jane", "19700203"], ["42", "DOE^JANE^^", ""], ["7", "Doe^Jane", "19700203"]]);
        assert_eq!([1, 2, 3].map(|here| of(&none, here, &same)), [vec![1, 2], vec![1, 2], vec![3]]);
    }

    #[test]
    fn one_that_may_be_either_of_two_people_is_neither() {
        let none = Joined::default();
        let open = saying(&[["42", "Doe^Jane", "19700203"], ["42", "Doe^Jane", "19800203"], ["42", "Doe^Jane", ""]]);
        assert_eq!([1, 2, 3].map(|here| of(&none, here, &open)), [[1], [2], [3]]);
        // Once one of the two is closed nothing speaks against the other.
        let open: Vec<Named> = open.into_iter().filter(|(study, _)| study.0 != 2).collect();
        assert_eq!(of(&none, 1, &open), [1, 3]);
    }

    fn of(joined: &Joined, here: u32, open: &[Named]) -> Vec<u32> {
        let mut studies: Vec<u32> = joined.with(StudyId(here), open).into_iter().map(|study| study.0).collect();
        studies.sort_unstable();
        studies
    }

    fn join(joined: &mut Joined, here: u32, other: u32) {
        joined.join(StudyId(here), StudyId(other));
    }

    #[test]
    fn studies_are_of_one_patient_where_both_files_say_so() {
        let (none, open) = (Joined::default(), open("aab.."));
        assert_eq!(
            [1, 2, 3, 4, 5].map(|here| of(&none, here, &open)),
            [vec![1, 2], vec![1, 2], vec![3], vec![4], vec![5]]
        );
    }

    #[test]
    fn joining_two_patients_leaves_all_others_alone() {
        // Patients a, b and c with two studies each, and one that says nothing.
        let open = open("aabbcc.");
        let mut joined = Joined::default();
        join(&mut joined, 1, 3);
        for here in 1..=4 {
            assert_eq!(of(&joined, here, &open), [1, 2, 3, 4], "seen from each of them");
        }
        assert_eq!(of(&joined, 5, &open), [5, 6]);
        // Another pair is another patient.
        join(&mut joined, 6, 7);
        assert_eq!(of(&joined, 2, &open), [1, 2, 3, 4]);
        assert_eq!(of(&joined, 7, &open), [5, 6, 7]);
    }

    #[test]
    fn what_is_joined_comes_apart_as_it_was() {
        let open = open("aabb..");
        let before = {
            let mut joined = Joined::default();
            join(&mut joined, 3, 5);
            joined
        };
        let mut joined = before.clone();
        join(&mut joined, 1, 3);
        assert_eq!(of(&joined, 2, &open), [1, 2, 3, 4, 5]);
        // Taken back from another study of the same patient, at one that files tie to the other.
        joined.part(StudyId(2), StudyId(4), &open);
        assert_eq!(joined, before, "the pair of before stays");
        assert_eq!([2, 4].map(|here| of(&joined, here, &open)), [vec![1, 2], vec![3, 4, 5]]);
    }

    #[test]
    fn of_three_joined_one_goes_and_two_stay() {
        let open = open("...");
        let mut joined = Joined::default();
        join(&mut joined, 1, 2);
        join(&mut joined, 1, 3);
        joined.part(StudyId(1), StudyId(2), &open);
        assert_eq!([1, 2].map(|here| of(&joined, here, &open)), [vec![1, 3], vec![2]]);
        // Tied twice, it goes all the same.
        join(&mut joined, 2, 3);
        join(&mut joined, 1, 2);
        joined.part(StudyId(2), StudyId(1), &open);
        assert!(!of(&joined, 1, &open).contains(&2));
    }

    #[test]
    fn what_files_tie_no_hand_parts_and_what_is_closed_ties_nothing() {
        let both = open("aa.");
        let mut joined = Joined::default();
        joined.part(StudyId(1), StudyId(2), &both);
        assert_eq!(of(&joined, 1, &both), [1, 2]);
        // 1 and 2 are tied through 3, which is closed.
        join(&mut joined, 1, 3);
        join(&mut joined, 3, 2);
        let apart = open("..");
        assert_eq!(of(&joined, 1, &apart), [1]);
        assert_eq!(of(&joined, 1, &open("...")), [1, 2, 3]);
    }
}

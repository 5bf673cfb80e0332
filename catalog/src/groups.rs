//! References and paths of volumes into what makes them belong together.

use imaging::Patient;
use study::{Origin, Reference, Series};

use crate::subjects::Subject;

/// What makes volumes belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Their Study Instance UID, and what tells the patient from others: programs that hide names may give one to several.
    Examination { study: String, patient: Patient },
    /// The drop that they came in, by its number, and whose of it they are.
    Drop(u32, Subject),
    /// The pictures that they are made of, by the number of their study.
    Pictures(u32),
}

impl Group {
    /// That of images with these references.
    pub fn of(reference: &Reference, drop: u32) -> Self {
        let patient = reference.patient();
        match &reference.study {
            study if study.is_empty() => Self::Drop(drop, Subject::of_patient(patient.written())),
            study => Self::Examination { study: study.clone(), patient },
        }
    }

    /// The first of some groups, each beside a series in it, that images of this one belong to: none of its series contradicts
    /// them. This one where there is none.
    pub fn home(self, known: &[(&Self, &Series)]) -> Self {
        let fits = |series: &Series| match &series.origin {
            Origin::Dicom { reference, .. } => Self::of(reference, 0).admits(&self),
            Origin::File => true,
        };
        let all_fit = |home: &Self| known.iter().filter(|(group, _)| *group == home).all(|(_, series)| fits(series));
        let home = known.iter().map(|(group, _)| *group).find(|home| home.admits(&self) && all_fit(home));
        home.cloned().unwrap_or(self)
    }

    /// Whether volumes of both may belong together: one examination, and nothing that contradicts one patient.
    fn admits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Examination { study, patient }, Self::Examination { study: same, patient: another }) => {
                study == same && !patient.contradicts(another)
            }
            _ => self == other,
        }
    }
}

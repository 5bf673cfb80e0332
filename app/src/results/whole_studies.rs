//! What a person said of studies as wholes into the record of a session file, and back: patients joined, dates typed, midlines moved,
//! pairs and sequences registered.

use std::collections::HashMap;

use leptos::prelude::*;
use protocol::StudyId;
use protocol::session::{MidlineRecord, RegistrationRecord, SequenceRecord, StudiesRecord};

use super::Results;
use crate::owner::Owner;

impl Results {
    /// What was said of the studies that are open. Without patient data no dates are among it.
    pub fn studies_record(self) -> StudiesRecord {
        let digest = |study: StudyId| self.documents.digest_of(Owner::Study(study));
        let pair = |[a, b]: [StudyId; 2]| Some([digest(a)?, digest(b)?]);
        let dates = match self.without_patient.get() {
            true => Vec::new(),
            false => self.patients.typed_dates(),
        };
        let midline = |(study, plane, symmetry)| Some(MidlineRecord { study: digest(study)?, plane, symmetry });
        let registration = |(studies, link, back)| {
            let [fixed, moving] = pair(studies)?;
            Some(RegistrationRecord { fixed, moving, link, back })
        };
        let sequence = |(study, sequence, motion)| Some(SequenceRecord { study: digest(study)?, sequence, motion });
        StudiesRecord {
            joined: self.patients.pairs().into_iter().filter_map(pair).collect(),
            dates: dates.into_iter().filter_map(|(study, date)| Some((digest(study)?, date))).collect(),
            midlines: self.midlines.moved().into_iter().filter_map(midline).collect(),
            registrations: self.links.registered().into_iter().filter_map(registration).collect(),
            sequences: self.documents.registered_sequences().into_iter().filter_map(sequence).collect(),
        }
    }

    /// Takes up what is said of studies that are open and leaves the rest; how much of it changed anything, since what was said here
    /// stays.
    pub fn recall_studies(self, record: &mut StudiesRecord) -> usize {
        let studies: Vec<StudyId> =
            self.documents.studies.with(|all| all.iter().map(|study| study.info.study).collect());
        let known = |study: StudyId| Some((self.documents.digest_of(Owner::Study(study))?, study));
        let open: HashMap<String, StudyId> = studies.into_iter().filter_map(known).collect();
        let of = |digest: &String| open.get(digest).copied();
        let StudiesRecord { joined, dates, midlines, registrations, sequences } = record;
        take_up(joined, |[a, b]| Some(self.patients.join_again(of(a)?, of(b)?)))
            + take_up(dates, |(study, date)| Some(self.patients.date_again(of(study)?, date.clone())))
            + take_up(midlines, |found| Some(self.midlines.move_again(of(&found.study)?, found.plane, found.symmetry)))
            + take_up(registrations, |found| {
                let pair = (of(&found.fixed)?, of(&found.moving)?);
                Some(self.compared.register_again(pair, found.link, found.back))
            })
            + take_up(sequences, |found| {
                Some(self.documents.register_sequence_again(of(&found.study)?, found.sequence, found.motion))
            })
    }
}

/// Drops the records that `take` deals with, and leaves those of which it says nothing; how many changed anything.
fn take_up<T>(records: &mut Vec<T>, take: impl Fn(&T) -> Option<bool>) -> usize {
    let mut changed = 0;
    records.retain(|record| match take(record) {
        Some(did) => {
            changed += usize::from(did);
            false
        }
        None => true,
    });
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_taken_up_yet_stays() {
        let mut records = vec![1, 2, 3, 4, 5];
        let take = |record: &i32| (record % 2 == 1).then_some(*record > 1);
        assert_eq!(take_up(&mut records, take), 2);
        assert_eq!(records, [2, 4]);
    }
}

//! References and paths of volumes into what makes them belong together.

use study::Reference;

use crate::subjects::Subject;

/// What makes volumes belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Their Study Instance UID, and what tells the patient from others: programs that hide names may give one to several.
    Examination { study: String, patient: String },
    /// The drop that they came in, by its number, and whose of it they are.
    Drop(u32, Subject),
    /// The pictures that they are made of, by the number of their study.
    Pictures(u32),
}

impl Group {
    /// That of images with these references.
    pub fn of(reference: &Reference, drop: u32) -> Self {
        let patient = reference.patient().to_owned();
        match &reference.study {
            study if study.is_empty() => Self::Drop(drop, Subject::of_patient(patient)),
            study => Self::Examination { study: study.clone(), patient },
        }
    }
}

//! Patient data of a study into what files say without it, by the Basic Application Level Confidentiality Profile.
//!
//! DICOM PS3.15 E.1: of the attributes that this program repeats, names and numbers are replaced, dates and all others
//! emptied, and identifiers hashed with a secret. The secret lasts as long as the program does: until then files of one study
//! refer to each other, and afterwards nobody can tell whose they are.

use dicom_core::VR;
use dicom_dictionary_std::tags;
use sha2::{Digest, Sha256};

use super::elements::{Code, Element, coded, items, string, uid};
use crate::dicom::Reference;

/// What stands in place of a date and of a time that a file must have.
const NO_DATE: [&str; 2] = ["19000101", "000000"];
/// What was done (PS3.16, CID 7050).
const METHODS: [Code; 2] = [
    ("113100", "DCM", "Basic Application Confidentiality Profile"),
    // Descriptions are the program's own words.
    ("113105", "DCM", "Clean Descriptors Option"),
];

/// Random bytes that nobody else knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// A new one, of two random numbers.
    pub fn random(mut number: impl FnMut() -> u128) -> Self {
        let halves = [number(), number()].map(u128::to_le_bytes);
        Self(std::array::from_fn(|at| halves[at / 16][at % 16]))
    }

    /// Another identifier for this one, always the same; none for none.
    fn uid(&self, original: &str) -> String {
        if original.is_empty() { String::new() } else { uid(self.hash(original)) }
    }

    /// A number for a patient, always the same.
    fn number(&self, reference: &Reference) -> String {
        let patient = reference.patient();
        // Of patients who are not surely told from others each examination is another's.
        let patient = match patient.is_surely(&patient) {
            true => patient.written(),
            false => format!("{} {}", reference.study, patient.written()),
        };
        format!("{:08X}", self.hash(&format!("patient {patient}")) >> 96)
    }

    pub(super) fn reference(&self, reference: &Reference) -> Reference {
        let number = self.number(reference);
        let attributes = reference.study_attributes.iter().map(|(tag, _)| match *tag {
            tags::PATIENT_NAME => (*tag, format!("Anonymous^{number}")),
            tags::PATIENT_ID => (*tag, format!("ANON-{number}")),
            _ => (*tag, String::new()),
        });
        Reference {
            study: self.uid(&reference.study),
            series: self.uid(&reference.series),
            frame_of_reference: self.uid(&reference.frame_of_reference),
            study_attributes: attributes.collect(),
        }
    }

    pub(super) fn slices(&self, slices: &[(String, Option<usize>)]) -> Vec<(String, Option<usize>)> {
        slices.iter().map(|(instance, frame)| (self.uid(instance), *frame)).collect()
    }

    /// Half of a hash that only the secret's owner can compute: without the other half nothing can be added to what was hashed.
    fn hash(&self, text: &str) -> u128 {
        let hash = Sha256::new().chain_update(self.0).chain_update(text).finalize();
        u128::from_be_bytes(hash[..16].try_into().expect("a hash has 32 bytes"))
    }
}

/// What a file without patient data says of that, and in place of dates.
pub(super) fn elements() -> Vec<Element> {
    let [date, time] = NO_DATE;
    let method = format!("PS3.15 Basic Profile, Clean Descriptors; Gliolens {}", super::VERSION);
    vec![
        string(tags::CONTENT_DATE, VR::DA, date),
        string(tags::CONTENT_TIME, VR::TM, time),
        string(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES"),
        string(tags::DEIDENTIFICATION_METHOD, VR::LO, method),
        items(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE, METHODS.map(coded).into()),
        string(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, VR::CS, "REMOVED"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(patient: &str, study: &str) -> Reference {
        named(patient, "Doe^Jane", study)
    }

    fn named(patient: &str, name: &str, study: &str) -> Reference {
        Reference {
            study: study.into(),
            series: format!("{study}.1"),
            frame_of_reference: String::new(),
            study_attributes: vec![
                (tags::PATIENT_ID, patient.into()),
                (tags::PATIENT_NAME, name.into()),
                (tags::STUDY_DATE, "20240201".into()),
            ],
        }
    }

    #[test]
    fn strangers_with_one_identifier_have_numbers_of_their_own() {
        let secret = Secret([1; 32]);
        let number = |id: &str, name: &str, study: &str| secret.number(&named(id, name, study));
        assert_ne!(number("42", "Doe^Jane", "1.2.3"), number("42", "Roe^Richard", "1.2.4"));
        for (id, name) in [("0", ""), ("ANON", "ANON"), ("42", "")] {
            assert_ne!(number(id, name, "1.2.3"), number(id, name, "1.2.4"), "{id} {name} is nobody's");
            assert_eq!(number(id, name, "1.2.3"), number(id, name, "1.2.3"), "files of one examination stay together");
        }
    }

    #[test]
    fn identifiers_are_consistent_for_one_secret_and_say_nothing_without_it() {
        let (one, other) = (Secret([1; 32]), Secret([2; 32]));
        let first = one.reference(&reference("42", "1.2.3"));
        assert_eq!(first, one.reference(&reference("42", "1.2.3")));
        let second = one.reference(&reference("42", "1.2.4"));
        assert_ne!(first.study, second.study);
        assert_eq!(first.patient(), second.patient(), "one patient's examinations stay together");
        assert_ne!(first.patient(), one.reference(&reference("43", "1.2.3")).patient());
        let elsewhere = other.reference(&reference("42", "1.2.3"));
        assert!(elsewhere.study != first.study && elsewhere.patient() != first.patient());
        assert_eq!(first.study_attributes[2], (tags::STUDY_DATE, String::new()));
        assert_eq!(first.frame_of_reference, "", "none stays none");
        assert!(first.study.starts_with("2.25.") && first.study.len() <= 64);
    }
}

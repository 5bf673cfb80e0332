//! What a person knows of a study into the studies that the PACS has of it (QIDO-RS, PS3.18 10.6).

use js_sys::{Array, encode_uri_component};
use wasm_bindgen::{JsCast, JsValue};

use super::call::{Call, JSON};
use super::dicom_json::{count, name, text, values};
use crate::language::Text;
use crate::words::iso_date;

/// Studies that are asked for at a time.
pub const AT_A_TIME: usize = 20;

/// What a person knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Parts of the patient's name, in order.
    pub patient: String,
    /// The patient's ID.
    pub id: String,
    /// The day of the study, `2024-02-01`.
    pub date: String,
}

impl Query {
    /// As parameters of an address.
    fn written(&self, encode: impl Fn(&str) -> String) -> String {
        let words: Vec<&str> = self.patient.split([' ', ',', '^']).filter(|word| !word.is_empty()).collect();
        let patient = if words.is_empty() { String::new() } else { format!("*{}*", words.join("*")) };
        let given =
            [("PatientName", patient), ("PatientID", self.id.trim().into()), ("StudyDate", self.date.replace('-', ""))];
        let given = given.iter().filter(|(_, value)| !value.is_empty());
        given.map(|(key, value)| format!("&{key}={}", encode(value))).collect()
    }
}

/// A study that the PACS has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundStudy {
    /// Its Study Instance UID.
    pub uid: String,
    /// The patient's name.
    pub patient: String,
    /// The patient's ID.
    pub id: String,
    /// The day, from the year on.
    pub date: String,
    /// What it is called.
    pub description: String,
    /// Its modalities.
    pub modalities: String,
    /// How many images it has.
    pub images: usize,
}

/// Studies that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What was asked for.
    pub query: Query,
    /// How many were left out before them.
    pub from: usize,
    /// At most [`AT_A_TIME`], those with MR first.
    pub studies: Vec<FoundStudy>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// Asks the PACS.
///
/// # Errors
///
/// What to tell the person.
pub async fn search(call: &Call, query: Query, from: usize) -> Result<Listed, Text> {
    let encode = |value: &str| String::from(encode_uri_component(value));
    let path = format!(
        "studies?limit={}&offset={from}&includefield=StudyDescription&includefield=ModalitiesInStudy\
         &includefield=NumberOfStudyRelatedInstances{}",
        // One more tells whether there are more.
        AT_A_TIME + 1,
        query.written(encode),
    );
    let answer = call.ask(&path, JSON, None).await?;
    let all: Array = call.json(&answer).await?.dyn_into().unwrap_or_default();
    let found = |study: JsValue| FoundStudy {
        uid: text(&study, "0020000D"),
        patient: name(&study, "00100010"),
        id: text(&study, "00100020"),
        date: iso_date(&text(&study, "00080020")),
        description: text(&study, "00081030"),
        modalities: values(&study, "00080061").join(", ").into(),
        images: count(&study, "00201208"),
    };
    let mut others: Vec<FoundStudy> =
        all.iter().take(AT_A_TIME).map(found).filter(|study| !study.uid.is_empty()).collect();
    let mut studies: Vec<FoundStudy> = others.extract_if(.., |study| study.modalities.contains("MR")).collect();
    studies.append(&mut others);
    Ok(Listed { query, from, studies, more: all.length() as usize > AT_A_TIME })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_person_knows_is_asked_for() {
        let written = |patient: &str, id: &str, date: &str| {
            Query { patient: patient.into(), id: id.into(), date: date.into() }
                .written(|value| value.replace('*', "%2A"))
        };
        assert_eq!(written("", " ", ""), "");
        assert_eq!(written("doe, jane", "", ""), "&PatientName=%2Adoe%2Ajane%2A");
        assert_eq!(written("", " 42", "2024-02-01"), "&PatientID=42&StudyDate=20240201");
    }
}

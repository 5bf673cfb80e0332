//! A study of the PACS into its series (QIDO-RS, PS3.18 10.6), and which of them a person wants.

use js_sys::Array;
use wasm_bindgen::JsCast;

use super::call::{Call, JSON};
use super::dicom_json::{count, text};
use crate::language::Text;

/// A series that the PACS has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its Series Instance UID.
    pub uid: String,
    /// Its modality.
    pub modality: String,
    /// What it is called.
    pub description: String,
    /// How many images it has.
    pub images: usize,
}

impl Series {
    /// Whether it has images that the page reads.
    pub fn is_mr(&self) -> bool {
        self.modality == "MR"
    }

    /// Whether the page can use it: images, or what was marked on them.
    pub fn is_used(&self) -> bool {
        self.is_mr() || self.modality == "SEG"
    }
}

/// The series of a study, of which a person chooses some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfolded {
    /// The study's UID.
    pub study: String,
    /// Its series, those with images first.
    pub series: Vec<Series>,
}

impl Unfolded {
    /// The series that are chosen at first: all that the page can use.
    pub fn used(&self) -> Vec<String> {
        self.series.iter().filter(|series| series.is_used()).map(|series| series.uid.clone()).collect()
    }

    /// How many series and images are chosen; none where no images are among them.
    pub fn counted(&self, chosen: &[String]) -> Option<(usize, usize)> {
        let chosen: Vec<&Series> = self.series.iter().filter(|series| chosen.contains(&series.uid)).collect();
        let images = chosen.iter().map(|series| series.images).sum();
        chosen.iter().any(|series| series.is_mr()).then_some((chosen.len(), images))
    }
}

/// Asks for the series of a study, in the order of the PACS, those with images first.
///
/// # Errors
///
/// What to tell the person.
pub async fn series_of(call: &Call, study: &str) -> Result<Vec<Series>, Text> {
    let path =
        format!("studies/{study}/series?includefield=NumberOfSeriesRelatedInstances&includefield=SeriesDescription");
    let answer = call.ask(&path, JSON, None).await?;
    let all: Array = call.json(&answer).await?.dyn_into().unwrap_or_default();
    let found = all.iter().map(|series| Series {
        uid: text(&series, "0020000E"),
        modality: text(&series, "00080060"),
        description: text(&series, "0008103E"),
        images: count(&series, "00201209"),
    });
    let mut found: Vec<Series> = found.collect();
    found.sort_by_key(|series| !series.is_mr());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_can_use_is_chosen_at_first_and_images_are_needed() {
        let series = |uid: &str, modality: &str, images: usize| {
            let (uid, modality) = (uid.to_owned(), modality.to_owned());
            Series { uid, modality, description: String::new(), images }
        };
        let series = vec![series("1", "MR", 20), series("2", "MR", 30), series("3", "SEG", 1), series("4", "CT", 40)];
        let unfolded = Unfolded { study: "0".into(), series };
        assert_eq!(unfolded.used(), ["1", "2", "3"]);
        assert_eq!(unfolded.counted(&unfolded.used()), Some((3, 51)));
        assert_eq!(unfolded.counted(&["2".into()]), Some((1, 30)));
        assert_eq!(unfolded.counted(&["3".into()]), None, "marks without images");
        assert_eq!(unfolded.counted(&[]), None);
    }
}

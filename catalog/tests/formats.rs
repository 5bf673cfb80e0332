//! The one list of formats against the page's words and the fuzz targets.

use catalog::formats::{FORMATS, Holds};

const HELP: &str = include_str!("../../app/src/screen/help.rs");
const INVITATION: &str = include_str!("../../app/src/screen/viewer.rs");
const LABELS: &str = include_str!("../../app/src/documents/pairing.rs");
const OWN_LABELS: &str = include_str!("../src/formats/picture.rs");
const FUZZ: &str = include_str!("../../fuzz/Cargo.toml");
const REFUSAL: &str = include_str!("../../app/src/notices/told.rs");

#[test]
fn the_page_names_every_format() {
    for format in FORMATS.iter().filter(|format| !["tar", "NIfTI or Analyze pair"].contains(&format.name)) {
        for (place, text) in [("help", HELP), ("invitation", INVITATION), ("refusal", REFUSAL)] {
            assert!(text.contains(format.name), "{} is missing in {place}", format.name);
        }
    }
}

#[test]
fn the_help_names_formats_that_come_in_two_files_and_archives() {
    for format in FORMATS.iter().filter(|format| ["tar", "NIfTI or Analyze pair"].contains(&format.name)) {
        assert!(format.extensions.iter().all(|ending| HELP.contains(ending)), "{}", format.name);
    }
}

#[test]
fn every_format_has_a_fuzz_target() {
    for format in &FORMATS {
        let target = format!("name = \"{}\"", format.fuzz_target);
        assert!(FUZZ.contains(&target), "{} has none", format.name);
    }
}

#[test]
fn endings_are_lower_case_and_told_once() {
    let all: Vec<&str> = FORMATS.iter().flat_map(|format| format.extensions).copied().collect();
    let plain = |ending: &&str| ending.chars().all(|c| c.is_ascii_lowercase() || c == '.') && !ending.starts_with('.');
    assert!(all.iter().all(plain));
    all.iter().enumerate().for_each(|(at, ending)| assert!(!all[..at].contains(ending), "{ending}"));
}

#[test]
fn archives_are_no_labels_and_all_else_can_be() {
    FORMATS.iter().for_each(|format| assert_eq!(format.labels, format.holds != Holds::Files, "{}", format.name));
}

#[test]
fn names_of_labels_are_the_same_on_both_sides() {
    let list =
        |text: &str| text.split("LABEL_ENDINGS: [&str; 5] = ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(list(LABELS), list(OWN_LABELS));
}

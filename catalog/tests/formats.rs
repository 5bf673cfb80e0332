//! The one list of formats against the page's words and the fuzz targets.

use catalog::formats::{FORMATS, Holds};

/// The page's texts, a language each.
const TEXTS: [&str; 3] = [
    include_str!("../../app/locales/en.ftl"),
    include_str!("../../app/locales/de.ftl"),
    include_str!("../../app/locales/zh.ftl"),
];
const FUZZ: &str = include_str!("../../fuzz/Cargo.toml");

/// Keys of the messages that name what can be opened: in the help, on the first screen, and where nothing could be.
const NAMING: [&str; 3] = ["help-files", "first-drop", "nothing-to-open"];

/// Formats of which the help alone says that they are read, with every ending: elsewhere is no room.
const HELP_ALONE: [&str; 5] = ["tar", "NIfTI or Analyze pair", "NRRD", "MetaImage", "MGH"];

/// Messages of a language whose keys begin so, with the lines that belong to them.
fn messages(texts: &str, key: &str) -> String {
    let mut within = false;
    let found = texts.lines().filter(|line| {
        within = line.starts_with(key) || within && line.starts_with(' ');
        within
    });
    let found = found.collect::<Vec<_>>().join(" ");
    assert!(!found.is_empty(), "no message {key}");
    found
}

#[test]
fn the_page_names_every_format() {
    for format in FORMATS.iter().filter(|format| !HELP_ALONE.contains(&format.name)) {
        for (texts, key) in TEXTS.iter().flat_map(|texts| NAMING.map(|key| (texts, key))) {
            assert!(messages(texts, key).contains(format.name), "{} is missing in {key}", format.name);
        }
    }
}

#[test]
fn the_help_names_formats_that_come_in_two_files_and_archives() {
    for format in FORMATS.iter().filter(|format| HELP_ALONE.contains(&format.name)) {
        for texts in TEXTS {
            let help = messages(texts, "help-files");
            assert!(format.extensions.iter().all(|ending| help.contains(ending)), "{}", format.name);
        }
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

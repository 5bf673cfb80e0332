//! Files that people reported, dropped as they come: they open to the values that independent readers find, and whatever
//! they are, the drop is answered in words with names.
//!
//! The files are not part of the repository: without them the test says so and passes.

mod made;

use std::fs;
use std::path::{Path, PathBuf};

use made::Desk;
use protocol::{FromWorker, Pieces, StudyInfo};
use serde_json::Value;

/// Bytes of a drop that a debug build reads at once.
const SMALL_BYTES: u64 = 4 << 20;

#[test]
fn every_small_reported_drop_is_answered() {
    every_drop_is_answered(|bytes| bytes <= SMALL_BYTES);
}

#[test]
#[ignore = "a minute in a debug build: --ignored"]
fn every_large_reported_drop_is_answered() {
    every_drop_is_answered(|bytes| bytes > SMALL_BYTES);
}

/// Case, folder of its drop, and for each study that comes of it which of the expected volumes it is.
const VOLUMES: [(&str, &str, &[usize]); 14] = [
    ("003", "", &[0, 2]),
    ("004", "", &[0, 2]),
    ("020", "", &[0]),
    ("038", "", &[0]),
    ("039", "", &[0]),
    ("042", "", &[0]),
    ("044", "", &[0]),
    ("060", "", &[0]),
    ("066", "", &[0]),
    ("083", "images", &[0]),
    ("093", "", &[1]),
    ("098", "", &[0]),
    ("100", "", &[1]),
    ("101", "", &[0]),
];
/// Numbers in which the expected values are written, as a share of the largest.
const ROUNDED: f64 = 1e-6;
/// What other decoders of a lossy codec may differ by, in intensities.
const LOSSY: f64 = 1.0;

#[test]
fn reported_volumes_are_what_independent_readers_find() {
    for (case, drop, expected) in VOLUMES {
        let Some(folder) = case_folder(case) else { continue };
        let heard = Desk::default().drop(dropped(&folder.join("drop").join(drop)));
        let shown: Vec<(&StudyInfo, Vec<f64>)> = heard.0.iter().filter_map(intensities).collect();
        assert_eq!(shown.len(), expected.len(), "{case}");
        let tolerance = if case == "003" { LOSSY } else { 0.0 };
        for ((study, values), &at) in shown.iter().zip(expected) {
            compare(case, study, values, &expectation(&folder)["expected"][at], tolerance);
        }
    }
}

#[test]
fn reported_stacks_of_pictures_are_what_independent_readers_find() {
    for (case, slices) in [("111", &[1usize, 13, 24][..]), ("112", &[1])] {
        let Some(folder) = case_folder(case) else { continue };
        let heard = Desk::default().drop(dropped(&folder.join("drop")));
        let (study, values) = heard.0.iter().find_map(intensities).unwrap();
        assert_eq!(study.size, [256, 256, 24], "{case}");
        let all = expectation(&folder)["expected"].as_array().unwrap().clone();
        let own = all.iter().filter(|one| one["label"].as_str().unwrap().starts_with(['s', 'a']));
        for (slice, expected) in slices.iter().zip(own) {
            let values = &values[(slice - 1) * 65_536..slice * 65_536];
            let mean = values.iter().sum::<f64>() / 65_536.0;
            assert!((mean - expected["mean"].as_f64().unwrap()).abs() < 1e-5, "{case}, slice {slice}");
            for pixel in expected["pixels"].as_array().unwrap() {
                let [row, column] = ["row", "column"].map(|key| pixel[key].as_u64().unwrap() as usize);
                assert_eq!(values[256 * row + column], pixel["value"].as_f64().unwrap(), "{case}, slice {slice}");
            }
        }
    }
}

#[test]
fn reported_pictures_are_what_independent_readers_find() {
    for case in ["113", "114", "115"] {
        let Some(folder) = case_folder(case) else { continue };
        let all = expectation(&folder)["expected"].as_array().unwrap().clone();
        for (name, bytes) in dropped(&folder.join("drop")) {
            // "mr16_* (read by …)" is that of all files that begin so.
            let label = |one: &Value| one["label"].as_str().unwrap().split('*').next().unwrap().to_owned();
            let Some(expected) = all.iter().find(|one| name.starts_with(&label(one))) else { continue };
            let mut desk = Desk::default();
            let (file, heard) = desk.open((name.clone(), bytes));
            let slice = desk.catalog.slice(file).unwrap_or_else(|| panic!("{name}: {heard:?}")).slice.into_owned();
            let [low, high] = ["min", "max"].map(|end| expected[end].as_f64().unwrap());
            // Numbers of other types are shown by the range that is there.
            let full = match (
                expected["dtype"].as_str().unwrap(),
                name.contains("u32") || name.contains("i16") || name.contains("f32"),
            ) {
                ("uint8", _) => [0.0, 255.0],
                ("uint16", false) => [0.0, 65_535.0],
                _ => [low.min(0.0), high],
            };
            let tolerance = if name.contains("jpeg") { 3.0 / 255.0 } else { 1e-6 };
            for pixel in expected["pixels"].as_array().unwrap() {
                let [row, column] = ["row", "column"].map(|key| pixel[key].as_u64().unwrap() as usize);
                let values = pixel["value"].as_array().cloned().unwrap_or_else(|| vec![pixel["value"].clone()]);
                for (sequence, value) in values.iter().enumerate() {
                    let found = f64::from(slice.sequence(sequence)[slice.width() * row + column]);
                    let wanted = (value.as_f64().unwrap() - full[0]) / (full[1] - full[0]);
                    assert!((found - wanted).abs() < tolerance, "{name}: {found} where {wanted} is right");
                }
            }
        }
    }
}

/// A study that opened and the intensities of its FLAIR, slice by slice.
fn intensities(message: &FromWorker<Pieces>) -> Option<(&StudyInfo, Vec<f64>)> {
    let FromWorker::StudyOpened { info, stored } = message else { return None };
    Some((info, made::intensities(info, stored, 1)?))
}

/// Size, distances and intensities; of a series that is not all there, those of its slices.
fn compare(case: &str, study: &StudyInfo, values: &[f64], expected: &Value, tolerance: f64) {
    let shown = &expected["shown_as_lps"];
    let [columns, rows, slices] = ["columns", "rows", "slices"].map(|side| shown[side].as_u64().unwrap() as usize);
    assert_eq!((study.size[0], study.size[1]), (columns, rows), "{case}");
    let spacing = study.spacing_mm.unwrap_or_default();
    for (axis, found) in spacing.into_iter().enumerate().filter(|(axis, _)| study.size[*axis] > 1) {
        let wanted = expected["shown_as_lps"]["spacing_mm"][axis].as_f64().unwrap_or_default();
        assert!((found - wanted).abs() < 1e-4, "{case}: {found} mm where {wanted} are right");
    }
    let near = |found: f64, wanted: &Value| {
        let wanted = wanted.as_f64().unwrap();
        (found - wanted).abs() <= tolerance + ROUNDED * wanted.abs().max(1.0)
    };
    if study.size[2] == slices {
        let [low, high] = [f64::min, f64::max].map(|of| values.iter().copied().reduce(of).unwrap());
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        for (found, what) in [(low, "min"), (high, "max"), (mean, "mean")] {
            assert!(near(found, &expected[what]), "{case}: {what} {found}, not {}", expected[what]);
        }
    }
    let mut compared = 0;
    for (number, wanted) in expected["slice_means"].as_object().unwrap() {
        let Some(slice) = values.chunks_exact(columns * rows).nth(number.parse::<usize>().unwrap() - 1) else {
            continue;
        };
        let mean = slice.iter().sum::<f64>() / slice.len() as f64;
        assert!(near(mean, wanted), "{case}: slice {number} has {mean}, not {wanted}");
        compared += 1;
    }
    assert!(compared > 0, "{case}: no slice was compared");
}

/// The folder of a case, if it is there; else the test says so.
fn case_folder(case: &str) -> Option<PathBuf> {
    let found = folders().into_iter().find(|folder| name(folder).starts_with(case));
    if found.is_none() {
        eprintln!("skipped: case {case} is absent");
    }
    found
}

fn expectation(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap()
}

/// Drops every case of a total of bytes that is wanted.
fn every_drop_is_answered(is_wanted: impl Fn(u64) -> bool) {
    let drops = folders().into_iter().map(|folder| folder.join("drop")).filter(|folder| folder.is_dir());
    for folder in drops {
        let bytes = within(&folder).iter().filter_map(|path| Some(fs::metadata(path).ok()?.len())).sum();
        if !is_wanted(bytes) {
            continue;
        }
        let heard = Desk::default().drop(dropped(&folder));
        let told = |message: &&FromWorker<_>| !matches!(message, FromWorker::Kept { .. });
        assert!(heard.0.iter().any(|message| told(&message)), "{}: nothing was said", folder.display());
        let said = heard.text().replace("key: \"\"", ""); // Words of other libraries are in English alone.
        assert!(!said.contains("\"\""), "{}: {said}", folder.display());
        for study in heard.studies() {
            assert!(study.choices.len() <= catalog::MENU && !study.name.is_empty(), "{study:?}");
        }
        let studies: Vec<_> = heard.studies().iter().map(|study| (study.name.clone(), study.size)).collect();
        println!("{}: {studies:?}, {} pictures; {}", folder.display(), heard.pictures().len(), heard.text());
    }
}

/// The folders of all cases.
fn folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/cases");
    let Ok(folders) = fs::read_dir(&cases) else {
        eprintln!("skipped: {} is absent", cases.display());
        return Vec::new();
    };
    folders.flatten().map(|folder| folder.path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// What is in a folder, as it is dropped.
fn dropped(folder: &Path) -> Vec<made::File> {
    within(folder).iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// All files below a folder, in order.
fn within(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { within(&path) } else { vec![path] }).collect()
}

//! Files that people reported, dropped as they come: whatever they are, the drop is answered in words with names.
//!
//! The files are not part of the repository: without them the test says so and passes.

mod made;

use std::fs;
use std::path::{Path, PathBuf};

use made::Desk;
use protocol::FromWorker;
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

#[test]
fn reported_volumes_have_the_size_that_is_shown() {
    for (case, drop) in [("060", ""), ("066", ""), ("083", "images")] {
        let Some(folder) = folders().into_iter().find(|folder| name(folder).starts_with(case)) else {
            eprintln!("skipped: case {case} is absent");
            continue;
        };
        let text = fs::read_to_string(folder.join("expected.json")).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        let shown = &expected["expected"][0]["shown_as_lps"];
        let size = ["columns", "rows", "slices"].map(|side| shown[side].as_u64().unwrap() as usize);
        let study = Desk::default().study(dropped(&folder.join("drop").join(drop)));
        assert_eq!(study.size, size, "{case}");
    }
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
        assert!(!heard.text().contains("\"\""), "{}: {}", folder.display(), heard.text());
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

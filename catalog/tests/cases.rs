//! Files that people reported, dropped as they come: whatever they are, the drop is answered in words with names.
//!
//! The files are not part of the repository: without them the test says so and passes.

mod made;

use std::fs;
use std::path::{Path, PathBuf};

use made::Desk;
use protocol::FromWorker;

#[test]
#[ignore = "a minute in a debug build: --ignored"]
fn every_reported_drop_is_answered() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/cases");
    let Ok(folders) = fs::read_dir(&cases) else { return eprintln!("skipped: {} is absent", cases.display()) };
    for folder in folders.flatten().map(|folder| folder.path().join("drop")).filter(|folder| folder.is_dir()) {
        let paths = within(&folder);
        let file = |path: &PathBuf| Some((path.file_name()?.to_string_lossy().into_owned(), fs::read(path).ok()?));
        let heard = Desk::default().drop(paths.iter().filter_map(file));
        let told = |message: &&FromWorker<_>| !matches!(message, FromWorker::Kept { .. });
        assert!(heard.0.iter().any(|message| told(&message)), "{}: nothing was said", folder.display());
        assert!(!heard.text().contains("\"\""), "{}: {}", folder.display(), heard.text());
        for study in heard.studies() {
            assert!(study.choices.len() <= catalog::MENU && !study.name.is_empty(), "{study:?}");
        }
        let case = folder.parent().and_then(Path::file_name).unwrap_or_default().display().to_string();
        let studies: Vec<_> = heard.studies().iter().map(|study| (study.name.clone(), study.size)).collect();
        println!("{case}: {studies:?}, {} pictures; {}", heard.pictures().len(), heard.text());
    }
}

/// All files below a folder, in order.
fn within(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { within(&path) } else { vec![path] }).collect()
}

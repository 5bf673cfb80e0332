//! The folders of reported files, which are not part of the repository: what was dropped, and what independent readers find.
#![allow(dead_code, reason = "each test program uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of a case by the beginning of its name, if it is there; else the test says so.
pub fn folder(case: &str) -> Option<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/cases");
    let mut folders = fs::read_dir(&all).into_iter().flatten().flatten().map(|entry| entry.path());
    let found = folders.find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(case)));
    if found.is_none() {
        eprintln!("skipped: case {case} is absent in {}", all.display());
    }
    found
}

/// What is in a folder, in the order of the names.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The name of a file without its folders.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Everything that is expected of a case: `expected` lists its volumes.
pub fn expected(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap()
}

//! What is read together, and what it is called.

use std::path::{Path, PathBuf};

use crate::files::Found;

/// Files that are read together.
#[derive(Clone, Debug)]
pub struct Source {
    /// Tells it from others, in every run.
    pub key: String,
    /// Where it lies, for people.
    pub shown: String,
    /// What its studies are called.
    pub naming: Naming,
    /// Its files, sorted by path.
    pub files: Vec<Found>,
    /// Why it is not read, where that is known before.
    pub problem: Option<String>,
    /// What it is in a BIDS data set.
    pub session: Option<Session>,
}

/// What the studies of a source are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// So.
    Fixed(String),
    /// After FLAIR's file, behind the folders that it lies in.
    ByFile(String),
}

/// Everything that is to be read.
#[derive(Debug, Default)]
pub struct Plan {
    /// What is read together, in order.
    pub sources: Vec<Source>,
    /// What is left aside, a sentence each.
    pub notes: Vec<String>,
    /// The BIDS data sets among the arguments.
    pub data_sets: Vec<PathBuf>,
}

/// What one session of a subject has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names of the files that are pre-contrast, FLAIR and post-contrast.
    pub sequences: [Option<String>; 3],
    /// Path of the mask in the derived data set, without its ending.
    pub mask: String,
    /// Paths of the files within the data set.
    pub sources: Vec<String>,
    /// What was chosen among several.
    pub notes: Vec<String>,
}

impl Source {
    /// One of these files, with nothing else known.
    pub fn of(key: String, files: Vec<Found>) -> Self {
        let shown = match &files[..] {
            [one] => one.path.display().to_string(),
            _ => shared_folder(&files).display().to_string(),
        };
        Self { key, shown, naming: Naming::ByFile(String::new()), files, problem: None, session: None }
    }
}

/// The folder that all files lie in, however deep.
fn shared_folder(files: &[Found]) -> PathBuf {
    let folders = files.iter().filter_map(|found| found.path.parent());
    let shared = folders
        .map(Path::to_owned)
        .reduce(|a, b| a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(part, _)| part).collect());
    shared.unwrap_or_default()
}

//! Masks and rows into the output folder: each file whole or not at all, and none that this program did not write replaced.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::files::sha256;
use crate::record::{Kept, Record, Row};
use crate::table::table;

/// The table.
pub const TABLE: &str = "studies.csv";
/// Where records lie, and files that are being written.
const NOTES: &str = ".gliolens";
/// The sums of the tables that were written last.
const SUMS: &str = "table";
/// The table is written anew no more often than this, since all of it is.
const REST: Duration = Duration::from_secs(2);

/// Files with their paths below the output folder.
pub type Files = Vec<(String, Vec<u8>)>;

/// Why something was not written.
#[derive(Debug, Error)]
pub enum OutputError {
    /// A file is in the way.
    #[error(
        "{} is there and was not written by this program, or was changed since; move it away or choose another folder", .0.display()
    )]
    Foreign(PathBuf),
    /// There is no room left.
    #[error("the disk is full: {} could not be written; make room and run the same command again", .0.display())]
    Full(PathBuf),
    /// Another run is at it.
    #[error("another run is writing into {}; wait for it or choose another folder", .0.display())]
    Busy(PathBuf),
    /// An earlier run wrote patient data, and this one must not.
    #[error("{} has files of an earlier run that name patients; choose another folder for those without patient data", .0.display())]
    Named(PathBuf),
    /// An earlier run wrote none, and this one would.
    #[error(
        "{} has files of an earlier run without patient data; give --without-patient-data again or choose another folder", .0.display()
    )]
    Nameless(PathBuf),
    /// The system said so.
    #[error("{} could not be written: {}", .0.display(), .1)]
    System(PathBuf, io::Error),
}

impl OutputError {
    fn of(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full(path.to_owned()),
            _ => Self::System(path.to_owned(), error),
        }
    }
}

/// The output folder. While it is open no other run has it.
pub struct Output {
    root: PathBuf,
    /// Whether patient data is left out of everything here.
    without_patient: bool,
    state: Mutex<State>,
    _lock: File,
}

#[derive(Default)]
struct State {
    /// By the name of their file.
    records: BTreeMap<String, Record>,
    /// When the table was last written.
    table: Option<Instant>,
}

impl Output {
    /// Opens a folder, which need not be there yet.
    ///
    /// # Errors
    ///
    /// [`OutputError`] if it cannot be written to, holds a table of somebody else's, or what an earlier run wrote with patient data
    /// while this one leaves it out, or the other way round.
    pub fn open(root: &Path, without_patient: bool) -> Result<Self, OutputError> {
        let notes = root.join(NOTES);
        let problem = |error| OutputError::of(&notes, error);
        fs::create_dir_all(&notes).map_err(problem)?;
        let lock = File::create(notes.join("lock")).map_err(problem)?;
        lock.try_lock().map_err(|_| OutputError::Busy(root.to_owned()))?;
        let table = root.join(TABLE);
        if table.exists() && !sums(&notes).contains(&sum_of(&table)?) {
            return Err(OutputError::Foreign(table));
        }
        let mut records: BTreeMap<String, Record> = BTreeMap::new();
        for entry in fs::read_dir(&notes).map_err(problem)?.flatten() {
            let path = entry.path();
            match path.extension().and_then(|ending| ending.to_str()) {
                // An interrupted run left it.
                Some("part") => drop(fs::remove_file(&path)),
                Some("json") => {
                    let record = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
                    records.extend(record.map(|record| (file_name(&path), record)));
                }
                _ => {}
            }
        }
        if records.values().any(|record| record.without_patient != without_patient) {
            let refused = if without_patient { OutputError::Named } else { OutputError::Nameless };
            return Err(refused(root.to_owned()));
        }
        let state = Mutex::new(State { records, table: None });
        Ok(Self { root: root.to_owned(), without_patient, state, _lock: lock })
    }

    /// Whether all studies of a source are done, with files that are still there.
    pub fn is_done(&self, key: &str, inputs: &str, settings: &str) -> bool {
        let state = self.state();
        let Some(record) = state.records.get(&note(key)).filter(|record| record.is_whole(inputs, settings)) else {
            return false;
        };
        record.files.iter().all(|file| self.root.join(&file.path).is_file())
    }

    /// What the studies of a source are called.
    pub fn names(&self, key: &str) -> Vec<String> {
        let state = self.state();
        let rows = state.records.get(&note(key)).map(|record| &record.rows);
        rows.into_iter().flatten().map(|row| row.study.clone()).collect()
    }

    /// Begins a source anew. What an earlier run wrote for it may be replaced.
    pub fn begin(&self, key: &str, inputs: &str, settings: &str, studies: usize) {
        let mut state = self.state();
        let record = state.records.entry(note(key)).or_default();
        let earlier = record.own().cloned().collect();
        let (inputs, settings) = (inputs.to_owned(), settings.to_owned());
        *record = Record { inputs, settings, studies, earlier, ..Record::default() };
    }

    /// The first of some names for a study of a source that neither a study of another one nor one of `given` has.
    pub fn name(&self, key: &str, mut names: impl Iterator<Item = String>, given: &[String]) -> String {
        let state = self.state();
        let own = note(key);
        let elsewhere = state.records.iter().filter(|(other, _)| **other != own).flat_map(|(_, record)| &record.rows);
        let taken: HashSet<&str> = elsewhere.map(|row| &row.study).chain(given).map(String::as_str).collect();
        names.find(|name| !taken.contains(name.as_str())).unwrap_or_default()
    }

    /// Writes the files of a study and then its row.
    ///
    /// # Errors
    ///
    /// [`OutputError`] says what is in the way.
    pub fn put(&self, key: &str, row: Option<Row>, files: &[(String, Vec<u8>)]) -> Result<(), OutputError> {
        let mut state = self.state();
        let name = note(key);
        let mut record = state.records.get(&name).cloned().unwrap_or_default();
        record.without_patient = self.without_patient;
        let kept: Vec<Kept> =
            files.iter().map(|(path, bytes)| Kept { path: path.clone(), sha256: sha256(bytes) }).collect();
        for file in &kept {
            let path = self.root.join(&file.path);
            if path.exists() {
                let found = Kept { path: file.path.clone(), sha256: sum_of(&path)? };
                if found != *file
                    && !state.records.values().chain([&record]).any(|record| record.own().any(|own| *own == found))
                {
                    return Err(OutputError::Foreign(path));
                }
            }
        }
        if !files.is_empty() {
            // Before the files, so that a run that goes on after an interruption knows them for its own.
            record.files.retain(|known| !kept.contains(known));
            record.files.extend(kept.iter().cloned());
            self.write_record(&name, &record)?;
            state.records.insert(name.clone(), record.clone());
        }
        for (path, bytes) in files {
            self.write(&self.root.join(path), bytes)?;
        }
        record.earlier.retain(|old| kept.iter().all(|new| new.path != old.path));
        record.rows.extend(row);
        self.write_record(&name, &record)?;
        state.records.insert(name, record);
        if state.table.is_none_or(|written| written.elapsed() >= REST) {
            self.write_table(&mut state)?;
        }
        Ok(())
    }

    /// Writes the table with all rows.
    ///
    /// # Errors
    ///
    /// [`OutputError`] if it cannot be written.
    pub fn finish(&self) -> Result<(), OutputError> {
        self.write_table(&mut self.state())
    }

    fn write_table(&self, state: &mut State) -> Result<(), OutputError> {
        let mut rows: Vec<&Row> = state.records.values().flat_map(|record| &record.rows).collect();
        rows.sort_by(|a, b| (&a.study, &a.source, a.part).cmp(&(&b.study, &b.source, b.part)));
        let text = table(rows);
        let path = self.root.join(TABLE);
        let mut sums = vec![sha256(text.as_bytes())];
        if path.exists() {
            let found = sum_of(&path)?;
            if !self::sums(&self.root.join(NOTES)).contains(&found) {
                return Err(OutputError::Foreign(path));
            }
            sums.push(found);
        }
        // Before the table, as with files.
        self.write(&self.root.join(NOTES).join(SUMS), sums.join("\n").as_bytes())?;
        self.write(&path, text.as_bytes())?;
        state.table = Some(Instant::now());
        Ok(())
    }

    fn write_record(&self, name: &str, record: &Record) -> Result<(), OutputError> {
        let json = serde_json::to_vec_pretty(record).expect("a record is plain numbers and strings");
        self.write(&self.root.join(NOTES).join(name), &json)
    }

    /// Writes a file under another name first: whoever looks sees all of it or nothing.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
        let part = self.root.join(NOTES).join(format!("{}.part", file_name(path)));
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, path)
        };
        write().map_err(|error| {
            drop(fs::remove_file(&part));
            OutputError::of(path, error)
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Name of a source's record.
fn note(key: &str) -> String {
    format!("{}.json", &sha256(key.as_bytes())[..24])
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn sum_of(path: &Path) -> Result<String, OutputError> {
    fs::read(path).map(|bytes| sha256(&bytes)).map_err(|error| OutputError::of(path, error))
}

fn sums(notes: &Path) -> Vec<String> {
    let text = fs::read_to_string(notes.join(SUMS)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Status;

    fn row(study: &str) -> Option<Row> {
        Some(Row { study: study.into(), status: Status::Done, ..Row::default() })
    }

    fn files(content: &str) -> Vec<(String, Vec<u8>)> {
        vec![("sub/a.nii.gz".into(), content.as_bytes().to_vec())]
    }

    #[test]
    fn what_is_done_is_known_in_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path(), false).unwrap();
        output.begin("k", "in", "set", 1);
        assert!(!output.is_done("k", "in", "set"));
        output.put("k", row("a"), &files("mask")).unwrap();
        output.finish().unwrap();
        drop(output);
        let output = Output::open(folder.path(), false).unwrap();
        assert!(output.is_done("k", "in", "set"));
        assert!(!output.is_done("k", "other files", "set") && !output.is_done("k", "in", "other settings"));
        fs::remove_file(folder.path().join("sub/a.nii.gz")).unwrap();
        assert!(!output.is_done("k", "in", "set"), "its mask is gone");
        // Again, with another mask.
        output.begin("k", "in", "set", 1);
        output.put("k", row("a"), &files("mask 2")).unwrap();
        output.begin("k", "in 2", "set", 1);
        output.put("k", row("a"), &files("mask 3")).unwrap();
        assert_eq!(fs::read(folder.path().join("sub/a.nii.gz")).unwrap(), b"mask 3");
    }

    #[test]
    fn an_interruption_between_files_and_row_is_no_stranger() {
        let folder = tempfile::tempdir().unwrap();
        for interrupted in ["mask", "mask 2", "mask 3"] {
            let output = Output::open(folder.path(), false).unwrap();
            output.begin("k", interrupted, "set", 1);
            output.put("k", row("a"), &files(interrupted)).unwrap();
            // As if the row had not been written.
            let name = note("k");
            let mut record = output.state().records[&name].clone();
            record.rows.clear();
            output.write_record(&name, &record).unwrap();
            fs::write(folder.path().join(NOTES).join("x.part"), b"half").unwrap();
        }
        let output = Output::open(folder.path(), false).unwrap();
        assert!(!folder.path().join(NOTES).join("x.part").exists());
        output.begin("k", "in", "set", 1);
        output.put("k", row("a"), &files("at last")).unwrap();
        assert_eq!(fs::read(folder.path().join("sub/a.nii.gz")).unwrap(), b"at last");
    }

    #[test]
    fn nothing_of_others_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path(), false).unwrap();
        output.begin("k", "in", "set", 1);
        output.put("k", row("a"), &files("mask")).unwrap();
        fs::write(folder.path().join("sub/a.nii.gz"), b"corrected by hand").unwrap();
        let error = output.put("k", row("a"), &files("mask 2")).unwrap_err();
        assert!(matches!(&error, OutputError::Foreign(_)), "{error}");
        assert!(error.to_string().contains("changed since"), "{error}");
        assert_eq!(fs::read(folder.path().join("sub/a.nii.gz")).unwrap(), b"corrected by hand");
        output.finish().unwrap();
        drop(output);
        fs::write(folder.path().join(TABLE), b"mine").unwrap();
        assert!(matches!(Output::open(folder.path(), false), Err(OutputError::Foreign(_))));
    }

    #[test]
    fn one_run_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let _output = Output::open(folder.path(), false).unwrap();
        assert!(matches!(Output::open(folder.path(), false), Err(OutputError::Busy(_))));
    }

    #[test]
    fn names_are_no_other_study_s() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path(), false).unwrap();
        output.put("k", row("a"), &[]).unwrap();
        let name =
            |key: &str, given: &[String]| output.name(key, ["a", "b", "c"].map(str::to_owned).into_iter(), given);
        assert_eq!(name("k", &[]), "a");
        assert_eq!(name("other", &[]), "b");
        assert_eq!(name("other", &["b".into()]), "c");
    }

    #[test]
    fn no_folder_has_files_with_patient_data_and_without() {
        for first in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let output = Output::open(folder.path(), first).unwrap();
            output.begin("k", "in", "set", 1);
            output.put("k", row("a"), &files("mask")).unwrap();
            output.finish().unwrap();
            drop(output);
            let said = Output::open(folder.path(), !first).map(drop).unwrap_err().to_string();
            assert!(said.contains(if first { "--without-patient-data again" } else { "name patients" }), "{said}");
            assert!(Output::open(folder.path(), first).is_ok());
        }
    }

    #[test]
    fn a_full_disk_is_a_sentence() {
        let error = OutputError::of(Path::new("out/a.nii.gz"), ErrorKind::StorageFull.into());
        let said = error.to_string();
        assert!(said.starts_with("the disk is full: out/a.nii.gz") && said.contains("make room"), "{said}");
    }
}

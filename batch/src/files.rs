//! Paths into the files below them, each with the kind that its first bytes say.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use catalog::accompanies;
use imaging::Patient;
use sha2::{Digest, Sha256};
use study::{FileKind, Foreign, examination, sniff};

/// Bytes that say what a file is, and of which examination.
const START: u64 = 1 << 18;

/// A file that may be part of a study.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it lies.
    pub path: PathBuf,
    /// The same, from the argument on that it was found by, with `/` between folders.
    pub below: String,
    /// What it is.
    pub kind: Kind,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Images of an examination, by its UID and patient, where its first bytes say so.
    Dicom(Option<(String, Patient)>),
    /// A volume, or half of one.
    Volume,
    /// An archive.
    Archive,
    /// A picture.
    Picture,
    /// Another file that accompanies scans.
    Bystander,
    /// A file that is not read, and why not.
    Unread(String),
}

/// Everything below a folder, sorted by path, without hidden files and what is at `out`.
///
/// # Errors
///
/// Names the folder that cannot be listed.
pub fn below(folder: &Path, out: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let out = out.canonicalize().ok();
    while let Some(folder) = folders.pop() {
        let problem = |error: io::Error| format!("{} cannot be listed: {error}", folder.display());
        for entry in fs::read_dir(&folder).map_err(problem)? {
            let entry = entry.map_err(problem)?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            // A link to a folder is not followed, since it may lead back.
            match entry.file_type().map_err(problem)? {
                kind if kind.is_dir() && (out.is_none() || path.canonicalize().ok() != out) => folders.push(path),
                _ if path.is_file() => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A file as it is found from an argument on.
pub fn found(path: PathBuf, below: String) -> Found {
    let kind = match start(&path) {
        Ok(start) => kind(&below, &start),
        Err(error) => Kind::Unread(format!("it cannot be read: {error}")),
    };
    Found { path, below, kind }
}

fn start(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)?.take(START).read_to_end(&mut start)?;
    Ok(start)
}

fn kind(name: &str, start: &[u8]) -> Kind {
    match sniff(name, start) {
        Ok(FileKind::Dicom) => {
            Kind::Dicom(examination(start).map(|reference| (reference.study.clone(), reference.patient())))
        }
        Ok(FileKind::Zip | FileKind::Tar) => Kind::Archive,
        Ok(FileKind::Image) => Kind::Picture,
        Ok(_) => Kind::Volume,
        Err(foreign) if accompanies(name, foreign) || foreign == Foreign::DicomDir => Kind::Bystander,
        Err(foreign) => Kind::Unread(foreign.to_string()),
    }
}

/// Distinguishes files from others by where they lie, how long they are and when they were written: the same as long as
/// nobody changed them.
pub fn fingerprint<'a>(files: impl IntoIterator<Item = &'a Path>) -> String {
    let mut sum = Sha256::new();
    for path in files {
        sum.update(path.to_string_lossy().as_bytes());
        let known = fs::metadata(path).ok();
        let written = known.as_ref().and_then(|known| known.modified().ok()?.duration_since(UNIX_EPOCH).ok());
        sum.update(known.map_or(0, |known| known.len()).to_le_bytes());
        sum.update(written.map_or(0, |time| time.as_nanos()).to_le_bytes());
    }
    digits(&sum.finalize())
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

fn digits(sum: &[u8]) -> String {
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name that every file system takes, with nothing but letters, digits, `-`, `_` and `.`.
pub fn plain(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let plain = plain.trim_matches(['.', '_']);
    if plain.is_empty() { "study".into() } else { plain.into() }
}

/// A name without the endings of volumes and archives.
pub fn stem(name: &str) -> &str {
    const LAYERS: [&str; 5] = [".gz", ".bz2", ".xz", ".zst", ".z"];
    const ENDINGS: [&str; 14] = [
        ".nii", ".hdr", ".img", ".nrrd", ".nhdr", ".mha", ".mhd", ".mgh", ".mgz", ".zip", ".tar", ".tgz", ".dcm",
        ".ima",
    ];
    without(without(name, &LAYERS), &ENDINGS)
}

fn without<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    let lower = name.to_lowercase();
    let found = endings.iter().find(|ending| lower.ends_with(**ending));
    // What would leave nothing is no ending.
    found
        .and_then(|ending| name.get(..name.len().checked_sub(ending.len())?))
        .filter(|name| !name.is_empty())
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_without_endings() {
        for (name, expected) in [
            ("a_flair.nii.gz", "a_flair"),
            ("A.NII", "A"),
            ("study 1.zip", "study 1"),
            (".nii", ".nii"),
            ("x.tar.gz", "x"),
            ("brain", "brain"),
        ] {
            assert_eq!(stem(name), expected);
        }
        assert_eq!(plain("AX FLAIR/2 (a)"), "AX_FLAIR_2__a");
        assert_eq!(plain("../.."), "study");
    }

    #[test]
    fn a_folder_is_listed_without_what_is_hidden_and_without_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["b/1.nii", "a.nii", ".hidden/x.nii", "b/.DS_Store", "out/mask.nii"] {
            fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            fs::write(at(name), b"x").unwrap();
        }
        assert_eq!(below(folder.path(), &at("out")).unwrap(), [at("a.nii"), at("b/1.nii")]);
        assert!(below(&at("none"), &at("out")).unwrap_err().contains("cannot be listed"));
    }

    #[test]
    fn a_file_is_known_anew_once_it_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, b"one").unwrap();
        let before = fingerprint([path.as_path()]);
        assert_eq!(fingerprint([path.as_path()]), before);
        fs::write(&path, b"three").unwrap();
        assert_ne!(fingerprint([path.as_path()]), before);
    }

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(kind("notes.txt", b"some text\n"), Kind::Bystander);
        assert_eq!(kind("a.zip", b"PK\x03\x04...."), Kind::Archive);
        assert_eq!(kind("a.png", b"\x89PNG\r\n\x1a\n"), Kind::Picture);
        assert!(matches!(kind("a.dcm", b"some text\n"), Kind::Unread(_)), "called a scan");
        assert!(matches!(kind("IM1", b""), Kind::Unread(_)));
    }
}

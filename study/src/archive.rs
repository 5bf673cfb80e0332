//! Bytes of a zip archive into the files in it, up to a stated limit.

use std::io::{Cursor, Read};

use thiserror::Error;
use zip::ZipArchive;
use zip::result::ZipError;

/// Bytes that all files of an archive may have together: three sequences of a large study.
pub const UNPACKED_BYTES: u64 = 1 << 30;
/// Files that an archive may hold.
pub const FILES: usize = 5000;

/// Why an archive, or a file in it, is not read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ArchiveError {
    /// The archive ends early or contradicts itself.
    #[error("the zip archive is damaged or cut short ({0})")]
    Damaged(String),
    /// A password is needed.
    #[error("the zip archive is protected by a password; unpack it first and drop the files")]
    Password,
    /// There is too much in it.
    #[error("the zip archive unpacks to more than {} MiB or {FILES} files; unpack it first and drop one study", UNPACKED_BYTES >> 20)]
    TooLarge,
}

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its path within the archive.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Hands every file of an archive to `take`, one after the other, so that only one is in memory.
///
/// Folders, and what macOS and Windows add to archives, are passed over.
///
/// # Errors
///
/// [`ArchiveError`]; what was handed over before stays so.
pub fn unpack(bytes: &[u8], mut take: impl FnMut(Part)) -> Result<(), ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(refused)?;
    if archive.len() > FILES {
        return Err(ArchiveError::TooLarge);
    }
    let mut left = UNPACKED_BYTES;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(refused)?;
        let name = file.name().map_err(refused)?.into_owned();
        if file.is_dir() || is_litter(&name) {
            continue;
        }
        // What the archive says of the size is not believed.
        let mut bytes = Vec::new();
        file.take(left + 1).read_to_end(&mut bytes).map_err(|error| ArchiveError::Damaged(error.to_string()))?;
        left = left.checked_sub(bytes.len() as u64).ok_or(ArchiveError::TooLarge)?;
        take(Part { name, bytes });
    }
    Ok(())
}

fn is_litter(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || file.starts_with("._") || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

fn refused(error: ZipError) -> ArchiveError {
    match error {
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => ArchiveError::Password,
        error => ArchiveError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn names(bytes: &[u8]) -> Result<Vec<String>, ArchiveError> {
        let mut names = Vec::new();
        unpack(bytes, |part| names.push(part.name)).map(|()| names)
    }

    #[test]
    fn files_come_out_and_litter_does_not() {
        let bytes = zipped(&[("study/1.dcm", b"one"), ("__MACOSX/study/._1.dcm", b"x"), (".DS_Store", b"y")]);
        let mut parts = Vec::new();
        unpack(&bytes, |part| parts.push(part)).unwrap();
        assert_eq!(parts, [Part { name: "study/1.dcm".into(), bytes: b"one".to_vec() }]);
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        // 1.1 GB of zeros in one megabyte.
        let zeros = vec![0; 1 << 24];
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("zeros", SimpleFileOptions::default()).unwrap();
        (0..66).for_each(|_| writer.write_all(&zeros).unwrap());
        let bomb = writer.finish().unwrap().into_inner();
        assert!(bomb.len() < 3 << 20);
        assert_eq!(names(&bomb), Err(ArchiveError::TooLarge));
    }

    #[test]
    fn every_truncation_is_an_error_and_never_a_panic() {
        let bytes = zipped(&[("a.dcm", &[7; 300]), ("b.dcm", b"two")]);
        (0..bytes.len()).for_each(|length| assert!(names(&bytes[..length]).is_err(), "{length}"));
    }

    #[test]
    fn a_password_is_said() {
        let mut bytes = zipped(&[("secret.dcm", b"hidden")]);
        // The lowest bit of the flags, in the local and in the central header, says that a file is encrypted.
        bytes[6] |= 1;
        let central = bytes.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
        bytes[central + 8] |= 1;
        assert_eq!(names(&bytes), Err(ArchiveError::Password));
    }
}

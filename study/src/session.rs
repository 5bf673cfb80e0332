//! A session file: what was done with images, in one zip archive, without the images.
//!
//! Its first file is the record of what was done, as JSON; beside it lie the maps of probabilities that the record counts, as 32-bit
//! numbers, little endian, and the measures of the study on screen for other programs.

use crate::archive::{ArchiveError, file_of, pack};
use crate::budget::Budget;

/// The name of the record, by which a session file is known.
const RECORD: &str = "gliolens-session.json";
const MAPS: &str = "maps.f32";
const MEASURES: &str = "measures.json";

/// What a session file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The record of what was done, as JSON.
    pub record: Vec<u8>,
    /// The maps that it counts.
    pub maps: Vec<u8>,
    /// Measures, as JSON; not read back.
    pub measures: Vec<u8>,
}

/// Whether an archive is a session file.
pub fn is_session(bytes: &[u8]) -> bool {
    // The name of the first file, behind its header (APPNOTE.TXT 6.3.10, 4.3.7).
    bytes.starts_with(b"PK\x03\x04") && bytes.get(30..).is_some_and(|name| name.starts_with(RECORD.as_bytes()))
}

impl Session {
    /// The bytes of the file.
    ///
    /// # Errors
    ///
    /// What the writer of archives says, such as of more than 4 GiB.
    pub fn write(&self) -> Result<Vec<u8>, String> {
        pack(&[(RECORD, &self.record[..]), (MAPS, &self.maps), (MEASURES, &self.measures)])
    }

    /// The session of a file that [`is_session`] knows.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] if it is damaged or unpacks to more than there is room for.
    pub fn read(bytes: &[u8], budget: &mut Budget) -> Result<Self, ArchiveError> {
        let mut file = |name| file_of(bytes, name, budget);
        Ok(Self { record: file(RECORD)?, maps: file(MAPS)?, measures: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn session() -> Session {
        Session { record: b"{}".to_vec(), maps: vec![7; 4000], measures: b"[]".to_vec() }
    }

    #[test]
    fn a_session_is_read_back() {
        let bytes = session().write().unwrap();
        assert!(is_session(&bytes) && bytes.len() < 1000, "{}", bytes.len());
        let read = Session::read(&bytes, &mut Budget::default()).unwrap();
        assert_eq!(read, Session { measures: Vec::new(), ..session() });
    }

    #[test]
    fn what_is_damaged_or_too_large_is_an_error() {
        let bytes = session().write().unwrap();
        let read = |bytes: &[u8], room| Session::read(bytes, &mut Budget::new(room, 10));
        assert_eq!(read(&bytes, 3000), Err(ArchiveError::TooLarge));
        assert!(matches!(read(&bytes[..bytes.len() - 30], 1 << 20), Err(ArchiveError::Damaged(_))));
        let mut other = ZipWriter::new(Cursor::new(Vec::new()));
        other.start_file("gliolens-session.json", SimpleFileOptions::default()).unwrap();
        let other = other.finish().unwrap().into_inner();
        assert!(is_session(&other));
        assert!(matches!(read(&other, 1 << 20), Err(ArchiveError::Damaged(_))), "without its maps");
        assert!(!is_session(b"PK\x03\x04") && !is_session(b""));
    }
}

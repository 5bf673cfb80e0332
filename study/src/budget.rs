//! What the files of one drop may unpack to, all archives and layers of compression together.

use std::io::{self, Read};

/// Bytes that everything unpacked may have together: three sequences of a large study.
pub const UNPACKED_BYTES: u64 = 1 << 30;
/// Files that archives may hold together.
pub const FILES: usize = 5000;

/// What is left of the limits. One value goes through all archives of a drop, those within archives too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    bytes: u64,
    files: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(UNPACKED_BYTES, FILES)
    }
}

impl Budget {
    /// Room for so many bytes and files.
    pub const fn new(bytes: u64, files: usize) -> Self {
        Self { bytes, files }
    }

    /// Bytes that may still be unpacked.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes room for a file; false if there is none left.
    pub(crate) fn take_file(&mut self) -> bool {
        self.files.checked_sub(1).map(|left| self.files = left).is_some()
    }

    /// Takes room for bytes; false if there is not enough left, which uses up the rest.
    pub(crate) fn take_bytes(&mut self, bytes: u64) -> bool {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.unwrap_or(0);
        left.is_some()
    }

    /// Everything that a source gives; nothing if that is more than there is room for. What a header claims of its size
    /// is not believed.
    pub(crate) fn read(&mut self, source: impl Read) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        let result = source.take(self.bytes.saturating_add(1)).read_to_end(&mut bytes);
        // What was unpacked before an error has taken its time as well.
        let fits = self.take_bytes(bytes.len() as u64);
        result?;
        Ok(fits.then_some(bytes))
    }
}

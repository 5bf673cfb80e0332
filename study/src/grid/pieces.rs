//! The files of a header's numbers into one stream of them, each without what it begins with and without its compression.

use std::io::{self, Cursor, Error, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::{Encoding, Skip, Unusable};
use crate::layers::Opened;
use crate::raw::{BEHIND, DATA_BYTES};

/// What a file of gzip begins with (RFC 1952).
const GZIP: &[u8] = &[0x1f, 0x8b];
/// What a file of bzip2 begins with.
const BZIP2: &[u8] = b"BZh";

/// How the numbers of every file are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub encoding: Encoding,
    /// Lines before the numbers.
    pub lines: usize,
    /// Bytes before them.
    pub skip: Skip,
    /// Whether they lie in files of their own, which may be compressed as a whole.
    pub apart: bool,
    /// Bytes of numbers in each file; written in digits they have eight each.
    pub share: u64,
}

/// The numbers of files, one behind the other.
pub(super) struct Pieces<'a> {
    /// Names of the files; empty where there is one alone.
    names: &'a [String],
    files: Vec<&'a [u8]>,
    written: Written,
    /// Which file is being read.
    at: usize,
    /// Its reader, once it was begun.
    open: Option<Box<dyn Read + 'a>>,
    /// Bytes of its numbers that are not read.
    left: u64,
}

impl<'a> Pieces<'a> {
    /// What is wrong with the beginning of the first file is said at once.
    pub fn new(names: &'a [String], files: Vec<&'a [u8]>, written: Written) -> Result<Self, Unusable> {
        let names = if files.len() > 1 { names } else { &[] };
        let first = files.first().map(|file| opened(file, &written)).transpose();
        let open = first.map_err(|why| match (names.first(), why) {
            (Some(name), Unusable::Damaged(why)) => Unusable::Damaged(format!("{name}: {why}")),
            (_, why) => why,
        })?;
        Ok(Self { names, files, written, at: 0, open, left: written.share })
    }

    /// An error with the name of the file.
    fn of_file(&self, error: Error) -> Error {
        match self.names.get(self.at) {
            Some(name) => Error::new(error.kind(), format!("{name}: {error}")),
            None => error,
        }
    }

    /// Reads from the file at hand; nothing once its numbers are read.
    fn read_one(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let reader = match &mut self.open {
            Some(reader) => reader,
            none => {
                let reader = opened(self.files[self.at], &self.written).map_err(|why| Error::other(reason(why)))?;
                none.insert(reader)
            }
        };
        if self.left == 0 {
            // Behind the last number lie the check sums of the compression.
            io::copy(&mut reader.take(BEHIND), &mut io::sink())?;
            return Ok(0);
        }
        let room = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = reader.read(&mut buffer[..room])?;
        self.left -= count as u64;
        if count == 0 && self.files.len() > 1 {
            let Written { share, .. } = self.written;
            return Err(Error::other(format!("it has {} of {share} bytes of data", share - self.left)));
        }
        Ok(count)
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at < self.files.len() && !buffer.is_empty() {
            match self.read_one(buffer) {
                Ok(0) => {}
                Err(error) => return Err(self.of_file(error)),
                count => return count,
            }
            (self.at, self.open, self.left) = (self.at + 1, None, self.written.share);
        }
        Ok(0)
    }
}

fn reason(why: Unusable) -> String {
    match why {
        Unusable::Damaged(why) | Unusable::Encoding(why) | Unusable::Values(why) => why,
        _ => "it cannot be read".into(),
    }
}

/// The numbers of one file, from the first on.
fn opened<'a>(file: &'a [u8], written: &Written) -> Result<Box<dyn Read + 'a>, Unusable> {
    let &Written { encoding, lines, skip, apart, share } = written;
    let bytes = after_lines(file, lines).ok_or_else(|| Unusable::Damaged("it ends before its numbers".into()))?;
    let before = match (skip, encoding) {
        (Skip::Bytes(bytes), _) => bytes,
        (Skip::Rest, Encoding::Raw) => (bytes.len() as u64).saturating_sub(share),
        (Skip::Rest, _) => return Err(Unusable::Encoding("a compressed file that begins with something else".into())),
    };
    // What has the length of the numbers is them: whoever unpacks an archive may take this compression off as well.
    let is_bare = apart && skip != Skip::Rest && bytes.len() as u64 == share.saturating_add(before);
    let mut numbers: Box<dyn Read + 'a> = match encoding {
        // As it may have been compressed by itself.
        Encoding::Raw if apart && skip != Skip::Rest && !is_bare => {
            let opened = Opened::new(bytes);
            match opened.error {
                Some(error) => return Err(Unusable::Damaged(error.to_string())),
                None => Box::new(opened.into_reader()),
            }
        }
        Encoding::Raw => Box::new(bytes),
        Encoding::Gzip if is_bare && !bytes.starts_with(GZIP) => Box::new(bytes),
        Encoding::Gzip => Box::new(MultiGzDecoder::new(bytes)),
        Encoding::Zlib if bytes.starts_with(GZIP) => Box::new(MultiGzDecoder::new(bytes)),
        Encoding::Zlib => Box::new(ZlibDecoder::new(bytes)),
        Encoding::Bzip2 if is_bare && !bytes.starts_with(BZIP2) => Box::new(bytes),
        Encoding::Bzip2 => Box::new(MultiBzDecoder::new(bytes)),
        Encoding::Text => {
            let at = usize::try_from(before).unwrap_or(usize::MAX);
            return Ok(Box::new(Cursor::new(in_digits(bytes.get(at..).unwrap_or_default())?)));
        }
    };
    io::copy(&mut numbers.by_ref().take(before), &mut io::sink()).map_err(|why| Unusable::Damaged(why.to_string()))?;
    Ok(numbers)
}

/// What follows so many lines.
fn after_lines(mut bytes: &[u8], lines: usize) -> Option<&[u8]> {
    for _ in 0..lines {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        bytes = &bytes[end + 1..];
    }
    Some(bytes)
}

/// Numbers that are written in digits, as floats of 64 bit.
fn in_digits(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let text = String::from_utf8_lossy(bytes);
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let mut numbers = Vec::new();
    // The bytes of the file bound this: a number takes two at least.
    for word in words {
        let number: f64 = word.parse().map_err(|_| Unusable::Damaged(format!("{word:?} is no number")))?;
        numbers.extend(number.to_le_bytes());
        if numbers.len() as u64 > DATA_BYTES {
            return Err(Unusable::TooLarge(numbers.len() as u64));
        }
    }
    Ok(numbers)
}

//! Bytes of a zip or tar archive into the files in it and in archives within, up to stated limits; files into a zip archive.

use std::io::{self, BufReader, Cursor, Error, Read, Write};

use bzip2::bufread::BzDecoder;
use deflate64::Deflate64Decoder;
use flate2::Crc;
use lzma_rust2::{LzmaReader, XzReader};
use thiserror::Error;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::apart::is_called_a_header;
use crate::budget::{Budget, FILES, UNPACKED_BYTES};
use crate::bystander::is_bystander;
use crate::layers::{Frames, Opened, UnwrapError, WINDOW_BYTES};
use crate::sniff::{FileKind, sniff};
use crate::unwrap::unwrapped;

/// Archives within each other that are opened.
pub const DEPTH: usize = 3;

/// Why an archive, or a file in it, is not read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ArchiveError {
    /// The archive ends early or contradicts itself.
    #[error("the archive is damaged or cut short; download or copy it again ({0})")]
    Damaged(String),
    /// A password is needed.
    #[error("it is protected by a password; unpack the archive first and drop its files")]
    Password,
    /// There is too much in it.
    #[error("the archives unpack to more than {} MiB or {FILES} files; unpack them first and drop one study", UNPACKED_BYTES >> 20)]
    TooLarge,
    /// A file is compressed in a way that is not read.
    #[error("it is compressed by {0}, which is not read; pack it as an ordinary zip archive")]
    Method(&'static str),
    /// Files of one name, of which a reader sees the last.
    #[error("it has the name of another file in the archive; pack each file under a name of its own")]
    SameNames,
    /// No file at all.
    #[error("the archive is empty; pack or download it again")]
    Empty,
    /// Archives within archives.
    #[error("it lies in more than {DEPTH} archives, one within the other; unpack it first")]
    Nested,
    /// A layer of compression of a file does not come off.
    #[error(transparent)]
    Layer(#[from] UnwrapError),
}

/// What an archive holds in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A file, without layers of compression unless its reader takes them off.
    File {
        /// Its path, from the outermost archive on.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// A file that only accompanies scans; it is not unpacked.
    Bystander {
        /// Its path.
        name: String,
    },
    /// A file, or an archive within the archive, that cannot be unpacked.
    Refused {
        /// Its path.
        name: String,
        /// Why.
        why: ArchiveError,
    },
}

/// Hands every file of a zip or tar archive to `take`, one after the other, those of archives within archives too.
///
/// # Errors
///
/// [`ArchiveError`] where nothing more is unpacked; what was handed over before stays so.
pub fn unpack(bytes: &[u8], budget: &mut Budget, mut take: impl FnMut(Part)) -> Result<(), ArchiveError> {
    Walk { budget, take: &mut take, parts: 0 }.archive("", bytes, 1)
}

/// A way through archives.
struct Walk<'a> {
    budget: &'a mut Budget,
    take: &'a mut dyn FnMut(Part),
    /// How many were handed over.
    parts: usize,
}

impl Walk<'_> {
    fn give(&mut self, part: Part) {
        self.parts += 1;
        (self.take)(part);
    }

    /// `folder` is the path of the archive, with a slash behind it.
    fn archive(&mut self, folder: &str, bytes: &[u8], depth: usize) -> Result<(), ArchiveError> {
        let before = self.parts;
        match sniff("", bytes) {
            Ok(FileKind::Tar) => self.tar(folder, bytes, depth),
            _ => self.zip(folder, bytes, depth),
        }?;
        if self.parts == before { Err(ArchiveError::Empty) } else { Ok(()) }
    }

    fn zip(&mut self, folder: &str, bytes: &[u8], depth: usize) -> Result<(), ArchiveError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(refused)?;
        let count = archive.len();
        let hidden = listed(bytes, &archive).saturating_sub(count);
        if hidden > 0 {
            let files = if hidden == 1 { "1 more file".into() } else { format!("{hidden} more files") };
            self.give(Part::Refused { name: format!("{folder}{files}"), why: ArchiveError::SameNames });
        }
        // Headers come before the files that they name.
        let is_header = |at: &usize| matches!(archive.name_for_index(*at), Some(Ok(name)) if is_called_a_header(&name));
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|at| !is_header(at));
        for at in order {
            let (name, is_file) = match archive.by_index_raw(at) {
                Ok(file) => (String::from_utf8_lossy(file.name_raw()).replace('\\', "/"), file.is_file()),
                Err(error) => {
                    let name = format!("{folder}file {} of {}", at + 1, count);
                    self.give(Part::Refused { name, why: refused(error) });
                    continue;
                }
            };
            if !is_file {
                continue;
            }
            let name = format!("{folder}{name}");
            if is_bystander(&name) {
                self.give(Part::Bystander { name });
                continue;
            }
            if !self.budget.take_file() {
                return Err(ArchiveError::TooLarge);
            }
            let content = entry(&mut archive, at, self.budget);
            self.part(name, content, depth)?;
        }
        Ok(())
    }

    fn tar(&mut self, folder: &str, bytes: &[u8], depth: usize) -> Result<(), ArchiveError> {
        let damaged = |error: Error| ArchiveError::Damaged(error.to_string());
        // Long names are read whole before their claims are known: never more than all may unpack to.
        let source = Opened::new(bytes).into_reader().take(self.budget.bytes().saturating_add(1 << 20));
        let mut archive = tar::Archive::new(source);
        for file in archive.entries().map_err(damaged)? {
            let file = file.map_err(damaged)?;
            let size = file.size();
            if !file.header().entry_type().is_file() {
                continue;
            }
            let name = format!("{folder}{}", String::from_utf8_lossy(&file.path_bytes()));
            if is_bystander(&name) {
                // It lies in the way all the same.
                if !self.budget.take_bytes(size) {
                    return Err(ArchiveError::TooLarge);
                }
                self.give(Part::Bystander { name });
                continue;
            }
            if !self.budget.take_file() {
                return Err(ArchiveError::TooLarge);
            }
            let content = self.budget.read(file).map_err(damaged)?.ok_or(ArchiveError::TooLarge)?;
            if (content.len() as u64) < size {
                return Err(ArchiveError::Damaged("it ends within a file".into()));
            }
            self.part(name, Ok(content), depth)?;
        }
        Ok(())
    }

    /// Hands over a file, or goes through it where it is an archive.
    fn part(&mut self, name: String, content: Result<Vec<u8>, ArchiveError>, depth: usize) -> Result<(), ArchiveError> {
        let part = match content.and_then(|bytes| self.without_layers(&name, bytes)) {
            Err(ArchiveError::TooLarge) => return Err(ArchiveError::TooLarge),
            Err(why) => Part::Refused { name, why },
            Ok((name, bytes)) if matches!(sniff(&name, &bytes), Ok(FileKind::Zip | FileKind::Tar)) => {
                if depth == DEPTH {
                    Part::Refused { name, why: ArchiveError::Nested }
                } else {
                    match self.archive(&format!("{name}/"), &bytes, depth + 1) {
                        Ok(()) => return Ok(()),
                        Err(ArchiveError::TooLarge) => return Err(ArchiveError::TooLarge),
                        Err(why) => Part::Refused { name, why },
                    }
                }
            }
            Ok((name, bytes)) => Part::File { name, bytes },
        };
        self.give(part);
        Ok(())
    }

    fn without_layers(&mut self, name: &str, bytes: Vec<u8>) -> Result<(String, Vec<u8>), ArchiveError> {
        let unwrapped = match unwrapped(name, &bytes, self.budget) {
            Err(UnwrapError::TooLarge) => return Err(ArchiveError::TooLarge),
            other => other?,
        };
        let inner = match unwrapped.bytes {
            std::borrow::Cow::Owned(inner) => Some(inner),
            std::borrow::Cow::Borrowed(_) => None,
        };
        Ok((unwrapped.name, inner.unwrap_or(bytes)))
    }
}

/// A zip archive of files by their names.
///
/// # Errors
///
/// What the writer of archives says, such as of more than 4 GiB.
pub fn pack(files: &[(&str, &[u8])]) -> Result<Vec<u8>, String> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).map_err(|error| error.to_string())?;
        archive.write_all(bytes).map_err(|error| error.to_string())?;
    }
    Ok(archive.finish().map_err(|error| error.to_string())?.into_inner())
}

/// The content of the file of this name in a zip archive.
///
/// # Errors
///
/// [`ArchiveError`] if the archive is damaged, has no such file, or it is larger than there is room for.
pub(crate) fn file_of(bytes: &[u8], name: &str, budget: &mut Budget) -> Result<Vec<u8>, ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(refused)?;
    let at = archive.index_for_name(name).ok_or_else(|| ArchiveError::Damaged(format!("{name} is missing")))?;
    entry(&mut archive, at, budget)
}

/// How many files a zip archive lists, by the record at its end; zero where that leaves the number to another record
/// (APPNOTE.TXT 6.3.10, 4.3.16).
fn listed(bytes: &[u8], archive: &ZipArchive<Cursor<&[u8]>>) -> usize {
    const RECORD: usize = 22;
    let end = bytes.len().checked_sub(RECORD + archive.comment().len()).map(|at| &bytes[at..]);
    match end {
        Some([b'P', b'K', 5, 6, _, _, _, _, _, _, low, high, ..]) => {
            Some(u16::from_le_bytes([*low, *high])).filter(|count| *count < u16::MAX).map_or(0, usize::from)
        }
        _ => 0,
    }
}

/// The content of a file in a zip archive, whichever way it is compressed.
fn entry(archive: &mut ZipArchive<Cursor<&[u8]>>, at: usize, budget: &mut Budget) -> Result<Vec<u8>, ArchiveError> {
    let damaged = |error: Error| ArchiveError::Damaged(error.to_string());
    let raw = archive.by_index_raw(at).map_err(refused)?;
    let (method, promised, size) = (raw.compression(), raw.crc32(), raw.size());
    if raw.encrypted() || method == CompressionMethod::AES {
        return Err(ArchiveError::Password);
    }
    let checked = [CompressionMethod::STORE, CompressionMethod::DEFLATE].contains(&method);
    let content = if checked {
        drop(raw);
        budget.read(archive.by_index(at).map_err(refused)?)
    } else {
        budget.read(decoder(method, size, BufReader::new(raw))?)
    };
    let content = content.map_err(damaged)?.ok_or(ArchiveError::TooLarge)?;
    let mut sum = Crc::new();
    sum.update(&content);
    if !checked && sum.sum() != promised {
        return Err(ArchiveError::Damaged("its check sum does not match".into()));
    }
    Ok(content)
}

/// Takes off a way of compressing that the archive's own reader leaves to others (APPNOTE.TXT 6.3.10, 4.4.5).
fn decoder<'a>(
    method: CompressionMethod,
    size: u64,
    mut raw: impl io::BufRead + 'a,
) -> Result<Box<dyn Read + 'a>, ArchiveError> {
    let damaged = |error: Error| ArchiveError::Damaged(error.to_string());
    Ok(match method {
        CompressionMethod::DEFLATE64 => Box::new(Deflate64Decoder::with_buffer(raw)),
        CompressionMethod::BZIP2 => Box::new(BzDecoder::new(raw)),
        CompressionMethod::ZSTD | CompressionMethod::ZSTD_DEPRECATED => Box::new(Frames::new(raw)),
        CompressionMethod::XZ => Box::new(XzReader::new_mem_limit(raw, true, WINDOW_BYTES >> 10)),
        CompressionMethod::LZMA => {
            // Version, length of the properties, properties (4.4.4, 5.8.8).
            let mut header = [0; 9];
            raw.read_exact(&mut header).map_err(damaged)?;
            let [_, _, 5, 0, properties, window @ ..] = header else {
                return Err(ArchiveError::Damaged("its LZMA header is of another length".into()));
            };
            let window = u32::from_le_bytes(window);
            if window > WINDOW_BYTES {
                return Err(ArchiveError::TooLarge);
            }
            Box::new(LzmaReader::new_with_props(raw, size, properties, window, None).map_err(damaged)?)
        }
        other => return Err(ArchiveError::Method(method_name(other))),
    })
}

fn method_name(method: CompressionMethod) -> &'static str {
    match method {
        CompressionMethod::SHRINK => "Shrink",
        CompressionMethod::REDUCE_1
        | CompressionMethod::REDUCE_2
        | CompressionMethod::REDUCE_3
        | CompressionMethod::REDUCE_4 => "Reduce",
        CompressionMethod::IMPLODE | CompressionMethod::PKWARE_IMPLODE => "Implode",
        CompressionMethod::PPMD => "PPMd",
        CompressionMethod::WAVPACK => "WavPack",
        CompressionMethod::JPEG => "a variant of JPEG",
        _ => "an unknown method",
    }
}

fn refused(error: ZipError) -> ArchiveError {
    match error {
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => ArchiveError::Password,
        error => ArchiveError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests;

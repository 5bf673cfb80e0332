//! Bytes of a zip or tar archive into the files in it and in archives within, up to stated limits.

use std::io::{self, BufReader, Cursor, Error, Read};

use bzip2::bufread::BzDecoder;
use deflate64::Deflate64Decoder;
use flate2::Crc;
use lzma_rust2::{LzmaReader, XzReader};
use thiserror::Error;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::budget::{Budget, FILES, UNPACKED_BYTES};
use crate::bystander::is_bystander;
use crate::sniff::{FileKind, sniff};
use crate::unwrap::{Frames, Opened, UnwrapError, WINDOW_BYTES, unwrapped};

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
    Walk { budget, take: &mut take }.archive("", bytes, 1)
}

/// A way through archives.
struct Walk<'a> {
    budget: &'a mut Budget,
    take: &'a mut dyn FnMut(Part),
}

impl Walk<'_> {
    /// `folder` is the path of the archive, with a slash behind it.
    fn archive(&mut self, folder: &str, bytes: &[u8], depth: usize) -> Result<(), ArchiveError> {
        match sniff("", bytes) {
            Ok(FileKind::Tar) => self.tar(folder, bytes, depth),
            _ => self.zip(folder, bytes, depth),
        }
    }

    fn zip(&mut self, folder: &str, bytes: &[u8], depth: usize) -> Result<(), ArchiveError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(refused)?;
        let count = archive.len();
        for at in 0..count {
            let (name, is_file) = match archive.by_index_raw(at) {
                Ok(file) => (String::from_utf8_lossy(file.name_raw()).replace('\\', "/"), file.is_file()),
                Err(error) => {
                    let name = format!("{folder}file {} of {}", at + 1, count);
                    (self.take)(Part::Refused { name, why: refused(error) });
                    continue;
                }
            };
            if !is_file {
                continue;
            }
            let name = format!("{folder}{name}");
            if is_bystander(&name) {
                (self.take)(Part::Bystander { name });
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
                (self.take)(Part::Bystander { name });
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
        (self.take)(part);
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
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// What the archives of other methods hold: without a run that Deflate64 encodes in another way.
    const CONTENT: &[u8] = b"slices slices slices slices slices slices slices slices slices slices \
        slices slices slices slices slices slices slices slices slices slices ";

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut file = GzEncoder::new(Vec::new(), Compression::fast());
        file.write_all(bytes).unwrap();
        file.finish().unwrap()
    }

    fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            archive.append_data(&mut header, name, *bytes).unwrap();
        }
        archive.into_inner().unwrap()
    }

    /// A zip archive of one file whose compressed bytes are given.
    fn zip_by(method: u16, compressed: &[u8]) -> Vec<u8> {
        let mut sum = Crc::new();
        sum.update(CONTENT);
        let mut common = vec![63, 0, 0, 0];
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(sum.sum().to_le_bytes());
        common.extend((compressed.len() as u32).to_le_bytes());
        common.extend((CONTENT.len() as u32).to_le_bytes());
        common.extend([5, 0, 0, 0]);
        let local = [b"PK\x03\x04", &common[..], b"a.dcm", compressed].concat();
        let central = [b"PK\x01\x02\x3f\0", &common[..], &[0; 14], b"a.dcm"].concat();
        let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
        end.extend((central.len() as u32).to_le_bytes());
        end.extend((local.len() as u32).to_le_bytes());
        end.extend([0, 0]);
        [local, central, end].concat()
    }

    fn parts(bytes: &[u8]) -> Result<Vec<Part>, ArchiveError> {
        let mut parts = Vec::new();
        unpack(bytes, &mut Budget::default(), |part| parts.push(part)).map(|()| parts)
    }

    fn file(name: &str, bytes: &[u8]) -> Part {
        Part::File { name: name.into(), bytes: bytes.to_vec() }
    }

    fn refusal(part: &Part) -> &ArchiveError {
        match part {
            Part::Refused { why, .. } => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn files_come_out_and_bystanders_are_only_named() {
        let files: [(&str, &[u8]); 4] =
            [("study/1.dcm", b"one"), ("__MACOSX/study/._1.dcm", b"x"), ("DICOMDIR", b"y"), ("study/a\\2.dcm", b"two")];
        let bystander = |name: &str| Part::Bystander { name: name.into() };
        let expected = vec![
            file("study/1.dcm", b"one"),
            bystander("__MACOSX/study/._1.dcm"),
            bystander("DICOMDIR"),
            file("study/a/2.dcm", b"two"),
        ];
        assert_eq!(parts(&zipped(&files)), Ok(expected));
        let expected = vec![file("1.dcm", b"one"), bystander("README"), file("b/2.dcm", b"two")];
        let tar = tarred(&[("1.dcm", b"one"), ("README", b"x"), ("b/2.dcm", b"two")]);
        assert_eq!(parts(&tar).as_ref(), Ok(&expected));
        assert_eq!(parts(&gzipped(&tar)).as_ref(), Ok(&expected));
        assert_eq!(parts(&compress_to_vec(&tar[..], CompressionLevel::Fastest)).as_ref(), Ok(&expected));
    }

    #[test]
    fn every_method_with_a_decoder_is_read() {
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
        // In pieces, so that no match is of 258 bytes, which Deflate64 spells otherwise.
        for piece in CONTENT.chunks(64) {
            deflated.write_all(piece).unwrap();
            deflated.flush().unwrap();
        }
        let deflated = deflated.finish().unwrap();
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(CONTENT).unwrap();
        let bzip2 = bzip2.finish().unwrap();
        let zstd = compress_to_vec(CONTENT, CompressionLevel::Fastest);
        // By Python's lzma of the same content; the header in front names version, length and properties.
        let lzma = [&b"\x09\x14\x05\0\x5d\0\x10\0\0"[..], LZMA].concat();
        for (method, compressed) in
            [(8, &deflated), (9, &deflated), (12, &bzip2), (14, &lzma), (93, &zstd), (95, &XZ.to_vec())]
        {
            assert_eq!(parts(&zip_by(method, compressed)), Ok(vec![file("a.dcm", CONTENT)]), "method {method}");
            let mut damaged = compressed.clone();
            let middle = damaged.len() / 2;
            damaged[middle] ^= 0x10;
            let found = parts(&zip_by(method, &damaged)).unwrap();
            assert!(matches!(refusal(&found[0]), ArchiveError::Damaged(_)), "method {method}: {found:?}");
        }
        for (method, name) in [(1, "Shrink"), (6, "Implode"), (98, "PPMd"), (1234, "an unknown method")] {
            let found = parts(&zip_by(method, CONTENT)).unwrap();
            assert_eq!(refusal(&found[0]), &ArchiveError::Method(name));
        }
        // A window of 4 GiB is not reserved.
        let claim = [&b"\x09\x14\x05\0\x5d\xff\xff\xff\xff"[..], LZMA].concat();
        assert_eq!(parts(&zip_by(14, &claim)), Err(ArchiveError::TooLarge));
    }

    const LZMA: &[u8] = b"\x00\x39\x9b\x09\x60\xc4\xa5\xb5\xb0\x33\x18\x92\x84\xa3\xff\xff\xdc\x55\x00\x00";
    const XZ: &[u8] = b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x00\x8b\x00\x0e\x5d\x00\x39\x9b\x09\x60\xc4\xa5\xb5\xb0\x33\x18\x46\xa8\x00\x00\x00\x00\x00\xa5\xa1\x9e\xb5\x1c\x24\xfe\xb9\x00\x01\x2a\x8c\x01\x00\x00\x00\x7b\xc8\xc8\xa9\xb1\xc4\x67\xfb\x02\x00\x00\x00\x00\x04\x59\x5a";

    #[test]
    fn archives_within_are_walked_to_a_stated_depth() {
        let inner = zipped(&[("1.dcm", b"one"), ("2.dcm.gz", &gzipped(b"two"))]);
        let middle = gzipped(&tarred(&[("in.zip", &inner)]));
        let outer = zipped(&[("mid.tgz", &middle), ("3.dcm", b"three")]);
        let expected =
            vec![file("mid.tgz/in.zip/1.dcm", b"one"), file("mid.tgz/in.zip/2.dcm", b"two"), file("3.dcm", b"three")];
        assert_eq!(parts(&outer), Ok(expected));
        let deeper = zipped(&[("outer.zip", &outer)]);
        let found = parts(&deeper).unwrap();
        let refused = Part::Refused { name: "outer.zip/mid.tgz/in.zip".into(), why: ArchiveError::Nested };
        assert_eq!(found, [refused, file("outer.zip/3.dcm", b"three")]);
        // However often it holds another, it ends.
        let endless = (0..200).fold(inner, |bytes, _| zipped(&[("again.zip", &bytes)]));
        let name = "again.zip/again.zip/again.zip".to_owned();
        assert_eq!(parts(&endless), Ok(vec![Part::Refused { name, why: ArchiveError::Nested }]));
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        // 4 MiB of zeros in a few kilobytes.
        let bomb = zipped(&[("zeros", &vec![0; 1 << 22])]);
        assert!(bomb.len() < 1 << 14);
        assert_eq!(unpack(&bomb, &mut Budget::new(1 << 20, 10), drop), Err(ArchiveError::TooLarge));
    }

    #[test]
    fn one_budget_goes_through_all_archives() {
        let inner = zipped(&[("1.dcm", &[1; 400])]);
        let outer = zipped(&[("a.zip", &inner), ("b.zip", &inner), ("c.zip", &inner)]);
        let left = |bytes: u64, files: usize| {
            let mut count = 0;
            let mut budget = Budget::new(bytes, files);
            let first = unpack(&outer, &mut budget, |part| count += usize::from(matches!(part, Part::File { .. })));
            (first, count)
        };
        let of_one = inner.len() as u64 + 400;
        assert_eq!(left(3 * of_one, 6), (Ok(()), 3));
        assert_eq!(left(3 * of_one - 1, 6), (Err(ArchiveError::TooLarge), 2));
        assert_eq!(left(3 * of_one, 5), (Err(ArchiveError::TooLarge), 2));
        // The next archive of the drop goes on where this one ended.
        let mut budget = Budget::new(4 * of_one, 100);
        assert_eq!(unpack(&outer, &mut budget, drop), Ok(()));
        assert_eq!(unpack(&outer, &mut budget, drop), Err(ArchiveError::TooLarge));
    }

    #[test]
    fn every_truncation_is_an_error_and_never_a_panic() {
        let bytes = zipped(&[("a.dcm", &[7; 300]), ("b.dcm", b"two")]);
        (0..bytes.len()).for_each(|length| assert!(parts(&bytes[..length]).is_err(), "{length}"));
        let bytes = tarred(&[("a.dcm", &[7; 300]), ("b.dcm", &[8; 300])]);
        for length in (0..bytes.len()).step_by(7) {
            let whole = parts(&bytes[..length]).is_ok_and(|parts| parts.len() == 2);
            assert!(!whole || length >= 512 * 3 + 300, "{length}");
        }
    }

    #[test]
    fn a_password_is_said() {
        let mut bytes = zipped(&[("secret.dcm", b"hidden")]);
        // The lowest bit of the flags, in the local and in the central header, says that a file is encrypted.
        bytes[6] |= 1;
        let central = bytes.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
        bytes[central + 8] |= 1;
        assert_eq!(refusal(&parts(&bytes).unwrap()[0]), &ArchiveError::Password);
    }

    #[test]
    fn one_damaged_file_does_not_take_the_others_along() {
        let mut bytes = zipped(&[("a.dcm", b"one"), ("b.dcm", b"two")]);
        let at = bytes.windows(5).position(|at| at == b"a.dcm").unwrap() + 5;
        bytes[at] ^= 0xff;
        let found = parts(&bytes).unwrap();
        assert!(matches!(refusal(&found[0]), ArchiveError::Damaged(_)));
        assert_eq!(found[1], file("b.dcm", b"two"));
    }
}

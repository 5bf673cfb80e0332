//! A compressed file into the file within, whatever its name: layers of gzip, zlib, bzip2, xz and Zstandard come off.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Error, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use lzma_rust2::XzReader;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use thiserror::Error;

use crate::budget::{Budget, UNPACKED_BYTES};
use crate::sniff::{FileKind, kind_of_start};

/// Layers of compression that a file may have.
pub(crate) const LAYERS: usize = 3;
/// First bytes of the innermost file that say what it is: two records of a tar archive.
const START: u64 = 1024;
/// Memory that a decoder may reserve because a header claims to need it: twice what the strongest setting of xz takes.
pub(crate) const WINDOW_BYTES: u32 = 1 << 27;
/// Endings of names that a layer adds.
const ENDINGS: [(&str, &str); 9] = [
    (".tgz", ".tar"),
    (".tbz2", ".tar"),
    (".txz", ".tar"),
    (".mgz", ".mgh"),
    (".gz", ""),
    (".bz2", ""),
    (".xz", ""),
    (".zst", ""),
    (".z", ""),
];

/// Why the layers of a file do not come off.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum UnwrapError {
    /// The compressed file ends early or contradicts itself.
    #[error("the {layer} file is damaged or cut short; download or copy it again ({why})")]
    Damaged {
        /// What it is compressed by.
        layer: Layer,
        /// What the decoder says.
        why: String,
    },
    /// There is too much in it.
    #[error("it unpacks to more than {} MiB; unpack it first and drop one study", UNPACKED_BYTES >> 20)]
    TooLarge,
    /// It is compressed over and over.
    #[error("it is compressed more than {LAYERS} times over; unpack it first")]
    Nested,
}

/// A way of compressing a single file.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Layer {
    /// RFC 1952, of one or several members.
    #[error("gzip")]
    Gzip,
    /// RFC 1950.
    #[error("zlib")]
    Zlib,
    /// Of one or several streams.
    #[error("bzip2")]
    Bzip2,
    /// Of one or several streams.
    #[error("xz")]
    Xz,
    /// RFC 8878, of one or several frames.
    #[error("Zstandard")]
    Zstd,
}

impl Layer {
    /// The layer that a file begins with.
    fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            // A frame, or one that is skipped (RFC 8878, 3.1).
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            // Its header is two bytes without a mark of their own (RFC 1950, 2.2): the beginning has to decode as well.
            [0x78, flags, ..] if (0x7800 + u16::from(*flags)) % 31 == 0 => {
                ZlibDecoder::new(start).read_exact(&mut [0; 64]).is_ok().then_some(Self::Zlib)
            }
            _ => None,
        }
    }

    fn decoder<'a>(self, source: impl BufRead + 'a) -> Box<dyn Read + 'a> {
        match self {
            Self::Gzip => Box::new(Members { member: Some(GzDecoder::new(source)) }),
            Self::Zlib => Box::new(ZlibDecoder::new(source)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(source)),
            Self::Xz => Box::new(XzReader::new_mem_limit(source, true, WINDOW_BYTES >> 10)),
            Self::Zstd => Box::new(Frames::new(source)),
        }
    }
}

/// The members of a gzip file, one behind the other: pigz and bgzip write several, and padding may follow the last.
struct Members<S: BufRead> {
    member: Option<GzDecoder<S>>,
}

impl<S: BufRead> Read for Members<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let mut rest = self.member.take().map(GzDecoder::into_inner).ok_or(io::ErrorKind::UnexpectedEof)?;
            if rest.fill_buf()?.first() == Some(&0x1f) {
                self.member = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// The frames of a Zstandard file, one behind the other.
pub(crate) struct Frames<S: BufRead> {
    source: S,
    decoder: FrameDecoder,
    within: bool,
}

impl<S: BufRead> Frames<S> {
    pub(crate) fn new(source: S) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW_BYTES.into());
        Self { source, decoder, within: false }
    }

    /// Begins the next frame; false at the end. Frames of other programs' notes are skipped (RFC 8878, 3.1.2).
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<S: BufRead> Read for Frames<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.within || self.begin()? {
            self.within = true;
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, step).map_err(Error::other)?;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.within = false;
            let sums = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
            if matches!(sums, (Some(promised), Some(found)) if promised != found) {
                return Err(Error::other("its check sum does not match"));
            }
        }
        Ok(0)
    }
}

/// A file with its layers off, as far as it has been looked at.
pub(crate) struct Opened<'a> {
    /// The first bytes of the innermost file.
    pub start: Vec<u8>,
    /// The layers, outermost first.
    pub layers: Vec<Layer>,
    /// What went wrong at once.
    pub error: Option<UnwrapError>,
    rest: Box<dyn Read + 'a>,
}

impl<'a> Opened<'a> {
    /// Looks through the layers of a file.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut opened = Self { start: Vec::new(), layers: Vec::new(), error: None, rest: Box::new(bytes) };
        loop {
            let mut start = Vec::new();
            if let Err(why) = opened.rest.by_ref().take(START).read_to_end(&mut start) {
                opened.error = opened.layers.last().map(|layer| damaged(*layer, &why));
            }
            opened.start = start;
            let Some(layer) = Layer::of(&opened.start) else { return opened };
            if opened.layers.len() == LAYERS {
                opened.error = Some(UnwrapError::Nested);
                return opened;
            }
            let source = Cursor::new(opened.start).chain(opened.rest);
            opened.layers.push(layer);
            opened.rest = layer.decoder(BufReader::with_capacity(1 << 16, source));
        }
    }

    /// Everything in the innermost file, from its beginning.
    pub fn into_reader(self) -> impl Read + 'a {
        Cursor::new(self.start).chain(self.rest)
    }
}

/// A file without its layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwrapped<'a> {
    /// Its name without the endings of the layers.
    pub name: String,
    /// Its content.
    pub bytes: Cow<'a, [u8]>,
}

/// The file within layers of compression, up to three and whatever the name says.
///
/// NIfTI files and tar archives keep their layers: their readers take these off piece by piece, so that the whole is
/// never in memory. [`sniff`](crate::sniff) looks through layers, so it says the same before and after.
///
/// # Errors
///
/// [`UnwrapError`] says which layer does not come off.
pub fn unwrapped<'a>(name: &str, bytes: &'a [u8], budget: &mut Budget) -> Result<Unwrapped<'a>, UnwrapError> {
    let opened = Opened::new(bytes);
    let as_it_is = || Unwrapped { name: name.to_owned(), bytes: Cow::Borrowed(bytes) };
    let Some(&layer) = opened.layers.last() else { return Ok(as_it_is()) };
    let inner = inner_name(name, opened.layers.len());
    let streamed = [FileKind::Nifti, FileKind::Tar, FileKind::PairHeader, FileKind::PairData];
    if kind_of_start(&inner, &opened.start).is_ok_and(|kind| streamed.contains(&kind)) {
        return Ok(as_it_is());
    }
    if let Some(error) = opened.error {
        return Err(error);
    }
    let bytes = budget.read(opened.into_reader()).map_err(|why| damaged(layer, &why))?;
    bytes.map(|bytes| Unwrapped { name: inner, bytes: Cow::Owned(bytes) }).ok_or(UnwrapError::TooLarge)
}

fn damaged(layer: Layer, why: &Error) -> UnwrapError {
    UnwrapError::Damaged { layer, why: why.to_string() }
}

/// A name without the endings that so many layers add.
pub(crate) fn inner_name(name: &str, layers: usize) -> String {
    let mut name = name.to_owned();
    for _ in 0..layers {
        let lower = name.to_ascii_lowercase();
        // Only ASCII letters change their case, so places are the same in both.
        if let Some((ending, instead)) = ENDINGS.iter().find(|(ending, _)| lower.ends_with(ending)) {
            name.truncate(name.len() - ending.len());
            name.push_str(instead);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut file = GzEncoder::new(Vec::new(), Compression::fast());
        file.write_all(bytes).unwrap();
        file.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut file = ZlibEncoder::new(Vec::new(), Compression::default());
        file.write_all(bytes).unwrap();
        file.finish().unwrap()
    }

    fn bzipped(bytes: &[u8]) -> Vec<u8> {
        let mut file = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        file.write_all(bytes).unwrap();
        file.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    /// A data set, longer than what is looked at first.
    fn dicom() -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..5000u32).map(|at| (at * at % 251) as u8).collect();
        bytes[128..132].copy_from_slice(b"DICM");
        bytes
    }

    fn off(name: &str, bytes: &[u8]) -> Result<(String, Vec<u8>), UnwrapError> {
        unwrapped(name, bytes, &mut Budget::default()).map(|file| (file.name, file.bytes.into_owned()))
    }

    #[test]
    fn every_layer_comes_off_in_one_piece_or_several() {
        let whole = dicom();
        let (first, second) = whole.split_at(3000);
        let skipped = [&[0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        let files = [
            ("IM1.dcm.gz", gzipped(&whole)),
            ("IM1.dcm.gz", [gzipped(first), gzipped(b""), gzipped(second)].concat()),
            ("IM1.dcm.gz", [gzipped(&whole), vec![0; 600]].concat()),
            ("IM1.dcm.z", zlib(&whole)),
            ("IM1.dcm.bz2", bzipped(&whole)),
            ("IM1.dcm.bz2", [bzipped(first), bzipped(second)].concat()),
            ("IM1.dcm.zst", zstd(&whole)),
            ("IM1.dcm.ZST", [skipped.clone(), zstd(first), skipped, zstd(second)].concat()),
            ("IM1.dcm.gz.bz2", bzipped(&gzipped(&whole))),
            ("IM1.dcm", gzipped(&zstd(&bzipped(&whole)))),
            ("IM1.dcm", whole.clone()),
        ];
        for (name, bytes) in files {
            assert_eq!(off(name, &bytes), Ok(("IM1.dcm".into(), whole.clone())), "{name}, {} bytes", bytes.len());
        }
    }

    #[test]
    fn what_is_cut_or_too_much_is_said() {
        for (name, bytes) in [("a.gz", gzipped(&dicom())), ("a.bz2", bzipped(&dicom())), ("a.zst", zstd(&dicom()))] {
            for length in (20..bytes.len() - 1).step_by(131) {
                let found = off(name, &bytes[..length]);
                assert!(matches!(found, Err(UnwrapError::Damaged { .. })), "{name} at {length}: {found:?}");
            }
        }
        let deep = (0..4).fold(dicom(), |bytes, _| gzipped(&bytes));
        assert_eq!(off("deep", &deep), Err(UnwrapError::Nested));
        let mut small = Budget::new(4999, 1);
        assert_eq!(unwrapped("a.gz", &gzipped(&dicom()), &mut small), Err(UnwrapError::TooLarge));
        assert_eq!(small.bytes(), 0);
    }

    #[test]
    fn what_is_read_piece_by_piece_keeps_its_layers() {
        let mut nifti = vec![0; 2000];
        nifti[..4].copy_from_slice(&348i32.to_le_bytes());
        nifti[344..347].copy_from_slice(b"n+1");
        let bytes = gzipped(&nifti);
        assert_eq!(off("a.nii.gz", &bytes), Ok(("a.nii.gz".into(), bytes)));
    }

    #[test]
    fn names_lose_the_endings_of_layers() {
        for (name, layers, inner) in
            [("a/b.dcm.gz", 1, "a/b.dcm"), ("b.TGZ", 1, "b.tar"), ("b.nii.gz.gz", 2, "b.nii"), ("größe", 1, "größe")]
        {
            assert_eq!(inner_name(name, layers), inner);
        }
    }
}

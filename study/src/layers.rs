//! Compressed bytes into those within: layers of gzip, zlib, bzip2, xz and Zstandard are read as one stream.

use std::io::{self, BufRead, BufReader, Cursor, Error, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use lzma_rust2::XzReader;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use thiserror::Error;

use crate::budget::UNPACKED_BYTES;

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

pub(crate) fn damaged(layer: Layer, why: &Error) -> UnwrapError {
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

/// Bytes within a layer of gzip, for tests.
#[cfg(test)]
pub(crate) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;

    let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    file.write_all(bytes).expect("memory takes every byte");
    file.finish().expect("memory takes every byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_endings_of_layers() {
        for (name, layers, inner) in
            [("a/b.dcm.gz", 1, "a/b.dcm"), ("b.TGZ", 1, "b.tar"), ("b.nii.gz.gz", 2, "b.nii"), ("größe", 1, "größe")]
        {
            assert_eq!(inner_name(name, layers), inner);
        }
    }
}

//! A compressed strip or tile of a TIFF file into its bytes.
//!
//! The codecs are crates: only PackBits and the joining of JPEG tables are written here.

use std::io::{Cursor, Read};

use fax::decoder::{decode_g3, decode_g4, pels};
use flate2::read::ZlibDecoder;
use image_webp::WebPDecoder;
use ruzstd::decoding::StreamingDecoder;
use weezl::BitOrder;
use weezl::decode::Configuration;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::damaged;
use crate::decode::DecodeError;

/// How strips and tiles are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    None,
    Group3,
    Group4,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
    Zstd,
    WebP,
}

impl Compression {
    /// The compression of a number (TIFF 6.0, and the list of `tiff.h` in libtiff).
    ///
    /// # Errors
    ///
    /// Names a compression that is not read.
    pub fn of(number: u64) -> Result<Self, DecodeError> {
        let name = match number {
            0 | 1 => return Ok(Self::None),
            3 => return Ok(Self::Group3),
            4 => return Ok(Self::Group4),
            5 => return Ok(Self::Lzw),
            7 => return Ok(Self::Jpeg),
            8 | 32946 => return Ok(Self::Deflate),
            32773 => return Ok(Self::PackBits),
            50000 => return Ok(Self::Zstd),
            50001 => return Ok(Self::WebP),
            2 => "CCITT run lengths (fax without line ends)",
            6 => "JPEG of the old kind",
            32766 => "NeXT",
            32809 => "ThunderScan",
            32908 | 32909 => "Pixar",
            33003..=33005 | 34712 => "JPEG 2000",
            34661 => "JBIG",
            34676 | 34677 => "LogLuv",
            34887 => "LERC",
            34892 => "lossy JPEG of a camera raw image",
            34925 => "LZMA",
            34933 => "PNG",
            50002 | 52546 => "JPEG XL",
            other => return Err(not_read(&format!("compression {other}"))),
        };
        Err(not_read(&format!("{name} compression")))
    }

    /// Whether numbers may be stored as differences.
    pub fn takes_predictor(self) -> bool {
        matches!(self, Self::Lzw | Self::Deflate | Self::PackBits | Self::Zstd)
    }

    /// Whether the codec gives colours as bytes of its own.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::WebP)
    }
}

fn not_read(what: &str) -> DecodeError {
    DecodeError::Unsupported(format!(
        "the TIFF is stored with {what}, which is not read; save it uncompressed or with LZW or Deflate"
    ))
}

/// What a codec has to know of a strip or tile.
pub struct Chunk<'a> {
    pub data: &'a [u8],
    pub width_px: usize,
    pub rows: usize,
    /// Samples of a pixel in it.
    pub samples: usize,
    /// Bytes of all its rows.
    pub length: usize,
    pub jpeg_tables: Option<&'a [u8]>,
    /// Whether a JPEG's colours are to come as they are stored.
    pub keeps_colours: bool,
    /// Whether the first pixel of a byte is its lowest bit.
    pub low_bit_first: bool,
}

impl Chunk<'_> {
    /// The bytes of the strip or tile.
    ///
    /// # Errors
    ///
    /// If there are fewer than it must have.
    pub fn unpacked(&self, compression: Compression) -> Result<Vec<u8>, DecodeError> {
        let reversed: Vec<u8>;
        let data = if self.low_bit_first && !compression.is_picture() {
            reversed = self.data.iter().map(|byte| byte.reverse_bits()).collect();
            &reversed
        } else {
            self.data
        };
        let mut bytes = match compression {
            Compression::None => data.get(..self.length).unwrap_or(data).to_vec(),
            Compression::Lzw => self.lzw(data),
            Compression::Deflate => self.taken(ZlibDecoder::new(data)),
            Compression::Zstd => self.taken(StreamingDecoder::new(data).map_err(|error| damaged(&error.to_string()))?),
            Compression::PackBits => self.pack_bits(data),
            Compression::Group3 | Compression::Group4 => self.fax(data, compression)?,
            Compression::Jpeg => self.jpeg()?,
            Compression::WebP => self.webp()?,
        };
        if bytes.len() < self.length {
            return Err(damaged("a strip or tile has fewer pixels than it must have"));
        }
        bytes.truncate(self.length);
        Ok(bytes)
    }

    /// As much as a reader gives; what is missing is noticed by its length.
    fn taken(&self, reader: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut reader = reader.take(self.length as u64);
        // An error after the last pixel is none: some programs leave the end of the stream out.
        drop(reader.read_to_end(&mut bytes));
        bytes
    }

    fn lzw(&self, mut data: &[u8]) -> Vec<u8> {
        // Before TIFF 6.0 the bits lay the other way round and codes grew later; libtiff tells it so, too.
        let old = matches!(data, [0, second, ..] if second & 1 == 1);
        let configuration = if old {
            Configuration::new(BitOrder::Lsb, 8)
        } else {
            Configuration::with_tiff_size_switch(BitOrder::Msb, 8)
        };
        let mut decoder = configuration.build();
        let mut bytes = vec![0; self.length];
        let mut filled = 0;
        while filled < bytes.len() {
            let step = decoder.decode_bytes(data, &mut bytes[filled..]);
            filled += step.consumed_out;
            data = &data[step.consumed_in..];
            if !matches!(step.status, Ok(weezl::LzwStatus::Ok)) || step.consumed_in + step.consumed_out == 0 {
                break;
            }
        }
        bytes.truncate(filled);
        bytes
    }

    /// Runs and literal bytes (TIFF 6.0, section 9).
    fn pack_bits(&self, mut data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let (true, Some((&head, rest))) = (bytes.len() < self.length, data.split_first()) {
            let literal = usize::from(head) + 1;
            data = match head {
                0..=127 => {
                    let end = literal.min(rest.len());
                    bytes.extend_from_slice(&rest[..end]);
                    &rest[end..]
                }
                128 => rest,
                129..=255 => {
                    let Some((&byte, rest)) = rest.split_first() else { break };
                    bytes.extend(std::iter::repeat_n(byte, 257 - usize::from(head)));
                    rest
                }
            };
        }
        bytes
    }

    fn fax(&self, data: &[u8], compression: Compression) -> Result<Vec<u8>, DecodeError> {
        let width = u16::try_from(self.width_px).map_err(|_| damaged("a line of a fax is too long"))?;
        let rows = u16::try_from(self.rows).map_err(|_| damaged("a fax has too many lines"))?;
        let mut bytes = Vec::new();
        let line = |runs: &[u16]| {
            let row = bytes.len();
            if row >= self.length {
                return;
            }
            bytes.resize(row + self.width_px.div_ceil(8), 0);
            for (at, colour) in pels(runs, width).enumerate() {
                bytes[row + at / 8] |= u8::from(colour == fax::Color::Black) << (7 - at % 8);
            }
        };
        // Missing lines are noticed by the length.
        if compression == Compression::Group4 {
            decode_g4(data.iter().copied(), width, Some(rows), line);
        } else {
            decode_g3(data.iter().copied(), line);
        }
        Ok(bytes)
    }

    fn jpeg(&self) -> Result<Vec<u8>, DecodeError> {
        let refused = |error: &dyn std::fmt::Debug| damaged(&format!("a JPEG within it: {error:?}"));
        let stream = match self.jpeg_tables {
            // The tables are a JPEG of their own without an image: its end and the image's start go.
            Some([tables @ .., 0xFF, 0xD9]) if self.data.starts_with(&[0xFF, 0xD8]) => {
                [tables, &self.data[2..]].concat()
            }
            _ => self.data.to_vec(),
        };
        let options =
            DecoderOptions::default().set_max_width(self.width_px).set_max_height(self.rows.max(8).next_multiple_of(8));
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&stream), options);
        decoder.decode_headers().map_err(|error| refused(&error))?;
        let stored = decoder.input_colorspace().unwrap_or(ColorSpace::Unknown);
        let wanted = match (stored, self.samples) {
            (_, 1) => ColorSpace::Luma,
            (ColorSpace::RGB, 3) => ColorSpace::RGB,
            // Unconverted: they are red, green and blue already, whatever the decoder takes them for.
            (stored, 3) if self.keeps_colours => stored,
            (_, 3) => ColorSpace::RGB,
            _ => return Err(not_read("JPEG compression of neither one nor three colours")),
        };
        decoder.set_options(options.jpeg_set_out_colorspace(wanted));
        let info = decoder.info().ok_or_else(|| damaged("a JPEG within it has no size"))?;
        if usize::from(info.width) != self.width_px || usize::from(info.components) != self.samples {
            return Err(damaged("a JPEG within it has another size than the page"));
        }
        decoder.decode().map_err(|error| refused(&error))
    }

    fn webp(&self) -> Result<Vec<u8>, DecodeError> {
        let refused = |error: image_webp::DecodingError| damaged(&format!("a WebP within it: {error}"));
        let mut decoder = WebPDecoder::new(Cursor::new(self.data)).map_err(refused)?;
        let (width, rows) = decoder.dimensions();
        let samples = if decoder.has_alpha() { 4 } else { 3 };
        if (width as usize, rows as usize) != (self.width_px, self.rows) || decoder.is_animated() {
            return Err(damaged("a WebP within it has another size than the page"));
        }
        let mut bytes = vec![0; self.width_px * self.rows * samples];
        decoder.read_image(&mut bytes).map_err(refused)?;
        Ok(match (samples, self.samples) {
            (4, 3) => bytes.chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect(),
            // An alpha that is full everywhere may be left out.
            (3, 4) => bytes.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], u8::MAX]).collect(),
            (have, want) if have == want => bytes,
            _ => return Err(damaged("a WebP within it has other colours than the page")),
        })
    }
}

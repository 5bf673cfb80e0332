//! The stream of one frame into its numbers, by the codec of the transfer syntax.

use dicom_dictionary_std::uids;
use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::parse::damaged;
use super::{DicomError, jpeg};

/// Bytes that may follow the end of a stream: padding to an even length, and some more that archives add.
const PADDING: usize = 16;

/// How frames are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// Numbers as they are.
    Plain,
    /// Runs of bytes, DICOM's own.
    RunLengths,
    /// JPEG: sequential or lossless, as the stream says.
    Jpeg,
    /// JPEG-LS.
    JpegLs { lossless: bool },
    /// JPEG 2000.
    Jpeg2000 { lossless: bool },
}

impl Codec {
    /// The codec of a transfer syntax, if it is read.
    pub(super) fn of(syntax: &str) -> Option<Self> {
        /// Big endian, which the dictionary leaves out as retired.
        const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
        /// JPEG of process 14 with any predictor.
        const JPEG_PROCESS_14: &str = "1.2.840.10008.1.2.4.57";
        match syntax {
            uids::IMPLICIT_VR_LITTLE_ENDIAN | uids::EXPLICIT_VR_LITTLE_ENDIAN | BIG_ENDIAN => Some(Self::Plain),
            uids::RLE_LOSSLESS => Some(Self::RunLengths),
            uids::JPEG_BASELINE8_BIT | uids::JPEG_EXTENDED12_BIT | uids::JPEG_LOSSLESS_SV1 | JPEG_PROCESS_14 => {
                Some(Self::Jpeg)
            }
            uids::JPEGLS_LOSSLESS => Some(Self::JpegLs { lossless: true }),
            uids::JPEGLS_NEAR_LOSSLESS => Some(Self::JpegLs { lossless: false }),
            uids::JPEG2000_LOSSLESS => Some(Self::Jpeg2000 { lossless: true }),
            uids::JPEG2000 => Some(Self::Jpeg2000 { lossless: false }),
            _ => None,
        }
    }
}

/// The numbers of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The numbers, those below zero as in two's complement of 16 bit.
    pub numbers: Vec<u16>,
    /// Bits of a number, by the stream.
    pub precision: u32,
    /// Whether the stream itself knows numbers below zero.
    pub signed: bool,
    /// Whether the numbers are those that were encoded.
    pub lossless: bool,
}

pub(super) fn jpeg(stream: &[u8], columns: usize, rows: usize) -> Result<Decoded, DicomError> {
    let image = jpeg::decode(stream, columns, rows).map_err(damaged)?;
    Ok(Decoded { numbers: image.numbers, precision: image.precision, signed: false, lossless: image.lossless })
}

pub(super) fn jpeg_ls(stream: &[u8], columns: usize, rows: usize, lossless: bool) -> Result<Decoded, DicomError> {
    /// End of the image (ISO 14495-1, C.1.1).
    const END: [u8; 2] = [0xff, 0xd9];
    /// Whole bytes of zeros that encoders write behind the last bits, where at most seven bits are due.
    const LEFT_OVER: usize = 2;
    let precision = jpeg_ls_precision(stream).ok_or(DicomError::Damaged("a JPEG-LS stream has no frame".into()))?;
    let decode = |stream: &[u8]| jpegls::decode(stream, columns as u32, rows as u32).map(|(numbers, ..)| numbers);
    let mut result = decode(stream);
    // The decoder wants the end of the image right behind the last bits.
    let end = stream.windows(2).rposition(|bytes| bytes == END).unwrap_or(0);
    let zeros = stream[..end].iter().rev().take(LEFT_OVER).take_while(|&&byte| byte == 0).count();
    for fewer in 1..=zeros {
        if result.is_ok() {
            break;
        }
        if let Ok(numbers) = decode(&[&stream[..end - fewer], &END].concat()) {
            result = Ok(numbers);
        }
    }
    Ok(Decoded { numbers: result.map_err(damaged)?, precision, signed: false, lossless })
}

/// Bits of a number by the frame header of a JPEG-LS stream.
fn jpeg_ls_precision(stream: &[u8]) -> Option<u32> {
    const FRAME: u8 = 0xf7;
    let mut at = 2;
    loop {
        let &[0xff, code, high, low, precision] = stream.get(at..at + 5)? else { return None };
        if code == FRAME {
            return Some(precision.into());
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}

pub(super) fn jpeg_2000(stream: &[u8], columns: usize, rows: usize, lossless: bool) -> Result<Decoded, DicomError> {
    /// Begins a codestream that is in no file of its own, and ends it (ISO 15444-1, A.2).
    const START: [u8; 2] = [0xff, 0x4f];
    const END: [u8; 2] = [0xff, 0xd9];
    /// Place of the first component's precision and sign in a codestream (ISO 15444-1, A.5.1).
    const SIGN: usize = 42;
    let tail = &stream[stream.len().saturating_sub(PADDING)..];
    if stream.starts_with(&START) && !tail.windows(2).any(|bytes| bytes == END) {
        return Err(DicomError::Damaged("a JPEG 2000 stream ends early".into()));
    }
    let opened = |stream| Image::new(stream, &DecodeSettings { strict: true, ..DecodeSettings::default() });
    let image = match (opened(stream), stream) {
        // The byte that makes the length even is no box of a file.
        (Err(_), [rest @ .., 0]) => opened(rest),
        (image, _) => image,
    };
    let image = image.map_err(damaged)?;
    if (image.width() as usize, image.height() as usize) != (columns, rows) {
        return Err(DicomError::Damaged(format!("its stream has {} × {} pixels", image.width(), image.height())));
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(damaged)?;
    let [component] = decoded.components() else { return Err(DicomError::Header("single component")) };
    let precision = component.bit_depth().clamp(1, 16);
    let signed = stream.get(SIGN).is_some_and(|sign| sign & 0x80 != 0);
    // The decoder raises signed numbers to positive ones.
    let raised = if signed { 1u16 << (precision - 1) } else { 0 };
    let highest = f32::from(u16::MAX >> (16 - precision));
    let numbers = component.samples().iter();
    let numbers = numbers.map(|v| (v.round().clamp(0.0, highest) as u16).wrapping_sub(raised)).collect();
    Ok(Decoded { numbers, precision: precision.into(), signed, lossless })
}

//! The pixel data of a DICOM file into the stored numbers of every frame.

use std::borrow::Cow;

use dicom_core::DicomValue;
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::adapters::PixelDataObject;
use dicom_encoding::{Codec, TransferSyntaxIndex};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::attributes::integer;
use super::parse::damaged;
use super::{DicomError, DicomFile, Pixels};
use crate::run_length;

/// Transfer syntaxes of JPEG 2000.
const JPEG_2000: [&str; 2] = [uids::JPEG2000_LOSSLESS, uids::JPEG2000];

/// The numbers of every frame.
pub(super) fn pixels(
    file: &mut DicomFile,
    [columns, rows, frames]: [usize; 3],
    bits: usize,
) -> Result<Vec<Pixels>, DicomError> {
    let area = columns * rows;
    let stored = integer(file, tags::BITS_STORED).map_or(bits, |stored| (stored.max(1) as usize).min(bits));
    let high = integer(file, tags::HIGH_BIT).map_or(stored - 1, |high| (high.max(0) as usize).min(bits - 1));
    let signed = integer(file, tags::PIXEL_REPRESENTATION) == Some(1);
    let unpack = Unpack { bits, stored, shift: (high + 1).saturating_sub(stored), signed };

    let uid = file.meta().transfer_syntax().to_owned();
    let unsupported = || DicomError::TransferSyntax(syntax_name(&uid));
    let syntax = TransferSyntaxRegistry.get(&uid).ok_or_else(unsupported)?;
    let data: Cow<[u8]> = if uid == uids::JPEGLS_LOSSLESS || uid == uids::JPEGLS_NEAR_LOSSLESS {
        streams(file, frames, bits, |stream| jpeg_ls(stream, columns, rows))?.into()
    } else if JPEG_2000.contains(&uid.as_str()) {
        streams(file, frames, bits, |stream| jpeg_2000(stream, columns, rows))?.into()
    } else if uid == uids::RLE_LOSSLESS {
        let decoded = (0..frames).map(|frame| run_length::decode(&file.fragment(frame)?, area, bits / 8));
        let decoded: Option<Vec<Vec<u8>>> = decoded.collect();
        decoded.ok_or_else(|| DicomError::Damaged("its run lengths do not add up".into()))?.concat().into()
    } else if let Codec::EncapsulatedPixelData(decoder, _) = syntax.codec() {
        let mut data = Vec::new();
        decoder.as_ref().ok_or_else(unsupported)?.decode(file, &mut data).map_err(damaged)?;
        data.into()
    } else {
        match file.get(tags::PIXEL_DATA).map(|element| element.value()) {
            Some(DicomValue::Primitive(value)) => value.to_bytes(),
            _ => return Err(unsupported()),
        }
    };
    let expected = area * frames * bits / 8;
    // Some archives pad the last frame; a whole frame too many is no padding.
    if data.len() < expected || data.len() - expected >= area * bits / 8 {
        return Err(DicomError::PixelLength { expected, found: data.len() });
    }
    Ok(data[..expected].chunks_exact(area * bits / 8).map(|frame| unpack.frame(frame)).collect())
}

/// How numbers lie in their bytes.
struct Unpack {
    bits: usize,
    stored: usize,
    shift: usize,
    signed: bool,
}

impl Unpack {
    fn frame(&self, bytes: &[u8]) -> Pixels {
        let raised = |value: u16| {
            // The sign is the highest stored bit.
            let left = 16 - self.stored.min(16);
            let value = ((value << left) as i16) >> left;
            (value as u16) ^ 0x8000
        };
        let mask = if self.stored >= 16 { u16::MAX } else { (1 << self.stored) - 1 };
        let clean =
            |value: u16| if self.signed { raised((value >> self.shift) & mask) } else { (value >> self.shift) & mask };
        let words: Vec<u16> = match self.bits {
            8 => bytes.iter().map(|&byte| clean(byte.into())).collect(),
            16 => bytes.chunks_exact(2).map(|b| clean(u16::from_le_bytes([b[0], b[1]]))).collect(),
            _ => {
                let wide = bytes.chunks_exact(4).map(|b| {
                    let value = i32::from_le_bytes([b[0], b[1], b[2], b[3]]);
                    if self.signed { value as f32 } else { value as u32 as f32 }
                });
                return Pixels::Wide(wide.collect());
            }
        };
        if self.signed { Pixels::Signed(words) } else { Pixels::Unsigned(words) }
    }
}

/// The pixels of every frame, each of which `decode` turns from a stream into numbers.
fn streams(
    file: &DicomFile,
    frames: usize,
    bits: usize,
    decode: impl Fn(&[u8]) -> Result<Vec<u16>, DicomError>,
) -> Result<Vec<u8>, DicomError> {
    let fragments = file.number_of_fragments().unwrap_or(0) as usize;
    let mut data = Vec::new();
    for frame in 0..frames {
        // One fragment a frame, unless there is one frame only.
        let parts = if frames == 1 { 0..fragments } else { frame..frame + 1 };
        let parts = parts.map(|at| file.fragment(at).ok_or(DicomError::Header("fragment for every frame")));
        let stream: Vec<u8> = parts.collect::<Result<Vec<_>, _>>()?.concat();
        let numbers = decode(&stream)?;
        match bits {
            8 => data.extend(numbers.into_iter().map(|v| v as u8)),
            _ => data.extend(numbers.into_iter().flat_map(u16::to_le_bytes)),
        }
    }
    Ok(data)
}

fn jpeg_ls(stream: &[u8], columns: usize, rows: usize) -> Result<Vec<u16>, DicomError> {
    jpegls::decode(stream, columns as u32, rows as u32).map(|(numbers, ..)| numbers).map_err(damaged)
}

fn jpeg_2000(stream: &[u8], columns: usize, rows: usize) -> Result<Vec<u16>, DicomError> {
    /// Place of the first component's precision and sign in a stream (ISO 15444-1, A.5.1).
    const SIGN: usize = 42;
    let image = Image::new(stream, &DecodeSettings { strict: true, ..DecodeSettings::default() }).map_err(damaged)?;
    if (image.width() as usize, image.height() as usize) != (columns, rows) {
        return Err(DicomError::Damaged(format!("its stream has {} × {} pixels", image.width(), image.height())));
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(damaged)?;
    let [component] = decoded.components() else { return Err(DicomError::Header("single component")) };
    let depth = component.bit_depth().clamp(1, 16);
    let signed = stream.get(SIGN).is_some_and(|sign| sign & 0x80 != 0);
    // The decoder raises signed numbers to positive ones.
    let raised = if signed { 1u16 << (depth - 1) } else { 0 };
    let highest = f32::from(u16::MAX >> (16 - depth));
    Ok(component.samples().iter().map(|v| (v.round().clamp(0.0, highest) as u16).wrapping_sub(raised)).collect())
}

fn syntax_name(uid: &str) -> String {
    TransferSyntaxRegistry.get(uid).map_or_else(|| uid.to_owned(), |syntax| syntax.name().to_owned())
}

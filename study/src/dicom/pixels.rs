//! The pixel data of a DICOM file into the stored numbers of every frame, or the reason not to believe them.

use std::borrow::Cow;

use dicom_core::{DicomValue, Tag};
use dicom_dictionary_std::tags;
use dicom_encoding::TransferSyntaxIndex;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use super::attributes::integer;
use super::codecs::{self, Codec, Decoded};
use super::streams::streams;
use super::{DicomError, DicomFile, Pixels};
use crate::run_length;

/// Whether a file has pixels of any kind.
pub(super) fn has_pixels(file: &DicomFile) -> bool {
    [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA].iter().any(|&tag| file.get(tag).is_some())
}

/// The numbers of every frame, each of which has so many columns and rows.
pub(super) fn pixels(
    file: &DicomFile,
    [columns, rows, frames]: [usize; 3],
    bits: usize,
) -> Result<Vec<Pixels>, DicomError> {
    let area = columns * rows;
    if file.get(tags::PIXEL_DATA).is_none() {
        return floats(file, area, frames, bits);
    }
    if !matches!(bits, 8 | 16 | 32) {
        return Err(DicomError::Header("number of bits"));
    }
    let stored = integer(file, tags::BITS_STORED).map_or(bits, |stored| (stored.max(1) as usize).min(bits));
    let high = integer(file, tags::HIGH_BIT).map_or(stored - 1, |high| (high.max(0) as usize).min(bits - 1));
    let signed = integer(file, tags::PIXEL_REPRESENTATION) == Some(1);
    let unpack = Unpack { bits, stored, shift: (high + 1).saturating_sub(stored), signed };

    let uid = file.meta().transfer_syntax();
    let codec = Codec::of(uid).ok_or_else(|| DicomError::TransferSyntax(syntax_name(uid)))?;
    if codec == Codec::Plain {
        let numbers = plain(file, tags::PIXEL_DATA, area * (bits / 8), frames)?;
        return Ok(numbers.chunks_exact(area * (bits / 8)).map(|frame| unpack.bytes(frame)).collect());
    }
    let stated = Stated::of(file, &unpack);
    let overlaid = has_overlay_bits(file);
    let decoded = streams(file, frames)?.into_iter().map(|stream| {
        let decoded = match codec {
            Codec::Jpeg => codecs::jpeg(&stream, columns, rows)?,
            Codec::JpegLs { lossless } => codecs::jpeg_ls(&stream, columns, rows, lossless)?,
            Codec::Jpeg2000 { lossless } => codecs::jpeg_2000(&stream, columns, rows, lossless)?,
            Codec::RunLengths | Codec::Plain => {
                let bytes = run_length::decode(&stream, area, bits / 8);
                let bytes = bytes.ok_or_else(|| DicomError::Damaged("its run lengths do not add up".into()))?;
                let numbers = match bits {
                    8 => bytes.into_iter().map(u16::from).collect(),
                    16 => bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect(),
                    _ => return Ok(unpack.bytes(&bytes)),
                };
                Decoded { numbers, precision: bits as u32, signed: false, lossless: true }
            }
        };
        let lossless = decoded.lossless;
        let frame = unpack.decoded(decoded, area, overlaid)?;
        if lossless && !stated.allows(&frame) { Err(DicomError::Values) } else { Ok(frame) }
    });
    decoded.collect()
}

/// The bytes of `frames` frames, as they are in the file.
fn plain(file: &DicomFile, tag: Tag, frame: usize, frames: usize) -> Result<Cow<'_, [u8]>, DicomError> {
    let Some(DicomValue::Primitive(value)) = file.get(tag).map(|element| element.value()) else {
        return Err(DicomError::Damaged(
            "its pixels are encapsulated, and its transfer syntax says that they are not".into(),
        ));
    };
    let (mut data, expected) = (value.to_bytes(), frame * frames);
    // Some archives pad the last frame; a whole frame too many is no padding.
    if data.len() < expected || data.len() - expected >= frame {
        return Err(DicomError::PixelLength { expected, found: data.len() });
    }
    match &mut data {
        Cow::Borrowed(bytes) => *bytes = &bytes[..expected],
        Cow::Owned(bytes) => bytes.truncate(expected),
    }
    Ok(data)
}

/// Pixels that are no whole numbers. What is no number at all says that nothing was measured, and counts as zero.
fn floats(file: &DicomFile, area: usize, frames: usize, bits: usize) -> Result<Vec<Pixels>, DicomError> {
    let tag = match bits {
        32 => tags::FLOAT_PIXEL_DATA,
        64 => tags::DOUBLE_FLOAT_PIXEL_DATA,
        _ => return Err(DicomError::Header("number of bits")),
    };
    if file.get(tag).is_none() {
        return Err(DicomError::Header("number of bits"));
    }
    let numbers = plain(file, tag, area * (bits / 8), frames)?;
    let number = |bytes: &[u8]| {
        let value = match *bytes {
            [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
            [a, b, c, d, e, f, g, h] => f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32,
            _ => 0.0,
        };
        if value.is_finite() { value } else { 0.0 }
    };
    let frames = numbers.chunks_exact(area * (bits / 8));
    Ok(frames.map(|frame| Pixels::Wide(frame.chunks_exact(bits / 8).map(number).collect())).collect())
}

/// How numbers lie in their bytes.
struct Unpack {
    bits: usize,
    stored: usize,
    shift: usize,
    signed: bool,
}

impl Unpack {
    /// A frame out of its bytes, lowest first.
    fn bytes(&self, bytes: &[u8]) -> Pixels {
        match self.bits {
            8 => self.numbers(bytes.iter().map(|&byte| byte.into())),
            16 => self.numbers(bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]).into())),
            _ => self.numbers(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
        }
    }

    /// A frame out of the numbers of a stream, once they agree with what the header says of them.
    fn decoded(&self, decoded: Decoded, area: usize, overlaid: bool) -> Result<Pixels, DicomError> {
        let Decoded { numbers, precision, signed, lossless } = decoded;
        let (bits, stored) = (self.bits as u32, self.stored as u32);
        let contradiction =
            |what: &str| DicomError::Damaged(format!("{what}: {precision} bits in its stream, {stored} in its header"));
        if numbers.len() != area {
            return Err(DicomError::PixelLength { expected: area, found: numbers.len() });
        }
        if precision > bits {
            return Err(contradiction("its pixels do not fit"));
        }
        // The stream does not know where such a number's sign is.
        if self.signed && !signed && precision < stored + self.shift as u32 {
            return Err(contradiction("its pixels have no sign"));
        }
        if self.shift > 0 || stored >= 16 {
            if signed && !self.signed && numbers.iter().any(|&number| number > i16::MAX as u16) {
                return Err(DicomError::Values);
            }
            let extended = |number: u16| if signed { i32::from(number as i16) as u32 } else { number.into() };
            return Ok(self.numbers(numbers.into_iter().map(extended)));
        }
        let [lowest, highest] =
            if self.signed { [-(1 << (stored - 1)), (1 << (stored - 1)) - 1] } else { [0, (1 << stored) - 1] };
        let beyond = |number: u16| match (signed, self.signed) {
            (true, _) => !(lowest..=highest).contains(&i32::from(number as i16)),
            // Two's complement of the stored bits, or of all.
            (false, true) => number >> stored != 0 && !(lowest..=highest).contains(&i32::from(number as i16)),
            (false, false) => i32::from(number) > highest,
        };
        if lossless && !overlaid && numbers.iter().any(|&number| beyond(number)) {
            return Err(DicomError::Values);
        }
        // What was lost may overshoot.
        let within = |number: u16| match (signed, self.signed) {
            (true, _) => i32::from(number as i16).clamp(lowest, highest) as u16,
            (false, false) if !lossless => number.min(highest as u16),
            _ => number,
        };
        Ok(self.numbers(numbers.into_iter().map(|number| within(number).into())))
    }

    fn numbers(&self, numbers: impl Iterator<Item = u32>) -> Pixels {
        let unused = 32 - self.stored as u32;
        let mask = u32::MAX >> unused;
        let clean = |value: u32| value >> self.shift & mask;
        // The sign is the highest stored bit.
        let extended = |value: u32| ((clean(value) << unused) as i32) >> unused;
        match (self.bits, self.signed) {
            (8 | 16, true) => Pixels::Signed(numbers.map(|value| extended(value) as u16 ^ 0x8000).collect()),
            (8 | 16, false) => Pixels::Unsigned(numbers.map(|value| clean(value) as u16).collect()),
            (_, true) => Pixels::Wide(numbers.map(|value| extended(value) as f32).collect()),
            (_, false) => Pixels::Wide(numbers.map(|value| clean(value) as f32).collect()),
        }
    }
}

/// What the header says of the values: their smallest and largest, and those that are padding.
///
/// Only asked of pixels that came out of a lossless codec. Scanners are known to leave the numbers at those of another
/// image, but a codec that goes astray is caught by nothing else.
struct Stated {
    range: Option<[f64; 2]>,
    padding: Option<[f64; 2]>,
}

impl Stated {
    fn of(file: &DicomFile, unpack: &Unpack) -> Self {
        // Whatever representation the attribute claims to have, its sign is that of the pixels.
        let number = |tag| {
            integer(file, tag)
                .map(|value| if unpack.signed { f64::from(value as i16) } else { f64::from(value as u16) })
        };
        let range = |first: Tag, last: Tag| Some([number(first)?, number(last)?]);
        let padding = range(tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_RANGE_LIMIT)
            .or_else(|| range(tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_VALUE))
            .map(|[first, last]| [first.min(last), first.max(last)]);
        let stated = range(tags::SMALLEST_IMAGE_PIXEL_VALUE, tags::LARGEST_IMAGE_PIXEL_VALUE);
        Self { range: stated.filter(|[smallest, largest]| smallest < largest && unpack.bits <= 16), padding }
    }

    fn allows(&self, frame: &Pixels) -> bool {
        let Some([smallest, largest]) = self.range else { return true };
        let allowed = |value: f64| {
            let padding = self.padding.is_some_and(|[first, last]| (first..=last).contains(&value));
            (smallest..=largest).contains(&value) || padding
        };
        match frame {
            Pixels::Unsigned(numbers) => numbers.iter().all(|&number| allowed(number.into())),
            Pixels::Signed(numbers) => numbers.iter().all(|&number| allowed(((number ^ 0x8000) as i16).into())),
            Pixels::Wide(_) => true,
        }
    }
}

/// Whether bits of the pixels above those stored hold an overlay, as was the custom once (PS3.5, 8.1.2).
fn has_overlay_bits(file: &DicomFile) -> bool {
    const OVERLAY_BITS_ALLOCATED: u16 = 0x0100;
    (0x6000..=0x601e)
        .step_by(2)
        .any(|group| integer(file, Tag(group, OVERLAY_BITS_ALLOCATED)).is_some_and(|bits| bits > 1))
}

fn syntax_name(uid: &str) -> String {
    TransferSyntaxRegistry.get(uid).map_or_else(|| uid.to_owned(), |syntax| syntax.name().to_owned())
}

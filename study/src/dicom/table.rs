//! Stored numbers into intensities by a table of the data set (PS3.3 C.11.1, Modality LUT), where it has one instead of a slope.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::attributes::integer;
use super::{DicomFile, Pixels, Plane};

/// Entries of a table whose number does not fit into its 16 bit.
const FULL: usize = 1 << 16;

/// Intensities of stored numbers.
pub(super) struct Table {
    /// The stored number of the first entry; smaller ones are taken for it.
    first: i64,
    values: Vec<u16>,
}

impl Table {
    /// The table of a data set, if it has one that is whole.
    pub(super) fn of(file: &DicomFile) -> Option<Self> {
        let item = file.get(tags::MODALITY_LUT_SEQUENCE)?.items()?.first()?;
        let [count, first, _] = words(item, tags::LUT_DESCRIPTOR)?[..] else { return None };
        let count = if count == 0 { FULL } else { usize::from(count) };
        // Its sign is that of the pixels.
        let signed = integer(file, tags::PIXEL_REPRESENTATION) == Some(1);
        let first = if signed { i64::from(first as i16) } else { first.into() };
        let bytes = item.get(tags::LUT_DATA)?.to_bytes().ok()?;
        let values: Vec<u16> = match bytes.len() {
            length if length / 2 == count => words(item, tags::LUT_DATA)?,
            // Entries of 8 bit, perhaps padded.
            length if length == count.next_multiple_of(2) => bytes[..count].iter().map(|&byte| byte.into()).collect(),
            _ => return None,
        };
        Some(Self { first, values })
    }

    /// The intensity of a stored number.
    pub(super) fn get(&self, stored: i64) -> u16 {
        let last = self.values.len() - 1;
        self.values[usize::try_from(stored.saturating_sub(self.first)).map_or(0, |at| at.min(last))]
    }

    /// The image with its intensities.
    pub(super) fn apply(&self, plane: Plane) -> Plane {
        let numbers = match &plane.pixels {
            Pixels::Unsigned(numbers) => numbers.iter().map(|&v| self.get(v.into())).collect(),
            Pixels::Signed(numbers) => numbers.iter().map(|&v| self.get(i64::from((v ^ 0x8000) as i16))).collect(),
            Pixels::Wide(numbers) => numbers.iter().map(|&v| self.get(v as i64)).collect(),
        };
        Plane { pixels: Pixels::Unsigned(numbers), rescale: (1.0, 0.0), ..plane }
    }
}

/// The 16-bit numbers of an element, whatever its representation.
fn words(item: &InMemDicomObject, tag: Tag) -> Option<Vec<u16>> {
    let bytes = item.get(tag)?.to_bytes().ok()?;
    Some(bytes.as_chunks().0.iter().map(|&pair| u16::from_le_bytes(pair)).collect())
}

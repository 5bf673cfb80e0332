//! Bytes of a NIfTI file into its volumes.

use std::io::{self, Cursor, Read};

use super::header::{Fields, Form, Header};
use super::placement::placement;
use super::{INTENT_LABEL, NiftiError, OWN_MASK};
use crate::layers::Opened;
use crate::raw::{self, Layout, RawError};
use crate::series::{Series, SeriesWarning};

pub(super) use crate::raw::{Volumes, Wanted};

/// Endings of names that data sets give to labels.
const LABEL_WORDS: [&str; 5] = ["mask", "label", "seg", "_gt", "roi"];

/// The volumes of a NIfTI file of this name: one, or one for each time of a file in four dimensions.
///
/// Of a file with more than [`MOST_VOLUMES`](crate::MOST_VOLUMES), or with more than fits, the first comes alone, with a warning that says
/// how many there are; [`read_nifti_volume`] reads another. Layers of compression come off piece by piece.
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with the file.
pub fn read_nifti(name: &str, bytes: &[u8]) -> Result<Volumes, NiftiError> {
    single(name, bytes, Wanted::All)
}

/// The volume of this index, from 0, in a NIfTI file of several.
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with the file, or that there are not so many.
pub fn read_nifti_volume(name: &str, bytes: &[u8], index: usize) -> Result<(Series, Vec<SeriesWarning>), NiftiError> {
    let mut volumes = single(name, bytes, Wanted::One(index))?;
    volumes.pop().ok_or(NiftiError::NoVolume { number: index.saturating_add(1), count: 0 })
}

fn single(name: &str, bytes: &[u8], wanted: Wanted) -> Result<Volumes, NiftiError> {
    let mut source = opened(bytes)?;
    let start = beginning(&mut source)?;
    let header = Header::parse(&start)?;
    if header.form != Form::Single {
        return Err(NiftiError::Pair);
    }
    let offset = header.data_offset(Header::length(&start));
    volumes(name, &header, offset, Cursor::new(start).chain(source), wanted)
}

/// A file without its layers.
pub(super) fn opened(bytes: &[u8]) -> Result<impl Read + '_, NiftiError> {
    let opened = Opened::new(bytes);
    match opened.error {
        Some(error) => Err(NiftiError::Damaged(error.to_string())),
        None => Ok(opened.into_reader()),
    }
}

/// As much of a file as a header may take.
pub(super) fn beginning(source: impl Read) -> Result<Vec<u8>, NiftiError> {
    let mut start = Vec::new();
    source.take(Header::LONGEST as u64).read_to_end(&mut start).map_err(damaged)?;
    Ok(start)
}

fn damaged(error: io::Error) -> NiftiError {
    NiftiError::Damaged(error.to_string())
}

/// The volumes that begin so many bytes into a source.
pub(super) fn volumes(
    name: &str,
    header: &Header,
    offset: u64,
    source: impl Read,
    wanted: Wanted,
) -> Result<Volumes, NiftiError> {
    let (size, count) = header.size()?;
    let kind = header.kind()?;
    // A slope of zero means that there is none.
    let scaled = header.slope != 0.0 && header.slope.is_finite() && header.intercept.is_finite();
    let (slope, intercept) = if scaled { (header.slope, header.intercept) } else { (1.0, 0.0) };
    let (placement, warnings) = placement(header, size);
    let big_endian = header.big_endian;
    let layout = Layout { size, count, interleaved: false, kind, big_endian, slope, intercept, placement, warnings };
    raw::volumes(name, layout, offset, source, wanted).map_err(|error| match error {
        RawError::TooLarge(bytes) => NiftiError::TooLarge(bytes),
        RawError::NoVolume { number, count } => NiftiError::NoVolume { number, count },
        RawError::Short { .. } | RawError::Read(_) => NiftiError::Damaged(error.to_string()),
    })
}

/// Whether this program wrote the file, as a mask.
pub fn is_own_mask(bytes: &[u8]) -> bool {
    header_of(bytes).is_some_and(|header| header[148..].starts_with(OWN_MASK.as_bytes()))
}

/// The first 348 bytes, without layers.
fn header_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = Opened::new(bytes).start;
    start.get(..348).map(<[u8]>::to_vec)
}

/// Whether a volume is a label map rather than an image: few whole values, and named so or of a program like this one.
pub fn is_label_map(series: &Series, bytes: &[u8]) -> bool {
    let start = header_of(bytes).unwrap_or_else(|| vec![0; 348]);
    let intent = |big_endian| i32::from(Fields { bytes: &start, big_endian }.short(68));
    let labelled = [false, true].iter().any(|&order| intent(order) == INTENT_LABEL);
    let name = series.name.to_lowercase();
    let named = LABEL_WORDS.iter().any(|word| name.contains(word));
    let values = &series.volume.values;
    let mut found = Vec::new();
    (labelled || named)
        && (0..values.len()).all(|at| {
            let value = values.get(at);
            if !found.contains(&value) {
                found.push(value);
            }
            value.fract() == 0.0 && (0.0..=255.0).contains(&value) && found.len() <= 16
        })
}

#[cfg(test)]
mod tests;

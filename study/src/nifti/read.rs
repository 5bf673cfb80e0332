//! Bytes of a NIfTI file into its volumes.

use std::io::{self, Cursor, Read};

use super::header::{Fields, Form, Header};
use super::placement::placement;
use super::{DATA_BYTES, INTENT_LABEL, NiftiError, OWN_MASK};
use crate::floats::settle;
use crate::geometry::Geometry;
use crate::layers::Opened;
use crate::series::{Origin, Series, SeriesWarning};
use crate::volume::{Stored, Values, Volume};

/// Volumes of a file that are opened together: more make no menu that anyone reads.
pub const MOST_VOLUMES: usize = 100;
/// Bytes behind the last value that are read to get to the check sums of the layers.
const BEHIND: u64 = 1 << 20;
/// Endings of names that data sets give to labels.
const LABEL_WORDS: [&str; 5] = ["mask", "label", "seg", "_gt", "roi"];

/// Volumes, each with what is odd about it.
pub(super) type Volumes = Vec<(Series, Vec<SeriesWarning>)>;

/// Which volumes of a file are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All, or the first where they are too many.
    All,
    /// The one of this index, from 0.
    One(usize),
}

/// The volumes of a NIfTI file of this name: one, or one for each time of a file in four dimensions.
///
/// Of a file with more than [`MOST_VOLUMES`], or with more than fits, the first comes alone, with a warning that says
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
    mut source: impl Read,
    wanted: Wanted,
) -> Result<Volumes, NiftiError> {
    let (size, count) = header.size()?;
    let width = header.bytes_per_value()?;
    // In 64 bit everywhere: what overflows there is too large anywhere.
    let product = |factors: &[usize]| factors.iter().try_fold(1u64, |product, &n| product.checked_mul(n as u64));
    let per_volume = product(&[size.width, size.height, size.depth, width]).unwrap_or(u64::MAX);
    if per_volume > DATA_BYTES {
        return Err(NiftiError::TooLarge(per_volume));
    }
    let fits = per_volume.checked_mul(count as u64).is_some_and(|total| total <= DATA_BYTES);
    let (first, shown) = match wanted {
        Wanted::All if fits && count <= MOST_VOLUMES => (0, count),
        Wanted::All => (0, 1),
        Wanted::One(index) if index < count => (index, 1),
        Wanted::One(index) => return Err(NiftiError::NoVolume { number: index.saturating_add(1), count }),
    };
    let skipped = offset.saturating_add(per_volume.saturating_mul(first as u64));
    io::copy(&mut source.by_ref().take(skipped), &mut io::sink()).map_err(damaged)?;
    let total = per_volume * shown as u64;
    let mut data = Vec::new();
    source.by_ref().take(total).read_to_end(&mut data).map_err(damaged)?;
    if (data.len() as u64) < total {
        return Err(NiftiError::Damaged(format!("it has {} of {total} bytes of data", data.len())));
    }
    // Behind the last value lie the check sums of the layers.
    if first + shown == count {
        io::copy(&mut source.take(BEHIND), &mut io::sink()).map_err(damaged)?;
    }
    let (placement, mut warnings) = placement(header, size);
    if wanted == Wanted::All && shown < count {
        warnings.push(SeriesWarning::FirstOf(count));
    }
    let geometry = Geometry { size, placement };
    let short = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let volumes = data.chunks_exact(per_volume as usize).enumerate().map(|(at, data)| {
        let (values, odd) = values(header, data, geometry.slice_pixels());
        // What is odd about all of them is said once.
        let mut warnings = if at == 0 { std::mem::take(&mut warnings) } else { Vec::new() };
        warnings.splice(0..0, odd);
        let number = first + at + 1;
        let series = Series {
            name: if count > 1 { format!("{short}, volume {number} of {count}") } else { short.into() },
            volume: Volume { geometry, values },
            inverted: false,
            window: None,
            origin: Origin::File,
            patient: Vec::new(),
        };
        (series, warnings)
    });
    Ok(volumes.collect())
}

/// The intensities in `data`, and what is odd about them.
fn values(header: &Header, data: &[u8], pixels: usize) -> (Values, Vec<SeriesWarning>) {
    // A slope of zero means that there is none.
    let scaled = header.slope != 0.0 && header.slope.is_finite() && header.intercept.is_finite();
    let (slope, intercept) = if scaled { (header.slope, header.intercept) } else { (1.0, 0.0) };
    let fields = Fields { bytes: data, big_endian: header.big_endian };
    let integers = |width: usize, zero: u16, number: &dyn Fn(usize) -> u16| {
        let slice = |at: usize| (0..pixels).map(|pixel| number((at * pixels + pixel) * width)).collect();
        let stored = Stored::new((0..data.len() / width / pixels).map(slice));
        (Values::Integers { stored, zero, slope, intercept }, Vec::new())
    };
    let short = |at: usize| u16::from_le_bytes(fields.at(at));
    match header.datatype {
        2 => integers(1, 0, &|at| data[at].into()),
        256 => integers(1, 0x8000, &|at| (i16::from(data[at] as i8) as u16) ^ 0x8000),
        4 => integers(2, 0x8000, &|at| short(at) ^ 0x8000),
        512 => integers(2, 0, &short),
        kind => {
            let width = if matches!(kind, 8 | 16 | 768) { 4 } else { 8 };
            let value = |at: usize| match kind {
                8 => f64::from(fields.int(at)),
                768 => f64::from(u32::from_le_bytes(fields.at(at))),
                16 => fields.float(at),
                64 => fields.double(at),
                1024 => fields.long(at) as f64,
                _ => u64::from_le_bytes(fields.at(at)) as f64,
            };
            let mut floats: Vec<f32> =
                (0..data.len()).step_by(width).map(|at| in_single(intercept + slope * value(at))).collect();
            let odd = settle(&mut floats);
            (Values::Floats(floats), odd)
        }
    }
}

/// A number in single precision: beyond that it is as large as can be, not infinite.
fn in_single(number: f64) -> f32 {
    let largest = f64::from(f32::MAX);
    (if number.is_finite() { number.clamp(-largest, largest) } else { number }) as f32
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

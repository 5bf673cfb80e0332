//! Files of research programs into volumes: NRRD (Teem, 3D Slicer), MetaImage (ITK) and MGH (FreeSurfer).
//!
//! Each has a header of its own, which is read in the module of its name, and plain numbers behind it or in a second file.

mod fields;
mod meta_image;
mod mgh;
mod nrrd;

use std::io::{Cursor, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use imaging::GridSize;
use thiserror::Error;

use crate::geometry::{Affine, Placement};
use crate::layers::Opened;
use crate::raw::{DATA_BYTES, Kind, Layout, RawError, Volumes, Wanted, volumes};
use crate::series::{Series, SeriesWarning};

pub(crate) use meta_image::is_meta_image;
pub(crate) use mgh::is_mgh;
pub(crate) use nrrd::is_nrrd;

/// A format of this room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridFormat {
    /// `.nrrd`, `.nhdr`.
    Nrrd,
    /// `.mha`, `.mhd`.
    MetaImage,
    /// `.mgh`, `.mgz`.
    Mgh,
}

impl GridFormat {
    /// What it is called in a sentence.
    fn name(self) -> &'static str {
        match self {
            Self::Nrrd => "NRRD",
            Self::MetaImage => "MetaImage",
            Self::Mgh => "MGH",
        }
    }

    fn describe(self, header: &[u8]) -> Result<Described, Unusable> {
        match self {
            Self::Nrrd => nrrd::describe(header),
            Self::MetaImage => meta_image::describe(header),
            Self::Mgh => mgh::describe(header),
        }
    }
}

/// Why a file cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}", said(*format, why))]
pub struct GridError {
    /// Its format.
    pub format: GridFormat,
    /// What is wrong with it.
    pub why: Unusable,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It ends early or contradicts itself.
    Damaged(String),
    /// Its numbers are no intensities, but these.
    Values(String),
    /// Its numbers are written in a way that is not read.
    Encoding(String),
    /// Its numbers lie in several files.
    Several,
    /// Its numbers lie in a file of this name.
    Elsewhere(String),
    /// It claims so many bytes.
    TooLarge(u64),
    /// It holds a row of so many numbers.
    NoImage(GridSize),
    /// It does not have so many volumes.
    NoVolume {
        /// The number that was asked for, from 1.
        number: usize,
        /// Volumes there are.
        count: usize,
    },
}

fn said(format: GridFormat, why: &Unusable) -> String {
    let name = format.name();
    match why {
        Unusable::Damaged(why) => {
            format!("the {name} file is damaged or cut short; download or copy it again ({why})")
        }
        Unusable::Values(what) => {
            format!("the {name} file holds {what}, which are no intensities; save it as whole numbers or floats")
        }
        Unusable::Encoding(what) => {
            format!("the numbers of the {name} file are written as {what}, which is not read; save it raw or by gzip")
        }
        Unusable::Several => {
            format!("the numbers of the {name} header lie in several files; save them as one file, or as NIfTI")
        }
        Unusable::Elsewhere(file) => {
            format!("this is a {name} header, whose numbers lie in the file {file}; drop both together")
        }
        Unusable::TooLarge(bytes) => {
            format!(
                "the {name} header claims {bytes} bytes of data, more than can be read; save it smaller or as fewer volumes"
            )
        }
        Unusable::NoImage(size) => {
            format!("it holds {size} numbers (a row or a table), which is no image; drop a volume")
        }
        Unusable::NoVolume { number, count } => {
            format!("it holds {count} volumes, so none has the number {number}")
        }
    }
}

impl From<RawError> for Unusable {
    fn from(error: RawError) -> Self {
        match error {
            RawError::TooLarge(bytes) => Self::TooLarge(bytes),
            RawError::NoVolume { number, count } => Self::NoVolume { number, count },
            RawError::Short { .. } | RawError::Read(_) => Self::Damaged(error.to_string()),
        }
    }
}

/// What a header says.
#[derive(Debug, PartialEq)]
struct Described {
    layout: Layout,
    place: Place,
    encoding: Encoding,
    /// Lines before the numbers.
    lines: usize,
    skip: Skip,
}

/// Where the numbers lie.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// In the same file, from this byte on.
    Here(usize),
    /// In a file of this name.
    File(String),
}

/// How the numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Raw,
    Gzip,
    Zlib,
    Bzip2,
    Text,
}

/// Bytes before the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Skip {
    Bytes(u64),
    /// As many as leave the numbers at the end.
    Rest,
}

/// The volumes of a file: of one dimension more than a volume, several; of too many the first alone, with a warning that says
/// how many there are. `data` is the file that the numbers lie in, where the header names one.
///
/// # Errors
///
/// [`GridError`] says what is wrong with one of the files.
pub fn read_grid(format: GridFormat, name: &str, header: &[u8], data: Option<&[u8]>) -> Result<Volumes, GridError> {
    read(format, name, header, data, Wanted::All).map_err(|why| GridError { format, why })
}

/// The volume of this index, from 0, in a file of several.
///
/// # Errors
///
/// As [`read_grid`], or that there are not so many.
pub fn read_grid_volume(
    format: GridFormat,
    name: &str,
    header: &[u8],
    data: Option<&[u8]>,
    index: usize,
) -> Result<(Series, Vec<SeriesWarning>), GridError> {
    let volumes = read(format, name, header, data, Wanted::One(index))
        .and_then(|mut volumes| volumes.pop().ok_or(Unusable::NoVolume { number: index.saturating_add(1), count: 0 }));
    volumes.map_err(|why| GridError { format, why })
}

/// The name of the file that the numbers of a header lie in; nothing if they follow it.
///
/// # Errors
///
/// [`GridError`] says what is wrong with the header.
pub fn data_file(format: GridFormat, header: &[u8]) -> Result<Option<String>, GridError> {
    let described = format.describe(header).map_err(|why| GridError { format, why })?;
    Ok(if let Place::File(name) = described.place { Some(name) } else { None })
}

fn read(
    format: GridFormat,
    name: &str,
    header: &[u8],
    data: Option<&[u8]>,
    wanted: Wanted,
) -> Result<Volumes, Unusable> {
    let Described { mut layout, place, encoding, lines, skip } = format.describe(header)?;
    let bytes = match (&place, data) {
        (Place::Here(at), _) => header.get(*at..).unwrap_or_default(),
        (Place::File(_), Some(data)) => data,
        (Place::File(file), None) => return Err(Unusable::Elsewhere(file.clone())),
    };
    let bytes = after_lines(bytes, lines).ok_or_else(|| Unusable::Damaged("it ends before its numbers".into()))?;
    let total = total(&layout).ok_or(Unusable::TooLarge(u64::MAX))?;
    let offset = match (skip, encoding) {
        (Skip::Bytes(bytes), _) => bytes,
        (Skip::Rest, Encoding::Raw) => (bytes.len() as u64).saturating_sub(total),
        (Skip::Rest, _) => return Err(Unusable::Encoding("a compressed file that begins with something else".into())),
    };
    let is_apart = matches!(place, Place::File(_)) && skip != Skip::Rest;
    let read: Box<dyn Read + '_> = match encoding {
        // A second file may be compressed as a whole; what has the length of the numbers is them.
        Encoding::Raw if is_apart && bytes.len() as u64 != total.saturating_add(offset) => {
            let opened = Opened::new(bytes);
            match opened.error {
                Some(error) => return Err(Unusable::Damaged(error.to_string())),
                None => Box::new(opened.into_reader()),
            }
        }
        Encoding::Raw => Box::new(bytes),
        Encoding::Gzip => Box::new(MultiGzDecoder::new(bytes)),
        Encoding::Zlib if bytes.starts_with(&[0x1f, 0x8b]) => Box::new(MultiGzDecoder::new(bytes)),
        Encoding::Zlib => Box::new(ZlibDecoder::new(bytes)),
        Encoding::Bzip2 => Box::new(MultiBzDecoder::new(bytes)),
        Encoding::Text => {
            let numbers = written(bytes, &layout)?;
            (layout.kind, layout.big_endian) = (Kind::F64, false);
            Box::new(Cursor::new(numbers))
        }
    };
    Ok(volumes(name, layout, offset, read, wanted)?)
}

/// Bytes of all numbers together; nothing if they are more than any machine counts.
fn total(layout: &Layout) -> Option<u64> {
    let sides = layout.size.axes().into_iter().chain([layout.count, layout.kind.bytes()]);
    sides.map(|side| side as u64).try_fold(1u64, u64::checked_mul)
}

/// What follows so many lines.
fn after_lines(mut bytes: &[u8], lines: usize) -> Option<&[u8]> {
    for _ in 0..lines {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        bytes = &bytes[end + 1..];
    }
    Some(bytes)
}

/// Numbers that are written in digits, as floats of 64 bit.
fn written(bytes: &[u8], layout: &Layout) -> Result<Vec<u8>, Unusable> {
    let text = String::from_utf8_lossy(bytes);
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let mut numbers = Vec::new();
    // The bytes of the file bound this: a number takes two at least.
    for word in words {
        let number: f64 = word.parse().map_err(|_| Unusable::Damaged(format!("{word:?} is no number")))?;
        numbers.extend(number.to_le_bytes());
        if numbers.len() as u64 > DATA_BYTES {
            return Err(Unusable::TooLarge(total(layout).unwrap_or(u64::MAX)));
        }
    }
    Ok(numbers)
}

/// Sides of a volume out of lengths along two or three axes.
fn size(lengths: &[u64]) -> Result<GridSize, Unusable> {
    if let Some(length) = lengths.iter().find(|length| !(1..1 << 31).contains(*length)) {
        return Err(Unusable::Damaged(format!("it claims {length} voxels along an axis")));
    }
    let side = |axis: usize| lengths.get(axis).map_or(1, |&length| length as usize);
    let size = GridSize::new(side(0), side(1), side(2));
    let sides = size.axes().iter().filter(|&&side| side > 1).count();
    if sides < 2 { Err(Unusable::NoImage(size)) } else { Ok(size) }
}

/// How many volumes the lengths along further axes make.
fn count(lengths: &[u64]) -> Result<usize, Unusable> {
    let count = lengths.iter().try_fold(1u64, |count, &length| count.checked_mul(length)).unwrap_or(u64::MAX);
    match count {
        0 => Err(Unusable::Damaged("it claims no volume".into())),
        count => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
    }
}

/// Where voxels lie whose steps along each axis and whose first voxel are so in the patient, in LPS.
fn placed(steps: [[f64; 3]; 3], origin: [f64; 3]) -> Option<Placement> {
    let affine = Affine(std::array::from_fn(|row| [steps[0][row], steps[1][row], steps[2][row], origin[row]]));
    affine.is_usable().then_some(Placement::Patient(affine))
}

/// What is known of where voxels lie that are so far apart, where nothing says which side is which.
fn spaced(steps: [f64; 3]) -> (Placement, Vec<SeriesWarning>) {
    let steps = steps.map(f64::abs);
    match steps.iter().all(|step| step.is_normal()) {
        true => (Placement::Spaced(steps.into()), vec![SeriesWarning::NoPlace]),
        false => (Placement::Unknown, vec![SeriesWarning::NoSpacing]),
    }
}

#[cfg(test)]
mod tests;

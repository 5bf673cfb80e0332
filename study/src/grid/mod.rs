//! Files of research programs into volumes: NRRD (Teem, 3D Slicer), MetaImage (ITK) and MGH (FreeSurfer).
//!
//! Each has a header of its own, which is read in the module of its name, and plain numbers behind it or in other files.

mod fields;
mod files;
mod meta_image;
mod mgh;
mod nrrd;
mod pieces;

use imaging::GridSize;
use thiserror::Error;

use crate::geometry::{Affine, Placement};
use crate::raw::{Kind, Layout, RawError, Volumes, Wanted, volumes};
use crate::series::{Series, SeriesWarning};
use pieces::{Pieces, Written};

pub(crate) use files::in_words;
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
    /// Its numbers lie in files of these names.
    Elsewhere(Vec<String>),
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
        Unusable::Elsewhere(files) => match &files[..] {
            [file] => format!("this is a {name} header, whose numbers lie in the file {file}; drop both together"),
            files => format!(
                "this is a {name} header, whose numbers lie in {} files ({}); drop all of them together",
                files.len(),
                in_words(files)
            ),
        },
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
    numbers: Numbers,
    encoding: Encoding,
    /// Lines before the numbers.
    lines: usize,
    skip: Skip,
}

/// Where the numbers lie.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Numbers {
    /// In the same file, from this byte on.
    Here(usize),
    /// In files of these names, one behind the other, of which each has the same share.
    Files(Vec<String>),
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
/// how many there are. `data` has the files that the numbers lie in, in the order of [`data_files`].
///
/// # Errors
///
/// [`GridError`] says what is wrong with one of the files.
pub fn read_grid(format: GridFormat, name: &str, header: &[u8], data: &[Vec<u8>]) -> Result<Volumes, GridError> {
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
    data: &[Vec<u8>],
    index: usize,
) -> Result<(Series, Vec<SeriesWarning>), GridError> {
    let volumes = read(format, name, header, data, Wanted::One(index))
        .and_then(|mut volumes| volumes.pop().ok_or(Unusable::NoVolume { number: index.saturating_add(1), count: 0 }));
    volumes.map_err(|why| GridError { format, why })
}

/// Names of the files that the numbers of a header lie in, as it writes them; none if they follow it.
///
/// # Errors
///
/// [`GridError`] says what is wrong with the header.
pub fn data_files(format: GridFormat, header: &[u8]) -> Result<Vec<String>, GridError> {
    let described = format.describe(header).map_err(|why| GridError { format, why })?;
    Ok(if let Numbers::Files(names) = described.numbers { names } else { Vec::new() })
}

fn read(format: GridFormat, name: &str, header: &[u8], data: &[Vec<u8>], wanted: Wanted) -> Result<Volumes, Unusable> {
    let Described { mut layout, numbers, encoding, lines, skip } = format.describe(header)?;
    let (names, files) = match &numbers {
        Numbers::Here(at) => (&[][..], vec![header.get(*at..).unwrap_or_default()]),
        Numbers::Files(names) if names.len() == data.len() => (&names[..], data.iter().map(Vec::as_slice).collect()),
        Numbers::Files(names) => return Err(Unusable::Elsewhere(names.clone())),
    };
    if encoding == Encoding::Text {
        (layout.kind, layout.big_endian) = (Kind::F64, false);
    }
    let total = total(&layout).ok_or(Unusable::TooLarge(u64::MAX))?;
    let written = Written { encoding, lines, skip, apart: !names.is_empty(), share: total / files.len() as u64 };
    Ok(volumes(name, layout, 0, Pieces::new(names, files, written)?, wanted)?)
}

/// Bytes of all numbers together; nothing if they are more than any machine counts.
fn total(layout: &Layout) -> Option<u64> {
    let sides = layout.size.axes().into_iter().chain([layout.count, layout.kind.bytes()]);
    sides.map(|side| side as u64).try_fold(1u64, u64::checked_mul)
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

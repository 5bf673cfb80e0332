//! The one list of formats that are read. The page's words, the fuzz targets and the tests are compared with it.
//!
//! A new format is a file here and a line in [`FORMATS`].

mod dicom;
mod nifti;
mod picture;
mod zip;

use study::{FileKind, Instance, LeftOut, Series, SeriesWarning, kind_of};

use crate::labels::Label;

pub(crate) use picture::{Decoded, numbered};

/// A format of files.
pub struct Format {
    /// What people call it.
    pub name: &'static str,
    /// Endings of its files' names, without the dot; files without one are recognised by their content.
    pub extensions: &'static [&'static str],
    /// What a file of it holds.
    pub holds: Holds,
    /// Whether a file of it can be a label.
    pub labels: bool,
    /// The fuzz target that reads it.
    pub fuzz_target: &'static str,
    /// Its kind by content.
    kind: FileKind,
    read: fn(&str, &[u8], &dyn Fn() -> f64) -> Result<Content, String>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A slice.
    Slice,
    /// Slices of a study, or all of them.
    Study,
    /// Other files.
    Files,
}

/// Every format that is read.
pub const FORMATS: [Format; 7] =
    [dicom::DICOM, nifti::NIFTI, zip::ZIP, picture::PNG, picture::JPEG, picture::WEBP, picture::TIFF];

/// What was read from a file.
pub(crate) enum Content {
    /// A picture.
    Picture(Decoded),
    /// Images of a series.
    Images(Box<Instance>),
    /// Volumes, each with what is odd about it.
    Volumes(Vec<(Series, Vec<SeriesWarning>)>),
    /// Marked voxels.
    Label(Label),
    /// A readable file that has no place in a volume.
    LeftOut(LeftOut),
    /// An archive, which is unpacked next.
    Archive,
}

/// What is in a file; `now_ms` is a clock.
///
/// # Errors
///
/// Why it cannot be read, as a sentence without its name.
pub(crate) fn read(name: &str, bytes: &[u8], now_ms: &dyn Fn() -> f64) -> Result<Content, String> {
    let kind = kind_of(name, bytes);
    let format = FORMATS.iter().find(|format| format.kind == kind).unwrap_or(&FORMATS[FORMATS.len() - 1]);
    (format.read)(name, bytes, now_ms)
}

//! The one list of formats that are read. The page's words, the fuzz targets and the tests are compared with it.
//!
//! A new format is a file here and a line in [`FORMATS`].

mod archive;
mod dicom;
mod grid;
mod nifti;
mod picture;
mod volumes;

use study::{FileKind, Foreign, Instance, LeftOut, Pairs, Series, SeriesWarning, sniff};

use crate::labels::Label;
use crate::studies::Reader;

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
    /// Its kinds by content.
    kinds: &'static [FileKind],
    read: fn(&Input, &mut Pairs) -> Result<Content, String>,
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
pub const FORMATS: [Format; 12] = [
    dicom::DICOM,
    nifti::NIFTI,
    nifti::PAIR,
    grid::NRRD,
    grid::META_IMAGE,
    grid::MGH,
    archive::ZIP,
    archive::TAR,
    picture::PNG,
    picture::JPEG,
    picture::WEBP,
    picture::TIFF,
];

/// A file to read.
pub(crate) struct Input<'a> {
    /// Its path, from the outermost archive on.
    pub path: &'a str,
    /// Its name, never empty.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// A clock, in milliseconds.
    pub now_ms: &'a dyn Fn() -> f64,
}

/// What was read from a file.
pub(crate) enum Content {
    /// A picture.
    Picture(Decoded),
    /// Images of a series.
    Images(Box<Instance>),
    /// Volumes, each with what is odd about it.
    Volumes(Vec<(Series, Vec<SeriesWarning>)>),
    /// The first volume of a file that has too many to open together.
    Many {
        /// What the file is called.
        name: String,
        /// The volume, with what is odd about it.
        first: Box<(Series, Vec<SeriesWarning>)>,
        /// How many there are.
        count: usize,
        /// Reads another one.
        read: Reader,
    },
    /// Marked voxels.
    Label(Label),
    /// A readable file that has no place in a volume.
    LeftOut(LeftOut),
    /// An archive, which is unpacked next.
    Archive,
    /// Half of a file whose other half has not come.
    Half,
    /// What came together of a header and the files of its numbers.
    Headed {
        /// Path of the header, which says whose it is.
        header: String,
        /// What they are.
        content: Box<Content>,
    },
}

/// Why a file is not read.
pub(crate) enum Unread {
    /// It is of another format.
    Foreign(Foreign),
    /// It is of this format and cannot be read, as a sentence without its name.
    Damaged(String),
}

impl Unread {
    /// The sentence that says why.
    pub fn why(&self) -> String {
        match self {
            Self::Foreign(foreign) => foreign.to_string(),
            Self::Damaged(why) => why.clone(),
        }
    }
}

/// Whether a file is called as those of some format are.
pub fn is_called_a_scan(name: &str) -> bool {
    let name = name.to_lowercase();
    let ends = |ending: &&str| name.strip_suffix(*ending).is_some_and(|stem| stem.ends_with('.'));
    FORMATS.iter().any(|format| format.extensions.iter().any(ends))
}

/// What is in a file without layers of compression; halves of pairs wait in `pairs`, and what a header waits for is that,
/// whatever it looks like.
pub(crate) fn read(input: &Input, pairs: &mut Pairs) -> Result<Content, Unread> {
    if pairs.expects(input.path) {
        return nifti::read_data(input, pairs).map_err(Unread::Damaged);
    }
    let kind = sniff(input.path, input.bytes).map_err(Unread::Foreign)?;
    let format = FORMATS.iter().find(|format| format.kinds.contains(&kind)).expect("a test asks for every kind");
    (format.read)(input, pairs).map_err(Unread::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_has_its_format() {
        use FileKind::{Dicom, Image, MetaImage, Mgh, Nifti, Nrrd, PairData, PairHeader, Tar, Zip};
        for kind in [Image, Dicom, Nifti, PairHeader, PairData, Nrrd, MetaImage, Mgh, Zip, Tar] {
            // A kind that is new does not compile here.
            match kind {
                Image | Dicom | Nifti | PairHeader | PairData | Nrrd | MetaImage | Mgh | Zip | Tar => {}
            }
            assert!(FORMATS.iter().any(|format| format.kinds.contains(&kind)), "{kind:?}");
        }
    }
}

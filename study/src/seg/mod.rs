//! A mask into a DICOM segmentation of the series that it was drawn on, and such a file back into a mask.
//!
//! Attributes and their places: DICOM PS3.3 A.51 (Segmentation IOD), C.8.20 (segmentation modules) and C.7.6.16
//! (functional groups); codes from SNOMED CT and PS3.16.

mod read;
mod write;

use thiserror::Error;

use crate::derived;
use crate::dicom::DicomFile;

pub use read::{Assumption, Marked, read_segmentation};
pub(crate) use write::SEGMENT;
pub use write::{Content, write_segmentation};

/// Why no segmentation can be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SegmentationError {
    /// The segmentation is of another kind.
    #[error("it is a segmentation of type {0}, which is not read; save it as BINARY, LABELMAP or FRACTIONAL")]
    Kind(String),
    /// The file contradicts itself.
    #[error("the DICOM segmentation is damaged ({0})")]
    Damaged(&'static str),
    /// Its pixels cannot be read.
    #[error("the DICOM segmentation cannot be read: {0}")]
    Pixels(String),
    /// It marks another series.
    #[error("it marks images that are not those of the study on screen")]
    OtherStudy,
}

/// Whether this program wrote the segmentation.
pub fn is_own_segmentation(file: &DicomFile) -> bool {
    derived::is_own(file)
}

#[cfg(test)]
mod tests;

//! Turns the files of a study into volumes on the patient's grid, and masks on such a grid into files of their own.
//!
//! Bytes in, bytes out: no file access, no clock, no device, no network.

mod archive;
mod composite;
mod dicom;
mod geometry;
mod kind;
mod label_map;
mod nifti;
mod role;
mod run_length;
mod segmentation;
mod series;
mod volume;

pub use archive::{ArchiveError, Part, unpack};
pub use composite::{Composite, CompositeError, Sequence};
pub use dicom::{DicomError, DicomFile, Instance, LeftOut, PatientData, Pixels, Plane, Reading, Reference, read_dicom};
pub use geometry::{Affine, Geometry, Placement, Reorientation};
pub use kind::{FileKind, kind_of};
pub use label_map::{LabelMap, LabelMapError};
pub use nifti::{NiftiError, is_label_map, is_own_mask, read_nifti, write_nifti};
pub use role::{Role, assign, role_of};
pub use segmentation::{
    Algorithm, Identity, SegmentationError, is_own_segmentation, read_segmentation, write_segmentation,
};
pub use series::{Origin, Series, SeriesWarning, stack};
pub use volume::{Stored, Values, Volume, bytes_of};

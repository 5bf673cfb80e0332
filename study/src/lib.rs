//! Turns the files of a study into volumes on the patient's grid, and masks on such a grid into files of their own.
//!
//! Bytes in, bytes out: no file access, no clock, no device, no network.

mod apart;
mod archive;
mod budget;
mod bystander;
mod capture;
mod composite;
mod derived;
mod dicom;
mod floats;
mod foreign;
mod geometry;
mod grid;
mod label_map;
mod layers;
mod nifti;
mod padding;
mod pages;
mod raw;
mod reduced;
mod registration;
mod report;
mod role;
mod run_length;
mod seg;
mod series;
mod session;
mod sniff;
mod stack;
mod surface;
mod unwrap;
mod volume;

pub use apart::{Missing, Pair, PairPart, Pairs, is_called_a_header, pair_key, place, places};
pub use archive::{ArchiveError, Part, pack, unpack};
pub use budget::Budget;
pub use bystander::is_bystander;
pub use capture::{Capture, write_capture};
pub use composite::{Composite, CompositeError, Sequence};
pub use derived::{Algorithm, Identity, Secret, WriteError};
pub use dicom::{
    DicomError, DicomFile, Instance, LeftOut, PatientData, Pixels, Plane, Reading, Reference, examination, read_dicom,
};
pub use foreign::Foreign;
pub use geometry::{Affine, Geometry, Placement, Reorientation};
pub use grid::{GridError, GridFormat, Unusable, data_files, read_grid, read_grid_volume};
pub use label_map::{LabelMap, LabelMapError};
pub use layers::{Layer, UnwrapError};
pub use nifti::{
    NiftiError, is_label_map, is_own_mask, read_nifti, read_nifti_volume, read_pair, read_pair_volume, write_nifti,
};
pub use pages::{StackError, read_pages, stack_of_pictures};
pub use raw::{MOST_VOLUMES, Volumes};
pub use registration::{Registered, Registration, RegistrationError, register};
pub use report::{Figures, Laterality, Reported, Since, write_report};
pub use role::{Choice, Role, choose, role_of};
pub use seg::{
    Assumption, Content, Marked, SegmentationError, is_own_segmentation, read_segmentation, write_segmentation,
};
pub use series::{Origin, Series, SeriesWarning};
pub use session::{Session, is_session};
pub use sniff::{FileKind, sniff};
pub use stack::stack;
pub use surface::{Solid, Surface, SurfaceError, surface_of_head, surface_of_mask, write_glb, write_obj, write_stl};
pub use unwrap::{Unwrapped, unwrapped};
pub use volume::{Stored, Values, Volume, bytes_of};

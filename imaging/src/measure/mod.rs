//! Masks into numbers: agreement with a label, diameters, distances of outlines, depths, and the slices to look at.

mod depth;
mod diameters;
mod hull;
mod overlap;
mod review;
mod surface_distance;

pub use depth::squared_depths;
pub use diameters::{Diameter, Diameters};
pub(crate) use hull::hull;
pub use overlap::{GridMismatch, Overlap};
pub use review::{Reason, SliceState, review};
pub use surface_distance::hausdorff_95_px;

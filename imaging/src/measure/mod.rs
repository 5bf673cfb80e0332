//! Masks into numbers: agreement with a label, diameters, distances of outlines, depths, growth, the side, and the
//! slices to look at.

mod depth;
mod diameters;
mod follow_up;
mod hull;
mod midline;
mod overlap;
mod review;
mod surface_distance;

pub use depth::{squared_depths, squared_distances};
pub use diameters::{Diameter, Diameters};
pub use follow_up::{
    Change, Day, FAST_MM_PER_YEAR, Lesion, MEASURABLE_MM, MEASURABLE_SLICES, MINOR_PERCENT, MOST_LESIONS, Marked,
    NEW_LESION_MARGIN_MM, NEW_LESION_ML, NOT_ASSESSED, NewLesion, NoRate, NotAssessed, PARTIAL_PERCENT,
    PROGRESSION_PERCENT, Patient, Response, ResponseClass, TimePoint, Velocity, in_order, lesions, new_lesions,
};
pub(crate) use hull::hull;
pub use midline::{Hemisphere, Location, Midline};
pub use overlap::{GridMismatch, Overlap};
pub use review::{Reason, SliceState, review};
pub use surface_distance::hausdorff_95_px;

//! Masks of several studies of one patient into a timeline: volumes, products of diameters, growth and classes of response.
//!
//! Volumes are measured on each study's own grid, never on one that it was brought onto.

mod crop;
mod day;
mod growth;
mod lesions;
mod new_lesions;
mod patient;
mod response;
mod time_point;

pub use day::Day;
pub use growth::{Change, FAST_MM_PER_YEAR, NoRate, Velocity, in_order};
pub use lesions::{Lesion, MEASURABLE_MM, MEASURABLE_SLICES, MOST_LESIONS, lesions};
pub use new_lesions::{Marked, NEW_LESION_MARGIN_MM, NEW_LESION_ML, NewLesion, new_lesions};
pub use patient::Patient;
pub use response::{
    MINOR_PERCENT, NOT_ASSESSED, NotAssessed, PARTIAL_PERCENT, PROGRESSION_PERCENT, Response, ResponseClass,
};
pub use time_point::TimePoint;

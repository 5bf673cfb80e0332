//! Masks of several studies of one patient into a timeline: volumes, products of diameters, growth and classes of response.
//!
//! Volumes are measured on each study's own grid, never on one that it was brought onto.

mod day;
mod growth;
mod response;
mod time_point;

pub use day::Day;
pub use growth::{Change, FAST_MM_PER_YEAR, NoRate, Velocity, in_order};
pub use response::{
    MINOR_PERCENT, NOT_ASSESSED, NotAssessed, PARTIAL_PERCENT, PROGRESSION_PERCENT, Response, ResponseClass, new_parts,
};
pub use time_point::{LargestProduct, MEASURABLE_MM, MEASURABLE_SLICES, TimePoint};

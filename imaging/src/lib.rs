//! Turns file bytes into slices, slices into network planes, and probabilities into masks and their measures.
//!
//! No file access, no clock, no device: the same code runs in the worker, in the page and in training.

mod correct;
mod decode;
mod grid;
mod input;
mod mask;
mod measure;
mod slice;
mod view;

pub use correct::{
    Along, DeepestError, Guidance, Hand, Onward, Prompt, PromptKind, Shape, Underlay, Way, between, careless, carried,
    confine, deepest_error, guidance_planes, interpolated, obey, path, reach_px, scribble, surround, trust,
};
pub use decode::{
    Channel, DecodeError, LABEL_ENDINGS, LeftOutPages, Numbers, Pages, decode, decode_label, decode_pages, is_halved,
    name_of_foreign_picture, pages_in, range_without_outliers,
};
pub use grid::{
    Fit, Frame, GridSize, Point, Rect, Size, SpacingMm, click_scale, corner_from_middle, is_on_grid, middle_from_corner,
};
pub use input::{Normalization, Planes, Statistics};
pub use mask::{
    Contour, Mask, ProbabilityMap, SPECK_PX, Segment, connected, contour, largest_component, log_odds, outline, parts,
    probability, reaches, without_small_parts,
};
pub use measure::{
    Change, Day, Diameter, Diameters, FAST_MM_PER_YEAR, GridMismatch, Hemisphere, Lesion, Location, MEASURABLE_MM,
    MEASURABLE_SLICES, MINOR_PERCENT, MOST_LESIONS, Marked, Midline, NEW_LESION_MARGIN_MM, NEW_LESION_ML, NOT_ASSESSED,
    NewLesion, NoRate, NotAssessed, Overlap, PARTIAL_PERCENT, PROGRESSION_PERCENT, Patient, Reason, Response,
    ResponseClass, SliceState, TimePoint, Velocity, hausdorff_95_px, in_order, lesions, new_lesions, review,
    squared_depths,
};
pub use slice::{SEQUENCES, Slice};
pub use view::{Heads, Surroundings, is_axial_head, window_of_head};

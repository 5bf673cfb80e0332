//! Turns file bytes into slices, slices into network planes, and probabilities into masks and their measures.
//!
//! No file access, no clock, no device: the same code runs in the worker, in the page and in training.

mod carried;
mod components;
mod contour;
mod decode;
mod depth;
mod diameters;
mod fit;
mod frame;
mod guidance;
mod head;
mod local;
mod mask;
mod noise;
mod normalize;
mod odds;
mod overlap;
mod probability_map;
mod slice;
mod surface_distance;
mod surroundings;

pub use carried::{carried, trust};
pub use components::{connected, largest_component, without_small_parts};
pub use contour::outline;
pub use decode::{
    Channel, DecodeError, LeftOutPages, Numbers, Pages, decode, decode_label, decode_pages, is_halved, pages_in,
};
pub use depth::squared_depths;
pub use diameters::{Diameter, Diameters};
pub use fit::Fit;
pub use frame::Frame;
pub use guidance::{Click, ClickKind, Guidance, click_scale, guidance_planes};
pub use head::Heads;
pub use local::{confine, reach_px};
pub use mask::Mask;
pub use normalize::{Normalization, Planes, Statistics};
pub use odds::{log_odds, probability};
pub use overlap::{GridMismatch, Overlap};
pub use probability_map::ProbabilityMap;
pub use slice::{SEQUENCES, Slice};
pub use surface_distance::hausdorff_95_px;
pub use surroundings::Surroundings;

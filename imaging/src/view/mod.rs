//! What of a slice the network looks at: the head in a picture, all of a slice of a volume.

mod axial_head;
mod brightness;
mod find_head;
mod find_page;
mod surroundings;

pub use axial_head::is_axial_head;
pub use brightness::window_of_head;
pub use find_head::Heads;
pub use surroundings::Surroundings;

/// Pixels that a head or a picture on a page has at least: what is smaller is a letter.
const LEAST_PX: f32 = 64.0;
/// Its shorter side, as a share of the longer one, at least: what is slimmer is a line of text.
const SLIMMEST: f32 = 0.5;
/// Another picture or head is at least so large, as a share of the one that is looked at, to be one that may be meant.
const SIMILAR: f32 = 0.6;

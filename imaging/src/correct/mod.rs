//! What a person, a robot or a neighbouring slice says of a mask, and the mask that follows from it.
//!
//! The page, its tour and training correct by the same functions.

mod between;
mod carry;
mod confine;
mod grow;
mod guidance;
mod obey;
pub mod path;
mod prompt;
mod reach;
mod robot;

pub use between::{between, interpolated};
pub use carry::{Onward, Way, carried, trust};
pub use confine::{Underlay, confine};
pub use guidance::{Guidance, guidance_planes};
pub use obey::obey;
pub use prompt::{Prompt, PromptKind, Shape};
pub use reach::reach_px;
pub use robot::{Along, DeepestError, Hand, careless, deepest_error, scribble, surround};

//! What a person, a robot or a neighbouring slice says of a mask, and the mask that follows from it.
//!
//! The page, its tour and training correct by the same functions.

mod carry;
mod click;
mod confine;
mod guidance;
mod obey;
mod robot;

pub use carry::{Onward, Way, carried, trust};
pub use click::{Click, ClickKind};
pub use confine::{confine, reach_px};
pub use guidance::{Guidance, guidance_planes};
pub use obey::obey;
pub use robot::{DeepestError, deepest_error};

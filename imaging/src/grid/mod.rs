//! Where things lie: points and rectangles, frames over a slice, the network's grid and the way to it and back.

mod fit;
mod frame;
mod middle;
mod point;
mod rect;
mod scale;
mod size;
mod spacing;

pub use fit::Fit;
pub use frame::Frame;
pub use middle::{corner_from_middle, is_on_grid, middle_from_corner};
pub use point::Point;
pub use rect::Rect;
pub use scale::click_scale;
pub use size::{GridSize, Size};
pub use spacing::SpacingMm;

//! A place on a grid.

/// A place in pixels of a grid, a column and a row; whole numbers are the middles of pixels, whose edges lie at halves.
///
/// Of whole numbers it is a pixel, or a corner where that is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point<T = f32> {
    /// Along a row, from the left.
    pub x: T,
    /// Along a column, from the top.
    pub y: T,
}

impl<T> Point<T> {
    /// The place at a column and a row.
    pub const fn new(x: T, y: T) -> Self {
        Self { x, y }
    }
}

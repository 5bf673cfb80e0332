//! A place on a grid.

/// A place in pixels of a grid, a column and a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Along a row, from the left.
    pub x: f32,
    /// Along a column, from the top.
    pub y: f32,
}

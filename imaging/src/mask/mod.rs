//! Which pixels of a slice are tumour: a predicted mask or a label.

mod components;
mod contour;
mod odds;
mod probability_map;

pub(crate) use components::parts;
pub use components::{connected, largest_component, without_small_parts};
pub use contour::{Segment, outline};
pub use odds::{log_odds, probability};
pub use probability_map::ProbabilityMap;

use crate::grid::Size;

/// A binary image on a slice's own grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    pixels: Vec<bool>,
}

impl Mask {
    /// A mask of these pixels, row by row.
    ///
    /// # Panics
    ///
    /// If there are not `width · height` pixels.
    pub fn new(width: usize, height: usize, pixels: Vec<bool>) -> Self {
        assert_eq!(pixels.len(), width * height, "a mask is width × height");
        Self { width, height, pixels }
    }

    /// Pixels along a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels along a column.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Both.
    pub fn size(&self) -> Size {
        Size { width: self.width, height: self.height }
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[bool] {
        &self.pixels
    }

    /// All pixels, row by row, without a copy.
    pub fn into_pixels(self) -> Vec<bool> {
        self.pixels
    }

    /// Whether the pixel at column `x` and row `y` is marked; outside nothing is.
    pub fn contains(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.pixels[y * self.width + x]
    }

    /// Number of marked pixels.
    pub fn area_px(&self) -> usize {
        self.pixels.iter().filter(|&&marked| marked).count()
    }
}

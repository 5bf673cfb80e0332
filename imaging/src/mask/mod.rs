//! Which pixels of a slice are tumour: a predicted mask or a label.

mod components;
mod contour;
mod iso_line;
mod odds;
mod probability_map;

pub(crate) use components::parts;
pub use components::{connected, largest_component, without_small_parts};
pub use contour::{Segment, outline};
pub use iso_line::{Contour, SPECK_PX, contour};
pub use odds::{log_odds, probability};
pub use probability_map::{ProbabilityMap, reaches};

use crate::grid::{Point, Size};

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

    /// The mean place of the marked pixels, of which whole numbers are the middles; none if there are none.
    pub fn centroid(&self) -> Option<Point<f64>> {
        let marked = (0..self.pixels.len()).filter(|&at| self.pixels[at]);
        let (mut x, mut y, mut count) = (0, 0, 0);
        for at in marked {
            (x, y, count) = (x + at % self.width, y + at / self.width, count + 1);
        }
        (count > 0).then(|| Point::new(x as f64 / f64::from(count), y as f64 / f64::from(count)))
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

//! Which pixels of a slice are tumour: a predicted mask or a label.

mod components;
mod contour;
mod iso_line;
mod odds;
mod probability_map;

pub use components::{connected, largest_component, parts, without_small_parts};
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

    /// Lengths of alternating runs, row by row, the first of background.
    pub fn runs(&self) -> Vec<usize> {
        let mut runs = vec![0];
        let mut last = false;
        for &marked in &self.pixels {
            if marked != last {
                runs.push(0);
                last = marked;
            }
            *runs.last_mut().expect("there is a first run") += 1;
        }
        runs
    }

    /// The mask of such runs; none if they do not fill it.
    pub fn of_runs(width: usize, height: usize, runs: &[usize]) -> Option<Self> {
        let area = width.checked_mul(height)?;
        let filled = runs.iter().try_fold(0usize, |sum, &run| sum.checked_add(run))?;
        let pixels = || runs.iter().enumerate().flat_map(|(at, &run)| std::iter::repeat_n(at % 2 == 1, run));
        (filled == area).then(|| Self::new(width, height, pixels().collect()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_survives_its_runs() {
        for pixels in [[false; 6], [true; 6], [true, false, false, true, true, false]] {
            let mask = Mask::new(3, 2, pixels.to_vec());
            assert_eq!(Mask::of_runs(3, 2, &mask.runs()), Some(mask));
        }
    }

    #[test]
    fn runs_that_do_not_fill_a_mask_are_none() {
        for (width, runs) in [(3, &[2, 5][..]), (usize::MAX, &[6]), (3, &[usize::MAX, 7]), (3, &[])] {
            assert_eq!(Mask::of_runs(width, 2, runs), None);
        }
    }
}

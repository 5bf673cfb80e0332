//! All pages of a file as numbers, and which are left out.

use super::planes::Numbers;
use crate::grid::SpacingMm;

/// All pages of one size of a file: one stack of slices for each channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Pages {
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
    /// The stacks, all of as many pages; red, green and blue are three.
    pub channels: Vec<Channel>,
    /// Distances of columns, rows and pages in mm, where the file gives all three.
    pub spacing_mm: Option<SpacingMm>,
    /// Intensity of a stored zero and of a step of one, where the file calibrates its numbers.
    pub calibration: Option<[f64; 2]>,
    /// The lowest and highest stored number of the window that the file asks for.
    pub window: Option<[f64; 2]>,
    /// What of the file is not in the stacks.
    pub left_out: LeftOutPages,
}

/// One channel, or one time of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Which channel and time it is, `green` or `channel 2 of 4, time 1 of 3`; empty if the file has only one.
    pub label: String,
    /// The numbers of each page, row by row.
    pub pages: Vec<Numbers>,
    /// Whether low numbers are bright.
    pub inverted: bool,
}

/// How many pages were left out, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOutPages {
    /// Pages that the file calls smaller versions of others.
    pub thumbnails: usize,
    /// Pages that the file calls masks of others.
    pub masks: usize,
    /// Pages of another size, or grey ones among coloured ones.
    pub other_sizes: usize,
}

impl LeftOutPages {
    /// How many in all.
    pub fn count(&self) -> usize {
        self.thumbnails + self.masks + self.other_sizes
    }
}

//! How many pixels or voxels a grid has along each axis.

use std::fmt;

/// Pixels of a grid along a row and along a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
}

impl Size {
    /// A grid of `width × height` pixels.
    pub const fn new(width: usize, height: usize) -> Self {
        Self { width, height }
    }

    /// Number of pixels.
    pub const fn area_px(self) -> usize {
        self.width * self.height
    }

    /// The same as a stack of so many slices.
    pub const fn stacked(self, depth: usize) -> GridSize {
        GridSize { width: self.width, height: self.height, depth }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.width, self.height)
    }
}

/// Voxels of a volume along its three axes, the first of which varies fastest in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct GridSize {
    /// Voxels along the first axis, the columns of a slice.
    pub width: usize,
    /// Voxels along the second axis, the rows of a slice.
    pub height: usize,
    /// Voxels along the third axis, the slices.
    pub depth: usize,
}

impl GridSize {
    /// A grid of `width × height × depth` voxels.
    pub const fn new(width: usize, height: usize, depth: usize) -> Self {
        Self { width, height, depth }
    }

    /// Voxels along each axis, for what is computed axis by axis.
    pub const fn axes(self) -> [usize; 3] {
        [self.width, self.height, self.depth]
    }

    /// Number of voxels.
    pub const fn voxels(self) -> usize {
        self.width * self.height * self.depth
    }

    /// The grid of each slice.
    pub const fn slice(self) -> Size {
        Size { width: self.width, height: self.height }
    }
}

impl From<[usize; 3]> for GridSize {
    fn from([width, height, depth]: [usize; 3]) -> Self {
        Self { width, height, depth }
    }
}

impl fmt::Display for GridSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} × {}", self.width, self.height, self.depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_keep_their_order() {
        let size = GridSize::from([5, 4, 3]);
        assert_eq!((size, size.axes(), size.voxels()), (Size::new(5, 4).stacked(3), [5, 4, 3], 60));
        assert_eq!((size.slice().area_px(), size.to_string().as_str()), (20, "5 × 4 × 3"));
        assert_eq!(size.slice().to_string(), "5 × 4");
    }
}

//! How far apart the voxels of a volume are.

/// Distances of neighbouring voxels along the three axes of their grid, in mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpacingMm {
    /// Distance of columns.
    pub x: f64,
    /// Distance of rows.
    pub y: f64,
    /// Distance of slices.
    pub z: f64,
}

impl SpacingMm {
    /// Distances along each axis, for what is computed axis by axis.
    pub const fn axes(self) -> [f64; 3] {
        [self.x, self.y, self.z]
    }

    /// The distance along the axis where voxels are closest.
    pub fn smallest(self) -> f64 {
        self.axes().into_iter().fold(f64::INFINITY, f64::min)
    }

    /// Volume of a voxel with right angles, in mm³.
    pub fn voxel_mm3(self) -> f64 {
        self.axes().iter().product()
    }
}

impl From<[f64; 3]> for SpacingMm {
    fn from([x, y, z]: [f64; 3]) -> Self {
        Self { x, y, z }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_keep_their_order() {
        let spacing = SpacingMm::from([0.5, 0.75, 4.0]);
        assert_eq!((spacing.axes(), spacing.smallest(), spacing.voxel_mm3()), ([0.5, 0.75, 4.0], 0.5, 1.5));
    }
}

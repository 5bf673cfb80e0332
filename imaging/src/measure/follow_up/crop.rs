//! Marked voxels into the smallest box around them.

/// The smallest box with all marked voxels: masks are small beside their volumes.
pub(super) struct Crop {
    /// Its first voxel.
    pub low: [usize; 3],
    pub size: [usize; 3],
    /// Its voxels, column by column, row by row, slice by slice.
    pub marked: Vec<bool>,
}

impl Crop {
    /// That around some voxels, each by its column, row and slice; none if there are none.
    pub fn around(voxels: &[[usize; 3]]) -> Option<Self> {
        let first = *voxels.first()?;
        let (mut low, mut high) = (first, first);
        for voxel in voxels {
            low = std::array::from_fn(|axis| low[axis].min(voxel[axis]));
            high = std::array::from_fn(|axis| high[axis].max(voxel[axis]));
        }
        let size: [usize; 3] = std::array::from_fn(|axis| high[axis] - low[axis] + 1);
        let mut crop = Self { low, size, marked: vec![false; size.iter().product()] };
        for voxel in voxels {
            let at = crop.at(*voxel);
            crop.marked[at] = true;
        }
        Some(crop)
    }

    /// Where a voxel of the box is among `marked`.
    pub fn at(&self, voxel: [usize; 3]) -> usize {
        let [x, y, z]: [usize; 3] = std::array::from_fn(|axis| voxel[axis] - self.low[axis]);
        (z * self.size[1] + y) * self.size[0] + x
    }

    /// The voxel at a place of `marked`.
    pub fn voxel(&self, at: usize) -> [usize; 3] {
        let [width, height, _] = self.size;
        let [x, y, z] = self.low;
        [x + at % width, y + at / width % height, z + at / width / height]
    }
}

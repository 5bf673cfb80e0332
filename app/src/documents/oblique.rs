//! A slice of one study through another, which may lie askew to it.

use std::ops::Range;

use imaging::{Size, corner_from_middle};

/// From voxels of one grid to those of another, or to millimetres, as the rows of a 3 × 4 matrix: columns, rows and slices, from 0.
pub type VoxelMotion = [f64; 12];

/// Where a voxel of the one grid lies in the other.
pub fn place(motion: &VoxelMotion, [x, y, z]: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|axis| {
        let row = &motion[4 * axis..4 * axis + 4];
        row[0] * x + row[1] * y + row[2] * z + row[3]
    })
}

/// The slices of the other grid that a slice of a size meets; none if it passes it by.
pub fn met(motion: &VoxelMotion, Size { width, height }: Size, index: usize, depth: usize) -> Option<Range<usize>> {
    let corners = [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)];
    let heights = corners.map(|(x, y)| place(motion, [x as f64, y as f64, index as f64])[2]);
    let lowest = heights.iter().copied().fold(f64::INFINITY, f64::min).floor().max(0.0);
    let highest = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max).ceil().min(depth as f64 - 1.0);
    (lowest <= highest).then_some(lowest as usize..highest as usize + 1)
}

/// What a volume holds at the pixels of such a slice, linear between its voxels and 0 beside it. Its numbers are those of `slices`
/// alone, of a grid of `size`.
pub fn sampled(
    numbers: &[f32],
    size: [usize; 3],
    slices: &Range<usize>,
    motion: &VoxelMotion,
    Size { width, height }: Size,
    index: usize,
) -> Vec<f32> {
    let [columns, rows, _] = size;
    let at = |x: usize, y: usize, z: usize| numbers[((z - slices.start) * rows + y) * columns + x];
    // Between the last voxel's middle and its edge is what the voxel is.
    let between = |place: f64, first: usize, last: usize| {
        let inside = (first as f64..=(last + 1) as f64).contains(&corner_from_middle(place));
        let clamped = place.clamp(first as f64, last as f64);
        let low = (clamped as usize).min(last);
        inside.then(|| (low, (low + 1).min(last), (clamped - low as f64) as f32))
    };
    let mut values = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let [px, py, pz] = place(motion, [x as f64, y as f64, index as f64]);
            let (Some((x0, x1, fx)), Some((y0, y1, fy)), Some((z0, z1, fz))) =
                (between(px, 0, columns - 1), between(py, 0, rows - 1), between(pz, slices.start, slices.end - 1))
            else {
                values.push(0.0);
                continue;
            };
            let along = |y: usize, z: usize| at(x0, y, z) * (1.0 - fx) + at(x1, y, z) * fx;
            let across = |z: usize| along(y0, z) * (1.0 - fy) + along(y1, z) * fy;
            values.push(across(z0) * (1.0 - fz) + across(z1) * fz);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [usize; 3] = [6, 5, 4];

    /// A volume that rises evenly along each axis.
    fn ramp() -> Vec<f32> {
        (0..120).map(|at| (at % 6) as f32 + 10.0 * (at / 6 % 5) as f32 + 100.0 * (at / 30) as f32).collect()
    }

    #[test]
    fn a_ramp_is_a_ramp_from_any_side() {
        let same: VoxelMotion = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let all = 0..4;
        assert_eq!(sampled(&ramp(), SIZE, &all, &same, Size::new(6, 5), 2), ramp()[60..90]);
        // Half a voxel along every axis, and a slice that leans.
        let leaning: VoxelMotion = [1.0, 0.0, 0.0, 0.5, 0.0, 1.0, 0.0, 0.5, 0.25, 0.0, 1.0, 0.5];
        let found = sampled(&ramp(), SIZE, &all, &leaning, Size::new(4, 3), 1);
        for (at, value) in found.into_iter().enumerate() {
            let (x, y) = ((at % 4) as f32, (at / 4) as f32);
            let expected = x + 0.5 + 10.0 * (y + 0.5) + 100.0 * (0.25 * x + 1.5);
            assert!((value - expected).abs() < 1e-3, "{value}, {expected}");
        }
    }

    #[test]
    fn only_the_slices_that_are_met_are_needed_and_beside_them_is_nothing() {
        let slice = Size::new(6, 5);
        let leaning: VoxelMotion = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.2, 0.0, 1.0, 0.5];
        assert_eq!(met(&leaning, slice, 1, 4), Some(1..4));
        assert_eq!(met(&leaning, slice, 3, 4), Some(3..4));
        assert_eq!(met(&leaning, slice, 9, 4), None);
        let shifted: VoxelMotion = [1.0, 0.0, 0.0, -3.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let found = sampled(&ramp(), SIZE, &(0..4), &shifted, slice, 0);
        assert_eq!(found[..6], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]);
    }
}

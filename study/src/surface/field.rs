//! Marked voxels into a smooth field around them, on places as far apart along all axes as voxels can be split to.

use super::tetrahedra::Field;
use crate::geometry::{Affine, norm};

/// Places into which a voxel is split along an axis at most.
const MOST_PARTS: f64 = 8.0;
/// Voxels around what is marked; the field ends within them.
const AROUND: usize = 2;

/// The share of marked voxels around each place, by a cubic B-spline: 0 from two voxels on, twice differentiable.
///
/// `marked` holds places of voxels of a grid of `size`, which lies where `affine` says.
pub(super) fn field(marked: &[usize], size: [usize; 3], affine: &Affine) -> Option<Field> {
    let index = |at: usize| [at % size[0], at / size[0] % size[1], at / size[0] / size[1]];
    let mut low = index(*marked.first()?);
    let mut high = low;
    for &at in marked {
        let place = index(at);
        (low, high) = (
            std::array::from_fn(|axis| low[axis].min(place[axis])),
            std::array::from_fn(|axis| high[axis].max(place[axis])),
        );
    }
    let spacing = [0, 1, 2].map(|axis| norm(affine.column(axis)));
    let finest = spacing.iter().copied().fold(f64::INFINITY, f64::min);
    let parts = spacing.map(|step| (step / finest).round().clamp(1.0, MOST_PARTS) as usize);

    let mut extent: [usize; 3] = std::array::from_fn(|axis| high[axis] - low[axis] + 1);
    let mut values = vec![0f32; extent.iter().product()];
    for &at in marked {
        let [i, j, k] = std::array::from_fn(|axis| index(at)[axis] - low[axis]);
        values[(k * extent[1] + j) * extent[0] + i] = 1.0;
    }
    for axis in 0..3 {
        values = spread(&values, extent, axis, parts[axis]);
        extent[axis] = places(extent[axis], parts[axis]);
    }
    let mut rows = [[0.0; 4]; 3];
    for axis in 0..3 {
        (rows[axis][axis], rows[axis][3]) = (1.0 / parts[axis] as f64, low[axis] as f64 - AROUND as f64);
    }
    Some(Field { values, size: extent, affine: affine.after(&Affine(rows)) })
}

/// Places of so many voxels and those around them, from middle to middle.
fn places(voxels: usize, parts: usize) -> usize {
    (voxels + 2 * AROUND - 1) * parts + 1
}

/// Values along an axis, weighed by the B-spline at each part of a voxel.
fn spread(values: &[f32], extent: [usize; 3], axis: usize, parts: usize) -> Vec<f32> {
    let stride: usize = extent[..axis].iter().product();
    let length = extent[axis];
    let mut out = Vec::with_capacity(values.len() / length * places(length, parts));
    for block in values.chunks_exact(stride * length) {
        for place in 0..places(length, parts) {
            let start = out.len();
            out.resize(start + stride, 0.0);
            let middle = place as f64 / parts as f64 - AROUND as f64;
            let from = (middle - 2.0).ceil().max(0.0) as usize;
            let to = (middle + 2.0).floor().min(length as f64 - 1.0);
            for at in from..(to + 1.0).max(0.0) as usize {
                let weight = spline(middle - at as f64) as f32;
                let row = &block[at * stride..][..stride];
                out[start..].iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
            }
        }
    }
    out
}

/// The cubic B-spline.
fn spline(at: f64) -> f64 {
    let at = at.abs();
    if at < 1.0 { 2.0 / 3.0 - at * at + at.powi(3) / 2.0 } else { (2.0 - at).max(0.0).powi(3) / 6.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_holds_all_that_is_marked_and_ends_within_its_grid() {
        let affine = Affine([[0.5, 0.0, 0.0, 7.0], [0.0, 0.5, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]]);
        // 4 × 3 × 2: a pair across slices, at column 3 and row 1.
        let field = field(&[7, 19], [4, 3, 2], &affine).unwrap();
        assert_eq!(field.size, [5, 5, 21]);
        let sum: f32 = field.values.iter().sum();
        assert!((sum - 2.0 * 4.0).abs() < 1e-4, "four places a voxel: {sum}");
        let brightest = (0..field.values.len()).max_by(|&a, &b| field.values[a].total_cmp(&field.values[b])).unwrap();
        let place = [brightest % 5, brightest / 5 % 5, brightest / 25].map(|v| v as f64);
        assert_eq!(field.affine.apply(place), [7.0 + 1.5, 0.5, 1.0], "between both");
        let is_edge = |at: usize| {
            let place = [at % 5, at / 5 % 5, at / 25];
            place.iter().zip(field.size).any(|(&v, length)| v == 0 || v + 1 == length)
        };
        assert!((0..field.values.len()).filter(|&at| is_edge(at)).all(|at| field.values[at] == 0.0));
        assert!(super::field(&[], [4, 3, 2], &affine).is_none());
    }
}

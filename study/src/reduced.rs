//! A volume into a smoother and coarser one, on which things are found faster.

use imaging::{GridSize, is_on_grid};

use crate::geometry::{Affine, norm};
use crate::volume::Volume;

/// Deviation of the Gaussian that a voxel of a coarser grid is weighed by, in its own size.
const BLUR: f64 = 0.5;
/// A voxel is of the head from this share of the mean of all that are brighter than the mean.
const HEAD: f64 = 0.35;
/// Intensities that differ by less than this share are alike.
const ALIKE: f32 = 1e-5;
/// Deviations at which the Gaussian is cut off.
const REACH: f64 = 2.5;

/// Intensities on a grid, `i` fastest.
#[derive(Clone, Debug)]
pub(crate) struct Reduced {
    /// One a voxel.
    pub values: Vec<f32>,
    /// Voxels along each axis.
    pub size: [usize; 3],
    /// From indices of voxels to mm.
    pub affine: Affine,
}

impl Reduced {
    /// A volume that lies where `affine` says, in voxels of about `step_mm`; along axes where its own are larger it keeps them.
    ///
    /// It is read slice by slice, so that no second copy of a large volume is made. What is no number counts as 0.
    pub fn new(volume: &Volume, affine: Affine, step_mm: f64) -> Self {
        let size = volume.geometry.size;
        let [along_x, along_y, along_z] = weights(size.axes(), &affine, step_mm);
        let mut values = Vec::new();
        let area = size.slice().area_px();
        for slice in 0..size.depth {
            let number = |at: usize| volume.values.get(slice * area + at) as f32;
            let read = (0..area).map(number).map(|value| if value.is_finite() { value } else { 0.0 });
            let rows = along(&read.collect::<Vec<_>>(), [size.width, size.height, 1], 0, &along_x);
            values.extend(along(&rows, [along_x.len(), size.height, 1], 1, &along_y));
        }
        let in_plane = [along_x.len(), along_y.len(), size.depth];
        let values = along(&values, in_plane, 2, &along_z);
        let reduced = [in_plane[0], in_plane[1], along_z.len()];
        Self { values, size: reduced, affine: coarser(affine, size.axes(), step_mm) }
    }

    /// The same in coarser voxels.
    pub fn reduced(&self, step_mm: f64) -> Self {
        let weights = weights(self.size, &self.affine, step_mm);
        let (mut values, mut size) = (self.values.clone(), self.size);
        for (axis, weights) in weights.iter().enumerate() {
            values = along(&values, size, axis, weights);
            size[axis] = weights.len();
        }
        Self { values, size, affine: coarser(self.affine, self.size, step_mm) }
    }

    /// Its grid.
    pub fn grid(&self) -> GridSize {
        self.size.into()
    }

    /// The intensity at a place in voxels, linear between the nearest; none beyond the edge of the outermost.
    #[inline]
    pub fn at(&self, place: [f32; 3]) -> Option<f32> {
        let [width, height, depth] = self.size;
        let [x, y, z] = place;
        let [last_x, last_y, last_z] = [width - 1, height - 1, depth - 1].map(|last| last as f32);
        // Half a voxel beyond the middle of the outermost still belongs to it.
        let is_inside = is_on_grid(x, width as f32) && is_on_grid(y, height as f32) && is_on_grid(z, depth as f32);
        if !is_inside {
            return None;
        }
        let (x, y, z) = (x.clamp(0.0, last_x), y.clamp(0.0, last_y), z.clamp(0.0, last_z));
        let (i, j, k) = (x as usize, y as usize, z as usize);
        let (u, v, w) = (x - i as f32, y - j as f32, z - k as f32);
        let at = (k * height + j) * width + i;
        let right = usize::from(i + 1 < width);
        let down = if j + 1 < height { width } else { 0 };
        let on = if k + 1 < depth { width * height } else { 0 };
        let row = |at: usize| {
            let (a, b) = (self.values[at], self.values[at + right]);
            a + u * (b - a)
        };
        let plane = |at: usize| {
            let (a, b) = (row(at), row(at + down));
            a + v * (b - a)
        };
        let (a, b) = (plane(at), plane(at + on));
        Some(a + w * (b - a))
    }

    /// The intensity from which voxels are of the head: air is darker. None if all are alike.
    pub fn least_of_head(&self) -> Option<f32> {
        let darkest = self.values.iter().copied().fold(f32::INFINITY, f32::min);
        let brightest = self.values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        // What weighing rounds is no difference.
        if brightest - darkest <= ALIKE * brightest.abs().max(darkest.abs()) {
            return None;
        }
        let above = |value: &f32| f64::from(*value - darkest);
        let mean = self.values.iter().map(above).sum::<f64>() / self.values.len() as f64;
        let brighter = self.values.iter().map(above).filter(|&value| value > mean);
        let (sum, count) = brighter.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        (count > 0.0).then(|| darkest + (HEAD * sum / count) as f32)
    }
}

/// How many voxels become one along an axis.
fn factor(voxels: usize, spacing_mm: f64, step_mm: f64) -> usize {
    // Rounding in a header does not cost a step.
    ((step_mm / spacing_mm + 0.01) as usize).clamp(1, voxels)
}

/// The first new voxel's middle in old ones along an axis: what is left over is cut off on both sides.
fn first(voxels: usize, factor: usize) -> f64 {
    (factor as f64 - 1.0) / 2.0 + ((voxels % factor) / 2) as f64
}

fn spacing(affine: &Affine) -> [f64; 3] {
    [0, 1, 2].map(|axis| norm(affine.column(axis)))
}

fn coarser(affine: Affine, size: [usize; 3], step_mm: f64) -> Affine {
    let spacing = spacing(&affine);
    let mut rows = [[0.0; 4]; 3];
    for axis in 0..3 {
        let factor = factor(size[axis], spacing[axis], step_mm);
        rows[axis][axis] = factor as f64;
        rows[axis][3] = first(size[axis], factor);
    }
    affine.after(&Affine(rows))
}

/// Of every new voxel along an axis, the first old one that it is made of and the weights of it and those that follow.
type Weights = Vec<(usize, Vec<f32>)>;

fn weights(size: [usize; 3], affine: &Affine, step_mm: f64) -> [Weights; 3] {
    let spacing = spacing(affine);
    std::array::from_fn(|axis| {
        let (voxels, step) = (size[axis], spacing[axis]);
        let factor = factor(voxels, step, step_mm);
        // What the old voxels blur is there already.
        let deviation = BLUR * (step_mm * step_mm - step * step).max(0.0).sqrt() / step;
        let one = |at: usize| {
            let middle = first(voxels, factor) + (at * factor) as f64;
            let reach = (REACH * deviation).max(0.5);
            let from = (middle - reach).ceil().max(0.0) as usize;
            let to = ((middle + reach).floor() as usize).min(voxels - 1);
            let weight = |at: usize| (-0.5 * ((at as f64 - middle) / deviation.max(1e-3)).powi(2)).exp().max(1e-30);
            let sum: f64 = (from..=to).map(weight).sum();
            (from, (from..=to).map(|at| (weight(at) / sum) as f32).collect())
        };
        (0..voxels / factor).map(one).collect()
    })
}

/// Values weighed along an axis.
fn along(values: &[f32], size: [usize; 3], axis: usize, weights: &Weights) -> Vec<f32> {
    let stride: usize = size[..axis].iter().product();
    let mut out = Vec::with_capacity(values.len() / size[axis] * weights.len());
    for block in values.chunks_exact(stride * size[axis]) {
        for (from, weights) in weights {
            let start = out.len();
            out.resize(start + stride, 0.0);
            for (at, weight) in weights.iter().enumerate() {
                let row = &block[(from + at) * stride..][..stride];
                out[start..].iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Geometry, Placement};
    use crate::volume::Values;

    #[test]
    fn a_linear_field_stays_where_it_is_and_no_voxel_is_counted_twice() {
        let affine = Affine([[0.0, 0.9, 0.0, -8.0], [0.8, 0.0, 0.0, -4.0], [0.0, 0.0, 5.0, -5.0]]);
        let size = [33, 40, 7];
        let field = |[x, y, z]: [f64; 3]| x + 2.0 * y - 3.0 * z;
        let index = |at: usize, size: [usize; 3]| {
            [at % size[0], at / size[0] % size[1], at / size[0] / size[1]].map(|v| v as f64)
        };
        let geometry = Geometry { size: size.into(), placement: Placement::Patient(affine) };
        let values = (0..geometry.voxels()).map(|at| field(affine.apply(index(at, size))) as f32).collect();
        let volume = Volume { geometry, values: Values::Floats(values) };
        for (step, expected) in [(1.0, [33, 40, 7]), (2.0, [16, 20, 7]), (4.0, [6, 10, 7]), (12.0, [2, 3, 3])] {
            let direct = Reduced::new(&volume, affine, step);
            let twice = Reduced::new(&volume, affine, 1.0).reduced(step);
            assert_eq!((direct.size, direct.affine), (expected, twice.affine));
            let mut checked = 0;
            for (at, value) in direct.values.iter().enumerate() {
                assert!((value - twice.values[at]).abs() < 1e-3);
                // Near the edge there is more on one side.
                let inner =
                    index(at, direct.size).iter().zip(direct.size).all(|(&v, n)| v >= 2.0 && v < n as f64 - 2.0);
                if inner {
                    let place = direct.affine.apply(index(at, direct.size));
                    assert!((f64::from(*value) - field(place)).abs() < 1e-3, "{step} mm, {place:?}");
                    checked += 1;
                }
            }
            assert!(checked > 0 || step > 10.0);
        }
    }

    #[test]
    fn between_voxels_intensities_are_linear_and_beyond_them_there_are_none() {
        let values = (0..24).map(|at| (at % 4 + 10 * (at / 4 % 3) + 100 * (at / 12)) as f32).collect();
        let unit = Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
        let reduced = Reduced { values, size: [4, 3, 2], affine: unit };
        for place in [[0.0, 0.0, 0.0], [2.25, 1.5, 0.75], [3.0, 2.0, 1.0], [1.0, 2.0, 0.5]] {
            let value = reduced.at(place).unwrap();
            assert!((value - (place[0] + 10.0 * place[1] + 100.0 * place[2])).abs() < 1e-4, "{place:?}");
        }
        assert_eq!(reduced.at([3.4, 2.4, 1.4]), Some(123.0));
        assert_eq!(reduced.at([-0.6, 1.0, 0.0]), None);
        assert_eq!(reduced.at([1.0, 1.0, f32::NAN]), None);
    }
}

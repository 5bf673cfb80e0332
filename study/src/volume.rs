//! Intensities of one sequence on a grid.

use std::sync::Arc;

use imaging::{GridSize, is_on_grid};

use crate::geometry::{Affine, Geometry, Placement, Reorientation};

/// Whole numbers of 16 bit, slice by slice, so that a large series is never copied into one piece. Clones share them.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    slices: Vec<Arc<Vec<u16>>>,
    pixels: usize,
}

impl Stored {
    /// The numbers of slices, all of one size.
    ///
    /// # Panics
    ///
    /// If there is no slice, or slices differ in size.
    pub fn new(slices: impl IntoIterator<Item = Vec<u16>>) -> Self {
        let slices: Vec<Arc<Vec<u16>>> = slices.into_iter().map(Arc::new).collect();
        let pixels = slices.first().map_or(0, |slice| slice.len());
        assert!(pixels > 0 && slices.iter().all(|slice| slice.len() == pixels), "slices are of one size");
        Self { slices, pixels }
    }

    /// Numbers of all slices together.
    pub fn len(&self) -> usize {
        self.slices.len() * self.pixels
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a voxel.
    ///
    /// # Panics
    ///
    /// If there is no such voxel.
    pub fn get(&self, at: usize) -> u16 {
        self.slices[at / self.pixels][at % self.pixels]
    }

    /// All slices, each row by row.
    pub fn slices(&self) -> impl ExactSizeIterator<Item = &[u16]> {
        self.slices.iter().map(|slice| slice.as_slice())
    }

    /// All slices as they are shared.
    pub fn shared(&self) -> impl Iterator<Item = Arc<Vec<u16>>> {
        self.slices.iter().cloned()
    }

    /// One slice.
    ///
    /// # Panics
    ///
    /// If there are not so many.
    pub fn slice(&self, index: usize) -> &[u16] {
        &self.slices[index]
    }

    /// All numbers.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        self.slices().flatten().copied()
    }

    /// The same numbers in the order of a turned grid.
    fn turned(&self, turn: &Reorientation, size: GridSize) -> Self {
        let [width, height, _] = turn.axes.map(|from| size.axes()[from]);
        let mut slices = Vec::new();
        let mut slice = Vec::with_capacity(width * height);
        turn.walk(size, |at| {
            slice.push(self.get(at));
            if slice.len() == width * height {
                slices.push(std::mem::replace(&mut slice, Vec::with_capacity(width * height)));
            }
        });
        Self::new(slices)
    }
}

/// Intensities, one a voxel, `i` fastest.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Whole numbers of 16 bit; the intensity is `intercept + slope · (stored − zero)`.
    Integers {
        /// As stored, signed ones raised by 32768.
        stored: Stored,
        /// What a stored zero was raised to.
        zero: u16,
        /// Units of intensity for one stored unit.
        slope: f64,
        /// Intensity of a zero.
        intercept: f64,
    },
    /// Everything else.
    Floats(Vec<f32>),
}

impl Values {
    /// Number of voxels.
    pub fn len(&self) -> usize {
        match self {
            Self::Integers { stored, .. } => stored.len(),
            Self::Floats(values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Intensity of a voxel.
    ///
    /// # Panics
    ///
    /// If there is no such voxel.
    pub fn get(&self, at: usize) -> f64 {
        match self {
            Self::Integers { stored, zero, slope, intercept } => {
                intercept + slope * (f64::from(stored.get(at)) - f64::from(*zero))
            }
            Self::Floats(values) => f64::from(values[at]),
        }
    }

    /// The same intensities in the order of a turned grid.
    pub fn turned(self, turn: &Reorientation, size: GridSize) -> Self {
        if *turn == Reorientation::NONE {
            return self;
        }
        match self {
            Self::Integers { stored, zero, slope, intercept } => {
                Self::Integers { stored: stored.turned(turn, size), zero, slope, intercept }
            }
            Self::Floats(values) => Self::Floats(turn.turn(&values, size)),
        }
    }

    /// The same intensities with a scale that rises: larger stored numbers are larger intensities.
    pub fn rising(self) -> Self {
        match self {
            Self::Integers { stored, zero, slope, intercept } if slope < 0.0 => Self::Integers {
                stored: Stored::new(stored.slices().map(|slice| slice.iter().map(|v| u16::MAX - v).collect())),
                zero: u16::MAX - zero,
                slope: -slope,
                intercept,
            },
            other => other,
        }
    }

    /// The same as whole numbers in slices of so many pixels: floats by even steps between their smallest and largest.
    pub fn into_integers(self, pixels: usize) -> Self {
        let Self::Floats(values) = self else { return self };
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let range = f64::from(high) - f64::from(low);
        let whole = values.iter().all(|v| v.fract() == 0.0) && range <= f64::from(u16::MAX);
        let slope = if whole || range.is_nan() || range <= 0.0 { 1.0 } else { range / f64::from(u16::MAX) };
        let intercept = if low.is_finite() { f64::from(low) } else { 0.0 };
        let whole = |v: &f32| ((f64::from(*v) - intercept) / slope).round() as u16;
        let stored = Stored::new(values.chunks_exact(pixels).map(|slice| slice.iter().map(whole).collect()));
        Self::Integers { stored, zero: 0, slope, intercept }
    }
}

/// Stored numbers as their bytes, in the order of the machine: little endian wherever browsers run.
pub fn bytes_of(stored: &[u16]) -> &[u8] {
    bytemuck::cast_slice(stored)
}

/// Intensities and where they lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// The grid.
    pub geometry: Geometry,
    /// One intensity a voxel of it.
    pub values: Values,
}

impl Volume {
    /// The intensities at the voxels of another grid, linear between the nearest; voxels beyond the edge take
    /// `outside`. Nothing if it is not known where either lies.
    pub fn resampled(&self, onto: &Geometry, outside: f32) -> Option<Vec<f32>> {
        let (Placement::Patient(from), Placement::Patient(to)) = (self.geometry.placement, onto.placement) else {
            return None;
        };
        Some(self.sampled(&from.inverse()?.after(&to), onto.size, outside))
    }

    /// The same where a motion leads from places on the other grid to the same places of the head in this volume, in mm. Nothing if
    /// distances are not known.
    pub(crate) fn moved(&self, moving_from_fixed: &Affine, fixed: &Geometry, outside: f32) -> Option<Vec<f32>> {
        Some(self.sampled(&self.geometry.voxels_from(fixed, moving_from_fixed)?, fixed.size, outside))
    }

    /// The same where it is known which of the own indices belong to those of another grid.
    pub(crate) fn sampled(&self, source_from_target: &Affine, size: GridSize, outside: f32) -> Vec<f32> {
        let mut sampled = Vec::with_capacity(size.voxels());
        for k in 0..size.depth {
            for j in 0..size.height {
                for i in 0..size.width {
                    let at = source_from_target.apply([i as f64, j as f64, k as f64]);
                    sampled.push(self.interpolated(at, outside));
                }
            }
        }
        sampled
    }

    fn interpolated(&self, at: [f64; 3], outside: f32) -> f32 {
        let size = self.geometry.size.axes();
        // Half a voxel beyond the middle of the outermost still belongs to it.
        if (0..3).any(|axis| !is_on_grid(at[axis], size[axis] as f64)) {
            return outside;
        }
        let low: [usize; 3] = std::array::from_fn(|axis| at[axis].max(0.0) as usize);
        let part: [f64; 3] = std::array::from_fn(|axis| (at[axis] - low[axis] as f64).clamp(0.0, 1.0));
        let mut sum = 0.0;
        for corner in 0..8 {
            let (mut weight, mut place, mut stride) = (1.0, 0, 1);
            for axis in 0..3 {
                let high = corner >> axis & 1;
                weight *= if high == 1 { part[axis] } else { 1.0 - part[axis] };
                place += stride * (low[axis] + high).min(size[axis] - 1);
                stride *= size[axis];
            }
            if weight > 0.0 {
                sum += weight * self.values.get(place);
            }
        }
        sum as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(size: [usize; 3], affine: Affine) -> Volume {
        let geometry = Geometry { size: size.into(), placement: Placement::Patient(affine) };
        let values = (0..geometry.voxels()).map(|at| {
            let index = [at % size[0], at / size[0] % size[1], at / size[0] / size[1]].map(|v| v as f64);
            let [x, y, z] = affine.apply(index);
            (x + 2.0 * y - 3.0 * z) as f32
        });
        Volume { geometry, values: Values::Floats(values.collect()) }
    }

    #[test]
    fn a_linear_field_comes_out_the_same_on_any_grid() {
        let source = ramp([9, 8, 7], Affine([[0.0, 0.0, 2.0, -8.0], [1.0, 0.0, 0.0, -4.0], [0.0, 1.5, 0.0, -5.0]]));
        let onto = ramp([4, 5, 3], Affine([[0.7, 0.1, 0.0, -3.0], [-0.1, 0.7, 0.0, -1.0], [0.0, 0.0, 1.1, -2.0]]));
        let resampled = source.resampled(&onto.geometry, f32::NAN).unwrap();
        let Values::Floats(expected) = &onto.values else { unreachable!() };
        for (a, b) in resampled.iter().zip(expected) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
    }

    #[test]
    fn what_lies_outside_is_filled() {
        let source = ramp([3, 3, 3], Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]));
        let far = Affine([[1.0, 0.0, 0.0, 99.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
        let onto = Geometry { size: [2, 2, 2].into(), placement: Placement::Patient(far) };
        assert_eq!(source.resampled(&onto, -7.0), Some(vec![-7.0; 8]));
        assert_eq!(source.resampled(&Geometry { placement: Placement::Unknown, ..onto }, 0.0), None);
    }

    #[test]
    fn floats_become_integers_to_half_a_step() {
        let values = [-1.5f32, 0.0, 2.25, 7.0];
        let integers = Values::Floats(values.to_vec()).into_integers(2);
        let Values::Integers { slope, .. } = integers.clone() else { unreachable!() };
        for (at, value) in values.into_iter().enumerate() {
            assert!((integers.get(at) - f64::from(value)).abs() <= slope / 2.0);
        }
        let Values::Integers { stored, zero, intercept, .. } = integers else { unreachable!() };
        let falling = Values::Integers { stored, zero, slope: -0.5, intercept };
        let rising = falling.clone().rising();
        assert!(matches!(rising, Values::Integers { slope: 0.5, .. }));
        assert!((0..4).all(|at| rising.get(at) == falling.get(at)));
        let whole = Values::Floats(vec![-3.0, 500.0]).into_integers(2);
        assert_eq!([whole.get(0), whole.get(1)], [-3.0, 500.0], "whole numbers stay exact");
    }
}

//! A slice into the planes that the network reads: standardised intensities on the network's grid.
//!
//! Paper §3.1: "subtracting the mean and dividing by the standard deviation", pixel values in 0..1, uniform size. The
//! rule is written in the manifest by training and read by the engine; it stands nowhere else.

use serde::{Deserialize, Serialize};

use crate::fit::Fit;
use crate::slice::{SEQUENCES, Slice};

/// How intensities become network inputs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Normalization {
    /// Every sequence of every slice by its own mean and standard deviation.
    PerSlice {
        /// Smallest standard deviation divided by, as a share of the brightest pixel: an empty slice stays quiet.
        deviation_floor: f32,
    },
}

/// What the network reads: three planes of standardised intensities.
#[derive(Clone, Debug, PartialEq)]
pub struct Planes {
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
    /// Pre-contrast, FLAIR and post-contrast, one after the other, row by row.
    pub values: Vec<f32>,
}

impl Normalization {
    /// The planes of `slice` on the network's grid.
    ///
    /// # Panics
    ///
    /// If `fit` was made for another size.
    pub fn planes(&self, slice: &Slice, fit: &Fit) -> Planes {
        let (width, height) = fit.network();
        let sequences = (0..SEQUENCES).flat_map(|index| {
            let (mut values, background) = self.standardized(slice.sequence(index));
            values = fit.network_from_source(&values, background);
            values
        });
        Planes { width, height, values: sequences.collect() }
    }

    /// The standardised sequence, and what an intensity of zero became.
    fn standardized(&self, sequence: &[f32]) -> (Vec<f32>, f32) {
        let Self::PerSlice { deviation_floor } = *self;
        let count = sequence.len().max(1) as f64;
        let mean = sequence.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let variance = sequence.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
        let brightest = sequence.iter().copied().fold(0.0, f32::max);
        let mean = mean as f32;
        let deviation = (variance.sqrt() as f32).max(deviation_floor * brightest).max(f32::MIN_POSITIVE);
        (sequence.iter().map(|v| (v - mean) / deviation).collect(), -mean / deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Normalization = Normalization::PerSlice { deviation_floor: 0.05 };

    fn planes(values: &[f32]) -> Planes {
        let slice = Slice::new(32, 16, vec![values.to_vec()]);
        RULE.planes(&slice, &Fit::new(32, 16, 32, 16))
    }

    fn ramp() -> Vec<f32> {
        (0..32 * 16).map(|v| (v % 37) as f32 / 64.0).collect()
    }

    #[test]
    fn every_plane_has_mean_zero_and_deviation_one() {
        let planes = planes(&ramp());
        assert_eq!((planes.width, planes.height, planes.values.len()), (32, 16, 3 * 512));
        for plane in planes.values.chunks_exact(512) {
            let mean = plane.iter().sum::<f32>() / 512.0;
            let variance = plane.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / 512.0;
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "{mean} {variance}");
        }
    }

    #[test]
    fn the_scale_of_the_file_does_not_matter() {
        let dim: Vec<f32> = ramp().iter().map(|v| v / 16.0).collect();
        let [a, b] = [planes(&ramp()), planes(&dim)];
        assert!(a.values.iter().zip(&b.values).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn a_constant_slice_gives_finite_numbers() {
        for constant in [0.0, 1.0] {
            assert!(planes(&[constant; 512]).values.iter().all(|v| v.is_finite()));
        }
    }
}

//! A slice into the planes that the network reads: standardised intensities on the network's grid.
//!
//! Paper §3.1: "subtracting the mean and dividing by the standard deviation", pixel values in 0..1, uniform size. The
//! rule is written in the manifest by training and read by the engine; it stands nowhere else.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

use super::noise::without_noise;
use crate::grid::{Fit, Size};
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
    /// Every sequence by the mean and standard deviation over all slices of its volume; a lone slice by its own.
    PerVolume {
        /// As for a slice.
        deviation_floor: f32,
    },
}

/// How bright the sequences of some slices are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics([Brightness; SEQUENCES]);

/// Sums over the pixels of one sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Brightness {
    pixels: usize,
    sum: f64,
    squares: f64,
    brightest: f32,
}

impl Statistics {
    /// Those of one slice or of all slices of a volume.
    pub fn of(slices: impl IntoIterator<Item = impl Borrow<Slice>>) -> Self {
        let mut statistics = [Brightness::default(); SEQUENCES];
        for slice in slices {
            for (index, brightness) in statistics.iter_mut().enumerate() {
                let values = slice.borrow().sequence(index);
                brightness.pixels += values.len();
                brightness.sum += values.iter().map(|&v| f64::from(v)).sum::<f64>();
                brightness.squares += values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
                brightness.brightest = values.iter().copied().fold(brightness.brightest, f32::max);
            }
        }
        Self(statistics)
    }
}

/// Of each sequence its pixels, their sum, the sum of their squares, and the brightest.
impl From<Statistics> for [[f64; 4]; SEQUENCES] {
    fn from(statistics: Statistics) -> Self {
        statistics.0.map(|b| [b.pixels as f64, b.sum, b.squares, f64::from(b.brightest)])
    }
}

impl From<[[f64; 4]; SEQUENCES]> for Statistics {
    fn from(numbers: [[f64; 4]; SEQUENCES]) -> Self {
        Self(numbers.map(|[pixels, sum, squares, brightest]| Brightness {
            pixels: pixels as usize,
            sum,
            squares,
            brightest: brightest as f32,
        }))
    }
}

impl Brightness {
    /// Mean and standard deviation, the latter no smaller than a share of the brightest pixel.
    fn mean_and_deviation(&self, floor: f32) -> (f32, f32) {
        let count = self.pixels.max(1) as f64;
        let mean = self.sum / count;
        let deviation = (self.squares / count - mean * mean).max(0.0).sqrt() as f32;
        (mean as f32, deviation.max(floor * self.brightest).max(f32::MIN_POSITIVE))
    }
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
    /// The planes of `slice` on the network's grid; `volume` is about all slices of its volume, where there is one. A lone
    /// slice is standardised by what the network sees of it. A plane with more noise than the network knows is smoothed.
    ///
    /// # Panics
    ///
    /// If `fit` was made for another size.
    pub fn planes(&self, slice: &Slice, volume: Option<&Statistics>, fit: &Fit) -> Planes {
        let Size { width, height } = fit.network();
        let part = slice.part(fit.frame());
        let (floor, Statistics(brightness)) = match (*self, volume) {
            (Self::PerVolume { deviation_floor }, Some(volume)) => (deviation_floor, *volume),
            (Self::PerSlice { deviation_floor } | Self::PerVolume { deviation_floor }, _) => {
                (deviation_floor, Statistics::of([&*part]))
            }
        };
        let values = brightness.iter().enumerate().flat_map(|(index, brightness)| {
            let (mean, deviation) = brightness.mean_and_deviation(floor);
            let values = part.sequence(index).iter().map(|v| (v - mean) / deviation).collect();
            without_noise(fit.network_from_frame(values, -mean / deviation), width)
        });
        Planes { width, height, values: values.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Normalization = Normalization::PerSlice { deviation_floor: 0.05 };

    fn planes(values: &[f32]) -> Planes {
        let slice = Slice::new(32, 16, vec![values.to_vec()]);
        RULE.planes(&slice, None, &Fit::new(32, 16, 32, 16))
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

    #[test]
    fn statistics_survive_being_numbers() {
        let statistics =
            Statistics::of([Slice::new(32, 16, vec![ramp(), planes(&ramp()).values[..512].to_vec(), ramp()])]);
        assert_eq!(Statistics::from(<[[f64; 4]; SEQUENCES]>::from(statistics)), statistics);
    }

    #[test]
    fn a_volumes_slices_keep_their_brightness_relative_to_each_other() {
        let rule = Normalization::PerVolume { deviation_floor: 0.05 };
        let fit = Fit::new(32, 16, 32, 16);
        let slice = |scale: f32| Slice::new(32, 16, vec![ramp().iter().map(|v| v * scale).collect()]);
        let (bright, dim) = (slice(1.0), slice(0.25));
        let volume = Statistics::of([&bright, &dim]);
        let mean = |planes: Planes| planes.values.iter().sum::<f32>() / planes.values.len() as f32;
        let [a, b] = [&bright, &dim].map(|slice| mean(rule.planes(slice, Some(&volume), &fit)));
        assert!(a > 0.1 && (a + b).abs() < 1e-4, "{a} {b}");
        assert_eq!(rule.planes(&dim, None, &fit), RULE.planes(&dim, Some(&volume), &fit));
    }
}

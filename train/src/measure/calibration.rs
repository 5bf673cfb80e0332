//! Whether what is called likely happens as often as it is said to.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Equal parts of 0..=1 that probabilities are sorted into.
const BINS: usize = 10;

/// Probabilities and how often they came true, by bins of equal width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    bins: [Bin; BINS],
}

/// Probabilities of about one size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Number of predictions.
    pub predictions: usize,
    /// Number of them that came true.
    pub positives: usize,
    /// Sum of their probabilities.
    pub probability: f64,
}

impl Bin {
    /// Mean probability, and the share that came true; nothing without predictions.
    pub fn point(&self) -> Option<(f64, f64)> {
        let count = self.predictions as f64;
        (self.predictions > 0).then(|| (self.probability / count, self.positives as f64 / count))
    }
}

impl Calibration {
    /// Counts of probabilities in 0..=1 and what came true.
    pub fn of<'a>(
        probabilities: impl IntoIterator<Item = &'a f32>,
        positives: impl IntoIterator<Item = &'a bool>,
    ) -> Self {
        let mut calibration = Self::default();
        for (&probability, &positive) in probabilities.into_iter().zip(positives) {
            let bin = &mut calibration.bins[((probability * BINS as f32) as usize).min(BINS - 1)];
            bin.predictions += 1;
            bin.positives += usize::from(positive);
            bin.probability += f64::from(probability);
        }
        calibration
    }

    /// The bins, from improbable to certain.
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// Mean distance between probability and share that came true, over predictions (Naeini et al. 2015).
    pub fn expected_error(&self) -> f64 {
        let predictions: usize = self.bins.iter().map(|bin| bin.predictions).sum();
        let off = |bin: &Bin| (bin.probability - bin.positives as f64).abs();
        self.bins.iter().map(off).sum::<f64>() / predictions.max(1) as f64
    }
}

impl AddAssign for Calibration {
    fn add_assign(&mut self, other: Self) {
        for (bin, other) in self.bins.iter_mut().zip(other.bins) {
            bin.predictions += other.predictions;
            bin.positives += other.positives;
            bin.probability += other.probability;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_hand() {
        let calibration = Calibration::of(&[0.05, 0.05, 0.95, 1.0], &[false, true, true, true]);
        let points: Vec<_> = calibration.bins().iter().filter_map(Bin::point).collect();
        assert_eq!(points.len(), 2);
        assert!((points[0].0 - 0.05).abs() < 1e-6 && (points[0].1 - 0.5).abs() < 1e-9);
        // Two predictions 0.45 off on average, two 0.025.
        assert!((calibration.expected_error() - (0.45 + 0.025) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn counts_of_parts_add_up() {
        let mut sum = Calibration::of(&[0.2], &[true]);
        sum += Calibration::of(&[0.7], &[false]);
        assert_eq!(sum, Calibration::of(&[0.2, 0.7], &[true, false]));
    }
}

//! Figures about lists of numbers.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Resamplings of the values behind a confidence interval.
const RESAMPLINGS: usize = 10_000;

/// Probability that a positive scores above a negative, ties counted half (Mann and Whitney 1947).
pub fn area_under_curve(scores: impl Iterator<Item = (f32, bool)>) -> f64 {
    let (positives, negatives): (Vec<_>, Vec<_>) = scores.partition(|(_, positive)| *positive);
    let wins: f64 = positives
        .iter()
        .flat_map(|(positive, _)| negatives.iter().map(move |(negative, _)| (positive, negative)))
        .map(|(positive, negative)| {
            f64::from(u8::from(positive > negative)) + 0.5 * f64::from(u8::from(positive == negative))
        })
        .sum();
    wins / (positives.len() * negatives.len()).max(1) as f64
}

/// Where the mean lies in the middle 95 % of resamplings with replacement (Efron 1979); the same on every run.
pub fn bootstrap_interval(values: &[f64]) -> [f64; 2] {
    if values.is_empty() {
        return [0.0; 2];
    }
    let mut rng = StdRng::seed_from_u64(1);
    let mut means: Vec<f64> = (0..RESAMPLINGS)
        .map(|_| {
            (0..values.len()).map(|_| values[rng.random_range(0..values.len())]).sum::<f64>() / values.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    [0.025, 0.975].map(|share| means[(share * (RESAMPLINGS - 1) as f64).round() as usize])
}

/// The mean, or 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The median of values in rising order, or 0 of nothing.
pub fn median_of_sorted(values: &[f64]) -> f64 {
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_normal_distribution() {
        // 400 values of deviation 1/2: the mean's deviation is 1/40, and 1.96 of it to either side hold 95 %.
        let values: Vec<f64> = (0..400).map(|index| f64::from(index % 2)).collect();
        let [low, high] = bootstrap_interval(&values);
        assert!((low - (0.5 - 1.96 / 40.0)).abs() < 4e-3 && (high - (0.5 + 1.96 / 40.0)).abs() < 4e-3, "{low} {high}");
        assert_eq!(bootstrap_interval(&[0.7; 9]).map(|v| (v * 10.0).round()), [7.0; 2]);
    }

    #[test]
    fn the_area_under_the_curve_by_hand() {
        let auc = |scores: &[(f32, bool)]| area_under_curve(scores.iter().copied());
        assert_eq!(auc(&[(0.9, true), (0.8, true), (0.1, false)]), 1.0);
        assert_eq!(auc(&[(0.9, true), (0.2, true), (0.5, false)]), 0.5);
        assert_eq!(auc(&[(0.5, true), (0.5, false)]), 0.5);
    }
}

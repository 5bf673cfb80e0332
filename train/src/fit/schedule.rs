//! The learning rate of every step and the end of a fit, from the recipe and the epochs so far.
//!
//! Nothing is remembered between epochs but their log, so an interrupted fit goes on exactly as it would have.

use serde::{Deserialize, Serialize};

/// How the learning rate changes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// A climb from zero, then half a cosine down to zero.
    Cosine {
        /// Steps of the climb.
        warmup_steps: usize,
    },
    /// Lowered at fixed times, and whenever the tuning patients stop getting better.
    Decay {
        /// Epochs between two of the fixed times.
        every_epochs: usize,
        /// Factor at each of them.
        factor: f64,
        /// Epochs without a better tuning Dice before it is lowered beyond that.
        patience: usize,
        /// Factor then.
        plateau_factor: f64,
    },
    /// Down to zero by a power of the share of the epochs that are left, the same throughout an epoch.
    Poly {
        /// The power.
        exponent: f64,
    },
}

/// Where a fit stands.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Epoch, from 0.
    pub epoch: usize,
    /// Step within the epoch, from 0.
    pub step: usize,
    /// Steps of an epoch.
    pub steps: usize,
    /// Epochs of the whole fit.
    pub epochs: usize,
}

impl Schedule {
    /// Share of the largest learning rate at a position, after epochs with the tuning Dices `history`.
    pub fn share(self, history: &[f64], at: Position) -> f64 {
        match self {
            Self::Cosine { warmup_steps } => {
                let (step, total) = (at.epoch * at.steps + at.step, at.epochs * at.steps);
                let warmup = warmup_steps.min(total / 2);
                if step < warmup {
                    (step + 1) as f64 / warmup as f64
                } else {
                    let progress = (step - warmup) as f64 / (total - warmup).max(1) as f64;
                    0.5 * (1.0 + (std::f64::consts::PI * progress.min(1.0)).cos())
                }
            }
            Self::Decay { every_epochs, factor, patience, plateau_factor } => {
                let fixed = (at.epoch / every_epochs.max(1)) as i32;
                factor.powi(fixed) * plateau_factor.powi(plateaus(history, patience) as i32)
            }
            Self::Poly { exponent } => (1.0 - at.epoch as f64 / at.epochs.max(1) as f64).powf(exponent),
        }
    }
}

/// Whether the last `patience` epochs were all no better than one before them.
pub fn is_over(history: &[f64], patience: Option<usize>) -> bool {
    patience.is_some_and(|patience| plateaus(history, patience) > 0)
}

/// How often the tuning Dice went `patience` epochs without getting better, each plateau counted from the last.
fn plateaus(history: &[f64], patience: usize) -> usize {
    let (mut best, mut waited, mut plateaus) = (f64::NEG_INFINITY, 0, 0);
    for &dice in history {
        if dice > best {
            (best, waited) = (dice, 0);
        } else {
            waited += 1;
        }
        if waited > 0 && waited >= patience {
            (waited, plateaus) = (0, plateaus + 1);
        }
    }
    plateaus
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(epoch: usize, step: usize) -> Position {
        Position { epoch, step, steps: 100, epochs: 10 }
    }

    #[test]
    fn the_cosine_climbs_and_ends_at_zero() {
        let schedule = Schedule::Cosine { warmup_steps: 50 };
        let rate = |epoch, step| schedule.share(&[], at(epoch, step));
        assert!((rate(0, 24) - 0.5).abs() < 1e-12);
        assert!((rate(0, 50) - 1.0).abs() < 1e-12);
        assert!((rate(5, 25) - 0.5).abs() < 1e-12);
        assert!(rate(9, 99) < 1e-5);
    }

    #[test]
    fn the_rate_is_lowered_at_its_times_and_on_plateaus() {
        let decay = Schedule::Decay { every_epochs: 4, factor: 0.5, patience: 2, plateau_factor: 0.1 };
        let rate = |history: &[f64]| decay.share(history, at(history.len(), 0));
        assert_eq!(rate(&[]), 1.0);
        assert_eq!(rate(&[0.1, 0.2, 0.1]), 1.0);
        assert!((rate(&[0.1, 0.2, 0.3, 0.4]) - 0.5).abs() < 1e-12);
        assert!((rate(&[0.5, 0.5, 0.4]) - 0.1).abs() < 1e-12);
        assert!((rate(&[0.5, 0.5, 0.4, 0.3, 0.2]) - 0.5 * 0.01).abs() < 1e-12);
    }

    #[test]
    fn a_power_of_what_is_left_falls_from_epoch_to_epoch() {
        let rate = |epoch, step| Schedule::Poly { exponent: 0.9 }.share(&[], at(epoch, step));
        assert_eq!((rate(0, 0), rate(0, 99)), (1.0, 1.0));
        assert!((rate(5, 0) - 0.5f64.powf(0.9)).abs() < 1e-12);
        assert!((rate(9, 99) - 0.1f64.powf(0.9)).abs() < 1e-12);
    }

    #[test]
    fn a_fit_ends_after_its_patience() {
        assert!(!is_over(&[0.1, 0.1, 0.1], None));
        assert!(!is_over(&[0.1, 0.3, 0.2], Some(2)));
        assert!(is_over(&[0.1, 0.3, 0.2, 0.3], Some(2)));
    }
}

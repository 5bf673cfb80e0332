//! The outcomes of a network's seeds into one row of figures.

use crate::compare::outcome::{Outcome, Reached};
use crate::measure::statistics::{bootstrap_interval, mean, median_of_sorted};

/// Figures of one network, each the mean over its seeds.
#[derive(Clone, Debug)]
pub struct Figures<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Any one of its fits, for what does not change with the seed.
    pub any: &'a Reached,
    /// Fits that ended.
    pub fits: usize,
    /// Every patient's volume Dice, by name.
    pub dices: Vec<(&'a str, f64)>,
    /// Mean volume Dice.
    pub mean: f64,
    /// Its interval over resamplings of the patients.
    pub interval: [f64; 2],
    /// Median volume Dice.
    pub median: f64,
    /// Mean IoU of slices with tumour.
    pub slice_iou: f64,
    /// Distance of the outlines, in pixels.
    pub hausdorff_95_px: f64,
    /// Area under the curve of presence.
    pub presence_auc: f64,
}

impl<'a> Figures<'a> {
    /// The figures of a network that at least one fit of ended.
    pub fn of(name: &'a str, outcomes: &'a [Outcome]) -> Option<Self> {
        let of_name = outcomes.iter().filter(|outcome| outcome.name == name);
        let reached: Vec<&Reached> = of_name.filter_map(|outcome| outcome.reached.as_ref().ok()).collect();
        let any = *reached.first()?;
        let over_seeds = |of: &dyn Fn(&Reached) -> f64| mean(&reached.iter().map(|one| of(one)).collect::<Vec<_>>());
        let dice_of = |name: &str| {
            let of =
                |one: &&Reached| one.patients.iter().find(|patient| patient.patient == name).map(|p| p.volume_dice);
            mean(&reached.iter().filter_map(of).collect::<Vec<_>>())
        };
        let mut dices: Vec<(&str, f64)> =
            any.patients.iter().map(|patient| (patient.patient.as_str(), dice_of(&patient.patient))).collect();
        dices.sort_by(|a, b| a.0.cmp(b.0));
        let mut values: Vec<f64> = dices.iter().map(|(_, dice)| *dice).collect();
        let interval = bootstrap_interval(&values);
        values.sort_by(f64::total_cmp);
        Some(Self {
            name,
            any,
            fits: reached.len(),
            mean: mean(&values),
            interval,
            median: median_of_sorted(&values),
            slice_iou: over_seeds(&|one| one.slice_iou),
            hausdorff_95_px: over_seeds(&|one| one.hausdorff_95_px),
            presence_auc: over_seeds(&|one| one.presence_auc),
            dices,
        })
    }

    /// By how much its volume Dice lies above another network's on the same patients: mean, and the interval of the mean.
    ///
    /// # Errors
    ///
    /// If the two were measured on other patients.
    pub fn above(&self, other: &Self) -> Result<[f64; 3], String> {
        let pairs: Vec<_> = self.dices.iter().zip(&other.dices).collect();
        if self.dices.len() != other.dices.len() || pairs.iter().any(|(a, b)| a.0 != b.0) {
            return Err(format!("{} and {} were measured on other patients", self.name, other.name));
        }
        let differences: Vec<f64> = pairs.iter().map(|(a, b)| a.1 - b.1).collect();
        let [low, high] = bootstrap_interval(&differences);
        Ok([mean(&differences), low, high])
    }
}

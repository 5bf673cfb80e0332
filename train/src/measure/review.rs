//! What the page's list of slices to review catches.

use std::ops::Range;

use imaging::{Mask, Overlap, SliceState, review};

use crate::measure::report::{LARGE_PX, gated, volume_mask};
use crate::measure::score::ScoredPatient;

/// Dice below which a mask is poor.
const POOR: f64 = 0.5;

/// How long the lists are, and which poor slices are on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// All slices.
    pub slices: usize,
    /// Slices on the lists.
    pub listed: usize,
    /// Slices with a mask whose Dice is below 0.5.
    pub poor: usize,
    /// Those of them on the lists.
    pub poor_listed: usize,
    /// Slices with at least 100 px of tumour in the label and no mask.
    pub missed: usize,
    /// Those of them on the lists.
    pub missed_listed: usize,
}

/// The lists of all patients, as the page makes them once a study is segmented; `unsure` are the probabilities of tumour between
/// its words for tumour and for none.
pub fn reviewed(scored: &[ScoredPatient], index: usize, gate: f32, unsure: &Range<f32>) -> Reviewed {
    let mut sum = Reviewed::default();
    for patient in scored {
        let mask = volume_mask(patient, index, gate);
        let mut rest = mask.as_slice();
        let mut overlaps = Vec::new();
        let mut states = Vec::new();
        for slice in &patient.slices {
            let (mask, after) = rest.split_at(slice.label.pixels().len());
            rest = after;
            let mask = Mask::new(slice.label.width(), slice.label.height(), mask.to_vec());
            let overlap = Overlap::between(&mask, &slice.label).expect("labels lie on their slice's grid");
            states.push(SliceState {
                presence: Some(slice.presence),
                area_px: overlap.mask,
                parts_removed: gated(slice, index, gate).mask > overlap.mask,
                corrected: false,
            });
            overlaps.push(overlap);
        }
        let listed: Vec<usize> = review(&states, unsure).into_iter().map(|(at, _)| at).collect();
        let count = |of: &dyn Fn(&Overlap) -> bool| {
            let found: Vec<usize> = (0..overlaps.len()).filter(|&at| of(&overlaps[at])).collect();
            (found.len(), found.iter().filter(|at| listed.contains(at)).count())
        };
        let (poor, poor_listed) = count(&|overlap| overlap.mask > 0 && overlap.dice().is_some_and(|dice| dice < POOR));
        let (missed, missed_listed) = count(&|overlap| overlap.mask == 0 && overlap.label >= LARGE_PX);
        sum = Reviewed {
            slices: sum.slices + overlaps.len(),
            listed: sum.listed + listed.len(),
            poor: sum.poor + poor,
            poor_listed: sum.poor_listed + poor_listed,
            missed: sum.missed + missed,
            missed_listed: sum.missed_listed + missed_listed,
        };
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::calibration::Calibration;
    use crate::measure::score::ScoredSlice;

    /// A slice of 20 × 20 with so many pixels marked and labelled, from the first on.
    fn slice(presence: f32, mask: usize, label: usize) -> ScoredSlice {
        let first = |count: usize| Mask::new(20, 20, (0..400).map(|at| at < count).collect());
        ScoredSlice {
            presence,
            label: first(label),
            masks: vec![first(mask)],
            hausdorff_95_px: vec![None],
            calibration: Calibration::default(),
        }
    }

    #[test]
    fn poor_and_missed_slices_count_with_those_that_the_list_has() {
        // A mask over four slices: its ends are listed, one of them poor; one slice between is poor and not listed.
        let slices = vec![
            slice(0.99, 100, 20),
            slice(0.99, 100, 100),
            slice(0.99, 100, 20),
            slice(0.99, 100, 100),
            slice(0.3, 0, 150),
            slice(0.01, 0, 150),
        ];
        let scored = [ScoredPatient { name: "a".into(), slices }];
        let expected = Reviewed { slices: 6, listed: 3, poor: 2, poor_listed: 1, missed: 2, missed_listed: 1 };
        assert_eq!(reviewed(&scored, 0, 0.0, &(0.1..0.7)), expected);
    }
}

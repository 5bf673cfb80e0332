//! How well the slices between two right ones are filled: by the network from either side, as the page does, by the shapes alone,
//! and by the network's own look.

use engine::{EngineError, Segmenter};
use imaging::{Mask, Overlap, between, interpolated};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::correct::carry::Looks;
use crate::data::patient::Patient;
use crate::measure::score::Context;
use crate::measure::statistics::mean;

/// Slices between two right ones, at most.
const MOST: usize = 5;
/// Smallest tumour of a slice that takes part, in pixels.
const LEAST_PX: usize = 100;

/// Mean intersection over union with the label of the slices between two right ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filling {
    /// Slices between the two.
    pub gap: usize,
    /// Slices that were measured, over all patients.
    pub slices: usize,
    /// By the network's own look.
    pub automatic: f64,
    /// Carried from the first of the two alone.
    pub carried: f64,
    /// By the network from either side.
    pub between: f64,
    /// By the shapes alone.
    pub interpolated: f64,
}

/// The figures in words, a line a gap.
pub fn table(fillings: &[Filling]) -> String {
    let mut text = String::from(
        "| slices between | measured | automatic | carried from one | from both | shapes alone |\n|---|---|---|---|---|---|\n",
    );
    for Filling { gap, slices, automatic, carried, between, interpolated } in fillings {
        text += &format!("| {gap} | {slices} | {automatic:.3} | {carried:.3} | {between:.3} | {interpolated:.3} |\n");
    }
    text
}

/// A slice in a gap of so many, and the intersections over union of its automatic, carried, filled and interpolated masks.
type Slice = (usize, [f64; 4]);

/// Fills every gap of one to five slices between slices with tumour, on every core; of each gap the mean over its slices.
///
/// # Errors
///
/// The first [`EngineError`].
pub fn fill(segmenter: &Segmenter, patients: &[Patient], context: Context) -> Result<Vec<Filling>, EngineError> {
    let of_patients: Result<Vec<Vec<Slice>>, _> =
        patients.par_iter().map(|patient| of_patient(segmenter, patient, context)).collect();
    let all: Vec<Slice> = of_patients?.into_iter().flatten().collect();
    let of_gap = |gap: usize| {
        let here: Vec<[f64; 4]> = all.iter().filter(|(of, _)| *of == gap).map(|(_, ious)| *ious).collect();
        let [automatic, carried, between, interpolated] =
            std::array::from_fn(|at| mean(&here.iter().map(|ious| ious[at]).collect::<Vec<_>>()));
        Filling { gap, slices: here.len(), automatic, carried, between, interpolated }
    };
    Ok((1..=MOST).map(of_gap).filter(|filling| filling.slices > 0).collect())
}

/// Of each slice in each gap, automatic, carried, between and interpolated.
fn of_patient(segmenter: &Segmenter, patient: &Patient, context: Context) -> Result<Vec<Slice>, EngineError> {
    let looks = Looks::at(segmenter, patient, context)?;
    let threshold = looks.threshold();
    let slices = &patient.slices;
    let label = |index: usize| &slices[index].label;
    let mut all = Vec::new();
    for gap in 1..=MOST {
        // Gaps follow each other, so that a volume is gone through once for each width.
        for first in (0..slices.len()).step_by(gap + 1) {
            let last = first + gap + 1;
            let inside = first..=last;
            if last >= slices.len() || !inside.clone().all(|at| label(at).area_px() >= LEAST_PX) {
                continue;
            }
            let from = |slices: &mut dyn Iterator<Item = usize>, start: usize| {
                let (mut mask, mut before, mut maps) = (label(start).clone(), start, Vec::new());
                for at in slices {
                    let map = looks.carried(&mask, before, at)?;
                    (mask, before) = (map.mask(threshold), at);
                    maps.push(map);
                }
                Ok::<_, EngineError>(maps)
            };
            let down = from(&mut (first + 1..last), first)?;
            let mut up = from(&mut (first + 1..last).rev(), last)?;
            up.reverse();
            for (at, (down, up)) in (first + 1..last).zip(down.iter().zip(&up)) {
                let share = (at - first) as f32 / (gap + 1) as f32;
                let masks = [
                    looks.own_mask(at),
                    down.mask(threshold),
                    between(down, up, share, threshold).mask(threshold),
                    interpolated(label(first), label(last), share),
                ];
                all.push((gap, masks.map(|mask| iou(&mask, label(at)))));
            }
        }
    }
    Ok(all)
}

fn iou(mask: &Mask, label: &Mask) -> f64 {
    Overlap::between(mask, label).expect("labels lie on their slice's grid").iou().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_row_a_gap() {
        let filling = Filling { gap: 2, slices: 7, automatic: 0.5, carried: 0.75, between: 0.8125, interpolated: 0.25 };
        assert_eq!(table(&[filling]).lines().nth(2), Some("| 2 | 7 | 0.500 | 0.750 | 0.812 | 0.250 |"));
    }
}

//! Patients and a model into figures: the engine that the browser runs, over every slice.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use engine::{EngineError, Metrics, Segmenter};
use imaging::{Overlap, ProbabilityMap};
use serde::Serialize;

use crate::dataset::Patient;

/// What the engine said of one slice.
pub struct ScoredSlice {
    /// Probability that there is tumour at all.
    pub presence: f32,
    /// Pixels of tumour in the label.
    pub label_px: usize,
    /// Mask against label at each of the thresholds asked for, the decoder run on every slice.
    pub overlaps: Vec<Overlap>,
}

/// All slices of one patient.
pub struct ScoredPatient {
    /// Name of the patient's folder.
    pub name: String,
    /// In order.
    pub slices: Vec<ScoredSlice>,
}

/// What `report.json` says of one patient.
#[derive(Clone, Debug, Serialize)]
pub struct PatientReport {
    /// Name of the patient's folder.
    pub patient: String,
    /// Number of slices.
    pub slices: usize,
    /// Dice of all slices together.
    pub volume_dice: f64,
    /// Pixels of tumour in the labels.
    pub label_px: usize,
    /// Pixels of tumour in the masks.
    pub mask_px: usize,
}

/// Everything that is reported.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Summary over patients.
    pub metrics: Metrics,
    /// Mean Dice of single slices that hold tumour in label or mask.
    pub mean_slice_dice: f64,
    /// Share of the slices with at least 100 px of tumour that the presence gate calls empty.
    pub missed_by_gate: f64,
    /// Share of the empty slices that skip the decoder.
    pub empty_skipped: f64,
    /// Worst patient first.
    pub patients: Vec<PatientReport>,
}

/// Runs the engine over all patients, on every core.
///
/// # Errors
///
/// The first [`EngineError`].
pub fn score(
    segmenter: &Segmenter,
    patients: &[Patient],
    thresholds: &[f32],
) -> Result<Vec<ScoredPatient>, EngineError> {
    let next = AtomicUsize::new(0);
    let scored = Mutex::new(Vec::new());
    let work = || -> Result<(), EngineError> {
        while let Some(patient) = patients.get(next.fetch_add(1, Ordering::Relaxed)) {
            let slices = score_patient(segmenter, patient, thresholds)?;
            eprintln!("  {}: {} slices", patient.name, slices.len());
            let scored_patient = ScoredPatient { name: patient.name.clone(), slices };
            scored.lock().expect("no thread panics while it holds the lock").push(scored_patient);
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().try_for_each(|handle| handle.join().expect("the engine does not panic on valid slices"))
    })?;
    let mut scored = scored.into_inner().expect("no thread panicked while it held the lock");
    scored.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scored)
}

fn score_patient(
    segmenter: &Segmenter,
    patient: &Patient,
    thresholds: &[f32],
) -> Result<Vec<ScoredSlice>, EngineError> {
    let slices = patient.slices.iter().map(|labelled| {
        let encoded = pollster::block_on(segmenter.encode(&segmenter.prepare(&labelled.slice)))?;
        let presence = encoded.presence();
        let map: ProbabilityMap = pollster::block_on(segmenter.decode(encoded))?;
        let overlaps = thresholds
            .iter()
            .map(|&threshold| {
                Overlap::between(&map.mask(threshold), &labelled.label).expect("labels lie on their slice's grid")
            })
            .collect();
        Ok(ScoredSlice { presence, label_px: labelled.label.area_px(), overlaps })
    });
    slices.collect()
}

/// The report at the `index`-th threshold with the presence gate at `gate`.
///
/// A volume in which neither label nor mask marks anything counts as Dice 1; no patient of the data set is one.
pub fn report(scored: &[ScoredPatient], index: usize, gate: f32) -> Report {
    let mut patients: Vec<_> = scored
        .iter()
        .map(|patient| {
            let mut volume = Overlap::default();
            patient.slices.iter().for_each(|slice| volume += gated(slice, index, gate));
            PatientReport {
                patient: patient.name.clone(),
                slices: patient.slices.len(),
                volume_dice: volume.dice().unwrap_or(1.0),
                label_px: volume.label,
                mask_px: volume.mask,
            }
        })
        .collect();
    patients.sort_by(|a, b| a.volume_dice.total_cmp(&b.volume_dice));
    let dices: Vec<f64> = patients.iter().map(|patient| patient.volume_dice).collect();

    let slices: Vec<_> = scored.iter().flat_map(|patient| &patient.slices).collect();
    let slice_dices: Vec<f64> = slices.iter().filter_map(|slice| gated(slice, index, gate).dice()).collect();
    let share = |of: &dyn Fn(&ScoredSlice) -> bool| {
        let of: Vec<_> = slices.iter().filter(|slice| of(slice)).collect();
        of.iter().filter(|slice| slice.presence < gate).count() as f64 / of.len().max(1) as f64
    };
    Report {
        metrics: Metrics {
            patients: patients.len(),
            mean_volume_dice: mean(&dices),
            median_volume_dice: median_of_sorted(&dices),
            presence_auc: area_under_curve(slices.iter().map(|slice| (slice.presence, slice.label_px > 0))),
        },
        mean_slice_dice: mean(&slice_dices),
        missed_by_gate: share(&|slice| slice.label_px >= LARGE_PX),
        empty_skipped: share(&|slice| slice.label_px == 0),
        patients,
    }
}

/// From this many pixels on a tumour must not be missed by the gate.
pub const LARGE_PX: usize = 100;

fn gated(slice: &ScoredSlice, index: usize, gate: f32) -> Overlap {
    let overlap = slice.overlaps[index];
    if slice.presence < gate { Overlap { both: 0, mask: 0, label: overlap.label } } else { overlap }
}

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

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn median_of_sorted(values: &[f64]) -> f64 {
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(presence: f32, both: usize, mask: usize, label: usize) -> ScoredSlice {
        ScoredSlice { presence, label_px: label, overlaps: vec![Overlap { both, mask, label }] }
    }

    fn patient(name: &str, slices: Vec<ScoredSlice>) -> ScoredPatient {
        ScoredPatient { name: name.into(), slices }
    }

    #[test]
    fn a_volume_is_scored_as_one_and_the_gate_empties_slices() {
        let scored = [
            patient("a", vec![slice(0.9, 50, 100, 100), slice(0.9, 50, 50, 50)]),
            patient("b", vec![slice(0.9, 30, 30, 30), slice(0.1, 0, 40, 0)]),
        ];
        let open = report(&scored, 0, 0.0);
        assert!((open.patients[1].volume_dice - 200.0 / 300.0).abs() < 1e-9, "{open:?}");
        assert!((open.patients[0].volume_dice - 60.0 / 100.0).abs() < 1e-9);
        let gated = report(&scored, 0, 0.5);
        assert_eq!(gated.patients[1].volume_dice, 1.0);
        assert!((gated.metrics.mean_volume_dice - (1.0 + 200.0 / 300.0) / 2.0).abs() < 1e-9);
        assert_eq!((gated.missed_by_gate, gated.empty_skipped), (0.0, 1.0));
    }

    #[test]
    fn the_area_under_the_curve_by_hand() {
        let auc = |scores: &[(f32, bool)]| area_under_curve(scores.iter().copied());
        assert_eq!(auc(&[(0.9, true), (0.8, true), (0.1, false)]), 1.0);
        assert_eq!(auc(&[(0.9, true), (0.2, true), (0.5, false)]), 0.5);
        assert_eq!(auc(&[(0.5, true), (0.5, false)]), 0.5);
    }
}

//! Patients and a model into figures: the engine that the browser runs, over every slice.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use engine::{EngineError, Metrics, Segmenter};
use imaging::{Overlap, ProbabilityMap, hausdorff_95_px};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Serialize;

use crate::dataset::{Patient, read_patients, read_split};
use crate::predict;

/// Resamplings of the patients behind the confidence interval.
const RESAMPLINGS: usize = 10_000;

/// What the engine said of one slice.
pub struct ScoredSlice {
    /// Probability that there is tumour at all.
    pub presence: f32,
    /// Pixels of tumour in the label.
    pub label_px: usize,
    /// Mask against label at each of the thresholds asked for, the decoder run on every slice.
    pub overlaps: Vec<Overlap>,
    /// Distance of the outlines at each threshold, where there are two.
    pub hausdorff_95_px: Vec<Option<f64>>,
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
    /// Bootstrap interval of the mean volume Dice over patients that holds 95 % of the resamplings.
    pub mean_volume_dice_interval: [f64; 2],
    /// Mean Dice of single slices that hold tumour in label or mask.
    pub mean_slice_dice: f64,
    /// Mean intersection over union of the same slices.
    pub mean_slice_iou: f64,
    /// Mean over slices with tumour in label and mask of the 95th percentile of the outlines' distance, in pixels.
    pub mean_hausdorff_95_px: f64,
    /// Share of the slices with tumour whose presence probability reaches the gate.
    pub presence_sensitivity: f64,
    /// Share of the slices with at least 100 px of tumour that the presence gate calls empty.
    pub missed_by_gate: f64,
    /// Share of the empty slices that skip the decoder: the specificity of the presence probability at the gate.
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
        let (overlaps, hausdorff_95_px) = thresholds
            .iter()
            .map(|&threshold| {
                let mask = map.mask(threshold);
                let overlap = Overlap::between(&mask, &labelled.label);
                overlap.and_then(|overlap| Ok((overlap, hausdorff_95_px(&mask, &labelled.label)?)))
            })
            .collect::<Result<(Vec<_>, Vec<_>), _>>()
            .expect("labels lie on their slice's grid");
        Ok(ScoredSlice { presence, label_px: labelled.label.area_px(), overlaps, hausdorff_95_px })
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
    let slice_ious: Vec<f64> = slices.iter().filter_map(|slice| gated(slice, index, gate).iou()).collect();
    let decoded = slices.iter().filter(|slice| slice.presence >= gate);
    let distances: Vec<f64> = decoded.filter_map(|slice| slice.hausdorff_95_px[index]).collect();
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
        mean_volume_dice_interval: bootstrap_interval(&dices),
        mean_slice_dice: mean(&slice_dices),
        mean_slice_iou: mean(&slice_ious),
        mean_hausdorff_95_px: mean(&distances),
        presence_sensitivity: 1.0 - share(&|slice| slice.label_px > 0),
        missed_by_gate: share(&|slice| slice.label_px >= LARGE_PX),
        empty_skipped: share(&|slice| slice.label_px == 0),
        patients,
    }
}

/// Measures a packaged model on a folder of patients, or on those of them that a split keeps for validation, and writes
/// `report.json` into `output`.
///
/// # Errors
///
/// Whatever is missing, cannot be read or cannot be written.
pub fn evaluate(model: &Path, data: &Path, split: Option<&Path>, output: &Path) -> Result<(), Box<dyn Error>> {
    let segmenter = predict::load(model)?;
    let patients = match split {
        Some(split) => read_split(data, split)?.validation,
        None => read_patients(data)?,
    };
    println!("measuring on {} patients …", patients.len());
    let manifest = segmenter.manifest();
    let scored = score(&segmenter, &patients, &[manifest.threshold])?;
    let report = report(&scored, 0, manifest.presence_threshold);
    fs::create_dir_all(output)?;
    let path = output.join("report.json");
    fs::write(&path, serde_json::to_string_pretty(&report)? + "\n")?;
    let [low, high] = report.mean_volume_dice_interval;
    println!(
        "volume Dice: mean {:.4} (95 % interval {low:.4} to {high:.4}), median {:.4}",
        report.metrics.mean_volume_dice, report.metrics.median_volume_dice
    );
    println!(
        "tumour slices: Dice {:.4}, IoU {:.4}, outlines {:.2} px apart (95th percentile)",
        report.mean_slice_dice, report.mean_slice_iou, report.mean_hausdorff_95_px
    );
    println!(
        "presence: AUC {:.4}, sensitivity {:.4}, specificity {:.4}; {:.2} % of the tumours of {LARGE_PX} px or more missed",
        report.metrics.presence_auc,
        report.presence_sensitivity,
        report.empty_skipped,
        100.0 * report.missed_by_gate
    );
    println!("written to {}", path.display());
    Ok(())
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

/// Where the mean lies in the middle 95 % of resamplings with replacement (Efron 1979); the same on every run.
fn bootstrap_interval(values: &[f64]) -> [f64; 2] {
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
        ScoredSlice {
            presence,
            label_px: label,
            overlaps: vec![Overlap { both, mask, label }],
            hausdorff_95_px: vec![None],
        }
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

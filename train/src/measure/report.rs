//! What was counted into the figures that are reported.

use engine::Metrics;
use imaging::{Overlap, without_small_parts};
use serde::{Deserialize, Serialize};

use crate::measure::calibration::Calibration;
use crate::measure::score::{ScoredPatient, ScoredSlice};
use crate::measure::statistics::{area_under_curve, bootstrap_interval, mean, median_of_sorted};

/// What `report.json` says of one patient.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PatientReport {
    /// Name of the patient's folder.
    pub patient: String,
    /// Number of slices.
    pub slices: usize,
    /// Dice of all slices together, without the mask's small parts.
    pub volume_dice: f64,
    /// The same with them.
    pub volume_dice_all_parts: f64,
    /// Pixels of tumour in the labels.
    pub label_px: usize,
    /// Pixels of tumour in the masks, without their small parts.
    pub mask_px: usize,
}

/// Everything that is reported.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Summary over patients.
    pub metrics: Metrics,
    /// Bootstrap interval of the mean volume Dice over patients that holds 95 % of the resamplings.
    pub mean_volume_dice_interval: [f64; 2],
    /// Mean and median volume Dice if the small parts of the mask are counted too.
    pub volume_dice_all_parts: [f64; 2],
    /// Mean Dice of single slices that hold tumour in the label.
    pub mean_slice_dice: f64,
    /// Mean intersection over union of the same slices.
    pub mean_slice_iou: f64,
    /// Share of the slices without tumour in which the mask marks any.
    pub empty_slices_marked: f64,
    /// Mean over slices with tumour in label and mask of the 95th percentile of the outlines' distance, in pixels.
    pub mean_hausdorff_95_px: f64,
    /// Share of the slices with tumour whose presence probability reaches the gate.
    pub presence_sensitivity: f64,
    /// Share of the slices with at least 100 px of tumour that the presence gate calls empty.
    pub missed_by_gate: f64,
    /// Share of the empty slices that skip the decoder: the specificity of the presence probability at the gate.
    pub empty_skipped: f64,
    /// How far pixels' probabilities come true, over all slices that the decoder answers for.
    pub pixel_calibration: Calibration,
    /// How far slices' presence probabilities come true.
    pub presence_calibration: Calibration,
    /// Worst patient first.
    pub patients: Vec<PatientReport>,
}

/// The report at the `index`-th threshold with the presence gate at `gate`.
///
/// See [`policy`] for what is empty.
pub fn report(scored: &[ScoredPatient], index: usize, gate: f32) -> Report {
    let mut patients: Vec<_> = scored
        .iter()
        .map(|patient| {
            let mut all_parts = Overlap::default();
            patient.slices.iter().for_each(|slice| all_parts += gated(slice, index, gate));
            let volume = whole_volume(patient, index, gate);
            PatientReport {
                patient: patient.name.clone(),
                slices: patient.slices.len(),
                volume_dice: volume.dice().unwrap_or(1.0),
                volume_dice_all_parts: all_parts.dice().unwrap_or(1.0),
                label_px: volume.label,
                mask_px: volume.mask,
            }
        })
        .collect();
    patients.sort_by(|a, b| a.volume_dice.total_cmp(&b.volume_dice));
    let dices: Vec<f64> = patients.iter().map(|patient| patient.volume_dice).collect();
    let mut all_parts: Vec<f64> = patients.iter().map(|patient| patient.volume_dice_all_parts).collect();
    all_parts.sort_by(f64::total_cmp);

    let slices: Vec<_> = scored.iter().flat_map(|patient| &patient.slices).collect();
    let (tumour, empty): (Vec<_>, Vec<_>) =
        slices.iter().map(|slice| gated(slice, index, gate)).partition(|overlap| overlap.label > 0);
    let slice_dices: Vec<f64> = tumour.iter().filter_map(Overlap::dice).collect();
    let slice_ious: Vec<f64> = tumour.iter().filter_map(Overlap::iou).collect();
    let marked = empty.iter().filter(|overlap| overlap.mask > 0).count();
    let decoded: Vec<_> = slices.iter().filter(|slice| slice.presence >= gate).collect();
    let distances: Vec<f64> = decoded.iter().filter_map(|slice| slice.hausdorff_95_px[index]).collect();
    let mut pixel_calibration = Calibration::default();
    decoded.iter().for_each(|slice| pixel_calibration += slice.calibration);
    let (presences, present): (Vec<f32>, Vec<bool>) =
        slices.iter().map(|slice| (slice.presence, slice.label.area_px() > 0)).unzip();
    let share = |of: &dyn Fn(&ScoredSlice) -> bool| {
        let of: Vec<_> = slices.iter().filter(|slice| of(slice)).collect();
        of.iter().filter(|slice| slice.presence < gate).count() as f64 / of.len().max(1) as f64
    };
    Report {
        metrics: Metrics {
            patients: patients.len(),
            mean_volume_dice: mean(&dices),
            median_volume_dice: median_of_sorted(&dices),
            presence_auc: area_under_curve(presences.iter().copied().zip(present.iter().copied())),
        },
        mean_volume_dice_interval: bootstrap_interval(&dices),
        volume_dice_all_parts: [mean(&all_parts), median_of_sorted(&all_parts)],
        mean_slice_dice: mean(&slice_dices),
        mean_slice_iou: mean(&slice_ious),
        empty_slices_marked: marked as f64 / empty.len().max(1) as f64,
        mean_hausdorff_95_px: mean(&distances),
        presence_sensitivity: 1.0 - share(&|slice| slice.label.area_px() > 0),
        missed_by_gate: share(&|slice| slice.label.area_px() >= LARGE_PX),
        empty_skipped: share(&|slice| slice.label.area_px() == 0),
        pixel_calibration,
        presence_calibration: Calibration::of(&presences, &present),
        patients,
    }
}

/// How slices and volumes without tumour are counted.
pub fn policy(report: &Report) -> String {
    let empty = report.patients.iter().filter(|patient| patient.label_px + patient.mask_px == 0).count();
    let empty = if empty == 0 { "none here is one".to_owned() } else { format!("{empty} here") };
    format!(
        "A slice that the presence gate calls empty has an empty mask. Slice Dice and IoU are means over the slices whose \
         label holds tumour; an empty mask scores 0 there. Slices without tumour in the label have no Dice: the share of \
         them with a mask is reported instead. Volume Dice counts the pixels of all slices together, so a false mask on an \
         empty slice lowers it, after parts of the mask smaller than a tenth of its largest have been left out, as the page \
         does once it has segmented a whole volume; a volume with neither label nor mask counts as 1 ({empty}). All other \
         figures are of the slices as they are."
    )
}

/// From this many pixels on a tumour must not be missed by the gate.
pub const LARGE_PX: usize = 100;

/// Mask against label at the `index`-th threshold, the mask empty where the presence stays below the gate.
pub fn gated(slice: &ScoredSlice, index: usize, gate: f32) -> Overlap {
    if slice.presence < gate {
        return Overlap { both: 0, mask: 0, label: slice.label.area_px() };
    }
    Overlap::between(&slice.masks[index], &slice.label).expect("labels lie on their slice's grid")
}

/// All slices of a patient together, without the small parts of the gated masks.
fn whole_volume(patient: &ScoredPatient, index: usize, gate: f32) -> Overlap {
    overlap(&volume_mask(patient, index, gate), &volume_label(patient))
}

/// What is marked in two masks of a volume, the second taken for the label.
pub fn overlap(mask: &[bool], label: &[bool]) -> Overlap {
    let mut sum = Overlap::default();
    for (&mask, &label) in mask.iter().zip(label) {
        sum.both += usize::from(mask && label);
        sum.mask += usize::from(mask);
        sum.label += usize::from(label);
    }
    sum
}

/// The label of all slices of a patient, slice by slice.
pub fn volume_label(patient: &ScoredPatient) -> Vec<bool> {
    patient.slices.iter().flat_map(|slice| slice.label.pixels()).copied().collect()
}

/// The mask of all slices of a patient without the small parts of the gated masks, slice by slice; with them where slices of
/// different sizes make no volume.
pub fn volume_mask(patient: &ScoredPatient, index: usize, gate: f32) -> Vec<bool> {
    let size = |slice: &ScoredSlice| slice.label.size();
    let Some(first) = patient.slices.first().map(size) else { return Vec::new() };
    let marked = |slice: &ScoredSlice| match slice.presence < gate {
        true => vec![false; slice.label.pixels().len()],
        false => slice.masks[index].pixels().to_vec(),
    };
    let mask: Vec<bool> = patient.slices.iter().flat_map(marked).collect();
    match patient.slices.iter().all(|slice| size(slice) == first) {
        true => without_small_parts(&mask, first.stacked(patient.slices.len())),
        false => mask,
    }
}

#[cfg(test)]
mod tests {
    use imaging::Mask;

    use super::*;

    /// Side of the slices here.
    const SIDE: usize = 20;

    fn rows(from: usize, count: usize) -> Mask {
        Mask::new(SIDE, SIDE, (0..SIDE * SIDE).map(|at| (from..from + count).contains(&at)).collect())
    }

    /// A slice with `both` pixels in mask and label, the rest of each beside them.
    fn slice(presence: f32, both: usize, mask: usize, label: usize) -> ScoredSlice {
        ScoredSlice {
            presence,
            label: rows(200 - label + both, label),
            masks: vec![rows(200, mask)],
            hausdorff_95_px: vec![None],
            calibration: Calibration::default(),
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
        assert_eq!((open.empty_slices_marked, gated.empty_slices_marked), (1.0, 0.0));
    }

    #[test]
    fn a_volumes_small_parts_are_left_out_and_counted_apart() {
        let mut speck = slice(0.9, 0, 0, 0);
        speck.masks = vec![rows(0, 9)];
        let scored = [patient("a", vec![slice(0.9, 100, 100, 100), slice(0.9, 0, 0, 0), speck])];
        let report = report(&scored, 0, 0.0);
        assert_eq!((report.patients[0].volume_dice, report.patients[0].mask_px), (1.0, 100));
        assert!((report.volume_dice_all_parts[0] - 200.0 / 209.0).abs() < 1e-9);
    }
}

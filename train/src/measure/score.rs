//! Slices and a model into what is counted about them: the engine that the browser runs, over every slice.

use engine::{EngineError, Segmenter};
use imaging::{Mask, ProbabilityMap, Slice, Surroundings, hausdorff_95_px};
use rayon::prelude::*;

use crate::data::patient::Patient;
use crate::measure::calibration::Calibration;

/// What the engine knows of a slice beside the slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The brightness of its whole volume.
    Volume,
    /// Nothing, as where a single slice is dropped onto the page.
    Alone,
}

impl Context {
    /// What that is for one of the patient's slices.
    pub fn surroundings(self, patient: &Patient, slice: &Slice) -> Surroundings {
        match self {
            Self::Volume => Surroundings::Volume(patient.statistics),
            Self::Alone => Surroundings::of_picture(slice),
        }
    }
}

/// What the engine said of one slice.
pub struct ScoredSlice {
    /// Probability that there is tumour at all.
    pub presence: f32,
    /// What experts marked.
    pub label: Mask,
    /// The mask at each of the thresholds asked for, the decoder run on every slice.
    pub masks: Vec<Mask>,
    /// Distance of the outlines at each threshold, where there are two.
    pub hausdorff_95_px: Vec<Option<f64>>,
    /// How far the pixels' probabilities come true.
    pub calibration: Calibration,
}

/// All slices of one patient.
pub struct ScoredPatient {
    /// Name of the patient's folder.
    pub name: String,
    /// In order.
    pub slices: Vec<ScoredSlice>,
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
    context: Context,
) -> Result<Vec<ScoredPatient>, EngineError> {
    let scored = patients.par_iter().map(|patient| {
        let slices = score_patient(segmenter, patient, thresholds, context)?;
        eprintln!("  {}: {} slices", patient.name, slices.len());
        Ok(ScoredPatient { name: patient.name.clone(), slices })
    });
    scored.collect()
}

fn score_patient(
    segmenter: &Segmenter,
    patient: &Patient,
    thresholds: &[f32],
    context: Context,
) -> Result<Vec<ScoredSlice>, EngineError> {
    let slices = patient.slices.iter().map(|labelled| {
        let prepared = segmenter.prepare_in(&labelled.slice, &context.surroundings(patient, &labelled.slice));
        let encoded = pollster::block_on(segmenter.encode(&prepared))?;
        let presence = encoded.presence();
        let map: ProbabilityMap = pollster::block_on(segmenter.decode(encoded))?;
        let label = labelled.label.clone();
        let masks: Vec<Mask> = thresholds.iter().map(|&threshold| map.mask(threshold)).collect();
        let distances: Result<Vec<_>, _> = masks.iter().map(|mask| hausdorff_95_px(mask, &label)).collect();
        let hausdorff_95_px = distances.expect("labels lie on their slice's grid");
        let calibration = Calibration::of(map.values(), label.pixels());
        Ok(ScoredSlice { presence, label, masks, hausdorff_95_px, calibration })
    });
    slices.collect()
}

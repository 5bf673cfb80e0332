//! Slices and a model into what is counted about them: the engine that the browser runs, over every slice.

use engine::{EngineError, Segmenter};
use imaging::{Mask, ProbabilityMap, Slice, Surroundings, hausdorff_95_px};
use rayon::prelude::*;

use crate::data::patient::Patient;
use crate::measure::calibration::Calibration;
use crate::measure::mirror::{mirrored, plain};

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

/// How slices are brought before the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it knows beside each.
    pub context: Context,
    /// Whether it sees each in mirrors too.
    pub mirrored: bool,
}

impl Reading {
    /// Presence and map of one of a patient's slices, neither emptied by the other.
    ///
    /// # Errors
    ///
    /// As [`Segmenter::encode`].
    pub fn answer(
        self,
        segmenter: &Segmenter,
        patient: &Patient,
        slice: &Slice,
    ) -> Result<(f32, ProbabilityMap), EngineError> {
        let surroundings = |slice: &Slice| self.context.surroundings(patient, slice);
        match self.mirrored {
            true => mirrored(segmenter, slice, surroundings),
            false => plain(segmenter, slice, &surroundings(slice)),
        }
    }
}

impl From<Context> for Reading {
    fn from(context: Context) -> Self {
        Self { context, mirrored: false }
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
    reading: impl Into<Reading>,
) -> Result<Vec<ScoredPatient>, EngineError> {
    let reading = reading.into();
    let scored = patients.par_iter().map(|patient| {
        let slices = score_patient(segmenter, patient, thresholds, reading)?;
        eprintln!("  {}: {} slices", patient.name, slices.len());
        Ok(ScoredPatient { name: patient.name.clone(), slices })
    });
    scored.collect()
}

fn score_patient(
    segmenter: &Segmenter,
    patient: &Patient,
    thresholds: &[f32],
    reading: Reading,
) -> Result<Vec<ScoredSlice>, EngineError> {
    let slices = patient.slices.iter().map(|labelled| {
        let (presence, map) = reading.answer(segmenter, patient, &labelled.slice)?;
        let label = labelled.label.clone();
        let masks: Vec<Mask> = thresholds.iter().map(|&threshold| map.mask(threshold)).collect();
        let distances: Result<Vec<_>, _> = masks.iter().map(|mask| hausdorff_95_px(mask, &label)).collect();
        let hausdorff_95_px = distances.expect("labels lie on their slice's grid");
        let calibration = Calibration::of(map.values(), label.pixels());
        Ok(ScoredSlice { presence, label, masks, hausdorff_95_px, calibration })
    });
    slices.collect()
}

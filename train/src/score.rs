//! Slices and a model into what is counted about them: the engine that the browser runs, over every slice.

use engine::{EngineError, Segmenter};
use imaging::{Overlap, ProbabilityMap, Statistics, hausdorff_95_px};

use crate::calibration::Calibration;
use crate::dataset::Patient;
use crate::parallel;

/// What the engine knows of a slice beside the slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The brightness of its whole volume.
    Volume,
    /// Nothing, as where a single slice is dropped onto the page.
    Alone,
}

impl Context {
    /// What normalisation may use of the patient's other slices.
    pub fn volume(self, patient: &Patient) -> Option<&Statistics> {
        match self {
            Self::Volume => Some(&patient.statistics),
            Self::Alone => None,
        }
    }
}

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
    parallel::map(patients, |_, patient| {
        let slices = score_patient(segmenter, patient, thresholds, context)?;
        eprintln!("  {}: {} slices", patient.name, slices.len());
        Ok(ScoredPatient { name: patient.name.clone(), slices })
    })
}

fn score_patient(
    segmenter: &Segmenter,
    patient: &Patient,
    thresholds: &[f32],
    context: Context,
) -> Result<Vec<ScoredSlice>, EngineError> {
    let slices = patient.slices.iter().map(|labelled| {
        let prepared = segmenter.prepare_in_volume(&labelled.slice, context.volume(patient));
        let encoded = pollster::block_on(segmenter.encode(&prepared))?;
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
        let calibration = Calibration::of(map.values(), labelled.label.pixels());
        Ok(ScoredSlice { presence, label_px: labelled.label.area_px(), overlaps, hausdorff_95_px, calibration })
    });
    slices.collect()
}

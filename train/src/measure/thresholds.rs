//! Tuning patients, or an earlier model, into the two thresholds of a model.

use std::error::Error;
use std::fs;
use std::path::Path;

use engine::{EngineError, Manifest, PresenceWords, Segmenter, ThresholdOrigin};

use crate::data::split::Tuning;
use crate::measure::report::{LARGE_PX, report};
use crate::measure::score::{Context, ScoredPatient, score};

/// Mask thresholds tried on the tuning patients: low ones too, since the network is less sure of what it was not fitted to.
const TRIED: [f32; 11] = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];
/// Share of the large tumour slices of the tuning patients that the presence gate may miss.
const MISSED: f64 = 0.01;
/// The gate is set this many times lower than the tuning patients would allow, because they are few.
const GATE_MARGIN: f32 = 16.0;

/// Share of the tuning patients' slices with tumour of which the page may say that none was found, and of the slices of which
/// it says that there is tumour the share that has it at least.
const OVERLOOKED: f64 = 0.02;
const RIGHT: f64 = 0.97;

/// Probabilities from which a pixel is tumour and below which a slice has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// From which a pixel is tumour.
    pub mask: f32,
    /// Below which a slice has none.
    pub presence: f32,
    /// Whom they were chosen on, where that is known.
    pub from: Option<ThresholdOrigin>,
    /// When the page says tumour, and when none.
    pub words: Option<PresenceWords>,
}

/// What serves the tuning patients best.
///
/// # Errors
///
/// The first [`EngineError`].
pub fn chosen(segmenter: &Segmenter, tuning: &Tuning) -> Result<Thresholds, EngineError> {
    println!("choosing thresholds on {} tuning patients …", tuning.patients.len());
    let scored = score(segmenter, &tuning.patients, &TRIED, Context::Volume)?;
    let dices = (0..TRIED.len()).map(|index| report(&scored, index, 0.0).metrics.mean_volume_dice);
    let tried: Vec<(f32, f64)> = TRIED.into_iter().zip(dices).collect();
    tried.iter().for_each(|(threshold, dice)| println!("  {threshold:<4} mean volume Dice {dice:.4}"));
    let best = tried.iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).expect("there are thresholds to try");
    let model = segmenter.manifest().id.clone();
    let from = ThresholdOrigin { model, tuning_patients: tuning.patients.len(), seed: tuning.seed };
    let slices = scored.iter().flat_map(|patient| &patient.slices);
    let [none_below, tumor_from] = borders(slices.map(|slice| (slice.presence, slice.label.area_px() > 0)).collect());
    let words = Some(PresenceWords { none_below, tumor_from, from: from.clone() });
    Ok(Thresholds { mask: best.0, presence: gate(&scored) / GATE_MARGIN, from: Some(from), words })
}

/// Those of the packaged model in `folder`, for a fit to all patients: nobody was held back to choose them on.
///
/// # Errors
///
/// If there is no folder, or no packaged model in it.
pub fn inherited(folder: Option<&Path>) -> Result<Thresholds, Box<dyn Error>> {
    let missing = "a fit without tuning patients takes its thresholds from the packaged model that it starts from, or that \
                   `thresholds` names";
    let file = folder.ok_or(missing)?.join("manifest.json");
    let manifest = fs::read(&file).map_err(|error| format!("{missing}: cannot read {}: {error}", file.display()))?;
    let Manifest { threshold, presence_threshold, thresholds_from, presence_words, .. } = Manifest::parse(&manifest)?;
    Ok(Thresholds { mask: threshold, presence: presence_threshold, from: thresholds_from, words: presence_words })
}

/// The highest presence probability below which no more than [`MISSED`] of the large tumour slices lie.
fn gate(scored: &[ScoredPatient]) -> f32 {
    let slices = scored.iter().flat_map(|patient| &patient.slices);
    let mut presences: Vec<f32> =
        slices.filter(|slice| slice.label.area_px() >= LARGE_PX).map(|slice| slice.presence).collect();
    presences.sort_by(f32::total_cmp);
    presences.get((presences.len() as f64 * MISSED) as usize).copied().unwrap_or(0.0)
}

/// Of slices' presence probabilities, and whether they have tumour, the borders of what is said: in tenths, since the patients
/// are few.
fn borders(slices: Vec<(f32, bool)>) -> [f32; 2] {
    let tenths = || (1..10).map(|tenth| tenth as f32 / 10.0);
    let tumor = slices.iter().filter(|(_, tumor)| *tumor).count() as f64;
    let overlooked =
        |border: f32| slices.iter().filter(|(presence, tumor)| *tumor && *presence < border).count() as f64;
    let right = |border: f32| {
        let said: Vec<bool> =
            slices.iter().filter(|(presence, _)| *presence >= border).map(|(_, tumor)| *tumor).collect();
        said.iter().filter(|tumor| **tumor).count() as f64 >= RIGHT * said.len() as f64
    };
    let none_below = tenths().take_while(|&border| overlooked(border) <= OVERLOOKED * tumor).last().unwrap_or(0.0);
    let tumor_from = tenths().find(|&border| border > none_below && right(border)).unwrap_or(1.0);
    [none_below, tumor_from]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_presence_follows_the_tuning_patients() {
        // In each tenth so many slices, so many of them with tumour: the shipped network on the twelve patients of its manifest.
        let counted = [(287, 3), (20, 3), (6, 2), (4, 1), (5, 2), (5, 5), (2, 0), (1, 1), (3, 3), (144, 140)];
        let slices = counted
            .into_iter()
            .enumerate()
            .flat_map(|(tenth, (all, tumor))| (0..all).map(move |at| (tenth as f32 / 10.0 + 0.05, at < tumor)));
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/models");
        let words = inherited(Some(&models.join("lgg-resunetpp"))).unwrap().words.unwrap();
        assert_eq!(borders(slices.collect()), [words.none_below, words.tumor_from]);
        assert_eq!(borders(Vec::new())[1], 1.0);
    }

    #[test]
    fn a_fit_to_all_patients_inherits_thresholds_with_their_origin() {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/models");
        let shipped = inherited(Some(&models.join("lgg-resunetpp"))).unwrap();
        let origin = ThresholdOrigin { model: "tuned".into(), tuning_patients: 6, seed: Some(1) };
        assert_eq!((shipped.mask, shipped.from), (0.03, Some(origin)));
        for folder in [None, Some(models.as_path())] {
            let error = inherited(folder).unwrap_err().to_string();
            assert!(error.contains("without tuning patients"), "{error}");
        }
    }
}

//! A packaged model into the same with its weights in the form that [`package`](super::package::package) writes today.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::prelude::Device;
use engine::{Manifest, Segmenter, SelfTest, WeightsFile};

use crate::data::patient::Patient;
use crate::data::split::read_split;
use crate::measure::predict::load;
use crate::measure::report::{overlap, report, volume_label, volume_mask};
use crate::measure::score::{Context, ScoredPatient, score};
use crate::publish::package::missing_sequences;
use crate::publish::{card, provenance};

/// What is written anew, and on whom it is compared.
pub struct Repacking {
    /// Folder of the model.
    pub model: PathBuf,
    /// Folder with one folder a patient.
    pub data: PathBuf,
    /// File that names the patients to tune and to measure on.
    pub split: PathBuf,
    /// Write it and measure it on the validation patients, too; without, only say how masks of the tuning patients change.
    pub write: bool,
}

/// Packs the weights of a model and says how its masks change; then writes manifest, self-test, report and card again. Thresholds
/// stay as they are.
///
/// # Errors
///
/// Whatever is missing or cannot be written.
pub fn repack(repacking: &Repacking) -> Result<(), Box<dyn Error>> {
    let Repacking { model, data, split, write } = repacking;
    let before = load(model)?;
    let manifest = before.manifest().clone();
    let (old, test) = (fs::read(model.join(&manifest.weights.file))?, fs::read(model.join(&manifest.self_test.file))?);
    let network = manifest.folded_network().init(&Device::flex()).with_weights(old.clone())?;
    let weights = network.packed_weights()?;
    println!("{} bytes in place of {}", weights.len(), old.len());
    let mut manifest = Manifest { weights: WeightsFile::new(&manifest.weights.file, &weights), ..manifest };
    let after = Segmenter::new(manifest.clone(), weights.clone(), Device::flex())?;

    let mut split = read_split(data, split)?;
    let tuning = split.hold_back(1);
    compare("tuning", [&before, &after], &tuning.patients)?;
    if !write {
        return Ok(());
    }
    let (change, scored) = compare("validation", [&before, &after], &split.validation)?;
    let report = report(&scored, 0, manifest.presence_threshold);
    manifest.metrics = Some(report.metrics.clone());
    manifest.missing_sequences = Some(missing_sequences(&after, &manifest, &split.validation)?);
    let mut provenance = provenance::read(model)?;
    // Rounded twice, a volume is off by the sum of both at most.
    provenance.rounding += change;
    let test = pollster::block_on(SelfTest::parse(&test)?.asked_again(&after))?;
    put(model, &manifest.weights.file, &weights)?;
    put(model, &manifest.self_test.file, &test.to_bytes())?;
    put(model, "manifest.json", (serde_json::to_string_pretty(&manifest)? + "\n").as_bytes())?;
    put(model, "report.json", (serde_json::to_string_pretty(&report)? + "\n").as_bytes())?;
    provenance::write(model, &provenance)?;
    card::write(model)
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

/// Prints how far the masks of two models agree on some patients; the largest change of a volume's Dice with its label, and what
/// the second model said.
fn compare(
    who: &str,
    models: [&Segmenter; 2],
    patients: &[Patient],
) -> Result<(f64, Vec<ScoredPatient>), Box<dyn Error>> {
    let threshold = models[0].manifest().threshold;
    let [before, after] = models.map(|model| score(model, patients, &[threshold], Context::Volume));
    let (before, after) = (before?, after?);
    let gate = models[0].manifest().presence_threshold;
    let mut agreed = Vec::new();
    let mut largest = 0.0f64;
    let dice = |mask: &[bool], other: &[bool]| overlap(mask, other).dice().unwrap_or(1.0);
    for (before, after) in before.iter().zip(&after) {
        let label = volume_label(before);
        let [before, after] = [before, after].map(|patient| volume_mask(patient, 0, gate));
        agreed.push(dice(&before, &after));
        largest = largest.max((dice(&before, &label) - dice(&after, &label)).abs());
    }
    let mean = agreed.iter().sum::<f64>() / agreed.len() as f64;
    let least = agreed.iter().copied().fold(1.0, f64::min);
    println!(
        "{who}: {} volumes; Dice of a volume's masks before and after {mean:.5} (least {least:.5}),",
        agreed.len()
    );
    println!("change of a volume's Dice with its label {largest:.5} at most");
    Ok((largest, after))
}

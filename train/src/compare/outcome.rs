//! What became of a fit of a comparison, as it is kept beside the fit and in the documents.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::fit::config::TrainConfig;
use crate::fit::run::EpochLog;
use crate::measure::report::PatientReport;

/// A network, a seed, and what became of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What the network is called in the table.
    pub name: String,
    /// Seed of the fit.
    pub seed: u64,
    /// The recipe with the network and the seed in it: figures count as long as the comparison asks for just this one.
    pub recipe: TrainConfig,
    /// What it reached, or why it reached nothing.
    pub reached: Result<Reached, String>,
}

/// What a fitted network reached on the validation patients, and what it took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reached {
    /// Training slices that the fit saw, repeated ones counted.
    pub slices_seen: usize,
    /// Side of the images that it was fitted to and measured on.
    pub side: usize,
    /// Parameters without the presence head.
    pub parameters: usize,
    /// Multiply-adds of a slice of 256² without the presence head.
    pub multiply_adds: usize,
    /// Median time of a slice of 256², natively on the CPU.
    pub milliseconds: f64,
    /// Cores that it was timed on.
    pub cores: usize,
    /// From which probability on a pixel is tumour, chosen on the tuning patients.
    pub threshold: f32,
    /// Mean IoU of slices with tumour.
    pub slice_iou: f64,
    /// Mean 95th percentile of the outlines' distance, in pixels.
    pub hausdorff_95_px: f64,
    /// Area under the curve of presence.
    pub presence_auc: f64,
    /// Every validation patient.
    pub patients: Vec<PatientReport>,
    /// The fit's log.
    pub history: Vec<EpochLog>,
}

/// What is known in a file of JSON; nothing where there is no such file.
///
/// # Errors
///
/// If it cannot be read.
pub fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>, Box<dyn Error>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(Some(serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?))
}

/// Puts a file in its place at once: others that compare at the same time read the old one or the new one.
///
/// # Errors
///
/// If it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    let next = path.with_extension(format!("next-{}", std::process::id()));
    fs::write(&next, text).map_err(|error| format!("cannot write {}: {error}", next.display()))?;
    Ok(fs::rename(next, path)?)
}

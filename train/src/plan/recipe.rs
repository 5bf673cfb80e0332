//! A fingerprint and the plan for it into a recipe with a comment that says how it came about.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use imaging::Normalization;
use model::NetworkConfig;

use crate::data::lgg::read_patients;
use crate::data::split::read_split;
use crate::fit::config::{Augmentation, BatchNormalization, OverlapLoss, Oversampling, Precision, Stage, TrainConfig};
use crate::fit::optimizer::OptimizerConfig;
use crate::fit::schedule::Schedule;
use crate::plan::fingerprint::{Brightness, Fingerprint};
use crate::plan::rules::{MOST, Plan, WIDTH, planned};

/// Steps of an epoch.
const STEPS: usize = 250;
/// Share of a batch that surely has tumour.
const WITH_TUMOR: f64 = 1.0 / 3.0;
/// Training patients held back, where the split names none: as in the project's other recipes.
const TUNING_PATIENTS: usize = 6;
/// Sequences in the order of a slice's planes.
const SEQUENCE_NAMES: [&str; 3] = ["pre-contrast", "FLAIR", "post-contrast"];

/// What is planned for and where the recipe goes.
pub struct Planning {
    /// Folder with one folder a patient.
    pub data: PathBuf,
    /// File that names patients who are not looked at; without it, all are.
    pub split: Option<PathBuf>,
    /// Where the recipe goes.
    pub output: PathBuf,
    /// Memory of the card, in GB.
    pub memory: f64,
    /// Epochs.
    pub epochs: usize,
}

/// Plans a recipe and writes it.
///
/// # Errors
///
/// If the data cannot be read or the recipe cannot be written.
pub fn plan(planning: &Planning) -> Result<(), Box<dyn Error>> {
    let Planning { data, split, output, memory, epochs } = planning;
    if !(*memory > 0.0 && memory.is_finite()) || *epochs == 0 {
        return Err("--memory and --epochs have to be above 0".into());
    }
    println!("reading {} …", data.display());
    let patients = match split {
        Some(split) => read_split(data, split)?.training,
        None => read_patients(data)?,
    };
    if patients.is_empty() {
        return Err("the split leaves nobody to plan for".into());
    }
    let fingerprint = Fingerprint::of(&patients);
    let [_, rows, columns] = fingerprint.shape;
    // Images of a fit are square and hold whole slices.
    let longest = rows.max(columns);
    let plan = planned([longest; 2], fingerprint.pixels(), *memory);
    let recipe = recipe(&plan, *epochs);
    let text = comment(&fingerprint, &plan, *memory) + &toml::to_string(&recipe)?;
    fs::write(output, &text).map_err(|error| format!("cannot write {}: {error}", output.display()))?;
    // Whoever reads it back gets the same.
    TrainConfig::read(output)?;
    println!("{text}\nwritten to {}; `train fit --config {}` fits by it", output.display(), output.display());
    Ok(())
}

/// The recipe of a plan.
fn recipe(plan: &Plan, epochs: usize) -> TrainConfig {
    let grids = plan.grids.max(2);
    let side = plan.patch[0].max(plan.patch[1]).next_multiple_of(1 << (grids - 1));
    let network = serde_json::json!({ "kind": "nn_unet", "width": WIDTH, "most": MOST, "grids": grids });
    let network: NetworkConfig = serde_json::from_value(network).expect("the set has nn-UNet's network");
    TrainConfig {
        seed: 1,
        tuning_patients: TUNING_PATIENTS,
        thresholds: None,
        network,
        batch: plan.batch,
        passes: 1,
        oversampling: Some(Oversampling { steps: STEPS, share: WITH_TUMOR }),
        learning_rate: 0.01,
        optimizer: OptimizerConfig::Sgd { momentum: 0.99, weight_decay: 3e-5 },
        schedule: Schedule::Poly { exponent: 0.9 },
        early_stopping: None,
        start: None,
        batch_normalization: BatchNormalization::Learned,
        averaging: None,
        clicks: None,
        adaptation: None,
        windows: None,
        augmentation: Augmentation::Far,
        presence_weight: 0.1,
        overlap: OverlapLoss::Dice,
        cross_entropy_weight: 1.0,
        slice_weight: 0.0,
        deep_weight: 0.5,
        deep_decay: 0.5,
        precision: Precision::Mixed,
        normalization: Normalization::PerVolume { deviation_floor: 0.05 },
        lone_slices: 0.0,
        stages: vec![Stage { side, epochs }],
    }
}

/// What the recipe was planned from, and in what it is not nn-UNet's.
fn comment(fingerprint: &Fingerprint, plan: &Plan, memory: f64) -> String {
    let Fingerprint { patients, slices, with_tumor, shape: [depth, rows, columns], tumor } = fingerprint;
    let Plan { patch: [height, width], grids, batch } = plan;
    let mut text = format!(
        "# Planned by `train plan` by the rules of nn-UNet (Isensee et al. 2021) in two dimensions.\n#\n\
         # {patients} patients with {slices} slices, {with_tumor} of them with tumour; in the median {depth} slices of {columns} × {rows} \
         pixels.\n# The files do not say how large a pixel is. Intensities of the tumour, in 0..1: mean ± deviation, 0.5 % to 99.5 %:\n"
    );
    for (name, Brightness { mean, deviation, percentiles: [low, high] }) in SEQUENCE_NAMES.iter().zip(tumor) {
        writeln!(text, "#   {name}: {mean:.3} ± {deviation:.3}, {low:.3} to {high:.3}").expect("strings take all text");
    }
    writeln!(
        text,
        "# Planned for {memory} GB: images of {width} × {height}, {grids} grids, batches of {batch}.\n#\n\
         # Not nn-UNet's: whole slices, never parts of them; variants are this trainer's; nothing is cropped to what is not black; the\n\
         # presence head with its loss; one fit rather than five. `train evaluate --mirror` measures with mirroring.\n"
    )
    .expect("strings take all text");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::lgg::tests::squares;
    use crate::fit::fitting::fit;
    use crate::fit::run::read_history;

    #[test]
    fn a_planned_recipe_is_read_and_fitted_by() {
        let folder = squares();
        let root = folder.path();
        let (data, split, output) = (root.join("data"), root.join("split.json"), root.join("planned.toml"));
        let planning =
            Planning { data: data.clone(), split: Some(split.clone()), output: output.clone(), memory: 8.0, epochs: 2 };
        plan(&planning).unwrap();
        let text = fs::read_to_string(&output).unwrap();
        // The validation patient is not counted.
        assert!(text.contains("# 2 patients with 8 slices, 4 of them with tumour"), "{text}");
        let recipe = TrainConfig::read(&output).unwrap();
        // 32, 16, 8 and 4 pixels; a twentieth of the data is less than a slice.
        assert_eq!((recipe.network.multiple(), recipe.batch, recipe.stages[0].side), (8, 2, 32));
        assert!(text.contains("4 grids, batches of 2"), "{text}");

        let steps = Some(Oversampling { steps: 3, share: WITH_TUMOR });
        fs::write(&output, toml::to_string(&TrainConfig { oversampling: steps, ..recipe }).unwrap()).unwrap();
        let run = root.join("run");
        fit(&output, None, None, &data, &split, &run).unwrap();
        let history = read_history(&run.join("epoch-0002")).unwrap();
        assert_eq!(history.len(), 2);
        assert!(history.iter().all(|log| log.training_loss.is_finite()));
    }

    #[test]
    fn what_cannot_be_planned_for_is_refused() {
        let folder = squares();
        let planning = |memory: f64, epochs: usize| Planning {
            data: folder.path().join("data"),
            split: None,
            output: folder.path().join("planned.toml"),
            memory,
            epochs,
        };
        for refused in [planning(0.0, 1), planning(f64::NAN, 1), planning(8.0, 0)] {
            assert!(plan(&refused).is_err());
        }
        assert!(plan(&planning(8.0, 1)).is_ok());
    }
}

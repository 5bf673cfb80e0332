//! Labelled patients and a recipe into a fitted network.

use std::error::Error;
use std::iter::repeat_n;
use std::path::Path;

use crate::data::patient::Patient;
use crate::data::split::{Tuning, read_split};
use crate::fit::adaptation::Sites;
use crate::fit::config::{Stage, TrainConfig};
use crate::fit::device::{activation_type, training_device};
use crate::fit::epoch::Fit;
use crate::fit::run::{EpochLog, Run, State};
use crate::fit::schedule::is_over;
use crate::fit::start::initial;
use crate::measure::thresholds::inherited;

/// Fits a network and leaves its last and its best checkpoint in the folder `run`.
///
/// `side` replaces the recipe's image sizes; `start` is the folder of an earlier fit or of a packaged model whose network
/// this one starts from.
///
/// # Errors
///
/// Whatever is wrong with the recipe, the data or the folders; a loss that is no number.
pub fn fit(
    config: &Path,
    side: Option<usize>,
    start: Option<&Path>,
    data: &Path,
    split: &Path,
    run: &Path,
) -> Result<(), Box<dyn Error>> {
    let config = recipe(config, side, start)?;
    let run = Run::open(run, &config)?;
    println!("reading {} …", data.display());
    let mut split = read_split(data, split)?;
    let Tuning { patients: mut tuning, .. } = split.hold_back(config.tuning_patients);
    let Sites { labelled, unlabelled } = config.sites(split.training, &mut tuning)?;
    fit_to(&config, [&labelled, &unlabelled], &tuning, &run)?;
    println!("fitted; `train package --run …` makes it a model for the page");
    Ok(())
}

/// Fits a network to patients, on from the last checkpoint of a run, where it leaves its last and its best one. The first
/// patients are those with labels, the others those without, whom only a recipe that adapts has.
///
/// # Errors
///
/// Whatever is wrong with the recipe or the run's folder; a loss that is no number.
pub fn fit_to(
    config: &TrainConfig,
    [training, unlabelled]: [&[Patient]; 2],
    tuning: &[Patient],
    run: &Run,
) -> Result<(), Box<dyn Error>> {
    println!("{} patients to fit to, {} to tune on", training.len(), tuning.len());
    if config.adaptation.is_some() {
        println!("{} patients without labels to adapt to", unlabelled.len());
    }
    let device = training_device();
    println!("activations are {:?}", activation_type(config.precision));
    device.seed(config.seed);
    let mut state = run.resume(initial(config, &device)?)?;
    let stages = stage_of_each_epoch(&config.stages);
    let epochs = stages.len();
    let done = state.history.len();
    if done > 0 {
        println!("going on after epoch {done} of {epochs}");
    }
    let fit = Fit { config, training, unlabelled, tuning, device: &device, epochs };
    for (epoch, stage) in stages.into_iter().enumerate().skip(done) {
        if is_over(&state.tuning_dices(), config.early_stopping) {
            println!("stopped early: the tuning patients no longer get better");
            break;
        }
        one_epoch(&fit, &mut state, stage, epoch)?;
        run.save(&state)?;
    }
    Ok(())
}

/// One epoch and its line in the log. What networks drop at random follows from the seed and the epoch, so that an
/// interrupted fit goes on as it would have; so do initial weights, which are made when they are first read.
fn one_epoch(fit: &Fit, state: &mut State, stage: Stage, epoch: usize) -> Result<(), Box<dyn Error>> {
    fit.device.seed(fit.config.seed.wrapping_add(epoch as u64));
    let log = fit.run_epoch(state, stage, epoch)?;
    println!("{}", line(&log, fit.epochs));
    state.history.push(log);
    Ok(())
}

/// The recipe in a file with what the command line says otherwise.
fn recipe(config: &Path, side: Option<usize>, start: Option<&Path>) -> Result<TrainConfig, Box<dyn Error>> {
    let mut config = TrainConfig::read(config)?;
    if let Some(side) = side {
        config = config.at_side(side)?;
    }
    config.start = start.map(Path::to_path_buf).or(config.start);
    if config.tuning_patients == 0 {
        // `package` will need them, hours from now.
        inherited(config.thresholds_folder())?;
    }
    Ok(config)
}

fn stage_of_each_epoch(stages: &[Stage]) -> Vec<Stage> {
    stages.iter().flat_map(|stage| repeat_n(*stage, stage.epochs)).collect()
}

/// What is printed of an epoch.
fn line(log: &EpochLog, epochs: usize) -> String {
    let tuning = log.tuning_dice.map_or_else(String::new, |dice| format!("tuning dice {dice:.4}  "));
    format!(
        "epoch {:>3}/{epochs}  {}²  loss {:.4}  jaccard {:.4}  {tuning}{:.1} slices/s",
        log.epoch, log.side, log.training_loss, log.training_jaccard, log.slices_per_second
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use burn::prelude::*;
    use burn::tensor::{DType, TensorData};
    use tempfile::TempDir;

    use super::*;
    use crate::data::lgg::tests::squares;
    use crate::fit::adaptation::{Adaptation, Adversary};
    use crate::fit::run::{Checkpoint, read_run};

    #[test]
    fn a_fit_that_was_killed_goes_on_as_it_would_have() {
        let (data, killed, whole) = (squares(), TempDir::new().unwrap(), TempDir::new().unwrap());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/automatic.toml");
        let config = TrainConfig {
            network: toml::from_str("kind = \"unet\"\nwidth = 2").unwrap(),
            batch: 2,
            stages: vec![Stage { side: 32, epochs: 3 }],
            ..TrainConfig::read(&path).unwrap()
        };
        let mut split = read_split(&data.path().join("data"), &data.path().join("split.json")).unwrap();
        let tuning = split.hold_back(config.tuning_patients).patients;
        let device = training_device();
        let fit = Fit {
            config: &config,
            training: &split.training,
            unlabelled: &[],
            tuning: &tuning,
            device: &device,
            epochs: 3,
        };
        let stage = config.stages[0];
        let mut state = initial(&config, &device).unwrap();
        one_epoch(&fit, &mut state, stage, 0).unwrap();
        let (killed_run, whole_run) =
            (Run::open(killed.path(), &config).unwrap(), Run::open(whole.path(), &config).unwrap());
        killed_run.save(&state).unwrap();
        for epoch in [1, 2] {
            one_epoch(&fit, &mut state, stage, epoch).unwrap();
            whole_run.save(&state).unwrap();
        }

        // Killed while it wrote its second checkpoint.
        fs::create_dir(killed.path().join("epoch-0002")).unwrap();
        fs::write(killed.path().join("epoch-0002/network.bpk"), b"half of a").unwrap();
        fit_to(&config, [&split.training, &[]], &tuning, &killed_run).unwrap();

        let last = |run: &TempDir| -> (TensorData, Vec<f32>) {
            let (_, network, history) = read_run(run.path(), Checkpoint::Last, &Device::flex()).unwrap();
            let image = Tensor::<4>::ones([1, 3, 32, 32], &Device::flex());
            let losses = history.iter().map(|log| log.training_loss).collect();
            (network.fold().forward(image, None).logits.into_data(), losses)
        };
        let ((answer, losses), (expected, all)) = (last(&killed), last(&whole));
        assert_eq!(losses, all);
        assert!(losses.len() == 3 && losses[2] != losses[0], "{losses:?}");
        answer.assert_eq(&expected, true);
    }

    #[test]
    fn what_a_site_without_labels_is_labelled_as_changes_nothing() {
        let data = squares();
        let (root, target) = (data.path(), data.path().join("data/TCGA_A"));
        fs::write(root.join("split.json"), r#"{"validation": [], "tuning": ["TCGA_B"]}"#).unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/adapted.toml");
        let recipe = TrainConfig::read(&path).unwrap();
        let sites = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let adaptation =
            Adaptation { source: sites(&["B", "C"]), target: sites(&["A"]), ..recipe.adaptation.clone().unwrap() };
        let config = TrainConfig {
            network: toml::from_str("kind = \"unet\"\nwidth = 2").unwrap(),
            batch: 2,
            stages: vec![Stage { side: 32, epochs: 2 }],
            adaptation: Some(Adaptation { warmup_steps: 2, ..adaptation }),
            ..recipe
        };
        let device = training_device();
        // Clones would share running statistics.
        let start = config.network().init(&Device::flex()).weights(DType::F32).unwrap();
        let fitted = |adapted: bool| -> (Vec<f32>, TensorData) {
            let mut split = read_split(&root.join("data"), &root.join("split.json")).unwrap();
            let mut tuning = split.hold_back(config.tuning_patients).patients;
            let Sites { labelled, unlabelled } = config.sites(split.training, &mut tuning).unwrap();
            let names = |patients: &[Patient]| patients.iter().map(|patient| patient.name.clone()).collect::<Vec<_>>();
            assert_eq!([names(&labelled), names(&unlabelled), names(&tuning)], [["TCGA_C"], ["TCGA_A"], ["TCGA_B"]]);
            let fit = Fit {
                config: &config,
                training: &labelled,
                unlabelled: if adapted { &unlabelled } else { &[] },
                tuning: &tuning,
                device: &device,
                epochs: 2,
            };
            let network = config.network().init(&device).with_weights(start.clone()).unwrap();
            let adversary = Adversary::of(&network, &config.network(), config.optimizer, &device).unwrap();
            let mut state = State {
                network,
                average: None,
                optimizer: config.optimizer.init(),
                adversary: Some(adversary),
                history: Vec::new(),
            };
            (0..2).for_each(|epoch| one_epoch(&fit, &mut state, config.stages[0], epoch).unwrap());
            let image = Tensor::<4>::ones([1, 3, 32, 32], &Device::flex());
            let losses = state.history.iter().map(|log| log.training_loss).collect();
            (losses, state.network.valid().forward(image, None).logits.into_data())
        };
        let (losses, answer) = fitted(true);
        // Everything of the target's slices is tumour now; before, squares in two of them were.
        for number in 1..=4 {
            let label = image::GrayImage::from_pixel(32, 32, image::Luma([255]));
            label.save(target.join(format!("TCGA_A_{number}_mask.tif"))).unwrap();
        }
        let (same, unchanged) = fitted(true);
        assert_eq!(losses, same);
        unchanged.assert_eq(&answer, true);
        // The slices themselves do change what is learned.
        let (without, _) = fitted(false);
        assert!(losses[1] != without[1], "{losses:?}");
    }
}

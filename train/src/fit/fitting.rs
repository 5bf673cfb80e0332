//! Labelled patients and a recipe into a fitted network.

use std::error::Error;
use std::iter::repeat_n;
use std::path::Path;

use crate::data::patient::Patient;
use crate::data::split::{Tuning, read_split};
use crate::fit::config::{Stage, TrainConfig};
use crate::fit::device::{activation_type, training_device};
use crate::fit::epoch::Fit;
use crate::fit::run::{EpochLog, Run};
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
    let Tuning { patients: tuning, .. } = split.hold_back(config.tuning_patients);
    fit_to(&config, &split.training, &tuning, &run)?;
    println!("fitted; `train package --run …` makes it a model for the page");
    Ok(())
}

/// Fits a network to patients, on from the last checkpoint of a run, where it leaves its last and its best one.
///
/// # Errors
///
/// Whatever is wrong with the recipe or the run's folder; a loss that is no number.
pub fn fit_to(config: &TrainConfig, training: &[Patient], tuning: &[Patient], run: &Run) -> Result<(), Box<dyn Error>> {
    println!("{} patients to fit to, {} to tune on", training.len(), tuning.len());
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
    let fit = Fit { config, training, tuning, device: &device, epochs };
    for (epoch, stage) in stages.into_iter().enumerate().skip(done) {
        if is_over(&state.tuning_dices(), config.early_stopping) {
            println!("stopped early: the tuning patients no longer get better");
            break;
        }
        let log = fit.run_epoch(&mut state, stage, epoch)?;
        println!("{}", line(&log, epochs));
        state.history.push(log);
        run.save(&state)?;
    }
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

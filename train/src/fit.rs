//! Labelled patients and a recipe into a fitted network, with checkpoints to go on from.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Instant;

use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use burn::tensor::{DType, TensorData};
use burn_store::{BurnpackStore, ModuleSnapshot};
use imaging::{Normalization, Overlap, SEQUENCES};
use indicatif::{ProgressBar, ProgressStyle};
use model::{ResUnetPlusPlus, ResUnetPlusPlusConfig};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::augment::{self, Example};
use crate::config::{Augmentation, Precision, Stage, TrainConfig};
use crate::dataset::{LabelledSlice, Patient, read_split};
use crate::loss::{cross_entropy, jaccard};
use crate::schedule::{Position, is_over, learning_rate};

/// What the folder of a checkpoint is called, before the number of its epoch.
const FOLDER_PREFIX: &str = "epoch-";
/// The network within a checkpoint.
const NETWORK: &str = "network.bpk";
/// What the optimiser remembers, within a checkpoint.
const OPTIMIZER: &str = "optimizer.bpk";
/// The log within a checkpoint, one line of JSON an epoch.
const HISTORY: &str = "log.jsonl";
/// Batches prepared ahead of the device.
const PREFETCH: usize = 4;

/// One line of the training log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EpochLog {
    /// Epochs done, this one included.
    pub epoch: usize,
    /// Width and height of the training images.
    pub side: usize,
    /// Mean loss over the epoch's steps.
    pub training_loss: f32,
    /// Mean Jaccard loss over the epoch's steps.
    pub training_jaccard: f32,
    /// Mean volume Dice of the tuning patients at probability 0.5, at this size.
    pub tuning_dice: f64,
    /// Training slices per second, forward and backward.
    pub slices_per_second: f64,
}

/// A state of a fit that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Checkpoint {
    /// After the last epoch.
    Last,
    /// After the epoch with the highest tuning Dice.
    Best,
}

impl Checkpoint {
    /// Name of the file that names the checkpoint's folder.
    fn pointer(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Best => "best",
        }
    }

    /// The checkpoint's folder within a run.
    fn folder(self, run: &Path) -> Result<PathBuf, String> {
        let pointer = run.join(self.pointer());
        let name = fs::read_to_string(&pointer)
            .map_err(|error| format!("there is no checkpoint: cannot read {}: {error}", pointer.display()))?;
        Ok(run.join(name.trim()))
    }
}

/// Fits a network, at `side` rather than the recipe's sizes if given, and leaves its last and its best checkpoint in the
/// folder `run`.
///
/// # Errors
///
/// Whatever is wrong with the recipe, the data or the folder; a loss that is no number.
pub fn fit(config: &Path, side: Option<usize>, data: &Path, split: &Path, run: &Path) -> Result<(), Box<dyn Error>> {
    let config = match side {
        Some(side) => TrainConfig::read(config)?.at_side(side)?,
        None => TrainConfig::read(config)?,
    };
    let run = Run::open(run, &config)?;
    println!("reading {} …", data.display());
    let (training, tuning) = training_and_tuning(read_split(data, split)?.training, &config);
    let slices: Vec<LabelledSlice> = training.into_iter().flat_map(|patient| patient.slices).collect();
    println!("{} training slices, {} patients to tune on", slices.len(), tuning.len());

    let device = training_device(config.precision)?;
    device.seed(config.seed);
    let mut network = ResUnetPlusPlusConfig::new().init(&device);
    let (mut optimizer, mut history) = run.resume(&mut network, config.optimizer.init())?;
    let done = history.len();
    let stages = stage_of_each_epoch(&config.stages);
    let steps = steps_per_epoch(&slices, config.batch);
    if done > 0 {
        println!("going on after epoch {done} of {}", stages.len());
    }

    for (epoch, stage) in stages.iter().enumerate().skip(done) {
        let dices: Vec<f64> = history.iter().map(|log| log.tuning_dice).collect();
        if is_over(&dices, config.early_stopping) {
            println!("stopped early: the tuning patients no longer get better");
            break;
        }
        let started = Instant::now();
        let bar = progress_bar(steps, epoch + 1, stages.len());
        let (mut losses, mut jaccards) = (0.0, 0.0);
        thread::scope(|scope| -> Result<(), Box<dyn Error>> {
            let batches = spawn_loader(scope, &slices, &config, *stage, epoch);
            for (step, examples) in batches.iter().enumerate() {
                let rate = learning_rate(&config, &dices, Position { epoch, step, steps, epochs: stages.len() });
                let batch = Batch::new(&examples, stage.side, &device);
                let images = match config.precision {
                    Precision::Full => batch.images,
                    Precision::Mixed => batch.images.cast(DType::BF16),
                };
                let (logits, presence) = network.forward(images, None);
                let overlap = jaccard(logits.clone(), batch.labels.clone());
                let loss = overlap.clone()
                    + cross_entropy(logits, batch.labels) * config.cross_entropy_weight
                    + cross_entropy(presence, batch.presence) * config.presence_weight;
                let gradients = GradientsParams::from_grads(loss.backward(), &network);
                network = optimizer.step(rate, network.clone(), gradients);
                let value: f32 = loss.into_scalar();
                if !value.is_finite() {
                    return Err(format!(
                        "the loss became {value} in epoch {} at learning rate {rate:.1e}; \
                         the last checkpoint is kept: lower `learning_rate` or use `precision = \"full\"`",
                        epoch + 1
                    )
                    .into());
                }
                losses += value / steps as f32;
                jaccards += overlap.into_scalar::<f32>() / steps as f32;
                bar.inc(1);
                bar.set_message(format!("loss {value:.3}"));
            }
            Ok(())
        })?;
        bar.finish_and_clear();
        let seconds = started.elapsed().as_secs_f64();
        let log = EpochLog {
            epoch: epoch + 1,
            side: stage.side,
            training_loss: losses,
            training_jaccard: jaccards,
            tuning_dice: volume_dice(&network.valid(), &tuning, stage.side, &config.normalization, config.batch),
            slices_per_second: (steps * config.batch) as f64 / seconds,
        };
        println!(
            "epoch {:>3}/{}  {}²  loss {:.4}  jaccard {:.4}  tuning dice {:.4}  {:.1} slices/s",
            log.epoch,
            stages.len(),
            log.side,
            log.training_loss,
            log.training_jaccard,
            log.tuning_dice,
            log.slices_per_second
        );
        history.push(log);
        run.save(&network, &optimizer, &history)?;
    }
    println!("fitted; `train package --run {}` makes it a model for the page", run.folder.display());
    Ok(())
}

/// The recipe of a fit, its network as of a checkpoint, on `device`, and the log up to there.
///
/// # Errors
///
/// If the folder holds no checkpoint.
pub fn read_run(
    folder: &Path,
    checkpoint: Checkpoint,
    device: &Device,
) -> Result<(TrainConfig, ResUnetPlusPlus, Vec<EpochLog>), Box<dyn Error>> {
    let config = TrainConfig::read(&folder.join("config.toml"))?;
    let mut network = ResUnetPlusPlusConfig::new().init(device);
    let folder = checkpoint.folder(folder)?;
    network.load_from(&mut BurnpackStore::from_file(folder.join(NETWORK)))?;
    Ok((config, network, read_history(&folder)?))
}

/// The log of the epochs that a checkpoint has behind it.
fn read_history(checkpoint: &Path) -> Result<Vec<EpochLog>, Box<dyn Error>> {
    let path = checkpoint.join(HISTORY);
    let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// The training patients, divided into those fitted to and those held back for tuning.
pub fn training_and_tuning(mut training: Vec<Patient>, config: &TrainConfig) -> (Vec<Patient>, Vec<Patient>) {
    training.shuffle(&mut StdRng::seed_from_u64(config.seed));
    let tuning = training.split_off(training.len().saturating_sub(config.tuning_patients));
    (training, tuning)
}

/// The device that training runs on, ready to differentiate.
fn training_device(precision: Precision) -> Result<Device, Box<dyn Error>> {
    #[cfg(feature = "tch")]
    {
        let _ = precision; // libtorch has both.
        // burn 0.22 deprecates libtorch, and has no CPU device that trains half as fast.
        #[allow(deprecated)]
        Ok(Device::libtorch().autodiff())
    }
    #[cfg(not(feature = "tch"))]
    match precision {
        Precision::Full => Ok(Device::flex().autodiff()),
        Precision::Mixed => Err("`precision = \"mixed\"` needs libtorch: build with `--features tch`".into()),
    }
}

/// Mean over patients of the Dice of all their slices together, at probability 0.5.
fn volume_dice(
    network: &ResUnetPlusPlus,
    patients: &[Patient],
    side: usize,
    normalization: &Normalization,
    batch: usize,
) -> f64 {
    let device = network.devices().into_iter().next().expect("the network has parameters");
    let scores = patients.iter().filter_map(|patient| {
        let mut overlap = Overlap::default();
        for slices in patient.slices.chunks(batch) {
            let examples: Vec<_> = slices.iter().map(|slice| augment::plain(slice, side, normalization)).collect();
            let batch = Batch::new(&examples, side, &device);
            let marked = network.forward(batch.images, None).0.greater_elem(0.0).float();
            let sum = |tensor: Tensor<4>| tensor.sum().into_scalar::<f32>() as usize;
            overlap += Overlap {
                both: sum(marked.clone() * batch.labels.clone()),
                mask: sum(marked),
                label: sum(batch.labels),
            };
        }
        overlap.dice()
    });
    let scores: Vec<f64> = scores.collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

/// Tensors of some examples.
struct Batch {
    images: Tensor<4>,
    labels: Tensor<4>,
    presence: Tensor<2>,
}

impl Batch {
    fn new(examples: &[Example], side: usize, device: &Device) -> Self {
        let count = examples.len();
        let tensor = |channels: usize, values: Vec<f32>| {
            Tensor::<4>::from_data(TensorData::new(values, [count, channels, side, side]), device)
        };
        let presence =
            examples.iter().map(|example| example.label.iter().copied().fold(0.0, f32::max)).collect::<Vec<f32>>();
        Self {
            images: tensor(SEQUENCES, examples.iter().flat_map(|e| e.planes.iter().copied()).collect()),
            labels: tensor(1, examples.iter().flat_map(|e| e.label.iter().copied()).collect()),
            presence: Tensor::from_data(TensorData::new(presence, [count, 1]), device),
        }
    }
}

/// An epoch shows every tumour slice once and as many empty ones, drawn anew each time.
fn steps_per_epoch(slices: &[LabelledSlice], batch: usize) -> usize {
    let tumours = slices.iter().filter(|slice| slice.label.area_px() > 0).count();
    (2 * tumours / batch).max(1)
}

/// Prepares the epoch's batches on a thread of its own; they depend on the seed and the epoch alone.
fn spawn_loader<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    slices: &'scope [LabelledSlice],
    config: &'scope TrainConfig,
    stage: Stage,
    epoch: usize,
) -> Receiver<Vec<Example>> {
    let (sender, receiver) = sync_channel(PREFETCH);
    scope.spawn(move || {
        let mut rng = StdRng::seed_from_u64(config.seed ^ ((epoch as u64 + 1) << 32));
        let (mut order, mut empty): (Vec<_>, Vec<_>) = slices.iter().partition(|slice| slice.label.area_px() > 0);
        empty.shuffle(&mut rng);
        empty.truncate(order.len());
        order.extend(empty);
        order.shuffle(&mut rng);
        for batch in order.chunks_exact(config.batch) {
            let examples = batch
                .iter()
                .map(|slice| {
                    let mut rng = StdRng::seed_from_u64(rng.random());
                    match config.augmentation {
                        Augmentation::None => augment::plain(slice, stage.side, &config.normalization),
                        Augmentation::Full => augment::random(slice, stage.side, &config.normalization, &mut rng),
                    }
                })
                .collect();
            if sender.send(examples).is_err() {
                return; // Training stopped early.
            }
        }
    });
    receiver
}

fn stage_of_each_epoch(stages: &[Stage]) -> Vec<Stage> {
    stages.iter().flat_map(|stage| std::iter::repeat_n(*stage, stage.epochs)).collect()
}

fn progress_bar(steps: usize, epoch: usize, epochs: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} [{bar:32}] {pos}/{len} {msg} eta {eta}")
        .expect("the template is constant")
        .progress_chars("=> ");
    ProgressBar::new(steps as u64).with_style(style).with_prefix(format!("epoch {epoch}/{epochs}"))
}

/// The folder of one fit: recipe, log and the state to go on from.
struct Run {
    folder: PathBuf,
}

impl Run {
    /// Opens a new folder, or one of an interrupted fit with the same recipe.
    fn open(folder: &Path, config: &TrainConfig) -> Result<Self, Box<dyn Error>> {
        fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        let saved = folder.join("config.toml");
        if saved.exists() && TrainConfig::read(&saved)? != *config {
            return Err(format!(
                "{} was begun with another recipe; give a new folder or delete this one",
                folder.display()
            )
            .into());
        }
        fs::write(saved, toml::to_string(config)?)?;
        Ok(Self { folder: folder.into() })
    }

    /// Restores the last checkpoint, if there is one; the optimiser, and the log of the epochs that it has behind it.
    fn resume(
        &self,
        network: &mut ResUnetPlusPlus,
        optimizer: ModuleOptimizer,
    ) -> Result<(ModuleOptimizer, Vec<EpochLog>), Box<dyn Error>> {
        if !self.folder.join(Checkpoint::Last.pointer()).exists() {
            return Ok((optimizer, Vec::new()));
        }
        let checkpoint = Checkpoint::Last.folder(&self.folder)?;
        network.load_from(&mut BurnpackStore::from_file(checkpoint.join(NETWORK)))?;
        Ok((optimizer.load(checkpoint.join(OPTIMIZER))?, read_history(&checkpoint)?))
    }

    /// Keeps the state as the last checkpoint, and as the best one if it is.
    ///
    /// A checkpoint is complete before the pointer to it is renamed into place, so a kill at any time loses at most
    /// the epoch under way.
    fn save(
        &self,
        network: &ResUnetPlusPlus,
        optimizer: &ModuleOptimizer,
        history: &[EpochLog],
    ) -> Result<(), Box<dyn Error>> {
        let (last, earlier) = history.split_last().expect("an epoch has just ended");
        let name = format!("{FOLDER_PREFIX}{:04}", last.epoch);
        let folder = self.folder.join(&name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        network.save_into(&mut BurnpackStore::from_file(folder.join(NETWORK)))?;
        optimizer.save(folder.join(OPTIMIZER))?;
        let lines: Result<String, _> =
            history.iter().map(|log| serde_json::to_string(log).map(|line| line + "\n")).collect();
        fs::write(folder.join(HISTORY), lines?)?;

        self.point(Checkpoint::Last, &name)?;
        if earlier.iter().all(|log| log.tuning_dice < last.tuning_dice) {
            self.point(Checkpoint::Best, &name)?;
        }
        self.prune()
    }

    fn point(&self, checkpoint: Checkpoint, name: &str) -> Result<(), Box<dyn Error>> {
        let next = self.folder.join(format!("{}.next", checkpoint.pointer()));
        fs::write(&next, name)?;
        Ok(fs::rename(next, self.folder.join(checkpoint.pointer()))?)
    }

    /// Removes the checkpoints that are neither the last nor the best.
    fn prune(&self) -> Result<(), Box<dyn Error>> {
        let kept = [Checkpoint::Last, Checkpoint::Best].map(|checkpoint| checkpoint.folder(&self.folder).ok());
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(FOLDER_PREFIX) && !kept.contains(&Some(path.clone())) {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nadam::NAdam;

    fn log(epoch: usize, tuning_dice: f64) -> EpochLog {
        EpochLog { epoch, side: 16, training_loss: 1.0, training_jaccard: 1.0, tuning_dice, slices_per_second: 1.0 }
    }

    #[test]
    fn last_and_best_are_kept_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("fit-checkpoints-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/paper.toml");
        let run = Run::open(&folder, &TrainConfig::read(&recipe).unwrap()).unwrap();
        let device = Device::flex().autodiff();
        let mut network = ResUnetPlusPlusConfig::new().init(&device);
        let (optimizer, done) = run.resume(&mut network, NAdam::new(0.1).init()).unwrap();
        assert!(done.is_empty());

        let history = [log(1, 0.3), log(2, 0.5), log(3, 0.4), log(4, 0.5)];
        for epoch in 1..=history.len() {
            run.save(&network, &optimizer, &history[..epoch]).unwrap();
        }
        let mut kept: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(FOLDER_PREFIX))
            .collect();
        kept.sort();
        assert_eq!(kept, ["epoch-0002", "epoch-0004"]);
        assert_eq!(run.resume(&mut network, optimizer).unwrap().1.len(), 4);
        assert_eq!(read_run(&folder, Checkpoint::Best, &Device::flex()).unwrap().2.len(), 2);
        fs::remove_dir_all(folder).unwrap();
    }
}

//! Labelled patients and a recipe into a fitted network.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Instant;

use burn::optim::GradientsParams;
use burn::prelude::*;
use burn::tensor::DType;
#[cfg(feature = "vulkan")]
use burn::tensor::DeviceKind;
use engine::Manifest;
use imaging::{Normalization, Overlap, click_scale};
use indicatif::{ProgressBar, ProgressStyle};
use model::ResUnetPlusPlus;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::augment::{self, Source};
use crate::average;
use crate::batch::{Batch, Extent, StepExamples, spawn_loader, steps_per_epoch};
use crate::clinician::{self, Corrections};
use crate::config::{BatchNormalization, Precision, Stage, TrainConfig};
use crate::dataset::{Patient, read_split};
use crate::loss::{cross_entropy, jaccard, slice_jaccard};
use crate::package::inherited;
use crate::parallel;
use crate::run::{Checkpoint, EpochLog, Run, State, read_run};
use crate::schedule::{Position, is_over, learning_rate};
use crate::statistics::mean;

/// Which training patients are held back: the same for every recipe, so that one can start from another's weights.
const TUNING_SEED: u64 = 1;
/// Steps between two networks that are averaged.
const AVERAGED_EVERY: usize = 4;

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
    let mut config = TrainConfig::read(config)?;
    if let Some(side) = side {
        config = config.at_side(side)?;
    }
    config.start = start.map(Path::to_path_buf).or(config.start);
    if config.tuning_patients == 0 {
        // `package` will need them, hours from now.
        inherited(&config)?;
    }
    let run = Run::open(run, &config)?;
    println!("reading {} …", data.display());
    let (training, tuning) = training_and_tuning(read_split(data, split)?.training, &config);
    println!("{} patients to fit to, {} to tune on", training.len(), tuning.len());

    let device = training_device();
    println!("activations are {:?}", activation_type(config.precision));
    device.seed(config.seed);
    let mut state = run.resume(initial(&config, &device)?)?;
    let stages = stage_of_each_epoch(&config.stages);
    let (slice_steps, window_steps) = steps_per_epoch(&training, &config);
    let steps = slice_steps + window_steps;
    let slices = slice_steps * config.batch + window_steps * config.windows.map_or(0, |windows| windows.batch);
    let done = state.history.len();
    if done > 0 {
        println!("going on after epoch {done} of {}", stages.len());
    }

    for (epoch, stage) in stages.iter().enumerate().skip(done) {
        let dices = state.tuning_dices();
        if is_over(&dices, config.early_stopping) {
            println!("stopped early: the tuning patients no longer get better");
            break;
        }
        let started = Instant::now();
        let bar = progress_bar(steps, epoch + 1, stages.len());
        let mut losses = Vec::with_capacity(steps);
        thread::scope(|scope| -> Result<(), Box<dyn Error>> {
            let batches = spawn_loader(scope, &training, &config, *stage, epoch, &device);
            // A step's loss is read while the device is at the next one.
            let mut unread: Option<StepLoss> = None;
            let mut read = |unread: StepLoss| -> Result<(), Box<dyn Error>> {
                let [whole, jaccard] = unread.read();
                if !whole.is_finite() {
                    return Err(format!(
                        "the loss became {whole} in epoch {}; the last checkpoint is kept: lower `learning_rate` (now \
                         {:.1e}) or use `precision = \"full\"`",
                        epoch + 1,
                        config.learning_rate
                    )
                    .into());
                }
                losses.push([whole, jaccard]);
                bar.set_message(format!("loss {whole:.3}"));
                bar.inc(1);
                Ok(())
            };
            for (step, examples) in batches.enumerate() {
                let rate = learning_rate(&config, &dices, Position { epoch, step, steps, epochs: stages.len() });
                let loss = train_step(&mut state, examples, &config, stage.side, (epoch * steps + step, rate));
                unread.replace(loss).map_or(Ok(()), &mut read)?;
            }
            unread.map_or(Ok(()), read)
        })?;
        bar.finish_and_clear();
        let seconds = started.elapsed().as_secs_f64();
        let mean_loss = |part: usize| losses.iter().map(|loss| loss[part]).sum::<f32>() / losses.len() as f32;
        let log = EpochLog {
            epoch: epoch + 1,
            side: stage.side,
            training_loss: mean_loss(0),
            training_jaccard: mean_loss(1),
            tuning_dice: (!tuning.is_empty())
                .then(|| volume_dice(state.result(), &tuning, stage.side, &config.normalization, config.batch)),
            slices_per_second: slices as f64 / seconds,
        };
        println!(
            "epoch {:>3}/{}  {}²  loss {:.4}  jaccard {:.4}  {}{:.1} slices/s",
            log.epoch,
            stages.len(),
            log.side,
            log.training_loss,
            log.training_jaccard,
            log.tuning_dice.map_or_else(String::new, |dice| format!("tuning dice {dice:.4}  ")),
            log.slices_per_second
        );
        state.history.push(log);
        run.save(&state)?;
    }
    println!("fitted; `train package --run …` makes it a model for the page");
    Ok(())
}

/// The state before the first epoch.
pub fn initial(config: &TrainConfig, device: &Device) -> Result<State, Box<dyn Error>> {
    let network = config.network().init(device);
    let network = match (&config.start, config.batch_normalization) {
        (Some(folder), form) => {
            println!("starting from the network in {}", folder.display());
            network.with_weights(start_weights(folder, form)?)?
        }
        (None, BatchNormalization::Learned) => network,
        (None, BatchNormalization::Merged) => {
            return Err(
                "`batch_normalization = \"merged\"` needs a network to start from: give one with --start".into()
            );
        }
    };
    let average = config.averaging.map(|_| network.valid());
    Ok(State { network, average, optimizer: config.optimizer.init(), history: Vec::new() })
}

/// Weights of an earlier fit or of a packaged model, as a safetensors file.
fn start_weights(folder: &Path, form: BatchNormalization) -> Result<Vec<u8>, Box<dyn Error>> {
    let manifest = folder.join("manifest.json");
    if !manifest.exists() {
        let network = read_run(folder, Checkpoint::Last, &Device::flex())?.1;
        let network = if form == BatchNormalization::Merged { network.fold() } else { network };
        return Ok(network.weights(DType::F32)?);
    }
    if form == BatchNormalization::Learned {
        return Err(format!(
            "{} is a packaged model, whose batch normalisation is merged: fit on with `batch_normalization = \"merged\"`",
            folder.display()
        )
        .into());
    }
    let manifest = Manifest::parse(&fs::read(manifest)?)?;
    Ok(fs::read(folder.join(&manifest.weights.file))?)
}

/// Losses of one step, as the device will have them.
pub struct StepLoss {
    /// What is made small, `[1]`.
    whole: Tensor<1>,
    /// Its Jaccard part, `[1]`.
    jaccard: Tensor<1>,
}

impl StepLoss {
    /// What is made small and its Jaccard part; waits for the step to end.
    pub fn read(self) -> [f32; 2] {
        let both = Tensor::cat(vec![self.whole, self.jaccard], 0).into_data();
        both.try_to_vec().expect("losses are 32-bit numbers").try_into().expect("there are two")
    }
}

/// One step of the optimiser, step `global_step` of the fit.
pub fn train_step(
    state: &mut State,
    StepExamples { examples, batch, side, extent }: StepExamples,
    config: &TrainConfig,
    slice_side: usize,
    (global_step, rate): (usize, f64),
) -> StepLoss {
    let State { network, average, optimizer, .. } = state;
    let images = batch.images;
    let guidance = config.clicks.as_ref().map(|training| {
        let mut rng = StdRng::seed_from_u64(!config.seed ^ ((global_step as u64 + 1) << 16));
        let share = match (extent, config.windows) {
            (Extent::Window, Some(windows)) => windows.share,
            _ => training.share,
        };
        let corrections =
            Corrections { side, scale: click_scale(slice_side, slice_side), share, rounds: &training.rounds };
        clinician::correct(|| network.valid().fold(), &images, &examples, corrections, &mut rng)
    });
    let planes = guidance.as_ref().map(|guidance| guidance.planes.clone().cast(images.dtype()));
    let (logits, presence) = network.forward(images, planes);
    let overlap = jaccard(logits.clone(), batch.labels.clone());
    // Clicks give the answer away, and a window is chosen by it: the presence head is trained on what the network finds
    // on its own in a whole slice.
    let alone = match (extent, guidance) {
        (Extent::Window, _) => batch.presence.zeros_like(),
        (Extent::Slice, Some(guidance)) => guidance.automatic,
        (Extent::Slice, None) => batch.presence.ones_like(),
    };
    let loss = overlap.clone()
        + slice_jaccard(logits.clone(), batch.labels.clone()) * config.slice_weight
        + cross_entropy(logits, batch.labels).mean() * config.cross_entropy_weight
        + (cross_entropy(presence, batch.presence) * alone).mean() * config.presence_weight;
    let gradients = GradientsParams::from_grads(loss.backward(), network);
    *network = optimizer.step(rate, network.clone(), gradients);
    if let Some(decay) = config.averaging
        && global_step.is_multiple_of(AVERAGED_EVERY)
    {
        let (decay, step) = (decay.powi(AVERAGED_EVERY as i32), global_step / AVERAGED_EVERY);
        *average = average.take().map(|average| average::follow(average, &network.valid(), decay, step));
    }
    StepLoss { whole: loss.inner(), jaccard: overlap.inner() }
}

/// The training patients, divided into those fitted to and those held back for tuning.
pub fn training_and_tuning(mut training: Vec<Patient>, config: &TrainConfig) -> (Vec<Patient>, Vec<Patient>) {
    training.shuffle(&mut StdRng::seed_from_u64(TUNING_SEED));
    let tuning = training.split_off(training.len().saturating_sub(config.tuning_patients));
    (training, tuning)
}

/// The device that training runs on, ready to differentiate: the fastest that this build has.
pub fn training_device() -> Device {
    #[cfg(feature = "cuda")]
    return Device::cuda(0).autodiff();
    #[cfg(all(feature = "vulkan", not(feature = "cuda")))]
    return Device::vulkan(DeviceKind::DefaultDevice).autodiff();
    // burn 0.22 deprecates libtorch, and has no CPU device that trains half as fast.
    #[cfg(all(feature = "tch", not(any(feature = "cuda", feature = "vulkan"))))]
    #[allow(deprecated)]
    return if tch::Cuda::is_available() {
        // What is left to the processor are copies, for which a thread a core costs more than it brings.
        tch::set_num_threads(1);
        Device::libtorch_cuda(0)
    } else {
        Device::libtorch()
    }
    .autodiff();
    #[cfg(not(any(feature = "tch", feature = "cuda", feature = "vulkan")))]
    Device::flex().autodiff()
}

/// Number format of the activations: 16 bit where recipe and device have it.
pub fn activation_type(precision: Precision) -> DType {
    let has_bf16 = cfg!(any(feature = "cuda", all(feature = "tch", not(feature = "vulkan"))));
    match precision {
        Precision::Mixed if has_bf16 => DType::BF16,
        Precision::Mixed | Precision::Full => DType::F32,
    }
}

/// Mean over patients of the Dice of all their slices together, at probability 0.5.
fn volume_dice(
    network: ResUnetPlusPlus,
    patients: &[Patient],
    side: usize,
    normalization: &Normalization,
    batch: usize,
) -> f64 {
    let network = network.fold();
    let device = network.devices().into_iter().next().expect("the network has parameters");
    let scores = patients.iter().filter_map(|patient| {
        let mut overlap = Overlap::default();
        for slices in patient.slices.chunks(batch) {
            let examples = parallel::all(slices, |_, slice| {
                let source = Source { slice, volume: Some(&patient.statistics), neighbour: None };
                augment::plain(source, side, normalization)
            });
            let batch = Batch::new(&examples, side, DType::F32, &device);
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
    mean(&scores.collect::<Vec<_>>())
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

#[cfg(test)]
mod tests {
    use burn::tensor::Tolerance;

    use super::*;

    fn recipe() -> TrainConfig {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut config = TrainConfig::read(&folder.join("configs/default.toml")).unwrap();
        config.start = Some(folder.join("../public/models/lgg-resunetpp"));
        config
    }

    #[test]
    fn a_fit_goes_on_from_the_packaged_model() {
        let config = recipe();
        let device = Device::flex().autodiff();
        let network = initial(&config, &device).unwrap().network;
        let folder = config.start.unwrap();
        let segmenter = crate::predict::load(&folder).unwrap();
        let weights = fs::read(folder.join(&segmenter.manifest().weights.file)).unwrap();
        let packaged = segmenter.manifest().folded_network().init(&Device::flex()).with_weights(weights).unwrap();
        let image = Tensor::<4>::ones([1, 3, 32, 16], &Device::flex());
        let expected = packaged.forward(image.clone(), None).0.into_data();
        let actual = network.forward(Tensor::from_data(image.into_data(), &device), None).0.into_data();
        // Training adds in another order than the engine's fast form.
        actual.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-3));
    }

    #[test]
    fn batch_normalisation_does_not_come_back_out_of_a_packaged_model() {
        let device = Device::flex().autodiff();
        let learned = TrainConfig { batch_normalization: BatchNormalization::Learned, ..recipe() };
        let error = initial(&learned, &device).err().unwrap().to_string();
        assert!(error.contains("merged"), "{error}");
        let from_nothing = TrainConfig { start: None, ..recipe() };
        let error = initial(&from_nothing, &device).err().unwrap().to_string();
        assert!(error.contains("--start"), "{error}");
    }
}

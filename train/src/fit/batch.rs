//! Slices into batches: drawn, varied and put on the device, ahead of the step that wants them.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use burn::prelude::*;
use burn::tensor::{DType, TensorData};
use engine::Window;
use imaging::SEQUENCES;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use crate::data::patient::{LabelledSlice, Patient};
use crate::fit::config::{Augmentation, Oversampling, Stage, TrainConfig};
use crate::fit::device::activation_type;
use crate::vary::augment;
use crate::vary::scanners::imitate_scanners;
use crate::vary::warp::{Example, Source};

/// Batches that each thread prepares ahead of the device.
const PREFETCH: usize = 2;

/// What a step of the optimiser sees.
#[derive(Clone)]
pub struct StepExamples {
    /// Whole slices or windows.
    pub examples: Vec<Example>,
    /// The same on the device.
    pub batch: Batch,
    /// Width and height of each.
    pub side: usize,
    /// Which of the two.
    pub extent: Extent,
    /// Slices without labels beside them, `[batch, 3, height, width]`, where the recipe adapts to other sites.
    pub unlabelled: Option<Tensor<4>>,
}

impl StepExamples {
    /// A step on examples of `side × side` pixels, their images in the format `activations`.
    pub fn new(examples: Vec<Example>, side: usize, extent: Extent, activations: DType, device: &Device) -> Self {
        let batch = Batch::new(&examples, side, activations, device);
        Self { batch, examples, side, extent, unlabelled: None }
    }
}

/// How much of a slice an example holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Slice,
    /// A window around some of its tumour.
    Window,
}

/// Tensors of some examples.
#[derive(Clone)]
pub struct Batch {
    /// `[batch, 3, height, width]`
    pub images: Tensor<4>,
    /// `[batch, 1, height, width]`: 1 where there is tumour.
    pub labels: Tensor<4>,
    /// `[batch, 1]`: 1 where the slice holds any.
    pub presence: Tensor<2>,
}

impl Batch {
    /// Examples of `side × side` pixels on `device`, their images in the format `activations`.
    pub fn new(examples: &[Example], side: usize, activations: DType, device: &Device) -> Self {
        let planes = examples.iter().map(|example| example.planes.as_slice()).collect::<Vec<_>>().concat();
        // Converted here: half as much goes to the device.
        let images = TensorData::new(planes, [examples.len(), SEQUENCES, side, side]).convert_dtype(activations);
        let labels = examples.iter().flat_map(|example| &example.label).map(|&marked| number(marked)).collect();
        let presence = examples.iter().map(|example| number(example.label.contains(&true))).collect();
        Self {
            images: Tensor::from_data(images, (device, activations)),
            labels: tensor([examples.len(), 1, side, side], labels, device),
            presence: tensor([examples.len(), 1], presence, device),
        }
    }
}

/// A tensor of `values` in row-major order.
fn tensor<const D: usize>(shape: [usize; D], values: Vec<f32>, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn number(marked: bool) -> f32 {
    f32::from(u8::from(marked))
}

/// An epoch shows every tumour slice as often as the recipe says and as many empty ones, drawn anew each time, and windows of
/// the former if the recipe asks for them. Returned are its steps on slices and its steps on windows.
pub fn steps_per_epoch(patients: &[Patient], config: &TrainConfig) -> (usize, usize) {
    if let Some(Oversampling { steps, .. }) = config.oversampling {
        return (steps, 0);
    }
    let slices = || patients.iter().flat_map(|patient| &patient.slices);
    let tumours = slices().filter(|slice| has_tumor(slice)).count();
    let empty = (slices().count() - tumours).min(tumours);
    let windows = config.windows.map_or(0, |windows| windows.passes * tumours / windows.batch);
    ((config.passes * (tumours + empty) / config.batch).max(1), windows)
}

/// The steps of an epoch in their order. Of n threads that prepare them, each has every n-th.
pub struct Loader {
    threads: Vec<Receiver<StepExamples>>,
    next: usize,
}

impl Iterator for Loader {
    type Item = StepExamples;

    fn next(&mut self) -> Option<StepExamples> {
        let examples = self.threads[self.next % self.threads.len()].recv().ok();
        self.next += 1;
        examples
    }
}

/// Prepares the epoch's steps on every core and puts them on the device, ahead of training; they depend on the seed and the
/// epoch alone. The patients are those with labels and those without.
pub fn spawn_loader<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    [patients, unlabelled]: [&'scope [Patient]; 2],
    config: &'scope TrainConfig,
    stage: Stage,
    epoch: usize,
    device: &'scope Device,
) -> Loader {
    let mut rng = StdRng::seed_from_u64(config.seed ^ ((epoch as u64 + 1) << 32));
    let mut steps = order(patients, config, &mut rng);
    put_beside(&mut steps, unlabelled, &mut rng);
    let steps = Arc::new(steps);
    let count = thread::available_parallelism().map_or(1, usize::from);
    let threads = (0..count).map(|first| {
        let (sender, receiver) = sync_channel(PREFETCH);
        let steps = Arc::clone(&steps);
        let activations = activation_type(config.precision);
        scope.spawn(move || {
            for Step { draws, extent, unlabelled } in steps.iter().skip(first).step_by(count) {
                let examples_of = |draws: &[Draw]| -> Vec<Example> {
                    draws.iter().map(|draw| example(draw, *extent, config, stage.side)).collect()
                };
                let side = match extent {
                    Extent::Slice => stage.side,
                    Extent::Window => Window::SIDE,
                };
                let mut step = StepExamples::new(examples_of(draws), side, *extent, activations, device);
                if !unlabelled.is_empty() {
                    step.unlabelled = Some(Batch::new(&examples_of(unlabelled), side, activations, device).images);
                }
                if sender.send(step).is_err() {
                    return; // Training stopped early.
                }
            }
        });
        receiver
    });
    Loader { threads: threads.collect(), next: 0 }
}

/// What becomes one example.
struct Draw<'a> {
    patient: &'a Patient,
    /// Place of the slice in the patient.
    index: usize,
    /// Decides how it is varied.
    seed: u64,
}

/// What becomes one step.
struct Step<'a> {
    draws: Vec<Draw<'a>>,
    extent: Extent,
    /// Slices without labels.
    unlabelled: Vec<Draw<'a>>,
}

/// Puts as many slices without labels beside those of each step, every such slice as often as every other.
fn put_beside<'a>(steps: &mut [Step<'a>], unlabelled: &'a [Patient], rng: &mut StdRng) {
    let mut slices: Vec<(&Patient, usize)> =
        unlabelled.iter().flat_map(|patient| (0..patient.slices.len()).map(move |index| (patient, index))).collect();
    if slices.is_empty() {
        return;
    }
    slices.shuffle(rng);
    let mut slices = slices.into_iter().cycle();
    for step in steps {
        let mut draw = |(patient, index)| Draw { patient, index, seed: rng.random() };
        step.unlabelled = slices.by_ref().take(step.draws.len()).map(&mut draw).collect();
    }
}

/// The slices of each step of an epoch, steps on slices and on windows mixed.
fn order<'a>(patients: &'a [Patient], config: &TrainConfig, rng: &mut StdRng) -> Vec<Step<'a>> {
    if let Some(oversampling) = config.oversampling {
        return drawn(patients, oversampling, config.batch, rng);
    }
    let places = patients.iter().flat_map(|patient| (0..patient.slices.len()).map(move |index| (patient, index)));
    let (tumors, mut empty): (Vec<_>, Vec<_>) = places.partition(|(patient, index)| has_tumor(&patient.slices[*index]));
    let mut slices = Vec::new();
    for _ in 0..config.passes {
        empty.shuffle(rng);
        slices.extend(tumors.iter().chain(empty.iter().take(tumors.len())));
    }
    let steps_of = |mut places: Vec<(&'a Patient, usize)>, size: usize, extent: Extent, rng: &mut StdRng| {
        places.shuffle(rng);
        let mut draw = |&(patient, index): &(&'a Patient, usize)| Draw { patient, index, seed: rng.random() };
        places
            .chunks_exact(size)
            .map(|places| Step { draws: places.iter().map(&mut draw).collect(), extent, unlabelled: Vec::new() })
            .collect::<Vec<_>>()
    };
    let mut steps = steps_of(slices, config.batch, Extent::Slice, rng);
    if let Some(windows) = config.windows {
        steps.extend(steps_of(tumors.repeat(windows.passes), windows.batch, Extent::Window, rng));
        steps.shuffle(rng);
    }
    steps
}

/// Steps on slices drawn at random, the last of each of them with tumour (Isensee et al. 2021, supplement, "patch sampling").
fn drawn<'a>(
    patients: &'a [Patient],
    Oversampling { steps, share }: Oversampling,
    batch: usize,
    rng: &mut StdRng,
) -> Vec<Step<'a>> {
    let with_tumor = |patient: &Patient| -> Vec<usize> {
        (0..patient.slices.len()).filter(|&index| has_tumor(&patient.slices[index])).collect()
    };
    let all: Vec<(&Patient, Vec<usize>)> =
        patients.iter().map(|patient| (patient, (0..patient.slices.len()).collect())).collect();
    let tumors: Vec<(&Patient, Vec<usize>)> = patients
        .iter()
        .map(|patient| (patient, with_tumor(patient)))
        .filter(|(_, indices)| !indices.is_empty())
        .collect();
    let sure = if tumors.is_empty() { 0 } else { ((share * batch as f64).round() as usize).max(1) };
    let mut draw = |of: &[(&'a Patient, Vec<usize>)]| {
        let &(patient, ref indices) = &of[rng.random_range(0..of.len())];
        Draw { patient, index: indices[rng.random_range(0..indices.len())], seed: rng.random() }
    };
    (0..steps)
        .map(|_| {
            let draws = (0..batch).map(|at| draw(if at + sure < batch { &all } else { &tumors })).collect();
            Step { draws, extent: Extent::Slice, unlabelled: Vec::new() }
        })
        .collect()
}

fn example(&Draw { patient, index, seed }: &Draw, extent: Extent, config: &TrainConfig, side: usize) -> Example {
    let mut rng = StdRng::seed_from_u64(seed);
    let beside = if rng.random_bool(0.5) { index.checked_sub(1) } else { Some(index + 1) };
    let neighbour = beside.and_then(|index| patient.slices.get(index)).map(|slice| &slice.label);
    let volume = (!rng.random_bool(config.lone_slices)).then_some(&patient.statistics);
    let source = Source { slice: &patient.slices[index], volume, neighbour };
    let random = |reach: f32, rng: &mut StdRng| augment::random(source, side, &config.normalization, reach, rng);
    let example = match config.augmentation {
        Augmentation::None => augment::plain(source, side, &config.normalization),
        Augmentation::Full => random(1.0, &mut rng),
        Augmentation::Scanners => imitate_scanners(random(1.0, &mut rng), side, &mut rng),
        Augmentation::Far => imitate_scanners(random(augment::FAR, &mut rng), side, &mut rng),
    };
    match extent {
        Extent::Slice => example,
        Extent::Window => augment::window(&example, side, &mut rng),
    }
}

fn has_tumor(slice: &LabelledSlice) -> bool {
    slice.label.area_px() > 0
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use imaging::{Mask, Slice, Statistics};

    use super::*;

    /// A patient with some slices of 16 × 16, tumour in the first of them.
    fn patient(name: &str, slices: u32, tumors: u32) -> Patient {
        let slices: Vec<_> = (0..slices)
            .map(|number| LabelledSlice {
                number,
                slice: Slice::new(16, 16, vec![vec![0.5; 256]]),
                label: Mask::new(16, 16, vec![number < tumors; 256]),
            })
            .collect();
        let statistics = Statistics::of(slices.iter().map(|labelled| &labelled.slice));
        Patient { name: name.into(), slices, statistics }
    }

    #[test]
    fn an_epoch_shows_every_tumour_as_often_as_the_recipe_says() {
        let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/default.toml");
        let mut config = TrainConfig::read(&recipe).unwrap();
        let windows = config.windows.as_mut().unwrap();
        (config.batch, config.passes, windows.batch, windows.passes) = (4, 1, 3, 2);
        let patients = [patient("a", 20, 4), patient("b", 9, 2)];
        let steps = order(&patients, &config, &mut StdRng::seed_from_u64(1));

        let (on_slices, on_windows): (Vec<_>, Vec<_>) = steps.iter().partition(|step| step.extent == Extent::Slice);
        assert_eq!(steps_per_epoch(&patients, &config), (on_slices.len(), on_windows.len()));
        assert!(on_slices.iter().all(|step| step.draws.len() == 4));
        for (name, tumors) in [("a", 4), ("b", 2)] {
            for index in 0..tumors {
                let shown = |steps: &[&Step]| {
                    let draws = steps.iter().flat_map(|step| &step.draws);
                    draws.filter(|draw| draw.patient.name == name && draw.index == index).count()
                };
                assert_eq!((shown(&on_slices), shown(&on_windows)), (1, 2), "{name} {index}");
            }
        }
        let mut on_windows = on_windows.iter().flat_map(|step| &step.draws);
        assert!(on_windows.all(|draw| has_tumor(&draw.patient.slices[draw.index])));
    }

    #[test]
    fn a_share_of_each_batch_surely_has_tumour() {
        let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/automatic.toml");
        let mut config = TrainConfig::read(&recipe).unwrap();
        config.batch = 6;
        config.oversampling = Some(Oversampling { steps: 300, share: 1.0 / 3.0 });
        // One patient of five is small, another has no tumour at all.
        let patients =
            [patient("a", 2, 1), patient("b", 20, 0), patient("c", 20, 2), patient("d", 20, 2), patient("e", 20, 2)];
        let steps = order(&patients, &config, &mut StdRng::seed_from_u64(1));
        assert_eq!(steps_per_epoch(&patients, &config), (300, 0));
        assert_eq!(steps.len(), 300);
        let is_tumor = |draw: &Draw| has_tumor(&draw.patient.slices[draw.index]);
        assert!(steps.iter().all(|step| step.draws.len() == 6 && step.draws[4..].iter().all(is_tumor)));
        let free: Vec<&Draw> = steps.iter().flat_map(|step| &step.draws[..4]).collect();
        let share = |of: &dyn Fn(&Draw) -> bool| free.iter().filter(|draw| of(draw)).count() as f64 / free.len() as f64;
        assert!((share(&|draw| draw.patient.name == "a") - 0.2).abs() < 0.05, "patients are as likely as each other");
        assert!((share(&is_tumor) - (0.5 + 0.1 * 3.0) / 5.0).abs() < 0.05, "and so are slices within one");
    }

    #[test]
    fn steps_come_in_their_order_whichever_thread_prepares_them() {
        let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/automatic.toml");
        let mut config = TrainConfig::read(&recipe).unwrap();
        (config.batch, config.windows) = (3, None);
        let patients = [patient("a", 60, 30), patient("b", 40, 20)];
        let stage = Stage { side: 16, epochs: 1 };
        let mut rng = StdRng::seed_from_u64(config.seed ^ (5 << 32));
        let expected: Vec<Vec<_>> = order(&patients, &config, &mut rng)
            .iter()
            .map(|step| step.draws.iter().map(|draw| example(draw, step.extent, &config, 16).planes).collect())
            .collect();
        let device = Device::flex();
        let planes = |step: StepExamples| step.examples.into_iter().map(|example| example.planes).collect();
        let loaded: Vec<Vec<_>> = thread::scope(|scope| {
            spawn_loader(scope, [&patients, &[]], &config, stage, 4, &device).map(planes).collect()
        });
        assert_eq!(loaded.len(), steps_per_epoch(&patients, &config).0);
        assert_eq!(loaded, expected);
    }
}

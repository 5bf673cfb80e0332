//! Slices into batches: drawn, varied and put on the device, ahead of the step that wants them.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use burn::prelude::*;
use burn::tensor::TensorData;
use engine::Window;
use imaging::SEQUENCES;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use crate::augment::{self, Example, Source};
use crate::config::{Augmentation, Stage, TrainConfig};
use crate::dataset::{LabelledSlice, Patient};

/// Batches prepared ahead of the device.
const PREFETCH: usize = 4;

/// What a step of the optimiser sees.
pub struct StepExamples {
    /// Whole slices or windows.
    pub examples: Vec<Example>,
    /// Width and height of each.
    pub side: usize,
    /// Which of the two.
    pub extent: Extent,
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
pub struct Batch {
    /// `[batch, 3, height, width]`
    pub images: Tensor<4>,
    /// `[batch, 1, height, width]`: 1 where there is tumour.
    pub labels: Tensor<4>,
    /// `[batch, 1]`: 1 where the slice holds any.
    pub presence: Tensor<2>,
}

impl Batch {
    /// The examples on `device`, `side` pixels wide and high.
    pub fn new(examples: &[Example], side: usize, device: &Device) -> Self {
        let planes = examples.iter().map(|example| example.planes.as_slice()).collect::<Vec<_>>().concat();
        let labels = examples.iter().flat_map(|example| &example.label).map(|&marked| number(marked)).collect();
        let presence = examples.iter().map(|example| number(example.label.contains(&true))).collect();
        Self {
            images: tensor([examples.len(), SEQUENCES, side, side], planes, device),
            labels: tensor([examples.len(), 1, side, side], labels, device),
            presence: tensor([examples.len(), 1], presence, device),
        }
    }
}

/// A tensor of `values` in row-major order.
pub fn tensor<const D: usize>(shape: [usize; D], values: Vec<f32>, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn number(marked: bool) -> f32 {
    f32::from(u8::from(marked))
}

/// An epoch shows every tumour slice once and as many empty ones, drawn anew each time, and windows of the former if the
/// recipe asks for them. Returned are its steps on slices and its steps on windows.
pub fn steps_per_epoch(patients: &[Patient], config: &TrainConfig) -> (usize, usize) {
    let tumours = patients.iter().flat_map(|patient| &patient.slices).filter(|slice| has_tumor(slice)).count();
    let windows = config.windows.map_or(0, |windows| windows.passes * tumours / windows.batch);
    ((2 * tumours / config.batch).max(1), windows)
}

/// Prepares the epoch's steps on a thread of its own; they depend on the seed and the epoch alone.
pub fn spawn_loader<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    patients: &'scope [Patient],
    config: &'scope TrainConfig,
    stage: Stage,
    epoch: usize,
) -> Receiver<StepExamples> {
    let (sender, receiver) = sync_channel(PREFETCH);
    scope.spawn(move || {
        let mut rng = StdRng::seed_from_u64(config.seed ^ ((epoch as u64 + 1) << 32));
        for (places, extent) in order(patients, config, &mut rng) {
            let draw = |(patient, index)| example(patient, index, extent, config, stage.side, &mut rng);
            let examples = places.into_iter().map(draw).collect();
            let side = match extent {
                Extent::Slice => stage.side,
                Extent::Window => Window::SIDE,
            };
            if sender.send(StepExamples { examples, side, extent }).is_err() {
                return; // Training stopped early.
            }
        }
    });
    receiver
}

/// A slice, by its patient and its place there.
type Place<'a> = (&'a Patient, usize);

/// The slices of each step of an epoch, steps on slices and on windows mixed.
fn order<'a>(patients: &'a [Patient], config: &TrainConfig, rng: &mut StdRng) -> Vec<(Vec<Place<'a>>, Extent)> {
    let places = patients.iter().flat_map(|patient| (0..patient.slices.len()).map(move |index| (patient, index)));
    let (tumors, mut empty): (Vec<_>, Vec<_>) = places.partition(|(patient, index)| has_tumor(&patient.slices[*index]));
    empty.shuffle(rng);
    empty.truncate(tumors.len());
    let batches = |mut places: Vec<Place<'a>>, size: usize, extent: Extent, rng: &mut StdRng| {
        places.shuffle(rng);
        places.chunks_exact(size).map(|places| (places.to_vec(), extent)).collect::<Vec<_>>()
    };
    let mut steps = batches([tumors.clone(), empty].concat(), config.batch, Extent::Slice, rng);
    if let Some(windows) = config.windows {
        steps.extend(batches(tumors.repeat(windows.passes), windows.batch, Extent::Window, rng));
        steps.shuffle(rng);
    }
    steps
}

fn example(
    patient: &Patient,
    index: usize,
    extent: Extent,
    config: &TrainConfig,
    side: usize,
    rng: &mut StdRng,
) -> Example {
    let mut rng = StdRng::seed_from_u64(rng.random());
    let beside = if rng.random_bool(0.5) { index.checked_sub(1) } else { Some(index + 1) };
    let neighbour = beside.and_then(|index| patient.slices.get(index)).map(|slice| &slice.label);
    let volume = (!rng.random_bool(config.lone_slices)).then_some(&patient.statistics);
    let source = Source { slice: &patient.slices[index], volume, neighbour };
    let example = match config.augmentation {
        Augmentation::None => augment::plain(source, side, &config.normalization),
        Augmentation::Full => augment::random(source, side, &config.normalization, &mut rng),
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
        (config.batch, windows.batch, windows.passes) = (4, 3, 2);
        let patients = [patient("a", 20, 4), patient("b", 9, 2)];
        let steps = order(&patients, &config, &mut StdRng::seed_from_u64(1));

        let (on_slices, on_windows): (Vec<_>, Vec<_>) = steps.iter().partition(|(_, extent)| *extent == Extent::Slice);
        assert_eq!(steps_per_epoch(&patients, &config), (on_slices.len(), on_windows.len()));
        assert!(on_slices.iter().all(|(places, _)| places.len() == 4));
        for (name, tumors) in [("a", 4), ("b", 2)] {
            for index in 0..tumors {
                let shown = |steps: &[&(Vec<Place>, Extent)]| {
                    steps.iter().flat_map(|(places, _)| places).filter(|(p, i)| p.name == name && *i == index).count()
                };
                assert_eq!((shown(&on_slices), shown(&on_windows)), (1, 2), "{name} {index}");
            }
        }
        assert!(on_windows.iter().flat_map(|(places, _)| places).all(|(p, i)| has_tumor(&p.slices[*i])));
    }
}

//! Slices into batches: drawn, varied and put on the device, ahead of the step that wants them.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use burn::prelude::*;
use burn::tensor::TensorData;
use imaging::SEQUENCES;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use crate::augment::{self, Example, Source};
use crate::config::{Augmentation, Stage, TrainConfig};
use crate::dataset::Patient;

/// Batches prepared ahead of the device.
const PREFETCH: usize = 4;

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

/// An epoch shows every tumour slice once and as many empty ones, drawn anew each time.
pub fn steps_per_epoch(patients: &[Patient], batch: usize) -> usize {
    let tumours = patients.iter().flat_map(|patient| &patient.slices).filter(|slice| slice.label.area_px() > 0).count();
    (2 * tumours / batch).max(1)
}

/// Prepares the epoch's batches on a thread of its own; they depend on the seed and the epoch alone.
pub fn spawn_loader<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    patients: &'scope [Patient],
    config: &'scope TrainConfig,
    stage: Stage,
    epoch: usize,
) -> Receiver<Vec<Example>> {
    let (sender, receiver) = sync_channel(PREFETCH);
    scope.spawn(move || {
        let mut rng = StdRng::seed_from_u64(config.seed ^ ((epoch as u64 + 1) << 32));
        let places = patients.iter().flat_map(|patient| (0..patient.slices.len()).map(move |index| (patient, index)));
        let (mut order, mut empty): (Vec<_>, Vec<_>) =
            places.partition(|(patient, index)| patient.slices[*index].label.area_px() > 0);
        empty.shuffle(&mut rng);
        empty.truncate(order.len());
        order.extend(empty);
        order.shuffle(&mut rng);
        for batch in order.chunks_exact(config.batch) {
            let examples = batch
                .iter()
                .map(|(patient, index)| {
                    let mut rng = StdRng::seed_from_u64(rng.random());
                    let beside = if rng.random_bool(0.5) { index.checked_sub(1) } else { Some(index + 1) };
                    let neighbour = beside.and_then(|index| patient.slices.get(index)).map(|slice| &slice.label);
                    let volume = (!rng.random_bool(config.lone_slices)).then_some(&patient.statistics);
                    let source = Source { slice: &patient.slices[*index], volume, neighbour };
                    match config.augmentation {
                        Augmentation::None => augment::plain(source, stage.side, &config.normalization),
                        Augmentation::Full => augment::random(source, stage.side, &config.normalization, &mut rng),
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

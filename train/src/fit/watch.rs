//! How well a network in training does on patients that it is not fitted to.

use burn::prelude::*;
use burn::tensor::DType;
use imaging::{Normalization, Overlap};
use model::Network;
use rayon::prelude::*;

use crate::data::patient::Patient;
use crate::fit::batch::Batch;
use crate::measure::statistics::mean;
use crate::vary::augment;
use crate::vary::warp::Source;

/// Mean over patients of the Dice of all their slices together, at probability 0.5.
pub fn volume_dice(
    network: Network,
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
            let examples = slices.par_iter().map(|slice| {
                let source = Source { slice, volume: Some(&patient.statistics), neighbour: None };
                augment::plain(source, side, normalization)
            });
            let batch = Batch::new(&examples.collect::<Vec<_>>(), side, DType::F32, &device);
            let marked = network.forward(batch.images, None).logits.greater_elem(0.0).float();
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

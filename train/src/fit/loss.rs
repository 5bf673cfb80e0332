//! What the fit makes small: a loss of the overlap and cross-entropy of the mask, cross-entropy of the presence.

use burn::prelude::*;
use burn::tensor::activation::{log_sigmoid, sigmoid};
use burn::tensor::assert_shape;

/// Keeps the ratio finite where nothing is marked: one pixel.
const SMOOTHING: f32 = 1.0;

/// One minus the soft intersection over union, over all pixels of the batch (paper §3.2, "Jaccard Loss").
///
/// Summed over the batch, not averaged over slices: a slice without tumour then counts by its false positives alone.
///
/// # Shapes
///
/// `logits`, `labels`: `[batch, 1, height, width]` → `[1]`
pub fn jaccard(logits: Tensor<4>, labels: Tensor<4>) -> Tensor<1> {
    let [both, sum] = sums(logits, labels);
    -(both.clone() + SMOOTHING) / (sum - both + SMOOTHING) + 1.0
}

/// One minus the soft Dice coefficient, over all pixels of the batch (Drozdzal et al. 2016, arXiv 1608.04117; Isensee et al. 2021
/// take the batch as one image in two dimensions too).
///
/// # Shapes
///
/// `logits`, `labels`: `[batch, 1, height, width]` → `[1]`
pub fn dice(logits: Tensor<4>, labels: Tensor<4>) -> Tensor<1> {
    let [both, sum] = sums(logits, labels);
    -(both * 2.0 + SMOOTHING) / (sum + SMOOTHING) + 1.0
}

/// Over all pixels of the batch, what mask and label hold together, and what each holds, added up.
fn sums(logits: Tensor<4>, labels: Tensor<4>) -> [Tensor<1>; 2] {
    let [batch, _, height, width] = logits.dims();
    assert_shape!(labels, [batch, 1, height, width]);
    let probabilities = sigmoid(logits);
    let both = (probabilities.clone() * labels.clone()).sum();
    [both, probabilities.sum() + labels.sum()]
}

/// The mean over the slices with tumour of one minus their own soft intersection over union; 0 where none has any.
///
/// [`jaccard`] over a batch hardly notices a small tumour beside a large one. Here each counts the same.
///
/// # Shapes
///
/// `logits`, `labels`: `[batch, 1, height, width]` → `[1]`
pub fn slice_jaccard(logits: Tensor<4>, labels: Tensor<4>) -> Tensor<1> {
    let [batch, _, height, width] = logits.dims();
    assert_shape!(labels, [batch, 1, height, width]);
    let sum = |tensor: Tensor<4>| tensor.reshape([batch as i32, -1]).sum_dim(1).squeeze_dim::<1>(1);
    let probabilities = sigmoid(logits);
    let both = sum(probabilities.clone() * labels.clone());
    let label = sum(labels);
    let with_tumor = label.clone().greater_elem(0.0).float();
    let either = sum(probabilities) + label - both.clone();
    let losses = -(both + SMOOTHING) / (either + SMOOTHING) + 1.0;
    (losses * with_tumor.clone()).sum() / with_tumor.sum().clamp_min(1.0)
}

/// Binary cross-entropy of every number, in nats.
///
/// # Shapes
///
/// `logits`, `targets`: the same → the same
pub fn cross_entropy<const D: usize>(logits: Tensor<D>, targets: Tensor<D>) -> Tensor<D> {
    // −t·log σ(x) − (1 − t)·log σ(−x), and log σ(−x) = log σ(x) − x.
    let negative = -targets + 1.0;
    negative * logits.clone() - log_sigmoid(logits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(values: [f32; 4]) -> Tensor<4> {
        Tensor::<1>::from_floats(values, &Device::flex()).reshape([1, 1, 2, 2])
    }

    fn value(loss: Tensor<1>) -> f32 {
        loss.into_scalar()
    }

    #[test]
    fn jaccard_by_hand() {
        let labels = image([1.0, 1.0, 0.0, 0.0]);
        let sure = 30.0;
        assert!(value(jaccard(image([sure, sure, -sure, -sure]), labels.clone())) < 1e-6);
        // One of two found, one wrong: 1 of 3, each count smoothed by one.
        let loss = value(jaccard(image([sure, -sure, sure, -sure]), labels));
        assert!((loss - (1.0 - 2.0 / 4.0)).abs() < 1e-6, "{loss}");
    }

    #[test]
    fn dice_by_hand() {
        let labels = image([1.0, 1.0, 0.0, 0.0]);
        let sure = 30.0;
        assert!(value(dice(image([sure, sure, -sure, -sure]), labels.clone())) < 1e-6);
        // One of two found, one wrong: twice 1 of 4, each count smoothed by one.
        let loss = value(dice(image([sure, -sure, sure, -sure]), labels));
        assert!((loss - (1.0 - 3.0 / 5.0)).abs() < 1e-6, "{loss}");
    }

    #[test]
    fn an_empty_slice_left_empty_costs_nothing() {
        assert!(value(jaccard(image([-30.0; 4]), image([0.0; 4]))) < 1e-6);
        assert!(value(dice(image([-30.0; 4]), image([0.0; 4]))) < 1e-6);
    }

    #[test]
    fn every_slice_with_tumour_counts_the_same() {
        let device = Device::flex();
        let sure = 30.0;
        let batch =
            |slices: [[f32; 4]; 3]| Tensor::<1>::from_floats(slices.concat().as_slice(), &device).reshape([3, 1, 2, 2]);
        let labels = batch([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0; 4]]);
        // The first is found whole, the second missed, the third is empty and its false mark is not asked for.
        let logits = batch([[sure, sure, -sure, -sure], [-sure; 4], [sure, -sure, -sure, -sure]]);
        // Missed: 0 of 1, each count smoothed by one.
        let loss = value(slice_jaccard(logits, labels));
        assert!((loss - (0.0 + (1.0 - 1.0 / 2.0)) / 2.0).abs() < 1e-6, "{loss}");
        assert_eq!(value(slice_jaccard(image([sure; 4]), image([0.0; 4]))), 0.0);
    }

    #[test]
    fn cross_entropy_by_hand_and_far_out() {
        let loss = value(cross_entropy(image([0.0; 4]), image([0.0, 1.0, 0.0, 1.0])).mean());
        assert!((loss - 2f32.ln()).abs() < 1e-6, "{loss}");
        let loss = value(cross_entropy(image([200.0; 4]), image([1.0, 1.0, 1.0, 0.0])).mean());
        assert!((loss - 50.0).abs() < 1e-3, "{loss}");
    }
}

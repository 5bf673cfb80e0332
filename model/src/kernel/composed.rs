//! The network's operations out of a backend's own, for devices that have no faster form of them.

use burn::backend::ops::{ConvOptions, InterpolateMode, InterpolateOptions};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Shape, TensorMetadata};
use burn::tensor::FloatDType;

use super::activation::Activation;

/// [`super::convolution`] out of the backend's own operations.
pub(super) fn convolution<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    dilation: usize,
    activation: Activation,
) -> FloatTensor<B> {
    let options = same_size_options(&weight.shape(), dilation);
    activation.primitive::<B>(B::conv2d(x, weight, Some(bias), options))
}

/// The activated sum, by the backend's own operations.
pub(super) fn sum<B: Backend>(x: FloatTensor<B>, added: FloatTensor<B>, activation: Activation) -> FloatTensor<B> {
    activation.primitive::<B>(B::float_add(x, added))
}

/// [`super::max_pool`] by the backend's own operation.
pub(super) fn max_pool<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    B::max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], false)
}

/// [`super::join`] out of the backend's own operations.
pub(super) fn join<B: Backend>(coarse: FloatTensor<B>, fine: FloatTensor<B>) -> FloatTensor<B> {
    let [_, _, height, width] = fine.shape().dims();
    let larger = B::interpolate(coarse, [height, width], InterpolateOptions::new(InterpolateMode::Nearest));
    B::float_cat(vec![larger, fine], 1)
}

/// [`super::gate`] out of the backend's own operations.
pub(super) fn gate<B: Backend>(x: FloatTensor<B>, logits: FloatTensor<B>) -> FloatTensor<B> {
    let factors = B::float_cast(B::sigmoid(logits), x.dtype().into());
    B::float_mul(x, factors)
}

/// [`super::channel_logits`] out of the backend's own operations.
pub(super) fn channel_logits<B: Backend>(
    x: FloatTensor<B>,
    first: FloatTensor<B>,
    first_bias: FloatTensor<B>,
    second: FloatTensor<B>,
    second_bias: FloatTensor<B>,
) -> FloatTensor<B> {
    let [batch, channels, _, _] = x.shape().dims();
    let means = B::float_mean_dim(B::float_mean_dim(x, 2), 3);
    let means = B::float_cast(B::float_reshape(means, Shape::from([batch, channels])), FloatDType::F32);
    let hidden = B::relu(B::linear(means, first, Some(first_bias)));
    B::float_reshape(B::linear(hidden, second, Some(second_bias)), Shape::from([batch, channels, 1, 1]))
}

/// Padding that keeps width and height.
fn same_size_options(weight: &Shape, dilation: usize) -> ConvOptions<2> {
    let padding = dilation * (weight[2] / 2);
    ConvOptions::new([1, 1], [padding; 2], [dilation; 2], 1)
}

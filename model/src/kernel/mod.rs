//! The one operation that nearly all of the network's time goes into, with the fastest form each device has.
//!
//! A size-keeping convolution with bias and activation. On the CPU (flex) it runs through [`winograd`], [`taps`] or
//! [`pointwise`]; on libtorch, training records convolution, normalisation and activation as one step; every other
//! device composes burn's own operations.

#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "tch")]
mod libtorch;
#[cfg(feature = "flex")]
mod panel;
#[cfg(feature = "flex")]
mod pointwise;
#[cfg(feature = "flex")]
mod pooling;
#[cfg(feature = "flex")]
mod shape;
#[cfg(feature = "flex")]
mod taps;
#[cfg(feature = "flex")]
mod winograd;

use burn::backend::ops::ConvOptions;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Shape, TensorMetadata, backend_extension};
use burn::nn::BatchNorm;
use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::tensor::module::conv2d;
use serde::{Deserialize, Serialize};

/// What follows a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activation {
    /// `max(0, x)`.
    Relu,
    /// Nothing.
    Identity,
}

impl Activation {
    /// The activated tensor, of the same shape.
    pub fn forward(self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Relu => relu(x),
            Self::Identity => x,
        }
    }

    /// The activated number; a NaN stays one.
    #[cfg(feature = "flex")]
    #[inline]
    fn apply(self, value: f32) -> f32 {
        // Not `f32::max`, which drops a NaN.
        if self == Self::Relu && value < 0.0 { 0.0 } else { value }
    }

    fn primitive<B: Backend>(self, x: FloatTensor<B>) -> FloatTensor<B> {
        match self {
            Self::Relu => B::relu(x),
            Self::Identity => x,
        }
    }
}

/// Convolution that keeps width and height, with its bias and activation.
///
/// # Shapes
///
/// - `x`: `[batch, inputs, height, width]`
/// - `weight`: `[outputs, inputs, kernel, kernel]`, kernel odd; cast to the type of `x`
/// - `bias`: `[outputs]`
/// - returns `[batch, outputs, height, width]`
pub fn convolution(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    dilation: usize,
    activation: Activation,
) -> Tensor<4> {
    let dtype = x.dtype();
    let weight = weight.cast(dtype);
    match bias {
        Some(bias) => Tensor::from_dispatch(<Dispatch as ConvolutionOps>::biased_convolution(
            x.into_dispatch(),
            weight.into_dispatch(),
            bias.cast(dtype).into_dispatch(),
            dilation,
            activation,
        )),
        None => {
            let padding = dilation * (weight.dims()[2] / 2);
            let options = ConvOptions::new([1, 1], [padding; 2], [dilation; 2], 1);
            activation.forward(conv2d(x, weight, None, options))
        }
    }
}

/// Convolution, normalisation with the statistics of the batch, and activation; the running statistics move along.
///
/// # Shapes
///
/// As [`convolution`]; `norm` has `outputs` channels.
pub fn convolution_batch_norm(
    x: Tensor<4>,
    weight: Tensor<4>,
    norm: &BatchNorm,
    dilation: usize,
    activation: Activation,
) -> Tensor<4> {
    let (y, mean, variance) = <Dispatch as ConvolutionOps>::convolution_batch_norm(
        x.into_dispatch(),
        weight.into_dispatch(),
        norm.gamma.val().into_dispatch(),
        norm.beta.val().into_dispatch(),
        norm.epsilon,
        dilation,
        activation,
    );
    let follow = |running: Tensor<1>, batch: Tensor<1>| {
        (running * (1.0 - norm.momentum) + batch.detach() * norm.momentum).detach()
    };
    norm.running_mean.update(follow(norm.running_mean.value_sync(), Tensor::from_dispatch(mean)));
    norm.running_var.update(follow(norm.running_var.value_sync(), Tensor::from_dispatch(variance)));
    Tensor::from_dispatch(y)
}

/// The largest of every 2×2 pixels.
///
/// # Shapes
///
/// `[batch, channels, height, width]`, both even → `[batch, channels, height / 2, width / 2]`
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as ConvolutionOps>::max_pool(x.into_dispatch()))
}

/// The operations behind [`convolution`], [`max_pool`] and [`convolution_batch_norm`], one implementation a device family.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    Cube: cfg(feature = "cube"),
    LibTorch: cfg(feature = "tch"),
    Autodiff: cfg(feature = "autodiff")
)]
pub trait ConvolutionOps: Backend {
    /// See [`convolution`]; all tensors are of one type.
    fn biased_convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        composed_convolution::<Self>(x, weight, bias, dilation, activation)
    }

    /// See [`max_pool`].
    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        composed_max_pool::<Self>(x)
    }

    /// See [`convolution_batch_norm`]: output, and mean and biased variance of the batch, `[outputs]` each.
    fn convolution_batch_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        dilation: usize,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let options = same_size_options(&weight.shape(), dilation);
        let normalized = Self::batch_norm_train(Self::conv2d(x, weight, None, options), gamma, beta, epsilon);
        (activation.primitive::<Self>(normalized.output), normalized.mean, normalized.variance)
    }
}

// One type under two names, of which each build has at least one.
#[cfg(all(feature = "cuda", not(any(feature = "webgpu", feature = "vulkan"))))]
use burn::backend::Cuda as Cube;
#[cfg(any(feature = "webgpu", feature = "vulkan"))]
use burn::backend::Wgpu as Cube;

#[cfg(feature = "cube")]
impl ConvolutionOps for Cube {}

#[cfg(all(feature = "flex", feature = "autodiff"))]
impl<C: burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy> ConvolutionOps
    for burn::backend::Autodiff<burn::backend::Flex, C>
{
}

#[cfg(all(feature = "cube", feature = "autodiff"))]
impl<C: burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy> ConvolutionOps
    for burn::backend::Autodiff<Cube, C>
{
}

/// [`convolution`] out of the backend's own operations.
fn composed_convolution<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    dilation: usize,
    activation: Activation,
) -> FloatTensor<B> {
    let options = same_size_options(&weight.shape(), dilation);
    activation.primitive::<B>(B::conv2d(x, weight, Some(bias), options))
}

/// [`max_pool`] by the backend's own operation.
fn composed_max_pool<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    B::max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], false)
}

fn same_size_options(weight: &Shape, dilation: usize) -> ConvOptions<2> {
    let padding = dilation * (weight[2] / 2);
    ConvOptions::new([1, 1], [padding; 2], [dilation; 2], 1)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::tensor::{Distribution, Tolerance};

    /// Sums of up to 9 × 64 products of standard normal numbers have a deviation of 24; this is 2⁻¹⁵ of it.
    const ROUNDING: f32 = 7e-4;

    #[test]
    fn the_fast_forms_agree_with_burns_convolution() {
        let device = Device::flex();
        device.seed(11);
        for (inputs, outputs) in [(3, 16), (16, 16), (48, 16), (20, 6), (64, 1)] {
            for (width, height) in [(16, 16), (48, 32), (17, 5), (1, 1), (33, 70)] {
                for dilation in [1, 2, 6, 12, 18] {
                    for (batch, activation) in [(1, Activation::Relu), (2, Activation::Identity)] {
                        let normal = Distribution::Normal(0.0, 1.0);
                        let x = Tensor::<4>::random([batch, inputs, height, width], normal, &device);
                        let weight = Tensor::random([outputs, inputs, 3, 3], normal, &device);
                        let bias = Tensor::<1>::random([outputs], normal, &device);
                        let shift = bias.clone().reshape([1, outputs, 1, 1]);
                        let plain = convolution(x.clone(), weight.clone(), None, dilation, Activation::Identity);
                        let expected = activation.forward(plain + shift);
                        let actual = convolution(x, weight, Some(bias), dilation, activation);
                        let tolerance = Tolerance::absolute(ROUNDING).set_relative(ROUNDING);
                        actual.into_data().assert_approx_eq::<f32>(&expected.into_data(), tolerance);
                    }
                }
            }
        }
    }

    #[test]
    fn a_pointwise_kernel_agrees_with_burns_convolution() {
        let device = Device::flex();
        device.seed(12);
        let normal = Distribution::Normal(0.0, 1.0);
        for (inputs, outputs) in [(1, 1), (48, 16), (17, 6)] {
            for (width, height) in [(16, 16), (1, 1), (7, 5)] {
                let x = Tensor::<4>::random([2, inputs, height, width], normal, &device);
                let weight = Tensor::random([outputs, inputs, 1, 1], normal, &device);
                let bias = Tensor::<1>::random([outputs], normal, &device);
                let shift = bias.clone().reshape([1, outputs, 1, 1]);
                let expected = convolution(x.clone(), weight.clone(), None, 1, Activation::Identity) + shift;
                let actual = convolution(x, weight, Some(bias), 1, Activation::Relu);
                let tolerance = Tolerance::absolute(ROUNDING);
                actual.into_data().assert_approx_eq::<f32>(&relu(expected).into_data(), tolerance);
            }
        }
    }

    #[test]
    fn new_weights_never_meet_old_transforms() {
        let device = Device::flex();
        let x = Tensor::<4>::ones([1, 1, 8, 8], &device);
        for value in 1..50 {
            let weight = Tensor::<4>::full([1, 1, 3, 3], value, &device);
            let y = convolution(x.clone(), weight, Some(Tensor::zeros([1], &device)), 1, Activation::Identity);
            let centre = y.slice([0..1, 0..1, 3..4, 3..4]).into_scalar::<f32>();
            assert!((centre - 9.0 * value as f32).abs() < 1e-3, "{centre} for {value}");
        }
    }
}

//! The operations that have a form of their own on some device: one trait, one implementation a device family.

#![allow(
    deprecated,
    reason = "burn-tch trains fastest on CPUs; burn still has it, and names nothing as fast in its place"
)]

use burn::backend::ops::ConvOptions;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use super::activation::Activation;
use super::{composed, doubling};

/// The operations behind the functions of [`super`], one implementation a device family.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    Cube: cfg(feature = "cube"),
    LibTorch: cfg(feature = "tch"),
    Autodiff: cfg(feature = "autodiff")
)]
pub trait NetworkOps: Backend {
    /// See [`super::convolution`]; all tensors are of one type.
    fn convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        composed::convolution::<Self>(x, weight, bias, dilation, activation)
    }

    /// See [`super::convolution`]; all tensors are of one type.
    fn convolution_onto(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        added: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let y = Self::convolution(x, weight, bias, dilation, Activation::Identity);
        composed::sum::<Self>(y, added, activation)
    }

    /// See [`super::convolution_by`]; both tensors are of one type.
    fn convolution_by(x: FloatTensor<Self>, weight: FloatTensor<Self>, options: ConvOptions<2>) -> FloatTensor<Self> {
        Self::conv2d(x, weight, None, options)
    }

    /// See [`super::convolution_batch_norm_by`]: output, and mean and biased variance of the batch, `[outputs]` each.
    fn convolution_batch_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        options: ConvOptions<2>,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let normalized = Self::batch_norm_train(Self::conv2d(x, weight, None, options), gamma, beta, epsilon);
        (activation.primitive::<Self>(normalized.output), normalized.mean, normalized.variance)
    }

    /// See [`super::in_reading_order`]; of four dimensions.
    fn reading_order(weight: FloatTensor<Self>) -> FloatTensor<Self> {
        weight
    }

    /// See [`super::max_pool`].
    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        composed::max_pool::<Self>(x)
    }

    /// See [`super::join`].
    fn join(coarse: FloatTensor<Self>, fine: FloatTensor<Self>) -> FloatTensor<Self> {
        composed::join::<Self>(coarse, fine)
    }

    /// See [`super::gate`].
    fn gate(x: FloatTensor<Self>, logits: FloatTensor<Self>) -> FloatTensor<Self> {
        composed::gate::<Self>(x, logits)
    }

    /// See [`super::channel_logits`].
    fn channel_logits(
        x: FloatTensor<Self>,
        first: FloatTensor<Self>,
        first_bias: FloatTensor<Self>,
        second: FloatTensor<Self>,
        second_bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        composed::channel_logits::<Self>(x, first, first_bias, second, second_bias)
    }

    /// See [`super::recurrence()`].
    fn recurrence(decay: FloatTensor<Self>, input: FloatTensor<Self>) -> FloatTensor<Self> {
        doubling::doubled::<Self>(decay, input)
    }
}

// One type under two names, of which each build has at least one.
#[cfg(all(feature = "cuda", not(any(feature = "webgpu", feature = "vulkan"))))]
pub(super) use burn::backend::Cuda as Cube;
#[cfg(any(feature = "webgpu", feature = "vulkan"))]
pub(super) use burn::backend::Wgpu as Cube;

#[cfg(all(feature = "cube", not(feature = "webgpu")))]
impl NetworkOps for Cube {}

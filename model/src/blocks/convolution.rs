//! Convolution, batch normalisation and ReLU: the unit that every stage of the network repeats.
//!
//! Paper §3.2: "a 3×3 kernel … with BatchNormalization and ReLU activation". The convolution has no bias of its own
//! while batch normalisation follows it, unless asked for: implementations of other papers have one, and their counts of
//! parameters hold it. For inference [`Convolution::fold`] merges the normalisation into the weights.

use std::ops::Add;

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::*;
use burn::tensor::assert_shape;
use burn::tensor::ops::ConvOptions;

use crate::cost::Cost;
use crate::kernel;

/// Whether a network carries batch normalisation or has it merged into its weights.
#[derive(Config, Copy, Debug, PartialEq, Eq)]
pub enum Normalization {
    /// Batch normalisation layers follow the convolutions: the form that is trained.
    Batch,
    /// The statistics are merged into weights and biases: the form that is shipped.
    Folded,
}

/// Configuration of a [`Convolution`].
#[derive(Config, Debug)]
pub struct ConvolutionConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Width and height of the kernel; odd.
    #[config(default = 3)]
    pub kernel: usize,
    /// Distance between the kernel's taps, in pixels.
    #[config(default = 1)]
    pub dilation: usize,
    /// Of how many pixels each way one is kept.
    #[config(default = 1)]
    pub stride: usize,
    /// Parts of the channels that are convolved apart from each other; as many as channels make it depthwise.
    #[config(default = 1)]
    pub groups: usize,
    /// Whether it has a bias before its normalisation, which changes no answer: the normalisation takes it away again.
    #[config(default = false)]
    pub biased: bool,
    /// What follows the normalisation.
    #[config(default = "kernel::Activation::Relu")]
    pub activation: kernel::Activation,
    /// Form of the normalisation.
    #[config(default = "Normalization::Batch")]
    pub normalization: Normalization,
}

impl ConvolutionConfig {
    /// The same convolution with nothing after its normalisation.
    pub fn linear(self) -> Self {
        self.with_activation(kernel::Activation::Identity)
    }

    /// A convolution with He-initialised weights.
    pub fn init(&self, device: &Device) -> Convolution {
        let inputs = self.inputs / self.groups;
        let fan_in = inputs * self.kernel * self.kernel;
        let weight = Initializer::KaimingNormal { gain: 2f64.sqrt(), fan_out_only: false }.init_with(
            [self.outputs, inputs, self.kernel, self.kernel],
            Some(fan_in),
            None,
            device,
        );
        let folded = self.normalization == Normalization::Folded;
        Convolution {
            weight,
            bias: (folded || self.biased).then(|| Initializer::Zeros.init([self.outputs], device)),
            norm: (!folded).then(|| BatchNormConfig::new(self.outputs).init(device)),
            dilation: self.dilation,
            stride: self.stride,
            groups: self.groups,
            activation: self.activation,
        }
    }

    /// Parameters and multiply-adds; `width × height` is the map that it puts out.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let taps = self.outputs * (self.inputs / self.groups) * self.kernel * self.kernel;
        let others = match self.normalization {
            Normalization::Batch if self.biased => 3,
            Normalization::Batch => 2,
            Normalization::Folded => 1,
        };
        Cost::new(taps + others * self.outputs, taps * width * height)
    }
}

/// A convolution with a bias and neither normalisation nor activation.
pub(crate) fn plain(inputs: usize, outputs: usize) -> ConvolutionConfig {
    ConvolutionConfig::new(inputs, outputs).linear().with_normalization(Normalization::Folded)
}

/// Convolution, its normalisation and its activation. With a stride of 1 the map keeps its size.
#[derive(Module, Debug)]
pub struct Convolution {
    pub(crate) weight: Param<Tensor<4>>,
    pub(crate) bias: Option<Param<Tensor<1>>>,
    pub(crate) norm: Option<BatchNorm>,
    pub(crate) dilation: usize,
    pub(crate) stride: usize,
    pub(crate) groups: usize,
    #[module(skip)]
    pub(crate) activation: kernel::Activation,
}

impl Convolution {
    /// Normalised and activated features.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`, the sides divided by the stride and rounded up
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.convolved(x, None)
    }

    /// Normalised features added to others, and activated then.
    ///
    /// # Shapes
    ///
    /// - `x`: `[batch, inputs, height, width]`
    /// - `added`: `[batch, outputs, height, width]`
    /// - returns the same
    pub fn forward_onto(&self, x: Tensor<4>, added: Tensor<4>) -> Tensor<4> {
        self.convolved(x, Some(added))
    }

    fn convolved(&self, x: Tensor<4>, added: Option<Tensor<4>>) -> Tensor<4> {
        let [outputs, inputs, ..] = self.weight.dims();
        assert_shape!(x, [_, inputs * self.groups, _, _]);
        let [batch, _, height, width] = x.dims();
        let (weight, linear) = (self.weight.val(), kernel::Activation::Identity);
        let bias = self.bias.as_ref().map(Param::val);
        let y = match &self.norm {
            Some(norm) if x.device().is_autodiff() => {
                let normalized =
                    |activation| kernel::convolution_batch_norm_by(x, weight, bias, norm, self.options(), activation);
                match added {
                    Some(added) => self.activation.forward(normalized(linear) + added),
                    None => normalized(self.activation),
                }
            }
            norm if self.stride > 1 || self.groups > 1 => {
                let bias = bias.map(|bias| bias.cast(x.dtype()).reshape([1, outputs, 1, 1]));
                let y = bias.into_iter().fold(kernel::convolution_by(x, weight, self.options()), Add::add);
                let y = norm.iter().fold(y, |y, norm| norm.forward(y));
                self.activation.after_adding(y, added)
            }
            Some(norm) => {
                let y = kernel::convolution(x, weight, bias, None, self.dilation, linear);
                self.activation.after_adding(norm.forward(y), added)
            }
            None => kernel::convolution(x, weight, bias, added, self.dilation, self.activation),
        };
        assert_shape!(y, [batch, outputs, height.div_ceil(self.stride), width.div_ceil(self.stride)]);
        y
    }

    /// How the kernel is laid over the map: so that with a stride of 1 the map keeps its size.
    fn options(&self) -> ConvOptions<2> {
        let padding = self.dilation * (self.weight.dims()[2] / 2);
        ConvOptions::new([self.stride; 2], [padding; 2], [self.dilation; 2], self.groups)
    }

    /// Merges the batch normalisation into weight and bias; a convolution already folded stays as it is.
    ///
    /// With mean µ, variance σ², scale γ and shift β: `w' = w · γ/√(σ² + ε)`, `b' = β + (b − µ) · γ/√(σ² + ε)`.
    pub fn fold(self) -> Self {
        let Some(norm) = self.norm else { return self };
        let (scale, shift) = scale_and_shift(&norm);
        let outputs = scale.dims()[0];
        let shift = match &self.bias {
            Some(bias) => shift + bias.val() * scale.clone(),
            None => shift,
        };
        Self {
            weight: self.weight.map(|w| w * scale.reshape([outputs, 1, 1, 1])),
            bias: Some(Param::from_tensor(shift)),
            norm: None,
            ..self
        }
    }
}

/// What batch normalisation does to a channel once training is over: `x · scale + shift`, each `[channels]`.
pub(crate) fn scale_and_shift(norm: &BatchNorm) -> (Tensor<1>, Tensor<1>) {
    let scale = norm.gamma.val() / (norm.running_var.value() + norm.epsilon).sqrt();
    let shift = norm.beta.val() - norm.running_mean.value() * scale.clone();
    (scale, shift)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::{standard, tensor};
    use burn::tensor::Tolerance;

    #[test]
    fn folding_changes_no_output() {
        let device = Device::flex();
        for biased in [false, true] {
            let mut convolution = ConvolutionConfig::new(3, 5).with_biased(biased).init(&device);
            assert_eq!(convolution.bias.is_some(), biased);
            convolution.bias = convolution.bias.map(|bias| bias.map(|_| standard("bias", [5], &device)));
            let norm = convolution.norm.as_mut().expect("a fresh convolution is not folded");
            norm.running_mean.update(standard("mean", [5], &device));
            norm.running_var.update(tensor("variance", [5], 1.5, 0.5, &device));
            let x = standard("x", [2, 3, 24, 16], &device);

            let expected = convolution.forward(x.clone());
            let folded = convolution.fold().forward(x);

            folded.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-4));
        }
    }

    #[cfg(feature = "autodiff")]
    #[test]
    fn a_bias_moves_the_mean_that_is_kept_and_no_output() {
        let device = Device::flex().autodiff();
        let plain = ConvolutionConfig::new(3, 5).init(&device);
        let mut biased = ConvolutionConfig::new(3, 5).with_biased(true).init(&device);
        let weight = plain.weight.val().inner().into_data();
        biased.weight = biased.weight.map(|_| Tensor::from_data(weight, &device));
        biased.bias = biased.bias.map(|bias| bias.map(|_| Tensor::full([5], 2.0, &device)));
        let x = standard("x", [2, 3, 24, 16], &device);
        let [expected, actual] = [&plain, &biased].map(|convolution| convolution.forward(x.clone()).into_data());
        actual.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-5));

        let mean = |convolution: &Convolution| {
            let norm = convolution.norm.as_ref().expect("it is not folded");
            (norm.running_mean.value_sync().into_data().try_to_vec::<f32>().unwrap(), norm.momentum as f32)
        };
        let ((without, momentum), (with, _)) = (mean(&plain), mean(&biased));
        assert!(without.iter().zip(with).all(|(without, with)| (with - without - 2.0 * momentum).abs() < 1e-5));
    }
}

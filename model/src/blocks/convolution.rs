//! Convolution, batch normalisation and ReLU: the unit that every stage of the network repeats.
//!
//! Paper §3.2: "a 3×3 kernel … with BatchNormalization and ReLU activation". The convolution has no bias of its own
//! while batch normalisation follows it. For inference [`Convolution::fold`] merges the normalisation into the weights.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::*;
use burn::tensor::assert_shape;

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
        let fan_in = self.inputs * self.kernel * self.kernel;
        let weight = Initializer::KaimingNormal { gain: 2f64.sqrt(), fan_out_only: false }.init_with(
            [self.outputs, self.inputs, self.kernel, self.kernel],
            Some(fan_in),
            None,
            device,
        );
        let folded = self.normalization == Normalization::Folded;
        Convolution {
            weight,
            bias: folded.then(|| Initializer::Zeros.init([self.outputs], device)),
            norm: (!folded).then(|| BatchNormConfig::new(self.outputs).init(device)),
            dilation: self.dilation,
            activation: self.activation,
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let taps = self.outputs * self.inputs * self.kernel * self.kernel;
        let norm = match self.normalization {
            Normalization::Batch => 2 * self.outputs,
            Normalization::Folded => self.outputs,
        };
        Cost::new(taps + norm, taps * width * height)
    }
}

/// Convolution that keeps the size of its map, its normalisation and its activation.
#[derive(Module, Debug)]
pub struct Convolution {
    pub(crate) weight: Param<Tensor<4>>,
    pub(crate) bias: Option<Param<Tensor<1>>>,
    pub(crate) norm: Option<BatchNorm>,
    pub(crate) dilation: usize,
    #[module(skip)]
    pub(crate) activation: kernel::Activation,
}

impl Convolution {
    /// Normalised and activated features.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`
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
        assert_shape!(x, [_, inputs, _, _]);
        let [batch, _, height, width] = x.dims();
        let (weight, linear) = (self.weight.val(), kernel::Activation::Identity);
        let y = match &self.norm {
            Some(norm) if x.device().is_autodiff() => {
                let normalized =
                    |activation| kernel::convolution_batch_norm(x, weight, norm, self.dilation, activation);
                match added {
                    Some(added) => self.activation.forward(normalized(linear) + added),
                    None => normalized(self.activation),
                }
            }
            Some(norm) => {
                let y = kernel::convolution(x, weight, None, None, self.dilation, linear);
                self.activation.after_adding(norm.forward(y), added)
            }
            None => {
                let bias = self.bias.as_ref().map(Param::val);
                kernel::convolution(x, weight, bias, added, self.dilation, self.activation)
            }
        };
        assert_shape!(y, [batch, outputs, height, width]);
        y
    }

    /// Merges the batch normalisation into weight and bias; a convolution already folded stays as it is.
    ///
    /// With mean µ, variance σ², scale γ and shift β: `w' = w · γ/√(σ² + ε)`, `b' = β − µ · γ/√(σ² + ε)`.
    pub fn fold(self) -> Self {
        let Some(norm) = self.norm else { return self };
        let (scale, shift) = scale_and_shift(&norm);
        let outputs = scale.dims()[0];
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
    use burn::tensor::{Distribution, Tolerance};

    #[test]
    fn folding_changes_no_output() {
        let device = Device::flex();
        device.seed(7);
        let mut convolution = ConvolutionConfig::new(3, 5).init(&device);
        let norm = convolution.norm.as_mut().expect("a fresh convolution is not folded");
        norm.running_mean.update(Tensor::random([5], Distribution::Normal(0.0, 1.0), &device));
        norm.running_var.update(Tensor::random([5], Distribution::Uniform(0.5, 2.0), &device));
        let x = Tensor::random([2, 3, 24, 16], Distribution::Normal(0.0, 1.0), &device);

        let expected = convolution.forward(x.clone());
        let folded = convolution.fold().forward(x);

        folded.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-4));
    }
}

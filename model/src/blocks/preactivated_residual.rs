//! Pre-activated residual block with squeeze-and-excitation: normalisation and activation stand before the convolutions.
//!
//! # Source
//!
//! Jha et al. 2019 (arXiv 1911.07067, §III), after He et al. 2016 (arXiv 1603.05027) and Hu et al. 2018 (arXiv 1709.01507), in
//! the form that Jha's network says.

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use burn::tensor::DType;
use burn::tensor::activation::relu;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization, plain};
use crate::blocks::normalized::{Normalized, NormalizedConfig};
use crate::cost::Cost;
use crate::kernel;

/// Configuration of a [`PreactivatedResidual`].
#[derive(Config, Debug)]
pub struct PreactivatedResidualConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Of how many pixels each way one is kept.
    pub stride: usize,
    /// Whether it begins with normalisation and activation, as all do but the one that takes the image.
    pub preactivated: bool,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl PreactivatedResidualConfig {
    /// A block with He-initialised convolutions.
    pub fn init(&self, device: &Device) -> PreactivatedResidual {
        PreactivatedResidual {
            entry: self.preactivated.then(|| self.entry().init(device)),
            first: self.first().init(device),
            second: plain(self.outputs, self.outputs).init(device),
            shortcut: self.shortcut().init(device),
            squeeze: LinearConfig::new(self.outputs, self.squeezed()).with_bias(false).init(device),
            excite: LinearConfig::new(self.squeezed(), self.outputs).with_bias(false).init(device),
        }
    }

    /// Parameters and multiply-adds; `width × height` is the map that the block puts out.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let entry = if self.preactivated { self.entry().cost() } else { Cost::default() };
        let weights = 2 * self.outputs * self.squeezed();
        entry
            + self.first().cost(width, height)
            + plain(self.outputs, self.outputs).cost(width, height)
            + self.shortcut().cost(width, height)
            + Cost::new(weights, weights + self.outputs * width * height)
    }

    fn entry(&self) -> NormalizedConfig {
        NormalizedConfig::new(self.inputs, self.normalization)
    }

    fn first(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.inputs, self.outputs)
            .with_stride(self.stride)
            .with_biased(true)
            .with_normalization(self.normalization)
    }

    fn shortcut(&self) -> ConvolutionConfig {
        self.first().with_kernel(1).linear()
    }

    fn squeezed(&self) -> usize {
        (self.outputs / 8).max(1)
    }
}

/// Two convolutions and a shortcut, whose channels are weighed by their means.
#[derive(Module, Debug)]
pub struct PreactivatedResidual {
    entry: Option<Normalized>,
    first: Convolution,
    second: Convolution,
    shortcut: Convolution,
    squeeze: Linear,
    excite: Linear,
}

impl PreactivatedResidual {
    /// `weighed(second(first(entry(x))) + shortcut(x))`.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height / stride, width / stride]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let shortcut = self.shortcut.forward(x.clone());
        let x = self.entry.iter().fold(x, |x, entry| entry.forward(x));
        let y = self.second.forward_onto(self.first.forward(x), shortcut);
        let [batch, channels, ..] = y.dims();
        let means = y.clone().cast(DType::F32).mean_dims(&[2, 3]).reshape([batch, channels]);
        let logits = self.excite.forward(relu(self.squeeze.forward(means)));
        kernel::gate(y, logits.reshape([batch, channels, 1, 1]))
    }

    /// Merges the batch normalisations into the weights, where there are some before them.
    pub fn fold(self) -> Self {
        Self {
            entry: self.entry.map(Normalized::fold),
            first: self.first.fold(),
            shortcut: self.shortcut.fold(),
            ..self
        }
    }
}

//! Residual block: two convolutions around which the input takes a shortcut (paper §3.2, "Resblock"; He et al. 2015).
//!
//! Where the number of channels changes, the shortcut is a 1×1 convolution, as in Jha et al. 2019.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::cost::Cost;

/// Configuration of a [`Residual`].
#[derive(Config, Debug)]
pub struct ResidualConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl ResidualConfig {
    /// A block with He-initialised weights.
    pub fn init(&self, device: &Device) -> Residual {
        let [first, second] = self.convolutions();
        Residual {
            first: first.init(device),
            second: second.init(device),
            shortcut: self.shortcut().map(|config| config.init(device)),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        self.convolutions().iter().chain(&self.shortcut()).map(|config| config.cost(width, height)).sum()
    }

    fn convolutions(&self) -> [ConvolutionConfig; 2] {
        [
            ConvolutionConfig::new(self.inputs, self.outputs).with_normalization(self.normalization),
            // Its activation is that of the sum with the shortcut.
            ConvolutionConfig::new(self.outputs, self.outputs).with_normalization(self.normalization),
        ]
    }

    fn shortcut(&self) -> Option<ConvolutionConfig> {
        let config = ConvolutionConfig::new(self.inputs, self.outputs).with_kernel(1).linear();
        (self.inputs != self.outputs).then(|| config.with_normalization(self.normalization))
    }
}

/// Two convolutions and a shortcut.
#[derive(Module, Debug)]
pub struct Residual {
    first: Convolution,
    second: Convolution,
    shortcut: Option<Convolution>,
}

impl Residual {
    /// `relu(second(first(x)) + shortcut(x))`.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = x.dims();
        let shortcut = match &self.shortcut {
            Some(shortcut) => shortcut.forward(x.clone()),
            None => x.clone(),
        };
        assert_shape!(shortcut, [batch, _, height, width]);
        self.second.forward_onto(self.first.forward(x), shortcut)
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { first: self.first.fold(), second: self.second.fold(), shortcut: self.shortcut.map(Convolution::fold) }
    }
}

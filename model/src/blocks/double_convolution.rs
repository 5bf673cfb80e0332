//! Two 3×3 convolutions in a row, each normalised and activated: the unit of U-Net and its kin (Ronneberger et al. 2015).
//!
//! The paper's convolutions lose the border and know no normalisation; here, as in what is compared with nowadays, the map keeps
//! its size and batch normalisation follows each.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::cost::Cost;

/// Configuration of a [`DoubleConvolution`].
#[derive(Config, Debug)]
pub struct DoubleConvolutionConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out, and between the two.
    pub outputs: usize,
    /// Whether the convolutions have biases, see [`ConvolutionConfig::biased`].
    pub biased: bool,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl DoubleConvolutionConfig {
    /// Two convolutions with He-initialised weights.
    pub fn init(&self, device: &Device) -> DoubleConvolution {
        let [first, second] = self.convolutions().map(|config| config.init(device));
        DoubleConvolution { first, second }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        self.convolutions().into_iter().map(|config| config.cost(width, height)).sum()
    }

    fn convolutions(&self) -> [ConvolutionConfig; 2] {
        [self.inputs, self.outputs].map(|inputs| {
            ConvolutionConfig::new(inputs, self.outputs).with_biased(self.biased).with_normalization(self.normalization)
        })
    }
}

/// Two convolutions.
#[derive(Module, Debug)]
pub struct DoubleConvolution {
    first: Convolution,
    second: Convolution,
}

impl DoubleConvolution {
    /// Features that have seen two pixels around each.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.second.forward(self.first.forward(x))
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { first: self.first.fold(), second: self.second.fold() }
    }
}

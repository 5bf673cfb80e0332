//! Additive attention gate: the decoder's features say where the encoder's count.
//!
//! # Source
//!
//! Oktay et al. 2018 (arXiv 1804.03999), §3: both maps go through 1×1 convolutions onto as many channels, the activated sum
//! through another onto one, which a sigmoid makes the map that multiplies the encoder's. There the gating map is coarser and the
//! coefficients are resampled; here, as in the implementations that are compared with, both maps lie on the finer grid, and batch
//! normalisation follows each convolution. [`super::attention`] is another gate, that of Jha et al. 2019.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::cost::Cost;
use crate::kernel;

/// Configuration of an [`AdditiveGate`].
#[derive(Config, Debug)]
pub struct AdditiveGateConfig {
    /// Channels of the encoder's map.
    pub skip: usize,
    /// Channels of the decoder's map.
    pub decoder: usize,
    /// Channels of the sum.
    pub inner: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl AdditiveGateConfig {
    /// A gate with He-initialised weights.
    pub fn init(&self, device: &Device) -> AdditiveGate {
        let [from_skip, from_decoder, gate] = self.convolutions().map(|config| config.init(device));
        AdditiveGate { from_skip, from_decoder, gate }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let convolutions: Cost = self.convolutions().into_iter().map(|config| config.cost(width, height)).sum();
        convolutions + Cost::new(0, self.skip * width * height)
    }

    fn convolutions(&self) -> [ConvolutionConfig; 3] {
        [
            ConvolutionConfig::new(self.skip, self.inner).linear(),
            // Its activation is that of the sum with the one before.
            ConvolutionConfig::new(self.decoder, self.inner),
            ConvolutionConfig::new(self.inner, 1).linear(),
        ]
        .map(|config| config.with_kernel(1).with_biased(true).with_normalization(self.normalization))
    }
}

/// A map in 0..1 by which the encoder's features are multiplied.
#[derive(Module, Debug)]
pub struct AdditiveGate {
    from_skip: Convolution,
    from_decoder: Convolution,
    gate: Convolution,
}

impl AdditiveGate {
    /// The encoder's features where the gate lets them pass.
    ///
    /// # Shapes
    ///
    /// - `skip`: `[batch, skip, height, width]`
    /// - `decoder`: `[batch, decoder, height, width]`
    /// - returns the shape of `skip`
    pub fn forward(&self, skip: Tensor<4>, decoder: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = skip.dims();
        assert_shape!(decoder, [batch, _, height, width]);
        let joint = self.from_decoder.forward_onto(decoder, self.from_skip.forward(skip.clone()));
        kernel::gate(skip, self.gate.forward(joint))
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { from_skip: self.from_skip.fold(), from_decoder: self.from_decoder.fold(), gate: self.gate.fold() }
    }
}

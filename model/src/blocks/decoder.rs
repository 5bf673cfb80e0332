//! One stage on the way up: gate, double the map, join the encoder's features, refine (paper §3.2, Fig. 2).
//!
//! The paper's "2×2 upsampling layer" repeats pixels, as in Jha et al. 2019.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::attention::{Attention, AttentionConfig};
use crate::blocks::convolution::Normalization;
use crate::blocks::residual::{Residual, ResidualConfig};
use crate::cost::Cost;
use crate::kernel;

/// Configuration of an [`Up`].
#[derive(Config, Debug)]
pub struct UpConfig {
    /// Channels of the encoder map that joins, and channels out.
    pub skip: usize,
    /// Channels of the coarser decoder map.
    pub decoder: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl UpConfig {
    /// A stage with He-initialised weights.
    pub fn init(&self, device: &Device) -> Up {
        Up { attention: self.attention().init(device), residual: self.residual().init(device) }
    }

    /// Parameters and multiply-adds; `width × height` is the map that the stage puts out.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        self.attention().cost(width, height) + self.residual().cost(width, height)
    }

    fn attention(&self) -> AttentionConfig {
        AttentionConfig::new(self.skip, self.decoder, self.normalization)
    }

    fn residual(&self) -> ResidualConfig {
        ResidualConfig::new(self.decoder + self.skip, self.skip, self.normalization)
    }
}

/// Attention gate, 2×2 up-sampling, the skip connection and a residual block.
#[derive(Module, Debug)]
pub struct Up {
    attention: Attention,
    residual: Residual,
}

impl Up {
    /// Features of the next finer grid.
    ///
    /// # Shapes
    ///
    /// - `skip`: `[batch, skip, 2 · height, 2 · width]`
    /// - `decoder`: `[batch, decoder, height, width]`
    /// - returns the shape of `skip`
    pub fn forward(&self, skip: Tensor<4>, decoder: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = decoder.dims();
        assert_shape!(skip, [batch, _, 2 * height, 2 * width]);
        let gated = self.attention.forward(skip.clone(), decoder);
        self.residual.forward(kernel::join(gated, skip))
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { attention: self.attention.fold(), residual: self.residual.fold() }
    }
}

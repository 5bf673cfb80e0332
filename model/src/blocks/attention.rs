//! Attention gate: the finer encoder features say where the coarser decoder features count.
//!
//! Jha et al. 2019 (§III-E): the encoder map is convolved and pooled onto the decoder's grid, the decoder map is
//! convolved, and their activated sum gives the gate that multiplies the decoder map. The gate is one map squashed
//! into 0..1, as in Oktay et al. 2018, which the paper cites for its attention.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::cost::Cost;
use crate::kernel;

/// Configuration of an [`Attention`].
#[derive(Config, Debug)]
pub struct AttentionConfig {
    /// Channels of the encoder map, and of the sum inside the gate.
    pub skip: usize,
    /// Channels of the decoder map.
    pub decoder: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl AttentionConfig {
    /// A gate with He-initialised weights.
    pub fn init(&self, device: &Device) -> Attention {
        let [from_skip, from_decoder, gate] = self.convolutions();
        Attention {
            from_skip: from_skip.init(device),
            from_decoder: from_decoder.init(device),
            gate: gate.init(device),
        }
    }

    /// Parameters and multiply-adds; `width × height` is the encoder's map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let [from_skip, from_decoder, gate] = self.convolutions();
        let gated = Cost::new(0, self.decoder * (width / 2) * (height / 2));
        from_skip.cost(width, height)
            + from_decoder.cost(width / 2, height / 2)
            + gate.cost(width / 2, height / 2)
            + gated
    }

    fn convolutions(&self) -> [ConvolutionConfig; 3] {
        [
            ConvolutionConfig::new(self.skip, self.skip).linear(),
            // Its activation is that of the sum with the one before.
            ConvolutionConfig::new(self.decoder, self.skip),
            ConvolutionConfig::new(self.skip, 1).with_kernel(1).linear(),
        ]
        .map(|config| config.with_normalization(self.normalization))
    }
}

/// A map in 0..1 by which the decoder's features are multiplied.
#[derive(Module, Debug)]
pub struct Attention {
    from_skip: Convolution,
    from_decoder: Convolution,
    gate: Convolution,
}

impl Attention {
    /// The decoder's features where the gate lets them pass.
    ///
    /// # Shapes
    ///
    /// - `skip`: `[batch, skip, 2 · height, 2 · width]`
    /// - `decoder`: `[batch, decoder, height, width]`
    /// - returns the shape of `decoder`
    pub fn forward(&self, skip: Tensor<4>, decoder: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = decoder.dims();
        assert_shape!(skip, [batch, _, 2 * height, 2 * width]);
        let skip = kernel::max_pool(self.from_skip.forward(skip));
        let joint = self.from_decoder.forward_onto(decoder.clone(), skip);
        kernel::gate(decoder, self.gate.forward(joint))
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { from_skip: self.from_skip.fold(), from_decoder: self.from_decoder.fold(), gate: self.gate.fold() }
    }
}

//! One stage on the way down: halve the map, double the channels, refine them (paper §3.2, Fig. 1).

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::blocks::residual::{Residual, ResidualConfig};
use crate::blocks::squeeze_excite::{SqueezeExcite, SqueezeExciteConfig};
use crate::cost::Cost;
use crate::kernel;

/// Configuration of a [`Down`].
#[derive(Config, Debug)]
pub struct DownConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Channel weighing at the end of the stage; the bottleneck has none (Jha et al. 2019, Fig. 1).
    pub squeeze_excite: Option<SqueezeExciteConfig>,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl DownConfig {
    /// A stage with He-initialised convolutions.
    pub fn init(&self, device: &Device) -> Down {
        Down {
            widen: self.widen().init(device),
            residual: self.residual().init(device),
            squeeze_excite: self.squeeze_excite.as_ref().map(|config| config.init(device)),
        }
    }

    /// Parameters and multiply-adds; `width × height` is the map that the stage puts out.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let squeeze_excite = self.squeeze_excite.iter().map(|config| config.cost(width, height)).sum::<Cost>();
        self.widen().cost(width, height) + self.residual().cost(width, height) + squeeze_excite
    }

    fn widen(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.inputs, self.outputs).with_normalization(self.normalization)
    }

    fn residual(&self) -> ResidualConfig {
        ResidualConfig::new(self.outputs, self.outputs, self.normalization)
    }
}

/// Max-pooling, a convolution that widens, a residual block and, but for the last stage, squeeze-and-excite.
#[derive(Module, Debug)]
pub struct Down {
    widen: Convolution,
    residual: Residual,
    squeeze_excite: Option<SqueezeExcite>,
}

impl Down {
    /// Features of the next coarser grid.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height / 2, width / 2]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = x.dims();
        let y = self.residual.forward(self.widen.forward(kernel::max_pool(x)));
        assert_shape!(y, [batch, _, height / 2, width / 2]);
        match &self.squeeze_excite {
            Some(squeeze_excite) => squeeze_excite.forward(y),
            None => y,
        }
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { widen: self.widen.fold(), residual: self.residual.fold(), ..self }
    }
}

//! Squeeze-and-excite: every channel is weighed by what the whole map holds (Hu et al. 2018; Jha et al. 2019, Fig. 1).

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;

use crate::cost::Cost;
use crate::kernel;

/// Configuration of a [`SqueezeExcite`].
#[derive(Config, Debug)]
pub struct SqueezeExciteConfig {
    /// Channels in and out.
    pub channels: usize,
    /// How many times fewer the squeezed channels are; 8 as in Jha et al. 2019.
    #[config(default = 8)]
    pub reduction: usize,
}

impl SqueezeExciteConfig {
    /// A block with burn's default initialisation.
    pub fn init(&self, device: &Device) -> SqueezeExcite {
        SqueezeExcite {
            squeeze: LinearConfig::new(self.channels, self.squeezed()).init(device),
            excite: LinearConfig::new(self.squeezed(), self.channels).init(device),
        }
    }

    /// Parameters, and the multiply-adds of weighing a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let weights = 2 * self.channels * self.squeezed();
        Cost::new(weights + self.squeezed() + self.channels, weights + self.channels * width * height)
    }

    fn squeezed(&self) -> usize {
        self.channels / self.reduction
    }
}

/// Weighs each channel by a factor in 0..1 computed from the means of all.
#[derive(Module, Debug)]
pub struct SqueezeExcite {
    squeeze: Linear,
    excite: Linear,
}

impl SqueezeExcite {
    /// `x · sigmoid(excite(relu(squeeze(mean(x)))))`.
    ///
    /// # Shapes
    ///
    /// `[batch, channels, height, width]` → the same
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let logits = kernel::channel_logits(x.clone(), &self.squeeze, &self.excite);
        kernel::gate(x, logits)
    }
}

//! Presence head: is there a tumour in this slice at all? (paper §4.3: "we first use a classification model")
//!
//! The paper trains a separate classifier and does not describe it. Here it shares the encoder: mean and maximum of
//! every bottleneck channel go through one hidden layer, so an empty slice is told before the decoder runs.

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::tensor::{DType, assert_shape};

use crate::cost::Cost;

/// Configuration of a [`Presence`].
#[derive(Config, Debug)]
pub struct PresenceConfig {
    /// Channels of the bottleneck.
    pub channels: usize,
    /// Units of the hidden layer.
    #[config(default = 64)]
    pub hidden: usize,
}

impl PresenceConfig {
    /// A head with burn's default initialisation.
    pub fn init(&self, device: &Device) -> Presence {
        Presence {
            hidden: LinearConfig::new(2 * self.channels, self.hidden).init(device),
            output: LinearConfig::new(self.hidden, 1).init(device),
        }
    }

    /// Parameters and multiply-adds.
    pub fn cost(&self) -> Cost {
        let weights = 2 * self.channels * self.hidden + self.hidden;
        Cost::new(weights + self.hidden + 1, weights)
    }
}

/// Classifier on the bottleneck.
#[derive(Module, Debug)]
pub struct Presence {
    hidden: Linear,
    output: Linear,
}

impl Presence {
    /// Logit of "this slice holds tumour".
    ///
    /// # Shapes
    ///
    /// `[batch, channels, height, width]` → `[batch, 1]`
    pub fn forward(&self, bottleneck: Tensor<4>) -> Tensor<2> {
        let [batch, channels, ..] = bottleneck.dims();
        let bottleneck = bottleneck.cast(DType::F32);
        let mean = bottleneck.clone().mean_dims(&[2, 3]).reshape([batch, channels]);
        let max = bottleneck.max_dim(3).max_dim(2).reshape([batch, channels]);
        let logits = self.output.forward(relu(self.hidden.forward(Tensor::cat(vec![mean, max], 1))));
        assert_shape!(logits, [batch, 1]);
        logits
    }
}

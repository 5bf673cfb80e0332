//! Classification-guided module: whether there is anything to segment, from the coarsest features alone.
//!
//! # Source
//!
//! Huang et al. 2020 (arXiv 2004.08790), §2.3: dropout, a 1×1 convolution into two classes and the largest value of each over the
//! map. The paper multiplies masks by 0 or 1, the class that is larger. Here the difference of the two is the presence logit, and
//! who runs the network compares it with a threshold that was chosen on training patients, before the way up is computed.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::prelude::*;
use burn::tensor::{DType, Distribution, assert_shape};

use crate::cost::Cost;
use crate::kernel::{self, Activation};

/// Share of the features that are left out while the network learns.
const DROPPED: f64 = 0.5;

/// Configuration of a [`Guide`].
#[derive(Config, Debug)]
pub struct GuideConfig {
    /// Channels in.
    pub channels: usize,
}

impl GuideConfig {
    /// A classifier whose logits are small at first.
    pub fn init(&self, device: &Device) -> Guide {
        let initializer = Initializer::KaimingUniform { gain: 1.0 / 3f64.sqrt(), fan_out_only: false };
        Guide {
            weight: initializer.init_with([2, self.channels, 1, 1], Some(self.channels), None, device),
            bias: Initializer::Zeros.init([2], device),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        Cost::new(2 * self.channels + 2, 2 * self.channels * width * height)
    }
}

/// Classifier of a map.
#[derive(Module, Debug)]
pub struct Guide {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
}

impl Guide {
    /// Logit of "this slice holds tumour".
    ///
    /// # Shapes
    ///
    /// `[batch, channels, height, width]` → `[batch, 1]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        let [batch, ..] = x.dims();
        let mut x = x.cast(DType::F32);
        if x.device().is_autodiff() {
            let kept = x.random_like(Distribution::Bernoulli(1.0 - DROPPED));
            x = x * kept / (1.0 - DROPPED);
        }
        let (weight, bias) = (self.weight.val(), Some(self.bias.val()));
        let classes = kernel::convolution(x, weight, bias, None, 1, Activation::Identity);
        let largest = classes.max_dim(3).max_dim(2).reshape([batch, 2]);
        let logits = largest.clone().narrow(1, 1, 1) - largest.narrow(1, 0, 1);
        assert_shape!(logits, [batch, 1]);
        logits
    }
}

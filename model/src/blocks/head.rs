//! The last convolution of a network: features into one logit a pixel, in 32 bit.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::prelude::*;
use burn::tensor::{DType, assert_shape};

use crate::cost::Cost;
use crate::kernel::{self, Activation};

/// Configuration of a [`Head`].
#[derive(Config, Debug)]
pub struct HeadConfig {
    /// Channels in.
    pub inputs: usize,
    /// Width and height of the kernel; odd.
    #[config(default = 1)]
    pub kernel: usize,
}

impl HeadConfig {
    /// A head whose logits are small at first.
    pub fn init(&self, device: &Device) -> Head {
        let initializer = Initializer::KaimingUniform { gain: 1.0 / 3f64.sqrt(), fan_out_only: false };
        let fan_in = self.inputs * self.kernel * self.kernel;
        Head {
            weight: initializer.init_with([1, self.inputs, self.kernel, self.kernel], Some(fan_in), None, device),
            bias: Initializer::Zeros.init([1], device),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let taps = self.inputs * self.kernel * self.kernel;
        Cost::new(taps + 1, taps * width * height)
    }
}

/// A convolution with bias and nothing after it.
#[derive(Module, Debug)]
pub struct Head {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
}

impl Head {
    /// One logit a pixel.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, 1, height, width]`, 32 bit
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = x.dims();
        let (weight, bias) = (self.weight.val(), Some(self.bias.val()));
        let y = kernel::convolution(x.cast(DType::F32), weight, bias, None, 1, Activation::Identity);
        assert_shape!(y, [batch, 1, height, width]);
        y
    }
}

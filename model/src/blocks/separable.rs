//! Depthwise separable convolution: every channel is convolved alone, and the channels are mixed pixel by pixel behind that.
//!
//! As in Chen et al. 2018 (§3.1, "atrous separable convolution"), with normalisation and activation behind the mixing alone.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::prelude::*;
use burn::tensor::ops::ConvOptions;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::cost::Cost;
use crate::kernel;

/// Configuration of a [`Separable`].
#[derive(Config, Debug)]
pub struct SeparableConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Distance between the taps of the 3×3 kernel, in pixels.
    #[config(default = 1)]
    pub dilation: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl SeparableConfig {
    /// A convolution with He-initialised weights.
    pub fn init(&self, device: &Device) -> Separable {
        let he = Initializer::KaimingNormal { gain: 2f64.sqrt(), fan_out_only: false };
        Separable {
            depthwise: he.init_with([self.inputs, 1, 3, 3], Some(9), None, device),
            dilation: self.dilation,
            pointwise: self.pointwise().init(device),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let taps = 9 * self.inputs;
        Cost::new(taps, taps * width * height) + self.pointwise().cost(width, height)
    }

    fn pointwise(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.inputs, self.outputs).with_kernel(1).with_normalization(self.normalization)
    }
}

/// A 3×3 convolution of every channel, a 1×1 convolution of all, normalisation and ReLU.
#[derive(Module, Debug)]
pub struct Separable {
    depthwise: Param<Tensor<4>>,
    dilation: usize,
    pointwise: Convolution,
}

impl Separable {
    /// Features of the same grid.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, channels, ..] = x.dims();
        let options = ConvOptions::new([1, 1], [self.dilation; 2], [self.dilation; 2], channels);
        self.pointwise.forward(kernel::convolution_by(x, self.depthwise.val(), options))
    }

    /// Merges the batch normalisation into the weights.
    pub fn fold(self) -> Self {
        Self { pointwise: self.pointwise.fold(), ..self }
    }
}

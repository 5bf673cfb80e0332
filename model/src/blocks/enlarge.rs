//! A map onto the next finer grid with weights, in the two forms that U-Nets have.
//!
//! # Source
//!
//! Ronneberger et al. 2015 (arXiv 1505.04597) call it an up-convolution of 2×2: a transposed convolution whose kernel is as wide
//! as its stride. Oktay et al. 2018 and many others repeat each pixel and convolve by 3×3.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::prelude::*;
use burn::tensor::assert_shape;
use serde::{Deserialize, Serialize};

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::blocks::resize::repeated;
use crate::cost::Cost;
use crate::kernel::{self, Activation};

/// How a map is made larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enlarging {
    /// By a transposed convolution of 2×2 with bias, and nothing after it.
    Transposed,
    /// Every pixel four times, then a 3×3 convolution with bias, batch normalisation and ReLU.
    Resized,
}

/// Configuration of an [`Enlarge`].
#[derive(Config, Debug)]
pub struct EnlargeConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// How.
    pub form: Enlarging,
    /// Form of the normalisation, where there is one.
    pub normalization: Normalization,
}

impl EnlargeConfig {
    /// A layer with He-initialised weights.
    pub fn init(&self, device: &Device) -> Enlarge {
        let Self { inputs, outputs, .. } = *self;
        match self.form {
            Enlarging::Transposed => {
                let weight = Initializer::KaimingNormal { gain: 1.0, fan_out_only: false };
                let weight = weight.init_with([inputs, outputs, 2, 2], Some(inputs), None, device);
                let transposed = Transposed { weight, bias: Initializer::Zeros.init([outputs], device) };
                Enlarge { transposed: Some(transposed), resized: None }
            }
            Enlarging::Resized => Enlarge { transposed: None, resized: Some(self.convolution().init(device)) },
        }
    }

    /// Parameters and multiply-adds; `width × height` is the larger map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        match self.form {
            Enlarging::Transposed => {
                let taps = self.inputs * self.outputs;
                Cost::new(4 * taps + self.outputs, taps * width * height)
            }
            Enlarging::Resized => self.convolution().cost(width, height),
        }
    }

    fn convolution(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.inputs, self.outputs).with_biased(true).with_normalization(self.normalization)
    }
}

/// A layer that doubles the sides of its map: one of the two.
#[derive(Module, Debug)]
pub struct Enlarge {
    transposed: Option<Transposed>,
    resized: Option<Convolution>,
}

impl Enlarge {
    /// Features of the next finer grid.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, 2 · height, 2 · width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        match (&self.transposed, &self.resized) {
            (Some(transposed), _) => transposed.forward(x),
            (None, Some(convolution)) => convolution.forward(repeated(x, 2)),
            (None, None) => unreachable!("the configuration makes one of the two"),
        }
    }

    /// Merges the batch normalisation into the weights.
    pub fn fold(self) -> Self {
        Self { resized: self.resized.map(Convolution::fold), ..self }
    }
}

/// A transposed convolution of 2×2 with a stride of 2.
#[derive(Module, Debug)]
pub struct Transposed {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
}

impl Transposed {
    /// Each pixel becomes four that no other pixel touches: a 1×1 convolution into four times the channels, then put in place.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = x.dims();
        let [inputs, outputs, ..] = self.weight.dims();
        assert_shape!(x, [_, inputs, _, _]);
        let weight = self.weight.val().permute([1, 2, 3, 0]).reshape([4 * outputs, inputs, 1, 1]);
        let bias = self.bias.val().reshape([outputs, 1]).repeat_dim(1, 4).reshape([4 * outputs]);
        let y = kernel::convolution(x, weight, Some(bias), None, 1, Activation::Identity);
        y.reshape([batch, outputs, 2, 2, height, width]).permute([0, 1, 4, 2, 5, 3]).reshape([
            batch,
            outputs,
            2 * height,
            2 * width,
        ])
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::standard;
    use burn::tensor::Tolerance;
    use burn::tensor::module::conv_transpose2d;
    use burn::tensor::ops::ConvTransposeOptions;

    #[test]
    fn the_transposed_form_is_burns_transposed_convolution() {
        let device = Device::flex();
        let layer = Transposed {
            weight: Param::from_tensor(standard("weight", [6, 4, 2, 2], &device)),
            bias: Param::from_tensor(standard("bias", [4], &device)),
        };
        let x = standard("x", [2, 6, 3, 5], &device);
        let options = ConvTransposeOptions::new([2, 2], [0, 0], [0, 0], [1, 1], 1);
        let expected = conv_transpose2d(x.clone(), layer.weight.val(), Some(layer.bias.val()), options);
        layer.forward(x).into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-5));
    }
}

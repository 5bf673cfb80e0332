//! First convolution of the network, where the image enters and, beside it, what the clinician asked for.
//!
//! Paper §3.2: the first layer learns 16 features with a 3×3 kernel. The guidance (clicks and the previous mask) enters
//! as in RITM (Sofiiuk et al. 2021, arXiv 2102.06583, "Conv1S"): a convolution of its own, added before the
//! normalisation. It has no bias, so no guidance and empty guidance give the same bits.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization, scale_and_shift};
use crate::cost::Cost;
use crate::kernel::{self, Activation};

/// Planes of the guidance: positive clicks, negative clicks, previous mask.
pub const GUIDANCE_PLANES: usize = 3;

/// Configuration of a [`Stem`].
#[derive(Config, Debug)]
pub struct StemConfig {
    /// Planes of the image.
    pub inputs: usize,
    /// Planes of the guidance: positive clicks, negative clicks, previous mask.
    pub guidance: usize,
    /// Channels out.
    pub outputs: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl StemConfig {
    /// A stem with He-initialised weights.
    pub fn init(&self, device: &Device) -> Stem {
        Stem {
            image: self.image().init(device),
            guidance: Initializer::KaimingNormal { gain: 2f64.sqrt(), fan_out_only: false }.init_with(
                [self.outputs, self.guidance, 3, 3],
                Some(self.guidance * 9),
                None,
                device,
            ),
        }
    }

    /// Parameters, and the multiply-adds of the image path on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        self.image().cost(width, height) + Cost::new(self.outputs * self.guidance * 9, 0)
    }

    fn image(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.inputs, self.outputs).with_normalization(self.normalization)
    }
}

/// First convolution, with a second entrance for guidance.
#[derive(Module, Debug)]
pub struct Stem {
    image: Convolution,
    guidance: Param<Tensor<4>>,
}

impl Stem {
    /// Features of the image, moved by the guidance where there is any.
    ///
    /// # Shapes
    ///
    /// - `image`: `[batch, inputs, height, width]`
    /// - `guidance`: `[batch, guidance, height, width]`
    /// - returns `[batch, outputs, height, width]`
    pub fn forward(&self, image: Tensor<4>, guidance: Option<Tensor<4>>) -> Tensor<4> {
        let Some(guidance) = guidance else { return self.image.forward(image) };
        let [batch, _, height, width] = image.dims();
        let [_, planes, ..] = self.guidance.dims();
        assert_shape!(guidance, [batch, planes, height, width]);

        let bias = self.image.bias.as_ref().map(Param::val);
        if image.device().is_autodiff() {
            // Training: one convolution over both, which is the same sum in a form that trains faster.
            let both = Tensor::cat(vec![image, guidance], 1);
            let weight = Tensor::cat(vec![self.image.weight.val(), self.guidance.val()], 1);
            return match &self.image.norm {
                Some(norm) => kernel::convolution_batch_norm(both, weight, None, norm, 1, Activation::Relu),
                None => kernel::convolution(both, weight, bias, None, 1, Activation::Relu),
            };
        }
        let image = kernel::convolution(image, self.image.weight.val(), bias, None, 1, Activation::Identity);
        let y = kernel::convolution(guidance, self.guidance.val(), None, Some(image), 1, Activation::Identity);
        Activation::Relu.forward(match &self.image.norm {
            Some(norm) => norm.forward(y),
            None => y,
        })
    }

    /// Merges the batch normalisation into both weights.
    pub fn fold(self) -> Self {
        let Some(norm) = &self.image.norm else { return self };
        let (scale, _) = scale_and_shift(norm);
        let outputs = scale.dims()[0];
        Self { guidance: self.guidance.map(|w| w * scale.reshape([outputs, 1, 1, 1])), image: self.image.fold() }
    }
}

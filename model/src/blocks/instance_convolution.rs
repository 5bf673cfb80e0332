//! Convolution, instance normalisation and leaky ReLU: the unit of nn-UNet (Isensee et al. 2021, supplementary note 2.1).
//!
//! Every channel of every image is normalised by itself, at inference too, so that there is nothing to merge into the weights. A
//! bias before it changes no answer and is there for the count.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::prelude::*;
use burn::tensor::activation::leaky_relu;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, assert_shape};

use crate::cost::Cost;
use crate::kernel::{self, Activation};

/// Width and height of the kernel.
const KERNEL: usize = 3;
/// Keeps the deviation of a constant map above zero.
const EPSILON: f64 = 1e-5;
/// What is left of a number below zero.
const SLOPE: f64 = 0.01;

/// Configuration of an [`InstanceConvolution`].
#[derive(Config, Debug)]
pub struct InstanceConvolutionConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Of how many pixels each way one is kept.
    #[config(default = 1)]
    pub stride: usize,
}

impl InstanceConvolutionConfig {
    /// A convolution with He-initialised weights.
    pub fn init(&self, device: &Device) -> InstanceConvolution {
        let fan_in = self.inputs * KERNEL * KERNEL;
        let gain = (2.0 / (1.0 + SLOPE * SLOPE)).sqrt();
        InstanceConvolution {
            weight: Initializer::KaimingNormal { gain, fan_out_only: false }.init_with(
                [self.outputs, self.inputs, KERNEL, KERNEL],
                Some(fan_in),
                None,
                device,
            ),
            bias: Initializer::Zeros.init([self.outputs], device),
            gamma: Initializer::Ones.init([self.outputs], device),
            beta: Initializer::Zeros.init([self.outputs], device),
            stride: self.stride,
        }
    }

    /// Parameters and multiply-adds; `width × height` is the map that it puts out.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let taps = self.outputs * self.inputs * KERNEL * KERNEL;
        Cost::new(taps + 3 * self.outputs, taps * width * height)
    }
}

/// Convolution, the normalisation of each channel of each image, and its activation.
#[derive(Module, Debug)]
pub struct InstanceConvolution {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    stride: usize,
}

impl InstanceConvolution {
    /// Normalised and activated features.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`, the sides divided by the stride and rounded up
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [outputs, inputs, ..] = self.weight.dims();
        assert_shape!(x, [_, inputs, _, _]);
        let dtype = x.dtype();
        let along = |values: &Param<Tensor<1>>| values.val().reshape([1, outputs, 1, 1]);
        let weight = self.weight.val();
        let y = if self.stride == 1 {
            kernel::convolution(x, weight, Some(self.bias.val()), None, 1, Activation::Identity).cast(DType::F32)
        } else {
            let options = ConvOptions::new([self.stride; 2], [KERNEL / 2; 2], [1; 2], 1);
            kernel::convolution_by(x, weight, options).cast(DType::F32) + along(&self.bias)
        };
        let centred = y.clone() - y.mean_dims(&[2, 3]);
        let variance = centred.clone().square().mean_dims(&[2, 3]);
        let normalized = centred / (variance + EPSILON).sqrt() * along(&self.gamma) + along(&self.beta);
        leaky_relu(normalized, SLOPE).cast(dtype)
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::standard;
    use burn::nn::InstanceNormConfig;
    use burn::tensor::Tolerance;
    use burn::tensor::module::conv2d;

    #[test]
    fn each_stride_is_burns_convolution_normalisation_and_activation() {
        let device = Device::flex();
        for stride in [1, 2] {
            let mut layer = InstanceConvolutionConfig::new(3, 5).with_stride(stride).init(&device);
            for (name, values) in [("bias", &mut layer.bias), ("gamma", &mut layer.gamma), ("beta", &mut layer.beta)] {
                *values = Param::from_tensor(standard(name, [5], &device));
            }
            let x = standard("x", [2, 3, 12, 8], &device);
            let mut norm = InstanceNormConfig::new(5).with_epsilon(EPSILON).init(&device);
            (norm.gamma, norm.beta) = (Some(layer.gamma.clone()), Some(layer.beta.clone()));
            let options = ConvOptions::new([stride; 2], [1; 2], [1; 2], 1);
            let y = conv2d(x.clone(), layer.weight.val(), Some(layer.bias.val()), options);
            let expected = leaky_relu(norm.forward(y), SLOPE);
            assert_eq!(expected.dims(), [2, 5, 12 / stride, 8 / stride]);
            layer.forward(x).into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-4));
        }
    }
}

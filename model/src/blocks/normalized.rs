//! Batch normalisation that no convolution stands before, and its activation: what pre-activated residual blocks begin with.
//!
//! Once training is over it is a scale and a shift of every channel, which no weights can take in: the input goes round it by
//! the shortcut too.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::prelude::*;
use burn::tensor::DType;

use crate::blocks::convolution::{Normalization, scale_and_shift};
use crate::cost::Cost;
use crate::kernel::Activation;

/// Configuration of a [`Normalized`].
#[derive(Config, Debug)]
pub struct NormalizedConfig {
    /// Channels in and out.
    pub channels: usize,
    /// What follows the normalisation.
    #[config(default = "Activation::Relu")]
    pub activation: Activation,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl NormalizedConfig {
    /// A layer that does nothing to what has a mean of 0 and a deviation of 1.
    pub fn init(&self, device: &Device) -> Normalized {
        let batch = self.normalization == Normalization::Batch;
        let constant = |value: Initializer| (!batch).then(|| value.init([self.channels], device));
        Normalized {
            norm: batch.then(|| BatchNormConfig::new(self.channels).init(device)),
            scale: constant(Initializer::Ones),
            shift: constant(Initializer::Zeros),
            activation: self.activation,
        }
    }

    /// Parameters; scaling is not counted as multiply-adds, as normalisation is nowhere.
    pub fn cost(&self) -> Cost {
        Cost::new(2 * self.channels, 0)
    }
}

/// Batch normalisation or what is left of it, and its activation.
#[derive(Module, Debug)]
pub struct Normalized {
    norm: Option<BatchNorm>,
    scale: Option<Param<Tensor<1>>>,
    shift: Option<Param<Tensor<1>>>,
    #[module(skip)]
    activation: Activation,
}

impl Normalized {
    /// Normalised and activated features.
    ///
    /// # Shapes
    ///
    /// `[batch, channels, height, width]` → the same
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, channels, ..] = x.dims();
        let dtype = x.dtype();
        let mut y = x.cast(DType::F32);
        if let Some(norm) = &self.norm {
            y = norm.forward(y);
        }
        let along = |values: &Param<Tensor<1>>| values.val().reshape([1, channels, 1, 1]);
        if let Some(scale) = &self.scale {
            y = y * along(scale);
        }
        if let Some(shift) = &self.shift {
            y = y + along(shift);
        }
        self.activation.forward(y).cast(dtype)
    }

    /// Makes a scale and a shift of the batch normalisation.
    pub fn fold(self) -> Self {
        let Some(norm) = &self.norm else { return self };
        let (scale, shift) = scale_and_shift(norm);
        let [scale, shift] = [scale, shift].map(|values| Some(Param::from_tensor(values)));
        Self { norm: None, scale, shift, activation: self.activation }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::{standard, tensor};
    use burn::tensor::Tolerance;

    #[test]
    fn folding_changes_no_output() {
        let device = Device::flex();
        let mut layer = NormalizedConfig::new(5, Normalization::Batch).init(&device);
        let norm = layer.norm.as_mut().expect("a fresh layer is not folded");
        norm.running_mean.update(standard("mean", [5], &device));
        norm.running_var.update(tensor("variance", [5], 1.5, 0.5, &device));
        let x = standard("x", [2, 5, 4, 6], &device);
        let expected = layer.forward(x.clone());
        layer.fold().forward(x).into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-5));
    }
}

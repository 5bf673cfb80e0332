//! The operations on tensors: each goes to the device's own form of it.

use burn::backend::Dispatch;
use burn::backend::ops::ConvOptions;
use burn::nn::{BatchNorm, Linear};
use burn::prelude::*;
use burn::tensor::module::conv2d;

use super::activation::Activation;
use super::ops::NetworkOps;

/// Convolution that keeps width and height, with what it is added to and its activation.
///
/// # Shapes
///
/// - `x`: `[batch, inputs, height, width]`
/// - `weight`: `[outputs, inputs, kernel, kernel]`, kernel odd; cast to the type of `x`
/// - `bias`: `[outputs]`
/// - `added`: `[batch, outputs, height, width]`
/// - returns the same
pub fn convolution(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    added: Option<Tensor<4>>,
    dilation: usize,
    activation: Activation,
) -> Tensor<4> {
    let dtype = x.dtype();
    let weight = weight.cast(dtype);
    let Some(bias) = bias else {
        let padding = dilation * (weight.dims()[2] / 2);
        let options = ConvOptions::new([1, 1], [padding; 2], [dilation; 2], 1);
        return activation.after_adding(conv2d(x, weight, None, options), added);
    };
    let [x, weight] = [x, weight].map(Tensor::into_dispatch);
    let bias = bias.cast(dtype).into_dispatch();
    Tensor::from_dispatch(match added {
        Some(added) => {
            let added = added.into_dispatch();
            <Dispatch as NetworkOps>::convolution_onto(x, weight, bias, added, dilation, activation)
        }
        None => <Dispatch as NetworkOps>::convolution(x, weight, bias, dilation, activation),
    })
}

/// Convolution of any stride, in any number of groups, with nothing added.
///
/// # Shapes
///
/// - `x`: `[batch, inputs, height, width]`
/// - `weight`: `[outputs, inputs / groups, kernel, kernel]`; cast to the type of `x`
/// - returns `[batch, outputs, …]`, its sides by `options`
pub fn convolution_by(x: Tensor<4>, weight: Tensor<4>, options: ConvOptions<2>) -> Tensor<4> {
    let weight = weight.cast(x.dtype());
    Tensor::from_dispatch(<Dispatch as NetworkOps>::convolution_by(x.into_dispatch(), weight.into_dispatch(), options))
}

/// Convolution, normalisation with the statistics of the batch, and activation; the running statistics move along.
///
/// A bias is part of the batch's mean, which the normalisation takes away: it moves the running mean and nothing else.
///
/// # Shapes
///
/// As [`convolution`]; `norm` has `outputs` channels.
pub fn convolution_batch_norm(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    norm: &BatchNorm,
    dilation: usize,
    activation: Activation,
) -> Tensor<4> {
    let padding = dilation * (weight.dims()[2] / 2);
    let options = ConvOptions::new([1, 1], [padding; 2], [dilation; 2], 1);
    convolution_batch_norm_by(x, weight, bias, norm, options, activation)
}

/// [`convolution_batch_norm`] of any stride, in any number of groups.
///
/// # Shapes
///
/// As [`convolution_by`]; `norm` has `outputs` channels.
pub fn convolution_batch_norm_by(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    norm: &BatchNorm,
    options: ConvOptions<2>,
    activation: Activation,
) -> Tensor<4> {
    let (y, mean, variance) = <Dispatch as NetworkOps>::convolution_batch_norm(
        x.into_dispatch(),
        weight.into_dispatch(),
        norm.gamma.val().into_dispatch(),
        norm.beta.val().into_dispatch(),
        norm.epsilon,
        options,
        activation,
    );
    let mean = Tensor::from_dispatch(mean);
    let mean = match bias {
        Some(bias) => mean + bias.detach(),
        None => mean,
    };
    let follow = |running: Tensor<1>, batch: Tensor<1>| {
        (running * (1.0 - norm.momentum) + batch.detach() * norm.momentum).detach()
    };
    norm.running_mean.update(follow(norm.running_mean.value_sync(), mean));
    norm.running_var.update(follow(norm.running_var.value_sync(), Tensor::from_dispatch(variance)));
    Tensor::from_dispatch(y)
}

/// The same weights in the order of memory in which the device reads those of a convolution fastest.
pub fn in_reading_order<const D: usize>(weight: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as NetworkOps>::reading_order(weight.into_dispatch()))
}

/// The largest of every 2×2 pixels.
///
/// # Shapes
///
/// `[batch, channels, height, width]`, both even → `[batch, channels, height / 2, width / 2]`
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as NetworkOps>::max_pool(x.into_dispatch()))
}

/// Every pixel of `coarse` four times, and the channels of `fine` after its own.
///
/// # Shapes
///
/// - `coarse`: `[batch, a, height, width]`
/// - `fine`: `[batch, b, 2 · height, 2 · width]`
/// - returns `[batch, a + b, 2 · height, 2 · width]`
pub fn join(coarse: Tensor<4>, fine: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as NetworkOps>::join(coarse.into_dispatch(), fine.into_dispatch()))
}

/// `x · sigmoid(logits)`.
///
/// # Shapes
///
/// - `x`: `[batch, channels, height, width]`
/// - `logits`: `[batch, 1, height, width]` or `[batch, channels, 1, 1]`
/// - returns the shape of `x`
pub fn gate(x: Tensor<4>, logits: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as NetworkOps>::gate(x.into_dispatch(), logits.into_dispatch()))
}

/// `second(relu(first(mean(x))))`, the mean being that of each channel's pixels.
///
/// # Shapes
///
/// `[batch, channels, height, width]` → `[batch, channels, 1, 1]`, 32 bit
///
/// # Panics
///
/// If one of the two has no bias.
pub fn channel_logits(x: Tensor<4>, first: &Linear, second: &Linear) -> Tensor<4> {
    let bias = |layer: &Linear| layer.bias.as_ref().expect("the layer has a bias").val().into_dispatch();
    Tensor::from_dispatch(<Dispatch as NetworkOps>::channel_logits(
        x.into_dispatch(),
        first.weight.val().into_dispatch(),
        bias(first),
        second.weight.val().into_dispatch(),
        bias(second),
    ))
}

/// A linear recurrence down the rows, `h[t] = decay[t] · h[t − 1] + input[t]`, from a state of 0.
///
/// # Shapes
///
/// - `decay`, `input`: `[rows, columns]`; the first row of `decay` is not read
/// - returns the same: all states
pub fn recurrence(decay: Tensor<2>, input: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as NetworkOps>::recurrence(decay.into_dispatch(), input.into_dispatch()))
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::standard;
    use burn::nn::LinearConfig;
    use burn::tensor::Tolerance;
    use burn::tensor::activation::{relu, sigmoid};

    /// Sums of up to 9 × 64 products of standard normal numbers have a deviation of 24; this is 2⁻¹⁵ of it.
    const ROUNDING: f32 = 7e-4;

    #[test]
    fn the_fast_forms_agree_with_burns_convolution() {
        let device = Device::flex();
        for (inputs, outputs) in [(3, 16), (16, 16), (48, 16), (20, 6), (64, 1)] {
            for (width, height) in [(16, 16), (48, 32), (17, 5), (1, 1), (33, 70)] {
                for dilation in [1, 2, 6, 12, 18] {
                    for (batch, activation) in [(1, Activation::Relu), (2, Activation::Identity)] {
                        let x = standard("x", [batch, inputs, height, width], &device);
                        let weight = standard("weight", [outputs, inputs, 3, 3], &device);
                        let bias = standard("bias", [outputs], &device);
                        let shift = bias.clone().reshape([1, outputs, 1, 1]);
                        let plain = convolution(x.clone(), weight.clone(), None, None, dilation, Activation::Identity);
                        let expected = activation.forward(plain + shift);
                        let actual = convolution(x, weight, Some(bias), None, dilation, activation);
                        let tolerance = Tolerance::absolute(ROUNDING).set_relative(ROUNDING);
                        actual.into_data().assert_approx_eq::<f32>(&expected.into_data(), tolerance);
                    }
                }
            }
        }
    }

    #[test]
    fn a_pointwise_kernel_agrees_with_burns_convolution() {
        let device = Device::flex();
        for (inputs, outputs) in [(1, 1), (48, 16), (17, 6)] {
            for (width, height) in [(16, 16), (1, 1), (7, 5)] {
                let x = standard("x", [2, inputs, height, width], &device);
                let weight = standard("weight", [outputs, inputs, 1, 1], &device);
                let bias = standard("bias", [outputs], &device);
                let shift = bias.clone().reshape([1, outputs, 1, 1]);
                let expected = convolution(x.clone(), weight.clone(), None, None, 1, Activation::Identity) + shift;
                let actual = convolution(x, weight, Some(bias), None, 1, Activation::Relu);
                let tolerance = Tolerance::absolute(ROUNDING);
                actual.into_data().assert_approx_eq::<f32>(&relu(expected).into_data(), tolerance);
            }
        }
    }

    #[test]
    fn what_a_convolution_is_added_to_comes_before_its_activation() {
        let device = Device::flex();
        for kernel in [1, 3] {
            let x = standard("x", [2, 16, 16, 32], &device);
            let weight = standard("weight", [16, 16, kernel, kernel], &device);
            let bias = standard("bias", [16], &device);
            let added = standard("added", [2, 16, 32, 16], &device).swap_dims(2, 3);
            for activation in [Activation::Relu, Activation::Identity] {
                let onto = |added, activation| {
                    convolution(x.clone(), weight.clone(), Some(bias.clone()), added, 1, activation)
                };
                let expected = activation.forward(onto(None, Activation::Identity) + added.clone());
                let actual = onto(Some(added.clone()), activation);
                actual.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(ROUNDING));
            }
        }
    }

    #[test]
    fn a_gate_weighs_pixels_or_channels() {
        let device = Device::flex();
        let x = standard("x", [2, 8, 6, 4], &device);
        for shape in [[2, 1, 6, 4], [2, 8, 1, 1]] {
            let logits = standard("logits", shape, &device);
            let expected = x.clone() * sigmoid(logits.clone());
            gate(x.clone(), logits)
                .into_data()
                .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-6));
        }
    }

    #[test]
    fn joining_doubles_the_coarse_map() {
        let device = Device::flex();
        let coarse = Tensor::<1, Int>::arange(0..8, &device).float().reshape([1, 2, 2, 2]);
        let fine = Tensor::<4>::full([1, 1, 4, 4], -1.0, &device);
        let joined: Vec<f32> = join(coarse, fine).into_data().try_to_vec().unwrap();
        let pixel = |channel: usize, y: usize, x: usize| joined[(channel * 4 + y) * 4 + x];
        for (y, x) in (0..4).flat_map(|y| (0..4).map(move |x| (y, x))) {
            for channel in 0..2 {
                assert_eq!(pixel(channel, y, x), (4 * channel + 2 * (y / 2) + x / 2) as f32);
            }
            assert_eq!(pixel(2, y, x), -1.0);
        }
    }

    #[test]
    fn channel_logits_come_from_the_means_of_the_channels() {
        let device = Device::flex();
        let [first, second] = [LinearConfig::new(8, 2), LinearConfig::new(2, 8)].map(|config| config.init(&device));
        let x = standard("x", [2, 8, 6, 4], &device) + 1.0;
        let means = x.clone().mean_dims(&[2, 3]).reshape([2, 8]);
        let expected = second.forward(relu(first.forward(means))).reshape([2, 8, 1, 1]);
        let actual = channel_logits(x, &first, &second);
        actual.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn new_weights_never_meet_old_transforms() {
        let device = Device::flex();
        let x = Tensor::<4>::ones([1, 1, 8, 8], &device);
        for value in 1..50 {
            let weight = Tensor::<4>::full([1, 1, 3, 3], value, &device);
            let y = convolution(x.clone(), weight, Some(Tensor::zeros([1], &device)), None, 1, Activation::Identity);
            let centre = y.slice([0..1, 0..1, 3..4, 3..4]).into_scalar::<f32>();
            assert!((centre - 9.0 * value as f32).abs() < 1e-3, "{centre} for {value}");
        }
    }
}

//! The network's operations on WebGPU, written for cubecl.
//!
//! Feature maps keep their channels innermost in memory, four to a vector. burn's own convolution, untuned since tuning takes
//! longer than a user waits, lets every unit read all of its input and weights from global memory; bias, activation and what
//! is added are passes of their own. Each pass costs a browser more than the card.

mod maps;
mod means;
mod memory;
mod tiles;

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;
use burn_cubecl::ops::permute;

use self::memory::{UNITS, by_tap, dims, in_fours};
use self::tiles::{Tile, tiled};
use super::activation::Activation;
use super::composed;
use super::ops::{Cube, NetworkOps};

impl NetworkOps for Cube {
    fn convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        match Tile::of(&x, &weight) {
            Some(tile) => tiled(tile, x, weight, bias, None, dilation, activation),
            None => composed::convolution::<Self>(x, weight, bias, dilation, activation),
        }
    }

    fn convolution_onto(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        added: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        match Tile::of(&x, &weight) {
            Some(tile) => tiled(tile, x, weight, bias, Some(added), dilation, activation),
            None => {
                let y = composed::convolution::<Self>(x, weight, bias, dilation, Activation::Identity);
                composed::sum::<Self>(y, added, activation)
            }
        }
    }

    fn reading_order(weight: FloatTensor<Self>) -> FloatTensor<Self> {
        permute(by_tap(weight), &[3, 2, 0, 1])
    }

    fn join(coarse: FloatTensor<Self>, fine: FloatTensor<Self>) -> FloatTensor<Self> {
        if !in_fours(&coarse) || !in_fours(&fine) {
            return composed::join::<Self>(coarse, fine);
        }
        maps::join(coarse, fine)
    }

    fn gate(x: FloatTensor<Self>, logits: FloatTensor<Self>) -> FloatTensor<Self> {
        if !in_fours(&x) || logits.dtype() != DType::F32 {
            return composed::gate::<Self>(x, logits);
        }
        maps::gate(x, logits)
    }

    fn channel_logits(
        x: FloatTensor<Self>,
        first: FloatTensor<Self>,
        first_bias: FloatTensor<Self>,
        second: FloatTensor<Self>,
        second_bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let channels = dims(&x)[1];
        let hidden = first_bias.shape().num_elements();
        if !in_fours(&x) || !UNITS.is_multiple_of(channels / 4) || hidden > UNITS {
            return composed::channel_logits::<Self>(x, first, first_bias, second, second_bias);
        }
        means::channel_logits(x, first, first_bias, second, second_bias)
    }
}

//! 3×3 convolution tap by tap, each only where it meets the map: for dilations as wide as the map itself.
//!
//! On the 16×16 bottleneck a rate of 18 leaves one tap of nine and a rate of 12 a quarter of the products; cutting such
//! a map into Winograd tiles would cost more than it saves.

use burn::backend::flex::FlexTensor;

use super::Activation;
use super::winograd::{floats, tensor};

/// Output channels that share one pass over the inputs.
const ROWS: usize = 4;

/// Multiplications per input and output channel on a `width × height` map.
pub fn multiplications(width: usize, height: usize, dilation: usize) -> usize {
    let along = |length: usize| length + 2 * length.saturating_sub(dilation);
    along(width) * along(height)
}

/// See [`super::convolution`]; the kernel is 3×3 and all tensors are `f32`.
pub fn convolution(
    x: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    dilation: usize,
    activation: Activation,
) -> FlexTensor {
    let [batch, inputs, height, width] = x.layout().shape().dims();
    let [outputs, _, _, _] = weight.layout().shape().dims();
    let (x, weight, bias) = (x.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
    let (x, weight, bias) = (floats(&x), floats(&weight), floats(&bias));
    let plane = height * width;

    let mut y = vec![0.0; batch * outputs * plane];
    for (image, result) in x.chunks_exact(inputs * plane).zip(y.chunks_exact_mut(outputs * plane)) {
        for (channel, result) in result.chunks_exact_mut(plane).enumerate() {
            result.fill(bias[channel]);
        }
        for tap in 0..9 {
            let (Some(rows), Some(columns)) =
                (Overlap::new(height, tap / 3, dilation), Overlap::new(width, tap % 3, dilation))
            else {
                continue;
            };
            for (group, result) in result.chunks_mut(ROWS * plane).enumerate() {
                for row in 0..rows.length {
                    let from = (rows.input + row) * width + columns.input;
                    let to = (rows.output + row) * width + columns.output;
                    for (input, image) in image.chunks_exact(plane).enumerate() {
                        let line = &image[from..from + columns.length];
                        for (member, result) in result.chunks_exact_mut(plane).enumerate() {
                            let output = group * ROWS + member;
                            let w = weight[(output * inputs + input) * 9 + tap];
                            for (y, x) in result[to..to + columns.length].iter_mut().zip(line) {
                                *y += w * x;
                            }
                        }
                    }
                }
            }
        }
        if activation == Activation::Relu {
            result.iter_mut().filter(|y| **y < 0.0).for_each(|y| *y = 0.0);
        }
    }
    tensor(y, [batch, outputs, height, width])
}

/// Where a tap, shifted by a multiple of the dilation, meets a line of the map.
struct Overlap {
    input: usize,
    output: usize,
    length: usize,
}

impl Overlap {
    fn new(length: usize, tap: usize, dilation: usize) -> Option<Self> {
        let (input, output) = match tap {
            0 => (0, dilation),
            1 => (0, 0),
            _ => (dilation, 0),
        };
        let length = length.checked_sub(input.max(output)).filter(|&length| length > 0)?;
        Some(Self { input, output, length })
    }
}

//! 3×3 convolution tap by tap, each only where it meets the map: for dilations as wide as the map itself.
//!
//! On the 16×16 bottleneck a rate of 18 leaves one tap of nine and a rate of 12 a quarter of the products; cutting such
//! a map into Winograd tiles would cost more than it saves.

use super::activation::Activation;
use super::panel::{LANES, multiply, padded_rows};
use super::shape::ConvolutionShape;

/// Multiplications per input and output channel.
pub fn multiplications(shape: &ConvolutionShape) -> usize {
    let along = |length: usize| length + 2 * length.saturating_sub(shape.dilation);
    along(shape.width) * along(shape.height)
}

/// See [`super::convolution`]; `packed` comes from [`super::panel::pack`], the other slices are contiguous.
pub fn convolution(
    shape: &ConvolutionShape,
    x: &[f32],
    packed: &[f32],
    bias: &[f32],
    activation: Activation,
) -> Vec<f32> {
    let ConvolutionShape { batch, inputs, outputs, width, height, dilation } = *shape;
    let (plane, rows) = (width * height, padded_rows(outputs));
    let mut column = vec![[0.0; LANES]; inputs];
    let mut products = vec![[0.0; LANES]; rows];
    let mut y = vec![0.0; batch * outputs * plane];
    for (image, result) in x.chunks_exact(inputs * plane).zip(y.chunks_exact_mut(outputs * plane)) {
        for (result, &bias) in result.chunks_exact_mut(plane).zip(bias) {
            result.fill(bias);
        }
        for (tap, weights) in packed.chunks_exact(rows * inputs).enumerate() {
            let (Some(down), Some(across)) =
                (Overlap::new(height, tap / 3, dilation), Overlap::new(width, tap % 3, dilation))
            else {
                continue;
            };
            let pixels: Vec<(usize, usize)> = (0..down.length)
                .flat_map(|row| {
                    let from = (down.input + row) * width + across.input;
                    let to = (down.output + row) * width + across.output;
                    (0..across.length).map(move |column| (from + column, to + column))
                })
                .collect();
            for pixels in pixels.chunks(LANES) {
                for (vector, image) in column.iter_mut().zip(image.chunks_exact(plane)) {
                    for (lane, &(from, _)) in vector.iter_mut().zip(pixels) {
                        *lane = image[from];
                    }
                }
                multiply(weights, &column, &mut products);
                for (vector, result) in products.iter().zip(result.chunks_exact_mut(plane)) {
                    for (lane, &(_, to)) in vector.iter().zip(pixels) {
                        result[to] += lane;
                    }
                }
            }
        }
        result.iter_mut().for_each(|y| *y = activation.apply(*y));
    }
    y
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

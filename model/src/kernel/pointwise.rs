//! 1×1 convolution: every pixel on its own.

use super::activation::Activation;
use super::panel::{LANES, multiply, padded_rows};
use super::shape::ConvolutionShape;

/// See [`super::convolution`]; `packed` comes from [`super::panel::pack`], the other slices are contiguous.
pub fn convolution(
    shape: &ConvolutionShape,
    x: &[f32],
    packed: &[f32],
    bias: &[f32],
    activation: Activation,
) -> Vec<f32> {
    let ConvolutionShape { batch, inputs, outputs, width, height, .. } = *shape;
    let plane = width * height;
    let mut column = vec![[0.0; LANES]; inputs];
    let mut products = vec![[0.0; LANES]; padded_rows(outputs)];
    let mut y = vec![0.0; batch * outputs * plane];
    for (image, result) in x.chunks_exact(inputs * plane).zip(y.chunks_exact_mut(outputs * plane)) {
        for start in (0..plane).step_by(LANES) {
            let pixels = start..(start + LANES).min(plane);
            for (vector, image) in column.iter_mut().zip(image.chunks_exact(plane)) {
                match image[pixels.clone()].try_into() {
                    Ok(whole) => *vector = whole,
                    Err(_) => vector[..pixels.len()].copy_from_slice(&image[pixels.clone()]),
                }
            }
            multiply(packed, &column, &mut products);
            for ((vector, result), &bias) in products.iter().zip(result.chunks_exact_mut(plane)).zip(bias) {
                let vector = vector.map(|value| activation.apply(value + bias));
                result[pixels.clone()].copy_from_slice(&vector[..pixels.len()]);
            }
        }
    }
    y
}

//! Maps made larger without weights, as other papers' implementations do it.
//!
//! [`crate::kernel::join`] is faster where the doubled map is joined with another at once.

use burn::prelude::*;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

/// Every pixel repeated.
///
/// # Shapes
///
/// `[batch, channels, height, width]` → `[batch, channels, factor · height, factor · width]`
pub fn repeated(x: Tensor<4>, factor: usize) -> Tensor<4> {
    let [.., height, width] = x.dims();
    let options = InterpolateOptions::new(InterpolateMode::Nearest);
    interpolate(x, options.with_output_size([factor * height, factor * width]))
}

/// Which points of the two grids lie on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// The middles of the corner pixels: `align_corners=True` of PyTorch.
    Middles,
    /// The outer edges, as in a picture: `align_corners=False`.
    Edges,
}

/// Numbers between pixels, on a straight line along either side.
///
/// # Shapes
///
/// `[batch, channels, height, width]` → `[batch, channels, size[0], size[1]]`
pub fn bilinear(x: Tensor<4>, size: [usize; 2], align: Align) -> Tensor<4> {
    let options = InterpolateOptions::new(InterpolateMode::Bilinear).with_align_corners(align == Align::Middles);
    interpolate(x, options.with_output_size(size))
}

/// Height and width of a map.
pub fn sides(x: &Tensor<4>) -> [usize; 2] {
    let [.., height, width] = x.dims();
    [height, width]
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    fn row(x: Tensor<4>) -> Vec<f32> {
        x.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn two_pixels_become_four() {
        let x = Tensor::<1>::from_floats([0.0, 3.0], &Device::flex()).reshape([1, 1, 1, 2]);
        assert_eq!(row(repeated(x.clone(), 2)), [0.0, 0.0, 3.0, 3.0, 0.0, 0.0, 3.0, 3.0]);
        assert_eq!(row(bilinear(x.clone(), [1, 4], Align::Middles)), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(row(bilinear(x, [1, 4], Align::Edges)), [0.0, 0.75, 2.25, 3.0]);
    }

    #[cfg(feature = "autodiff")]
    #[test]
    fn every_pixel_of_the_new_grid_hands_its_gradient_on() {
        let device = Device::flex().autodiff();
        for align in [Align::Middles, Align::Edges] {
            let x = Tensor::<4>::ones([1, 2, 3, 2], &device).require_grad();
            let gradients = bilinear(x.clone(), [7, 9], align).sum().backward();
            let sum: f32 = x.grad(&gradients).unwrap().sum().into_scalar();
            assert!((sum - 126.0).abs() < 1e-3, "{sum}");
        }
    }
}

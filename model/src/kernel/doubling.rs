//! A linear recurrence by doubling, for devices that have no faster form of it.
//!
//! # Source
//!
//! Prefix Sums and Their Applications, Blelloch, 1990: pairs `(decay, input)` are joined associatively, so all rows are done in as
//! many steps as the number of rows has binary digits.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::Slice;

/// [`super::recurrence()`] by doubling, out of the backend's own operations.
pub(super) fn doubled<B: Backend>(decay: FloatTensor<B>, input: FloatTensor<B>) -> FloatTensor<B> {
    let [rows, _] = decay.shape().dims();
    let (mut factors, mut sums) = (decay, input);
    // Each row has joined those before it within this reach, itself included.
    let mut reach = 1;
    while reach < rows {
        let above = part::<B>(&sums, 0, rows - reach);
        let joined = B::float_mul(part::<B>(&factors, reach, rows), above);
        let joined = B::float_add(part::<B>(&sums, reach, rows), joined);
        sums = B::float_cat(vec![part::<B>(&sums, 0, reach), joined], 0);
        if 2 * reach < rows {
            let joined = B::float_mul(part::<B>(&factors, reach, rows), part::<B>(&factors, 0, rows - reach));
            factors = B::float_cat(vec![part::<B>(&factors, 0, reach), joined], 0);
        }
        reach *= 2;
    }
    sums
}

/// Rows of a matrix.
pub(super) fn part<B: Backend>(matrix: &FloatTensor<B>, from: usize, to: usize) -> FloatTensor<B> {
    let [_, columns] = matrix.shape().dims();
    B::float_slice(matrix.clone(), &[Slice::from(from..to), Slice::from(0..columns)])
}

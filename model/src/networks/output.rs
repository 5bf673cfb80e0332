//! What a network answers: logits, before thresholds and losses choose their own squashing.

use burn::prelude::*;

/// What the way up gives.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Logits of "this pixel is tumour", `[batch, 1, height, width]`, 32 bit.
    pub logits: Tensor<4>,
    /// The same from coarser or shallower features, for deep supervision; none at inference. Each is of the image's size or of a
    /// grid that is coarser by a whole number.
    pub deep: Vec<Tensor<4>>,
}

impl Decoded {
    /// An answer without auxiliary ones.
    pub fn alone(logits: Tensor<4>) -> Self {
        Self { logits, deep: Vec::new() }
    }
}

/// What the whole network gives.
#[derive(Clone, Debug)]
pub struct Output {
    /// Logits of "this pixel is tumour", `[batch, 1, height, width]`, 32 bit.
    pub logits: Tensor<4>,
    /// Logit of "this slice holds tumour", `[batch, 1]`.
    pub presence: Tensor<2>,
    /// Auxiliary mask logits, each as `logits`, for deep supervision; none at inference.
    pub deep: Vec<Tensor<4>>,
}

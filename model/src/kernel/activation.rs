//! What follows a convolution, on tensors, on a backend's own tensors and on numbers.

use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use burn::prelude::*;
use burn::tensor::activation::relu;
use serde::{Deserialize, Serialize};

/// What follows a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activation {
    /// `max(0, x)`.
    Relu,
    /// Nothing.
    Identity,
}

impl Activation {
    /// The activated tensor, of the same shape.
    pub fn forward(self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Relu => relu(x),
            Self::Identity => x,
        }
    }

    /// The activated sum of a tensor and what is added to it, if anything.
    pub fn after_adding(self, x: Tensor<4>, added: Option<Tensor<4>>) -> Tensor<4> {
        self.forward(match added {
            Some(added) => x + added,
            None => x,
        })
    }

    /// The activated number; a NaN stays one.
    #[cfg(feature = "flex")]
    #[inline]
    pub(super) fn apply(self, value: f32) -> f32 {
        // Not `f32::max`, which drops a NaN.
        if self == Self::Relu && value < 0.0 { 0.0 } else { value }
    }

    /// The activated tensor of a backend.
    pub(super) fn primitive<B: Backend>(self, x: FloatTensor<B>) -> FloatTensor<B> {
        match self {
            Self::Relu => B::relu(x),
            Self::Identity => x,
        }
    }
}

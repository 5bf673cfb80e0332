//! Attention U-Net: U-Net whose skip connections pass a gate that the coarser features open.
//!
//! # Source
//!
//! Oktay, Schlemper, Le Folgoc and others 2018: Attention U-Net, learning where to look for the pancreas (arXiv 1804.03999), in
//! two dimensions. Maps are made larger before the gate, by repeated pixels and a 3×3 convolution, and gate and skip lie on one
//! grid, as in the implementations whose figures are compared with (34.9 million parameters at a width of 64).

use burn::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::contracting::COARSEST;
use crate::blocks::convolution::Normalization;
use crate::blocks::enlarge::Enlarging;
use crate::cost::Cost;
use crate::networks::member::MemberConfig;
use crate::networks::unet::Form;

/// The network: a U-Net whose skip connections are gated, with a presence head on its bottleneck.
pub use crate::networks::unet::Unet as AttentionUnet;

/// Configuration of an [`AttentionUnet`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttentionUnetConfig {
    /// Channels of the finest grid, at least 2; each coarser one has twice as many.
    pub width: usize,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for AttentionUnetConfig {
    fn default() -> Self {
        Self { width: 64, normalization: Normalization::Batch }
    }
}

impl MemberConfig for AttentionUnetConfig {
    type Member = AttentionUnet;

    fn name(&self) -> &'static str {
        "Attention U-Net"
    }

    fn multiple(&self) -> usize {
        COARSEST
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> AttentionUnet {
        self.form().init(device)
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.form().down_cost(width, height)
    }

    fn presence_cost(&self) -> Cost {
        self.form().presence_cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        self.form().up_cost(width, height)
    }
}

impl AttentionUnetConfig {
    fn form(&self) -> Form {
        let Self { width, normalization } = *self;
        Form { width, up: Enlarging::Resized, gated: true, normalization }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::{assert_cost, assert_sound};

    /// As implementations of the paper have it with PyTorch, counted there.
    #[test]
    fn parameters_and_multiply_adds_are_the_references() {
        assert_cost(&AttentionUnetConfig::default(), 34_878_573, 66.4);
    }

    #[test]
    fn it_is_sound() {
        assert_sound(&AttentionUnetConfig { width: 4, ..AttentionUnetConfig::default() }, 0);
    }
}

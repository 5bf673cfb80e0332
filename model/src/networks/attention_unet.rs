//! Attention U-Net: U-Net whose skip connections pass a gate that the coarser features open.
//!
//! # Source
//!
//! Oktay, Schlemper, Le Folgoc and others 2018: Attention U-Net, learning where to look for the pancreas (arXiv 1804.03999), in
//! two dimensions. Maps are made larger before the gate, by repeated pixels and a 3×3 convolution, and gate and skip lie on one
//! grid, as in the implementations whose figures are compared with (34.9 million parameters at a width of 64).

use burn::module::Module;
use burn::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::contracting::{COARSEST, Contracting, ContractingConfig, doubling};
use crate::blocks::convolution::Normalization;
use crate::blocks::enlarge::Enlarging;
use crate::blocks::expanding::{Expanding, ExpandingConfig};
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

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
        let [finest, .., coarsest] = doubling(self.width);
        AttentionUnet {
            down: self.down().init(device),
            presence: PresenceConfig::new(coarsest).init(device),
            up: self.up().map(|config| config.init(device)).into(),
            output: HeadConfig::new(finest).init(device),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.down().cost(width, height)
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(doubling(self.width)[4]).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let up = self.up().into_iter().zip([3, 2, 1, 0]);
        let up: Cost = up.map(|(config, level)| config.cost(width >> level, height >> level)).sum();
        up + HeadConfig::new(self.width).cost(width, height)
    }
}

impl AttentionUnetConfig {
    fn down(&self) -> ContractingConfig {
        ContractingConfig::new(IMAGE_PLANES, doubling(self.width), true, self.normalization)
    }

    fn up(&self) -> [ExpandingConfig; 4] {
        let widths = doubling(self.width);
        [3, 2, 1, 0].map(|level| {
            ExpandingConfig::new(widths[level], widths[level + 1], Enlarging::Resized, true, self.normalization)
        })
    }
}

/// The network, with a presence head on its bottleneck.
#[derive(Module, Debug)]
pub struct AttentionUnet {
    down: Contracting,
    presence: Presence,
    up: Vec<Expanding>,
    output: Head,
}

impl Member for AttentionUnet {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, COARSEST);
        Bottleneck::of(self.down.forward(image)) // 64 × 256², 128 × 128², 256 × 64², 512 × 32², 1024 × 16²
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let up = self.up.iter().zip(bottleneck.skips.into_iter().rev());
        let x = up.fold(bottleneck.coarsest, |x, (up, skip)| up.forward(skip, x)); // 512 × 32² … 64 × 256²
        Decoded::alone(self.output.forward(x))
    }

    fn fold(self) -> Self {
        Self { down: self.down.fold(), up: self.up.into_iter().map(Expanding::fold).collect(), ..self }
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

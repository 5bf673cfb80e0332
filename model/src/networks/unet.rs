//! U-Net: two convolutions on each of five grids down and up, the fine features of the way down joined on the way up.
//!
//! # Source
//!
//! Ronneberger, Fischer, Brox 2015: U-Net, convolutional networks for biomedical image segmentation (arXiv 1505.04597), Fig. 1.
//! The paper's convolutions lose the border and are not normalised; here they keep the size and batch normalisation follows, as in
//! what is called U-Net nowadays. With a width of 32 it is the network of Buda, Saha, Mazurowski 2019 (arXiv 1906.03720), who
//! published the data set.

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

/// Configuration of a [`Unet`]; the defaults are the paper's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnetConfig {
    /// Channels of the finest grid; each coarser one has twice as many.
    pub width: usize,
    /// How maps are made larger on the way up.
    pub up: Enlarging,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for UnetConfig {
    fn default() -> Self {
        Self { width: 64, up: Enlarging::Transposed, normalization: Normalization::Batch }
    }
}

impl MemberConfig for UnetConfig {
    type Member = Unet;

    fn name(&self) -> &'static str {
        "U-Net"
    }

    fn multiple(&self) -> usize {
        COARSEST
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> Unet {
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

impl UnetConfig {
    fn form(&self) -> Form {
        let Self { width, up, normalization } = *self;
        Form { width, up, gated: false, normalization }
    }
}

/// What a U-Net is made of, with gates in its skip connections or without.
pub(super) struct Form {
    /// As [`UnetConfig::width`].
    pub width: usize,
    /// As [`UnetConfig::up`].
    pub up: Enlarging,
    /// Whether the coarser features open a gate for each skip connection.
    pub gated: bool,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl Form {
    pub fn init(&self, device: &Device) -> Unet {
        let [finest, .., coarsest] = doubling(self.width);
        Unet {
            down: self.down().init(device),
            presence: PresenceConfig::new(coarsest).init(device),
            up: self.up().map(|config| config.init(device)).into(),
            output: HeadConfig::new(finest).init(device),
        }
    }

    pub fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.down().cost(width, height)
    }

    pub fn presence_cost(&self) -> Cost {
        PresenceConfig::new(doubling(self.width)[4]).cost()
    }

    pub fn up_cost(&self, width: usize, height: usize) -> Cost {
        let up = self.up().into_iter().zip([3, 2, 1, 0]);
        let up: Cost = up.map(|(config, level)| config.cost(width >> level, height >> level)).sum();
        up + HeadConfig::new(self.width).cost(width, height)
    }

    fn down(&self) -> ContractingConfig {
        let biased = self.up == Enlarging::Resized;
        ContractingConfig::new(IMAGE_PLANES, doubling(self.width), biased, self.normalization)
    }

    fn up(&self) -> [ExpandingConfig; 4] {
        let widths = doubling(self.width);
        [3, 2, 1, 0].map(|level| {
            ExpandingConfig::new(widths[level], widths[level + 1], self.up, self.gated, self.normalization)
        })
    }
}

/// The network of the paper, with a presence head on its bottleneck.
#[derive(Module, Debug)]
pub struct Unet {
    down: Contracting,
    presence: Presence,
    up: Vec<Expanding>,
    output: Head,
}

impl Member for Unet {
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
        let config = |width, up| UnetConfig { width, up, ..UnetConfig::default() };
        assert_cost(&config(64, Enlarging::Transposed), 31_037_633, 48.2);
        assert_cost(&config(64, Enlarging::Resized), 34_527_041, 65.4);
        assert_cost(&config(32, Enlarging::Transposed), 7_763_041, 12.07);
    }

    #[test]
    fn both_forms_are_sound() {
        for up in [Enlarging::Transposed, Enlarging::Resized] {
            assert_sound(&UnetConfig { width: 4, up, ..UnetConfig::default() }, 0);
        }
    }
}

//! RA-UNet in two dimensions: a U of residual units whose skip connections pass residual attention.
//!
//! # Source
//!
//! RA-UNet: A Hybrid Deep Attention-Aware Network to Extract Liver and Tumor in CT Scans, Jin, Meng, Sun, Cui and Su, 2018 (arXiv
//! 1811.01328; Frontiers in Bioengineering and Biotechnology, 2020). An adaptation: the paper segments by a network of three
//! dimensions. Here kernels, poolings and enlarging have two, channels double from grid to grid as in U-Net, and the mask of
//! every skip connection is computed down to the grid of the bottleneck. Units and modules of attention are the paper's.

use burn::module::Module;
use burn::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::contracting::{COARSEST, doubling};
use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::normalized::{Normalized, NormalizedConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::blocks::residual_attention::{Bottlenecked, BottleneckedConfig, ResidualAttention, ResidualAttentionConfig};
use crate::cost::Cost;
use crate::kernel;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Configuration of an [`RaUnet`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RaUnetConfig {
    /// Channels of the finest grid, 32 as in the paper; each coarser one has twice as many.
    pub width: usize,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for RaUnetConfig {
    fn default() -> Self {
        Self { width: 32, normalization: Normalization::Batch }
    }
}

impl MemberConfig for RaUnetConfig {
    type Member = RaUnet;

    fn name(&self) -> &'static str {
        "RA-UNet (2-D)"
    }

    fn multiple(&self) -> usize {
        COARSEST
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> RaUnet {
        let [finest, .., coarsest] = doubling(self.width);
        RaUnet {
            stem: self.stem().init(device),
            down: self.down().map(|config| config.init(device)).into(),
            presence: PresenceConfig::new(coarsest).init(device),
            attention: self.attention().map(|config| config.init(device)).into(),
            up: self.up().map(|config| config.init(device)).into(),
            last: NormalizedConfig::new(finest, self.normalization).init(device),
            output: HeadConfig::new(finest).init(device),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        let down = self.down().into_iter().zip(0..).map(|(config, level)| config.cost(width >> level, height >> level));
        self.stem().cost(width, height) + down.sum()
    }

    fn presence_cost(&self) -> Cost {
        let [.., coarsest] = doubling(self.width);
        PresenceConfig::new(coarsest).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let attention = self.attention().into_iter().zip(0..);
        let attention = attention.map(|(config, level)| config.cost(width >> level, height >> level)).sum::<Cost>();
        let up = self.up().into_iter().zip([3, 2, 1, 0]);
        let up = up.map(|(config, level)| config.cost(width >> level, height >> level)).sum::<Cost>();
        let last = NormalizedConfig::new(self.width, self.normalization).cost();
        attention + up + last + HeadConfig::new(self.width).cost(width, height)
    }
}

impl RaUnetConfig {
    fn stem(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(IMAGE_PLANES, self.width).with_normalization(self.normalization)
    }

    fn down(&self) -> [BottleneckedConfig; 5] {
        let channels = doubling(self.width);
        std::array::from_fn(|level| {
            BottleneckedConfig::new(channels[level.saturating_sub(1)], channels[level], self.normalization)
        })
    }

    /// Finest grid first.
    fn attention(&self) -> [ResidualAttentionConfig; 4] {
        let channels = doubling(self.width);
        std::array::from_fn(|level| ResidualAttentionConfig::new(channels[level], 4 - level, self.normalization))
    }

    /// Coarsest grid first.
    fn up(&self) -> [BottleneckedConfig; 4] {
        let channels = doubling(self.width);
        [3, 2, 1, 0].map(|level| {
            BottleneckedConfig::new(channels[level] + channels[level + 1], channels[level], self.normalization)
        })
    }
}

/// Residual units on five grids, down and up, and residual attention between.
#[derive(Module, Debug)]
pub struct RaUnet {
    stem: Convolution,
    down: Vec<Bottlenecked>,
    presence: Presence,
    attention: Vec<ResidualAttention>,
    up: Vec<Bottlenecked>,
    last: Normalized,
    output: Head,
}

impl Member for RaUnet {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, COARSEST);
        let (first, others) = self.down.split_first().expect("there are five grids");
        let mut maps = vec![first.forward(self.stem.forward(image))]; // 32 × 256²
        for unit in others {
            maps.push(unit.forward(kernel::max_pool(maps[maps.len() - 1].clone()))); // …, 512 × 16²
        }
        Bottleneck::of(maps)
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let skips = bottleneck.skips.into_iter().zip(&self.attention).rev();
        let x = skips.zip(&self.up).fold(bottleneck.coarsest, |x, ((skip, attention), unit)| {
            unit.forward(kernel::join(x, attention.forward(skip))) // 256 × 32², …, 32 × 256²
        });
        Decoded::alone(self.output.forward(self.last.forward(x)))
    }

    fn fold(self) -> Self {
        Self {
            stem: self.stem.fold(),
            down: self.down.into_iter().map(Bottlenecked::fold).collect(),
            attention: self.attention.into_iter().map(ResidualAttention::fold).collect(),
            up: self.up.into_iter().map(Bottlenecked::fold).collect(),
            last: self.last.fold(),
            ..self
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::assert_sound;

    fn small() -> RaUnetConfig {
        RaUnetConfig { width: 4, ..RaUnetConfig::default() }
    }

    #[test]
    fn a_small_one_is_sound() {
        assert_sound(&small(), 0);
    }
}

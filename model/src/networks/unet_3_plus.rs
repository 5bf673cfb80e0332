//! UNet 3+: every map of the way up sees every grid at once, finer ones pooled and coarser ones enlarged.
//!
//! At the paper's width a map of 1024 channels at 256² takes 268 MB of memory, as much as WebGPU's default limit for a buffer
//! (256 MiB) and twice that for one that a shader reads (128 MiB): such a network does not run in a browser by default. Half the
//! width has a map of 134 MB, just at the second limit; a quarter is well within.
//!
//! # Source
//!
//! Huang, Lin, Tong and others 2020: UNet 3+, a full-scale connected UNet for medical image segmentation (arXiv 2004.08790),
//! Fig. 1 and §2, with deep supervision by every grid (§2.2) and the classification-guided module (§2.3). Convolutions have biases
//! and grids are aligned by their edges, as in the authors' implementation.

use burn::module::Module;
use burn::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::contracting::{COARSEST, Contracting, ContractingConfig, doubling};
use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::blocks::guide::{Guide, GuideConfig};
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::blocks::resize::{Align, bilinear};
use crate::cost::Cost;
use crate::kernel;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Grids of the network.
const GRIDS: usize = 5;

/// Configuration of a [`Unet3Plus`]; the defaults are the paper's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unet3PlusConfig {
    /// Channels of the finest grid on the way down, and of what each grid gives to a map of the way up.
    pub width: usize,
    /// Whether the coarser grids answer too while the network learns.
    pub deep_supervision: bool,
    /// Whether the classification-guided module tells whether there is tumour, rather than the presence head of other networks.
    pub classification_guided: bool,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for Unet3PlusConfig {
    fn default() -> Self {
        Self { width: 64, deep_supervision: true, classification_guided: true, normalization: Normalization::Batch }
    }
}

impl MemberConfig for Unet3PlusConfig {
    type Member = Unet3Plus;

    fn name(&self) -> &'static str {
        "UNet 3+"
    }

    fn multiple(&self) -> usize {
        COARSEST
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> Unet3Plus {
        Unet3Plus {
            down: self.down().init(device),
            presence: self.presence().map(|config| config.init(device)),
            guide: self.guide().map(|config| config.init(device)),
            up: [3, 2, 1, 0].map(|level| self.full_scale(level).init(device)).into(),
            output: self.head(0).init(device),
            deep: self.deep().map(|level| self.head(level).init(device)).collect(),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        let guide: Cost = self.guide().iter().map(|config| config.cost(width >> 4, height >> 4)).sum();
        self.down().cost(width, height) + guide
    }

    fn presence_cost(&self) -> Cost {
        self.presence().iter().map(PresenceConfig::cost).sum()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let up: Cost = (0..GRIDS - 1).map(|level| self.full_scale(level).cost(width >> level, height >> level)).sum();
        let deep: usize = self.deep().map(|level| self.head(level).cost(1, 1).parameters).sum();
        up + self.head(0).cost(width, height) + Cost::new(deep, 0)
    }
}

impl Unet3PlusConfig {
    fn down(&self) -> ContractingConfig {
        ContractingConfig::new(IMAGE_PLANES, doubling(self.width), true, self.normalization)
    }

    fn presence(&self) -> Option<PresenceConfig> {
        (!self.classification_guided).then(|| PresenceConfig::new(doubling(self.width)[4]))
    }

    fn guide(&self) -> Option<GuideConfig> {
        self.classification_guided.then(|| GuideConfig::new(doubling(self.width)[4]))
    }

    fn full_scale(&self, level: usize) -> FullScaleConfig {
        FullScaleConfig { level, width: self.width, normalization: self.normalization }
    }

    /// Of a grid of the way up; the coarsest one's is the bottleneck.
    fn head(&self, level: usize) -> HeadConfig {
        let channels = if level == GRIDS - 1 { doubling(self.width)[level] } else { GRIDS * self.width };
        HeadConfig::new(channels).with_kernel(3)
    }

    /// Grids with an auxiliary head, finest first.
    fn deep(&self) -> std::ops::Range<usize> {
        if self.deep_supervision && self.normalization == Normalization::Batch { 1..GRIDS } else { 0..0 }
    }
}

/// A map of the way up, `level` grids coarser than the image.
struct FullScaleConfig {
    level: usize,
    width: usize,
    normalization: Normalization,
}

impl FullScaleConfig {
    fn init(&self, device: &Device) -> FullScale {
        FullScale {
            branches: self.branches().map(|config| config.init(device)).into(),
            merge: self.merge().init(device),
        }
    }

    fn cost(&self, width: usize, height: usize) -> Cost {
        self.branches().iter().chain([&self.merge()]).map(|config| config.cost(width, height)).sum()
    }

    /// One a grid, finest first.
    fn branches(&self) -> [ConvolutionConfig; GRIDS] {
        std::array::from_fn(|grid| {
            let is_encoder = grid <= self.level || grid == GRIDS - 1;
            self.convolution(if is_encoder { doubling(self.width)[grid] } else { GRIDS * self.width }, self.width)
        })
    }

    fn merge(&self) -> ConvolutionConfig {
        self.convolution(GRIDS * self.width, GRIDS * self.width)
    }

    fn convolution(&self, inputs: usize, outputs: usize) -> ConvolutionConfig {
        ConvolutionConfig::new(inputs, outputs).with_biased(true).with_normalization(self.normalization)
    }
}

/// Full-scale skip connections onto one grid.
#[derive(Module, Debug)]
pub struct FullScale {
    branches: Vec<Convolution>,
    merge: Convolution,
}

impl FullScale {
    /// The map of grid `level` from one map a grid, finest first.
    fn forward(&self, level: usize, maps: &[Tensor<4>]) -> Tensor<4> {
        let [.., height, width] = maps[level].dims();
        let onto_grid = |grid: usize, map: Tensor<4>| match grid.checked_sub(level) {
            None => (grid..level).fold(map, |map, _| kernel::max_pool(map)),
            Some(0) => map,
            Some(_) => bilinear(map, [height, width], Align::Edges),
        };
        let branches = self.branches.iter().zip(maps).enumerate();
        let seen = branches.map(|(grid, (branch, map))| branch.forward(onto_grid(grid, map.clone())));
        self.merge.forward(Tensor::cat(seen.collect(), 1))
    }

    fn fold(self) -> Self {
        Self { branches: self.branches.into_iter().map(Convolution::fold).collect(), merge: self.merge.fold() }
    }
}

/// The network of the paper.
#[derive(Module, Debug)]
pub struct Unet3Plus {
    down: Contracting,
    presence: Option<Presence>,
    guide: Option<Guide>,
    /// Coarsest first.
    up: Vec<FullScale>,
    output: Head,
    /// Finest first, that of the bottleneck last.
    deep: Vec<Head>,
}

impl Member for Unet3Plus {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, COARSEST);
        Bottleneck::of(self.down.forward(image)) // 64 × 256², 128 × 128², 256 × 64², 512 × 32², 1024 × 16²
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        let coarsest = bottleneck.coarsest.clone();
        match (&self.guide, &self.presence) {
            (Some(guide), _) => guide.forward(coarsest),
            (None, Some(presence)) => presence.forward(coarsest),
            (None, None) => unreachable!("the configuration makes one of the two"),
        }
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let Bottleneck { skips: mut maps, coarsest } = bottleneck;
        let [.., height, width] = maps[0].dims();
        let training = coarsest.device().is_autodiff();
        maps.push(coarsest);
        // Each map of the way up takes the place of the encoder's: coarser ones see it, finer ones are still the encoder's.
        for (up, level) in self.up.iter().zip((0..GRIDS - 1).rev()) {
            maps[level] = up.forward(level, &maps); // 320 × 32², 320 × 64², 320 × 128², 320 × 256²
        }
        let logits = self.output.forward(maps[0].clone());
        let heads = self.deep.iter().zip(&maps[1..]).filter(|_| training);
        let deep = heads.map(|(head, map)| bilinear(head.forward(map.clone()), [height, width], Align::Edges));
        Decoded { logits, deep: deep.collect() }
    }

    fn fold(self) -> Self {
        Self {
            down: self.down.fold(),
            up: self.up.into_iter().map(FullScale::fold).collect(),
            deep: Vec::new(),
            ..self
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::{assert_cost, assert_sound};

    fn config(width: usize, supplements: bool) -> Unet3PlusConfig {
        let normalization = Normalization::Batch;
        Unet3PlusConfig { width, deep_supervision: supplements, classification_guided: supplements, normalization }
    }

    /// As the authors' implementation has it with PyTorch, counted there without deep supervision and guidance.
    #[test]
    fn parameters_and_multiply_adds_are_the_references() {
        assert_cost(&config(64, false), 26_971_777, 197.7);
        let (heads, guide) = (3 * (9 * 320 + 1) + 9 * 1024 + 1, 2 * 1024 + 2);
        assert_cost(&config(64, true), 26_971_777 + heads + guide, 197.7);
    }

    #[test]
    fn it_is_sound_with_its_supplements_and_without() {
        assert_sound(&config(4, true), 4);
        assert_sound(&config(4, false), 0);
    }
}

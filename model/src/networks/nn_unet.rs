//! The U-Net that nn-UNet plans: as many grids as the image allows, strided convolutions between them, instance normalisation and
//! leaky ReLU.
//!
//! # Source
//!
//! Isensee, Jaeger, Kohl, Petersen, Maier-Hein 2021: nnU-Net, a self-configuring method for deep learning-based biomedical image
//! segmentation (doi 10.1038/s41592-020-01008-z), supplementary notes 2 and 4; the two-dimensional form. `train plan` chooses the
//! number of grids. As in the paper, answers of coarser grids stay on them. One logit says tumour or not where the paper has one for
//! each of two classes.

use burn::module::Module;
use burn::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::convolution::Normalization;
use crate::blocks::enlarge::{Enlarge, EnlargeConfig, Enlarging};
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::instance_convolution::{InstanceConvolution, InstanceConvolutionConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Grids at the coarse end that have no auxiliary answer: that of the bottleneck, and the next finer one, which counts nothing in
/// the paper.
const UNSUPERVISED: usize = 2;

/// Configuration of an [`NnUnet`]; the defaults are what is planned for images of 256².
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NnUnetConfig {
    /// Channels of the finest grid; each coarser one has twice as many, up to `most`.
    pub width: usize,
    /// Channels of a grid at most.
    pub most: usize,
    /// Number of grids, each half as fine as the one before: 2 to 10.
    pub grids: usize,
    /// Whether coarser grids answer too while the network learns.
    pub deep_supervision: bool,
    /// Form of the normalisation: folded, the network has no auxiliary heads, and is the same otherwise.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for NnUnetConfig {
    fn default() -> Self {
        Self { width: 32, most: 512, grids: 7, deep_supervision: true, normalization: Normalization::Batch }
    }
}

impl MemberConfig for NnUnetConfig {
    type Member = NnUnet;

    fn name(&self) -> &'static str {
        "nn-UNet's U-Net"
    }

    fn multiple(&self) -> usize {
        1 << self.coarsest()
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> NnUnet {
        NnUnet {
            down: self.down().iter().map(|pair| Pair::init(pair, device)).collect(),
            presence: PresenceConfig::new(self.channels(self.coarsest())).init(device),
            up: self.up().iter().map(|(enlarge, pair)| Up::init(enlarge, pair, device)).collect(),
            output: HeadConfig::new(self.width).init(device),
            deep: self.deep().map(|level| HeadConfig::new(self.channels(level)).init(device)).collect(),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.down().iter().enumerate().map(|(level, pair)| cost(pair, width >> level, height >> level)).sum()
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(self.channels(self.coarsest())).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let levels = (0..self.coarsest()).rev();
        let up = self.up().into_iter().zip(levels).map(|((enlarge, pair), level)| {
            let (width, height) = (width >> level, height >> level);
            enlarge.cost(width, height) + cost(&pair, width, height)
        });
        let deep: Cost = self.deep().map(|level| HeadConfig::new(self.channels(level)).cost(0, 0)).sum();
        up.sum::<Cost>() + HeadConfig::new(self.width).cost(width, height) + deep
    }
}

impl NnUnetConfig {
    /// Place of the coarsest grid, the finest being at 0.
    fn coarsest(&self) -> usize {
        self.grids.max(2) - 1
    }

    fn channels(&self, level: usize) -> usize {
        self.most.min(self.width << level)
    }

    /// The two convolutions of every grid on the way down, finest first.
    fn down(&self) -> Vec<[InstanceConvolutionConfig; 2]> {
        (0..=self.coarsest())
            .map(|level| {
                let (inputs, stride) = if level == 0 { (IMAGE_PLANES, 1) } else { (self.channels(level - 1), 2) };
                pair(inputs, self.channels(level), stride)
            })
            .collect()
    }

    /// What makes the map larger and the two convolutions behind it, of every grid on the way up, coarsest first.
    fn up(&self) -> Vec<(EnlargeConfig, [InstanceConvolutionConfig; 2])> {
        (0..self.coarsest())
            .rev()
            .map(|level| {
                let (fine, coarse) = (self.channels(level), self.channels(level + 1));
                let enlarge = EnlargeConfig::new(coarse, fine, Enlarging::Transposed, self.normalization);
                (enlarge, pair(2 * fine, fine, 1))
            })
            .collect()
    }

    /// Places of the grids that answer too, finest first.
    fn deep(&self) -> std::ops::Range<usize> {
        let supervised = self.deep_supervision && self.normalization == Normalization::Batch;
        1..if supervised { (self.coarsest() + 1).saturating_sub(UNSUPERVISED).max(1) } else { 1 }
    }
}

fn pair(inputs: usize, outputs: usize, stride: usize) -> [InstanceConvolutionConfig; 2] {
    [
        InstanceConvolutionConfig::new(inputs, outputs).with_stride(stride),
        InstanceConvolutionConfig::new(outputs, outputs),
    ]
}

fn cost(pair: &[InstanceConvolutionConfig; 2], width: usize, height: usize) -> Cost {
    pair.iter().map(|config| config.cost(width, height)).sum()
}

/// Two convolutions in a row.
#[derive(Module, Debug)]
struct Pair {
    first: InstanceConvolution,
    second: InstanceConvolution,
}

impl Pair {
    fn init([first, second]: &[InstanceConvolutionConfig; 2], device: &Device) -> Self {
        Self { first: first.init(device), second: second.init(device) }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.second.forward(self.first.forward(x))
    }
}

/// One grid of the way up.
#[derive(Module, Debug)]
struct Up {
    enlarge: Enlarge,
    merge: Pair,
}

impl Up {
    fn init(enlarge: &EnlargeConfig, pair: &[InstanceConvolutionConfig; 2], device: &Device) -> Self {
        Self { enlarge: enlarge.init(device), merge: Pair::init(pair, device) }
    }
}

/// The network, with a presence head on its bottleneck.
#[derive(Module, Debug)]
pub struct NnUnet {
    down: Vec<Pair>,
    presence: Presence,
    up: Vec<Up>,
    output: Head,
    /// Of the coarser grids, finest first.
    deep: Vec<Head>,
}

impl Member for NnUnet {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, 1 << self.up.len());
        let mut maps: Vec<Tensor<4>> = Vec::with_capacity(self.down.len());
        for pair in &self.down {
            let finer = maps.last().unwrap_or(&image).clone();
            maps.push(pair.forward(finer)); // 32 × 256², 64 × 128², … 512 × 16², 512 × 8², 512 × 4²
        }
        Bottleneck::of(maps)
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let Bottleneck { skips, coarsest } = bottleneck;
        let supervised = if coarsest.device().is_autodiff() { self.deep.len() } else { 0 };
        let mut deep = Vec::new();
        let mut x = coarsest;
        for (level, (up, skip)) in self.up.iter().zip(skips.into_iter().rev()).enumerate() {
            x = up.merge.forward(Tensor::cat(vec![up.enlarge.forward(x), skip], 1));
            let level = self.up.len() - 1 - level;
            if (1..=supervised).contains(&level) {
                deep.push(self.deep[level - 1].forward(x.clone()));
            }
        }
        deep.reverse();
        Decoded { logits: self.output.forward(x), deep }
    }

    fn fold(self) -> Self {
        Self { deep: Vec::new(), ..self }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::{assert_cost, assert_sound};

    /// Counted by hand from the supplement's description.
    #[test]
    fn parameters_and_multiply_adds_are_those_of_the_description() {
        let config = NnUnetConfig { deep_supervision: false, ..NnUnetConfig::default() };
        assert_cost(&config, 33_469_409, 14.8);
        assert_cost(&NnUnetConfig::default(), 33_469_409 + 964, 14.8);
    }

    #[test]
    fn it_is_sound_with_its_auxiliary_heads_and_without() {
        for (grids, deep_supervision, deep) in [(4, true, 1), (4, false, 0), (2, true, 0)] {
            assert_sound(
                &NnUnetConfig { width: 4, most: 12, grids, deep_supervision, ..NnUnetConfig::default() },
                deep,
            );
        }
    }
}

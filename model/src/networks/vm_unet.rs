//! VM-UNet: a U of visual state space blocks, without a convolution larger than a pixel but for depthwise ones.
//!
//! # Source
//!
//! VM-UNet: Vision Mamba UNet for Medical Image Segmentation, Ruan and Xiang, 2024 (arXiv 2402.02491), of 27.43 M parameters.
//! Joined by addition, as the authors do; they start from weights that were fitted to ImageNet, which nothing here does.

use burn::module::{Initializer, Module, Param};
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::prelude::*;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, assert_shape};
use serde::{Deserialize, Serialize};

use crate::blocks::convolution::Normalization;
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::blocks::selective_scan::{VisualStateSpace, VisualStateSpaceConfig};
use crate::cost::Cost;
use crate::kernel;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Width and height of an image must be multiples of this.
const MULTIPLE: usize = 32;

/// Width and height of the patches that the image is cut into, in pixels.
const PATCH: usize = 4;

/// Configuration of a [`VmUnet`]; the defaults are the paper's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VmUnetConfig {
    /// Channels of a patch, doubled from grid to grid; a multiple of 4.
    pub width: usize,
    /// Blocks on the way down, finest grid first.
    pub down: [usize; 4],
    /// Blocks on the way up, coarsest grid first.
    pub up: [usize; 4],
    /// How often the last block of the way down is left out of an image in training; those before it less often, one by one.
    pub dropped: f64,
    /// Form of batch normalisation, of which this network has none: both are the same.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for VmUnetConfig {
    fn default() -> Self {
        Self { width: 96, down: [2, 2, 2, 2], up: [2, 2, 2, 1], dropped: 0.2, normalization: Normalization::Batch }
    }
}

impl MemberConfig for VmUnetConfig {
    type Member = VmUnet;

    fn name(&self) -> &'static str {
        "VM-UNet"
    }

    fn multiple(&self) -> usize {
        MULTIPLE
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> VmUnet {
        let [finest, .., coarsest] = self.channels();
        VmUnet {
            patches: PatchesConfig { outputs: finest }.init(device),
            down: self.down_blocks().iter().map(|stage| blocks(stage, device)).collect(),
            halve: self.channels()[..3].iter().map(|&channels| Halve::init(channels, device)).collect(),
            presence: PresenceConfig::new(coarsest).init(device),
            up: self.up_blocks().iter().map(|stage| blocks(stage, device)).collect(),
            double: self.enlarging().map(|config| config.init(device)).into_iter().collect(),
            last: self.last().init(device),
            output: HeadConfig::new(finest / PATCH).init(device),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        let [finest, second, third, _] = self.channels();
        let sides = |level: usize| ((width / PATCH) >> level, (height / PATCH) >> level);
        let blocks = self.down_blocks().into_iter().zip(0..).map(|(stage, level)| cost(&stage, sides(level)));
        let halve = [finest, second, third].into_iter().zip(1..);
        let halve = halve.map(|(channels, level)| Halve::cost(channels, sides(level)));
        let patches = PatchesConfig { outputs: finest }.cost(sides(0));
        patches + blocks.sum::<Cost>() + halve.sum::<Cost>()
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(self.channels()[3]).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let sides = |level: usize| ((width / PATCH) >> level, (height / PATCH) >> level);
        let blocks = self.up_blocks().into_iter().zip([3, 2, 1, 0]).map(|(stage, level)| cost(&stage, sides(level)));
        let double = self.enlarging().into_iter().zip([3, 2, 1]).map(|(config, level)| config.cost(sides(level)));
        let ends = self.last().cost(sides(0)) + HeadConfig::new(self.width / PATCH).cost(width, height);
        blocks.sum::<Cost>() + double.sum::<Cost>() + ends
    }
}

impl VmUnetConfig {
    fn channels(&self) -> [usize; 4] {
        [1, 2, 4, 8].map(|factor| factor * self.width)
    }

    fn down_blocks(&self) -> [Vec<VisualStateSpaceConfig>; 4] {
        self.stages(self.down, self.channels(), false)
    }

    fn up_blocks(&self) -> [Vec<VisualStateSpaceConfig>; 4] {
        let [a, b, c, d] = self.channels();
        self.stages(self.up, [d, c, b, a], true)
    }

    /// The blocks of stages, which are left out more often the deeper they lie.
    fn stages(&self, blocks: [usize; 4], channels: [usize; 4], up: bool) -> [Vec<VisualStateSpaceConfig>; 4] {
        let last = blocks.iter().sum::<usize>().saturating_sub(1).max(1) as f64;
        std::array::from_fn(|stage| {
            let before: usize = blocks[..stage].iter().sum();
            let depth = |block: usize| (before + block) as f64 / last;
            let dropped = |block: usize| self.dropped * if up { 1.0 - depth(block) } else { depth(block) };
            (0..blocks[stage]).map(|block| VisualStateSpaceConfig::new(channels[stage], dropped(block))).collect()
        })
    }

    fn enlarging(&self) -> [EnlargeConfig; 3] {
        [8, 4, 2].map(|factor| EnlargeConfig { channels: factor * self.width, widened: 2, factor: 2 })
    }

    fn last(&self) -> EnlargeConfig {
        EnlargeConfig { channels: self.width, widened: 4, factor: PATCH }
    }
}

fn blocks(stage: &[VisualStateSpaceConfig], device: &Device) -> Vec<VisualStateSpace> {
    stage.iter().map(|config| config.init(device)).collect()
}

fn cost(stage: &[VisualStateSpaceConfig], (width, height): (usize, usize)) -> Cost {
    stage.iter().map(|config| config.cost(width, height)).sum()
}

/// Configuration of [`Patches`].
struct PatchesConfig {
    outputs: usize,
}

impl PatchesConfig {
    fn init(&self, device: &Device) -> Patches {
        let weight = Initializer::KaimingUniform { gain: 1.0 / 3f64.sqrt(), fan_out_only: false };
        let fan_in = IMAGE_PLANES * PATCH * PATCH;
        Patches {
            weight: weight.init_with([self.outputs, IMAGE_PLANES, PATCH, PATCH], Some(fan_in), None, device),
            bias: Initializer::Zeros.init([self.outputs], device),
            norm: LayerNormConfig::new(self.outputs).init(device),
        }
    }

    fn cost(&self, (width, height): (usize, usize)) -> Cost {
        let taps = self.outputs * IMAGE_PLANES * PATCH * PATCH;
        Cost::new(taps + 3 * self.outputs, taps * width * height)
    }
}

/// The image cut into patches, each a pixel of the finest grid.
#[derive(Module, Debug)]
struct Patches {
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
    norm: LayerNorm,
}

impl Patches {
    /// `[batch, inputs, 4 · height, 4 · width]` → `[batch, height, width, outputs]`
    fn forward(&self, image: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new([PATCH; 2], [0; 2], [1; 2], 1);
        let patches = kernel::convolution_by(image, self.weight.val(), options).permute([0, 2, 3, 1]);
        self.norm.forward(patches + self.bias.val().unsqueeze())
    }
}

/// Four neighbours into one pixel of the next coarser grid, and twice the channels.
#[derive(Module, Debug)]
struct Halve {
    norm: LayerNorm,
    reduce: Linear,
}

impl Halve {
    fn init(channels: usize, device: &Device) -> Self {
        Self {
            norm: LayerNormConfig::new(4 * channels).init(device),
            reduce: LinearConfig::new(4 * channels, 2 * channels).with_bias(false).init(device),
        }
    }

    /// Parameters and multiply-adds; `width × height` is the coarser map.
    fn cost(channels: usize, (width, height): (usize, usize)) -> Cost {
        let weights = 8 * channels * channels;
        Cost::new(weights + 8 * channels, weights * width * height)
    }

    /// `[batch, height, width, channels]` → `[batch, height / 2, width / 2, 2 · channels]`
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, height, width, channels] = x.dims();
        // Neighbours in the order of the authors: column by column.
        let neighbours = x.reshape([batch, height / 2, 2, width / 2, 2, channels]).permute([0, 1, 3, 4, 2, 5]);
        let neighbours = neighbours.reshape([batch, height / 2, width / 2, 4 * channels]);
        self.reduce.forward(self.norm.forward(neighbours))
    }
}

/// Configuration of an [`Enlarge`].
#[derive(Clone, Copy)]
struct EnlargeConfig {
    channels: usize,
    /// How many times more channels are made before they are spread over pixels.
    widened: usize,
    /// How many times larger the sides become.
    factor: usize,
}

impl EnlargeConfig {
    fn init(self, device: &Device) -> Enlarge {
        Enlarge {
            expand: LinearConfig::new(self.channels, self.widened * self.channels).with_bias(false).init(device),
            norm: LayerNormConfig::new(self.outputs()).init(device),
            factor: self.factor,
        }
    }

    /// Parameters and multiply-adds; `width × height` is the coarser map.
    fn cost(self, (width, height): (usize, usize)) -> Cost {
        let weights = self.widened * self.channels * self.channels;
        Cost::new(weights + 2 * self.outputs(), weights * width * height)
    }

    fn outputs(self) -> usize {
        self.widened * self.channels / (self.factor * self.factor)
    }
}

/// Each pixel into a square of pixels with fewer channels.
#[derive(Module, Debug)]
struct Enlarge {
    expand: Linear,
    norm: LayerNorm,
    factor: usize,
}

impl Enlarge {
    /// `[batch, height, width, channels]` → `[batch, factor · height, factor · width, fewer]`
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, height, width, _] = x.dims();
        let (x, factor) = (self.expand.forward(x), self.factor);
        let outputs = x.dims()[3] / (factor * factor);
        let x = x.reshape([batch, height, width, factor, factor, outputs]).permute([0, 1, 3, 2, 4, 5]);
        self.norm.forward(x.reshape([batch, factor * height, factor * width, outputs]))
    }
}

/// Visual state space blocks on four grids, down and up.
#[derive(Module, Debug)]
pub struct VmUnet {
    patches: Patches,
    down: Vec<Vec<VisualStateSpace>>,
    halve: Vec<Halve>,
    presence: Presence,
    up: Vec<Vec<VisualStateSpace>>,
    double: Vec<Enlarge>,
    last: Enlarge,
    output: Head,
}

impl Member for VmUnet {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, MULTIPLE);
        let mut x = self.patches.forward(image.cast(DType::F32)); // 64² × 96
        let mut skips = Vec::new();
        for (blocks, halve) in self.down.iter().zip(&self.halve) {
            x = halve.forward(blocks.iter().fold(x, |x, block| block.forward(x))); // 32² × 192, 16² × 384, 8² × 768
            skips.push(channels_first(x.clone()));
        }
        let deepest = &self.down[self.down.len() - 1];
        Bottleneck { skips, coarsest: channels_first(deepest.iter().fold(x, |x, block| block.forward(x))) }
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let Bottleneck { skips, coarsest } = bottleneck;
        let [batch, _, height, width] = coarsest.dims();
        let (deepest, finer) = self.up.split_first().expect("there are four stages");
        let mut x = deepest.iter().fold(channels_last(coarsest), |x, block| block.forward(x));
        for ((blocks, double), skip) in finer.iter().zip(&self.double).zip(skips.into_iter().rev()) {
            x = double.forward(x + channels_last(skip)); // 16² × 384, 32² × 192, 64² × 96
            x = blocks.iter().fold(x, |x, block| block.forward(x));
        }
        let logits = self.output.forward(channels_first(self.last.forward(x))); // 256² × 24, then × 1
        assert_shape!(logits, [batch, 1, MULTIPLE * height, MULTIPLE * width]);
        Decoded::alone(logits)
    }

    fn fold(self) -> Self {
        self
    }
}

fn channels_first(x: Tensor<4>) -> Tensor<4> {
    x.permute([0, 3, 1, 2])
}

fn channels_last(x: Tensor<4>) -> Tensor<4> {
    x.permute([0, 2, 3, 1])
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::assert_sound;

    fn small() -> VmUnetConfig {
        VmUnetConfig { width: 8, down: [1; 4], up: [1; 4], dropped: 0.0, ..VmUnetConfig::default() }
    }

    /// The authors publish 27.43 M.
    #[test]
    fn parameters_are_those_that_the_authors_publish() {
        let config = VmUnetConfig::default();
        assert_eq!((config.down_cost(256, 256) + config.up_cost(256, 256)).parameters, 27_427_561);
    }

    #[test]
    fn a_small_one_is_sound() {
        assert_sound(&small(), 0);
    }
}

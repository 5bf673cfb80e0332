//! ResUNet++ as its authors built it: pre-activated residual blocks, squeeze-and-excitation, ASPP and attention.
//!
//! # Source
//!
//! ResUNet++: An Advanced Architecture for Medical Image Segmentation, Jha, Smedsrud, Riegler, Johansen, de Lange, Halvorsen and
//! Johansen, 2019 (arXiv 1911.07067). Where the paper leaves something open, the first author's group's PyTorch form decides, of
//! 4,062,993 parameters: convolutions have biases, squeeze-and-excitation has none, and the attention multiplies by what a
//! convolution puts out, not by a number in 0..1. [`super::resunet_plus_plus`] is the network of the paper that this project
//! follows, which is another one.

use burn::module::Module;
use burn::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization, plain};
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::normalized::{Normalized, NormalizedConfig};
use crate::blocks::preactivated_residual::{PreactivatedResidual, PreactivatedResidualConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::cost::Cost;
use crate::kernel;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Width and height of an image must be multiples of this.
const MULTIPLE: usize = 8;

/// Distances between the taps of the pyramids' kernels.
const RATES: [usize; 4] = [1, 6, 12, 18];

/// Configuration of a [`JhaResUnetPp`]; the defaults are the paper's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JhaResUnetPpConfig {
    /// Channels of the finest grid, of which all others are multiples.
    pub width: usize,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for JhaResUnetPpConfig {
    fn default() -> Self {
        Self { width: 16, normalization: Normalization::Batch }
    }
}

impl MemberConfig for JhaResUnetPpConfig {
    type Member = JhaResUnetPp;

    fn name(&self) -> &'static str {
        "ResUNet++ (Jha)"
    }

    fn multiple(&self) -> usize {
        MULTIPLE
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> JhaResUnetPp {
        JhaResUnetPp {
            down: self.down().map(|config| config.init(device)).into_iter().collect(),
            presence: PresenceConfig::new(8 * self.width).init(device),
            bridge: self.bridge().init(device),
            up: self.up().map(|config| config.init(device)).into_iter().collect(),
            context: self.context().init(device),
            output: HeadConfig::new(self.width).init(device),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.down().into_iter().zip(0..).map(|(config, level)| config.cost(width >> level, height >> level)).sum()
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(8 * self.width).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let up = self.up().into_iter().zip([2, 1, 0]);
        self.bridge().cost(width >> 3, height >> 3)
            + up.map(|(config, level)| config.cost(width >> level, height >> level)).sum::<Cost>()
            + self.context().cost(width, height)
            + HeadConfig::new(self.width).cost(width, height)
    }
}

impl JhaResUnetPpConfig {
    fn down(&self) -> [PreactivatedResidualConfig; 4] {
        let block = |inputs, outputs, stride| PreactivatedResidualConfig {
            inputs,
            outputs,
            stride,
            preactivated: stride > 1,
            normalization: self.normalization,
        };
        let width = self.width;
        [
            block(IMAGE_PLANES, width, 1),
            block(width, 2 * width, 2),
            block(2 * width, 4 * width, 2),
            block(4 * width, 8 * width, 2),
        ]
    }

    fn bridge(&self) -> PyramidConfig {
        PyramidConfig { inputs: 8 * self.width, outputs: 16 * self.width, normalization: self.normalization }
    }

    fn up(&self) -> [UpConfig; 3] {
        [(4, 16, 8), (2, 8, 4), (1, 4, 2)].map(|(skip, decoder, outputs)| UpConfig {
            skip: skip * self.width,
            decoder: decoder * self.width,
            outputs: outputs * self.width,
            normalization: self.normalization,
        })
    }

    fn context(&self) -> PyramidConfig {
        PyramidConfig { inputs: 2 * self.width, outputs: self.width, normalization: self.normalization }
    }
}

/// Configuration of a [`Pyramid`].
struct PyramidConfig {
    inputs: usize,
    outputs: usize,
    normalization: Normalization,
}

impl PyramidConfig {
    fn init(&self, device: &Device) -> Pyramid {
        Pyramid {
            branches: self.branches().map(|config| config.init(device)).into_iter().collect(),
            mix: self.mix().init(device),
        }
    }

    fn cost(&self, width: usize, height: usize) -> Cost {
        self.branches().iter().chain([&self.mix()]).map(|config| config.cost(width, height)).sum()
    }

    fn branches(&self) -> [ConvolutionConfig; 4] {
        RATES.map(|rate| {
            let config = ConvolutionConfig::new(self.inputs, self.outputs).with_dilation(rate).with_biased(true);
            config.linear().with_normalization(self.normalization)
        })
    }

    fn mix(&self) -> ConvolutionConfig {
        plain(self.outputs, self.outputs).with_kernel(1)
    }
}

/// Dilated convolutions, summed and mixed.
#[derive(Module, Debug)]
struct Pyramid {
    branches: Vec<Convolution>,
    mix: Convolution,
}

impl Pyramid {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let (first, others) = self.branches.split_first().expect("there are four branches");
        let sum = others.iter().fold(first.forward(x.clone()), |sum, branch| branch.forward_onto(x.clone(), sum));
        self.mix.forward(sum)
    }

    fn fold(self) -> Self {
        Self { branches: self.branches.into_iter().map(Convolution::fold).collect(), ..self }
    }
}

/// Configuration of an [`Up`].
struct UpConfig {
    skip: usize,
    decoder: usize,
    outputs: usize,
    normalization: Normalization,
}

impl UpConfig {
    fn init(&self, device: &Device) -> Up {
        let [skip, decoder, gate] = self.attention().map(|(entry, convolution)| Preactivated {
            entry: entry.init(device),
            convolution: convolution.init(device),
        });
        Up { skip, decoder, gate, block: self.block().init(device) }
    }

    /// Parameters and multiply-adds; `width × height` is the map that the stage puts out.
    fn cost(&self, width: usize, height: usize) -> Cost {
        let (coarse_width, coarse_height) = (width / 2, height / 2);
        let sides = [(width, height), (coarse_width, coarse_height), (coarse_width, coarse_height)];
        let attention = self.attention().into_iter().zip(sides);
        let attention =
            attention.map(|((entry, convolution), (width, height))| entry.cost() + convolution.cost(width, height));
        let product = Cost::new(0, self.decoder * coarse_width * coarse_height);
        attention.sum::<Cost>() + product + self.block().cost(width, height)
    }

    fn attention(&self) -> [(NormalizedConfig, ConvolutionConfig); 3] {
        [self.skip, self.decoder, self.decoder]
            .map(|inputs| (NormalizedConfig::new(inputs, self.normalization), plain(inputs, self.decoder)))
    }

    fn block(&self) -> PreactivatedResidualConfig {
        PreactivatedResidualConfig {
            inputs: self.decoder + self.skip,
            outputs: self.outputs,
            stride: 1,
            preactivated: true,
            normalization: self.normalization,
        }
    }
}

/// Normalisation, activation, convolution.
#[derive(Module, Debug)]
struct Preactivated {
    entry: Normalized,
    convolution: Convolution,
}

impl Preactivated {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.convolution.forward(self.entry.forward(x))
    }

    fn fold(self) -> Self {
        Self { entry: self.entry.fold(), ..self }
    }
}

/// Attention, 2×2 up-sampling, the skip connection and a residual block.
#[derive(Module, Debug)]
struct Up {
    skip: Preactivated,
    decoder: Preactivated,
    gate: Preactivated,
    block: PreactivatedResidual,
}

impl Up {
    fn forward(&self, skip: Tensor<4>, x: Tensor<4>) -> Tensor<4> {
        let joint = kernel::max_pool(self.skip.forward(skip.clone())) + self.decoder.forward(x.clone());
        self.block.forward(kernel::join(self.gate.forward(joint) * x, skip))
    }

    fn fold(self) -> Self {
        Self { skip: self.skip.fold(), decoder: self.decoder.fold(), gate: self.gate.fold(), block: self.block.fold() }
    }
}

/// Residual blocks down, a pyramid, attention and residual blocks up, and a second pyramid.
#[derive(Module, Debug)]
pub struct JhaResUnetPp {
    down: Vec<PreactivatedResidual>,
    presence: Presence,
    bridge: Pyramid,
    up: Vec<Up>,
    context: Pyramid,
    output: Head,
}

impl Member for JhaResUnetPp {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, MULTIPLE);
        let mut maps: Vec<Tensor<4>> = Vec::with_capacity(self.down.len());
        for block in &self.down {
            let finer = maps.last().unwrap_or(&image).clone();
            maps.push(block.forward(finer)); // 16 × 256², 32 × 128², 64 × 64², 128 × 32²
        }
        Bottleneck::of(maps)
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let mut x = self.bridge.forward(bottleneck.coarsest); // 256 × 32²
        for (up, skip) in self.up.iter().zip(bottleneck.skips.into_iter().rev()) {
            x = up.forward(skip, x); // 128 × 64², 64 × 128², 32 × 256²
        }
        Decoded::alone(self.output.forward(self.context.forward(x)))
    }

    fn fold(self) -> Self {
        Self {
            down: self.down.into_iter().map(PreactivatedResidual::fold).collect(),
            bridge: self.bridge.fold(),
            up: self.up.into_iter().map(Up::fold).collect(),
            context: self.context.fold(),
            ..self
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    use crate::networks::tests::{assert_cost, assert_sound};

    #[test]
    fn costs_are_those_of_the_published_form() {
        assert_cost(&JhaResUnetPpConfig::default(), 4_062_993, 15.669);
    }

    #[test]
    fn a_small_one_is_sound() {
        assert_sound(&JhaResUnetPpConfig { width: 4, ..JhaResUnetPpConfig::default() }, 0);
    }
}

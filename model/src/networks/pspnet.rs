//! PSPNet: a dilated residual network whose last map is pooled onto coarse grids, so that every pixel knows the whole picture.
//!
//! # Source
//!
//! Pyramid Scene Parsing Network, Zhao, Shi, Qi, Wang and Jia, 2017 (arXiv 1612.01105): ResNet-50 at an output stride of 8, bins
//! of 1, 2, 3 and 6, an auxiliary head on the third stage. The bin of 1 has no batch normalisation, as in
//! segmentation-models-pytorch: with the mean of an image as its only pixel, a batch of two would be normalised to 1 and −1
//! whatever the images show.

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig};
use burn::prelude::*;
use burn::tensor::module::adaptive_avg_pool2d;
use serde::{Deserialize, Serialize};

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::blocks::resize::{Align, bilinear, sides};
use crate::blocks::resnet::{Depth, ResNet, ResNetConfig};
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Configuration of a [`PspNet`]; the defaults are the paper's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PspNetConfig {
    /// Channels of the encoder's stem, of which all others are multiples.
    pub width: usize,
    /// Layers of the encoder.
    pub depth: Depth,
    /// Sides of the grids that the last map is pooled onto, in pixels.
    pub bins: [usize; 4],
    /// Share of the features before a classifier that are dropped in training.
    pub dropout: f64,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for PspNetConfig {
    fn default() -> Self {
        Self { width: 64, depth: Depth::Fifty, bins: [1, 2, 3, 6], dropout: 0.1, normalization: Normalization::Batch }
    }
}

/// How many times smaller than the image the last map is.
const OUTPUT_STRIDE: usize = 8;

impl MemberConfig for PspNetConfig {
    type Member = PspNet;

    fn name(&self) -> &'static str {
        "PSPNet"
    }

    fn multiple(&self) -> usize {
        OUTPUT_STRIDE
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> PspNet {
        let [.., third, fourth] = self.encoder().channels();
        PspNet {
            encoder: self.encoder().init(device),
            presence: PresenceConfig::new(fourth).init(device),
            branches: self.branches().map(|config| config.init(device)).into_iter().collect(),
            bins: self.bins,
            classifier: self.classifier(2 * fourth, fourth / 4, device),
            auxiliary: (self.normalization == Normalization::Batch).then(|| self.classifier(third, third / 4, device)),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.encoder().cost(width, height)
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(self.encoder().channels()[3]).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let [.., third, fourth] = self.encoder().channels();
        let pyramid =
            self.branches().into_iter().zip(self.bins).map(|(config, bin)| config.cost(bin, bin)).sum::<Cost>();
        let head = |inputs: usize, hidden: usize, width, height| {
            self.mix(inputs, hidden).cost(width, height) + HeadConfig::new(hidden).cost(width, height)
        };
        let cost = pyramid + head(2 * fourth, fourth / 4, width / OUTPUT_STRIDE, height / OUTPUT_STRIDE);
        match self.normalization {
            Normalization::Batch => cost + head(third, third / 4, 0, 0),
            Normalization::Folded => cost,
        }
    }
}

impl PspNetConfig {
    fn encoder(&self) -> ResNetConfig {
        ResNetConfig::new(IMAGE_PLANES, self.width, self.depth, OUTPUT_STRIDE, self.normalization)
    }

    fn branches(&self) -> [ConvolutionConfig; 4] {
        let channels = self.encoder().channels()[3];
        self.bins.map(|bin| {
            let normalization = if bin == 1 { Normalization::Folded } else { self.normalization };
            ConvolutionConfig::new(channels, channels / 4).with_kernel(1).with_normalization(normalization)
        })
    }

    fn mix(&self, inputs: usize, hidden: usize) -> ConvolutionConfig {
        ConvolutionConfig::new(inputs, hidden).with_normalization(self.normalization)
    }

    fn classifier(&self, inputs: usize, hidden: usize, device: &Device) -> Classifier {
        Classifier {
            mix: self.mix(inputs, hidden).init(device),
            dropout: DropoutConfig::new(self.dropout).init(),
            output: HeadConfig::new(hidden).init(device),
        }
    }
}

/// Features into logits on the grid of the features.
#[derive(Module, Debug)]
struct Classifier {
    mix: Convolution,
    dropout: Dropout,
    output: Head,
}

impl Classifier {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.output.forward(self.dropout.forward(self.mix.forward(x)))
    }

    fn fold(self) -> Self {
        Self { mix: self.mix.fold(), ..self }
    }
}

/// A dilated residual network, pyramid pooling and, in training, a head on the third stage.
#[derive(Module, Debug)]
pub struct PspNet {
    encoder: ResNet,
    presence: Presence,
    branches: Vec<Convolution>,
    bins: [usize; 4],
    classifier: Classifier,
    auxiliary: Option<Classifier>,
}

impl Member for PspNet {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, OUTPUT_STRIDE);
        let [_, _, third, coarsest] = self.encoder.forward(image);
        Bottleneck { skips: vec![third], coarsest }
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let Bottleneck { skips, coarsest } = bottleneck;
        let grid = sides(&coarsest);
        let image = grid.map(|side| OUTPUT_STRIDE * side);
        let pooled = self.branches.iter().zip(self.bins).map(|(branch, bin)| {
            let pooled = branch.forward(adaptive_avg_pool2d(coarsest.clone(), [bin, bin]));
            bilinear(pooled, grid, Align::Middles)
        });
        let pyramid = Tensor::cat([coarsest.clone()].into_iter().chain(pooled).collect(), 1);
        let logits = bilinear(self.classifier.forward(pyramid), image, Align::Middles);
        let auxiliary = self.auxiliary.as_ref().filter(|_| coarsest.device().is_autodiff());
        let deep = auxiliary
            .into_iter()
            .zip(skips)
            .map(|(auxiliary, third)| bilinear(auxiliary.forward(third), image, Align::Middles));
        Decoded { logits, deep: deep.collect() }
    }

    fn fold(self) -> Self {
        Self {
            encoder: self.encoder.fold(),
            branches: self.branches.into_iter().map(Convolution::fold).collect(),
            classifier: self.classifier.fold(),
            auxiliary: None,
            ..self
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::{assert_cost, assert_sound};

    fn small() -> PspNetConfig {
        PspNetConfig { width: 4, depth: Depth::Eighteen, ..PspNetConfig::default() }
    }

    /// Counted by PyTorch.
    #[test]
    fn costs_are_the_references() {
        assert_cost(&PspNetConfig::default(), 48_941_890, 44.298);
    }

    #[test]
    fn a_small_one_is_sound() {
        assert_sound(&small(), 1);
    }
}

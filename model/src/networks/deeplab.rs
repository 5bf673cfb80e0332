//! DeepLab in its second, third and "plus" versions: a dilated residual network, and what sees far behind it.
//!
//! # Source
//!
//! - V2: DeepLab, Chen, Papandreou, Kokkinos, Murphy and Yuille, 2016 (arXiv 1606.00915): four classifiers with dilated 3×3
//!   kernels, summed, at an output stride of 8; without the conditional random field and the three scales of the image that
//!   the paper adds outside of the network.
//! - V3: Rethinking Atrous Convolution, Chen, Papandreou, Schroff and Adam, 2017 (arXiv 1706.05587); without the multi-grid of its last
//!   stage, as torchvision.
//! - V3+: Encoder-Decoder with Atrous Separable Convolution, Chen, Zhu, Papandreou, Schroff and Adam, 2018 (arXiv 1802.02611):
//!   separable convolutions, and a decoder that joins the first stage's features by two 3×3 convolutions.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::DType;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::blocks::atrous_pyramid::{AtrousPyramid, AtrousPyramidConfig};
use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization, plain};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::blocks::resize::{Align, bilinear, sides};
use crate::blocks::resnet::{Depth, ResNet, ResNetConfig};
use crate::blocks::separable::{Separable, SeparableConfig};
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Which of the papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Version {
    /// Summed classifiers with dilated kernels.
    V2,
    /// A pyramid with the mean of the map in it.
    V3,
    /// V3 with separable convolutions and a decoder.
    V3Plus,
}

/// Configuration of a [`DeepLab`]; the defaults are those of V3+ on ResNet-50.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeepLabConfig {
    /// Channels of the encoder's stem, of which all others are multiples.
    pub width: usize,
    /// Layers of the encoder.
    pub depth: Depth,
    /// Which of the papers.
    pub version: Version,
    /// How many times smaller than the image the encoder's last map is: 8, 16 or 32.
    #[serde(deserialize_with = "possible_stride")]
    pub output_stride: usize,
    /// Distances between the taps of the dilated kernels, in pixels of that map.
    pub rates: Vec<usize>,
    /// Share of the pyramid's features that are dropped in training.
    pub dropout: f64,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for DeepLabConfig {
    fn default() -> Self {
        Self {
            width: 64,
            depth: Depth::Fifty,
            version: Version::V3Plus,
            output_stride: 16,
            rates: vec![6, 12, 18],
            dropout: 0.5,
            normalization: Normalization::Batch,
        }
    }
}

/// An output stride that the residual network has.
fn possible_stride<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    match usize::deserialize(deserializer)? {
        stride @ (8 | 16 | 32) => Ok(stride),
        other => Err(D::Error::custom(format!("an `output_stride` of {other}: there are 8, 16 and 32"))),
    }
}

/// How many times smaller than the image the map is on which the decoder of V3+ works.
const DECODER_STRIDE: usize = 4;

impl MemberConfig for DeepLabConfig {
    type Member = DeepLab;

    fn name(&self) -> &'static str {
        match self.version {
            Version::V2 => "DeepLabV2",
            Version::V3 => "DeepLabV3",
            Version::V3Plus => "DeepLabV3+",
        }
    }

    fn multiple(&self) -> usize {
        self.output_stride
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> DeepLab {
        let channels = self.encoder().channels();
        DeepLab {
            encoder: self.encoder().init(device),
            output_stride: self.output_stride,
            presence: PresenceConfig::new(channels[3]).init(device),
            pyramid: self.pyramid().map(|config| config.init(device)),
            decoder: self.decoder().map(|config| config.init(device)),
            classifiers: self.classifiers().iter().map(|config| config.init(device)).collect(),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.encoder().cost(width, height)
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(self.encoder().channels()[3]).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let coarse = [width, height].map(|side| side / self.output_stride);
        let fine = [width, height].map(|side| side / DECODER_STRIDE);
        let pyramid = self.pyramid().iter().map(|config| config.cost(coarse[0], coarse[1])).sum::<Cost>();
        let decoder = self.decoder().iter().map(|config| config.cost(fine[0], fine[1])).sum::<Cost>();
        let [width, height] = if self.version == Version::V3Plus { fine } else { coarse };
        pyramid + decoder + self.classifiers().iter().map(|config| config.cost(width, height)).sum::<Cost>()
    }
}

impl DeepLabConfig {
    /// Channels of the pyramid and the decoder: 256 of 64.
    fn channels(&self) -> usize {
        4 * self.width
    }

    fn encoder(&self) -> ResNetConfig {
        ResNetConfig::new(IMAGE_PLANES, self.width, self.depth, self.output_stride, self.normalization)
    }

    fn pyramid(&self) -> Option<AtrousPyramidConfig> {
        let inputs = self.encoder().channels()[3];
        let separable = self.version == Version::V3Plus;
        (self.version != Version::V2).then(|| {
            let (outputs, rates) = (self.channels(), self.rates.clone());
            AtrousPyramidConfig::new(inputs, outputs, rates, separable, self.dropout, self.normalization)
        })
    }

    /// Convolutions with bias into one logit, to be summed.
    fn classifiers(&self) -> Vec<ConvolutionConfig> {
        match self.version {
            Version::V2 => {
                self.rates.iter().map(|&rate| plain(self.encoder().channels()[3], 1).with_dilation(rate)).collect()
            }
            Version::V3 | Version::V3Plus => vec![plain(self.channels(), 1).with_kernel(1)],
        }
    }

    fn decoder(&self) -> Option<DecoderConfig> {
        (self.version == Version::V3Plus).then(|| DecoderConfig {
            low_level: self.encoder().channels()[0],
            // 48 of 64, by the paper's table 1.
            reduced: 3 * self.width / 4,
            channels: self.channels(),
            normalization: self.normalization,
        })
    }
}

/// Configuration of a [`Decoder`].
struct DecoderConfig {
    low_level: usize,
    reduced: usize,
    channels: usize,
    normalization: Normalization,
}

impl DecoderConfig {
    fn init(&self, device: &Device) -> Decoder {
        Decoder {
            reduce: self.reduce().init(device),
            refine: self.refine().map(|config| config.init(device)).into_iter().collect(),
        }
    }

    fn cost(&self, width: usize, height: usize) -> Cost {
        self.reduce().cost(width, height) + self.refine().iter().map(|config| config.cost(width, height)).sum::<Cost>()
    }

    fn reduce(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.low_level, self.reduced).with_kernel(1).with_normalization(self.normalization)
    }

    fn refine(&self) -> [SeparableConfig; 2] {
        [self.channels + self.reduced, self.channels]
            .map(|inputs| SeparableConfig::new(inputs, self.channels, self.normalization))
    }
}

/// Fine features, few of them, beside the coarse ones, mixed by two separable convolutions.
#[derive(Module, Debug)]
struct Decoder {
    reduce: Convolution,
    refine: Vec<Separable>,
}

impl Decoder {
    fn forward(&self, fine: Tensor<4>, coarse: Tensor<4>) -> Tensor<4> {
        let coarse = bilinear(coarse, sides(&fine), Align::Middles);
        let joined = Tensor::cat(vec![coarse, self.reduce.forward(fine)], 1);
        self.refine.iter().fold(joined, |x, refine| refine.forward(x))
    }

    fn fold(self) -> Self {
        Self { reduce: self.reduce.fold(), refine: self.refine.into_iter().map(Separable::fold).collect() }
    }
}

/// A dilated residual network, a pyramid of dilated convolutions and, in V3+, a decoder.
#[derive(Module, Debug)]
pub struct DeepLab {
    encoder: ResNet,
    output_stride: usize,
    presence: Presence,
    pyramid: Option<AtrousPyramid>,
    decoder: Option<Decoder>,
    classifiers: Vec<Convolution>,
}

impl Member for DeepLab {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, self.output_stride);
        let [first, _, _, coarsest] = self.encoder.forward(image);
        Bottleneck { skips: vec![first], coarsest }
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let Bottleneck { skips, coarsest } = bottleneck;
        let image = sides(&coarsest).map(|side| self.output_stride * side);
        let mut x = coarsest;
        if let Some(pyramid) = &self.pyramid {
            x = pyramid.forward(x);
        }
        for (decoder, fine) in self.decoder.iter().zip(skips) {
            x = decoder.forward(fine, x);
        }
        let x = x.cast(DType::F32);
        let logits = self.classifiers.iter().map(|classifier| classifier.forward(x.clone()));
        let logits = logits.reduce(|sum, logits| sum + logits).expect("there is at least one classifier");
        Decoded::alone(bilinear(logits, image, Align::Middles))
    }

    fn fold(self) -> Self {
        Self {
            encoder: self.encoder.fold(),
            pyramid: self.pyramid.map(AtrousPyramid::fold),
            decoder: self.decoder.map(Decoder::fold),
            ..self
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::{assert_cost, assert_sound};

    fn versions() -> [DeepLabConfig; 3] {
        let plus = DeepLabConfig::default();
        let v3 = DeepLabConfig { version: Version::V3, ..plus.clone() };
        // With the paper's four rates and output stride.
        [DeepLabConfig { version: Version::V2, output_stride: 8, rates: vec![6, 12, 18, 24], ..plus.clone() }, v3, plus]
    }

    fn small(config: DeepLabConfig) -> DeepLabConfig {
        DeepLabConfig { width: 4, depth: Depth::Eighteen, ..config }
    }

    /// Counted by PyTorch.
    #[test]
    fn costs_are_the_references() {
        let [v2, v3, v3_plus] = versions();
        assert_cost(&v2, 23_581_764, 24.993);
        assert_cost(&v3, 39_043_393, 11.949);
        assert_cost(&v3_plus, 26_677_585, 9.4015);
    }

    #[test]
    fn small_ones_are_sound() {
        versions().into_iter().for_each(|config| assert_sound(&small(config), 0));
    }
}

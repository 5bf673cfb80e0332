//! ResUnet++: residual stages down and up, ASPP between and behind them, attention on the way up.
//!
//! The figures of the paper's §3.2, one line per stage. Where the paper is silent, Jha et al. 2019 (arXiv 1911.07067)
//! decides; `ARCHITECTURE.md` lists every such decision. Activations have the image's floating-point type, parameters and
//! logits are `f32`.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::prelude::*;
use burn::tensor::{DType, assert_shape};
use serde::{Deserialize, Serialize};

use crate::blocks::aspp::{Aspp, AsppConfig};
use crate::blocks::convolution::Normalization;
use crate::blocks::decoder::{Up, UpConfig};
use crate::blocks::encoder::{Down, DownConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::blocks::squeeze_excite::{SqueezeExcite, SqueezeExciteConfig};
use crate::blocks::stem::{GUIDANCE_PLANES, Stem, StemConfig};
use crate::cost::Cost;
use crate::kernel;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Width and height of an image must be multiples of this.
const MULTIPLE: usize = 16;

/// Configuration of a [`ResUnetPlusPlus`]; the defaults are the paper's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResUnetPlusPlusConfig {
    /// Planes of the image: pre-contrast, FLAIR, post-contrast.
    pub inputs: usize,
    /// Channels of the five grids, finest first.
    pub widths: [usize; 5],
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl Default for ResUnetPlusPlusConfig {
    fn default() -> Self {
        Self { inputs: 3, widths: [16, 32, 64, 128, 256], normalization: Normalization::Batch }
    }
}

impl MemberConfig for ResUnetPlusPlusConfig {
    type Member = ResUnetPlusPlus;

    fn name(&self) -> &'static str {
        "ResUnet++"
    }

    fn multiple(&self) -> usize {
        MULTIPLE
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> ResUnetPlusPlus {
        let [finest, .., coarsest] = self.widths;
        ResUnetPlusPlus {
            stem: self.stem().init(device),
            stem_squeeze_excite: SqueezeExciteConfig::new(finest).init(device),
            down: self.down().iter().map(|config| config.init(device)).collect(),
            bridge: AsppConfig::new(coarsest, self.normalization).init(device),
            presence: PresenceConfig::new(coarsest).init(device),
            up: self.up().iter().map(|config| config.init(device)).collect(),
            context: AsppConfig::new(finest, self.normalization).init(device),
            output: Conv2dConfig::new([finest, 1], [1, 1]).init(device),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        let stem = self.stem().cost(width, height) + SqueezeExciteConfig::new(self.widths[0]).cost(width, height);
        let down = self.down().into_iter().zip(1..).map(|(config, level)| config.cost(width >> level, height >> level));
        stem + down.sum()
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(self.widths[4]).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let bridge = AsppConfig::new(self.widths[4], self.normalization).cost(width >> 4, height >> 4);
        let up =
            self.up().into_iter().zip([3, 2, 1, 0]).map(|(config, level)| config.cost(width >> level, height >> level));
        let context = AsppConfig::new(self.widths[0], self.normalization).cost(width, height);
        let output = Cost::new(self.widths[0] + 1, self.widths[0] * width * height);
        bridge + up.sum() + context + output
    }
}

impl ResUnetPlusPlusConfig {
    fn stem(&self) -> StemConfig {
        StemConfig::new(self.inputs, GUIDANCE_PLANES, self.widths[0], self.normalization)
    }

    fn down(&self) -> [DownConfig; 4] {
        std::array::from_fn(|level| {
            let [inputs, outputs] = [self.widths[level], self.widths[level + 1]];
            let squeeze_excite = (level < 3).then(|| SqueezeExciteConfig::new(outputs));
            DownConfig::new(inputs, outputs, self.normalization).with_squeeze_excite(squeeze_excite)
        })
    }

    fn up(&self) -> [UpConfig; 4] {
        [3, 2, 1, 0].map(|level| UpConfig::new(self.widths[level], self.widths[level + 1], self.normalization))
    }
}

/// The network of the paper, with a presence head on its bottleneck and a guidance entrance at its stem.
#[derive(Module, Debug)]
pub struct ResUnetPlusPlus {
    stem: Stem,
    stem_squeeze_excite: SqueezeExcite,
    down: Vec<Down>,
    bridge: Aspp,
    presence: Presence,
    up: Vec<Up>,
    context: Aspp,
    output: Conv2d,
}

impl Member for ResUnetPlusPlus {
    const TAKES_GUIDANCE: bool = true;

    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        self.way_down(image, None)
    }

    fn encode_guided(&self, image: Tensor<4>, guidance: Tensor<4>) -> Bottleneck {
        self.way_down(image, Some(guidance))
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let mut x = self.bridge.forward(bottleneck.coarsest); // 256 × 16²
        for (up, skip) in self.up.iter().zip(bottleneck.skips.into_iter().rev()) {
            x = up.forward(skip, x); // 128 × 32², 64 × 64², 32 × 128², 16 × 256²
        }
        let x = self.context.forward(x).cast(DType::F32);
        // Not `Conv2d::forward`, whose weight gradient is a convolution with a kernel as large as the image.
        let bias = self.output.bias.as_ref().map(Param::val);
        let output = self.output.weight.val();
        Decoded::alone(kernel::convolution(x, output, bias, None, 1, kernel::Activation::Identity)) // 1 × 256²
    }

    fn fold(self) -> Self {
        Self {
            stem: self.stem.fold(),
            down: self.down.into_iter().map(Down::fold).collect(),
            bridge: self.bridge.fold(),
            up: self.up.into_iter().map(Up::fold).collect(),
            context: self.context.fold(),
            ..self
        }
    }
}

impl ResUnetPlusPlus {
    fn way_down(&self, image: Tensor<4>, guidance: Option<Tensor<4>>) -> Bottleneck {
        assert_multiple(&image, MULTIPLE);
        let [batch, _, height, width] = image.dims();
        let mut maps = vec![self.stem_squeeze_excite.forward(self.stem.forward(image, guidance))]; // 16 × 256²
        for down in &self.down {
            maps.push(down.forward(maps[maps.len() - 1].clone())); // 32 × 128², 64 × 64², 128 × 32², 256 × 16²
        }
        let bottleneck = Bottleneck::of(maps);
        let coarsest = &bottleneck.coarsest;
        assert_shape!(coarsest, [batch, _, height / 16, width / 16]);
        bottleneck
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::{Fill, standard};
    #[cfg(feature = "autodiff")]
    use crate::weights;
    use burn::module::Module;
    use burn::tensor::Tolerance;

    /// Folding and Winograd each move a logit by some rounding; at depth 30 this leaves a margin of ten.
    const ROUNDING: f32 = 1e-4;

    fn folded() -> ResUnetPlusPlusConfig {
        ResUnetPlusPlusConfig::default().normalized_by(Normalization::Folded)
    }

    fn network_and_image(width: usize, height: usize) -> (ResUnetPlusPlus, Tensor<4>) {
        let device = Device::flex();
        let network = ResUnetPlusPlusConfig::default().init(&device).map(&mut Fill::default());
        (network, standard("planes", [1, 3, height, width], &device))
    }

    #[test]
    fn a_non_square_image_keeps_its_size() {
        let (network, image) = network_and_image(48, 32);
        let output = network.forward(image, None);
        assert_eq!(output.logits.dims(), [1, 1, 32, 48]);
        assert_eq!(output.presence.dims(), [1, 1]);
        assert!(output.deep.is_empty());
    }

    #[test]
    #[should_panic(expected = "16 does not divide")]
    fn a_side_that_16_does_not_divide_is_refused() {
        let (network, image) = network_and_image(40, 32);
        network.forward(image, None);
    }

    #[test]
    fn empty_guidance_is_no_guidance_to_the_bit() {
        let (network, image) = network_and_image(48, 32);
        for network in [network.clone(), network.fold()] {
            let without = network.forward(image.clone(), None).logits.into_data();
            let with = network.forward(image.clone(), Some(image.zeros_like())).logits.into_data();
            without.assert_eq(&with, true);
        }
    }

    #[test]
    fn folding_keeps_the_function() {
        let (network, image) = network_and_image(32, 48);
        let guidance = Some(image.clone().abs());
        let expected = network.forward(image.clone(), guidance.clone());
        let folded = network.fold().forward(image, guidance);
        let tolerance = Tolerance::absolute(ROUNDING).set_relative(ROUNDING);
        folded.logits.into_data().assert_approx_eq::<f32>(&expected.logits.into_data(), tolerance);
        folded.presence.into_data().assert_approx_eq::<f32>(&expected.presence.into_data(), tolerance);
    }

    #[cfg(feature = "autodiff")]
    #[test]
    fn a_folded_network_in_training_answers_as_it_does_afterwards() {
        let (network, image) = network_and_image(32, 48);
        let network = network.fold();
        let guidance = image.clone().abs();
        let device = Device::flex().autodiff();
        let bytes = weights::to_bytes(&network, DType::F32).unwrap();
        let config = folded();
        let trained = weights::from_bytes(config.init(&device), bytes).unwrap();
        let on_device = |tensor: &Tensor<4>| Tensor::from_data(tensor.to_data(), &device);
        let expected = network.forward(image.clone(), Some(guidance.clone())).logits;
        let actual = trained.forward(on_device(&image), Some(on_device(&guidance))).logits;
        let tolerance = Tolerance::absolute(ROUNDING).set_relative(ROUNDING);
        actual.into_data().assert_approx_eq::<f32>(&expected.into_data(), tolerance);
    }

    #[test]
    fn the_computed_parameter_count_is_the_modules_own() {
        let config = folded();
        assert_eq!(config.cost(256, 256).parameters, config.init(&Device::flex()).num_params());
    }

    #[test]
    fn the_cost_of_the_papers_size_is_known() {
        let config = ResUnetPlusPlusConfig::default();
        assert_eq!(config.cost(256, 256).parameters, 5_876_632);
        assert!(config.down_cost(256, 256).multiply_adds < config.cost(256, 256).multiply_adds / 3);
    }
}

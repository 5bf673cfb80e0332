//! UNet++: between the way down and the way up of U-Net lie columns that bring the grids closer, step by step.
//!
//! # Source
//!
//! Zhou, Siddiquee, Tajbakhsh, Liang 2018: UNet++, a nested U-Net architecture (arXiv 1807.10165), Fig. 1a and §3. Maps are made
//! larger by straight lines between the middles of the corner pixels and convolutions have biases, as in the implementation whose
//! figures are compared with (9.16 million parameters at a width of 32). The answer is that of the last column; those of the
//! others are for deep supervision (§3.2), and are not in the network that is shipped.

use burn::module::Module;
use burn::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::contracting::{COARSEST, Contracting, ContractingConfig, doubling};
use crate::blocks::convolution::Normalization;
use crate::blocks::double_convolution::{DoubleConvolution, DoubleConvolutionConfig};
use crate::blocks::head::{Head, HeadConfig};
use crate::blocks::presence::{Presence, PresenceConfig};
use crate::blocks::resize::{Align, bilinear};
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{IMAGE_PLANES, Member, MemberConfig, assert_multiple};
use crate::networks::output::Decoded;

/// Columns behind the way down.
const COLUMNS: usize = 4;

/// Configuration of a [`UnetPlusPlus`]; the defaults are the paper's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnetPlusPlusConfig {
    /// Channels of the finest grid; each coarser one has twice as many.
    pub width: usize,
    /// Whether the columns before the last answer too while the network learns.
    pub deep_supervision: bool,
    /// Form of the normalisation.
    #[serde(skip)]
    pub normalization: Normalization,
}

impl Default for UnetPlusPlusConfig {
    fn default() -> Self {
        Self { width: 32, deep_supervision: true, normalization: Normalization::Batch }
    }
}

impl MemberConfig for UnetPlusPlusConfig {
    type Member = UnetPlusPlus;

    fn name(&self) -> &'static str {
        "UNet++"
    }

    fn multiple(&self) -> usize {
        COARSEST
    }

    fn normalized_by(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    fn init(&self, device: &Device) -> UnetPlusPlus {
        let head = || HeadConfig::new(self.width).init(device);
        UnetPlusPlus {
            down: self.down().init(device),
            presence: PresenceConfig::new(doubling(self.width)[4]).init(device),
            nodes: self.nodes().iter().map(|(_, config)| config.init(device)).collect(),
            output: head(),
            deep: (0..self.deep()).map(|_| head()).collect(),
        }
    }

    fn down_cost(&self, width: usize, height: usize) -> Cost {
        self.down().cost(width, height)
    }

    fn presence_cost(&self) -> Cost {
        PresenceConfig::new(doubling(self.width)[4]).cost()
    }

    fn up_cost(&self, width: usize, height: usize) -> Cost {
        let nodes: Cost = self.nodes().iter().map(|(level, config)| config.cost(width >> level, height >> level)).sum();
        let head = HeadConfig::new(self.width).cost(width, height);
        nodes + head + Cost::new(self.deep() * head.parameters, 0)
    }
}

impl UnetPlusPlusConfig {
    fn down(&self) -> ContractingConfig {
        ContractingConfig::new(IMAGE_PLANES, doubling(self.width), true, self.normalization)
    }

    /// Grid and convolutions of every node, column by column, the finest grid first.
    fn nodes(&self) -> Vec<(usize, DoubleConvolutionConfig)> {
        let widths = doubling(self.width);
        let places = (1..=COLUMNS).flat_map(|column| (0..=COLUMNS - column).map(move |level| (column, level)));
        let node = |(column, level): (usize, usize)| {
            let inputs = column * widths[level] + widths[level + 1];
            (level, DoubleConvolutionConfig::new(inputs, widths[level], true, self.normalization))
        };
        places.map(node).collect()
    }

    /// Number of auxiliary heads.
    fn deep(&self) -> usize {
        if self.deep_supervision && self.normalization == Normalization::Batch { COLUMNS - 1 } else { 0 }
    }
}

/// The network of the paper, with a presence head on its bottleneck.
#[derive(Module, Debug)]
pub struct UnetPlusPlus {
    down: Contracting,
    presence: Presence,
    /// Column by column, the finest grid first.
    nodes: Vec<DoubleConvolution>,
    output: Head,
    /// Of the columns before the last.
    deep: Vec<Head>,
}

impl Member for UnetPlusPlus {
    fn encode(&self, image: Tensor<4>) -> Bottleneck {
        assert_multiple(&image, COARSEST);
        Bottleneck::of(self.down.forward(image)) // 32 × 256², 64 × 128², 128 × 64², 256 × 32², 512 × 16²
    }

    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        self.presence.forward(bottleneck.coarsest.clone())
    }

    fn decode(&self, bottleneck: Bottleneck) -> Decoded {
        let Bottleneck { mut skips, coarsest } = bottleneck;
        let training = coarsest.device().is_autodiff();
        skips.push(coarsest);
        // What each grid has so far, column by column.
        let mut maps: Vec<Vec<Tensor<4>>> = skips.into_iter().map(|map| vec![map]).collect();
        let mut nodes = self.nodes.iter();
        let mut deep = Vec::new();
        for column in 1..=COLUMNS {
            let finished: Vec<Tensor<4>> = (0..=COLUMNS - column)
                .zip(&mut nodes)
                .map(|(level, node)| {
                    let coarser = maps[level + 1][column - 1].clone();
                    let [.., height, width] = coarser.dims();
                    let enlarged = bilinear(coarser, [2 * height, 2 * width], Align::Middles);
                    node.forward(Tensor::cat(maps[level].iter().cloned().chain([enlarged]).collect(), 1))
                })
                .collect();
            for (maps, map) in maps.iter_mut().zip(finished) {
                maps.push(map);
            }
            if training && let Some(head) = self.deep.get(column - 1) {
                deep.push(head.forward(maps[0][column].clone()));
            }
        }
        Decoded { logits: self.output.forward(maps.swap_remove(0).swap_remove(COLUMNS)), deep }
    }

    fn fold(self) -> Self {
        Self {
            down: self.down.fold(),
            nodes: self.nodes.into_iter().map(DoubleConvolution::fold).collect(),
            deep: Vec::new(),
            ..self
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::tests::{assert_cost, assert_sound};

    /// As the implementation of the paper has it with PyTorch, counted there without deep supervision.
    #[test]
    fn parameters_and_multiply_adds_are_the_references() {
        let config = UnetPlusPlusConfig { deep_supervision: false, ..UnetPlusPlusConfig::default() };
        assert_cost(&config, 9_163_329, 34.5);
        assert_cost(&UnetPlusPlusConfig::default(), 9_163_329 + 3 * 33, 34.5);
    }

    #[test]
    fn it_is_sound_with_its_auxiliary_heads_and_without() {
        for (deep_supervision, deep) in [(true, 3), (false, 0)] {
            assert_sound(&UnetPlusPlusConfig { width: 4, deep_supervision, ..UnetPlusPlusConfig::default() }, deep);
        }
    }
}

//! Residual network as an encoder: a stem and four stages, whose last may widen their kernels in place of halving the map.
//!
//! # Source
//!
//! Deep Residual Learning for Image Recognition, He, Zhang, Ren and Sun, 2015 (arXiv 1512.03385): 18 and 34 layers of basic
//! blocks, 50 and 101 of bottleneck blocks, the latter with their stride at the 3×3 convolution, as everybody trains them
//! since. Dilation in place of strides: Yu and Koltun 2016 (arXiv 1511.07122); a whole stage is dilated, its first block
//! included.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use serde::{Deserialize, Serialize};

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::cost::Cost;

/// How many layers, and of which blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// Two basic blocks a stage.
    Eighteen,
    /// Three, four, six and three basic blocks.
    ThirtyFour,
    /// Three, four, six and three bottleneck blocks.
    Fifty,
    /// Three, four, 23 and three bottleneck blocks.
    HundredAndOne,
}

impl Depth {
    const fn blocks(self) -> [usize; 4] {
        match self {
            Self::Eighteen => [2, 2, 2, 2],
            Self::ThirtyFour | Self::Fifty => [3, 4, 6, 3],
            Self::HundredAndOne => [3, 4, 23, 3],
        }
    }

    /// How many times more channels a block puts out than its 3×3 convolutions have.
    const fn expansion(self) -> usize {
        match self {
            Self::Eighteen | Self::ThirtyFour => 1,
            Self::Fifty | Self::HundredAndOne => 4,
        }
    }
}

/// Configuration of a [`ResNet`].
#[derive(Config, Debug)]
pub struct ResNetConfig {
    /// Planes of the image.
    pub inputs: usize,
    /// Channels of the stem; 64 in the paper.
    pub width: usize,
    /// How many layers, and of which blocks.
    pub depth: Depth,
    /// How many times smaller than the image the last map is: 8, 16 or 32.
    pub output_stride: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl ResNetConfig {
    /// A network with He-initialised weights.
    ///
    /// # Panics
    ///
    /// If the output stride is not 8, 16 or 32.
    pub fn init(&self, device: &Device) -> ResNet {
        ResNet {
            stem: self.stem().init(device),
            stages: self.stages().iter().map(|stage| stage.iter().map(|block| block.init(device)).collect()).collect(),
        }
    }

    /// Channels of the four stages.
    pub fn channels(&self) -> [usize; 4] {
        [1, 2, 4, 8].map(|factor| factor * self.width * self.depth.expansion())
    }

    /// Parameters, and multiply-adds on a `width × height` image.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let at = |stride: usize| (width.div_ceil(stride), height.div_ceil(stride));
        let (mut stride, (stem_width, stem_height)) = (4, at(2));
        let mut cost = self.stem().cost(stem_width, stem_height);
        for block in self.stages().iter().flatten() {
            let entry = at(stride);
            stride *= block.stride;
            cost = cost + block.cost(entry, at(stride));
        }
        cost
    }

    fn stem(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.inputs, self.width)
            .with_kernel(7)
            .with_stride(2)
            .with_normalization(self.normalization)
    }

    fn stages(&self) -> [Vec<BlockConfig>; 4] {
        let strides_and_dilations = match self.output_stride {
            8 => [(1, 1), (2, 1), (1, 2), (1, 4)],
            16 => [(1, 1), (2, 1), (2, 1), (1, 2)],
            32 => [(1, 1), (2, 1), (2, 1), (2, 1)],
            other => panic!("a residual network of output stride {other}: there are 8, 16 and 32"),
        };
        let channels = self.channels();
        std::array::from_fn(|stage| {
            let (stride, dilation) = strides_and_dilations[stage];
            let inputs = if stage == 0 { self.width } else { channels[stage - 1] };
            let block = |at: usize| BlockConfig {
                inputs: if at == 0 { inputs } else { channels[stage] },
                outputs: channels[stage],
                bottleneck: self.depth.expansion() > 1,
                stride: if at == 0 { stride } else { 1 },
                dilation,
                normalization: self.normalization,
            };
            (0..self.depth.blocks()[stage]).map(block).collect()
        })
    }
}

/// Configuration of a [`Block`].
#[derive(Clone, Copy)]
struct BlockConfig {
    inputs: usize,
    outputs: usize,
    bottleneck: bool,
    stride: usize,
    dilation: usize,
    normalization: Normalization,
}

impl BlockConfig {
    fn init(&self, device: &Device) -> Block {
        Block {
            convolutions: self.convolutions().iter().map(|config| config.init(device)).collect(),
            shortcut: self.shortcut().map(|config| config.init(device)),
        }
    }

    /// Parameters and multiply-adds; `entry` and `exit` are width and height of the map before and behind the stride.
    fn cost(&self, entry: (usize, usize), exit: (usize, usize)) -> Cost {
        let mut cost: Cost = self.shortcut().iter().map(|config| config.cost(exit.0, exit.1)).sum();
        let mut at = entry;
        for config in self.convolutions() {
            at = if config.stride > 1 { exit } else { at };
            cost = cost + config.cost(at.0, at.1);
        }
        cost
    }

    /// The last one's activation is that of the sum with the shortcut.
    fn convolutions(&self) -> Vec<ConvolutionConfig> {
        let convolution = |inputs, outputs, kernel| {
            ConvolutionConfig::new(inputs, outputs).with_kernel(kernel).with_normalization(self.normalization)
        };
        let spaced = |config: ConvolutionConfig| config.with_stride(self.stride).with_dilation(self.dilation);
        let (inputs, outputs) = (self.inputs, self.outputs);
        if self.bottleneck {
            let inner = outputs / 4;
            vec![convolution(inputs, inner, 1), spaced(convolution(inner, inner, 3)), convolution(inner, outputs, 1)]
        } else {
            let second = convolution(outputs, outputs, 3).with_dilation(self.dilation);
            vec![spaced(convolution(inputs, outputs, 3)), second]
        }
    }

    fn shortcut(&self) -> Option<ConvolutionConfig> {
        let config = ConvolutionConfig::new(self.inputs, self.outputs).with_kernel(1).with_stride(self.stride).linear();
        (self.inputs != self.outputs || self.stride > 1).then(|| config.with_normalization(self.normalization))
    }
}

/// Convolutions around which the input takes a shortcut.
#[derive(Module, Debug)]
struct Block {
    convolutions: Vec<Convolution>,
    shortcut: Option<Convolution>,
}

impl Block {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let shortcut = match &self.shortcut {
            Some(shortcut) => shortcut.forward(x.clone()),
            None => x.clone(),
        };
        let (last, others) = self.convolutions.split_last().expect("a block has two or three convolutions");
        last.forward_onto(others.iter().fold(x, |x, convolution| convolution.forward(x)), shortcut)
    }

    fn fold(self) -> Self {
        Self {
            convolutions: self.convolutions.into_iter().map(Convolution::fold).collect(),
            shortcut: self.shortcut.map(Convolution::fold),
        }
    }
}

/// A stem, max-pooling and four stages of residual blocks.
#[derive(Module, Debug)]
pub struct ResNet {
    stem: Convolution,
    stages: Vec<Vec<Block>>,
}

impl ResNet {
    /// Features of the four stages.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, channels, height / stride, width / stride]`, rounded up, at strides of 4, 8,
    /// 16 and 32 or, where those are more, the output stride
    pub fn forward(&self, image: Tensor<4>) -> [Tensor<4>; 4] {
        let pool = MaxPoolOptions::new([3, 3]).with_stride([2, 2]).with_padding([1, 1]);
        let mut x = max_pool2d(self.stem.forward(image), pool);
        std::array::from_fn(|stage| {
            for block in &self.stages[stage] {
                x = block.forward(x.clone());
            }
            x.clone()
        })
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        let fold = |stage: Vec<Block>| stage.into_iter().map(Block::fold).collect();
        Self { stem: self.stem.fold(), stages: self.stages.into_iter().map(fold).collect() }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::{Fill, standard};
    use burn::tensor::Tolerance;

    fn config(depth: Depth, width: usize, output_stride: usize) -> ResNetConfig {
        ResNetConfig::new(3, width, depth, output_stride, Normalization::Batch)
    }

    /// Those of torchvision's networks without their classifiers.
    #[test]
    fn parameters_are_the_references() {
        let known = [
            (Depth::Eighteen, 11_176_512),
            (Depth::ThirtyFour, 21_284_672),
            (Depth::Fifty, 23_508_032),
            (Depth::HundredAndOne, 42_500_160),
        ];
        for (depth, parameters) in known {
            assert_eq!(config(depth, 64, 32).cost(224, 224).parameters, parameters, "{depth:?}");
        }
    }

    /// 1.8 and 4.1 G with classifiers of 0.5 and 2 M.
    #[test]
    fn multiply_adds_are_the_references() {
        for (depth, classifier, multiply_adds) in
            [(Depth::Eighteen, 512_000, 1_814_073_344), (Depth::Fifty, 2_048_000, 4_089_184_256)]
        {
            let cost = config(depth, 64, 32).cost(224, 224);
            assert_eq!(cost.multiply_adds + classifier, multiply_adds, "{depth:?}");
        }
    }

    #[test]
    fn dilation_keeps_the_map() {
        let device = Device::flex();
        let image = standard("image", [1, 3, 50, 70], &device);
        for (output_stride, sides) in [(8, [7, 9]), (16, [4, 5]), (32, [2, 3])] {
            for depth in [Depth::Eighteen, Depth::Fifty] {
                let config = config(depth, 4, output_stride);
                let network = config.init(&device);
                let features = network.forward(image.clone());
                let channels = config.channels();
                assert_eq!(features[0].dims(), [1, channels[0], 13, 18]);
                assert_eq!(features[3].dims(), [1, channels[3], sides[0], sides[1]]);
            }
        }
    }

    #[test]
    fn folding_keeps_the_function() {
        let device = Device::flex();
        let network = config(Depth::Fifty, 4, 16).init(&device).map(&mut Fill::default());
        let image = standard("image", [1, 3, 32, 48], &device);
        let expected = network.forward(image.clone());
        for (folded, expected) in network.fold().forward(image).into_iter().zip(expected) {
            folded
                .into_data()
                .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::relative(1e-4).set_absolute(1e-4));
        }
    }
}

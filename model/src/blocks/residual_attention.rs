//! Residual attention: a trunk keeps the features, a small U beside it says which of them count.
//!
//! # Source
//!
//! Residual Attention Network for Image Classification, Wang et al. 2017 (arXiv 1704.06904), as RA-UNet has it, Jin et al. 2018
//! (arXiv 1811.01328): one residual unit before the two part, two on the trunk, one between the poolings of the mask, and
//! `(1 + mask) · trunk`, so that a mask of 0 leaves the trunk as it is.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::sigmoid;
use burn::tensor::assert_shape;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization, plain};
use crate::blocks::normalized::{Normalized, NormalizedConfig};
use crate::blocks::resize::{Align, bilinear, sides};
use crate::cost::Cost;
use crate::kernel;

/// Configuration of a [`Bottlenecked`] unit.
#[derive(Config, Debug)]
pub struct BottleneckedConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels out, four times those of the 3×3 convolution.
    pub outputs: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl BottleneckedConfig {
    /// A unit with He-initialised weights.
    pub fn init(&self, device: &Device) -> Bottlenecked {
        Bottlenecked {
            entry: self.entry().init(device),
            convolutions: self.convolutions().map(|config| config.init(device)).into(),
            shortcut: self.shortcut().map(|config| config.init(device)),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let convolutions = self.convolutions();
        let convolutions = convolutions.iter().chain(&self.shortcut()).map(|config| config.cost(width, height)).sum();
        self.entry().cost() + convolutions
    }

    fn entry(&self) -> NormalizedConfig {
        NormalizedConfig::new(self.inputs, self.normalization)
    }

    fn convolutions(&self) -> [ConvolutionConfig; 3] {
        let inner = (self.outputs / 4).max(1);
        let squeeze = ConvolutionConfig::new(self.inputs, inner).with_kernel(1);
        [
            squeeze.with_normalization(self.normalization),
            ConvolutionConfig::new(inner, inner).with_normalization(self.normalization),
            plain(inner, self.outputs).with_kernel(1),
        ]
    }

    fn shortcut(&self) -> Option<ConvolutionConfig> {
        (self.inputs != self.outputs).then(|| plain(self.inputs, self.outputs).with_kernel(1))
    }
}

/// Pre-activated residual unit of a 1×1, a 3×3 and a 1×1 convolution (He et al. 2016, arXiv 1603.05027).
#[derive(Module, Debug)]
pub struct Bottlenecked {
    entry: Normalized,
    convolutions: Vec<Convolution>,
    shortcut: Option<Convolution>,
}

impl Bottlenecked {
    /// `convolutions(entry(x)) + shortcut(x)`.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let shortcut = self.shortcut.iter().fold(x.clone(), |x, shortcut| shortcut.forward(x));
        let (last, others) = self.convolutions.split_last().expect("there are three");
        last.forward_onto(others.iter().fold(self.entry.forward(x), |x, convolution| convolution.forward(x)), shortcut)
    }

    /// Merges the batch normalisations into the weights, where there are some before them.
    pub fn fold(self) -> Self {
        Self {
            entry: self.entry.fold(),
            convolutions: self.convolutions.into_iter().map(Convolution::fold).collect(),
            ..self
        }
    }
}

/// Configuration of a [`ResidualAttention`].
#[derive(Config, Debug)]
pub struct ResidualAttentionConfig {
    /// Channels in and out.
    pub channels: usize,
    /// How often the mask's way down halves the map.
    pub poolings: usize,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl ResidualAttentionConfig {
    /// A module with He-initialised weights.
    pub fn init(&self, device: &Device) -> ResidualAttention {
        let units = |count: usize| (0..count).map(|_| self.unit().init(device)).collect();
        ResidualAttention {
            before: self.unit().init(device),
            trunk: units(2),
            down: units(self.poolings),
            up: units(self.poolings),
            entry: NormalizedConfig::new(self.channels, self.normalization).init(device),
            mask: self.mask().map(|config| config.init(device)).into(),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let unit = |level: usize| self.unit().cost(width >> level, height >> level);
        let branch = (1..=self.poolings).map(|level| unit(level) + unit(level)).sum::<Cost>();
        let mask = self.mask().iter().map(|config| config.cost(width, height)).sum::<Cost>();
        let entry = NormalizedConfig::new(self.channels, self.normalization).cost();
        let product = Cost::new(0, self.channels * width * height);
        unit(0) + unit(0) + unit(0) + branch + entry + mask + product
    }

    fn unit(&self) -> BottleneckedConfig {
        BottleneckedConfig::new(self.channels, self.channels, self.normalization)
    }

    fn mask(&self) -> [ConvolutionConfig; 2] {
        let pointwise = ConvolutionConfig::new(self.channels, self.channels).with_kernel(1);
        [pointwise.with_normalization(self.normalization), plain(self.channels, self.channels).with_kernel(1)]
    }
}

/// A trunk of residual units and a mask that is computed on coarser grids.
#[derive(Module, Debug)]
pub struct ResidualAttention {
    before: Bottlenecked,
    trunk: Vec<Bottlenecked>,
    down: Vec<Bottlenecked>,
    up: Vec<Bottlenecked>,
    entry: Normalized,
    mask: Vec<Convolution>,
}

impl ResidualAttention {
    /// The trunk's features, and once more where the mask says so.
    ///
    /// # Shapes
    ///
    /// `[batch, channels, height, width]`, sides that can be halved `poolings` times → the same
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let shape = x.dims();
        let x = self.before.forward(x);
        let trunk = self.trunk.iter().fold(x.clone(), |x, unit| unit.forward(x));

        let mut finer = Vec::new();
        let mut mask = x;
        for unit in &self.down {
            finer.push(mask.clone());
            mask = unit.forward(kernel::max_pool(mask));
        }
        for unit in &self.up {
            let skip = finer.pop().expect("as many go up as down");
            mask = bilinear(unit.forward(mask), sides(&skip), Align::Middles) + skip;
        }
        let logits = self.mask.iter().fold(self.entry.forward(mask), |x, convolution| convolution.forward(x));
        let y = trunk.clone() * sigmoid(logits) + trunk;
        assert_shape!(y, [shape[0], shape[1], shape[2], shape[3]]);
        y
    }

    /// Merges the batch normalisations into the weights, where there are some before them.
    pub fn fold(self) -> Self {
        let fold = |units: Vec<Bottlenecked>| units.into_iter().map(Bottlenecked::fold).collect();
        Self {
            before: self.before.fold(),
            trunk: fold(self.trunk),
            down: fold(self.down),
            up: fold(self.up),
            entry: self.entry.fold(),
            mask: self.mask.into_iter().map(Convolution::fold).collect(),
        }
    }
}

//! Atrous spatial pyramid pooling as DeepLabV3 has it: branches side by side, one of which sees the mean of the whole map.
//!
//! # Source
//!
//! Rethinking Atrous Convolution for Semantic Image Segmentation, Chen et al. 2017 (arXiv 1706.05587, §3.3); with separable
//! convolutions Chen et al. 2018 (arXiv 1802.02611). [`super::aspp`] is the form of ResUNet++, whose branches are summed.

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig};
use burn::prelude::*;
use burn::tensor::module::adaptive_avg_pool2d;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::blocks::resize::{Align, bilinear, sides};
use crate::blocks::separable::{Separable, SeparableConfig};
use crate::cost::Cost;

/// Configuration of an [`AtrousPyramid`].
#[derive(Config, Debug)]
pub struct AtrousPyramidConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels of each branch, and out.
    pub outputs: usize,
    /// Distances between the taps of the dilated kernels, in pixels of the map.
    pub rates: Vec<usize>,
    /// Whether the dilated convolutions are depthwise separable.
    pub separable: bool,
    /// Share of the features that are dropped in training.
    pub dropout: f64,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl AtrousPyramidConfig {
    /// A pyramid with He-initialised weights.
    pub fn init(&self, device: &Device) -> AtrousPyramid {
        let rates = |separable| self.rates.iter().copied().filter(move |_| self.separable == separable);
        AtrousPyramid {
            point: self.pointwise(self.inputs).init(device),
            plain: rates(false).map(|rate| self.plain(rate).init(device)).collect(),
            separable: rates(true).map(|rate| self.separable(rate).init(device)).collect(),
            mean: self.pointwise(self.inputs).init(device),
            project: self.project().init(device),
            dropout: DropoutConfig::new(self.dropout).init(),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map, taps in the padding counted.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let dilated = |&rate: &usize| match self.separable {
            true => self.separable(rate).cost(width, height),
            false => self.plain(rate).cost(width, height),
        };
        let point = self.pointwise(self.inputs);
        let ends = point.cost(width, height) + point.cost(1, 1) + self.project().cost(width, height);
        ends + self.rates.iter().map(dilated).sum::<Cost>()
    }

    fn pointwise(&self, inputs: usize) -> ConvolutionConfig {
        ConvolutionConfig::new(inputs, self.outputs).with_kernel(1).with_normalization(self.normalization)
    }

    fn plain(&self, rate: usize) -> ConvolutionConfig {
        ConvolutionConfig::new(self.inputs, self.outputs).with_dilation(rate).with_normalization(self.normalization)
    }

    fn separable(&self, rate: usize) -> SeparableConfig {
        SeparableConfig::new(self.inputs, self.outputs, self.normalization).with_dilation(rate)
    }

    fn project(&self) -> ConvolutionConfig {
        self.pointwise((self.rates.len() + 2) * self.outputs)
    }
}

/// A 1×1 convolution, dilated ones and the mean of the map, mixed.
#[derive(Module, Debug)]
pub struct AtrousPyramid {
    point: Convolution,
    plain: Vec<Convolution>,
    separable: Vec<Separable>,
    mean: Convolution,
    project: Convolution,
    dropout: Dropout,
}

impl AtrousPyramid {
    /// Features that have seen their surroundings.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let mean = bilinear(self.mean.forward(adaptive_avg_pool2d(x.clone(), [1, 1])), sides(&x), Align::Middles);
        let mut branches = vec![self.point.forward(x.clone())];
        branches.extend(self.plain.iter().map(|branch| branch.forward(x.clone())));
        branches.extend(self.separable.iter().map(|branch| branch.forward(x.clone())));
        branches.push(mean);
        self.dropout.forward(self.project.forward(Tensor::cat(branches, 1)))
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self {
            point: self.point.fold(),
            plain: self.plain.into_iter().map(Convolution::fold).collect(),
            separable: self.separable.into_iter().map(Separable::fold).collect(),
            mean: self.mean.fold(),
            project: self.project.fold(),
            ..self
        }
    }
}

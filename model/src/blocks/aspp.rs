//! Atrous spatial pyramid pooling: the same map seen at several distances at once.
//!
//! Paper §3.2 names the module; Jha et al. 2019 (§III-D) give its shape, which this follows: one plain and three
//! dilated 3×3 convolutions, summed and mixed by a 1×1 convolution, at rates 6, 12 and 18.

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::convolution::{Convolution, ConvolutionConfig, Normalization};
use crate::cost::Cost;

/// Configuration of an [`Aspp`].
#[derive(Config, Debug)]
pub struct AsppConfig {
    /// Channels in and out.
    pub channels: usize,
    /// Distances between the taps of the 3×3 kernels, in pixels of the map.
    #[config(default = "[1, 6, 12, 18]")]
    pub rates: [usize; 4],
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl AsppConfig {
    /// A pyramid with He-initialised weights.
    pub fn init(&self, device: &Device) -> Aspp {
        Aspp {
            branches: self.branches().map(|config| config.init(device)).collect(),
            project: self.project().init(device),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map, taps in the padding counted.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        self.branches().chain([self.project()]).map(|config| config.cost(width, height)).sum()
    }

    fn branches(&self) -> impl Iterator<Item = ConvolutionConfig> {
        self.rates.into_iter().map(|rate| {
            ConvolutionConfig::new(self.channels, self.channels)
                .with_dilation(rate)
                .linear()
                .with_normalization(self.normalization)
        })
    }

    fn project(&self) -> ConvolutionConfig {
        ConvolutionConfig::new(self.channels, self.channels).with_kernel(1).with_normalization(self.normalization)
    }
}

/// Four 3×3 convolutions at growing distances, summed and mixed.
#[derive(Module, Debug)]
pub struct Aspp {
    branches: Vec<Convolution>,
    project: Convolution,
}

impl Aspp {
    /// Features that have seen their surroundings.
    ///
    /// # Shapes
    ///
    /// `[batch, channels, height, width]` → the same
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, channels, height, width] = x.dims();
        let (first, others) = self.branches.split_first().expect("the configuration has four branches");
        let sum = others.iter().fold(first.forward(x.clone()), |sum, branch| branch.forward_onto(x.clone(), sum));
        let y = self.project.forward(sum);
        assert_shape!(y, [batch, channels, height, width]);
        y
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { branches: self.branches.into_iter().map(Convolution::fold).collect(), project: self.project.fold() }
    }
}

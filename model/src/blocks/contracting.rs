//! The way down of U-Net and its kin: two convolutions on each of five grids, each half as fine as the one before
//! (Ronneberger et al. 2015, Fig. 1).

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;

use crate::blocks::convolution::Normalization;
use crate::blocks::double_convolution::{DoubleConvolution, DoubleConvolutionConfig};
use crate::cost::Cost;
use crate::kernel;

/// By what the sides of an image are divided on the coarsest of the five grids.
pub const COARSEST: usize = 16;

/// Configuration of a [`Contracting`].
#[derive(Config, Debug)]
pub struct ContractingConfig {
    /// Planes of the image.
    pub inputs: usize,
    /// Channels of the five grids, finest first.
    pub widths: [usize; 5],
    /// Whether the convolutions have biases, see [`crate::blocks::convolution::ConvolutionConfig::biased`].
    pub biased: bool,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

/// Channels that double from grid to grid, as in U-Net.
pub fn doubling(width: usize) -> [usize; 5] {
    std::array::from_fn(|level| width << level)
}

impl ContractingConfig {
    /// A way down with He-initialised weights.
    pub fn init(&self, device: &Device) -> Contracting {
        Contracting { levels: self.levels().map(|config| config.init(device)).into() }
    }

    /// Parameters and multiply-adds on an image of `width × height`.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        self.levels().into_iter().enumerate().map(|(level, config)| config.cost(width >> level, height >> level)).sum()
    }

    fn levels(&self) -> [DoubleConvolutionConfig; 5] {
        std::array::from_fn(|level| {
            let inputs = if level == 0 { self.inputs } else { self.widths[level - 1] };
            DoubleConvolutionConfig::new(inputs, self.widths[level], self.biased, self.normalization)
        })
    }
}

/// Two convolutions on each grid, with 2×2 max-pooling between grids.
#[derive(Module, Debug)]
pub struct Contracting {
    levels: Vec<DoubleConvolution>,
}

impl Contracting {
    /// Features of every grid, finest first.
    ///
    /// # Shapes
    ///
    /// `[batch, inputs, height, width]`, sides multiples of [`COARSEST`] → `[batch, widths[i], height / 2ⁱ, width / 2ⁱ]`
    pub fn forward(&self, image: Tensor<4>) -> Vec<Tensor<4>> {
        let mut maps: Vec<Tensor<4>> = Vec::with_capacity(self.levels.len());
        for level in &self.levels {
            let x = maps.last().map_or_else(|| image.clone(), |finer| kernel::max_pool(finer.clone()));
            maps.push(level.forward(x));
        }
        maps
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { levels: self.levels.into_iter().map(DoubleConvolution::fold).collect() }
    }
}

//! One stage on the way up of U-Net and Attention U-Net: enlarge, join the encoder's features, gated or as they are, and convolve
//! twice (Ronneberger et al. 2015, Fig. 1; Oktay et al. 2018, Fig. 1).

use burn::config::Config;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::assert_shape;

use crate::blocks::additive_gate::{AdditiveGate, AdditiveGateConfig};
use crate::blocks::convolution::Normalization;
use crate::blocks::double_convolution::{DoubleConvolution, DoubleConvolutionConfig};
use crate::blocks::enlarge::{Enlarge, EnlargeConfig, Enlarging};
use crate::cost::Cost;

/// Configuration of an [`Expanding`].
#[derive(Config, Debug)]
pub struct ExpandingConfig {
    /// Channels of the encoder's map, and channels out.
    pub skip: usize,
    /// Channels of the coarser map.
    pub coarse: usize,
    /// How the coarser map is made larger; the convolutions after it have biases where this has one of 3×3.
    pub form: Enlarging,
    /// Whether the encoder's features pass a gate.
    pub gated: bool,
    /// Form of the normalisation.
    pub normalization: Normalization,
}

impl ExpandingConfig {
    /// A stage with He-initialised weights.
    pub fn init(&self, device: &Device) -> Expanding {
        Expanding {
            enlarge: self.enlarge().init(device),
            gate: self.gate().map(|config| config.init(device)),
            merge: self.merge().init(device),
        }
    }

    /// Parameters and multiply-adds; `width × height` is the map that the stage puts out.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let gate: Cost = self.gate().iter().map(|config| config.cost(width, height)).sum();
        self.enlarge().cost(width, height) + gate + self.merge().cost(width, height)
    }

    fn enlarge(&self) -> EnlargeConfig {
        EnlargeConfig::new(self.coarse, self.skip, self.form, self.normalization)
    }

    fn gate(&self) -> Option<AdditiveGateConfig> {
        self.gated.then(|| AdditiveGateConfig::new(self.skip, self.skip, self.skip / 2, self.normalization))
    }

    fn merge(&self) -> DoubleConvolutionConfig {
        DoubleConvolutionConfig::new(2 * self.skip, self.skip, self.form == Enlarging::Resized, self.normalization)
    }
}

/// An enlarged map, the skip connection and two convolutions.
#[derive(Module, Debug)]
pub struct Expanding {
    enlarge: Enlarge,
    gate: Option<AdditiveGate>,
    merge: DoubleConvolution,
}

impl Expanding {
    /// Features of the next finer grid.
    ///
    /// # Shapes
    ///
    /// - `skip`: `[batch, skip, 2 · height, 2 · width]`
    /// - `coarse`: `[batch, coarse, height, width]`
    /// - returns the shape of `skip`
    pub fn forward(&self, skip: Tensor<4>, coarse: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = coarse.dims();
        assert_shape!(skip, [batch, _, 2 * height, 2 * width]);
        let enlarged = self.enlarge.forward(coarse);
        let skip = match &self.gate {
            Some(gate) => gate.forward(skip, enlarged.clone()),
            None => skip,
        };
        self.merge.forward(Tensor::cat(vec![skip, enlarged], 1))
    }

    /// Merges the batch normalisations into the weights.
    pub fn fold(self) -> Self {
        Self { enlarge: self.enlarge.fold(), gate: self.gate.map(AdditiveGate::fold), merge: self.merge.fold() }
    }
}

//! What the way down leaves for the way up, in every network that has the two.

use burn::prelude::*;

/// Features of every grid.
#[derive(Clone, Debug)]
pub struct Bottleneck {
    /// Of the finer grids, finest first.
    pub(crate) skips: Vec<Tensor<4>>,
    /// Of the coarsest grid.
    pub(crate) coarsest: Tensor<4>,
}

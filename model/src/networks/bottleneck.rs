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

impl Bottleneck {
    /// The same with every map changed.
    pub fn map(self, change: impl Fn(Tensor<4>) -> Tensor<4>) -> Self {
        Self { skips: self.skips.into_iter().map(&change).collect(), coarsest: change(self.coarsest) }
    }

    /// Of maps, finest first.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub(crate) fn of(mut maps: Vec<Tensor<4>>) -> Self {
        let coarsest = maps.pop().expect("a way down has a map at its end");
        Self { skips: maps, coarsest }
    }
}

//! What a layer costs: parameters to download and multiply-adds to compute.

use std::iter::Sum;
use std::ops::Add;

/// Parameters and multiply-adds of a layer or a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Learned numbers, running statistics not counted.
    pub parameters: usize,
    /// Multiply-add operations for one image, guidance not counted.
    pub multiply_adds: usize,
}

impl Cost {
    /// The cost of so many parameters and multiply-adds.
    pub const fn new(parameters: usize, multiply_adds: usize) -> Self {
        Self { parameters, multiply_adds }
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.parameters + other.parameters, self.multiply_adds + other.multiply_adds)
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), Add::add)
    }
}

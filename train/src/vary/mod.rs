//! Labelled slices into the variants that the network is fitted to.

pub mod augment;
pub mod sample;
pub mod scanners;
pub mod warp;

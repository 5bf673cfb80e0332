//! A slice into the planes that the network reads.

mod noise;
mod normalize;

pub use normalize::{Normalization, Planes, Statistics};

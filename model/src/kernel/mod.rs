//! The operations that the network is made of, with the fastest form each device has.
//!
//! Nearly all of the time goes into a size-keeping convolution with bias and activation. On the CPU (flex) it runs through
//! `winograd`, `taps` or `pointwise`; on WebGPU through kernels of our own (`webgpu`); on libtorch, training
//! records convolution, normalisation and activation as one step. What has no form of its own on a device is composed of
//! burn's operations.

mod activation;
mod composed;
mod doubling;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "tch")]
mod libtorch;
mod operations;
mod ops;
#[cfg(feature = "flex")]
mod panel;
#[cfg(feature = "flex")]
mod pointwise;
#[cfg(feature = "flex")]
mod pooling;
mod recurrence;
#[cfg(feature = "flex")]
mod shape;
#[cfg(feature = "flex")]
mod taps;
#[cfg(feature = "webgpu")]
mod webgpu;
#[cfg(feature = "flex")]
mod winograd;

pub use activation::Activation;
pub use operations::{
    channel_logits, convolution, convolution_batch_norm, convolution_batch_norm_by, convolution_by, gate,
    in_reading_order, join, max_pool, recurrence,
};

//! Whole networks, one a file, and the closed set of them that callers name.

pub mod attention_unet;
pub mod bottleneck;
pub mod member;
pub mod network;
pub mod output;
pub mod resunet_plus_plus;
pub mod unet;
pub mod unet_3_plus;
pub mod unet_plus_plus;

#[cfg(all(test, feature = "flex"))]
mod tests;

//! Turns an image tensor into tumour logits: ResUnet++ with a presence head and a guidance stem, or another network.
//!
//! Callers name [`Network`], the closed set of networks; read [`networks::resunet_plus_plus`] first for how one is built. Every
//! block has a file of its own in [`blocks`], the operations with a fast form on each device are in [`kernel`].
//! Tensors are `[batch, channels, height, width]` throughout; outputs are logits.

pub mod blocks;
mod cost;
#[cfg(all(test, feature = "flex"))]
#[path = "../tests/formula/mod.rs"]
mod formula;
pub mod kernel;
pub mod networks;
mod weights;

pub use blocks::convolution::Normalization;
pub use blocks::stem::GUIDANCE_PLANES;
pub use cost::Cost;
pub use networks::bottleneck::Bottleneck;
pub use networks::network::{Network, NetworkConfig};
pub use networks::output::Output;
pub use weights::WeightError;

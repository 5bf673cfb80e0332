//! Whole networks, one a file, and the closed set of them that callers name.

pub mod attention_unet;
pub mod bottleneck;
pub mod deeplab;
pub mod jha_resunet_pp;
pub mod member;
pub mod network;
pub mod nn_unet;
pub mod output;
pub mod pspnet;
pub mod ra_unet;
pub mod resunet_plus_plus;
pub mod unet;
pub mod unet_3_plus;
pub mod unet_plus_plus;
pub mod vm_unet;

#[cfg(all(test, feature = "flex"))]
mod tests;

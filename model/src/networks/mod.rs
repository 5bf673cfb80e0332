//! Whole networks, one a file, and the closed set of them that callers name.

pub mod bottleneck;
pub mod network;
pub mod resunet_plus_plus;

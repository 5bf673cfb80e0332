//! Whole networks, one a file, and the closed set of them that callers name.

pub mod bottleneck;
pub mod member;
pub mod network;
pub mod output;
pub mod resunet_plus_plus;

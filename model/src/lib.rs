//! Turns an image tensor into tumour logits: ResUnet++ with a presence head and a guidance stem.
//!
//! Read [`ResUnetPlusPlus`] first; every block it is built from has a file of its own.
//! Tensors are `[batch, channels, height, width]` throughout; outputs are logits.

mod aspp;
mod attention;
mod convolution;
mod cost;
mod decoder;
mod encoder;
pub mod kernel;
mod presence;
mod residual;
mod resunet_plus_plus;
mod squeeze_excite;
mod stem;
mod weights;

pub use aspp::{Aspp, AsppConfig};
pub use attention::{Attention, AttentionConfig};
pub use convolution::{Convolution, ConvolutionConfig, Normalization};
pub use cost::Cost;
pub use decoder::{Up, UpConfig};
pub use encoder::{Down, DownConfig};
pub use presence::{Presence, PresenceConfig};
pub use residual::{Residual, ResidualConfig};
pub use resunet_plus_plus::{Bottleneck, GUIDANCE_PLANES, ResUnetPlusPlus, ResUnetPlusPlusConfig};
pub use squeeze_excite::{SqueezeExcite, SqueezeExciteConfig};
pub use stem::{Stem, StemConfig};
pub use weights::WeightError;

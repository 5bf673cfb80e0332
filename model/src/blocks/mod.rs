//! What networks are built of: one block a file, each with its configuration, its cost and its shapes.

pub mod aspp;
pub mod attention;
pub mod convolution;
pub mod decoder;
pub mod encoder;
pub mod presence;
pub mod residual;
pub mod squeeze_excite;
pub mod stem;

//! What networks are built of: one block a file, each with its configuration, its cost and its shapes.

pub mod additive_gate;
pub mod aspp;
pub mod atrous_pyramid;
pub mod attention;
pub mod contracting;
pub mod convolution;
pub mod decoder;
pub mod double_convolution;
pub mod encoder;
pub mod enlarge;
pub mod expanding;
pub mod guide;
pub mod head;
pub mod instance_convolution;
pub mod normalized;
pub mod preactivated_residual;
pub mod presence;
pub mod residual;
pub mod residual_attention;
pub mod resize;
pub mod resnet;
pub mod selective_scan;
pub mod separable;
pub mod squeeze_excite;
pub mod stem;

//! Patients into a recipe by the rules of nn-UNet: what their images are like decides size, depth and batch.
//!
//! # Source
//!
//! Isensee, Jaeger, Kohl, Petersen, Maier-Hein 2021: nnU-Net, a self-configuring method for deep learning-based biomedical image
//! segmentation (doi 10.1038/s41592-020-01008-z), Fig. 2 and supplementary notes 2 to 4, in two dimensions; numbers that the paper
//! leaves open are those of its second program's documentation.

mod fingerprint;
mod recipe;
mod rules;

pub use recipe::{Planning, plan};

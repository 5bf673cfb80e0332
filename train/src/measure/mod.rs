//! A model and labelled patients into figures, with the engine that the browser runs.

pub mod calibration;
pub mod inspect;
mod mirror;
pub mod predict;
pub mod report;
pub mod review;
pub mod score;
pub mod statistics;
pub mod thresholds;

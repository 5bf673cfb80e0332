//! Labelled patients and a recipe into a fitted network: the loop, its steps and what they need.

pub mod adaptation;
pub mod average;
pub mod batch;
pub mod config;
pub mod device;
pub mod epoch;
pub mod fitting;
pub mod loss;
pub mod nadam;
pub mod optimizer;
pub mod run;
pub mod schedule;
pub mod speed;
pub mod start;
pub mod step;
pub mod watch;

//! Weights and figures into what others read: a packaged model with its card, a report, charts.

pub mod card;
pub mod evaluate;
pub mod figure;
pub mod index;
pub mod package;
pub mod page;
pub mod peers;
pub mod plots;
pub mod provenance;
pub mod repack;
pub mod untrained;

//! How a network is corrected: by a simulated clinician as it learns, by robots and by carrying as it is measured; and peers by
//! the same robots.

pub mod answerer;
pub mod between;
pub mod carry;
pub mod clinician;
mod network;
pub mod peer;
pub mod refine;
pub mod refinement;
pub mod robot;

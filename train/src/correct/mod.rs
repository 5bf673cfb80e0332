//! How a network is corrected: by a simulated clinician as it learns, by robots and by carrying as it is measured.

pub mod carry;
pub mod clinician;
pub mod refine;
pub mod robot;

//! Patients made harder: what is measured besides slices as a scanner made them.

pub mod missing;
pub mod noise;
pub mod photograph;
pub mod picture;

//! A folder of labelled patients, and how it is divided and described.

pub mod card;
pub mod error;
pub mod lgg;
pub mod patient;
pub mod split;

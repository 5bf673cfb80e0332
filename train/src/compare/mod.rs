//! Networks of a list, fitted by one recipe to the same patients, into one table.

mod comparison;
mod figures;
mod outcome;
mod run;
mod table;

pub use run::{Comparing, compare};

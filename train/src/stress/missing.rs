//! Patients of whom a study lacks sequences.

use clap::ValueEnum;

use crate::data::patient::{LabelledSlice, Patient};

/// A sequence that a study may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Missing {
    /// Pre-contrast.
    Pre = 0,
    /// Post-contrast.
    Post = 2,
}

/// The patient with FLAIR in place of these sequences, as the page reads a study that lacks them.
pub fn without(patient: &Patient, missing: &[Missing]) -> Patient {
    patient.with_slices(|labelled| LabelledSlice {
        slice: missing.iter().fold(labelled.slice.clone(), |slice, &missing| slice.without(missing as usize)),
        ..labelled.clone()
    })
}

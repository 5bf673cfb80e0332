//! Why volumes do not go together, why nothing is written of them, and what was decided to read a label.

use study::{Assumption, CompositeError, RegistrationError, SurfaceError, WriteError};

use super::{Explained, Values, bare, count, tenths, word};

impl Explained for CompositeError {
    fn key(&self) -> (&'static str, Values) {
        let Self::Unplaced(first, second) = self;
        ("unplaced", vec![word("first", first), word("second", second)])
    }
}

impl Explained for RegistrationError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Unspaced => bare("register-unspaced"),
            Self::Unplaced => bare("register-unplaced"),
            Self::Empty => bare("register-empty"),
            Self::Overlap(share) => ("register-overlap", vec![count("percent", (100.0 * share).round() as u64)]),
            Self::Unsure(mm) => ("register-unsure", vec![tenths("mm", *mm)]),
            Self::Unlike => bare("register-unlike"),
            Self::Cancelled => bare("register-cancelled"),
        }
    }
}

impl Explained for SurfaceError {
    fn key(&self) -> (&'static str, Values) {
        bare(match self {
            Self::Unspaced => "surface-unspaced",
            Self::Empty => "surface-empty",
        })
    }
}

impl Explained for WriteError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::NoReference => bare("write-no-reference"),
            Self::Empty => bare("write-empty"),
            Self::Write(detail) => ("write-failed", vec![word("detail", detail)]),
        }
    }
}

impl Explained for Assumption {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Together(names) => ("seg-together", vec![word("names", names)]),
            Self::Chosen { taken, left } => ("seg-chosen", vec![word("taken", taken), word("left", left)]),
            Self::Half(most) => ("seg-half", vec![word("most", most)]),
            Self::Threshold(threshold) => ("seg-threshold", vec![word("threshold", threshold)]),
        }
    }
}

//! What a person takes along is written by a part of the program.

use protocol::ExportFormat;
use wasm_split_helpers::wasm_split;

use super::Results;
use crate::parts::{self, Fetched};

/// What can be taken along of what is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Save {
    /// What the worker writes of the study's mask.
    Files(ExportFormat),
    /// The slice with its mask as a picture.
    Overlay,
    /// The slice's mask as a picture on its grid.
    Mask,
    /// The figures, as a table or as JSON.
    Measures {
        /// As a table.
        as_table: bool,
    },
    /// The studies of the patient, as a table.
    Timeline,
}

impl Results {
    /// Saves something of what is on screen.
    pub fn save(self, what: Save) {
        parts::perform(self.documents.notices(), save(self, what));
    }
}

#[wasm_split(saving, fallible)]
fn save(results: Results, what: Save) -> Fetched<()> {
    match what {
        Save::Files(format) => results.export(format),
        Save::Overlay => results.save_overlay(),
        Save::Mask => results.save_mask(),
        Save::Measures { as_table } => results.save_measures(as_table),
        Save::Timeline => results.save_timeline(),
    }
    Ok(())
}

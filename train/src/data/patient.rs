//! One patient: slices with what experts marked on them.

use imaging::{Mask, Slice, Statistics};

/// One patient with all slices, in order.
pub struct Patient {
    /// Name of the folder.
    pub name: String,
    /// Slices from the first to the last.
    pub slices: Vec<LabelledSlice>,
    /// How bright all slices of the volume are, those held back by a leaky split included.
    pub statistics: Statistics,
}

impl Patient {
    /// The patient with nothing marked on any slice.
    pub fn without_labels(mut self) -> Self {
        for LabelledSlice { label, .. } in &mut self.slices {
            *label = Mask::new(label.width(), label.height(), vec![false; label.pixels().len()]);
        }
        self
    }

    /// The patient with every slice changed, and the statistics of what came of it.
    pub fn with_slices(&self, change: impl Fn(&LabelledSlice) -> LabelledSlice) -> Self {
        let slices: Vec<_> = self.slices.iter().map(change).collect();
        let statistics = Statistics::of(slices.iter().map(|labelled| &labelled.slice));
        Self { name: self.name.clone(), slices, statistics }
    }
}

/// A slice and what experts marked on it.
#[derive(Clone)]
pub struct LabelledSlice {
    /// Number in the file's name.
    pub number: u32,
    /// The image.
    pub slice: Slice,
    /// The experts' mask, on the same grid.
    pub label: Mask,
}

//! Ways to the slices that matter: those with tumour, and the one with most of it.

use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;

impl Annotation {
    /// Puts the next slice of the study with a mask on screen (1), or the one before (-1).
    pub fn to_marked_slice(self, step: isize) {
        let (Some(study), Some(here)) =
            (untrack(|| self.documents.study_on_screen()), self.documents.selected.get_untracked())
        else {
            return;
        };
        let slices: Vec<FileId> = study.slice_ids().collect();
        let marked = |id: &&FileId| untrack(|| self.area_px(**id)) > 0;
        let next = match step {
            1 => slices.iter().filter(|id| **id > here).find(marked),
            _ => slices.iter().rev().filter(|id| **id < here).find(marked),
        };
        if let Some(id) = next {
            self.documents.select(*id);
        }
    }

    /// Puts the slice with the largest mask on screen.
    pub fn to_largest_slice(self) {
        let Some(study) = untrack(|| self.documents.study_on_screen()) else { return };
        // Of equals the first.
        let areas = study.slice_ids().map(|id| (id, untrack(|| self.area_px(id))));
        if let Some((id, _)) = areas.rev().filter(|(_, area)| *area > 0).max_by_key(|(_, area)| *area) {
            self.documents.select(id);
        }
    }
}

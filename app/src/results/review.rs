//! The slices of the study on screen that a person should look at before its mask is used.

use imaging::{Reason, SliceState, review};
use leptos::prelude::*;
use protocol::FileId;

use super::Results;
use crate::annotation::Annotation;
use crate::annotation::edits::Edits;
use crate::documents::Documents;
use crate::inference::{Engine, Inference};

/// A slice to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ToReview {
    /// The slice.
    pub file: FileId,
    /// Its number, from 0.
    pub index: usize,
    /// Why.
    pub reason: Reason,
    /// Whether a person looked and found it right.
    pub accepted: bool,
}

/// The slices to look at, in order; none before every slice has an answer, since the ends of a mask are not known before.
pub(super) fn of_study(
    inference: Inference,
    documents: Documents,
    annotation: Annotation,
    accepted: RwSignal<Vec<FileId>>,
) -> Memo<Vec<ToReview>> {
    Memo::new(move |_| {
        let Some(study) = documents.study_on_screen().filter(|study| study.slices() > 1) else { return Vec::new() };
        if annotation.segmented_slices(&study) < study.slices() {
            return Vec::new();
        }
        let state = |file: FileId| SliceState {
            presence: annotation.segmentation_of(file).map(|found| found.presence),
            area_px: annotation.area_px(file),
            parts_removed: annotation.with_edits_at(file, Edits::lacks_small_parts),
            corrected: annotation.is_corrected(file),
        };
        let states: Vec<SliceState> = study.slice_ids().map(state).collect();
        let unsure = inference.engine.with(Engine::unsure);
        let item = |(index, reason)| {
            let file = study.slice_id(index);
            ToReview { file, index, reason, accepted: accepted.with(|all| all.contains(&file)) }
        };
        review(&states, &unsure).into_iter().map(item).collect()
    })
}

impl Results {
    /// Puts the next slice to look at on screen, after the last the first.
    pub fn to_next_review(self) {
        let here = self.documents.selected.get_untracked();
        let next = self.review.with_untracked(|all| {
            let open = || all.iter().filter(|item| !item.accepted);
            open().find(|item| Some(item.file) > here).or_else(|| open().next()).map(|item| item.file)
        });
        if let Some(file) = next {
            self.documents.select(file);
        }
    }

    /// A person looked at a slice and finds its mask right, or no longer does.
    pub fn toggle_accepted(self, file: FileId) {
        self.accepted.update(|all| match all.iter().position(|known| *known == file) {
            Some(at) => drop(all.remove(at)),
            None => all.push(file),
        });
    }

    /// The mask of the slice on screen is right, as a person sees it; the next slice to look at comes on screen.
    pub fn accept_slice(self) {
        let Some(file) = self.documents.selected.get_untracked() else { return };
        if !self.accepted.with_untracked(|all| all.contains(&file)) {
            self.toggle_accepted(file);
        }
        self.to_next_review();
    }

    /// Whether the slice on screen is among those to look at.
    pub fn is_to_review(self) -> bool {
        let here = self.documents.selected.get();
        self.review.with(|all| all.iter().any(|item| Some(item.file) == here && !item.accepted))
    }
}

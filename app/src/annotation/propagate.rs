//! A mask from slice to slice: the network draws each from its neighbour's.

use imaging::{Onward, Way, trust};
use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;
use super::step::{Shared, What};
use super::undo;
use crate::language::text;
use crate::notices::Severity;

/// A mask on its way through the slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrying {
    /// Where it comes from.
    pub origin: FileId,
    /// The way that it is on.
    pub way: Way,
    /// The slice that it put on screen last: once another one is there, a person went elsewhere.
    pub at: FileId,
    /// Slices that it reached.
    pub slices: usize,
    /// The step that all of them are parts of.
    pub shared: Shared,
}

impl Annotation {
    /// Puts the next slice on screen, its mask drawn by the network from the mask on screen.
    pub fn carry_to_next(self) {
        if let Some(next) = untrack(move || self.documents.neighbour_of_same_size(1)) {
            self.stop_carrying();
            self.carry_to(next, None);
        }
    }

    /// Carries the mask from slice to slice, down and then up from the one on screen, until it is empty, meets a slice
    /// that was corrected, or has no slice of its size to go to.
    pub fn carry_through(self) {
        let Some(origin) = self.documents.selected.get_untracked() else { return };
        self.stop_carrying();
        let shared = Shared { group: self.fresh_number(), what: What::Propagated };
        self.carrying.set(Some(Carrying { origin, way: Way::Down, at: origin, slices: 0, shared }));
        self.carry_onward();
    }

    /// Carries no further; what was carried stays, as one step.
    pub fn stop_carrying(self) {
        let Some(Carrying { origin, slices, shared, .. }) = self.carrying.get_untracked() else { return };
        self.carrying.set(None);
        if slices > 0 {
            let study = self.documents.study_of(origin);
            let all = study.map_or_else(|| vec![origin], |study| study.slice_ids().collect());
            self.edits.update(|edits| undo::take(edits, shared, all.into_iter().map(|id| (id, None))));
        }
    }

    /// The next step of [`Self::carry_through`], once the slice on screen has its answer.
    pub fn carry_onward(self) {
        let Some(carrying) = self.carrying.get_untracked() else { return };
        if self.documents.selected.get_untracked() != Some(carrying.at) {
            return self.stop_carrying();
        }
        if self.inference.running.get_untracked().is_some() {
            return;
        }
        let is_empty = self.mask.with_untracked(|mask| mask.as_ref().is_none_or(|mask| mask.area_px() == 0));
        let corrected = |file: &FileId| untrack(|| self.is_corrected(*file));
        let next = untrack(move || self.documents.neighbour_of_same_size(carrying.way.step()));
        match carrying.way.onward(!is_empty, next.filter(|next| !corrected(next))) {
            Onward::To(next) => {
                self.carrying.set(Some(Carrying { slices: carrying.slices + 1, at: next, ..carrying }));
                self.carry_to(next, Some(carrying.shared));
            }
            Onward::Turn => {
                self.carrying.set(Some(Carrying { way: Way::Up, at: carrying.origin, ..carrying }));
                self.documents.select(carrying.origin);
                self.carry_onward();
            }
            Onward::Done => {
                self.stop_carrying();
                self.documents.select(carrying.origin);
                let text = match carrying.slices {
                    0 => text!("propagated-nowhere"),
                    count => text!("propagated", count),
                };
                self.documents.notify_here(Severity::Info, text);
            }
        }
    }

    fn carry_to(self, file: FileId, shared: Option<Shared>) {
        let Some(previous) = self.mask.get_untracked() else { return };
        // A mask that was handed over stands before the network has looked.
        let trust = self.automatic_mask.get_untracked().map_or(0.0, |own| trust(&own, &previous));
        self.documents.select(file);
        self.change(|edits| edits.carry(previous, trust, shared));
    }
}

//! A mask from slice to slice: the network draws each from its neighbour's.

use std::sync::Arc;

use imaging::{Mask, Onward, Way, trust};
use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;
use super::step::{Scope, Shared, What};
use super::undo;
use crate::language::text;
use crate::notices::Severity;

/// Where a mask is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Through all slices, down and then up from where it comes from.
    Through,
    /// Down to this slice and back up from there, so that every slice between has two answers.
    Between(FileId),
}

/// A mask on its way through the slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrying {
    /// Where it comes from.
    pub origin: FileId,
    /// Where it is to go.
    pub goal: Goal,
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
        if let Some(origin) = self.documents.selected.get_untracked() {
            self.set_out(origin, Goal::Through, What::Propagated);
        }
    }

    /// The two corrected slices around the one on screen, or beginning or ending there, with others between them.
    pub fn gap(self) -> Option<(FileId, FileId)> {
        let (study, here) = (self.documents.study_on_screen()?, self.documents.selected.get()?);
        gap(study.slice_ids().map(|id| (id, self.is_corrected(id))), here)
    }

    /// Draws the masks between two corrected slices from both, as one step.
    pub fn fill_gap(self) {
        if let Some((first, last)) = untrack(|| self.gap()) {
            self.documents.select(first);
            self.set_out(first, Goal::Between(last), What::Between);
        }
    }

    fn set_out(self, origin: FileId, goal: Goal, what: What) {
        self.stop_carrying();
        let shared = Shared { group: self.fresh_number(), what };
        self.carrying.set(Some(Carrying { origin, goal, way: Way::Down, at: origin, slices: 0, shared }));
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
        if let Goal::Between(last) = carrying.goal {
            return self.fill_onward(carrying, last);
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

    /// The next step of [`Self::fill_gap`]. Slices of a study have numbers in a row.
    fn fill_onward(self, carrying: Carrying, last: FileId) {
        let Carrying { origin, way, at, slices, shared, .. } = carrying;
        let between = (last.0 - origin.0 - 1) as usize;
        match way {
            Way::Down if at.0 + 1 < last.0 => {
                let next = FileId(at.0 + 1);
                self.carrying.set(Some(Carrying { slices: slices + 1, at: next, ..carrying }));
                self.carry_to(next, Some(shared));
            }
            Way::Down => {
                self.carrying.set(Some(Carrying { way: Way::Up, at: last, ..carrying }));
                self.documents.select(last);
                self.carry_onward();
            }
            Way::Up if at.0 - 1 > origin.0 => {
                let next = FileId(at.0 - 1);
                self.carrying.set(Some(Carrying { at: next, ..carrying }));
                let Some((previous, trust)) = self.handed_on() else { return };
                let Some(first) = untrack(|| self.map_of(next)) else { return };
                let share = (next.0 - origin.0) as f32 / (last.0 - origin.0) as f32;
                self.documents.select(next);
                self.change(|edits| edits.meet(shared.group, previous, Scope::Between { trust, first, share }));
            }
            Way::Up => {
                self.stop_carrying();
                self.documents.notify_here(Severity::Info, text!("between-filled", count = between));
            }
        }
    }

    fn carry_to(self, file: FileId, shared: Option<Shared>) {
        let Some((previous, trust)) = self.handed_on() else { return };
        self.documents.select(file);
        self.change(|edits| edits.carry(previous, trust, shared));
    }

    /// The mask on screen, and how far the network's own look at it is believed.
    fn handed_on(self) -> Option<(Arc<Mask>, f32)> {
        let mask = self.mask.get_untracked()?;
        // A mask that was handed over stands before the network has looked.
        let trust = self.automatic_mask.get_untracked().map_or(0.0, |own| trust(&own, &mask));
        Some((mask, trust))
    }
}

/// Of slices in order, each with whether it is corrected, the two corrected ones around `here`, or beginning or ending there, with
/// others between them.
fn gap(slices: impl Iterator<Item = (FileId, bool)>, here: FileId) -> Option<(FileId, FileId)> {
    let corrected: Vec<FileId> = slices.filter(|(_, corrected)| *corrected).map(|(id, _)| id).collect();
    let gaps = corrected.windows(2).map(|pair| (pair[0], pair[1])).filter(|(first, last)| last.0 - first.0 > 1);
    let around = |(first, last): &(FileId, FileId)| (first.0..=last.0).contains(&here.0);
    // The one that begins here before the one that ends here.
    gaps.filter(around).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_lies_around_the_slice_on_screen() {
        let at = |here: u32| {
            let slices = (10..22).map(|id| (FileId(id), [12, 15, 16, 19].contains(&id)));
            gap(slices, FileId(here)).map(|(first, last)| (first.0, last.0))
        };
        for (here, expected) in [
            (11, None),
            (12, Some((12, 15))),
            (14, Some((12, 15))),
            (15, Some((12, 15))),
            (16, Some((16, 19))),
            (20, None),
        ] {
            assert_eq!(at(here), expected, "{here}");
        }
    }
}

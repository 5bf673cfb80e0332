//! What a person asks the network for, beside prompts.

use leptos::prelude::*;
use protocol::Gate;

use super::Annotation;
use crate::clock::since_navigation_ms;
use crate::inference::{Event, Progress};
use crate::language::text;
use crate::notices::Severity;

impl Annotation {
    /// Runs the decoder on the slice on screen although the presence head calls it empty.
    pub fn segment_anyway(self) {
        if let Some(file) = self.documents.selected.get_untracked() {
            self.inference.happened(Event::Wanted(file, Gate::Always));
        }
    }

    /// Stops the computation in progress; a prompt that it was for is undone.
    pub fn cancel(self) {
        self.inference.happened(Event::Stopped);
    }

    /// Lets the network be asked what the slice on screen still needs.
    pub fn attend(self) {
        self.inference.happened(Event::Attend);
    }

    /// Segments every slice of the study on screen that has no answer yet.
    pub fn segment_whole(self) {
        match untrack(move || self.documents.study_on_screen()) {
            Some(study) => self.inference.happened(Event::WholeWanted(study.info.study, since_navigation_ms())),
            None if self.documents.selected.with_untracked(Option::is_some) => {
                self.documents.notify_here(Severity::Info, text!("no-volume"));
            }
            None => {}
        }
    }

    /// How far the study that is being segmented is.
    pub fn whole_progress(self) -> Option<Progress> {
        let whole = self.inference.whole.get()?;
        let study = self.documents.study(whole.study)?;
        let done = self.answered_slices(&study);
        Some(Progress::of(whole, done, study.slices(), since_navigation_ms(), self.inference.cores()))
    }

    /// Computes the slice on screen again.
    pub fn segment_again(self) {
        if let Some(file) = self.documents.selected.get_untracked() {
            self.inference.happened(Event::Wanted(file, Gate::Presence));
        }
    }
}

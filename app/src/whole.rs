//! All slices of a study, one after the other and on further cores at once, while whatever a person asks for goes first.

use leptos::prelude::*;
use protocol::{FileId, Gate, StudyId};

use crate::devices::Workers;
use crate::notice::{About, Severity};
use crate::picture::Owner;
use crate::session::{Engine, Question, Session};
use crate::study::Study;

/// A study on its way through the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// Which.
    pub study: StudyId,
    /// Its slices that had an answer at the beginning.
    pub known_before: usize,
    /// When it began, in ms of the page's clock.
    pub started_ms: f64,
}

/// How far a study is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Which.
    pub study: StudyId,
    /// Slices with an answer.
    pub done: usize,
    /// All slices.
    pub total: usize,
    /// Seconds that the others will take, once one is done.
    pub left_secs: Option<f64>,
    /// Cores at work.
    pub cores: usize,
}

impl Session {
    /// Segments every slice of the study on screen that has no answer yet.
    pub fn segment_whole(self) {
        let Some(study) = untrack(move || self.study_on_screen()) else {
            if self.selected.with_untracked(Option::is_some) {
                let text = "This slice is open by itself, so there is no volume to segment. Open its study: a folder of \
                            DICOM files, a zip, or NIfTI.";
                self.notify_here(Severity::Info, text.into());
            }
            return;
        };
        if !self.engine.with_untracked(Engine::is_ready) {
            return self.notify_here(Severity::Info, "The engine is not ready yet; try again in a moment.".into());
        }
        if self.is_being_segmented(study.info.study) {
            return;
        }
        self.whole.set(Some(Whole {
            study: study.info.study,
            known_before: self.answered_slices(&study),
            started_ms: now_ms(),
        }));
        self.attend();
    }

    /// How far the study that is being segmented is.
    pub fn whole_progress(self) -> Option<Progress> {
        let whole = self.whole.get()?;
        let study = self.study(whole.study)?;
        let (done, total) = (self.answered_slices(&study), study.slices());
        let fresh = done.saturating_sub(whole.known_before);
        let each = (now_ms() - whole.started_ms) / 1000.0 / fresh.max(1) as f64;
        let left_secs = (fresh > 0).then_some(each * (total - done) as f64);
        let cores = 1 + self.workers.with_value(Workers::helping);
        Some(Progress { study: whole.study, done, total, left_secs, cores })
    }

    /// Whether a study is the one that is being segmented.
    pub(crate) fn is_being_segmented(self, study: StudyId) -> bool {
        self.whole.with_untracked(|whole| whole.as_ref().is_some_and(|whole| whole.study == study))
    }

    /// The study that is being segmented.
    pub(crate) fn study_being_segmented(self) -> Option<Study> {
        self.study(self.whole.with_untracked(|whole| whole.as_ref().map(|whole| whole.study))?)
    }

    /// Slices of a study that nothing is known of.
    pub(crate) fn unanswered_slices(self, study: &Study) -> Vec<FileId> {
        self.segmentations.with_untracked(|known| study.slice_ids().filter(|id| !known.contains_key(id)).collect())
    }

    /// The next question of the study that is being segmented, where nothing else is to be asked.
    pub(crate) fn go_on_with_the_whole(self) {
        let Some(study) = self.study_being_segmented() else { return self.drop_question() };
        let open = self.unanswered_slices(&study);
        let helped = self.workers.with_value(Workers::helped);
        let next = open.iter().find(|id| !helped.contains(id));
        let busy = self
            .running
            .get_untracked()
            .is_some_and(|running| running.question == Question::Automatic && study.holds(running.file));
        match next {
            _ if busy => {}
            Some(&next) => self.ask(next, Gate::Presence),
            // Helpers have the rest.
            None if !open.is_empty() => self.drop_question(),
            None => {
                self.whole.set(None);
                self.drop_question();
                let erased = self.erase_small_parts(&study);
                let with_tumor = self.masks.with_untracked(|masks| {
                    study.slice_ids().filter(|id| masks.get(id).is_some_and(|found| found.area_px > 0)).count()
                });
                let mut text = match study.slices() {
                    1 => "The one slice is segmented.".into(),
                    slices => format!("All {slices} slices are segmented; the mask is on {with_tumor} of them."),
                };
                if let Some(erased) = erased {
                    text +=
                        &format!(" Small parts away from the tumour were left out, {erased}; undo brings them back.");
                }
                self.notify_about(About::Of(Owner::Study(study.info.study)), Severity::Info, text);
            }
        }
    }

    /// Slices of a study that the network has answered for.
    pub fn answered_slices(self, study: &Study) -> usize {
        self.segmentations.with(|known| study.slice_ids().filter(|id| known.contains_key(id)).count())
    }
}

/// The page's clock.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

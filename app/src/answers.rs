//! What the scheduler asks of the page, and what the page does about its actions.

use std::sync::Arc;

use imaging::{ClickKind, Mask, ProbabilityMap};
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{Click, FileId, FromWorker, StudyId, ToWorker};

use crate::edits::{Clicks, Edits, Scope};
use crate::inference::{Answer, Book, Page, Question, Running};
use crate::notice::{About, Action, Severity};
use crate::picture::{Owner, Picture};
use crate::session::{Segmentation, Session};
use crate::told;

impl Book for Session {
    fn on_screen(&self) -> Option<FileId> {
        self.selected.get_untracked().filter(|_| self.picture.with_untracked(Option::is_some))
    }

    fn is_in_study(&self, file: FileId) -> bool {
        self.entry(file).is_some_and(|entry| entry.study().is_some())
    }

    fn is_answered(&self, file: FileId) -> bool {
        self.segmentations.with_untracked(|all| all.contains_key(&file))
    }

    fn has_open_prompts(&self, file: FileId) -> bool {
        self.edits.with_untracked(|all| all.get(&file).is_some_and(|edits| edits.unanswered().is_some()))
    }

    fn slices(&self, study: StudyId) -> Vec<FileId> {
        self.study(study).map(|study| study.slice_ids().collect()).unwrap_or_default()
    }
}

impl Page for Session {
    fn message(&self, Running { request, file, question }: Running) -> Option<ToWorker<Uint8Array>> {
        if let Question::Automatic(gate) = question {
            return Some(ToWorker::Segment { request, file, gate });
        }
        let unanswered = self.edits.with_untracked(|all| all.get(&file).and_then(|edits| edits.unanswered().cloned()));
        let Clicks { clicks, previous, scope, .. } = unanswered?;
        let tumor = |kind| kind == ClickKind::Tumor;
        let clicks =
            clicks.into_iter().map(|click| Click { x: click.x, y: click.y, tumor: tumor(click.kind) }).collect();
        let marks = |mask: Arc<Mask>| mask.pixels().iter().map(|&marked| u8::from(marked)).collect::<Vec<u8>>();
        let previous = previous.map(|mask| Uint8Array::from(&marks(mask)[..]).into());
        let fresh = match scope {
            Scope::Around(clicks, _) => clicks.len(),
            Scope::Whole | Scope::Beside { .. } | Scope::Given => 0,
        };
        Some(ToWorker::Refine { request, file, clicks, fresh, previous })
    }

    fn take(&self, file: FileId, question: Question, Answer { presence, probabilities, times }: Answer) {
        // The slice may have been closed on the way.
        let Some((width, height)) = self.size_of(file) else { return };
        let map = probabilities.map(|values| ProbabilityMap::new(width, height, values));
        match (question, map) {
            (Question::Prompts, Some(map)) => self.answered(file, map),
            (_, map) => {
                let map = map.map(Arc::new);
                self.segmentations
                    .update(|all| drop(all.insert(file, Arc::new(Segmentation { presence, map, times }))));
                self.refresh(file);
                self.look_on(file);
            }
        }
    }

    fn stopped(&self, prompted: Option<FileId>) {
        self.stop_carrying();
        let Some(file) = prompted else { return };
        self.edits.update(|all| {
            all.get_mut(&file).map(Edits::undo);
        });
        self.refresh(file);
    }

    fn model_is_ready(&self) {
        // The model's threshold is known now.
        let corrected: Vec<FileId> = self.edits.with_untracked(|all| all.keys().copied().collect());
        corrected.into_iter().for_each(|file| self.refresh(file));
    }

    fn finished(&self, study: StudyId) {
        let Some(study) = self.study(study) else { return };
        let erased = self.erase_small_parts(&study);
        let with_tumor = self.masks.with_untracked(|masks| {
            study.slice_ids().filter(|id| masks.get(id).is_some_and(|found| found.area_px > 0)).count()
        });
        let mut text = match study.slices() {
            1 => "The one slice is segmented.".into(),
            slices => format!("All {slices} slices are segmented; the mask is on {with_tumor} of them."),
        };
        if let Some(erased) = erased {
            text += &format!(" Small parts away from the tumour were left out, {erased}; undo brings them back.");
        }
        self.notify_about(About::Of(Owner::Study(study.info.study)), Severity::Info, text);
    }

    fn tell(&self, severity: Severity, text: String) {
        self.notify(severity, text);
    }

    fn hear(&self, message: FromWorker<Uint8Array>) {
        match message {
            FromWorker::Opened { file, info, others, planes, marks } => {
                let picture = Picture::lone(file, info, &planes.buffer.to_vec());
                self.opened(file, picture, others, &marks.buffer.to_vec());
            }
            FromWorker::Framed { file, view } => self.framed(file, view),
            FromWorker::Found { file, name } => self.found(file, name),
            FromWorker::Kept { file } => {
                self.read(file);
                self.adopt_orphans();
            }
            FromWorker::StudyOpened { info, stored } => self.opened_study(*info, stored),
            FromWorker::Choices { study, choices, volumes } => self.offered(study, choices, volumes),
            FromWorker::Marked { study, name, own, also_fits, marks } => {
                self.marked(study, &name, own, also_fits, &marks.buffer.to_vec());
            }
            FromWorker::Stackable { files, name } => {
                let text = told::stackable(&name, files.len());
                self.notify_with(Severity::Info, text, Some(Action::Stack { files, name }));
            }
            FromWorker::Exported { study, format, bytes } => self.save_export(study, format, &bytes.buffer),
            FromWorker::Noted(remark) => self.notify_of_drop(Severity::Info, told::remark(&remark)),
            FromWorker::Refused(problem) => self.notify_of_drop(Severity::Error, told::problem(&problem)),
            FromWorker::Rejected { file, problem } => {
                self.read(file);
                self.notify_of_drop(Severity::Error, told::problem(&problem));
                self.adopt_orphans();
            }
            // Of the worker's start and of questions: the scheduler deals with them.
            FromWorker::Hello
            | FromWorker::Loading { .. }
            | FromWorker::Probing
            | FromWorker::Ready(_)
            | FromWorker::Failed(_)
            | FromWorker::Lent { .. }
            | FromWorker::Segmented { .. }
            | FromWorker::SegmentFailed { .. } => {}
        }
    }

    fn settled(&self) {
        self.carry_onward();
    }
}

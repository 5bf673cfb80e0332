//! Answers of the network, and slices that come, change and go.

use std::sync::Arc;

use imaging::{Mask, ProbabilityMap, Size};
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, Point, Prompt, ToWorker};

use super::edits::Edits;
use super::step::{Edit, Prompts, Scope, What};
use super::tool::Tool;
use super::{Annotation, Segmentation};
use crate::documents::study::Study;
use crate::inference::{Answer, Engine, Question, Running};
use crate::language::text;
use crate::notices::Severity;

impl Annotation {
    /// A question in the worker's terms; none if it does not hold any more.
    pub fn question(self, Running { request, file, question }: Running) -> Option<ToWorker<Uint8Array>> {
        if let Question::Automatic(gate) = question {
            return Some(ToWorker::Segment { request, file, gate });
        }
        let unanswered = match question {
            Question::Foreseen => self.foreseen_question(file),
            _ => self.edits.with_untracked(|all| all.get(&file).and_then(|edits| edits.unanswered().cloned())),
        };
        let Prompts { prompts, previous, scope, .. } = unanswered?;
        let place = |at: &imaging::Point| Point { x: at.x, y: at.y };
        let prompts = prompts.iter().map(|prompt| Prompt {
            line: prompt.line().iter().map(place).collect(),
            closed: prompt.is_loop(),
            tumor: prompt.is_tumor(),
        });
        let marks = |mask: Arc<Mask>| mask.pixels().iter().map(|&marked| u8::from(marked)).collect::<Vec<u8>>();
        let previous = previous.map(|mask| Uint8Array::from(&marks(mask)[..]).into());
        let fresh = match scope {
            Scope::Around(prompts, _) => prompts.len(),
            Scope::Whole | Scope::Beside { .. } | Scope::Between { .. } | Scope::Given => 0,
        };
        Some(ToWorker::Refine { request, file, prompts: prompts.collect(), fresh, previous })
    }

    /// Takes an answer of the network up.
    pub fn take_answer(self, file: FileId, question: Question, Answer { presence, probabilities, times }: Answer) {
        // The slice may have been closed on the way.
        let Some(Size { width, height }) = self.documents.size_of(file) else { return };
        let map = probabilities.map(|values| ProbabilityMap::new(width, height, values));
        if matches!(question, Question::Prompts | Question::Foreseen) {
            self.prompt_took(times.normalize_ms + times.forward_ms);
        }
        match (question, map) {
            (Question::Foreseen, map) => map.into_iter().for_each(|map| self.foresaw(file, map)),
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

    /// The network has looked at a head of a picture: if it marks nothing, it looks at the next one, until a tumour is found
    /// or all have been seen.
    fn look_on(self, file: FileId) {
        if untrack(|| self.area_px(file) > 0 || self.is_corrected(file)) {
            self.documents.stop_looking_on(file);
        } else {
            self.documents.look_on(file);
        }
    }

    /// Nothing is computed any more: takes the prompt back that was being answered on a slice.
    pub fn stopped(self, prompted: Option<FileId>) {
        self.stop_carrying();
        let Some(file) = prompted else { return };
        self.edits.update(|all| {
            all.get_mut(&file).map(Edits::undo);
        });
        self.refresh(file);
    }

    /// The model takes no prompts: takes those of a slice back that wait for an answer, and says so.
    pub fn refuse_prompts(self, file: FileId) {
        self.stop_carrying();
        self.edits.update(|all| {
            all.get_mut(&file).map(Edits::refuse_unanswered);
        });
        self.refresh(file);
        self.documents.notify_here(Severity::Info, text!("no-prompts"));
    }

    /// The model's own threshold is known from now on, and whether there is use for a tool that prompts.
    pub fn model_is_known(self) {
        if !self.inference.engine.with_untracked(Engine::takes_prompts)
            && self.tool.with_untracked(|tool| tool.prompts())
        {
            self.tool.set(Tool::Brush);
        }
        let corrected: Vec<FileId> = self.edits.with_untracked(|all| all.keys().copied().collect());
        corrected.into_iter().for_each(|file| self.refresh(file));
    }

    /// Whether the network has said what it marks on a slice on its own.
    pub fn is_answered(self, file: FileId) -> bool {
        self.segmentations.with_untracked(|all| all.contains_key(&file))
    }

    /// Whether a slice has prompts that the network has not answered.
    pub fn has_open_prompts(self, file: FileId) -> bool {
        self.edits.with_untracked(|all| all.get(&file).is_some_and(|edits| edits.unanswered().is_some()))
    }

    /// Slices have other numbers: what the network said of them no longer holds.
    pub fn outdate(self, files: &[FileId]) {
        self.segmentations.update(|all| all.retain(|id, _| !files.contains(id)));
        // What the program did with the former answers goes with them.
        self.edits.update(|all| {
            for id in files {
                all.entry(*id).and_modify(Edits::forget_the_programs);
            }
        });
        self.refresh_all(files);
    }

    /// Takes this program's own masks, read from a file, as one step over a study.
    pub fn take_from_file(self, study: &Study, masks: impl Iterator<Item = Mask>) {
        let given = |mask: Mask| Some(Edit::Prompts(Prompts::given(&mask, Vec::new())));
        self.take_on_many(What::FromFile, study.slice_ids().zip(masks.map(given)));
    }

    /// Forgets everything about slices that are closed for good.
    pub fn forget(self, files: &[FileId]) {
        self.segmentations.update(|all| all.retain(|id, _| !files.contains(id)));
        self.edits.update(|all| all.retain(|id, _| !files.contains(id)));
        self.masks.update(|all| all.retain(|id, _| !files.contains(id)));
        self.saved(files.iter().copied());
        self.saved_measures(files.iter().copied());
    }
}

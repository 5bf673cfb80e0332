//! The stores, the workers and what connects them: the only room that knows all others but the screen.

mod closing;
mod opening;
mod pacs;
mod session;

use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, FromWorker, Problem, StudyId, ToWorker};

use crate::annotation::{Annotation, Erased};
use crate::documents::Documents;
use crate::documents::doubt::Doubt;
use crate::documents::picture::Picture;
use crate::documents::registering::Of;
use crate::inference::{Answer, Book, Event, Inference, Page, Question, Running};
use crate::language::{Text, text};
use crate::notices::{Action, Notices, Severity, told};
use crate::offline::Offline;
use crate::owner::Owner;
use crate::pacs::Pacs;
use crate::preview::Preview;
use crate::results::Results;
use crate::viewport::Viewport;
use closing::Closed;
use session::Waiting;

/// Everything that the page holds. Copies are the same.
#[derive(Clone, Copy)]
pub struct App {
    /// The network.
    pub inference: Inference,
    /// Messages on screen.
    pub notices: Notices,
    /// What is open.
    pub documents: Documents,
    /// What the network and a person say of it.
    pub annotation: Annotation,
    /// What is looked at.
    pub viewport: Viewport,
    /// What follows.
    pub results: Results,
    /// The PACS of the site's host.
    pub pacs: Pacs,
    /// The slice of the first screen.
    pub preview: Preview,
    /// Whether the help is shown.
    pub help_shown: RwSignal<bool>,
    closed: RwSignal<Vec<Closed>>,
    /// How often something was closed.
    closings: StoredValue<u32>,
    /// What of a session file has still to find its images.
    waiting: StoredValue<Waiting>,
}

impl App {
    /// Empty stores, with the workers starting.
    pub fn start() -> Self {
        let inference = Inference::new();
        let notices = Notices::default();
        let documents = Documents::new(inference, notices);
        let annotation = Annotation::new(inference, notices, documents);
        let viewport = Viewport::new(documents);
        let results = Results::new(inference, documents, annotation, viewport);
        let preview = Preview::new(inference, documents);
        let pacs = Pacs::new(notices);
        let app = Self {
            inference,
            notices,
            documents,
            annotation,
            viewport,
            results,
            pacs,
            preview,
            help_shown: RwSignal::new(false),
            closed: RwSignal::new(Vec::new()),
            closings: StoredValue::new(0),
            waiting: StoredValue::new(Waiting::default()),
        };
        inference.open(app);
        // The slice on screen is always the one being computed, or has its answer.
        Effect::new(move |_| {
            documents.picture.track();
            if let Some(file) = documents.selected.get() {
                untrack(|| annotation.freshen(file));
            }
            inference.happened(Event::Looked);
        });
        app
    }

    /// Hands every store to the components: each asks for the one that it needs.
    pub fn provide(self) {
        provide_context(self.inference);
        provide_context(self.notices);
        provide_context(self.documents);
        provide_context(self.annotation);
        provide_context(self.viewport);
        provide_context(self.results);
        provide_context(self.pacs);
        provide_context(self.preview);
        provide_context(Offline::start(self.inference));
        provide_context(self);
    }
}

impl Book for App {
    fn on_screen(&self) -> Option<FileId> {
        match self.documents.selected.get_untracked() {
            Some(file) => self.documents.picture.with_untracked(Option::is_some).then_some(file),
            None => self.preview.asks(),
        }
    }

    fn is_in_study(&self, file: FileId) -> bool {
        self.documents.entry(file).is_some_and(|entry| entry.study().is_some())
    }

    fn is_answered(&self, file: FileId) -> bool {
        self.annotation.is_answered(file)
    }

    fn is_withheld(&self, file: FileId) -> bool {
        untrack(|| self.documents.doubt_of(file)) == Some(Doubt::NoFlair)
    }

    fn has_open_prompts(&self, file: FileId) -> bool {
        self.annotation.has_open_prompts(file)
    }

    fn slices(&self, study: StudyId) -> Vec<FileId> {
        self.documents.study(study).map(|study| study.slice_ids().collect()).unwrap_or_default()
    }
}

impl Page for App {
    fn message(&self, running: Running) -> Option<ToWorker<Uint8Array>> {
        self.annotation.question(running)
    }

    fn take(&self, file: FileId, question: Question, answer: Answer) {
        if self.preview.is(file) {
            return self.preview.take_answer(answer);
        }
        self.annotation.take_answer(file, question, answer);
        if self.documents.selected.get_untracked() == Some(file)
            && let Some(mask) = self.annotation.mask.get_untracked()
            && let Some(entry) = self.documents.entry(file)
        {
            self.viewport.aim_at_mask(entry.owner(), &mask);
        }
    }

    fn stopped(&self, prompted: Option<FileId>) {
        self.annotation.stopped(prompted);
    }

    fn refuse_prompts(&self, file: FileId) {
        self.annotation.refuse_prompts(file);
    }

    fn model_is_ready(&self) {
        self.annotation.model_is_known();
    }

    fn finished(&self, study: StudyId) {
        let Some(study) = self.documents.study(study) else { return };
        let erased = self.annotation.erase_small_parts(&study);
        let with_tumor = untrack(|| study.slice_ids().filter(|id| self.annotation.area_px(*id) > 0).count());
        let mut text = text!("all-segmented", count = study.slices(), marked = with_tumor);
        if let Some(Erased { pixels, slices }) = erased {
            let erased = text!("small-parts-erased", count = pixels, slices);
            text = text!("two-sentences", first = text, second = erased);
        }
        self.notices.of(Some(Owner::Study(study.info.study)), Severity::Info, text);
    }

    fn tell(&self, severity: Severity, text: Text) {
        self.notices.page(severity, text);
    }

    fn hear(&self, message: FromWorker<Uint8Array>) {
        match message {
            FromWorker::Opened { file, info, others, planes, marks } => {
                let picture = Picture::lone(file, info, &planes.buffer.to_vec());
                if self.preview.is(file) {
                    return self.preview.opened(picture);
                }
                self.opened(file, picture, others, &marks.buffer.to_vec());
            }
            FromWorker::Framed { file, view } => self.framed(file, view),
            FromWorker::Unpacked { file, name } => self.documents.unpacked(file, name),
            FromWorker::Kept { file } => {
                self.documents.read(file);
                self.documents.adopt_orphans();
            }
            FromWorker::StudyOpened { info, stored } => self.opened_study(*info, stored),
            FromWorker::Choices { study, choices, volumes } => self.documents.offered(study, choices, volumes),
            FromWorker::Marked { study, name, own, also_fits, marks } => {
                self.marked(study, &name, own, also_fits, &marks.buffer.to_vec());
            }
            FromWorker::Stackable { files, name } => {
                let text = told::stackable(&name, files.len());
                self.notices.offer(text, Action::Stack { files, name });
            }
            FromWorker::Exported { study, format, bytes } => self.written(study, format, bytes.buffer),
            FromWorker::SessionPacked { bytes } => self.save_packed_session(&bytes.buffer),
            FromWorker::Session { name, session, maps } => {
                self.take_session(name, *session, maps.buffer.to_vec());
            }
            FromWorker::Surfaces { study, onto, grid, tumor, head } => {
                self.results.take_surfaces(study, onto, grid, tumor, head);
            }
            FromWorker::Midline { study, plane, symmetry } => self.results.take_midline(study, plane, symmetry),
            FromWorker::Linking { fixed, moving, share } => {
                self.documents.registering.goes_on(Of::Studies(fixed, moving), share);
            }
            FromWorker::Linked { fixed, moving, link, back } => {
                self.results.compared.linked((fixed, moving), *link, *back)
            }
            FromWorker::NotLinked { fixed, moving, why } => {
                self.documents.registering.fail(Of::Studies(fixed, moving), why.into());
            }
            FromWorker::RegisteringSequence { study, sequence, share } => {
                self.documents.registering.goes_on(Of::Sequence(study, sequence), share);
            }
            FromWorker::SequenceRegistered { study, sequence, motion } => {
                self.documents.sequence_registered(study, sequence, motion);
            }
            FromWorker::SequenceNotRegistered { study, sequence, why } => {
                self.documents.registering.fail(Of::Sequence(study, sequence), why.into());
            }
            FromWorker::Noted(remark) => self.notices.latest_drop(Severity::Info, told::remark(&remark)),
            FromWorker::Refused(problem) => {
                let text = told::problem(&problem);
                let of_files = matches!(problem, Problem::NotWritten { .. } | Problem::MaskSize);
                if !(of_files && self.pacs.not_written(&text)) {
                    self.notices.latest_drop(Severity::Error, text);
                }
            }
            FromWorker::Rejected { file, .. } if self.preview.is(file) => self.preview.rejected(),
            FromWorker::Rejected { file, problem } => {
                self.documents.read(file);
                self.notices.latest_drop(Severity::Error, told::problem(&problem));
                self.documents.adopt_orphans();
            }
            // Of the worker's start and of questions: the scheduler deals with them.
            FromWorker::Hello
            | FromWorker::Loading { .. }
            | FromWorker::Probing
            | FromWorker::Ready(_)
            | FromWorker::Failed(_)
            | FromWorker::HandedOut { .. }
            | FromWorker::Segmented { .. }
            | FromWorker::SegmentFailed { .. } => {}
        }
    }

    fn settled(&self) {
        self.annotation.carry_onward();
    }
}

//! The slice of the first screen: one that comes with the page, and that the network outlines as soon as it can.
//!
//! It is no document: no list has it, nothing is saved of it, and it makes way for whatever a person opens.

use std::sync::Arc;

use imaging::{Mask, ProbabilityMap, Size};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{FileId, ToWorker};

use crate::documents::Documents;
use crate::documents::fetched;
use crate::documents::picture::Picture;
use crate::documents::samples::{LARGE, Sample};
use crate::inference::{Answer, Engine, Event, Inference};

/// The sample that it is.
pub const SAMPLE: Sample = LARGE;

/// What the network outlined on it.
#[derive(Debug)]
pub struct Outlined {
    /// The mask.
    pub mask: Mask,
    /// From its bytes to the mask, in milliseconds.
    pub time_ms: f64,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not here: something else is open, or on its way.
    Away,
    /// Its bytes are on their way.
    Coming,
    /// The worker has it.
    There(FileId),
    /// The worker needs it no more: it is outlined, or will never be.
    Over,
}

/// The slice of the first screen. Copies are the same.
#[derive(Clone, Copy)]
pub struct Preview {
    inference: Inference,
    documents: Documents,
    stage: RwSignal<Stage>,
    /// Its pixels.
    pub picture: RwSignal<Option<Arc<Picture>>>,
    /// What the network outlined.
    pub outlined: RwSignal<Option<Arc<Outlined>>>,
}

impl Preview {
    /// One that comes whenever nothing is open.
    pub fn new(inference: Inference, documents: Documents) -> Self {
        let (picture, outlined) = (RwSignal::new(None), RwSignal::new(None));
        let preview = Self { inference, documents, stage: RwSignal::new(Stage::Away), picture, outlined };
        Effect::new(move |_| {
            let wanted = documents.is_empty();
            untrack(|| preview.follow(wanted));
        });
        preview
    }

    /// The slice, if the network is to be asked about it.
    pub fn asks(self) -> Option<FileId> {
        self.there().filter(|_| self.picture.with_untracked(Option::is_some))
    }

    /// Whether the worker knows it by this name.
    pub fn is(self, file: FileId) -> bool {
        self.there() == Some(file)
    }

    /// Its pixels are here.
    pub fn opened(self, picture: Picture) {
        self.picture.set(Some(Arc::new(picture)));
        self.inference.happened(Event::Attend);
    }

    /// It cannot be read.
    pub fn rejected(self) {
        self.stage.set(Stage::Over);
    }

    /// Takes the network's answer up; the worker can forget the slice then.
    pub fn take_answer(self, Answer { probabilities, times, .. }: Answer) {
        let Some((file, picture)) = self.there().zip(self.picture.get_untracked()) else { return };
        let Size { width, height } = picture.size();
        let threshold = self.inference.engine.with_untracked(Engine::threshold);
        let map = match probabilities {
            Some(values) => ProbabilityMap::new(width, height, values),
            None => ProbabilityMap::empty(width, height),
        };
        let decode_ms = f64::from(picture.info.decode_us) / 1000.0;
        let time_ms = decode_ms + times.normalize_ms + times.forward_ms;
        self.outlined.set(Some(Arc::new(Outlined { mask: map.mask(threshold), time_ms })));
        self.documents.send(&ToWorker::Close { file });
        self.stage.set(Stage::Over);
    }

    fn there(self) -> Option<FileId> {
        match self.stage.get_untracked() {
            Stage::There(file) => Some(file),
            Stage::Away | Stage::Coming | Stage::Over => None,
        }
    }

    /// Comes where nothing else is open, and goes where something is.
    fn follow(self, wanted: bool) {
        match (self.stage.get_untracked(), wanted) {
            (Stage::Away, true) => {
                self.stage.set(Stage::Coming);
                spawn_local(self.come());
            }
            (Stage::Coming, false) => self.stage.set(Stage::Away),
            (Stage::There(file), false) => {
                self.stage.set(Stage::Away);
                self.inference.happened(Event::Closed(vec![file], None));
                self.documents.send(&ToWorker::Close { file });
            }
            _ => {}
        }
    }

    async fn come(self) {
        let bytes = fetched::sample(SAMPLE.files[0]).await;
        // A person may have opened something meanwhile: files of a drop must not be mixed with this one.
        if self.stage.get_untracked() != Stage::Coming || !untrack(|| self.documents.is_empty()) {
            return;
        }
        let Ok(bytes) = bytes else { return self.stage.set(Stage::Over) };
        let file = FileId(self.documents.fresh_id());
        self.stage.set(Stage::There(file));
        self.documents.send(&ToWorker::Open { file, name: SAMPLE.files[0].into(), bytes: bytes.into() });
        self.documents.send(&ToWorker::Settle { on_screen: None });
    }
}

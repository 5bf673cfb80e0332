//! What happens to the scheduler, and what it wants done: plain values, without the page or its workers.

use std::ops::Range;

use protocol::{DeviceKind, FileId, Gate, Ready, RequestId, StartFailure, StudyId};

use crate::language::Text;
use crate::notices::Severity;

/// Names one worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The first: it reads files and computes on the CPU.
    Files,
    /// Computes on WebGPU.
    Graphics,
    /// Computes on the CPU for as long as a whole volume takes. No number is used twice.
    Extra(u32),
}

/// What the network is asked of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What it marks on its own.
    Automatic(Gate),
    /// What it makes of the prompts.
    Prompts,
    /// What it would make of a prompt that nobody has given yet.
    Foreseen,
}

/// A question that is being computed for the slice on screen or for a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Names the answer.
    pub request: RequestId,
    /// The slice.
    pub file: FileId,
    /// What was asked.
    pub question: Question,
}

/// A study on its way through the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whole {
    /// Which.
    pub study: StudyId,
    /// Its slices that had an answer at the beginning.
    pub known_before: usize,
    /// When it began, in ms of the page's clock.
    pub started_ms: f64,
}

/// How far the engine is.
#[derive(Clone, Debug, PartialEq)]
pub enum Engine {
    /// Bytes arrive; a total of zero is not known yet.
    Loading {
        /// Bytes that have arrived.
        loaded: usize,
        /// Of so many.
        total: usize,
    },
    /// A device is tried.
    Probing(DeviceKind),
    /// Slices can be segmented.
    Ready(Ready),
    /// They cannot, for this reason.
    Failed(Text),
}

impl Engine {
    /// Whether slices can be segmented.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready(_))
    }

    /// Whether masks can be corrected by prompts; what is not known yet is taken to be as usual.
    pub fn takes_prompts(&self) -> bool {
        !matches!(self, Self::Ready(Ready { prompts: false, .. }))
    }

    /// Probability from which a pixel is tumour, unless a person says otherwise.
    pub fn threshold(&self) -> f32 {
        match self {
            Self::Ready(ready) => ready.threshold,
            _ => 0.5,
        }
    }
}

/// Borders of presence where no engine has named any.
const NO_BORDERS: [f32; 2] = [0.0, 1.0];

impl Engine {
    /// Probabilities below which no tumour and from which tumour is said to be found.
    pub fn presence_borders(&self) -> [f32; 2] {
        match self {
            Self::Ready(ready) => ready.presence_borders,
            _ => NO_BORDERS,
        }
    }

    /// Probabilities of tumour between those borders, of slices to look at.
    pub fn unsure(&self) -> Range<f32> {
        let [none_below, tumor_from] = self.presence_borders();
        none_below..tumor_from
    }
}

/// How the trial of WebGPU goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Trial {
    /// There is none, or it is over and there is nothing to say.
    None,
    /// It runs.
    Running,
    /// It is over, for this reason. Nothing is wrong, so the page tells it only to those who ask.
    Over(Text),
}

/// A wait that ends in [`Event::Waited`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A slice of a study came on screen; it is asked about if it is still there.
    Rest(FileId),
    /// WebGPU owes an answer since this mark.
    Graphics(u32),
}

/// What the page knows, as far as the scheduler asks.
pub trait Book {
    /// The slice on screen, once its numbers are here.
    fn on_screen(&self) -> Option<FileId>;
    /// Whether a slice belongs to a study.
    fn is_in_study(&self, file: FileId) -> bool;
    /// Whether the network has said what it marks on its own.
    fn is_answered(&self, file: FileId) -> bool;
    /// Whether a slice is not to be segmented before a person wants it.
    fn is_withheld(&self, file: FileId) -> bool;
    /// Whether a slice has prompts that the network has not answered.
    fn has_open_prompts(&self, file: FileId) -> bool;
    /// The slices of a study, in order; none if it is closed.
    fn slices(&self, study: StudyId) -> Vec<FileId>;
}

/// What happened. `S` is a slice as one worker hands it to another, `A` an answer of the network.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<S, A> {
    /// The page has opened.
    Opened,
    /// Another slice is on screen.
    Looked,
    /// A history or an answer changed, or somebody waits for the slice on screen.
    Attend,
    /// A person wants the slice to be segmented again.
    Wanted(FileId, Gate),
    /// A person wants a whole study.
    WholeWanted(StudyId, f64),
    /// A person may be about to click on a slice: what would follow is wanted, if nothing else is.
    Hovered(FileId),
    /// A person pressed Stop.
    Stopped,
    /// The prompts that are being answered do not hold any more.
    PromptsChanged,
    /// These slices have other numbers from now on.
    Outdated(Vec<FileId>),
    /// These slices are closed, with the study that they are of.
    Closed(Vec<FileId>, Option<StudyId>),
    /// A wait is over.
    Waited(Wait),
    /// Bytes of the model have arrived.
    Loading(Slot, usize, usize),
    /// The device is being tried.
    Probing(Slot),
    /// The model is on the device.
    Ready(Slot, Ready),
    /// It is not.
    Failed(Slot, StartFailure),
    /// A worker could not be started, or ended by itself.
    Died(Slot, String),
    /// The first worker hands out a slice for another one.
    HandedOut(FileId, S),
    /// A worker answers.
    Answered(Slot, RequestId, FileId, A),
    /// A worker cannot answer.
    AnswerFailed(Slot, RequestId, String),
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Action<S, A> {
    /// Start a worker.
    Start(Slot),
    /// End a worker, whatever it is doing.
    End(Slot),
    /// Put the model on the worker's device, which may take so many milliseconds for a slice.
    Load(Slot, Option<f64>),
    /// Put a question to a worker.
    Ask(Slot, Running),
    /// Let the first worker hand out a slice.
    HandOut(FileId),
    /// Give a slice to a worker that has no files.
    HandOver(Slot, S),
    /// Let a worker stop computing.
    Cancel(Slot),
    /// Let [`Event::Waited`] follow after a while.
    Wait(Wait),
    /// The answer counts. [`Event::Attend`] is to follow.
    Take(FileId, Question, A),
    /// Nothing is computed any more; the prompt that was being answered on a slice is taken back.
    Stopped(Option<FileId>),
    /// Show how far the engine is.
    Engine(Engine),
    /// Show how the trial of WebGPU goes.
    Trial(Trial),
    /// The model takes no prompts: those of a slice that wait for an answer are taken back, which is told. [`Event::Attend`] is to
    /// follow.
    Refuse(FileId),
    /// Tell the person.
    Tell(Severity, Text),
    /// Every slice of a study has its answer.
    Finished(StudyId),
}

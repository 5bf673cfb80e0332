//! The shell around the scheduler: web workers, timers, and the signals that show what they do.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use js_sys::{Float32Array, Reflect, Uint8Array};
use leptos::prelude::*;
use protocol::{DeviceKind, FileId, FromWorker, Numbers, SegmentFailure, SliceData, StudyId, Times, ToWorker};

use super::event::{Action, Book, Engine, Event, Question, Running, Slot, Trial, Wait, Whole};
use super::scheduler::{Machine, Scheduler};
use super::worker_client::{Heard, Program, WorkerClient, has_webgpu};
use super::{PATIENCE, REST, models};
use crate::address;
use crate::language::{Text, text};
use crate::notices::Severity;

/// More extra workers are not worth their memory.
const MOST_EXTRA: usize = 3;
/// Memory of the computer for each extra worker, of which it takes a tenth (a network with its maps, 0.2 GB): browsers close
/// a page that takes much of a phone's.
const MEMORY_GB: f64 = 2.5;
/// Extra workers where the browser does not say how much memory there is, as only Chromium does.
const EXTRA_UNTOLD: usize = 1;
/// Cores that are left: one to the first worker, one to the page.
const CORES_LEFT: usize = 2;

/// What the network says of a slice.
#[derive(Debug)]
pub struct Answer {
    /// Probability that there is tumour at all.
    pub presence: f32,
    /// Probabilities of the pixels; none where the presence head called the slice empty.
    pub probabilities: Option<Vec<f32>>,
    /// How long it took.
    pub times: Times,
}

/// A slice as the first worker hands it out.
#[derive(Debug)]
pub struct HandedSlice {
    file: FileId,
    slice: SliceData<Uint8Array>,
}

/// What the page does about the scheduler's actions.
pub trait Page: Book {
    /// A question in the worker's terms; none if it does not hold any more.
    fn message(&self, running: Running) -> Option<ToWorker<Uint8Array>>;
    /// Takes an answer up.
    fn take(&self, file: FileId, question: Question, answer: Answer);
    /// Nothing is computed any more: takes the prompt back that was being answered on a slice.
    fn stopped(&self, prompted: Option<FileId>);
    /// Takes the prompts of a slice back that wait for an answer, since the model takes none, and says so.
    fn refuse_prompts(&self, file: FileId);
    /// The model is on a device.
    fn model_is_ready(&self);
    /// Every slice of a study has its answer.
    fn finished(&self, study: StudyId);
    /// Shows a message.
    fn tell(&self, severity: Severity, text: Text);
    /// The first worker says something about files.
    fn hear(&self, message: FromWorker<Uint8Array>);
    /// Everything that followed from an event is done.
    fn settled(&self);
}

/// The workers with their scheduler. Copies are the same.
#[derive(Clone, Copy)]
pub struct Inference {
    /// How far the engine is.
    pub engine: RwSignal<Engine>,
    /// How the trial of WebGPU goes, while the CPU may answer already.
    pub trial: RwSignal<Trial>,
    /// What is being computed.
    pub running: RwSignal<Option<Running>>,
    /// The study that is being segmented as a whole.
    pub whole: RwSignal<Option<Whole>>,
    inner: StoredValue<Inner, LocalStorage>,
}

struct Inner {
    /// None until the page has opened.
    page: Option<Rc<dyn Page>>,
    scheduler: Scheduler<HandedSlice>,
    workers: HashMap<Slot, WorkerClient>,
    /// Events that happened while another one was being dealt with.
    waiting: VecDeque<Event<HandedSlice, Answer>>,
    busy: bool,
}

impl Inference {
    /// One whose workers have not started.
    pub fn new() -> Self {
        let machine =
            Machine { wanted: device_in_address(), has_webgpu: has_webgpu(), spare: room_for_extra_workers() };
        let inner = Inner {
            page: None,
            scheduler: Scheduler::new(machine),
            workers: HashMap::new(),
            waiting: VecDeque::new(),
            busy: false,
        };
        Self {
            engine: RwSignal::new(Engine::Loading { loaded: 0, total: 0 }),
            trial: RwSignal::new(Trial::None),
            running: RwSignal::new(None),
            whole: RwSignal::new(None),
            inner: StoredValue::new_local(inner),
        }
    }

    /// Does something once, as soon as slices can be segmented.
    pub fn once_ready(self, then: impl Fn() + 'static) {
        Effect::new(move |done: Option<bool>| {
            let is_ready = self.engine.with(Engine::is_ready);
            if is_ready && done != Some(true) {
                then();
            }
            is_ready || done == Some(true)
        });
    }

    /// Sends a message about files to the worker that has them.
    pub fn send(self, message: &ToWorker<Uint8Array>) {
        self.post(Slot::Files, message);
    }

    /// Cores at work.
    pub fn cores(self) -> usize {
        self.inner.with_value(|inner| inner.scheduler.cores())
    }

    /// Starts the workers; from now on the page is asked, and told what they answer.
    pub fn open(self, page: impl Page + 'static) {
        self.inner.update_value(|inner| inner.page = Some(Rc::new(page)));
        self.happened(Event::Opened);
    }

    /// Lets the scheduler deal with an event, and does what it says.
    pub fn happened(self, event: Event<HandedSlice, Answer>) {
        let Some(page) = self.inner.with_value(|inner| inner.page.clone()) else { return };
        let busy = self.inner.try_update_value(|inner| {
            inner.waiting.push_back(event);
            std::mem::replace(&mut inner.busy, true)
        });
        if busy != Some(false) {
            return;
        }
        loop {
            let step = |inner: &mut Inner| {
                let event = inner.waiting.pop_front()?;
                Some((inner.scheduler.step(event, &*page), inner.scheduler.running(), inner.scheduler.whole()))
            };
            let Some((actions, running, whole)) = self.inner.try_update_value(step).flatten() else { break };
            if self.running.get_untracked() != running {
                self.running.set(running);
            }
            if self.whole.get_untracked() != whole {
                self.whole.set(whole);
            }
            actions.into_iter().for_each(|action| self.perform(&*page, action));
        }
        self.inner.update_value(|inner| inner.busy = false);
        page.settled();
    }

    fn perform(self, page: &dyn Page, action: Action<HandedSlice, Answer>) {
        match action {
            Action::Start(slot) => self.start(slot),
            Action::End(slot) => {
                if let Some(worker) = self.inner.try_update_value(|inner| inner.workers.remove(&slot)).flatten() {
                    worker.stop();
                }
            }
            Action::Load(slot, limit_ms) => {
                self.post(slot, &ToWorker::Start { model: models::folder(), limit_ms });
            }
            Action::Ask(slot, running) => {
                if let Some(message) = page.message(running) {
                    self.post(slot, &message);
                }
            }
            Action::HandOut(file) => self.post(Slot::Files, &ToWorker::HandOut { file }),
            Action::HandOver(slot, HandedSlice { file, slice }) => self.post(slot, &ToWorker::Take { file, slice }),
            Action::Cancel(slot) => self.post(slot, &ToWorker::Cancel),
            Action::Wait(wait) => {
                let after = if matches!(wait, Wait::Rest(_)) { REST } else { PATIENCE };
                set_timeout(move || self.happened(Event::Waited(wait)), after);
            }
            Action::Take(file, question, answer) => {
                page.take(file, question, answer);
                // Prompts may have been waiting for the network's own answer.
                self.happened(Event::Attend);
            }
            Action::Stopped(prompted) => page.stopped(prompted),
            Action::Refuse(file) => {
                page.refuse_prompts(file);
                self.happened(Event::Attend);
            }
            Action::Engine(engine) => {
                let ready = engine.is_ready();
                self.engine.set(engine);
                if ready {
                    page.model_is_ready();
                }
            }
            Action::Trial(trial) => self.trial.set(trial),
            Action::Tell(severity, text) => page.tell(severity, text),
            Action::Finished(study) => page.finished(study),
        }
    }

    fn start(self, slot: Slot) {
        let program = if slot == Slot::Graphics { Program::Graphics } else { Program::Files };
        match WorkerClient::start(program, move |heard| self.heard(slot, heard)) {
            Ok(worker) => self.inner.update_value(|inner| drop(inner.workers.insert(slot, worker))),
            Err(why) => self.happened(Event::Died(slot, why)),
        }
    }

    fn heard(self, slot: Slot, heard: Heard) {
        let message = match heard {
            Heard::Message(message) => message,
            Heard::Died(why) => return self.happened(Event::Died(slot, why)),
        };
        let event = match message {
            FromWorker::Hello => return,
            FromWorker::Loading { loaded, total } => Event::Loading(slot, loaded, total),
            FromWorker::Probing => Event::Probing(slot),
            FromWorker::Ready(ready) => Event::Ready(slot, ready),
            FromWorker::Failed(failure) => Event::Failed(slot, failure),
            FromWorker::HandedOut { file, slice } => Event::HandedOut(file, HandedSlice { file, slice }),
            FromWorker::Segmented { request, file, presence, probabilities, times } => {
                let probabilities = probabilities.as_ref().map(floats);
                Event::Answered(slot, request, file, Answer { presence, probabilities, times })
            }
            FromWorker::SegmentFailed { request, failure, .. } => Event::AnswerFailed(slot, request, why_not(failure)),
            message if slot == Slot::Files => {
                let page = self.inner.with_value(|inner| inner.page.clone());
                if let Some(page) = page {
                    page.hear(message);
                }
                return;
            }
            _ => return,
        };
        self.happened(event);
    }

    fn post(self, slot: Slot, message: &ToWorker<Uint8Array>) {
        self.inner.with_value(|inner| {
            if let Some(worker) = inner.workers.get(&slot) {
                worker.send(message);
            }
        });
    }
}

/// Numbers out of the browser's memory.
fn floats(numbers: &Numbers<f32, Uint8Array>) -> Vec<f32> {
    Float32Array::new(&numbers.buffer.buffer()).to_vec()
}

/// Why a slice could not be segmented.
fn why_not(failure: SegmentFailure) -> String {
    match failure {
        SegmentFailure::NotLoaded => text!("why-not-loaded").written(),
        SegmentFailure::Device(why) => why,
    }
}

/// The device that the address asks for.
fn device_in_address() -> Option<DeviceKind> {
    match address::parameter("device")?.as_str() {
        "webgpu" => Some(DeviceKind::WebGpu),
        "cpu" => Some(DeviceKind::Cpu),
        _ => None,
    }
}

/// Extra workers that this computer has cores and memory for.
fn room_for_extra_workers() -> usize {
    let navigator = window().navigator();
    let cores = (navigator.hardware_concurrency() as usize).saturating_sub(CORES_LEFT);
    let memory_gb = Reflect::get(&navigator, &"deviceMemory".into()).ok().and_then(|memory| memory.as_f64());
    cores.min(memory_gb.map_or(EXTRA_UNTOLD, |memory| (memory / MEMORY_GB) as usize)).min(MOST_EXTRA)
}

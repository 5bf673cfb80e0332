//! The workers and their devices: which one a question goes to.
//!
//! The first worker reads files and computes on the CPU, which answers as soon as the model is here. Once it does, WebGPU is
//! tried in a worker of its own, which can bring down nothing but itself, and takes over where it is faster. What it is
//! asked about it is lent by the first. If it fails, the question in hand and all after it go to the CPU. For whole volumes
//! there are helpers as well (`helpers.rs`).

use std::time::Duration;

use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{
    DeviceKind, FileId, FromWorker, Ready, Refusal, RequestId, SegmentFailure, SliceData, StartFailure, ToWorker,
};

use crate::files;
use crate::helpers::Helper;
use crate::notice::{self, Severity};
use crate::session::{Engine, Session};
use crate::worker_client::{Heard, Program, WorkerClient, has_webgpu};

/// Model that is loaded unless the address names another.
const MODEL: &str = "lgg-resunetpp";
/// Time that WebGPU gets for an answer. To the self-test it takes longest, its programs' translation included.
const PATIENCE: Duration = Duration::from_secs(60);

/// The workers.
#[derive(Default)]
pub(crate) struct Workers {
    pub home: Option<WorkerClient>,
    cpu: Cpu,
    graphics: Option<Graphics>,
    pub helpers: Vec<Helper>,
}

/// How far the CPU is.
#[derive(Clone, Default)]
enum Cpu {
    /// It has not been asked for.
    #[default]
    Idle,
    /// The model is on its way.
    Starting,
    /// It answers.
    Ready(Ready),
    /// It does not.
    Refused,
}

/// The worker that computes on WebGPU.
struct Graphics {
    worker: WorkerClient,
    /// Whether it has passed its test.
    ready: bool,
    /// Messages heard of it.
    heard: u32,
    /// The slice that it has.
    lent: Option<FileId>,
    /// The question that it has not answered.
    asked: Option<Asked>,
}

/// How the trial of WebGPU goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Trial {
    /// There is none, or it is over and there is nothing to say.
    None,
    /// It runs.
    Running,
    /// It is over, for this reason. Nothing is wrong, so it is said to those who ask.
    Over(String),
}

/// A message without large arrays.
pub(crate) type Order = ToWorker<Uint8Array>;

/// A question to the network.
#[derive(Clone)]
pub(crate) struct Asked {
    /// Names the answer.
    pub request: RequestId,
    /// The slice.
    pub file: FileId,
    /// In the worker's terms.
    pub message: ToWorker<Vec<u8>>,
}

/// A slice that the first worker lends.
#[derive(Clone)]
pub(crate) struct Lent {
    /// The slice.
    pub file: FileId,
    slice: SliceData<Uint8Array>,
}

impl Lent {
    /// Hands it on.
    pub fn send(&self, worker: &WorkerClient) {
        worker.send(&ToWorker::Lend { file: self.file, slice: self.slice.clone() });
    }
}

impl Asked {
    fn send(&self, worker: &WorkerClient) {
        worker.send(&self.message);
    }
}

impl Workers {
    /// Sends a message to the worker with the files.
    pub fn send_home(&self, message: &ToWorker<Uint8Array>) {
        if let Some(home) = &self.home {
            home.send(message);
        }
    }

    /// Puts a question; whether WebGPU has it now.
    fn ask(&mut self, asked: Asked) -> bool {
        let Some(home) = &self.home else { return false };
        let Some(graphics) = self.graphics.as_mut().filter(|graphics| graphics.ready) else {
            asked.send(home);
            return false;
        };
        let lent = graphics.lent == Some(asked.file);
        if lent {
            asked.send(&graphics.worker);
        } else {
            home.send(&Order::Borrow { file: asked.file });
        }
        graphics.asked = Some(asked);
        lent
    }

    /// Hands on a slice that the first worker lends, with the question about it if that still stands; its request.
    fn lend(&mut self, lent: &Lent) -> Option<RequestId> {
        let graphics = self.graphics.as_mut().filter(|graphics| graphics.lent != Some(lent.file))?;
        let asked = graphics.asked.as_ref().filter(|asked| asked.file == lent.file)?;
        lent.send(&graphics.worker);
        graphics.lent = Some(lent.file);
        asked.send(&graphics.worker);
        Some(asked.request)
    }

    /// Asks nothing more; there may be a question to the CPU from before WebGPU took over.
    fn cancel(&mut self) {
        self.send_home(&ToWorker::Cancel);
        if let Some(graphics) = &mut self.graphics {
            graphics.asked = None;
            graphics.worker.send(&Order::Cancel);
        }
    }
}

impl Session {
    /// Starts the workers; on one device, if the address asks for one.
    pub(crate) fn start_workers(self) {
        match WorkerClient::start(Program::Files, move |heard| self.hear_home(heard)) {
            Ok(home) => self.workers.update_value(|workers| workers.home = Some(home)),
            Err(why) => return self.engine.set(Engine::Failed(why)),
        }
        match device_in_address() {
            // Who asks for it gets it, however slow it is.
            Some(DeviceKind::WebGpu) => self.try_webgpu(None),
            Some(DeviceKind::Cpu) | None => self.start_cpu(),
        }
    }

    /// Sends a message to the worker with the files.
    pub(crate) fn send(self, message: &ToWorker<Uint8Array>) {
        self.workers.with_value(|workers| workers.send_home(message));
    }

    /// Puts a question to the device in use.
    pub(crate) fn put(self, asked: Asked) {
        let request = asked.request;
        if self.workers.try_update_value(|workers| workers.ask(asked)) == Some(true) {
            self.expect_answer(request);
        }
    }

    /// Asks nothing more of any device.
    pub(crate) fn ask_nothing(self) {
        self.workers.update_value(Workers::cancel);
    }

    /// Slices may hold other numbers than when they were lent.
    pub(crate) fn forget_lent(self) {
        self.workers.update_value(|workers| {
            if let Some(graphics) = &mut workers.graphics {
                graphics.lent = None;
            }
        });
    }

    fn start_cpu(self) {
        self.engine.set(Engine::Loading { loaded: 0, total: 0 });
        self.workers.update_value(|workers| workers.cpu = Cpu::Starting);
        self.send(&ToWorker::Start { model: model_folder(), limit_ms: None });
    }

    fn hear_home(self, heard: Heard) {
        let starting = self.workers.with_value(|workers| matches!(workers.cpu, Cpu::Starting));
        let message = match heard {
            Heard::Message(message) => message,
            Heard::Died(why) => {
                // Without the files there is nothing to compute.
                self.end_graphics();
                self.trial.set(Trial::None);
                self.running.set(None);
                return self.engine.set(Engine::Failed(notice::died(&why)));
            }
        };
        match message {
            FromWorker::Loading { loaded, total } if starting => self.engine.set(Engine::Loading { loaded, total }),
            FromWorker::Loading { .. } => {}
            FromWorker::Probing => self.engine.set(Engine::Probing(DeviceKind::Cpu)),
            FromWorker::Ready(ready) => {
                let limit_ms = ready.slice_ms;
                self.workers.update_value(|workers| workers.cpu = Cpu::Ready(ready.clone()));
                self.stands(ready);
                if device_in_address().is_none() {
                    self.try_webgpu(limit_ms);
                }
            }
            FromWorker::Failed(failure) => {
                let (severity, text) = notice::start_failure(DeviceKind::Cpu, &failure);
                let StartFailure::Device(_) = failure else { return self.engine.set(Engine::Failed(text)) };
                self.notify(severity, text);
                self.workers.update_value(|workers| workers.cpu = Cpu::Refused);
                match device_in_address() {
                    None => self.try_webgpu(None),
                    Some(_) => self.engine.set(Engine::Failed(notice::no_device())),
                }
            }
            FromWorker::Lent { file, slice } => {
                let lent = Lent { file, slice };
                if self.lend_to_helper(&lent) {
                    return;
                }
                if let Some(request) = self.workers.try_update_value(|workers| workers.lend(&lent)).flatten() {
                    self.expect_answer(request);
                }
            }
            message => self.hear(message),
        }
    }

    /// Tries WebGPU in a worker of its own; it may take so long for a slice.
    fn try_webgpu(self, limit_ms: Option<f64>) {
        if !has_webgpu() {
            let why = StartFailure::Device(Refusal::Absent("this browser has no WebGPU".into()));
            return self.go_on_without_webgpu(notice::start_failure(DeviceKind::WebGpu, &why));
        }
        match WorkerClient::start(Program::Graphics, move |heard| self.hear_webgpu(heard)) {
            Ok(worker) => {
                worker.send(&Order::Start { model: model_folder(), limit_ms });
                let graphics = Graphics { worker, ready: false, heard: 0, lent: None, asked: None };
                self.workers.update_value(|workers| workers.graphics = Some(graphics));
                self.trial.set(Trial::Running);
            }
            Err(why) => self.go_on_without_webgpu(notice::lost(&why)),
        }
    }

    fn hear_webgpu(self, heard: Heard) {
        let message = match heard {
            Heard::Message(message) => message,
            Heard::Died(why) => return self.go_on_without_webgpu(notice::lost(&why)),
        };
        let alone = self.workers.with_value(|workers| !matches!(workers.cpu, Cpu::Ready(_)));
        let heard = self.with_graphics(|graphics| {
            graphics.heard += 1;
            graphics.heard
        });
        match message {
            FromWorker::Loading { loaded, total } if alone => self.engine.set(Engine::Loading { loaded, total }),
            FromWorker::Probing => {
                if alone {
                    self.engine.set(Engine::Probing(DeviceKind::WebGpu));
                }
                self.give_up_if(move |graphics| Some(graphics.heard) == heard);
            }
            FromWorker::Ready(ready) => {
                self.with_graphics(|graphics| graphics.ready = true);
                self.trial.set(Trial::None);
                self.stands(ready);
            }
            FromWorker::Failed(failure) => {
                self.go_on_without_webgpu(notice::start_failure(DeviceKind::WebGpu, &failure));
            }
            FromWorker::Segmented { request, .. } => {
                self.with_graphics(|graphics| graphics.asked.take_if(|asked| asked.request == request));
                self.hear(message);
            }
            FromWorker::SegmentFailed { request, ref failure, .. } => {
                // A graphics card goes away while its computer sleeps, and when its driver starts anew.
                let asked = |graphics: &mut Graphics| graphics.asked.as_ref().is_some_and(|a| a.request == request);
                if self.with_graphics(asked) == Some(true) {
                    self.go_on_without_webgpu(notice::lost(&why_not(failure)));
                }
            }
            _ => {}
        }
    }

    /// WebGPU may never answer a question that it was put.
    fn expect_answer(self, request: RequestId) {
        self.give_up_if(move |graphics| graphics.asked.as_ref().is_some_and(|asked| asked.request == request));
    }

    /// Goes on without WebGPU if something still holds of its worker after a while.
    fn give_up_if(self, stuck: impl Fn(&Graphics) -> bool + 'static) {
        set_timeout(
            move || {
                if self.workers.with_value(|workers| workers.graphics.as_ref().is_some_and(&stuck)) {
                    let why = format!("no answer within {} s", PATIENCE.as_secs());
                    self.go_on_without_webgpu(notice::lost(&why));
                }
            },
            PATIENCE,
        );
    }

    /// Ends the worker with WebGPU, whatever it is doing, says why, and gives what it was asked to the CPU.
    fn go_on_without_webgpu(self, (severity, text): (Severity, String)) {
        match severity {
            Severity::Info => self.trial.set(Trial::Over(text)),
            Severity::Error => {
                self.trial.set(Trial::None);
                self.notify(severity, text);
            }
        }
        let asked = self.end_graphics();
        match self.workers.with_value(|workers| workers.cpu.clone()) {
            Cpu::Ready(ready) => {
                self.engine.set(Engine::Ready(ready));
                if let Some(asked) = asked {
                    self.put(asked);
                }
            }
            Cpu::Idle => {
                // What is still wanted is asked again once the CPU stands.
                self.running.set(None);
                self.start_cpu();
            }
            Cpu::Refused => self.engine.set(Engine::Failed(notice::no_device())),
            Cpu::Starting => {}
        }
    }

    /// Ends the worker with WebGPU; the question that it has not answered.
    fn end_graphics(self) -> Option<Asked> {
        let graphics = self.workers.try_update_value(|workers| workers.graphics.take()).flatten()?;
        graphics.worker.stop();
        graphics.asked
    }

    fn with_graphics<T>(self, change: impl FnOnce(&mut Graphics) -> T) -> Option<T> {
        self.workers.try_update_value(|workers| workers.graphics.as_mut().map(change)).flatten()
    }
}

/// Why a slice could not be segmented.
pub(crate) fn why_not(failure: &SegmentFailure) -> String {
    match failure {
        SegmentFailure::NotLoaded => "the slice or the model is not loaded".into(),
        SegmentFailure::Device(why) => why.clone(),
    }
}

/// Address of the model's folder, relative to the page.
pub(crate) fn model_folder() -> String {
    let plain = |id: &String| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    format!("./models/{}", files::address_parameter("model").filter(plain).unwrap_or_else(|| MODEL.into()))
}

/// The device that the address asks for.
fn device_in_address() -> Option<DeviceKind> {
    match files::address_parameter("device")?.as_str() {
        "webgpu" => Some(DeviceKind::WebGpu),
        "cpu" => Some(DeviceKind::Cpu),
        _ => None,
    }
}

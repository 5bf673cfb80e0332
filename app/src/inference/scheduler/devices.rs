//! Which device answers: how far CPU and WebGPU are, and what a lost one means.

use protocol::{DeviceKind, FileId, Ready, Refusal, StartFailure};

use super::Scheduler;
use super::extra_workers::Extra;
use crate::inference::event::{Action, Book, Engine, Running, Slot, Trial, Wait};
use crate::language::{Text, text};
use crate::notices::{Severity, trouble};

/// How far the CPU is.
#[derive(Clone, Debug, Default)]
pub(super) enum Cpu {
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
#[derive(Debug, Default)]
pub(super) struct Graphics {
    /// Whether it has passed its test.
    pub ready: bool,
    /// The slice that it has.
    pub has: Option<FileId>,
    /// The question that it has not answered.
    pub asked: Option<Running>,
    /// It owes something since this mark.
    pub owes_since: Option<u32>,
}

impl<S> Scheduler<S> {
    /// Starts the worker that reads files, and a device.
    pub(super) fn open<A>(&mut self, todo: &mut Vec<Action<S, A>>) {
        todo.push(Action::Start(Slot::Files));
        match self.machine.wanted {
            // Who asks for it gets it, however slow it is.
            Some(DeviceKind::WebGpu) => self.try_webgpu(None, todo),
            Some(DeviceKind::Cpu) | None => self.start_cpu(todo),
        }
    }

    fn start_cpu<A>(&mut self, todo: &mut Vec<Action<S, A>>) {
        self.cpu = Cpu::Starting;
        todo.extend([Action::Engine(Engine::Loading { loaded: 0, total: 0 }), Action::Load(Slot::Files, None)]);
    }

    /// Whether the page waits for this worker before anything can be segmented.
    pub(super) fn is_awaited(&self, slot: Slot) -> bool {
        match slot {
            Slot::Files => matches!(self.cpu, Cpu::Starting),
            Slot::Graphics => !matches!(self.cpu, Cpu::Ready(_)),
            Slot::Extra(_) => false,
        }
    }

    pub(super) fn probing<A>(&mut self, slot: Slot, todo: &mut Vec<Action<S, A>>) {
        let (awaited, mark) = (self.is_awaited(slot), self.number());
        let kind = if slot == Slot::Graphics { DeviceKind::WebGpu } else { DeviceKind::Cpu };
        if awaited {
            todo.push(Action::Engine(Engine::Probing(kind)));
        }
        if let Some(graphics) = self.graphics.as_mut().filter(|_| slot == Slot::Graphics) {
            graphics.owes_since = Some(mark);
            todo.push(Action::Wait(Wait::Graphics(mark)));
        }
    }

    pub(super) fn ready<A>(&mut self, slot: Slot, ready: Ready, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        match slot {
            Slot::Files => {
                self.untried = self.machine.wanted.is_none().then_some(ready.slice_ms);
                self.cpu = Cpu::Ready(ready.clone());
                self.take_device(ready, todo);
            }
            Slot::Graphics => {
                let Some(graphics) = &mut self.graphics else { return };
                (graphics.ready, graphics.owes_since) = (true, None);
                todo.push(Action::Trial(Trial::None));
                self.take_device(ready, todo);
            }
            Slot::Extra(number) => {
                if let Some(extra) = self.extras.iter_mut().find(|extra| extra.number == number) {
                    extra.ready = true;
                }
                return self.occupy(book, todo);
            }
        }
        self.attend(book, todo);
    }

    fn take_device<A>(&mut self, ready: Ready, todo: &mut Vec<Action<S, A>>) {
        (self.device, self.takes_prompts) = (Some(ready.device), ready.prompts);
        todo.push(Action::Engine(Engine::Ready(ready)));
    }

    fn fail<A>(&mut self, why: Text, todo: &mut Vec<Action<S, A>>) {
        self.device = None;
        todo.push(Action::Engine(Engine::Failed(why)));
    }

    pub(super) fn failed<A>(
        &mut self,
        slot: Slot,
        failure: StartFailure,
        book: &dyn Book,
        todo: &mut Vec<Action<S, A>>,
    ) {
        match slot {
            Slot::Files => {
                let (severity, text) = trouble::start_failure(DeviceKind::Cpu, &failure);
                let StartFailure::Device(_) = failure else { return self.fail(text, todo) };
                todo.push(Action::Tell(severity, text));
                self.cpu = Cpu::Refused;
                match self.machine.wanted {
                    None => self.try_webgpu(None, todo),
                    Some(_) => self.fail(trouble::no_device(), todo),
                }
            }
            Slot::Graphics => self.go_on_without_webgpu(trouble::start_failure(DeviceKind::WebGpu, &failure), todo),
            // Without one more it only takes longer.
            Slot::Extra(number) => self.dismiss(number, book, todo),
        }
    }

    pub(super) fn died<A>(&mut self, slot: Slot, why: &str, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        match slot {
            // Without the files there is nothing to compute.
            Slot::Files => {
                if self.graphics.take().is_some() {
                    todo.push(Action::End(Slot::Graphics));
                }
                (self.running, self.whole, self.untried) = (None, None, None);
                todo.push(Action::Trial(Trial::None));
                self.fail(trouble::died(why), todo);
            }
            Slot::Graphics => self.go_on_without_webgpu(trouble::lost(why), todo),
            Slot::Extra(number) => self.dismiss(number, book, todo),
        }
    }

    /// Tries WebGPU in a worker of its own; it may take so long for a slice.
    pub(super) fn try_webgpu<A>(&mut self, limit_ms: Option<f64>, todo: &mut Vec<Action<S, A>>) {
        if !self.machine.has_webgpu {
            let why = StartFailure::Device(Refusal::Absent(text!("why-no-webgpu").written()));
            return self.go_on_without_webgpu(trouble::start_failure(DeviceKind::WebGpu, &why), todo);
        }
        self.graphics = Some(Graphics::default());
        todo.extend([
            Action::Trial(Trial::Running),
            Action::Start(Slot::Graphics),
            Action::Load(Slot::Graphics, limit_ms),
        ]);
    }

    /// Ends the worker with WebGPU, whatever it is doing, tells why, and gives what it was asked to the CPU.
    pub(super) fn go_on_without_webgpu<A>(&mut self, (severity, text): (Severity, Text), todo: &mut Vec<Action<S, A>>) {
        match severity {
            Severity::Info => todo.push(Action::Trial(Trial::Over(text))),
            Severity::Error => todo.extend([Action::Trial(Trial::None), Action::Tell(severity, text)]),
        }
        let graphics = self.graphics.take();
        if graphics.is_some() {
            todo.push(Action::End(Slot::Graphics));
        }
        match self.cpu.clone() {
            Cpu::Ready(ready) => {
                self.take_device(ready, todo);
                if let Some(asked) = graphics.and_then(|graphics| graphics.asked) {
                    self.put(asked, todo);
                }
            }
            Cpu::Idle => {
                // What is still wanted is asked again once the CPU answers.
                (self.running, self.device) = (None, None);
                self.start_cpu(todo);
            }
            Cpu::Refused => self.fail(trouble::no_device(), todo),
            Cpu::Starting => {}
        }
    }

    /// Hands a slice on to whoever waits for it: an extra worker, or WebGPU with the question about it.
    pub(super) fn handed_out<A>(&mut self, file: FileId, slice: S, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        let waits = |extra: &&mut Extra<S>| matches!(&extra.next, Some((next, None)) if *next == file);
        if let Some(extra) = self.extras.iter_mut().find(waits) {
            extra.next = Some((file, Some(slice)));
            let number = extra.number;
            self.begin_next(number, todo);
            return self.occupy(book, todo);
        }
        let mark = self.number();
        let Some(graphics) = self.graphics.as_mut().filter(|graphics| graphics.has != Some(file)) else { return };
        let Some(asked) = graphics.asked.filter(|asked| asked.file == file) else { return };
        (graphics.has, graphics.owes_since) = (Some(file), Some(mark));
        todo.extend([
            Action::HandOver(Slot::Graphics, slice),
            Action::Ask(Slot::Graphics, asked),
            Action::Wait(Wait::Graphics(mark)),
        ]);
    }
}

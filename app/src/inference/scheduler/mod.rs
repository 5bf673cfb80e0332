//! Events into actions: which slice is asked about next, which worker is asked, which answer counts.
//!
//! The first worker reads files and computes on the CPU, which answers as soon as the model is here. Once it has answered what
//! waited for it, WebGPU is tried in a worker of its own, which can bring down nothing but itself, and takes over where it is
//! faster. If it fails,
//! the question in hand and all after it go to the CPU. A whole volume takes extra workers as well.

mod devices;
mod extra_workers;
#[cfg(test)]
mod tests;

use protocol::{DeviceKind, FileId, Gate, RequestId, StudyId};

use self::devices::{Cpu, Graphics};
use self::extra_workers::Extra;
use super::event::{Action, Book, Engine, Event, Question, Running, Slot, Wait, Whole};
use crate::language::text;
use crate::notices::{Severity, trouble};

/// What the computer and the address say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine {
    /// The one device that is wanted, if the address names one.
    pub wanted: Option<DeviceKind>,
    /// Whether the browser has WebGPU at all.
    pub has_webgpu: bool,
    /// Extra workers that there are cores and memory for.
    pub spare: usize,
}

/// The network as the page sees it.
pub struct Scheduler<S> {
    machine: Machine,
    cpu: Cpu,
    graphics: Option<Graphics>,
    extras: Vec<Extra<S>>,
    /// The study that the extra workers were started for.
    staffed: Option<StudyId>,
    device: Option<DeviceKind>,
    /// Whether the model on it can be asked about prompts.
    takes_prompts: bool,
    /// What the CPU takes for a slice, for as long as WebGPU waits for its trial, which would slow the first answer down.
    untried: Option<Option<f64>>,
    running: Option<Running>,
    whole: Option<Whole>,
    /// The last number given away.
    count: u32,
}

impl<S> Scheduler<S> {
    /// One that has done nothing yet.
    pub fn new(machine: Machine) -> Self {
        Self {
            machine,
            cpu: Cpu::default(),
            graphics: None,
            extras: Vec::new(),
            staffed: None,
            device: None,
            takes_prompts: true,
            untried: None,
            running: None,
            whole: None,
            count: 0,
        }
    }

    /// What is being computed for the slice on screen or the volume, as far as a person waits for it.
    pub fn running(&self) -> Option<Running> {
        self.running.filter(|running| running.question != Question::Foreseen)
    }

    /// The study that is being segmented as a whole.
    pub fn whole(&self) -> Option<Whole> {
        self.whole
    }

    /// Cores at work.
    pub fn cores(&self) -> usize {
        1 + self.extras.iter().filter(|extra| extra.current.is_some()).count()
    }

    /// A number that nothing else has.
    fn number(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    /// What is to be done about `event`.
    pub fn step<A>(&mut self, event: Event<S, A>, book: &dyn Book) -> Vec<Action<S, A>> {
        let mut actions = Vec::new();
        let todo = &mut actions;
        match event {
            Event::Opened => self.open(todo),
            Event::Looked => match book.on_screen() {
                Some(file) if book.is_in_study(file) && !book.is_answered(file) => {
                    todo.push(Action::Wait(Wait::Rest(file)));
                }
                _ => self.attend(book, todo),
            },
            Event::Attend => {
                self.attend(book, todo);
                self.occupy(book, todo);
            }
            Event::Wanted(file, gate) if self.device.is_some() && !book.is_withheld(file) => {
                self.ask(file, Question::Automatic(gate), todo)
            }
            Event::Wanted(..) => {}
            Event::WholeWanted(study, now_ms) => self.begin_whole(study, now_ms, book, todo),
            Event::Hovered(file) => self.foresee(file, book, todo),
            Event::Stopped => self.stop(todo),
            Event::PromptsChanged => {
                if self.running.is_some_and(|running| running.question == Question::Prompts) {
                    self.drop_question(todo);
                }
            }
            Event::Outdated(files) => self.outdate(&files, todo),
            Event::Closed(files, study) => {
                self.whole.take_if(|whole| Some(whole.study) == study);
                self.outdate(&files, todo);
            }
            Event::Waited(Wait::Rest(file)) => {
                if book.on_screen() == Some(file) {
                    self.attend(book, todo);
                }
            }
            Event::Waited(Wait::Graphics(mark)) => {
                if self.graphics.as_ref().is_some_and(|graphics| graphics.owes_since == Some(mark)) {
                    let why = text!("why-no-answer", seconds = super::PATIENCE.as_secs() as usize);
                    self.go_on_without_webgpu(trouble::lost(&why.written()), todo);
                }
            }
            Event::Loading(slot, loaded, total) => {
                if self.is_awaited(slot) {
                    todo.push(Action::Engine(Engine::Loading { loaded, total }));
                }
            }
            Event::Probing(slot) => self.probing(slot, todo),
            Event::Ready(slot, ready) => self.ready(slot, ready, book, todo),
            Event::Failed(slot, failure) => self.failed(slot, failure, book, todo),
            Event::Died(slot, why) => self.died(slot, &why, book, todo),
            Event::HandedOut(file, slice) => self.handed_out(file, slice, book, todo),
            Event::Answered(slot, request, file, answer) => self.answered(slot, request, file, answer, book, todo),
            Event::AnswerFailed(slot, request, why) => self.answer_failed(slot, request, &why, book, todo),
        }
        if self.running.is_none()
            && let Some(limit_ms) = self.untried.take()
        {
            self.try_webgpu(limit_ms, &mut actions);
        }
        self.staff(book, &mut actions);
        actions
    }

    /// Asks what the slice on screen still needs, once there is an engine; drops what it does not.
    fn attend<A>(&mut self, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        let Some(file) = book.on_screen().filter(|_| self.device.is_some()) else { return };
        let running = self.running.filter(|running| running.file == file).map(|running| running.question);
        match (book.is_answered(file), running) {
            // They were made before it was known which model answers.
            _ if book.has_open_prompts(file) && !self.takes_prompts => todo.push(Action::Refuse(file)),
            (false, _) if book.is_withheld(file) => self.go_on_with_the_whole(book, todo),
            (false, Some(Question::Automatic(_))) => {}
            (false, _) => self.ask(file, Question::Automatic(Gate::Presence), todo),
            (true, Some(Question::Prompts)) if book.has_open_prompts(file) => {}
            (true, _) if book.has_open_prompts(file) => self.ask(file, Question::Prompts, todo),
            // The decoder may be at work on a slice that the presence head calls empty.
            (true, Some(Question::Automatic(_))) => {}
            (true, Some(Question::Foreseen)) if self.whole.is_none() => {}
            (true, _) => self.go_on_with_the_whole(book, todo),
        }
    }

    /// Asks what a prompt would change that nobody has given yet, once all that is wanted has its answer.
    fn foresee<A>(&mut self, file: FileId, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        let busy = self.device.is_none() || self.running().is_some() || self.whole.is_some();
        if !busy
            && self.takes_prompts
            && book.on_screen() == Some(file)
            && book.is_answered(file)
            && !book.has_open_prompts(file)
        {
            self.ask(file, Question::Foreseen, todo);
        }
    }

    /// The next question of the study that is being segmented, where nothing else is to be asked.
    fn go_on_with_the_whole<A>(&mut self, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        let Some(study) = self.whole.map(|whole| whole.study) else { return self.drop_question(todo) };
        let slices = book.slices(study);
        let busy = self.running.is_some_and(|running| {
            matches!(running.question, Question::Automatic(_)) && slices.contains(&running.file)
        });
        let taken: Vec<FileId> = self.extras.iter().flat_map(Extra::slices).collect();
        let mut open = slices.iter().copied().filter(|&file| !book.is_answered(file)).peekable();
        let all_answered = open.peek().is_none();
        match open.find(|file| !taken.contains(file)) {
            _ if busy => {}
            Some(next) => self.ask(next, Question::Automatic(Gate::Presence), todo),
            // Extra workers have the rest.
            None if !all_answered => self.drop_question(todo),
            None => {
                self.whole = None;
                self.drop_question(todo);
                todo.push(Action::Finished(study));
            }
        }
    }

    fn begin_whole<A>(&mut self, study: StudyId, now_ms: f64, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        if self.device.is_none() {
            return todo.push(Action::Tell(Severity::Info, text!("engine-not-ready")));
        }
        if book.slices(study).first().is_some_and(|&file| book.is_withheld(file)) {
            return todo.push(Action::Tell(Severity::Info, text!("whole-withheld")));
        }
        if self.whole.is_some_and(|whole| whole.study == study) {
            return;
        }
        let known_before = book.slices(study).into_iter().filter(|&file| book.is_answered(file)).count();
        self.whole = Some(Whole { study, known_before, started_ms: now_ms });
        self.attend(book, todo);
    }

    fn ask<A>(&mut self, file: FileId, question: Question, todo: &mut Vec<Action<S, A>>) {
        let running = Running { request: RequestId(self.number()), file, question };
        self.running = Some(running);
        self.put(running, todo);
    }

    /// Puts a question to the device in use.
    fn put<A>(&mut self, running: Running, todo: &mut Vec<Action<S, A>>) {
        let mark = self.number();
        let Some(graphics) = self.graphics.as_mut().filter(|graphics| graphics.ready) else {
            return todo.push(Action::Ask(Slot::Files, running));
        };
        graphics.asked = Some(running);
        if graphics.has == Some(running.file) {
            graphics.owes_since = Some(mark);
            todo.extend([Action::Ask(Slot::Graphics, running), Action::Wait(Wait::Graphics(mark))]);
        } else {
            graphics.owes_since = None;
            todo.push(Action::HandOut(running.file));
        }
    }

    /// Stops the computation in progress and changes nothing else.
    fn drop_question<A>(&mut self, todo: &mut Vec<Action<S, A>>) {
        if self.running.take().is_none() {
            return;
        }
        // There may be a question to the CPU from before WebGPU took over.
        todo.push(Action::Cancel(Slot::Files));
        if let Some(graphics) = &mut self.graphics {
            if graphics.asked.take().is_some() {
                graphics.owes_since = None;
            }
            todo.push(Action::Cancel(Slot::Graphics));
        }
    }

    /// Stops everything that is being computed; a prompt that it was for is taken back.
    fn stop<A>(&mut self, todo: &mut Vec<Action<S, A>>) {
        self.whole = None;
        let running = self.running;
        self.drop_question(todo);
        let prompted = running.filter(|running| running.question == Question::Prompts);
        todo.push(Action::Stopped(prompted.map(|running| running.file)));
    }

    /// Slices have other numbers, or are closed. No answer to a question about the old ones counts.
    fn outdate<A>(&mut self, files: &[FileId], todo: &mut Vec<Action<S, A>>) {
        if self.running.is_some_and(|running| files.contains(&running.file)) {
            self.drop_question(todo);
        }
        self.extras.iter_mut().for_each(|extra| extra.outdate(files));
        if let Some(graphics) = &mut self.graphics {
            graphics.has.take_if(|file| files.contains(file));
        }
    }

    fn answered<A>(
        &mut self,
        slot: Slot,
        request: RequestId,
        file: FileId,
        answer: A,
        book: &dyn Book,
        todo: &mut Vec<Action<S, A>>,
    ) {
        if let Slot::Extra(number) = slot {
            let Some(extra) = self.extras.iter_mut().find(|extra| extra.number == number) else { return };
            let Some(current) = extra.current.take_if(|current| current.request == request) else { return };
            self.begin_next(number, todo);
            match current.outdated {
                false => todo.push(Action::Take(file, Question::Automatic(Gate::Presence), answer)),
                true => self.occupy(book, todo),
            }
            return;
        }
        if let Some(graphics) = self.graphics.as_mut().filter(|_| slot == Slot::Graphics)
            && graphics.asked.take_if(|asked| asked.request == request).is_some()
        {
            graphics.owes_since = None;
        }
        // An answer whose question is not the running one was superseded on the way.
        if let Some(running) = self.running.take_if(|running| running.request == request) {
            todo.push(Action::Take(file, running.question, answer));
        }
    }

    fn answer_failed<A>(
        &mut self,
        slot: Slot,
        request: RequestId,
        why: &str,
        book: &dyn Book,
        todo: &mut Vec<Action<S, A>>,
    ) {
        match slot {
            Slot::Files if self.running.is_some_and(|running| running.request == request) => {
                // Nobody asked for it.
                if self.running().is_none() {
                    return self.running = None;
                }
                self.stop(todo);
                todo.push(Action::Tell(Severity::Error, text!("slice-failed", why)));
            }
            // A graphics card goes away while its computer sleeps, and when its driver starts anew.
            Slot::Graphics
                if self.graphics.as_ref().and_then(|g| g.asked).is_some_and(|asked| asked.request == request) =>
            {
                self.go_on_without_webgpu(trouble::lost(why), todo);
            }
            Slot::Extra(number) => self.dismiss(number, book, todo),
            Slot::Files | Slot::Graphics => {}
        }
    }
}

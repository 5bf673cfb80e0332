//! More cores for a whole volume: extra workers that compute on the CPU what the first one hands out.
//!
//! The slices of a volume do not depend on each other. Where the CPU computes, each extra worker takes slices that nobody has
//! yet, for as long as the volume takes. Whoever scrolls or clicks meanwhile is answered by the first worker.

use protocol::{DeviceKind, FileId, Gate, RequestId};

use super::Scheduler;
use crate::inference::event::{Action, Book, Question, Running, Slot};

/// An extra worker takes as long to load as so many slices take to compute.
const WORTHWHILE: usize = 6;

/// A worker that computes slices of a whole volume.
#[derive(Debug)]
pub(super) struct Extra<S> {
    /// Its number.
    pub number: u32,
    /// Whether it has passed its test.
    pub ready: bool,
    /// What it computes.
    pub current: Option<Current>,
    /// The slice after that, and its numbers once they are here. The first worker hands slices out between two of its own: an
    /// extra worker that asked only when it had nothing to do would wait for as long as a slice takes.
    pub next: Option<(FileId, Option<S>)>,
}

/// A slice that an extra worker computes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Current {
    /// Names the answer.
    pub request: RequestId,
    /// The slice.
    pub file: FileId,
    /// Whether the slice has got other numbers meanwhile, or was closed.
    pub outdated: bool,
}

impl<S> Extra<S> {
    /// One that has still to load.
    pub fn new(number: u32) -> Self {
        Self { number, ready: false, current: None, next: None }
    }

    /// The slices that it will answer for.
    pub fn slices(&self) -> impl Iterator<Item = FileId> {
        let current = self.current.filter(|current| !current.outdated).map(|current| current.file);
        current.into_iter().chain(self.next.as_ref().map(|(file, _)| *file))
    }

    /// Slices have other numbers: what it computes of them counts no more, what it waits for is forgotten.
    pub fn outdate(&mut self, files: &[FileId]) {
        if let Some(current) = self.current.as_mut().filter(|current| files.contains(&current.file)) {
            current.outdated = true;
        }
        self.next.take_if(|(file, _)| files.contains(file));
    }
}

impl<S> Scheduler<S> {
    /// Has extra workers while the CPU segments a whole volume, and only then.
    pub(super) fn staff<A>(&mut self, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        let wanted = self.whole.filter(|_| self.device == Some(DeviceKind::Cpu));
        if wanted.map(|whole| whole.study) == self.staffed {
            return;
        }
        self.staffed = wanted.map(|whole| whole.study);
        todo.extend(self.extras.drain(..).map(|extra| Action::End(Slot::Extra(extra.number))));
        let Some(whole) = wanted else { return };
        let left = book.slices(whole.study).len().saturating_sub(whole.known_before);
        for _ in 0..self.machine.spare.min(left / WORTHWHILE) {
            let number = self.number();
            self.extras.push(Extra::new(number));
            todo.extend([Action::Start(Slot::Extra(number)), Action::Load(Slot::Extra(number), None)]);
        }
    }

    /// Lets each extra worker have a slice to come.
    pub(super) fn occupy<A>(&mut self, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        let Some(whole) = self.whole else { return };
        let taken: Vec<FileId> = self.extras.iter().flat_map(Extra::slices).collect();
        let running = self.running.map(|running| running.file);
        let is_free = |file: &FileId| !book.is_answered(*file) && !taken.contains(file) && running != Some(*file);
        let idle = self.extras.iter_mut().filter(|extra| extra.ready && extra.next.is_none());
        let slices = book.slices(whole.study).into_iter().filter(is_free);
        for (extra, file) in idle.zip(slices) {
            extra.next = Some((file, None));
            todo.push(Action::HandOut(file));
        }
    }

    /// Lets an extra worker begin with its next slice, once that is here and the one before is done.
    pub(super) fn begin_next<A>(&mut self, number: u32, todo: &mut Vec<Action<S, A>>) {
        let request = RequestId(self.number());
        let Some(extra) = self.extras.iter_mut().find(|extra| extra.number == number) else { return };
        if extra.current.is_some() {
            return;
        }
        let Some((file, Some(slice))) = extra.next.take_if(|(_, slice)| slice.is_some()) else { return };
        extra.current = Some(Current { request, file, outdated: false });
        let running = Running { request, file, question: Question::Automatic(Gate::Presence) };
        todo.extend([Action::HandOver(Slot::Extra(number), slice), Action::Ask(Slot::Extra(number), running)]);
    }

    /// Goes on without an extra worker; what it had goes to the others.
    pub(super) fn dismiss<A>(&mut self, number: u32, book: &dyn Book, todo: &mut Vec<Action<S, A>>) {
        if self.extras.extract_if(.., |extra| extra.number == number).next().is_some() {
            todo.push(Action::End(Slot::Extra(number)));
            self.occupy(book, todo);
            self.attend(book, todo);
        }
    }
}

//! More cores for a whole volume: further workers that compute on the CPU what the first one lends them.
//!
//! The slices of a volume do not depend on each other. Where the CPU computes, each helper takes slices that nobody has yet,
//! for as long as the volume takes; whoever scrolls or clicks meanwhile is answered by the first worker, as ever.

use js_sys::Reflect;
use leptos::prelude::*;
use protocol::{DeviceKind, FileId, FromWorker, Gate, RequestId};

use crate::devices::{Lent, Order, Workers, model_folder};
use crate::session::{Engine, Session};
use crate::worker_client::{Heard, Program, WorkerClient};

/// More are not worth their memory.
const MOST: usize = 3;
/// Memory of the computer for each helper, of which it takes a tenth (a network with its maps, 0.2 GB): browsers close a
/// page that takes much of a phone's.
const MEMORY_GB: f64 = 2.5;
/// Helpers where the browser does not say how much memory there is, as only Chromium does.
const UNTOLD: usize = 1;
/// Cores that are left: one to the first worker, one to the page.
const LEFT: usize = 2;
/// A helper takes as long to load as so many slices take to compute.
const WORTHWHILE: usize = 6;

/// A worker that helps.
pub(crate) struct Helper {
    id: u32,
    worker: WorkerClient,
    /// Whether it has passed its test.
    ready: bool,
    /// The slice that it computes.
    current: Option<FileId>,
    /// The slice after that, and its numbers once they are lent. The first worker lends between two slices of its own: a
    /// helper that asked only when it had nothing to do would wait for as long as a slice takes.
    next: Option<(FileId, Option<Lent>)>,
}

impl Helper {
    /// What it computes and will compute.
    fn slices(&self) -> impl Iterator<Item = FileId> {
        self.current.into_iter().chain(self.next.as_ref().map(|(file, _)| *file))
    }

    /// Begins with the next slice, once it is here and the one before is done.
    fn begin(&mut self, session: Session) {
        if self.current.is_some() {
            return;
        }
        if let Some((file, Some(lent))) = self.next.take_if(|(_, lent)| lent.is_some()) {
            let request = RequestId(session.fresh_id());
            lent.send(&self.worker);
            self.worker.send(&Order::Segment { request, file, gate: Gate::Presence });
            self.current = Some(file);
        }
    }
}

impl Workers {
    /// Slices of which helpers will answer.
    pub fn helped(&self) -> Vec<FileId> {
        self.helpers.iter().flat_map(Helper::slices).collect()
    }

    /// Helpers that compute.
    pub fn helping(&self) -> usize {
        self.helpers.iter().filter(|helper| helper.current.is_some()).count()
    }

    /// Lets each helper without a slice to come have one.
    fn occupy(&mut self, mut free: impl Iterator<Item = FileId>) {
        let (Some(home), helpers) = (&self.home, &mut self.helpers) else { return };
        for helper in helpers.iter_mut().filter(|helper| helper.ready && helper.next.is_none()) {
            let Some(file) = free.next() else { return };
            home.send(&Order::Borrow { file });
            helper.next = Some((file, None));
        }
    }
}

impl Session {
    /// Has helpers from now on whenever they are of use.
    pub(crate) fn hire_helpers(self) {
        let wanted = Memo::new(move |_| {
            let on_cpu =
                self.engine.with(|engine| matches!(engine, Engine::Ready(ready) if ready.device == DeviceKind::Cpu));
            let whole = self.whole.get().filter(|_| on_cpu);
            let left = whole.and_then(|whole| Some(self.study(whole.study)?.slices() - whole.known_before));
            left.map_or(0, |left| room().min(left / WORTHWHILE))
        });
        Effect::new(move |_| {
            let wanted = wanted.get();
            self.workers.update_value(|workers| workers.helpers.drain(..).for_each(|helper| helper.worker.stop()));
            (0..wanted).for_each(|_| self.hire());
        });
    }

    fn hire(self) {
        let id = self.fresh_id();
        // Without one more it only takes longer.
        let Ok(worker) = WorkerClient::start(Program::Files, move |heard| self.hear_helper(id, heard)) else { return };
        worker.send(&Order::Start { model: model_folder(), limit_ms: None });
        let helper = Helper { id, worker, ready: false, current: None, next: None };
        self.workers.update_value(|workers| workers.helpers.push(helper));
    }

    fn hear_helper(self, id: u32, heard: Heard) {
        match heard {
            Heard::Message(FromWorker::Ready(_)) => self.with_helper(id, |helper| helper.ready = true),
            Heard::Message(FromWorker::Segmented { file, presence, probabilities, times, .. }) => {
                self.with_helper(id, |helper| {
                    helper.current = None;
                    helper.begin(self);
                });
                self.found_alone(file, presence, probabilities.as_ref(), times);
            }
            // What it had goes to the others.
            Heard::Message(FromWorker::Failed(_) | FromWorker::SegmentFailed { .. }) | Heard::Died(_) => {
                self.workers.update_value(|workers| {
                    workers.helpers.extract_if(.., |helper| helper.id == id).for_each(|helper| helper.worker.stop());
                });
            }
            Heard::Message(..) => return,
        }
        self.occupy_helpers();
        self.attend();
    }

    /// Gives a slice that the first worker lends to the helper that waits for it; whether there is one.
    pub(crate) fn lend_to_helper(self, lent: &Lent) -> bool {
        let waits = |helper: &&mut Helper| matches!(&helper.next, Some((file, None)) if *file == lent.file);
        let given = self.workers.try_update_value(|workers| {
            let helper = workers.helpers.iter_mut().find(waits)?;
            helper.next = Some((lent.file, Some(lent.clone())));
            helper.begin(self);
            Some(())
        });
        let given = given.flatten().is_some();
        if given {
            self.occupy_helpers();
        }
        given
    }

    /// Lets helpers have slices of the volume that is being segmented.
    pub(crate) fn occupy_helpers(self) {
        let Some(study) = self.study_being_segmented() else { return };
        let mut free = self.unanswered_slices(&study);
        let running = self.running.get_untracked().map(|running| running.file);
        self.workers.update_value(|workers| {
            let helped = workers.helped();
            free.retain(|id| !helped.contains(id) && running != Some(*id));
            workers.occupy(free.into_iter());
        });
    }

    fn with_helper(self, id: u32, change: impl FnOnce(&mut Helper)) {
        self.workers.update_value(|workers| {
            workers.helpers.iter_mut().find(|helper| helper.id == id).map(change);
        });
    }
}

/// Helpers that this computer has cores and memory for.
fn room() -> usize {
    let navigator = window().navigator();
    let cores = (navigator.hardware_concurrency() as usize).saturating_sub(LEFT);
    let memory_gb = Reflect::get(&navigator, &"deviceMemory".into()).ok().and_then(|memory| memory.as_f64());
    cores.min(memory_gb.map_or(UNTOLD, |memory| (memory / MEMORY_GB) as usize)).min(MOST)
}

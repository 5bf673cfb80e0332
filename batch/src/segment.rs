//! Slices of studies into answers of the network, by as many threads as are wanted; they share one model.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::time::Instant;

use engine::Segmenter;
use imaging::Surroundings;
use pollster::block_on;

use crate::measure::Answer;
use crate::reading::Study;
use crate::record::Row;

/// Studies in memory at the same time: one is read while another is computed.
const OPEN: usize = 2;

/// A study whose slices are being computed.
pub struct Task {
    /// The study.
    pub study: Study,
    /// How bright it is.
    surroundings: Surroundings,
    answers: Vec<OnceLock<Result<Answer, String>>>,
    left: AtomicUsize,
    /// When its first slice was begun.
    started: OnceLock<Instant>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a study comes from, and what is known of it before it is computed.
pub struct Origin {
    /// The number of its source.
    pub source: usize,
    /// Its row as far as it is known.
    pub row: Row,
    /// How many studies its source has.
    pub of: usize,
}

impl Task {
    /// A study with nothing computed.
    pub fn new(study: Study, origin: Origin) -> Self {
        let slices = study.composite.slices();
        let surroundings = Surroundings::Volume(study.composite.statistics());
        let answers = std::iter::repeat_with(OnceLock::new).take(slices).collect();
        Self { study, surroundings, answers, left: AtomicUsize::new(slices), started: OnceLock::new(), origin }
    }

    /// Computes a slice; whether it was the last one.
    pub fn compute(&self, at: usize, segmenter: &Segmenter, threshold: f32) -> bool {
        self.started.get_or_init(Instant::now);
        let slice = self.study.composite.slice(at);
        let answer = block_on(segmenter.segment_prepared(&segmenter.prepare_in(&slice, &self.surroundings)));
        let answer = answer.map(|(presence, map)| {
            let mask = Some(map.mask(threshold)).filter(|mask| mask.area_px() > 0);
            Answer { presence, mask }
        });
        let answer = answer.map_err(|error| format!("slice {}: {error}", at + 1));
        self.answers[at].get_or_init(|| answer);
        self.left.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// Time since its first slice was begun.
    pub fn seconds(&self) -> f64 {
        self.started.get().map_or(0.0, |started| started.elapsed().as_secs_f64())
    }

    /// All answers, once there are no more to come.
    ///
    /// # Errors
    ///
    /// What the engine said of the first slice that it did not answer.
    pub fn answers(&self) -> Result<Vec<Answer>, String> {
        self.answers
            .iter()
            .map(|answer| answer.get().cloned().unwrap_or_else(|| Err("it was not computed".into())))
            .collect()
    }
}

/// Slices that wait, in the order in which studies came.
#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    slices: VecDeque<(Arc<Task>, usize)>,
    open: usize,
    closed: bool,
}

impl Queue {
    /// Waits until there is room for one more study.
    pub fn make_room(&self) {
        let mut state = self.state();
        while state.open >= OPEN {
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        state.open += 1;
    }

    /// Gives back the room of a study that is done or was none.
    pub fn leave(&self) {
        self.state().open -= 1;
        self.changed.notify_all();
    }

    /// Lets a study's slices be computed.
    pub fn push(&self, task: Arc<Task>) {
        let slices = task.answers.len();
        self.state().slices.extend((0..slices).map(|at| (task.clone(), at)));
        self.changed.notify_all();
    }

    /// No more studies come.
    pub fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// The next slice; nothing once all are taken and no more come.
    pub fn next(&self) -> Option<(Arc<Task>, usize)> {
        let mut state = self.state();
        loop {
            if let Some(slice) = state.slices.pop_front() {
                return Some(slice);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

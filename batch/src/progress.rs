//! How far a run is, as lines on the error stream.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Within a long study something is said after so long.
const QUIET: Duration = Duration::from_secs(10);

/// How far a run is.
pub struct Progress {
    total: usize,
    state: Mutex<State>,
}

struct State {
    /// Sources that are done with, skipped ones too.
    done: usize,
    /// Sources that earlier runs did.
    skipped: usize,
    /// Sources of this run, parts of them counted as parts.
    share: f64,
    started: Instant,
    spoke: Instant,
}

impl Progress {
    /// At the beginning of so many sources.
    pub fn new(total: usize) -> Self {
        let now = Instant::now();
        let state = Mutex::new(State { done: 0, skipped: 0, share: 0.0, started: now, spoke: now });
        Self { total, state }
    }

    /// An earlier run did a source.
    pub fn skipped(&self) {
        let mut state = self.state();
        state.done += 1;
        state.skipped += 1;
    }

    /// Sources that earlier runs did.
    pub fn skipped_sources(&self) -> usize {
        self.state().skipped
    }

    /// A part of a source is done, such as one of its slices.
    pub fn advance(&self, share: f64, name: &str, slices: Option<(usize, usize)>) {
        let mut state = self.state();
        state.share += share;
        if let Some((done, of)) = slices
            && state.spoke.elapsed() >= QUIET
        {
            self.say(&mut state, &format!("{name}: {done} of {of} slices"));
        }
    }

    /// A study or a source came to its end; `whole` where nothing of the source is left.
    pub fn say_end(&self, what: &str, whole: bool) {
        let mut state = self.state();
        state.done += usize::from(whole);
        self.say(&mut state, what);
    }

    fn say(&self, state: &mut State, what: &str) {
        state.spoke = Instant::now();
        let left = (self.total - state.skipped) as f64 - state.share;
        let time = match state.share {
            share if share > 0.0 && left > 1e-6 => {
                format!("; {} left", written(state.started.elapsed().as_secs_f64() / share * left))
            }
            _ => String::new(),
        };
        eprintln!("[{}/{}] {what}{time}", state.done, self.total);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A time in words.
fn written(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => format!("about {s:.0} s"),
        s if s < 5400.0 => format!("about {:.0} min", s / 60.0),
        s => format!("about {:.1} h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_words() {
        assert_eq!([4.4, 600.0, 9000.0].map(written), ["about 4 s", "about 10 min", "about 2.5 h"]);
    }
}

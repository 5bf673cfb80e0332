//! How far a whole volume is, and how long the rest will take.

use protocol::StudyId;

use super::event::Whole;

/// How far a study is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Which.
    pub study: StudyId,
    /// Slices with an answer.
    pub done: usize,
    /// All slices.
    pub total: usize,
    /// Seconds that the others will take, once one is done.
    pub left_secs: Option<f64>,
    /// Cores at work.
    pub cores: usize,
}

impl Progress {
    /// The progress of `whole` with `done` of `total` slices answered at `now_ms` of the page's clock.
    pub fn of(whole: Whole, done: usize, total: usize, now_ms: f64, cores: usize) -> Self {
        let fresh = done.saturating_sub(whole.known_before);
        let each_secs = (now_ms - whole.started_ms) / 1000.0 / fresh.max(1) as f64;
        let left_secs = (fresh > 0).then_some(each_secs * total.saturating_sub(done) as f64);
        Self { study: whole.study, done, total, left_secs, cores }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Whole = Whole { study: StudyId(1), known_before: 4, started_ms: 1000.0 };

    #[test]
    fn the_time_left_follows_from_the_slices_since_the_start() {
        let progress = Progress::of(WHOLE, 6, 10, 3000.0, 2);
        assert_eq!(progress.left_secs, Some(4.0), "two slices in two seconds, four to go");
    }

    #[test]
    fn before_the_first_slice_no_time_is_claimed() {
        assert_eq!(Progress::of(WHOLE, 4, 10, 3000.0, 1).left_secs, None);
    }
}

//! The steps of a chore, each with its seconds, into the table that closes it.

use std::time::{Duration, Instant};

use crate::shell::Problem;

/// What was done so far.
pub struct Steps {
    started: Instant,
    lines: Vec<(String, Outcome)>,
}

enum Outcome {
    Done(Duration),
    Failed(Duration),
    Skipped(String),
}

impl Steps {
    /// None yet; the clock starts.
    pub fn new() -> Self {
        Self { started: Instant::now(), lines: Vec::new() }
    }

    /// Does a step and keeps its time.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
        println!("\n── {name}");
        let started = Instant::now();
        let result = work();
        let outcome = if result.is_ok() { Outcome::Done } else { Outcome::Failed };
        self.lines.push((name.into(), outcome(started.elapsed())));
        result
    }

    /// Names a step that is not done here, with the reason.
    pub fn skip(&mut self, name: &str, reason: impl Into<String>) {
        self.lines.push((name.into(), Outcome::Skipped(reason.into())));
    }

    /// The table of seconds, then what was skipped; nothing where there was no step.
    pub fn table(&self) -> String {
        if self.lines.is_empty() {
            return String::new();
        }
        let line = |(name, outcome): &(String, Outcome)| match outcome {
            Outcome::Done(time) => Some(format!("{}  {name}\n", seconds(*time))),
            Outcome::Failed(time) => Some(format!("{}  {name}: FAILED\n", seconds(*time))),
            Outcome::Skipped(_) => None,
        };
        let done: String = self.lines.iter().filter_map(line).collect();
        let skipped: String = self
            .lines
            .iter()
            .filter_map(|(name, outcome)| match outcome {
                Outcome::Skipped(reason) => Some(format!("skipped: {name}: {reason}\n")),
                _ => None,
            })
            .collect();
        format!("\n{done}{}  in all\n{skipped}", seconds(self.started.elapsed()))
    }
}

fn seconds(time: Duration) -> String {
    format!("{:>8.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_what_was_done_what_failed_and_what_was_skipped() {
        let mut steps = Steps::new();
        assert_eq!(steps.table(), "");
        assert_eq!(steps.step("good", || Ok(3)), Ok(3));
        assert!(steps.step::<()>("bad", || Err("broken".into())).is_err());
        steps.skip("absent", "there is no such program");
        let table = steps.table();
        assert!(table.contains("  good\n") && table.contains("  bad: FAILED\n"), "{table}");
        assert!(table.ends_with("in all\nskipped: absent: there is no such program\n"), "{table}");
    }
}

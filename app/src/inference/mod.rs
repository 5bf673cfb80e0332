//! The network as the page sees it: a pure scheduler, and the shell around it that has the workers and the timers.

mod event;
pub mod models;
mod progress;
mod scheduler;
mod worker_client;
mod workers;

use std::time::Duration;

pub use event::{Book, Engine, Event, Question, Running, Trial};
pub use progress::Progress;
pub use workers::{Answer, Inference, Page};

/// Time that WebGPU gets for an answer. To the self-test it takes longest, its programs' translation included.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time without another change after which a person has come to rest: a slice of a study that is still on screen is asked about,
/// and masks that are not on screen follow.
pub const REST: Duration = Duration::from_millis(120);

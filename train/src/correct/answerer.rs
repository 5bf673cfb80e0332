//! Who answers prompts: the network as the page runs it, or the program of a peer.

use engine::{EngineError, Prepared};
use imaging::{Mask, ProbabilityMap, Prompt, Slice};
use thiserror::Error;

/// Something that makes masks of prompts.
pub trait Answerer: Sync {
    /// Whether it answers for several slices at once.
    fn is_parallel(&self) -> bool;

    /// Whether it takes such a prompt.
    fn takes(&self, prompt: &Prompt) -> bool;

    /// Opens a slice.
    fn open<'a>(&'a self, begun: Begun<'a>) -> Box<dyn Answering + 'a>;
}

/// A slice that is prompted on.
pub trait Answering {
    /// The mask after all prompts so far.
    fn mask(&self) -> &Mask;

    /// Answers one more prompt.
    ///
    /// # Errors
    ///
    /// An [`AnswerError`] says who gave no answer and why.
    fn answer(&mut self, prompt: Prompt) -> Result<Answered, AnswerError>;
}

/// A slice before its first prompt.
pub struct Begun<'a> {
    /// The slice.
    pub slice: &'a Slice,
    /// The same as the network reads it.
    pub prepared: &'a Prepared,
    /// What the first prompt meets.
    pub map: ProbabilityMap,
    /// Probability from which a pixel of it counts as tumour.
    pub threshold: f32,
}

/// How a prompt was answered.
pub struct Answered {
    /// Whether the answerer put the prompt's own pixels on the side that was asked for, before anybody held it to that.
    pub obeyed_by_itself: bool,
    /// From prompt to mask.
    pub seconds: f64,
    /// Where the prompt has a window: Dice of the mask that comes of it, and seconds.
    pub window: Option<(f64, f64)>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum AnswerError {
    /// The network failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The program of a peer failed.
    #[error("the peer `{0}` {1}")]
    Peer(String, PeerFault),
}

/// What is wrong with the program of a peer, as the end of a sentence that begins with its name.
#[derive(Debug, Error)]
pub enum PeerFault {
    /// It does not run.
    #[error("cannot be started: {0}; `cargo xtask peers` installs what the peers of this project need")]
    NotStarted(std::io::Error),
    /// It is gone.
    #[error("ended in place of an answer; what it had to say is above")]
    Ended,
    /// It hangs.
    #[error("has not answered within {0:?}; it hangs, or is too slow")]
    Silent(std::time::Duration),
    /// It says something else.
    #[error("answered what is no answer ({0}); train/peers/README.md says what it must be")]
    Garbled(String),
    /// Its mask is of another grid.
    #[error("answered with a mask of {0} pixels on a slice of {1}; a mask covers its slice")]
    WrongSize(usize, usize),
}

/// Whether a mask has all of a prompt's own pixels on the side that was asked for.
pub fn obeys(mask: &Mask, prompt: &Prompt) -> bool {
    prompt.own_pixels(mask.size()).iter().all(|&at| mask.pixels()[at] == prompt.is_tumor())
}

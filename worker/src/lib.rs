//! What the page's worker programs share: messages in and out, a model on one device, the newest question answered.
//!
//! There are two. `files` reads what is dropped and computes on the CPU; `graphics` computes on WebGPU what it is lent. Each
//! links its own device alone: the first is a fifth of the second, and the page waits for it only.

mod answering;
mod device;
mod download;
pub mod inbox;
pub mod lending;
pub mod post;
mod starting;

use std::borrow::Cow;

pub use answering::{Place, answer};
use imaging::{Slice, Surroundings};
pub use starting::{Opened, start};

/// A slice, and what is known of it beside its pixels.
pub struct Page<'a> {
    /// The slice.
    pub slice: Cow<'a, Slice>,
    /// What it is taken from.
    pub surroundings: Surroundings,
}

impl Page<'_> {
    /// The same slice, not copied.
    fn borrowed(&self) -> Page<'_> {
        Page { slice: Cow::Borrowed(&self.slice), surroundings: self.surroundings }
    }
}

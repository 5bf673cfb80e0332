//! What the page's worker programs share: messages in and out, a model on one device, the newest question answered.
//!
//! There are two. `files` reads what is dropped and computes on the CPU; `graphics` computes on WebGPU what that hands over. Each
//! links its own device alone: the first is a fifth of the second, and the page waits for it only.

mod answering;
mod device;
mod download;
pub mod handing_over;
pub mod inbox;
pub mod post;
mod starting;

use std::borrow::Cow;

pub use answering::{Loaded, answer};
use imaging::{Slice, Surroundings};
pub use starting::{Opened, start};

/// A slice, and what is known of it beside its pixels.
pub struct KnownSlice<'a> {
    /// The slice.
    pub slice: Cow<'a, Slice>,
    /// What it is taken from.
    pub surroundings: Surroundings,
}

impl KnownSlice<'_> {
    /// The same slice, not copied.
    fn borrowed(&self) -> KnownSlice<'_> {
        KnownSlice { slice: Cow::Borrowed(&self.slice), surroundings: self.surroundings }
    }
}

//! A message into JSON with its buffers beside it, and back: the one place that knows how they belong together.
//!
//! While a message is written, each payload puts its buffer into the envelope and writes its number; while it is read,
//! each takes the buffer of its number out. A thread handles one message at a time, so the open envelope is the thread's.

use std::any::Any;
use std::cell::RefCell;

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why an envelope holds no message.
#[derive(Debug, Error)]
pub enum EnvelopeError {
    /// The JSON is no message of this version, or names buffers that did not come or have another length.
    #[error("page and worker are of different versions ({0})")]
    Message(#[from] serde_json::Error),
    /// Buffers came that no field names.
    #[error("page and worker are of different versions ({0} buffers too many)")]
    Left(usize),
}

/// A buffer that has come and was not taken, with its length in bytes.
type Enclosed = Option<(Box<dyn Any>, usize)>;

thread_local! {
    static OUTGOING: RefCell<Option<Vec<Box<dyn Any>>>> = const { RefCell::new(None) };
    static INCOMING: RefCell<Vec<Enclosed>> = const { RefCell::new(Vec::new()) };
}

/// The JSON of a message, and its buffers in the order of their numbers.
///
/// Buffers are cloned, which for those of either side is a handle and no copy.
///
/// # Panics
///
/// If the message holds buffers of another type.
pub fn pack<B: 'static>(message: &impl Serialize) -> (String, Vec<B>) {
    OUTGOING.set(Some(Vec::new()));
    let json = serde_json::to_string(message).expect("messages are plain enums of numbers and strings");
    let buffers = OUTGOING.take().unwrap_or_default();
    let own = |buffer: Box<dyn Any>| *buffer.downcast().expect("a message has buffers of one type");
    (json, buffers.into_iter().map(own).collect())
}

/// The message of a JSON and its buffers; `bytes_in` says how long a buffer is.
///
/// # Errors
///
/// [`EnvelopeError`] if page and worker are of different versions.
pub fn unpack<M: DeserializeOwned, B: 'static>(
    json: &str,
    buffers: impl IntoIterator<Item = B>,
    bytes_in: impl Fn(&B) -> usize,
) -> Result<M, EnvelopeError> {
    let enclosed = buffers.into_iter().map(|buffer| {
        let bytes = bytes_in(&buffer);
        Some((Box::new(buffer) as Box<dyn Any>, bytes))
    });
    INCOMING.set(enclosed.collect());
    let message = serde_json::from_str(json);
    let left = INCOMING.take().into_iter().flatten().count();
    let message = message?;
    if left > 0 { Err(EnvelopeError::Left(left)) } else { Ok(message) }
}

/// Puts a buffer into the open envelope; its number there, or nothing where none is open.
pub(crate) fn enclose<B: 'static>(buffer: B) -> Option<u32> {
    OUTGOING.with_borrow_mut(|buffers| {
        let buffers = buffers.as_mut()?;
        buffers.push(Box::new(buffer));
        u32::try_from(buffers.len() - 1).ok()
    })
}

/// Takes the buffer of this number out of the envelope; its length has to be a multiple of `unit` bytes.
pub(crate) fn unclose<B: 'static>(at: u32, unit: usize) -> Result<B, String> {
    let taken = INCOMING.with_borrow_mut(|buffers| buffers.get_mut(at as usize).and_then(Option::take));
    let (buffer, bytes) = taken.ok_or_else(|| format!("buffer {at} did not come"))?;
    if bytes % unit != 0 {
        return Err(format!("buffer {at} has {bytes} bytes, no multiple of {unit}"));
    }
    buffer.downcast().map(|buffer| *buffer).map_err(|_| format!("buffer {at} is of another kind"))
}

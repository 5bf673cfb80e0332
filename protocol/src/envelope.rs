//! A message into bytes with its buffers beside it, and back: the one place that knows how they belong together.
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
    /// Another version of this crate wrote it.
    #[error("page and worker are of different versions")]
    Version,
    /// The bytes are no message.
    #[error("page and worker are of different versions ({0})")]
    Message(#[from] postcard::Error),
    /// A buffer did not come, or has another length.
    #[error("page and worker are of different versions ({0})")]
    Buffer(String),
    /// Buffers came that no field names.
    #[error("page and worker are of different versions ({0} buffers too many)")]
    Left(usize),
}

/// A buffer that has come and was not taken, with its length in bytes.
type Enclosed = Option<(Box<dyn Any>, usize)>;

/// What has come with the message that is read.
#[derive(Default)]
struct Incoming {
    buffers: Vec<Enclosed>,
    /// What was wrong with the buffer that stopped it: errors of the format carry no words.
    wrong: Option<String>,
}

thread_local! {
    static OUTGOING: RefCell<Option<Vec<Box<dyn Any>>>> = const { RefCell::new(None) };
    static INCOMING: RefCell<Incoming> = const { RefCell::new(Incoming { buffers: Vec::new(), wrong: None }) };
}

/// Ends every message. The format describes itself to nobody, so who reads has to be of the version that wrote: the sum of all
/// files that say what a message is.
const VERSION: [u8; 8] = sum(&[
    include_bytes!("device.rs"),
    include_bytes!("from_worker.rs"),
    include_bytes!("lib.rs"),
    include_bytes!("link.rs"),
    include_bytes!("note.rs"),
    include_bytes!("payload.rs"),
    include_bytes!("session.rs"),
    include_bytes!("to_worker.rs"),
])
.to_le_bytes();

/// The bytes of a message, the first of which is its variant's number, and its buffers in the order of their numbers.
///
/// Buffers are cloned, which for those of either side is a handle and no copy.
///
/// # Panics
///
/// If the message holds buffers of another type.
pub fn pack<B: 'static>(message: &impl Serialize) -> (Vec<u8>, Vec<B>) {
    OUTGOING.set(Some(Vec::new()));
    let mut bytes = postcard::to_allocvec(message).expect("messages are plain enums of numbers and strings");
    bytes.extend(VERSION);
    let buffers = OUTGOING.take().unwrap_or_default();
    let own = |buffer: Box<dyn Any>| *buffer.downcast().expect("a message has buffers of one type");
    (bytes, buffers.into_iter().map(own).collect())
}

/// The message of bytes and buffers; `bytes_in` says how long a buffer is.
///
/// # Errors
///
/// [`EnvelopeError`] if page and worker are of different versions.
pub fn unpack<M: DeserializeOwned, B: 'static>(
    message: &[u8],
    buffers: impl IntoIterator<Item = B>,
    bytes_in: impl Fn(&B) -> usize,
) -> Result<M, EnvelopeError> {
    let message = message.strip_suffix(&VERSION).ok_or(EnvelopeError::Version)?;
    let enclosed = buffers.into_iter().map(|buffer| {
        let bytes = bytes_in(&buffer);
        Some((Box::new(buffer) as Box<dyn Any>, bytes))
    });
    INCOMING.set(Incoming { buffers: enclosed.collect(), wrong: None });
    let message = postcard::from_bytes(message);
    let Incoming { buffers, wrong } = INCOMING.take();
    if let Some(wrong) = wrong {
        return Err(EnvelopeError::Buffer(wrong));
    }
    let (message, left) = (message?, buffers.into_iter().flatten().count());
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
pub(crate) fn unclose<B: 'static>(at: u32, unit: usize) -> Result<B, &'static str> {
    INCOMING.with_borrow_mut(|incoming| {
        let taken = incoming.buffers.get_mut(at as usize).and_then(Option::take);
        taken_as(taken, at, unit).map_err(|wrong| {
            incoming.wrong = Some(wrong);
            "a buffer is missing or of another length"
        })
    })
}

fn taken_as<B: 'static>(taken: Enclosed, at: u32, unit: usize) -> Result<B, String> {
    let (buffer, bytes) = taken.ok_or_else(|| format!("buffer {at} did not come"))?;
    if bytes % unit != 0 {
        return Err(format!("buffer {at} has {bytes} bytes, no multiple of {unit}"));
    }
    buffer.downcast().map(|buffer| *buffer).map_err(|_| format!("buffer {at} is of another kind"))
}

/// A sum of files (FNV-1a).
const fn sum(files: &[&[u8]]) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325;
    let mut file = 0;
    while file < files.len() {
        let mut at = 0;
        while at < files[file].len() {
            sum = (sum ^ files[file][at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        file += 1;
    }
    sum
}

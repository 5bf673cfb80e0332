//! What page and worker say to each other, as types.
//!
//! [`ToWorker`] goes one way, [`FromWorker`] the other. A large array is a field of its message with a type of its own
//! ([`payload`]); [`envelope`] is the one place that turns a message into bytes with buffers beside it, and back. Buffers
//! are transferred, so each side names its own kind of buffer as the messages' parameter `B`.
//!
//! The page says nothing before [`FromWorker::Hello`]. Every request has an id. An answer to a request that was superseded
//! or cancelled never comes. A worker has one device. The first one reads files too; another one is handed the slice that
//! it is asked about.
//!
//! Size and spacing of a study are arrays, axis by axis: who sends and who reads them has types for them, which this crate may
//! not know, and a third kind would only be turned into those.

mod device;
pub mod envelope;
mod from_worker;
mod link;
mod note;
pub mod payload;
pub mod session;
mod to_worker;
mod why;

use serde::{Deserialize, Serialize};

pub use device::{DeviceKind, Ready, Refusal, StartFailure};
pub use from_worker::{FromWorker, Region, SegmentFailure, SequenceInfo, SliceInfo, StudyInfo, Times, View};
pub use link::{Link, Motion, Registration};
pub use note::{Names, Problem, Remark};
pub use payload::{Around, Bytes, Marks, Numbers, Pieces, SliceData, Surface};
pub use to_worker::{
    Export, ExportFormat, Figures, Gate, Laterality, Onto, Point, Prompt, Since, SurfaceFormat, ToWorker,
};
pub use why::{Said, Why};

/// Names one file that the page handed over; never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// First id that the worker gives away itself, to slices that it finds inside the page's files.
pub const FIRST_FOUND: u32 = 1 << 31;

/// Names one study; the worker counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StudyId(pub u32);

/// Names one volume that can be a sequence of a study; the worker counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesId(pub u32);

/// Names one question to the network; the page counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u32);

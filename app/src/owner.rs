//! What is windowed, spoken of and closed as one: a slice by itself, or a study.

use protocol::{FileId, StudyId};

/// What slices belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A slice by itself.
    File(FileId),
    /// All slices of a study.
    Study(StudyId),
}

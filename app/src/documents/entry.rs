//! One slice that is open, and where its numbers are.

use std::sync::Arc;

use protocol::{FileId, StudyId};

use super::picture::Picture;
use crate::owner::Owner;

/// One slice that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Names it in messages.
    pub id: FileId,
    /// Name of its file, or of its study with its number.
    pub name: String,
    /// Where its numbers are.
    pub content: Content,
}

/// Where the numbers of a slice are.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Here: it is a slice by itself.
    Lone(Arc<Picture>),
    /// In a study.
    Slice {
        /// Which.
        study: StudyId,
        /// Its number there, from 0.
        index: usize,
    },
}

impl Entry {
    /// The study that it belongs to.
    pub fn study(&self) -> Option<StudyId> {
        match self.content {
            Content::Lone(_) => None,
            Content::Slice { study, .. } => Some(study),
        }
    }

    /// What it belongs to.
    pub fn owner(&self) -> Owner {
        self.study().map_or(Owner::File(self.id), Owner::Study)
    }
}

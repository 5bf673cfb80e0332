//! What a person should know of what was dropped or asked for. The page finds the words.
//!
//! A `why` or `what` is the sentence of the reader that met it, without the file's name; other languages may have their own.

use serde::{Deserialize, Serialize};

use crate::why::Why;

/// Names that a message spells out.
const NAMED: usize = 3;

/// The first few of several names, and how many there are besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// The first few.
    pub first: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

impl Names {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.first.len() + self.more
    }

    /// Adds one.
    pub fn push(&mut self, name: String) {
        if self.first.len() < NAMED {
            self.first.push(name);
        } else {
            self.more += 1;
        }
    }
}

impl<S: Into<String>> FromIterator<S> for Names {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut all = Self::default();
        names.into_iter().for_each(|name| all.push(name.into()));
        all
    }
}

/// Something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// A file is not read.
    Unreadable {
        /// Its name.
        name: String,
        /// What it is or what is wrong with it, and what to do.
        why: Why,
    },
    /// Several files, and nothing among them that can be opened.
    NothingToOpen {
        /// How many files.
        files: usize,
        /// Their kinds, each with its number of files.
        kinds: Vec<(String, usize)>,
    },
    /// A label came and no study is open.
    LabelWithoutStudy {
        /// Name of the file.
        name: String,
    },
    /// A label fits no open study.
    LabelFitsNone {
        /// Name of the file.
        name: String,
        /// What is wrong with it for the study on screen, or for the newest one.
        why: Why,
    },
    /// Volumes do not go together.
    Apart {
        /// Which, and why.
        why: Why,
    },
    /// There is no volume of this number.
    NoSuchVolume {
        /// How many there are.
        volumes: usize,
    },
    /// Pictures cannot be stacked.
    NoStack {
        /// Why not.
        why: Why,
    },
    /// A session file could not be written.
    SessionNotWritten {
        /// Why not.
        why: Why,
    },
    /// A session file is damaged.
    SessionDamaged {
        /// Its name.
        name: String,
    },
    /// A session file is of a newer version of this program.
    SessionNewer {
        /// Its name.
        name: String,
    },
    /// A mask is not of its study's size.
    MaskSize,
    /// There is no surface of a study.
    NoSurface {
        /// Name of the study.
        study: String,
        /// Why not.
        why: Why,
    },
    /// A file of a mask could not be written.
    NotWritten {
        /// Name of the study.
        study: String,
        /// Why not.
        why: Why,
    },
}

/// Something was assumed or done differently than expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remark {
    /// Files have no place in a volume.
    LeftOut {
        /// Which.
        names: Names,
        /// Why.
        why: Why,
    },
    /// Files lie beside those that were opened.
    Bystanders {
        /// Their kinds, each with its number of files.
        kinds: Vec<(String, usize)>,
    },
    /// Images came more than once.
    Doubled {
        /// The files that were left out.
        names: Names,
    },
    /// Images are open already.
    AlreadyOpen {
        /// How many.
        count: usize,
        /// Name of their study.
        study: String,
    },
    /// Volumes are odd, and opened all the same.
    Odd {
        /// Which.
        names: Names,
        /// What is odd.
        what: Why,
    },
    /// More of an open study came.
    Joined {
        /// Name of the study.
        study: String,
        /// The volumes that came.
        names: Names,
        /// Sequences that the study lacked (0 pre-contrast, 1 FLAIR, 2 post-contrast) and has now.
        filled: Vec<usize>,
    },
    /// Something about a file was taken for granted.
    Assumed {
        /// Name of the file.
        name: String,
        /// What.
        what: Why,
    },
    /// A file has too many volumes to open together; its first is open, and others can be taken by number.
    Many {
        /// Name of the file.
        name: String,
        /// How many there are.
        volumes: usize,
    },
    /// A picture is so large that it is halved.
    Halved {
        /// Name of the file.
        name: String,
    },
    /// There is no other head at a place of a picture.
    NoOtherHead,
}

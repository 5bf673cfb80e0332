//! Why something was not done, or what is odd about it: a sentence in English, and what other languages need to say the same.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// The sentence of who met it, without the name of the file; it reads as its English text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// In English.
    pub english: String,
    /// What other languages call it; empty where they have no words for it.
    pub key: String,
    /// What goes into it, by name.
    pub values: Vec<(String, Said)>,
}

/// What goes into a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// A name, or a word as it is.
    Word(String),
    /// A whole number.
    Count(u64),
    /// A number with one digit behind the point, ten times as large.
    Tenths(i64),
}

impl Deref for Why {
    type Target = str;

    fn deref(&self) -> &str {
        &self.english
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

//! Errors and warnings of the readers into what the page says of them: their English sentence, and a key with values by which other
//! languages have their own.
//!
//! The keys are those of `app/locales/*.ftl` after `reader-`, which `tests/reasons.rs` compares.

mod files;
mod odd;
mod other;

use std::fmt::Display;

use protocol::{Said, Why};

/// What goes into a sentence, by name.
pub type Values = Vec<(&'static str, Said)>;

/// Something that a person is told.
pub trait Explained: Display {
    /// What other languages call it, and what goes into their sentence; no key where they have none.
    fn key(&self) -> (&'static str, Values);
}

/// What the page is told of it.
pub fn why(told: &dyn Explained) -> Why {
    let (key, values) = told.key();
    keyed(key, values, told.to_string())
}

/// A sentence that is no error of a reader.
pub(crate) fn keyed(key: &str, values: Values, english: String) -> Why {
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Why { english, key: key.to_owned(), values }
}

/// A key without values.
fn bare(key: &'static str) -> (&'static str, Values) {
    (key, Vec::new())
}

/// A word or a name.
pub(crate) fn word(name: &'static str, value: impl Display) -> (&'static str, Said) {
    (name, Said::Word(value.to_string()))
}

/// A whole number.
pub(crate) fn count(name: &'static str, value: impl TryInto<u64>) -> (&'static str, Said) {
    (name, Said::Count(value.try_into().unwrap_or(u64::MAX)))
}

/// A number of which one digit behind the point is said.
fn tenths(name: &'static str, value: f64) -> (&'static str, Said) {
    (name, Said::Tenths((10.0 * value).round() as i64))
}

/// A name without its English article.
fn plain(name: &str) -> &str {
    name.strip_prefix("an ").or_else(|| name.strip_prefix("a ")).unwrap_or(name)
}

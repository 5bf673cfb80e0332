//! All text on screen, in the language chosen: one Fluent file a language in `app/locales/`. Knows no store.

mod choice;
mod conventions;
mod intl;
mod list;
mod text;
mod translation;

#[cfg(test)]
mod tests;

pub use choice::{choose, chosen, date, decimal, open};
pub use list::LANGUAGES;
pub(crate) use text::text;
pub use text::{Text, Value};

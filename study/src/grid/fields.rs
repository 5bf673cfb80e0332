//! A header of text: what its lines say, each by its key.

use std::str::FromStr;

use super::Unusable;

/// The lines of a header, keys in lower case.
pub(super) struct Fields {
    pub all: Vec<(String, String)>,
    /// Bytes that they take.
    pub length: usize,
}

impl Fields {
    /// The value of the first of some keys that is there.
    pub fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.all.iter().find(|(known, _)| known == key)).map(|(_, value)| value.as_str())
    }

    /// The value of a key without which there is no volume.
    pub fn required(&self, key: &str) -> Result<&str, Unusable> {
        self.get(&[key]).ok_or_else(|| Unusable::Damaged(format!("its header has no line {key:?}")))
    }

    /// The number of the first of some keys that is there, or zero.
    pub fn number(&self, keys: &[&str]) -> Result<i64, Unusable> {
        let text = self.get(keys).unwrap_or("0");
        text.parse().map_err(|_| Unusable::Damaged(format!("{text:?} is no number ({})", keys[0])))
    }

    /// The numbers of the first of some keys that is there.
    pub fn numbers<T: FromStr>(&self, keys: &[&str]) -> Result<Option<Vec<T>>, Unusable> {
        let Some(text) = self.get(keys) else { return Ok(None) };
        let numbers: Result<Vec<T>, _> = text.split_whitespace().map(str::parse).collect();
        numbers.map(Some).map_err(|_| Unusable::Damaged(format!("{:?} are no numbers ({})", text, keys[0])))
    }

    /// Whether the first of some keys that is there says yes.
    pub fn is_true(&self, keys: &[&str]) -> bool {
        self.get(keys).is_some_and(|value| value.to_lowercase().starts_with('t') || value == "1")
    }
}

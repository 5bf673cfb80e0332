//! What a data set says of itself: `card.toml` in its folder, or a file that the command line names.
//!
//! A model card repeats it. Without one, a model card says that the data is not described, and claims no licence.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The file's name in the folder of a data set.
const FILE: &str = "card.toml";

/// What a data set says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataCard {
    /// Its name.
    pub name: String,
    /// What the labels mark, such as `lower-grade glioma`.
    pub disease: Option<String>,
    /// How its authors ask to be cited.
    pub citation: Option<String>,
    /// The terms of its use.
    pub licence: Option<String>,
    /// Address at which it is published.
    pub site: Option<String>,
    /// What a reader of figures has to know of it.
    pub limits: Option<String>,
    /// What others report on it, in a sentence or two.
    pub comparison: Option<String>,
    /// The same as numbers for the charts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reported: Vec<Reported>,
}

/// A volume Dice that others report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// Who.
    pub by: String,
    /// How much.
    pub volume_dice: f64,
}

/// Why a data card cannot be used.
#[derive(Debug, Error)]
pub enum DataCardError {
    /// The file cannot be read.
    #[error("cannot read the data card {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is no data card.
    #[error("{0} is no data card: {1}")]
    Malformed(PathBuf, toml::de::Error),
}

impl DataCard {
    /// The card in `file`; without a file the one in the folder `data`, if there is one.
    ///
    /// # Errors
    ///
    /// [`DataCardError`] if `file` cannot be read, or a card is malformed.
    pub fn find(data: &Path, file: Option<&Path>) -> Result<Option<Self>, DataCardError> {
        let beside = data.join(FILE);
        match file {
            Some(file) => Self::read(file).map(Some),
            None if beside.exists() => Self::read(&beside).map(Some),
            None => Ok(None),
        }
    }

    fn read(path: &Path) -> Result<Self, DataCardError> {
        let text = fs::read_to_string(path).map_err(|error| DataCardError::Unreadable(path.into(), error))?;
        toml::from_str(&text).map_err(|error| DataCardError::Malformed(path.into(), error))
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_named_file_outranks_the_one_in_the_folder() {
        let folder = TempDir::new().unwrap();
        let other = folder.path().join("other.toml");
        let name = |file: Option<&Path>| DataCard::find(folder.path(), file).map(|card| card.map(|card| card.name));
        assert!(matches!(name(None), Ok(None)));
        fs::write(folder.path().join(FILE), "name = \"Here\"").unwrap();
        fs::write(&other, "name = \"There\"\nlicence = \"CC BY 4.0\"").unwrap();
        assert_eq!(name(None).unwrap().unwrap(), "Here");
        assert_eq!(name(Some(&other)).unwrap().unwrap(), "There");
        fs::write(&other, "nome = \"There\"").unwrap();
        assert!(name(Some(&other)).unwrap_err().to_string().contains("nome"));
        assert!(matches!(name(Some(Path::new("/nowhere"))), Err(DataCardError::Unreadable(..))));
    }

    #[test]
    fn the_card_in_the_repository_is_valid() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-cards/lgg.toml");
        let card = DataCard::find(Path::new("/nowhere"), Some(&file)).unwrap().unwrap();
        assert!(card.licence.is_some() && card.citation.is_some());
    }
}

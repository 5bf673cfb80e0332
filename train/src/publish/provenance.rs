//! How a packaged model's weights came about, as `fit.json` beside them says it: with the other files of the folder it is all
//! that the model card is made of.

use std::error::Error;
use std::fs;
use std::path::Path;

use engine::Manifest;
use serde::{Deserialize, Serialize};

use crate::data::card::DataCard;
use crate::fit::config::TrainConfig;

/// The file's name.
const FILE: &str = "fit.json";
/// The terms of a network that is not there any more.
const UNKNOWN: &str = "unknown, since its folder is gone; ask whoever fitted it.";

/// How weights came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// What the data set says of itself; nothing where it says nothing.
    pub data: Option<DataCard>,
    /// Patients fitted to.
    pub patients: usize,
    /// Their slices.
    pub slices: usize,
    /// Whether the fit saw other slices of the patients that it is measured on.
    pub leaky: bool,
    /// The packaged model that the first of the fits behind it went on from, if one did.
    pub ancestor: Option<Ancestor>,
    /// Fits whose weights were averaged.
    pub runs: usize,
    /// Checkpoints of each that were averaged.
    pub checkpoints: usize,
    /// The largest change of a patient's volume Dice when the weights are not rounded, or a bound of it.
    pub rounding: f64,
    /// The recipe of the last fit, or of the first of several that were averaged.
    pub recipe: TrainConfig,
}

/// A packaged model that a fit went on from, with what was fitted into it before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ancestor {
    /// Its `id`.
    pub model: String,
    /// Under which terms it may be used.
    pub licence: String,
}

impl Ancestor {
    /// The packaged model at the beginning of a chain of fits; nothing if the first began from random weights.
    ///
    /// Where a folder of the chain is not there any more, its terms are unknown, and the answer says so.
    ///
    /// # Errors
    ///
    /// If a manifest is malformed.
    pub fn of(recipe: &TrainConfig) -> Result<Option<Self>, Box<dyn Error>> {
        let Some(start) = &recipe.start else { return Ok(None) };
        let manifest = start.join("manifest.json");
        if manifest.exists() {
            let Manifest { id, licence, .. } = Manifest::parse(&fs::read(manifest)?)?;
            return Ok(Some(Self { model: id, licence }));
        }
        match TrainConfig::read(&start.join("config.toml")) {
            Ok(before) => Self::of(&before),
            Err(_) => Ok(Some(Self { model: start.display().to_string(), licence: UNKNOWN.into() })),
        }
    }
}

/// Under which terms weights may be used: those of the data that they were fitted to, if these are known, and those of the
/// model that they began from.
pub fn licence(data: Option<&DataCard>, ancestor: Option<&Ancestor>) -> String {
    let own = match data {
        Some(DataCard { name, licence: Some(licence), .. }) => {
            format!("Research use only. Trained on the {name} ({licence}), whose terms the weights follow.")
        }
        Some(DataCard { name, licence: None, .. }) => {
            format!("Research use only. Trained on the {name}, which states no licence: none is claimed.")
        }
        None => "Research use only. Trained on a data set that is not described: no licence is claimed.".into(),
    };
    match ancestor {
        Some(Ancestor { model, licence }) if *licence != own => {
            format!("{own} Fitted on from the model `{model}`, whose terms hold too: {licence}")
        }
        _ => own,
    }
}

/// What [`read`] reads, into a model's folder.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write(folder: &Path, provenance: &Provenance) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(folder.join(FILE), serde_json::to_string_pretty(provenance)? + "\n")?)
}

/// How the weights in a model's folder came about.
///
/// # Errors
///
/// If the folder does not say so.
pub fn read(folder: &Path) -> Result<Provenance, Box<dyn Error>> {
    let path = folder.join(FILE);
    let json = fs::read(&path).map_err(|error| {
        format!("cannot read {}: {error}; a card is made of it: package the fit again", path.display())
    })?;
    serde_json::from_slice(&json).map_err(|error| format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn described(name: &str, licence: Option<&str>) -> DataCard {
        let licence = licence.map(str::to_owned);
        let [disease, citation, site, limits, comparison] = [const { None }; 5];
        DataCard { name: name.into(), disease, citation, licence, site, limits, comparison, reported: Vec::new() }
    }

    #[test]
    fn no_licence_is_claimed_that_nobody_gave() {
        assert!(licence(None, None).contains("no licence is claimed"));
        assert!(licence(Some(&described("Atlas", None)), None).contains("none is claimed"));
        let atlas = licence(Some(&described("Atlas", Some("CC0"))), None);
        assert!(atlas.contains("Atlas (CC0)"), "{atlas}");
    }

    #[test]
    fn the_terms_of_the_model_before_go_along_once() {
        let ancestor = Ancestor { model: "before".into(), licence: "Ask first.".into() };
        let text = licence(Some(&described("Atlas", Some("CC0"))), Some(&ancestor));
        assert!(text.contains("CC0") && text.contains("`before`") && text.ends_with("Ask first."), "{text}");
        let same = Ancestor { model: "before".into(), licence: licence(None, None) };
        assert_eq!(licence(None, Some(&same)), licence(None, None));
    }

    #[test]
    fn the_model_before_is_found_through_a_chain_of_fits() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let recipe = || TrainConfig::read(&here.join("configs/default.toml")).unwrap();
        let folder = TempDir::new().unwrap();
        let first = TrainConfig { start: Some(here.join("../public/models/lgg-resunetpp")), ..recipe() };
        fs::write(folder.path().join("config.toml"), toml::to_string(&first).unwrap()).unwrap();
        let second = TrainConfig { start: Some(folder.path().into()), ..recipe() };
        let ancestor = Ancestor::of(&second).unwrap().unwrap();
        assert_eq!(ancestor.model, "lgg-resunetpp");
        assert!(ancestor.licence.contains("CC BY-NC-SA"));
        assert_eq!(Ancestor::of(&TrainConfig { start: None, ..recipe() }).unwrap(), None);
        let gone = TrainConfig { start: Some(folder.path().join("gone")), ..recipe() };
        assert_eq!(Ancestor::of(&gone).unwrap().unwrap().licence, UNKNOWN);
    }
}

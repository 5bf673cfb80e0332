//! A comparison: which networks, by which recipe, with which seeds, read from TOML.

use std::fs;
use std::path::{Path, PathBuf};

use model::NetworkConfig;
use serde::Deserialize;
use thiserror::Error;

use crate::fit::config::{ConfigError, TrainConfig};

/// Networks that are fitted by one recipe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// What the table is called.
    pub title: String,
    /// Recipe of every fit, from the comparison's folder on; network and seed in it do not count.
    recipe: PathBuf,
    /// Seeds; each network is fitted once with each.
    pub seeds: Vec<u64>,
    /// Name of the network that the others are measured against.
    pub ours: String,
    /// The networks.
    pub networks: Vec<Entry>,
    /// What belongs here and is not run, and why.
    #[serde(default)]
    pub not_run: Vec<NotRun>,
}

/// A network of the list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is called in the table.
    pub name: String,
    /// The network.
    pub network: NetworkConfig,
}

/// What is not run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotRun {
    /// What it is.
    pub name: String,
    /// The reason.
    pub why: String,
}

/// Why a comparison cannot be run.
#[derive(Debug, Error)]
pub enum ComparisonError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is no comparison.
    #[error("{0}: {1}")]
    Malformed(PathBuf, toml::de::Error),
    /// Two networks would have one folder.
    #[error("two networks of the comparison are called {0}")]
    Twice(String),
    /// No network of the list has this name.
    #[error("there is no network called {name}; the comparison has {known}")]
    Unknown {
        /// The name.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// A seed that is none of the comparison's.
    #[error("the comparison has no seed {0}")]
    NoSeed(u64),
    /// The recipe takes labels away from some patients, whom the networks of a comparison are to learn from.
    #[error("{0}: a comparison's recipe has no `adaptation`")]
    Adapted(PathBuf),
    /// The recipe is wrong, or wrong for a network.
    #[error(transparent)]
    Recipe(#[from] ConfigError),
}

impl Comparison {
    /// The comparison in a file, and its recipe.
    ///
    /// # Errors
    ///
    /// [`ComparisonError`] says what is wrong with either.
    pub fn read(path: &Path) -> Result<(Self, TrainConfig), ComparisonError> {
        let text = fs::read_to_string(path).map_err(|error| ComparisonError::Unreadable(path.into(), error))?;
        let comparison: Self = toml::from_str(&text).map_err(|error| ComparisonError::Malformed(path.into(), error))?;
        let mut folders: Vec<String> = comparison.networks.iter().map(Entry::folder).collect();
        folders.sort();
        if let Some(twice) = folders.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(ComparisonError::Twice(twice[0].clone()));
        }
        comparison.entry(&comparison.ours)?;
        let path = path.parent().unwrap_or(Path::new("")).join(&comparison.recipe);
        let recipe = TrainConfig::read(&path)?;
        if recipe.adaptation.is_some() {
            return Err(ComparisonError::Adapted(path));
        }
        Ok((comparison, recipe))
    }

    /// What is to be fitted: every network with every seed, or those asked for.
    ///
    /// # Errors
    ///
    /// [`ComparisonError::Unknown`] and [`ComparisonError::NoSeed`].
    pub fn fits(&self, only: Option<&str>, seed: Option<u64>) -> Result<Vec<(&Entry, u64)>, ComparisonError> {
        let chosen = only.map(|name| self.entry(name)).transpose()?;
        if let Some(seed) = seed.filter(|seed| !self.seeds.contains(seed)) {
            return Err(ComparisonError::NoSeed(seed));
        }
        let entries = self.networks.iter().filter(|entry| chosen.is_none_or(|chosen| chosen.name == entry.name));
        let seeds = |entry| self.seeds.iter().map(move |&each| (entry, each));
        Ok(entries.flat_map(seeds).filter(|(_, each)| seed.is_none_or(|seed| seed == *each)).collect())
    }

    fn entry(&self, name: &str) -> Result<&Entry, ComparisonError> {
        self.networks.iter().find(|entry| entry.name == name).ok_or_else(|| ComparisonError::Unknown {
            name: name.into(),
            known: self.networks.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

impl Entry {
    /// The recipe of its fit with a seed.
    pub fn recipe(&self, recipe: &TrainConfig, seed: u64) -> TrainConfig {
        TrainConfig { network: self.network.clone(), seed, ..recipe.clone() }
    }

    /// Its name as that of a folder.
    pub fn folder(&self) -> String {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
        self.name.replace("++", "-plus-plus").replace('+', "-plus").chars().map(plain).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> (Comparison, TrainConfig) {
        Comparison::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("comparisons/lgg.toml")).unwrap()
    }

    #[test]
    fn networks_of_the_published_comparison_have_about_six_million_parameters() {
        let (comparison, recipe) = published();
        for Entry { name, network } in &comparison.networks {
            let parameters = network.body_cost(256, 256).parameters;
            assert!((5_500_000..6_500_000).contains(&parameters), "{name}: {parameters}");
            assert!(recipe.stages.iter().all(|stage| stage.side.is_multiple_of(network.multiple())), "{name}");
        }
    }

    #[test]
    fn fits_are_chosen_by_name_and_seed() {
        let (comparison, recipe) = published();
        let all = comparison.fits(None, None).unwrap();
        assert_eq!(all.len(), comparison.networks.len() * comparison.seeds.len());
        let chosen = comparison.fits(Some(&comparison.ours), Some(comparison.seeds[0])).unwrap();
        assert_eq!(chosen.len(), 1);
        let fitted = chosen[0].0.recipe(&recipe, 77);
        assert_eq!((fitted.seed, &fitted.network), (77, &chosen[0].0.network));
        let error = comparison.fits(Some("nobody"), None).unwrap_err().to_string();
        assert!(error.contains("nobody") && error.contains(&comparison.ours), "{error}");
        assert!(matches!(comparison.fits(None, Some(987)), Err(ComparisonError::NoSeed(987))));
    }

    #[test]
    fn names_become_folders_of_their_own() {
        let folder = |name: &str| Entry { name: name.into(), network: NetworkConfig::default() }.folder();
        assert_eq!(
            ["DeepLabV3", "DeepLabV3+", "U-Net", "UNet++"].map(folder),
            ["deeplabv3", "deeplabv3-plus", "u-net", "unet-plus-plus"]
        );
    }
}

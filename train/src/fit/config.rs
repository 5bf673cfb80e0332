//! A recipe: everything that decides how a network is fitted, read from TOML and saved with the run.

use std::path::{Path, PathBuf};

use engine::Window;
use imaging::Normalization;
use model::NetworkConfig;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::correct::robot::Mixture;
use crate::data::patient::Patient;
use crate::fit::adaptation::{Adaptation, Sites};
use crate::fit::optimizer::OptimizerConfig;
use crate::fit::schedule::Schedule;

/// Everything that decides how a network is fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainConfig {
    /// Seed of the initial weights, the order of the slices and the augmentation.
    pub seed: u64,
    /// Training patients held back to watch the fit and to choose thresholds; none for a fit to all of them, whose
    /// thresholds are those of a packaged model.
    pub tuning_patients: usize,
    /// Folder of the packaged model whose thresholds a fit to all patients takes, if not of the one that it starts from.
    pub thresholds: Option<PathBuf>,
    /// The network; without it, the paper's.
    #[serde(default)]
    pub network: NetworkConfig,
    /// Slices per optimiser step.
    pub batch: usize,
    /// How often an epoch shows every slice with tumour, and as many without.
    #[serde(default = "once")]
    pub passes: usize,
    /// How slices are drawn instead, where an epoch is so many steps on random ones.
    pub oversampling: Option<Oversampling>,
    /// Largest learning rate.
    pub learning_rate: f64,
    /// What turns gradients into steps.
    pub optimizer: OptimizerConfig,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Epochs without a better tuning Dice after which the fit ends early.
    pub early_stopping: Option<usize>,
    /// Folder of an earlier fit or of a packaged model whose network this one starts from, rather than from random
    /// weights.
    pub start: Option<PathBuf>,
    /// What becomes of batch normalisation.
    #[serde(default)]
    pub batch_normalization: BatchNormalization,
    /// Decay of the moving average of the weights, each step; without it the last weights themselves are the result.
    pub averaging: Option<f64>,
    /// How the network learns to be corrected; without it, it only learns to answer on its own.
    pub clicks: Option<ClickTraining>,
    /// How the network learns to read other sites' slices without their labels; without it, it does not.
    pub adaptation: Option<Adaptation>,
    /// Steps on windows between those on whole slices; without it there are none.
    pub windows: Option<WindowTraining>,
    /// How slices are varied.
    pub augmentation: Augmentation,
    /// Weight of the presence head's cross-entropy beside the mask's loss.
    pub presence_weight: f32,
    /// Which loss of the overlap of mask and label.
    #[serde(default)]
    pub overlap: OverlapLoss,
    /// Weight of the pixels' cross-entropy beside that of the overlap.
    pub cross_entropy_weight: f32,
    /// Weight of the Jaccard loss of every slice with tumour by itself beside that of the batch.
    #[serde(default)]
    pub slice_weight: f32,
    /// Weight of each auxiliary answer of a network that has some (deep supervision) beside its answer, both taken by the mask's
    /// loss; their weighted mean is what is made small. With 1, which is the default, all count the same.
    #[serde(default = "the_same")]
    pub deep_weight: f32,
    /// Weight of each auxiliary answer as a share of that of the one before it: of the next finer grid, where they are of grids.
    #[serde(default = "the_same")]
    pub deep_decay: f32,
    /// Number format of the activations.
    pub precision: Precision,
    /// How intensities become network inputs; written into the manifest.
    pub normalization: Normalization,
    /// Share of the slices that are normalised as if they were alone, where normalisation is by volume.
    #[serde(default)]
    pub lone_slices: f64,
    /// Sizes to train at, one after the other.
    pub stages: Vec<Stage>,
}

/// An epoch of steps on slices that are drawn at random, with replacement: every patient is as likely as every other, and
/// within one every slice.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oversampling {
    /// Steps of an epoch.
    pub steps: usize,
    /// Share of each batch, at least one slice, that is drawn of slices with tumour alone.
    pub share: f64,
}

/// A loss of the overlap of mask and label, over all pixels of the batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlapLoss {
    /// One minus the soft intersection over union, the paper's.
    #[default]
    Jaccard,
    /// One minus the soft Dice coefficient.
    Dice,
}

/// What becomes of batch normalisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchNormalization {
    /// It is learned along with the rest.
    #[default]
    Learned,
    /// It is merged into the weights that the fit starts from: slices with guidance and without, whole ones and windows
    /// can then mix in any proportion, since none changes the statistics of another.
    Merged,
}

/// Steps on windows, the part of a slice that the engine computes for a click where it can.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowTraining {
    /// Windows per optimiser step.
    pub batch: usize,
    /// How often an epoch shows every slice with tumour in a window.
    pub passes: usize,
    /// Share of the windows that are corrected.
    pub share: f64,
}

/// Some epochs at one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Width and height that slices are resampled to; a multiple of what the network halves them by, 16 for most.
    pub side: usize,
    /// Passes over the training slices.
    pub epochs: usize,
}

/// How the network learns to be corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClickTraining {
    /// Share of the slices that are corrected.
    pub share: f64,
    /// Odds of no round of corrections, of one, of two and so on before the answer that counts.
    pub rounds: Vec<f64>,
    /// What the prompts are beside clicks; without it, all are clicks.
    #[serde(default)]
    pub mixture: Mixture,
}

impl ClickTraining {
    fn is_nonsense(&self) -> bool {
        let odds: f64 = self.rounds.iter().sum();
        let Mixture { scribbles, loops } = self.mixture;
        let mixes = scribbles >= 0.0 && loops >= 0.0 && scribbles + loops <= 1.0;
        !mixes
            || !(0.0..=1.0).contains(&self.share)
            || !odds.is_finite()
            || odds <= 0.0
            || self.rounds.iter().any(|o| *o < 0.0)
    }
}

/// How slices are varied before the network sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Augmentation {
    /// Not at all.
    None,
    /// Mirrored, rotated, scaled, shifted, intensities changed, a sequence replaced.
    Full,
    /// Besides, now and then as if another scanner had taken it: coarser, noisy, shaded, of another contrast curve.
    Scanners,
    /// Besides, moved and bent half as far again.
    Far,
}

/// Number format of the activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// 32 bit throughout.
    Full,
    /// `bf16` activations where the device has them, 32-bit parameters, statistics and loss.
    Mixed,
}

/// Why a recipe cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the recipe {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is no recipe.
    #[error("{0} is no recipe: {1}")]
    Malformed(PathBuf, toml::de::Error),
    /// A number makes no sense.
    #[error("in {0}: {1}")]
    Nonsense(PathBuf, String),
    /// The size asked for does not fit the network.
    #[error("--side {0}: the network takes sides that are multiples of {1}, such as 128")]
    Side(usize, usize),
}

impl TrainConfig {
    /// The recipe in a file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the file and what is wrong with it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.into(), error))?;
        let config: Self = toml::from_str(&text).map_err(|error| ConfigError::Malformed(path.into(), error))?;
        match config.nonsense() {
            Some(why) => Err(ConfigError::Nonsense(path.into(), why)),
            None => Ok(config),
        }
    }

    /// The same recipe with every stage at one size.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Side`] if the network cannot take that size.
    pub fn at_side(mut self, side: usize) -> Result<Self, ConfigError> {
        self.stages.iter_mut().for_each(|stage| stage.side = side);
        if self.nonsense().is_some() { Err(ConfigError::Side(side, self.network.multiple())) } else { Ok(self) }
    }

    /// Folder of the packaged model that a fit to all patients takes its thresholds from.
    pub fn thresholds_folder(&self) -> Option<&Path> {
        self.thresholds.as_deref().or(self.start.as_deref())
    }

    /// The network in the form in which it is fitted.
    pub fn network(&self) -> NetworkConfig {
        self.network.clone().with_normalization(match self.batch_normalization {
            BatchNormalization::Learned => model::Normalization::Batch,
            BatchNormalization::Merged => model::Normalization::Folded,
        })
    }

    /// Training patients by what the fit may know of them, and of the tuning patients those whose labels it may read.
    ///
    /// # Errors
    ///
    /// If the recipe adapts to sites of which there is nobody.
    pub fn sites(&self, training: Vec<Patient>, tuning: &mut Vec<Patient>) -> Result<Sites, String> {
        let Some(adaptation) = &self.adaptation else {
            return Ok(Sites { labelled: training, unlabelled: Vec::new() });
        };
        let sites = adaptation.divide(training, tuning);
        let nobody = if sites.labelled.is_empty() {
            "to fit to: no training patient is of a site in `source`"
        } else if sites.unlabelled.is_empty() {
            "to adapt to: no training patient is of a site in `target`"
        } else if tuning.is_empty() && self.tuning_patients > 0 {
            "to tune on: no patient held back is of a site in `source`; name some in the split's `tuning`"
        } else {
            return Ok(sites);
        };
        Err(format!("`adaptation` leaves nobody {nobody}"))
    }

    /// What makes no sense in the recipe.
    fn nonsense(&self) -> Option<String> {
        let multiple = self.network.multiple();
        if self.stages.iter().any(|stage| stage.side == 0 || !stage.side.is_multiple_of(multiple)) {
            Some(format!("every stage's `side` must be a multiple of {multiple}, by which the network halves it"))
        } else if self.network.body_cost(multiple, multiple).multiply_adds == 0 {
            Some("`network` has a width of 0, which answers nothing".into())
        } else if self.clicks.is_some() && !self.network.takes_guidance() {
            Some(format!("{} takes no guidance, so that there is nothing for `clicks` to teach", self.network.name()))
        } else {
            self.nonsense_apart_from_the_network().map(str::to_owned)
        }
    }

    fn nonsense_apart_from_the_network(&self) -> Option<&'static str> {
        if self.batch == 0 || self.passes == 0 {
            Some("`batch` and `passes` must be at least 1")
        } else if self.stages.is_empty() {
            Some("`stages` is empty: nothing would be trained")
        } else if self.tuning_patients == 0 && self.early_stopping.is_some() {
            Some("`early_stopping` needs `tuning_patients` to watch")
        } else if [self.deep_weight, self.deep_decay].iter().any(|weight| !(*weight >= 0.0 && weight.is_finite())) {
            Some("`deep_weight` and `deep_decay` must be numbers of at least 0")
        } else if self.oversampling.is_some_and(|drawn| drawn.steps == 0 || !(0.0..=1.0).contains(&drawn.share)) {
            Some("`oversampling` needs `steps` of at least 1 and a `share` in 0..=1")
        } else if self.oversampling.is_some() && self.windows.is_some() {
            Some("`oversampling` draws whole slices: leave `windows` out")
        } else if self.averaging.is_some_and(|decay| !(0.0..1.0).contains(&decay)) {
            Some("`averaging` must be at least 0 and below 1")
        } else if self.windows.is_some_and(|windows| windows.batch == 0 || !(0.0..=1.0).contains(&windows.share)) {
            Some("`windows` needs a `batch` of at least 1 and a `share` in 0..=1")
        } else if self.windows.is_some() && self.stages.iter().any(|stage| stage.side <= Window::SIDE) {
            Some("`windows` are cut from stages with a larger `side` than 128")
        } else if self.adaptation.is_some() && (self.clicks.is_some() || self.windows.is_some()) {
            Some("`adaptation` is for a network that answers on its own: leave `clicks` and `windows` out")
        } else if let Some(why) = self.adaptation.as_ref().and_then(Adaptation::nonsense) {
            Some(why)
        } else if !(0.0..=1.0).contains(&self.lone_slices) {
            Some("`lone_slices` must be in 0..=1")
        } else if self.clicks.as_ref().is_some_and(ClickTraining::is_nonsense) {
            Some("`clicks` needs a `share` in 0..=1, `rounds` with odds above 0 and a `mixture` of at most 1")
        } else {
            None
        }
    }
}

fn once() -> usize {
    1
}

fn the_same() -> f32 {
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_in_the_repository_is_valid() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
        let recipes: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!recipes.is_empty());
        for recipe in recipes {
            TrainConfig::read(&recipe).unwrap();
        }
    }

    fn written(recipe: &str, more: &str) -> Result<TrainConfig, ConfigError> {
        let folder = tempfile::TempDir::new().unwrap();
        let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
        let path = folder.path().join("recipe.toml");
        let text = std::fs::read_to_string(configs.join(recipe)).unwrap();
        std::fs::write(&path, format!("{text}\n{more}")).unwrap();
        TrainConfig::read(&path)
    }

    #[test]
    fn a_recipe_names_its_network_or_means_the_papers() {
        let own = written("automatic.toml", "").unwrap();
        assert_eq!(own.network, NetworkConfig::default());
        let other = written("automatic.toml", "[network]\nkind = \"unet\"\nwidth = 16\nup = \"resized\"").unwrap();
        assert_eq!(other.network.name(), "U-Net");
        let folder = tempfile::TempDir::new().unwrap();
        for config in [own, other] {
            // As a run keeps it.
            let path = folder.path().join("config.toml");
            std::fs::write(&path, toml::to_string(&config).unwrap()).unwrap();
            assert_eq!(TrainConfig::read(&path).unwrap(), config);
        }
    }

    #[test]
    fn what_a_network_cannot_do_is_told_before_the_fit() {
        let unet = "[network]\nkind = \"unet\"";
        let error = written("default.toml", unet).unwrap_err().to_string();
        assert!(error.contains("U-Net takes no guidance") && error.contains("clicks"), "{error}");
        let error = written("automatic.toml", "[network]\nkind = \"perceptron\"").unwrap_err().to_string();
        assert!(error.contains("perceptron") && error.contains("unet_plus_plus"), "{error}");
        let error = written("automatic.toml", "[network]\nkind = \"unet\"\nbreadth = 8").unwrap_err().to_string();
        assert!(error.contains("breadth"), "{error}");
        let error = written("automatic.toml", "[network]\nkind = \"unet\"\nwidth = 0").unwrap_err().to_string();
        assert!(error.contains("width"), "{error}");
        let error = written("automatic.toml", unet).unwrap().at_side(40).unwrap_err().to_string();
        assert!(error.contains("multiples of 16"), "{error}");
    }
}

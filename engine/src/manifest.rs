//! `manifest.json` of a packaged model: what to load, how to feed it and how to read what it says.

use imaging::Normalization;
use model::{NetworkConfig, Normalization as NetworkForm};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Everything that is fixed about a model once it is trained.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the folder below `models/`.
    pub id: String,
    /// What the model is called on screen.
    pub name: String,
    /// Shape of the network.
    pub network: NetworkConfig,
    /// Whether it can be corrected by prompts; absent where it can.
    #[serde(default = "by_prompts", skip_serializing_if = "is_by_prompts")]
    pub prompts: bool,
    /// How intensities become network inputs.
    pub normalization: Normalization,
    /// Pixels that the longer side of a slice is scaled to.
    pub longest_side: usize,
    /// Probability from which a pixel is tumour, chosen on training patients.
    pub threshold: f32,
    /// Probability below which a slice counts as empty and the decoder is not run, chosen on training patients.
    pub presence_threshold: f32,
    /// Whom the two were chosen on; absent where that was not written down, as in manifests of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thresholds_from: Option<ThresholdOrigin>,
    /// When the page says tumour, and when none; absent in manifests of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_words: Option<PresenceWords>,
    /// The weights.
    pub weights: WeightsFile,
    /// The known answer that a device must give before it is used.
    pub self_test: SelfTestFile,
    /// What was measured on patients that the model never saw; absent for a model that is only tested with.
    pub metrics: Option<Metrics>,
    /// What remains of it where a study lacks sequences and FLAIR stands in for them.
    pub missing_sequences: Option<MissingSequences>,
    /// Under which terms the weights may be used.
    pub licence: String,
}

/// Whom thresholds were chosen on, and with which model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdOrigin {
    /// `id` of the model that they were chosen with: this one, or one that it was fitted on from and that left patients to
    /// choose on.
    pub model: String,
    /// Number of training patients held back for it.
    pub tuning_patients: usize,
    /// Seed by which these were drawn from the training patients; absent where the split names them.
    pub seed: Option<u64>,
}

/// Borders of the presence probability between which a person is asked to look, and whom they were chosen on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresenceWords {
    /// Below it, no tumour is said to be found.
    pub none_below: f32,
    /// From it on, tumour is said to be found.
    pub tumor_from: f32,
    /// Whom they were chosen on.
    pub from: ThresholdOrigin,
}

/// A file of weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsFile {
    /// Name of the file beside the manifest.
    pub file: String,
    /// Its length.
    pub bytes: usize,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A file with a known answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfTestFile {
    /// Name of the file beside the manifest.
    pub file: String,
    /// Largest difference of a logit that rounding explains.
    pub tolerance: f32,
}

/// Accuracy on the validation patients.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Number of patients.
    pub patients: usize,
    /// Mean over patients of the Dice of a whole volume.
    pub mean_volume_dice: f64,
    /// Median over patients of the Dice of a whole volume.
    pub median_volume_dice: f64,
    /// Area under the receiver operating characteristic of the presence probability, over slices.
    pub presence_auc: f64,
}

/// Mean volume Dice on the validation patients with FLAIR in place of other sequences.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingSequences {
    /// In place of pre-contrast.
    pub pre: f64,
    /// In place of post-contrast.
    pub post: f64,
    /// In place of both.
    pub both: f64,
}

/// Why a model cannot be loaded.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The manifest is not what this version writes.
    #[error("manifest.json cannot be read: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The weights are not those that the manifest names.
    #[error("the weights are damaged: expected SHA-256 {expected}, found {found}")]
    Checksum {
        /// Sum in the manifest.
        expected: String,
        /// Sum of the bytes at hand.
        found: String,
    },
}

impl Manifest {
    /// The manifest in `json`.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Malformed`] names the field.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        Ok(serde_json::from_slice(json)?)
    }

    /// Whether the model takes prompts and previous masks: its network has an entrance for them, and the manifest allows them.
    pub fn takes_prompts(&self) -> bool {
        self.prompts && self.network.takes_guidance()
    }

    /// The form of the network that the weights are for: batch normalisation merged in.
    pub fn folded_network(&self) -> NetworkConfig {
        self.network.clone().with_normalization(NetworkForm::Folded)
    }

    /// The borders of the presence probability below which no tumour and from which tumour is said to be found. Where the
    /// manifest names none, whatever is neither called empty nor nearly certain is left to a person.
    pub fn presence_borders(&self) -> [f32; 2] {
        let named = self.presence_words.as_ref().map(|words| [words.none_below, words.tumor_from]);
        named.unwrap_or([self.presence_threshold, 0.9])
    }

    /// Checks that `weights` are the ones meant.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Checksum`].
    pub fn verify(&self, weights: &[u8]) -> Result<(), ManifestError> {
        let (found, expected) = (sha256(weights), self.weights.sha256.clone());
        if found == expected { Ok(()) } else { Err(ManifestError::Checksum { expected, found }) }
    }
}

impl WeightsFile {
    /// The entry for these bytes.
    pub fn new(file: &str, bytes: &[u8]) -> Self {
        Self { file: file.into(), bytes: bytes.len(), sha256: sha256(bytes) }
    }
}

/// What a manifest that says nothing of prompts means: all networks of earlier versions take them.
fn by_prompts() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_by_prompts(prompts: &bool) -> bool {
    *prompts
}

/// Bytes that are hashed at once: a browser runs a function in its slow first form until it is called again, and with
/// millions of bytes in one call that took half a second.
const HASHED_AT_ONCE: usize = 1 << 16;

fn sha256(bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    bytes.chunks(HASHED_AT_ONCE).for_each(|bytes| hasher.update(bytes));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

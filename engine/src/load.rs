//! The files of a model into a segmenter that has answered its self-test.

use burn::prelude::Device;
use thiserror::Error;

use crate::manifest::{Manifest, ManifestError};
use crate::segmenter::{EngineError, Segmenter};
use crate::self_test::{SelfTest, SelfTestError};

/// Why there is no model to ask.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A file did not come, in the words of whoever reads it.
    #[error("{0}")]
    File(String),
    /// The manifest is damaged.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The files do not belong together.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The self-test cannot be read, or the device fails it.
    #[error(transparent)]
    SelfTest(#[from] SelfTestError),
}

/// The model whose files `read` gives by their names, on a device.
///
/// # Errors
///
/// [`LoadError`] if a file is missing or damaged, or the device fails the self-test.
pub async fn load(read: impl Fn(&str) -> Result<Vec<u8>, String>, device: Device) -> Result<Segmenter, LoadError> {
    let file = |name: &str| read(name).map_err(LoadError::File);
    let manifest = Manifest::parse(&file("manifest.json")?)?;
    let test = SelfTest::parse(&file(&manifest.self_test.file)?)?;
    let weights = file(&manifest.weights.file)?;
    let segmenter = Segmenter::new(manifest, weights, device)?;
    test.run(&segmenter).await?;
    Ok(segmenter)
}

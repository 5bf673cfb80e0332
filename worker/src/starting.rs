//! The files of a model onto the worker's device, which has to pass its test.

use std::rc::Rc;

use burn::prelude::Device;
use engine::{Manifest, Segmenter, SelfTest};
use protocol::{DeviceKind, FromWorker, Ready, Refusal, StartFailure};

use crate::answering::Loaded;
use crate::device::{Model, put};
use crate::download::Download;
use crate::post::post;

/// A device that is there.
pub struct Opened {
    /// The device.
    pub device: Device,
    /// Of which kind it is.
    pub kind: DeviceKind,
    /// What it calls itself.
    pub adapter: String,
}

/// Loads a model and says so, or why not.
///
/// `folder` is the model's address; a slice may take `limit_ms`.
pub async fn start(
    open: impl Future<Output = Result<Opened, Refusal>>,
    folder: String,
    limit_ms: Option<f64>,
    loaded: Loaded,
) {
    // Where there is no device, no model has to come.
    let started = async { put_on(open.await.map_err(StartFailure::Device)?, folder, limit_ms).await };
    match started.await {
        Ok((segmenter, ready)) => {
            loaded.replace(Some(Rc::new(segmenter)));
            post(&FromWorker::Ready(ready));
        }
        Err(failure) => post(&FromWorker::Failed(failure)),
    }
}

async fn put_on(
    Opened { device, kind, adapter }: Opened,
    folder: String,
    limit_ms: Option<f64>,
) -> Result<(Segmenter, Ready), StartFailure> {
    let model = load(&folder).await?;
    post(&FromWorker::Probing);
    let (segmenter, passed) = put(model, kind, device, limit_ms).await?;
    let presence_borders = segmenter.manifest().presence_borders();
    let prompts = segmenter.manifest().takes_prompts();
    let Manifest { name, threshold, presence_threshold, metrics, missing_sequences, .. } = segmenter.manifest().clone();
    let ready = Ready {
        device: kind,
        adapter,
        model: name,
        folder,
        prompts,
        threshold,
        presence_threshold,
        presence_borders,
        mean_volume_dice: metrics.map(|metrics| metrics.mean_volume_dice),
        mean_volume_dice_without: missing_sequences.map(|without| [without.pre, without.post, without.both]),
        self_test_difference: passed.difference,
        slice_ms: passed.slice_ms,
    };
    Ok((segmenter, ready))
}

async fn load(folder: &str) -> Result<Model, StartFailure> {
    let mut download = Download::new(folder);
    let json = download.file("manifest.json").await?;
    let manifest = Manifest::parse(&json).map_err(|error| StartFailure::Model(error.to_string()))?;
    download.announce(manifest.weights.bytes);
    let weights = download.file(&manifest.weights.file).await?;
    let test = download.file(&manifest.self_test.file).await?;
    let test = SelfTest::parse(&test).map_err(|error| StartFailure::Model(error.to_string()))?;
    Ok(Model { manifest, weights, test })
}

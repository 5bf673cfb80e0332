//! A device, and whether it is used: it has to answer a known question rightly, and in time.

use burn::prelude::*;
use engine::{EngineError, Manifest, Segmenter, SelfTest, SelfTestError};
use imaging::{Guidance, Slice};
use protocol::{DeviceKind, Refusal, StartFailure};

use crate::post::now_ms;

/// The fastest of so many answers counts, on the small image of the self-test: while the first ones are given, a device may
/// still compile and tune.
const TIMED_SMALL: usize = 3;
/// Likewise on a whole slice.
const TIMED_SLICES: usize = 2;
/// An answer that takes so many times what would be enough is not asked for again.
const HOPELESS: f64 = 8.0;

/// A model's files.
pub struct Model {
    pub manifest: Manifest,
    pub weights: Vec<u8>,
    pub test: SelfTest,
}

/// What a device achieved.
pub struct Passed {
    /// Largest difference of a logit in the self-test.
    pub difference: f32,
    /// What the CPU takes for a slice in milliseconds.
    pub slice_ms: Option<f64>,
}

/// Puts the model on a device that answers the self-test, within the limit where there is one.
pub async fn put(
    Model { manifest, weights, test }: Model,
    kind: DeviceKind,
    device: Device,
    limit_ms: Option<f64>,
) -> Result<(Segmenter, Passed), StartFailure> {
    let unfit = |error: EngineError| StartFailure::Model(error.to_string());
    let segmenter = Segmenter::new(manifest, weights, device).map_err(unfit)?;
    let passed = async {
        let difference = test.run(&segmenter).await?;
        let slice_ms = match kind {
            DeviceKind::Cpu => {
                Some(small_image_ms(&segmenter, &test, None).await? * test.enlarged_to(side(&segmenter)))
            }
            DeviceKind::WebGpu => None,
        };
        let slow = match limit_ms {
            Some(limit_ms) => slow(&segmenter, &test, limit_ms).await?,
            None => None,
        };
        Ok((Passed { difference, slice_ms }, slow))
    };
    match passed.await {
        Ok((passed, None)) => Ok((segmenter, passed)),
        Ok((_, Some(why))) => Err(StartFailure::Device(why)),
        Err(SelfTestError::Malformed(why)) => Err(StartFailure::Model(why)),
        Err(error) => Err(StartFailure::Device(Refusal::SelfTest(error.to_string()))),
    }
}

/// Says so if a device takes longer for a slice than it may, as old graphics cards do, and programs that imitate one.
///
/// # Errors
///
/// What the device no longer answers, or no longer rightly.
async fn slow(segmenter: &Segmenter, test: &SelfTest, limit_ms: f64) -> Result<Option<Refusal>, SelfTestError> {
    // An imitated card, which takes many seconds for a slice, takes too long for the small image already.
    let mut own_ms = small_image_ms(segmenter, test, Some(limit_ms)).await?;
    if own_ms <= limit_ms {
        let side = side(segmenter);
        let blank = segmenter.prepare(&Slice::new(side, side, vec![vec![0.0; side * side]]));
        let slice = async || Ok(segmenter.refine(&blank, &Guidance::default()).await.map(drop)?);
        own_ms = fastest(TIMED_SLICES, Some(limit_ms), slice).await?;
    }
    Ok((own_ms > limit_ms).then_some(Refusal::Slow { own_ms, limit_ms }))
}

/// Time that a device takes for the image of the self-test, in milliseconds; see [`fastest`].
///
/// # Errors
///
/// What it does not answer rightly.
async fn small_image_ms(segmenter: &Segmenter, test: &SelfTest, enough: Option<f64>) -> Result<f64, SelfTestError> {
    fastest(TIMED_SMALL, enough, async || test.run(segmenter).await.map(drop)).await
}

/// Width and height of the network's largest image.
fn side(segmenter: &Segmenter) -> usize {
    segmenter.manifest().longest_side
}

/// Time of the fastest of `most` answers in milliseconds, or of those up to one that is within `enough`, or hopeless.
///
/// # Errors
///
/// The first of an answer.
async fn fastest(
    most: usize,
    enough: Option<f64>,
    answer: impl AsyncFn() -> Result<(), SelfTestError>,
) -> Result<f64, SelfTestError> {
    let mut fastest = f64::INFINITY;
    for _ in 0..most {
        let started = now_ms();
        answer().await?;
        let time = now_ms() - started;
        fastest = fastest.min(time);
        if enough.is_some_and(|enough| time <= enough || time > HOPELESS * enough) {
            break;
        }
    }
    Ok(fastest)
}

//! The ladder of devices: the first that exists and answers the known question rightly is taken.

use burn::prelude::*;
use engine::{EngineError, Manifest, Segmenter, SelfTest, SelfTestError};
use imaging::{Guidance, Slice};
use protocol::{DeviceKind, FromWorker, Refusal, StartFailure};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::post::{now_ms, post};

/// Best first.
const LADDER: [DeviceKind; 2] = [DeviceKind::WebGpu, DeviceKind::Cpu];

/// The fastest of so many answers counts, on the small image and on a slice: while the first ones are given, a device may
/// still compile and tune.
const TIMED: [usize; 2] = [3, 2];
/// An answer that takes so many times what would be enough is not asked for again.
const HOPELESS: f64 = 8.0;

#[wasm_bindgen]
extern "C" {
    /// Defined in `public/worker-boot.js`: what the graphics adapter calls itself, or a rejection that says why not.
    #[wasm_bindgen(js_name = describeGraphicsAdapter, catch)]
    async fn describe_graphics_adapter() -> Result<JsValue, JsValue>;
}

/// A model's files.
pub struct Model {
    pub manifest: Manifest,
    pub weights: Vec<u8>,
    pub test: SelfTest,
}

impl Model {
    /// The model on a device.
    fn on(&self, device: Device) -> Result<Segmenter, EngineError> {
        Segmenter::new(self.manifest.clone(), self.weights.clone(), device)
    }
}

/// A device that passed.
pub struct Taken {
    /// Which.
    pub kind: DeviceKind,
    /// What it calls itself.
    pub adapter: String,
    /// Largest difference of a logit in the self-test.
    pub difference: f32,
}

/// Puts the model on the first device that answers its self-test; every refusal is told to the page.
pub async fn first_that_works(model: &Model, only: Option<DeviceKind>) -> Result<(Segmenter, Taken), StartFailure> {
    for kind in LADDER.into_iter().filter(|kind| only.is_none_or(|only| only == *kind)) {
        post(&FromWorker::Probing { device: kind });
        let (device, adapter) = match open(kind).await {
            Ok(opened) => opened,
            Err(why) => {
                post(&FromWorker::Refused { device: kind, why: Refusal::Absent(why) });
                continue;
            }
        };
        let segmenter = model.on(device).map_err(|error| StartFailure::Model(error.to_string()))?;
        let test = async {
            let difference = model.test.run(&segmenter).await?;
            // Who asks for a device gets it.
            let slow = match kind {
                DeviceKind::WebGpu if only.is_none() => slow(model, &segmenter).await?,
                _ => None,
            };
            Ok((difference, slow))
        };
        match test.await {
            Ok((difference, None)) => return Ok((segmenter, Taken { kind, adapter, difference })),
            Ok((_, Some(why))) => post(&FromWorker::Refused { device: kind, why }),
            Err(SelfTestError::Malformed(why)) => return Err(StartFailure::Model(why)),
            Err(error) => post(&FromWorker::Refused { device: kind, why: Refusal::SelfTest(error.to_string()) }),
        }
    }
    Err(StartFailure::NoDevice)
}

/// Says so if a device takes longer for a slice than the CPU, as old graphics cards do, and programs that imitate one.
///
/// # Errors
///
/// What the device no longer answers, or no longer rightly.
async fn slow(model: &Model, segmenter: &Segmenter) -> Result<Option<Refusal>, SelfTestError> {
    let Model { manifest, test, .. } = model;
    let side = manifest.longest_side;
    let [small, whole] = TIMED;
    let Ok(cpu) = model.on(Device::flex()) else { return Ok(None) };
    let small_image = async |segmenter| test.run(segmenter).await.map(drop);
    let Ok(cpu_ms) = fastest(small, None, async || small_image(&cpu).await).await else { return Ok(None) };
    let cpu_ms = cpu_ms * test.enlarged_to(side);
    // An imitated card, which takes many seconds for a slice, takes too long for the small image already.
    let mut own_ms = fastest(small, Some(cpu_ms), async || small_image(segmenter).await).await?;
    if own_ms <= cpu_ms {
        let blank = segmenter.prepare(&Slice::new(side, side, vec![vec![0.0; side * side]]));
        let slice = async || Ok(segmenter.refine(&blank, &Guidance::default()).await.map(drop)?);
        own_ms = fastest(whole, Some(cpu_ms), slice).await?;
    }
    Ok((own_ms > cpu_ms).then_some(Refusal::Slow { own_ms, cpu_ms }))
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

async fn open(kind: DeviceKind) -> Result<(Device, String), String> {
    match kind {
        DeviceKind::WebGpu => {
            let adapter = describe_graphics_adapter().await.map_err(|error| error.as_string().unwrap_or_default())?;
            let device = Device::wgpu_options().init_async().await.map_err(|error| error.to_string())?;
            Ok((device, adapter.as_string().unwrap_or_default()))
        }
        DeviceKind::Cpu => Ok((Device::flex(), "WebAssembly, one core".into())),
    }
}

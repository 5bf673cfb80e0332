//! The ladder of devices: the first that exists and answers the known question rightly is taken.

use burn::prelude::*;
use engine::{Manifest, Segmenter, SelfTest, SelfTestError};
use protocol::{DeviceKind, FromWorker, Refusal, StartFailure};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::post::post;

/// Best first.
const LADDER: [DeviceKind; 2] = [DeviceKind::WebGpu, DeviceKind::Cpu];

#[wasm_bindgen]
extern "C" {
    /// Defined in `public/worker-boot.js`: what the graphics adapter calls itself, or a rejection that says why not.
    #[wasm_bindgen(js_name = describeGraphicsAdapter, catch)]
    async fn describe_graphics_adapter() -> Result<JsValue, JsValue>;
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

/// Puts the model on the first device that passes `test`; every refusal is told to the page.
pub async fn first_that_works(
    manifest: &Manifest,
    weights: &[u8],
    test: &SelfTest,
    only: Option<DeviceKind>,
) -> Result<(Segmenter, Taken), StartFailure> {
    for kind in LADDER.into_iter().filter(|kind| only.is_none_or(|only| only == *kind)) {
        post(&FromWorker::Probing { device: kind });
        let (device, adapter) = match open(kind).await {
            Ok(opened) => opened,
            Err(why) => {
                post(&FromWorker::Refused { device: kind, why: Refusal::Absent(why) });
                continue;
            }
        };
        let segmenter = Segmenter::new(manifest.clone(), weights.to_vec(), device)
            .map_err(|error| StartFailure::Model(error.to_string()))?;
        match test.run(&segmenter).await {
            Ok(difference) => return Ok((segmenter, Taken { kind, adapter, difference })),
            Err(SelfTestError::Malformed(why)) => return Err(StartFailure::Model(why)),
            Err(error) => post(&FromWorker::Refused { device: kind, why: Refusal::SelfTest(error.to_string()) }),
        }
    }
    Err(StartFailure::NoDevice)
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

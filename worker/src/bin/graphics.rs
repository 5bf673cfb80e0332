//! The worker program that computes on WebGPU what another worker hands over.

use burn::prelude::Device;
use protocol::{DeviceKind, Refusal, ToWorker};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;
use worker::handing_over::Taken;
use worker::inbox::{self, Inbox};
use worker::{Loaded, Opened, answer, start};

unsafe extern "C" {
    /// Made by the linker: runs what registers itself before `main`, as burn's shader compiler does a few thousand times.
    fn __wasm_call_ctors();
}

#[wasm_bindgen]
extern "C" {
    /// Defined in `public/worker-boot.js`: what the graphics adapter calls itself, or a rejection that says why not.
    #[wasm_bindgen(js_name = describeGraphicsAdapter, catch)]
    async fn describe_graphics_adapter() -> Result<JsValue, JsValue>;
}

fn main() {
    // SAFETY: nothing else has run. Without this call the linker assumes a command-line program, and runs all constructors
    // anew at every call from JavaScript: three seconds a slice on WebGPU.
    unsafe { __wasm_call_ctors() };
    console_error_panic_hook::set_once();
    spawn_local(run());
}

async fn run() {
    let inbox = inbox::listen();
    let loaded = Loaded::default();
    let mut taken = Taken::default();
    loop {
        match inbox::next(&inbox).await {
            ToWorker::Start { model, limit_ms } => spawn_local(start(open(), model, limit_ms, loaded.clone())),
            ToWorker::Take { file, slice } => taken.take(file, &slice),
            message @ (ToWorker::Segment { file, .. } | ToWorker::Refine { file, .. }) => {
                answer(message, &loaded, taken.slice(file), Inbox::turn(&inbox)).await;
            }
            // All else is for the worker with the files; and reaching this far, there is nothing to cancel.
            _ => {}
        }
    }
}

async fn open() -> Result<Opened, Refusal> {
    let adapter = describe_graphics_adapter().await;
    let adapter = adapter.map_err(|error| Refusal::Absent(error.as_string().unwrap_or_default()))?;
    let device = Device::wgpu_options().init_async().await;
    let device = device.map_err(|error| Refusal::Absent(error.to_string()))?;
    Ok(Opened { device, kind: DeviceKind::WebGpu, adapter: adapter.as_string().unwrap_or_default() })
}

//! What is wrong with a device or the model, in words for the person who meets it.

use protocol::{DeviceKind, Refusal, StartFailure};

use crate::language::{Text, Value, text};
use crate::notices::Severity;

/// What to say of a model that is not on a device.
pub fn start_failure(device: DeviceKind, failure: &StartFailure) -> (Severity, Text) {
    let device = device.to_string();
    match failure {
        StartFailure::Download { url, why } => (Severity::Error, text!("model-not-loaded", url, why)),
        StartFailure::Model(why) => (Severity::Error, text!("model-does-not-fit", why)),
        StartFailure::Device(Refusal::Absent(why)) => (Severity::Info, text!("device-absent", device, why)),
        StartFailure::Device(Refusal::Slow { own_ms, limit_ms }) => {
            let seconds = |ms: &f64| Value::fixed(ms / 1e3, 1);
            (Severity::Info, text!("device-slow", device, own = seconds(own_ms), cpu = seconds(limit_ms)))
        }
        StartFailure::Device(Refusal::SelfTest(why)) => (Severity::Error, text!("device-wrong", device, why)),
    }
}

/// What to say when WebGPU fails, in its test or in use, and the CPU takes over.
pub fn lost(why: &str) -> (Severity, Text) {
    (Severity::Error, text!("webgpu-failed", why = why.lines().next().unwrap_or_default()))
}

/// What to say when the engine died.
pub fn died(why: &str) -> Text {
    text!("engine-stopped", why)
}

/// What to say when no device can be used.
pub fn no_device() -> Text {
    text!("no-device")
}

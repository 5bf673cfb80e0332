//! What is wrong with a device or the model, in words for the person who meets it.

use protocol::{DeviceKind, Refusal, StartFailure};

use crate::notices::Severity;

/// What to say of a model that is not on a device.
pub fn start_failure(device: DeviceKind, failure: &StartFailure) -> (Severity, String) {
    match failure {
        StartFailure::Download { url, why } => (
            Severity::Error,
            format!("The model could not be loaded ({url}: {why}). Check the connection and reload the page."),
        ),
        StartFailure::Model(why) => (
            Severity::Error,
            format!("The model does not fit this version of the page ({why}). Reload the page without its cache."),
        ),
        StartFailure::Device(Refusal::Absent(why)) => {
            (Severity::Info, format!("{device} is not available here: {why}."))
        }
        StartFailure::Device(Refusal::Slow { own_ms, limit_ms }) => (
            Severity::Info,
            format!(
                "{device} is slower than the CPU here and is not used (a slice takes it at least {:.1} s, the CPU {:.1} s).",
                own_ms / 1e3,
                limit_ms / 1e3
            ),
        ),
        StartFailure::Device(Refusal::SelfTest(why)) => (
            Severity::Error,
            format!("{device} failed the self-test and is not used: {why}. Results come from another device."),
        ),
    }
}

/// What to say when WebGPU fails, in its test or in use, and the CPU takes over.
pub fn lost(why: &str) -> (Severity, String) {
    let why = why.lines().next().unwrap_or_default();
    let text = format!("WebGPU failed ({why}). The CPU computes from here on; reload the page to try WebGPU again.");
    (Severity::Error, text)
}

/// What to say when the engine died.
pub fn died(why: &str) -> String {
    format!("The engine stopped ({why}). What is on screen stays; reload the page to segment again.")
}

/// What to say when no device can be used.
pub fn no_device() -> String {
    "No device on this machine computes the network correctly. Try a current Chrome, Edge, Firefox or Safari.".into()
}

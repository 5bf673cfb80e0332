//! What went wrong or was assumed, in words for the person who meets it.

use protocol::{DeviceKind, Refusal, StartFailure};

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something was assumed or done differently than expected.
    Info,
    /// Something was not done.
    Error,
}

/// One message on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Distinguishes it from all others.
    pub id: u32,
    /// How grave it is.
    pub severity: Severity,
    /// What happened, and what to do.
    pub text: String,
}

/// What to say of a device that is not used.
pub fn refusal(device: DeviceKind, why: &Refusal) -> String {
    match why {
        Refusal::Absent(why) => format!("{device} is not available here: {why}."),
        Refusal::Slow { own_ms, cpu_ms } => format!(
            "{device} is slower than the CPU here and is not used (a slice takes it at least {:.1} s, the CPU {:.1} s).",
            own_ms / 1e3,
            cpu_ms / 1e3
        ),
        Refusal::Lost(why) => {
            format!("{device} failed ({why}). The CPU computes from here on; reload the page to use {device} again.")
        }
        Refusal::SelfTest(why) => {
            format!("{device} failed the self-test and is not used: {why}. Results come from the next device.")
        }
    }
}

/// What to say when WebGPU brought the engine down, and the CPU takes over.
pub fn second_start(why: &str) -> String {
    format!("WebGPU stopped the engine ({why}). It starts again on the CPU, and what was open is read again.")
}

/// What to say when the engine died.
pub fn died(why: &str, on_webgpu: bool) -> String {
    let way = if on_webgpu { ", with ?device=cpu at the end of its address if it stops again" } else { "" };
    format!("The engine stopped ({why}). What is on screen stays; reload the page to segment again{way}.")
}

/// What to say when there is no engine.
pub fn start_failure(failure: &StartFailure) -> String {
    match failure {
        StartFailure::Download { url, why } => {
            format!("The model could not be loaded ({url}: {why}). Check the connection and reload the page.")
        }
        StartFailure::Model(why) => {
            format!("The model does not fit this version of the page ({why}). Reload the page without its cache.")
        }
        StartFailure::NoDevice => {
            "No device on this machine computes the network correctly. Try a current Chrome, Edge, Firefox or Safari."
                .into()
        }
    }
}

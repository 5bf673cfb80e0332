//! A model on a device, or why it is not there.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of device that the network can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKind {
    /// The browser's graphics interface.
    WebGpu,
    /// WebAssembly on one processor core.
    Cpu,
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WebGpu => "WebGPU",
            Self::Cpu => "CPU",
        })
    }
}

/// Why a device is not used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    /// The browser or the machine has none.
    Absent(String),
    /// It gave a wrong answer, or none, to the known question.
    SelfTest(String),
    /// It does not keep to the time that it was given.
    Slow {
        /// What it takes for a slice of the model's size at least, in milliseconds.
        own_ms: f64,
        /// What it was given, in milliseconds.
        limit_ms: f64,
    },
}

/// Why a model is not on a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StartFailure {
    /// A file of the model did not arrive.
    Download {
        /// Its address.
        url: String,
        /// What happened.
        why: String,
    },
    /// The files of the model do not fit each other or this version.
    Model(String),
    /// The device is refused.
    Device(Refusal),
}

/// A model on a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The device.
    pub device: DeviceKind,
    /// What the device calls itself.
    pub adapter: String,
    /// What the model is called.
    pub model: String,
    /// Folder of the model, relative to the page.
    pub folder: String,
    /// Whether it can be corrected by prompts, and can go on from another slice's mask.
    pub prompts: bool,
    /// Probability from which a pixel is tumour.
    pub threshold: f32,
    /// Probability below which a slice counts as empty.
    pub presence_threshold: f32,
    /// Probabilities below which no tumour and from which tumour is said to be found.
    pub presence_borders: [f32; 2],
    /// Mean volume Dice on patients the model never saw, if measured.
    pub mean_volume_dice: Option<f64>,
    /// The same with FLAIR in place of pre-contrast, of post-contrast and of both, if measured.
    pub mean_volume_dice_without: Option<[f64; 3]>,
    /// Largest difference of a logit in the self-test.
    pub self_test_difference: f32,
    /// What the CPU takes for a slice of the model's size, in milliseconds; not measured of other devices.
    pub slice_ms: Option<f64>,
}

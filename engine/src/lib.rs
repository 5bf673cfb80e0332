//! Turns a slice into a tumour probability map, by the rules that training wrote into `manifest.json`.
//!
//! [`Segmenter`] is the whole of it. The device is passed in; bytes come from the caller; nothing here knows a browser.

mod load;
mod manifest;
mod segmenter;
mod self_test;
mod window;

pub use load::{LoadError, load};
pub use manifest::{
    Manifest, ManifestError, Metrics, MissingSequences, PresenceWords, SelfTestFile, ThresholdOrigin, WeightsFile,
};
pub use segmenter::{Encoded, EngineError, Prepared, Segmenter};
pub use self_test::{SelfTest, SelfTestError};
pub use window::Window;

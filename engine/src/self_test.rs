//! A known question and its answer: no device is used before it has given it.
//!
//! A shader that fails WebGPU's validation is skipped with a log line, and its output buffer keeps what was in it
//! (cubecl issue 1641): a plausible mask of nothing. The question runs the whole network.

use imaging::{Planes, SEQUENCES};
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};
use thiserror::Error;

use crate::segmenter::{EngineError, Segmenter};

/// Network planes with the logits that belong to them.
pub struct SelfTest {
    planes: Planes,
    mask: Vec<f32>,
    presence: Vec<f32>,
}

/// Why a device was refused.
#[derive(Debug, Error)]
pub enum SelfTestError {
    /// The file holds no known answer.
    #[error("the self-test file cannot be read: {0}")]
    Malformed(String),
    /// The device computes something else.
    #[error("the device's answer is off by {difference:.1e}; at most {tolerance:.1e} is rounding")]
    Mismatch {
        /// Largest difference of a logit.
        difference: f32,
        /// Largest difference allowed.
        tolerance: f32,
    },
    /// The device computes nothing.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl SelfTest {
    /// The test in a safetensors file with `planes` `[1, 3, height, width]`, `mask` and `presence`, all `f32`.
    ///
    /// # Errors
    ///
    /// [`SelfTestError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SelfTestError> {
        let malformed = |what: &str| SelfTestError::Malformed(what.into());
        let file = SafeTensors::deserialize(bytes).map_err(|error| malformed(&error.to_string()))?;
        let read = |name: &str| {
            let view = file.tensor(name).map_err(|error| malformed(&error.to_string()))?;
            if view.dtype() != Dtype::F32 {
                return Err(malformed(&format!("{name} is not f32")));
            }
            // The file is little-endian, as is every machine that this runs on; it need not lie at a multiple of four.
            Ok((view.shape().to_vec(), bytemuck::pod_collect_to_vec::<u8, f32>(view.data())))
        };
        let (shape, values) = read("planes")?;
        let &[1, SEQUENCES, height, width] = shape.as_slice() else {
            return Err(malformed("planes are not [1, 3, height, width]"));
        };
        let (mask, presence) = (read("mask")?.1, read("presence")?.1);
        if mask.len() != width * height || presence.len() != 1 {
            return Err(malformed("mask or presence have another size than planes"));
        }
        Ok(Self { planes: Planes { width, height, values }, mask, presence })
    }

    /// The test whose answer is what `segmenter` says about `planes`.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if it says nothing.
    pub async fn record(segmenter: &Segmenter, planes: Planes) -> Result<Self, EngineError> {
        let (mask, presence) = segmenter.logits(&planes).await?;
        Ok(Self { planes, mask, presence })
    }

    /// The same question with what `segmenter` answers.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if it says nothing.
    pub async fn asked_again(self, segmenter: &Segmenter) -> Result<Self, EngineError> {
        Self::record(segmenter, self.planes).await
    }

    /// The test as a file for [`Self::parse`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let Planes { width, height, ref values } = self.planes;
        let tensors = [
            ("planes", vec![1, SEQUENCES, height, width], values),
            ("mask", vec![1, 1, height, width], &self.mask),
            ("presence", vec![1, 1], &self.presence),
        ];
        let views = tensors.map(|(name, shape, values)| {
            let bytes = bytemuck::cast_slice(values);
            (name, TensorView::new(Dtype::F32, shape, bytes).expect("the data has the shape's length"))
        });
        serialize(views, None).expect("three tensors of known shape can be written")
    }

    /// Pixels of a square slice of side `side`, for each pixel of the question's image.
    pub fn enlarged_to(&self, side: usize) -> f64 {
        (side * side) as f64 / (self.planes.width * self.planes.height) as f64
    }

    /// Puts the question to the device of `segmenter`; the largest difference of a logit.
    ///
    /// # Errors
    ///
    /// [`SelfTestError::Mismatch`] beyond the manifest's tolerance, [`SelfTestError::Engine`] without an answer.
    pub async fn run(&self, segmenter: &Segmenter) -> Result<f32, SelfTestError> {
        let (mask, presence) = segmenter.logits(&self.planes).await?;
        let pairs = mask.iter().zip(&self.mask).chain(presence.iter().zip(&self.presence));
        let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let tolerance = segmenter.manifest().self_test.tolerance;
        if difference <= tolerance { Ok(difference) } else { Err(SelfTestError::Mismatch { difference, tolerance }) }
    }
}

//! A network on a device that answers for slices.
//!
//! The way to a mask has two steps, so that a caller can stop between them: [`Segmenter::encode`] says whether there is
//! a tumour at all, [`Segmenter::decode`] where.

use burn::prelude::*;
use burn::tensor::TensorData;
use imaging::{
    Fit, Guidance, Planes, Point, ProbabilityMap, Prompt, SEQUENCES, Size, Slice, Surroundings, probability,
};
use model::{Bottleneck, GUIDANCE_PLANES, Network, Output, WeightError};
use thiserror::Error;

use crate::manifest::{Manifest, ManifestError};
use crate::window::Window;

/// Why the engine gives no answer.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The model's files do not belong together.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The weights are for another network.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// The model cannot be corrected, and was asked to be.
    #[error("this model answers on its own only: its network takes no prompts and no previous mask")]
    NoPrompts,
    /// The device computed nothing that can be read back.
    #[error("the device failed: {0}")]
    Device(String),
    /// The device computed something that is no number.
    #[error("the device returned numbers that are not finite")]
    NotFinite,
}

/// A loaded model.
pub struct Segmenter {
    manifest: Manifest,
    network: Network,
    device: Device,
}

/// A slice, or a window of it, as the network reads it.
pub struct Prepared {
    planes: Planes,
    fit: Fit,
    window: Option<Window>,
    source: Size,
}

/// A slice after the way down.
pub struct Encoded {
    presence: f32,
    bottleneck: Bottleneck,
    fit: Fit,
    window: Option<Window>,
    source: Size,
}

impl Prepared {
    /// How large everything about a prompt is on the slice, see [`imaging::click_scale`].
    pub fn click_scale(&self) -> f32 {
        self.fit.click_scale()
    }

    /// The window that suffices to say what a prompt changes within `reach_px` pixels of its line; nothing if only the
    /// whole slice does. Probabilities outside of it are of no meaning.
    pub fn window(&self, prompt: &Prompt, reach_px: f32) -> Option<Self> {
        let places: Vec<Point> = prompt.line().iter().map(|&place| self.fit.network_point(place)).collect();
        let window = Window::around(&places, self.fit.network_length(reach_px), self.fit.network())?;
        let values = window.cut(&self.planes.values);
        let Size { width, height } = window.size();
        let planes = Planes { width, height, values };
        Some(Self { planes, fit: self.fit, window: Some(window), source: self.source })
    }
}

impl Segmenter {
    /// Puts a model on a device.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if `weights` are damaged or for another network.
    pub fn new(manifest: Manifest, weights: Vec<u8>, device: Device) -> Result<Self, EngineError> {
        manifest.verify(&weights)?;
        let network = manifest.folded_network().init(&device).with_weights(weights)?;
        Ok(Self { manifest, network, device })
    }

    /// The rules that this model was trained with.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Standardises a slice that is all there is, and places it on the network's grid.
    pub fn prepare(&self, slice: &Slice) -> Prepared {
        self.prepare_in(slice, &Surroundings::of_picture(slice))
    }

    /// Standardises a slice as its surroundings demand, and places it on the network's grid.
    pub fn prepare_in(&self, slice: &Slice, surroundings: &Surroundings) -> Prepared {
        let source = slice.size();
        let frame = surroundings.frame(slice);
        let fit = Fit::framed(frame, source, self.manifest.longest_side, self.manifest.network.multiple());
        let planes = self.manifest.normalization.planes(slice, surroundings.volume(), &fit);
        Prepared { planes, fit, window: None, source }
    }

    /// The way down, and how likely there is tumour in the slice.
    ///
    /// # Errors
    ///
    /// [`EngineError::Device`] or [`EngineError::NotFinite`].
    pub async fn encode(&self, prepared: &Prepared) -> Result<Encoded, EngineError> {
        self.encode_guided(prepared, &Guidance::default()).await
    }

    /// The way down with what the clinician said; without anything said it is [`Self::encode`], to the bit.
    ///
    /// The presence is the one of a guided look: a gate does not apply to it.
    ///
    /// # Errors
    ///
    /// As [`Self::encode`]; [`EngineError::NoPrompts`] if something was said and [`Manifest::takes_prompts`] is not.
    pub async fn encode_guided(&self, prepared: &Prepared, guidance: &Guidance) -> Result<Encoded, EngineError> {
        let Planes { width, height, .. } = prepared.planes;
        let guidance = guidance.planes(&prepared.fit).map(|planes| {
            let planes = match prepared.window {
                Some(window) => window.cut(&planes),
                None => planes,
            };
            self.tensor(planes, GUIDANCE_PLANES, width, height)
        });
        if guidance.is_some() && !self.manifest.takes_prompts() {
            return Err(EngineError::NoPrompts);
        }
        let bottleneck = self.network.encode(self.image(&prepared.planes), guidance);
        let logits = read(self.network.presence(&bottleneck)).await?;
        let Prepared { fit, window, source, .. } = *prepared;
        Ok(Encoded { presence: probability(logits[0]), bottleneck, fit, window, source })
    }

    /// The way up: probabilities on the slice's own grid.
    ///
    /// # Errors
    ///
    /// As [`Self::encode`].
    pub async fn decode(&self, encoded: Encoded) -> Result<ProbabilityMap, EngineError> {
        let logits = read(self.network.decode(encoded.bottleneck)).await?;
        let probabilities: Vec<f32> = logits.into_iter().map(probability).collect();
        let probabilities = encoded.fit.source_from_network(match encoded.window {
            Some(window) => window.put(&probabilities),
            None => probabilities,
        });
        Ok(ProbabilityMap::new(encoded.source.width, encoded.source.height, probabilities))
    }

    /// Both steps at once for a lone slice; one below the presence threshold gives an empty map.
    ///
    /// # Errors
    ///
    /// As [`Self::encode`].
    pub async fn segment(&self, slice: &Slice) -> Result<(f32, ProbabilityMap), EngineError> {
        self.segment_prepared(&self.prepare(slice)).await
    }

    /// As [`Self::segment`].
    ///
    /// # Errors
    ///
    /// As [`Self::encode`].
    pub async fn segment_prepared(&self, prepared: &Prepared) -> Result<(f32, ProbabilityMap), EngineError> {
        let encoded = self.encode(prepared).await?;
        let presence = encoded.presence();
        let map = if self.is_empty(presence) {
            ProbabilityMap::empty(prepared.source.width, prepared.source.height)
        } else {
            self.decode(encoded).await?
        };
        Ok((presence, map))
    }

    /// The mask's probabilities after what the clinician said, the decoder always run.
    ///
    /// # Errors
    ///
    /// As [`Self::encode_guided`].
    pub async fn refine(&self, prepared: &Prepared, guidance: &Guidance) -> Result<ProbabilityMap, EngineError> {
        self.decode(self.encode_guided(prepared, guidance).await?).await
    }

    /// Whether a slice of this presence probability counts as free of tumour.
    pub fn is_empty(&self, presence: f32) -> bool {
        presence < self.manifest.presence_threshold
    }

    /// Mask and presence logits of planes on the network's grid.
    pub(crate) async fn logits(&self, planes: &Planes) -> Result<(Vec<f32>, Vec<f32>), EngineError> {
        let Output { logits, presence, .. } = self.network.forward(self.image(planes), None);
        Ok((read(logits).await?, read(presence).await?))
    }

    fn image(&self, planes: &Planes) -> Tensor<4> {
        self.tensor(planes.values.clone(), SEQUENCES, planes.width, planes.height)
    }

    fn tensor(&self, values: Vec<f32>, planes: usize, width: usize, height: usize) -> Tensor<4> {
        Tensor::from_data(TensorData::new(values, [1, planes, height, width]), &self.device)
    }
}

impl Encoded {
    /// How likely there is tumour in the slice, 0..=1.
    pub fn presence(&self) -> f32 {
        self.presence
    }
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, EngineError> {
    let data = tensor.into_data_async().await.map_err(|error| EngineError::Device(error.to_string()))?;
    let values = data.try_to_vec::<f32>().map_err(|error| EngineError::Device(error.to_string()))?;
    if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(EngineError::NotFinite) }
}

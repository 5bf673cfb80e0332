//! The closed set of networks: who runs, fits or packages one names [`Network`], and never which it is.
//!
//! A new network is a file beside [`ResUnetPlusPlus`]'s, a variant of [`NetworkConfig`] and of [`Network`], and what the
//! compiler then asks for.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::DType;
use burn_store::{ModuleSnapshot, ModuleStore};
use serde::{Deserialize, Serialize};

use crate::blocks::convolution::Normalization;
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::resunet_plus_plus::{ResUnetPlusPlus, ResUnetPlusPlusConfig};
use crate::weights::{self, WeightError};

/// Which network, and of which size. Written as the fields of its one member; a second one will need a tag, and what has none
/// will stay a ResUnet++.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NetworkConfig {
    /// That of the paper.
    ResUnetPlusPlus(ResUnetPlusPlusConfig),
}

impl Default for NetworkConfig {
    /// The paper's network in the form that is trained.
    fn default() -> Self {
        Self::ResUnetPlusPlus(ResUnetPlusPlusConfig::new())
    }
}

impl NetworkConfig {
    /// What the network is called.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ResUnetPlusPlus(_) => ResUnetPlusPlusConfig::NAME,
        }
    }

    /// Width and height of an image must be multiples of this.
    pub const fn multiple(&self) -> usize {
        match self {
            Self::ResUnetPlusPlus(_) => ResUnetPlusPlusConfig::MULTIPLE,
        }
    }

    /// The same network with another form of normalisation.
    pub fn with_normalization(self, normalization: Normalization) -> Self {
        match self {
            Self::ResUnetPlusPlus(config) => Self::ResUnetPlusPlus(config.with_normalization(normalization)),
        }
    }

    /// A network with fresh weights.
    pub fn init(&self, device: &Device) -> Network {
        match self {
            Self::ResUnetPlusPlus(config) => Network::ResUnetPlusPlus(config.init(device)),
        }
    }

    /// Cost up to the presence logit: what an empty slice pays.
    pub fn encoder_cost(&self, width: usize, height: usize) -> Cost {
        match self {
            Self::ResUnetPlusPlus(config) => config.encoder_cost(width, height),
        }
    }

    /// Cost of the whole network on a `width × height` image.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        match self {
            Self::ResUnetPlusPlus(config) => config.cost(width, height),
        }
    }
}

/// A network with its weights.
#[derive(Module, Debug)]
pub enum Network {
    /// That of the paper.
    ResUnetPlusPlus(ResUnetPlusPlus),
}

impl Network {
    /// The way down.
    ///
    /// # Shapes
    ///
    /// - `image`: `[batch, 3, height, width]`, width and height multiples of [`NetworkConfig::multiple`]
    /// - `guidance`: `[batch, 3, height, width]`: positive clicks, negative clicks, previous mask
    ///
    /// # Panics
    ///
    /// If a side of the image is no such multiple.
    pub fn encode(&self, image: Tensor<4>, guidance: Option<Tensor<4>>) -> Bottleneck {
        match self {
            Self::ResUnetPlusPlus(network) => network.encode(image, guidance),
        }
    }

    /// Logit of "this slice holds tumour", `[batch, 1]`.
    pub fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
        match self {
            Self::ResUnetPlusPlus(network) => network.presence(bottleneck),
        }
    }

    /// The way up: logits of "this pixel is tumour", `[batch, 1, height, width]`.
    pub fn decode(&self, bottleneck: Bottleneck) -> Tensor<4> {
        match self {
            Self::ResUnetPlusPlus(network) => network.decode(bottleneck),
        }
    }

    /// Mask logits `[batch, 1, height, width]` and presence logits `[batch, 1]`.
    pub fn forward(&self, image: Tensor<4>, guidance: Option<Tensor<4>>) -> (Tensor<4>, Tensor<2>) {
        let bottleneck = self.encode(image, guidance);
        let presence = self.presence(&bottleneck);
        (self.decode(bottleneck), presence)
    }

    /// Merges every batch normalisation into the weights before it: the same function with fewer operations.
    pub fn fold(self) -> Self {
        match self {
            Self::ResUnetPlusPlus(network) => Self::ResUnetPlusPlus(network.fold()),
        }
    }

    /// This network with the weights in `bytes`, cast to 32 bit.
    ///
    /// # Errors
    ///
    /// [`WeightError::Unreadable`] if a tensor is missing or of another shape.
    pub fn with_weights(self, bytes: Vec<u8>) -> Result<Self, WeightError> {
        Ok(match self {
            Self::ResUnetPlusPlus(network) => Self::ResUnetPlusPlus(weights::from_bytes(network, bytes)?),
        })
    }

    /// This network with weights saved by the PyTorch twin.
    ///
    /// # Errors
    ///
    /// As [`Self::with_weights`].
    pub fn with_pytorch_weights(self, bytes: Vec<u8>) -> Result<Self, WeightError> {
        Ok(match self {
            Self::ResUnetPlusPlus(network) => Self::ResUnetPlusPlus(weights::from_pytorch_bytes(network, bytes)?),
        })
    }

    /// The weights as a safetensors file of `dtype`.
    ///
    /// # Errors
    ///
    /// [`WeightError::Unwritable`] if the device does not give them.
    pub fn weights(&self, dtype: DType) -> Result<Vec<u8>, WeightError> {
        match self {
            Self::ResUnetPlusPlus(network) => weights::to_bytes(network, dtype),
        }
    }

    /// The weights as they are shipped: a safetensors file of 16 bit with the large tensors in eight, about half its length.
    ///
    /// # Errors
    ///
    /// [`WeightError::Unwritable`] if the device does not give them.
    pub fn packed_weights(&self) -> Result<Vec<u8>, WeightError> {
        match self {
            Self::ResUnetPlusPlus(network) => weights::to_packed_bytes(network),
        }
    }

    /// Puts every number as it is into a store, by names that do not say which network it is.
    ///
    /// # Errors
    ///
    /// The store's.
    pub fn save_into<S: ModuleStore>(&self, store: &mut S) -> Result<(), S::Error> {
        match self {
            Self::ResUnetPlusPlus(network) => network.save_into(store),
        }
    }

    /// Takes every number as it is from a store that [`Self::save_into`] filled.
    ///
    /// # Errors
    ///
    /// The store's.
    pub fn load_from<S: ModuleStore>(&mut self, store: &mut S) -> Result<(), S::Error> {
        match self {
            Self::ResUnetPlusPlus(network) => network.load_from(store).map(drop),
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;

    fn folded() -> NetworkConfig {
        NetworkConfig::default().with_normalization(Normalization::Folded)
    }

    #[test]
    fn a_configuration_is_written_as_it_was_before_there_was_a_set() {
        let alone = serde_json::to_value(ResUnetPlusPlusConfig::new()).unwrap();
        assert_eq!(serde_json::to_value(NetworkConfig::default()).unwrap(), alone);
        let NetworkConfig::ResUnetPlusPlus(read) = serde_json::from_value(alone.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), alone);
        assert!(serde_json::from_str::<NetworkConfig>(r#"{"layers": 7}"#).is_err());
    }

    #[test]
    fn the_set_changes_no_bit_of_an_answer() {
        let device = Device::flex();
        let network = folded().init(&device);
        let Network::ResUnetPlusPlus(member) = network.clone();
        let image = Tensor::<4>::ones([1, 3, 16, 32], &device);
        let (mask, presence) = network.forward(image.clone(), Some(image.clone()));
        let expected = member.forward(image.clone(), Some(image));
        mask.into_data().assert_eq(&expected.0.into_data(), true);
        presence.into_data().assert_eq(&expected.1.into_data(), true);
    }

    #[test]
    fn folded_weights_survive_the_way_to_disk_and_back() {
        let device = Device::flex();
        let image = Tensor::<4>::ones([1, 3, 16, 32], &device);
        let network = folded().init(&device);
        let bytes = network.weights(DType::F32).unwrap();
        let restored = folded().init(&device).with_weights(bytes).unwrap();
        let [a, b] = [network, restored].map(|n| n.forward(image.clone(), None).0.into_data());
        a.assert_eq(&b, true);
    }

    #[test]
    fn half_precision_halves_the_file() {
        let network = folded().init(&Device::flex());
        let [full, half] = [DType::F32, DType::F16].map(|dtype| network.weights(dtype).unwrap().len());
        assert!(half < full * 11 / 20, "{half} of {full}");
    }

    #[test]
    fn packed_weights_take_half_of_that_and_answer_nearly_the_same() {
        let device = Device::flex();
        let network = folded().init(&device);
        let (half, packed) = (network.weights(DType::F16).unwrap(), network.packed_weights().unwrap());
        assert!(packed.len() < half.len() * 11 / 20, "{} of {}", packed.len(), half.len());
        let image = Tensor::<4>::ones([1, 3, 16, 32], &device);
        let restored = folded().init(&device).with_weights(packed).unwrap();
        let [a, b] = [network, restored].map(|n| n.forward(image.clone(), None).0);
        let (difference, range) =
            ((a.clone() - b).abs().max().into_scalar::<f32>(), a.abs().max().into_scalar::<f32>());
        assert!(difference > 0.0 && difference < 0.02 * range, "{difference} of {range}");
    }

    #[test]
    fn truncated_and_foreign_bytes_are_refused() {
        let config = NetworkConfig::default();
        let device = Device::flex();
        let mut bytes = config.init(&device).weights(DType::F16).unwrap();
        bytes.truncate(1000);
        for bytes in [bytes, vec![], b"not weights at all".to_vec()] {
            assert!(matches!(config.init(&device).with_weights(bytes), Err(WeightError::Unreadable(_))));
        }
    }
}

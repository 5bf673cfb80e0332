//! The network's weights into bytes and back: safetensors, 32 bit while training, 16 bit when shipped.

use burn::module::{Module, ModuleMapper, Param};
use burn::prelude::*;
use burn::tensor::DType;
use burn_store::{FloatCastAdapter, ModuleSnapshot, ModuleStore, PyTorchToBurnAdapter, SafetensorsStore};

use crate::kernel::in_reading_order;
use crate::resunet_plus_plus::ResUnetPlusPlus;

/// Why weights could not be written or read.
#[derive(Debug)]
pub enum WeightError {
    /// The bytes are no safetensors file, or hold other tensors than this network has.
    Unreadable(String),
    /// The tensors could not be gathered from the device or written.
    Unwritable(String),
}

impl std::fmt::Display for WeightError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "the weights do not fit this network: {why}"),
            Self::Unwritable(why) => write!(f, "the weights could not be written: {why}"),
        }
    }
}

impl std::error::Error for WeightError {}

impl ResUnetPlusPlus {
    /// This network with the weights in `bytes`, cast to 32 bit.
    ///
    /// # Errors
    ///
    /// [`WeightError::Unreadable`] if a tensor is missing or of another shape.
    pub fn with_weights(self, bytes: Vec<u8>) -> Result<Self, WeightError> {
        let mut store = SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(FloatCastAdapter::to(DType::F32));
        self.load(&mut store)
    }

    /// This network with weights saved by the PyTorch twin.
    ///
    /// # Errors
    ///
    /// As [`Self::with_weights`].
    pub fn with_pytorch_weights(self, bytes: Vec<u8>) -> Result<Self, WeightError> {
        let mut store = SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(PyTorchToBurnAdapter);
        self.load(&mut store)
    }

    /// The weights as a safetensors file of `dtype`.
    ///
    /// # Errors
    ///
    /// [`WeightError::Unwritable`] if the device does not give them.
    pub fn weights(&self, dtype: DType) -> Result<Vec<u8>, WeightError> {
        let mut store = SafetensorsStore::from_bytes(None).with_to_adapter(FloatCastAdapter::to(dtype));
        self.save_into(&mut store).map_err(|error| WeightError::Unwritable(error.to_string()))?;
        store.get_bytes().map_err(|error| WeightError::Unwritable(error.to_string()))
    }

    fn load<S: ModuleStore>(mut self, store: &mut S) -> Result<Self, WeightError>
    where
        S::Error: std::fmt::Display,
    {
        self.load_from(store).map_err(|error| WeightError::Unreadable(error.to_string()))?;
        Ok(self.map(&mut ReadingOrder))
    }
}

/// Puts the weights of convolutions in the order in which the device reads them.
struct ReadingOrder;

impl ModuleMapper for ReadingOrder {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if D == 4 { param.map(in_reading_order) } else { param }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::{Normalization, ResUnetPlusPlusConfig};

    #[test]
    fn folded_weights_survive_the_way_to_disk_and_back() {
        let device = Device::flex();
        let config = ResUnetPlusPlusConfig::new().with_normalization(Normalization::Folded);
        let image = Tensor::<4>::ones([1, 3, 16, 32], &device);
        let network = config.init(&device);
        let bytes = network.weights(DType::F32).unwrap();
        let restored = config.init(&device).with_weights(bytes).unwrap();
        let [a, b] = [network, restored].map(|n| n.forward(image.clone(), None).0.into_data());
        a.assert_eq(&b, true);
    }

    #[test]
    fn half_precision_halves_the_file() {
        let network = ResUnetPlusPlusConfig::new().with_normalization(Normalization::Folded).init(&Device::flex());
        let [full, half] = [DType::F32, DType::F16].map(|dtype| network.weights(dtype).unwrap().len());
        assert!(half < full * 11 / 20, "{half} of {full}");
    }

    #[test]
    fn truncated_and_foreign_bytes_are_refused() {
        let config = ResUnetPlusPlusConfig::new();
        let device = Device::flex();
        let mut bytes = config.init(&device).weights(DType::F16).unwrap();
        bytes.truncate(1000);
        for bytes in [bytes, vec![], b"not weights at all".to_vec()] {
            assert!(matches!(config.init(&device).with_weights(bytes), Err(WeightError::Unreadable(_))));
        }
    }
}

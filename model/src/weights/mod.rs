//! A network's weights into bytes and back: safetensors, 32 bit while training, 16 bit and for large tensors eight when shipped.

mod eight_bit;

use std::fmt::Display;

use burn::module::{Module, ModuleMapper, Param};
use burn::prelude::*;
use burn::tensor::DType;
use burn_store::{FloatCastAdapter, ModuleSnapshot, ModuleStore, PyTorchToBurnAdapter, SafetensorsStore};
use thiserror::Error;

use crate::kernel::in_reading_order;

/// Why weights could not be written or read.
#[derive(Debug, Error)]
pub enum WeightError {
    /// The bytes are no safetensors file, or hold other tensors than this network has.
    #[error("the weights do not fit this network: {0}")]
    Unreadable(String),
    /// The tensors could not be gathered from the device or written.
    #[error("the weights could not be written: {0}")]
    Unwritable(String),
}

/// The module with the weights in `bytes`, 16 bit, 32 bit or packed, as 32 bit.
pub(crate) fn from_bytes<M: Module + ModuleSnapshot>(module: M, bytes: Vec<u8>) -> Result<M, WeightError> {
    let bytes = eight_bit::unpacked(bytes)?;
    load(module, SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(FloatCastAdapter::to(DType::F32)))
}

/// The module with weights that its PyTorch twin saved.
pub(crate) fn from_pytorch_bytes<M: Module + ModuleSnapshot>(module: M, bytes: Vec<u8>) -> Result<M, WeightError> {
    load(module, SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(PyTorchToBurnAdapter))
}

/// The weights as a safetensors file of `dtype`.
pub(crate) fn to_bytes<M: ModuleSnapshot>(module: &M, dtype: DType) -> Result<Vec<u8>, WeightError> {
    let mut store = SafetensorsStore::from_bytes(None).with_to_adapter(FloatCastAdapter::to(dtype));
    module.save_into(&mut store).map_err(|error| WeightError::Unwritable(error.to_string()))?;
    store.get_bytes().map_err(|error| WeightError::Unwritable(error.to_string()))
}

/// Numbers from which on a tensor is packed: the sixteen tensors at the coarse grids hold nine tenths of the shipped network's, and
/// what lies nearer to the picture is more sensitive and small.
const LEAST_PACKED: usize = 1 << 16;

/// The weights as a safetensors file of 16 bit with the large tensors in eight, to be read by [`from_bytes`].
pub(crate) fn to_packed_bytes<M: ModuleSnapshot>(module: &M) -> Result<Vec<u8>, WeightError> {
    eight_bit::packed(&to_bytes(module, DType::F32)?, &to_bytes(module, DType::F16)?, LEAST_PACKED)
}

fn load<M, S>(mut module: M, mut store: S) -> Result<M, WeightError>
where
    M: Module + ModuleSnapshot,
    S: ModuleStore,
    S::Error: Display,
{
    module.load_from(&mut store).map_err(|error| WeightError::Unreadable(error.to_string()))?;
    Ok(module.map(&mut ReadingOrder))
}

/// Puts the weights of convolutions in the order in which the device reads them.
struct ReadingOrder;

impl ModuleMapper for ReadingOrder {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if D == 4 { param.map(in_reading_order) } else { param }
    }
}

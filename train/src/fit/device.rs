//! The device that a fit runs on, and the number format of its activations.

use burn::prelude::*;
use burn::tensor::DType;
#[cfg(feature = "vulkan")]
use burn::tensor::DeviceKind;

use crate::fit::config::Precision;

/// The device that training runs on, ready to differentiate: the fastest that this build has.
pub fn training_device() -> Device {
    #[cfg(feature = "cuda")]
    return Device::cuda(0).autodiff();
    #[cfg(all(feature = "vulkan", not(feature = "cuda")))]
    return Device::vulkan(DeviceKind::DefaultDevice).autodiff();
    // burn 0.22 deprecates libtorch, and has no CPU device that trains half as fast.
    #[cfg(all(feature = "tch", not(any(feature = "cuda", feature = "vulkan"))))]
    #[allow(deprecated)]
    return if tch::Cuda::is_available() {
        // What is left to the processor are copies, for which a thread a core costs more than it brings.
        tch::set_num_threads(1);
        Device::libtorch_cuda(0)
    } else {
        Device::libtorch()
    }
    .autodiff();
    #[cfg(not(any(feature = "tch", feature = "cuda", feature = "vulkan")))]
    Device::flex().autodiff()
}

/// Number format of the activations: 16 bit where recipe and device have it.
pub fn activation_type(precision: Precision) -> DType {
    let has_bf16 = cfg!(any(feature = "cuda", all(feature = "tch", not(feature = "vulkan"))));
    match precision {
        Precision::Mixed if has_bf16 => DType::BF16,
        Precision::Mixed | Precision::Full => DType::F32,
    }
}

//! How feature maps and weights lie in memory: channels innermost, four to a vector.

use burn::backend::TensorMetadata;
use burn::tensor::DType;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::ops::{permute, permute_nchw_to_nhwc};
use burn_cubecl::tensor::CubeTensor;

/// Four channels.
pub(super) type Four = Vector<f32, Const<4>>;

/// Units of a cube.
pub(super) const UNITS: usize = 64;

/// `[batch, channels, height, width]`.
pub(super) fn dims(x: &CubeTensor) -> [usize; 4] {
    x.shape().dims()
}

/// Whether a map's channels come in vectors of four 32-bit numbers.
pub(super) fn in_fours(x: &CubeTensor) -> bool {
    x.dtype() == DType::F32 && dims(x)[1].is_multiple_of(4)
}

/// `[batch, height, width, channels]`, in that order in memory.
pub(super) fn channels_last(x: CubeTensor) -> CubeTensor {
    into_contiguous(permute_nchw_to_nhwc(x))
}

/// `[kernel, kernel, inputs, outputs]`, in that order in memory.
pub(super) fn by_tap(weight: CubeTensor) -> CubeTensor {
    into_contiguous(permute(weight, &[2, 3, 1, 0]))
}

/// Room for numbers on the device of `like`.
pub(super) fn empty(like: &CubeTensor, shape: [usize; 4]) -> CubeTensor {
    empty_device_contiguous_dtype(like.client.clone(), like.device.clone(), shape.into(), DType::F32)
}

/// Cubes whose units are at least `count`.
pub(super) fn cubes(count: usize) -> CubeCount {
    // No dimension of a grid may be larger than 65535.
    let cubes = count.div_ceil(UNITS);
    let down = cubes.div_ceil(32768);
    CubeCount::Static(cubes.div_ceil(down) as u32, down as u32, 1)
}

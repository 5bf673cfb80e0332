//! The means of a map's channels through two layers: sums of parts of it, then an image's logits.

use burn::backend::TensorMetadata;
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

use super::memory::{Four, UNITS, channels_last, dims, empty};

/// Pixels whose sum one cube computes.
const SUMMED: usize = 512;

/// Logits of each channel; `x` in fours, no more of them than units, no more hidden channels either.
pub(super) fn channel_logits(
    x: CubeTensor,
    first: CubeTensor,
    first_bias: CubeTensor,
    second: CubeTensor,
    second_bias: CubeTensor,
) -> CubeTensor {
    let [batch, channels, height, width] = dims(&x);
    let hidden = first_bias.shape().num_elements();
    let x = channels_last(x);
    let client = x.client.clone();
    let pixels = height * width;
    let parts = pixels.div_ceil(SUMMED);
    let sums = empty(&x, [batch, parts, channels, 1]);
    let logits = empty(&x, [batch, channels, 1, 1]);
    // SAFETY: each cube reads and writes its own part of an image, and then an image's sums.
    unsafe {
        channel_sums::launch_unchecked(
            &client,
            CubeCount::Static(parts as u32, batch as u32, 1),
            CubeDim::new_1d(UNITS as u32),
            x.into_buffer_arg(),
            sums.clone().into_buffer_arg(),
            pixels as u32,
            channels / 4,
        );
        logits_of_sums::launch_unchecked(
            &client,
            CubeCount::Static(batch as u32, 1, 1),
            CubeDim::new_1d(UNITS as u32),
            sums.into_buffer_arg(),
            into_contiguous(first).into_buffer_arg(),
            into_contiguous(first_bias).into_buffer_arg(),
            into_contiguous(second).into_buffer_arg(),
            into_contiguous(second_bias).into_buffer_arg(),
            logits.clone().into_buffer_arg(),
            parts as u32,
            1.0 / pixels as f32,
            channels,
            hidden,
        );
    }
    logits
}

/// Sums of a part of an image's pixels.
///
/// - `input`: `[batch, pixels, 4 · channels]`
/// - `sums`: `[batch, parts, 4 · channels]`
#[cube(launch_unchecked)]
fn channel_sums(input: &[Four], sums: &mut [Four], pixels: u32, #[comptime] channels: usize) {
    let lanes = comptime!(UNITS / channels);
    let unit = UNIT_POS as usize;
    let (lane, channel) = (unit / channels, unit % channels);
    let image = CUBE_POS_Y as usize * pixels as usize;
    let first = CUBE_POS_X as usize * SUMMED;
    let mut sum = Four::new(0.0);
    for step in 0..comptime!(SUMMED / (UNITS / channels)) {
        let pixel = first + step * lanes + lane;
        if (pixel as u32) < pixels {
            sum += input[(image + pixel) * channels + channel];
        }
    }
    let mut parts = Shared::<[Four]>::new_slice(UNITS);
    parts[unit] = sum;
    sync_cube();
    if lane == 0 {
        let mut sum = Four::new(0.0);
        for lane in 0..lanes {
            sum += parts[lane * channels + channel];
        }
        sums[(CUBE_POS_Y * CUBE_COUNT_X + CUBE_POS_X) as usize * channels + channel] = sum;
    }
}

/// - `sums`: `[batch, parts, channels]`
/// - `first`: `[channels, hidden]`, `second`: `[hidden, channels]`
/// - `logits`: `[batch, channels]`
#[cube(launch_unchecked)]
fn logits_of_sums(
    sums: &[f32],
    first: &[f32],
    first_bias: &[f32],
    second: &[f32],
    second_bias: &[f32],
    logits: &mut [f32],
    parts: u32,
    scale: f32,
    #[comptime] channels: usize,
    #[comptime] hidden: usize,
) {
    let unit = UNIT_POS as usize;
    let image = CUBE_POS_X as usize;
    let rounds = comptime!(channels.div_ceil(UNITS));
    let mut means = Shared::<[f32]>::new_slice(channels);
    let mut squeezed = Shared::<[f32]>::new_slice(hidden);
    for round in 0..rounds {
        let channel = round * UNITS + unit;
        if channel < channels {
            let mut sum = 0.0f32;
            for part in 0..parts as usize {
                sum += sums[(image * parts as usize + part) * channels + channel];
            }
            means[channel] = sum * scale;
        }
    }
    sync_cube();
    if unit < hidden {
        let mut sum = first_bias[unit];
        for channel in 0..channels {
            sum += means[channel] * first[channel * hidden + unit];
        }
        squeezed[unit] = select(sum < 0.0, 0.0, sum);
    }
    sync_cube();
    for round in 0..rounds {
        let channel = round * UNITS + unit;
        if channel < channels {
            let mut sum = second_bias[channel];
            for at in 0..hidden {
                sum += squeezed[at] * second[at * channels + channel];
            }
            logits[image * channels + channel] = sum;
        }
    }
}

//! Feature maps joined and gated, a vector of four channels a unit.

use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::ops::permute_nhwc_to_nchw;
use burn_cubecl::tensor::CubeTensor;

use super::memory::{Four, UNITS, channels_last, cubes, dims, empty};

/// Every pixel of `coarse` four times, and the channels of `fine` after its own; both in fours.
pub(super) fn join(coarse: CubeTensor, fine: CubeTensor) -> CubeTensor {
    let [batch, coarse_channels, ..] = dims(&coarse);
    let [_, fine_channels, height, width] = dims(&fine);
    let (coarse, fine) = (channels_last(coarse), channels_last(fine));
    let y = empty(&coarse, [batch, height, width, coarse_channels + fine_channels]);
    let count = batch * height * width * (coarse_channels + fine_channels) / 4;
    // SAFETY: `count` vectors are written, and each is read from where its pixel lies.
    unsafe {
        joined::launch_unchecked(
            &coarse.client.clone(),
            cubes(count),
            CubeDim::new_1d(UNITS as u32),
            coarse.into_buffer_arg(),
            fine.into_buffer_arg(),
            y.clone().into_buffer_arg(),
            count as u32,
            width as u32,
            (coarse_channels / 4) as u32,
            (fine_channels / 4) as u32,
        );
    }
    permute_nhwc_to_nchw(y)
}

/// `x · sigmoid(logits)`, a logit for each pixel or each channel; `x` in fours, `logits` of 32 bit.
pub(super) fn gate(x: CubeTensor, logits: CubeTensor) -> CubeTensor {
    let [batch, channels, height, width] = dims(&x);
    let by_channel = dims(&logits)[1] == channels;
    let (x, logits) = (channels_last(x), channels_last(logits));
    let y = empty(&x, [batch, height, width, channels]);
    let count = batch * height * width * channels / 4;
    // SAFETY: `count` vectors are read and written, and there is a logit for each pixel or channel.
    unsafe {
        gated::launch_unchecked(
            &x.client.clone(),
            cubes(count),
            CubeDim::new_1d(UNITS as u32),
            x.into_buffer_arg(),
            logits.into_buffer_arg(),
            y.clone().into_buffer_arg(),
            count as u32,
            (height * width) as u32,
            (channels / 4) as u32,
            by_channel,
        );
    }
    permute_nhwc_to_nchw(y)
}

/// - `coarse`: `[batch, height / 2, width / 2, 4 · coarse_channels]`
/// - `fine`: `[batch, height, width, 4 · fine_channels]`
/// - `output`: `[batch, height, width, 4 · (coarse_channels + fine_channels)]`, `count` vectors
#[cube(launch_unchecked)]
fn joined(
    coarse: &[Four],
    fine: &[Four],
    output: &mut [Four],
    count: u32,
    width: u32,
    coarse_channels: u32,
    fine_channels: u32,
) {
    let place = ABSOLUTE_POS as u32;
    if place >= count {
        terminate!();
    }
    let channels = coarse_channels + fine_channels;
    let (pixel, channel) = (place / channels, place % channels);
    output[place as usize] = if channel < coarse_channels {
        // Images have an even height: rows of all images halve as those of one.
        let (x, y) = (pixel % width, pixel / width);
        coarse[((y / 2 * (width / 2) + x / 2) * coarse_channels + channel) as usize]
    } else {
        fine[(pixel * fine_channels + channel - coarse_channels) as usize]
    };
}

/// - `x`, `output`: `[batch, pixels, 4 · channels]`, `count` vectors
/// - `logits`: `[batch, 4 · channels]` if `by_channel`, else `[batch, pixels]`
#[cube(launch_unchecked)]
fn gated(
    x: &[Four],
    logits: &[f32],
    output: &mut [Four],
    count: u32,
    pixels: u32,
    channels: u32,
    #[comptime] by_channel: bool,
) {
    let place = ABSOLUTE_POS as u32;
    if place >= count {
        terminate!();
    }
    let pixel = place / channels;
    let mut logit = Four::empty();
    if by_channel {
        let first = (pixel / pixels * channels + place % channels) as usize * 4;
        #[unroll]
        for at in 0..4usize {
            logit.insert(at, logits[first + at]);
        }
    } else {
        logit = Four::new(logits[pixel as usize]);
    }
    let one = Four::new(1.0);
    output[place as usize] = x[place as usize] / (one + (-logit).exp());
}

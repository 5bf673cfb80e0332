//! The convolution in tiles that a cube's units fetch into memory that they share.

use burn::backend::TensorMetadata;
use burn::tensor::DType;
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::permute_nhwc_to_nchw;
use burn_cubecl::tensor::CubeTensor;

use super::memory::{Four, UNITS, by_tap, channels_last, dims, empty};
use crate::kernel::activation::Activation;

/// Channels that a tile is summed over between two meetings.
const DEPTH: usize = 16;
/// Cubes from which on a laptop's card has all of its units at work; fewer and larger tiles read less.
const BUSY: usize = 128;

/// What a cube computes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tile {
    /// Units side by side along the channels, each of which computes four.
    channels: usize,
    /// Pixels that each unit computes.
    pixels: usize,
}

impl Tile {
    /// The tile for a convolution, if it can be cut into tiles.
    pub(super) fn of(x: &CubeTensor, weight: &CubeTensor) -> Option<Self> {
        let [batch, _, height, width] = dims(x);
        let [outputs, inputs, ..] = dims(weight);
        if x.dtype() != DType::F32 || !inputs.is_multiple_of(DEPTH) || !outputs.is_multiple_of(16) {
            return None;
        }
        let channels = if outputs.is_multiple_of(32) { 8 } else { 4 };
        let tile = |pixels| Self { channels, pixels };
        let cubes = |tile: &Self| (batch * height * width).div_ceil(tile.width()) * (outputs / (4 * channels));
        [8, 4].map(tile).into_iter().find(|tile| cubes(tile) >= BUSY).or(Some(tile(2)))
    }

    /// Units side by side along the pixels.
    fn across(&self) -> usize {
        UNITS / self.channels
    }

    /// Pixels of a cube.
    fn width(&self) -> usize {
        self.across() * self.pixels
    }
}

/// The convolution, cut into tiles.
pub(super) fn tiled(
    tile: Tile,
    x: CubeTensor,
    weight: CubeTensor,
    bias: CubeTensor,
    added: Option<CubeTensor>,
    dilation: usize,
    activation: Activation,
) -> CubeTensor {
    let [batch, inputs, height, width] = dims(&x);
    let [outputs, _, kernel, _] = dims(&weight);
    let x = channels_last(x);
    let client = x.client.clone();
    let y = empty(&x, [batch, height, width, outputs]);
    let pixels = batch * height * width;
    let is_added = added.is_some();
    // Without anything to add, anything may stand in its place.
    let added = added.map_or_else(|| x.clone(), channels_last);
    let cubes = CubeCount::Static(pixels.div_ceil(tile.width()) as u32, (outputs / (4 * tile.channels)) as u32, 1);
    // SAFETY: every place that is read or written lies within its tensor, by the sizes given.
    unsafe {
        tiled_convolution::launch_unchecked(
            &client,
            cubes,
            CubeDim::new_1d(UNITS as u32),
            x.into_buffer_arg(),
            by_tap(weight).into_buffer_arg(),
            into_contiguous(bias).into_buffer_arg(),
            added.into_buffer_arg(),
            y.clone().into_buffer_arg(),
            pixels as u32,
            height as u32,
            width as u32,
            inputs as u32,
            outputs as u32,
            kernel as u32,
            dilation as u32,
            u32::from(is_added),
            u32::from(activation == Activation::Relu),
            tile,
        );
    }
    permute_nhwc_to_nchw(y)
}

/// A product of matrices, pixels times channels, summed over channels and taps in rounds: the units of a cube bring what
/// all of them need into memory that they share.
///
/// What differs between the network's convolutions is told when the kernel runs, since each variant takes a browser a
/// while to compile.
///
/// - `input`: `[batch, height, width, inputs]`
/// - `weight`: `[kernel, kernel, inputs, outputs]`
/// - `bias`: `[outputs]`
/// - `added`, if `is_added`, and `output`: `[batch, height, width, outputs]`
#[cube(launch_unchecked)]
fn tiled_convolution(
    input: &[Four],
    weight: &[Four],
    bias: &[Four],
    added: &[Four],
    output: &mut [Four],
    pixels: u32,
    height: u32,
    width: u32,
    inputs: u32,
    outputs: u32,
    kernel: u32,
    dilation: u32,
    is_added: u32,
    is_relu: u32,
    #[comptime] tile: Tile,
) {
    let depth = comptime!(DEPTH / 4);
    let across = comptime!(tile.across());
    // One more than there are pixels: neighbours in a column lie in different banks.
    let pitch = comptime!(tile.width() + 1);
    let image_loads = comptime!(tile.width() * depth / UNITS);
    let weight_loads = comptime!(DEPTH * tile.channels / UNITS);

    // Four channels of each pixel; four outputs of each channel.
    let mut image = Shared::<[Four]>::new_slice(comptime!(depth * pitch));
    let mut taps = Shared::<[Four]>::new_slice(comptime!(DEPTH * tile.channels));

    let unit = UNIT_POS as usize;
    let pixel = unit % across;
    let channel = unit / across;
    let first_pixel = CUBE_POS_X as usize * comptime!(tile.width());
    let first_channel = CUBE_POS_Y as usize * comptime!(tile.channels);
    let inputs4 = inputs as usize / 4;
    let outputs4 = outputs as usize / 4;
    let middle = (kernel / 2) as i32;

    let mut sums = Array::<Four>::new(comptime!(tile.pixels));
    #[unroll]
    for at in 0..comptime!(tile.pixels) {
        sums[at] = Four::new(0.0);
    }

    for round in 0..inputs as usize / DEPTH {
        for tap in 0..kernel * kernel {
            let down = ((tap / kernel) as i32 - middle) * dilation as i32;
            let right = ((tap % kernel) as i32 - middle) * dilation as i32;
            #[unroll]
            for load in 0..image_loads {
                let place = load * UNITS + unit;
                let target = (first_pixel + place / depth) as u32;
                let x = (target % width) as i32 + right;
                let y = (target / width % height) as i32 + down;
                let mut value = Four::new(0.0);
                if x >= 0 && x < width as i32 && y >= 0 && y < height as i32 && target < pixels {
                    let source = (target as i32 + down * width as i32 + right) as usize;
                    value = input[source * inputs4 + round * depth + place % depth];
                }
                image[place % depth * pitch + place / depth] = value;
            }
            #[unroll]
            for load in 0..weight_loads {
                let place = load * UNITS + unit;
                let row = (tap * inputs) as usize + round * DEPTH + place / comptime!(tile.channels);
                taps[place] = weight[row * outputs4 + first_channel + place % comptime!(tile.channels)];
            }
            sync_cube();
            for part in 0..depth {
                let row = part * comptime!(4 * tile.channels) + channel;
                let weight0 = taps[row];
                let weight1 = taps[row + comptime!(tile.channels)];
                let weight2 = taps[row + comptime!(2 * tile.channels)];
                let weight3 = taps[row + comptime!(3 * tile.channels)];
                #[unroll]
                for at in 0..comptime!(tile.pixels) {
                    let value = image[part * pitch + at * across + pixel];
                    sums[at] += Four::new(value.extract(0usize)) * weight0
                        + Four::new(value.extract(1usize)) * weight1
                        + Four::new(value.extract(2usize)) * weight2
                        + Four::new(value.extract(3usize)) * weight3;
                }
            }
            sync_cube();
        }
    }

    let shift = bias[first_channel + channel];
    #[unroll]
    for at in 0..comptime!(tile.pixels) {
        let target = first_pixel + at * across + pixel;
        if (target as u32) < pixels {
            let place = target * outputs4 + first_channel + channel;
            let mut value = sums[at] + shift;
            if is_added == 1 {
                value += added[place];
            }
            if is_relu == 1 {
                // Not `max`, which drops what is no number.
                value = select_many(value.less_than(&Four::new(0.0)), Four::new(0.0), value);
            }
            output[place] = value;
        }
    }
}

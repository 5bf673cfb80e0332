//! The network's operations on WebGPU, written for cubecl.
//!
//! Feature maps keep their channels innermost in memory, four to a vector. burn's own convolution, untuned since tuning takes
//! longer than a user waits, lets every unit read all of its input and weights from global memory; bias, activation and what
//! is added are passes of their own. Each pass costs a browser more than the card.

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::ops::{permute, permute_nchw_to_nhwc, permute_nhwc_to_nchw};
use burn_cubecl::tensor::CubeTensor;

use super::activation::Activation;
use super::composed;
use super::ops::{Cube, NetworkOps};

type Four = Vector<f32, Const<4>>;

/// Units of a cube.
const UNITS: usize = 64;
/// Channels that a tile is summed over between two meetings.
const DEPTH: usize = 16;
/// Cubes from which on a laptop's card has all of its units at work; fewer and larger tiles read less.
const BUSY: usize = 128;
/// Pixels whose sum one cube computes.
const SUMMED: usize = 512;

impl NetworkOps for Cube {
    fn convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        match Tile::of(&x, &weight) {
            Some(tile) => tiled(tile, x, weight, bias, None, dilation, activation),
            None => composed::convolution::<Self>(x, weight, bias, dilation, activation),
        }
    }

    fn convolution_onto(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        added: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        match Tile::of(&x, &weight) {
            Some(tile) => tiled(tile, x, weight, bias, Some(added), dilation, activation),
            None => {
                let y = composed::convolution::<Self>(x, weight, bias, dilation, Activation::Identity);
                composed::sum::<Self>(y, added, activation)
            }
        }
    }

    fn reading_order(weight: FloatTensor<Self>) -> FloatTensor<Self> {
        permute(by_tap(weight), &[3, 2, 0, 1])
    }

    fn join(coarse: FloatTensor<Self>, fine: FloatTensor<Self>) -> FloatTensor<Self> {
        let [batch, coarse_channels, ..] = dims(&coarse);
        let [_, fine_channels, height, width] = dims(&fine);
        if !in_fours(&coarse) || !in_fours(&fine) {
            return composed::join::<Self>(coarse, fine);
        }
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

    fn gate(x: FloatTensor<Self>, logits: FloatTensor<Self>) -> FloatTensor<Self> {
        let [batch, channels, height, width] = dims(&x);
        let by_channel = dims(&logits)[1] == channels;
        if !in_fours(&x) || logits.dtype() != DType::F32 {
            return composed::gate::<Self>(x, logits);
        }
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

    fn channel_logits(
        x: FloatTensor<Self>,
        first: FloatTensor<Self>,
        first_bias: FloatTensor<Self>,
        second: FloatTensor<Self>,
        second_bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [batch, channels, height, width] = dims(&x);
        let hidden = first_bias.shape().num_elements();
        if !in_fours(&x) || !UNITS.is_multiple_of(channels / 4) || hidden > UNITS {
            return composed::channel_logits::<Self>(x, first, first_bias, second, second_bias);
        }
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
}

fn dims(x: &CubeTensor) -> [usize; 4] {
    x.shape().dims()
}

/// Whether a map's channels come in vectors of four 32-bit numbers.
fn in_fours(x: &CubeTensor) -> bool {
    x.dtype() == DType::F32 && dims(x)[1].is_multiple_of(4)
}

/// `[batch, height, width, channels]`, in that order in memory.
fn channels_last(x: CubeTensor) -> CubeTensor {
    into_contiguous(permute_nchw_to_nhwc(x))
}

/// `[kernel, kernel, inputs, outputs]`, in that order in memory.
fn by_tap(weight: CubeTensor) -> CubeTensor {
    into_contiguous(permute(weight, &[2, 3, 1, 0]))
}

/// Room for numbers on the device of `like`.
fn empty(like: &CubeTensor, shape: [usize; 4]) -> CubeTensor {
    empty_device_contiguous_dtype(like.client.clone(), like.device.clone(), shape.into(), DType::F32)
}

/// Cubes whose units are at least `count`.
fn cubes(count: usize) -> CubeCount {
    // No dimension of a grid may be larger than 65535.
    let cubes = count.div_ceil(UNITS);
    let down = cubes.div_ceil(32768);
    CubeCount::Static(cubes.div_ceil(down) as u32, down as u32, 1)
}

/// What a cube computes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Tile {
    /// Units side by side along the channels, each of which computes four.
    channels: usize,
    /// Pixels that each unit computes.
    pixels: usize,
}

impl Tile {
    /// The tile for a convolution, if it can be cut into tiles.
    fn of(x: &CubeTensor, weight: &CubeTensor) -> Option<Self> {
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

fn tiled(
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

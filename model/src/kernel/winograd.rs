//! 3×3 convolution with 36 instead of 144 multiplications for every 4×4 outputs: Winograd's F(4×4, 3×3).
//!
//! Lavin and Gray 2016 (arXiv 1509.09308), §4.3 gives the three transforms. A dilated kernel is the same on each of
//! the `dilation²` sub-grids of the map. Tiles go through in blocks that stay in the processor's cache, eight tiles to
//! a vector; the transformed weights are kept for as long as the weights live.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Bytes, Shape};
use burn::tensor::DType;

use super::Activation;

/// Outputs of a tile along one side.
const OUT: usize = 4;
/// Inputs of a tile along one side.
const IN: usize = OUT + 2;
/// Products of a tile.
const PRODUCTS: usize = IN * IN;
/// Tiles in a vector.
const LANES: usize = 8;
/// Output channels that share one pass over the inputs.
const ROWS: usize = 4;
/// Floats that a block's transformed inputs and products may take: 1 MB, half of a common second-level cache.
const BLOCK: usize = 1 << 18;

type Vector = [f32; LANES];

/// Multiplications per input and output channel on a `width × height` map.
pub fn multiplications(width: usize, height: usize, dilation: usize) -> usize {
    let along = |length: usize| (0..dilation.min(length)).map(|p| (length - p).div_ceil(dilation).div_ceil(OUT)).sum();
    let [across, down]: [usize; 2] = [along(width), along(height)];
    across * down * PRODUCTS
}

/// See [`super::convolution`]; the kernel is 3×3 and all tensors are `f32`.
pub fn convolution(
    x: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    dilation: usize,
    activation: Activation,
) -> FlexTensor {
    let [batch, inputs, height, width] = x.layout().shape().dims();
    let [outputs, _, _, _] = weight.layout().shape().dims();
    let (x, bias) = (x.to_contiguous(), bias.to_contiguous());
    let weights = transformed(weight.to_contiguous(), outputs, inputs);
    let map = Map { width, height, dilation };
    let tiles = map.tiles();

    let rows = outputs.div_ceil(ROWS) * ROWS;
    let per_block = (BLOCK / (PRODUCTS * (inputs + rows)) / LANES * LANES).clamp(LANES, 128);
    let vectors = per_block / LANES;
    let mut transformed_inputs = vec![[0.0; LANES]; PRODUCTS * inputs * vectors];
    let mut products = vec![[0.0; LANES]; PRODUCTS * rows * vectors];
    let mut y = vec![0.0; batch * outputs * height * width];

    let (x, bias) = (floats(&x), floats(&bias));
    for (image, result) in x.chunks_exact(inputs * height * width).zip(y.chunks_exact_mut(outputs * height * width)) {
        for block in tiles.chunks(per_block) {
            let used = block.len().div_ceil(LANES);
            for (channel, plane) in image.chunks_exact(height * width).enumerate() {
                for (vector, group) in block.chunks(LANES).enumerate() {
                    let tile = transform_input(&map.gather(plane, group));
                    for (product, value) in tile.into_iter().enumerate() {
                        transformed_inputs[(product * vectors + vector) * inputs + channel] = value;
                    }
                }
            }
            for product in 0..PRODUCTS {
                let weights = &weights[product * rows * inputs..][..rows * inputs];
                for vector in 0..used {
                    let column = &transformed_inputs[(product * vectors + vector) * inputs..][..inputs];
                    let out = &mut products[(product * vectors + vector) * rows..][..rows];
                    for (weights, out) in weights.chunks_exact(ROWS * inputs).zip(out.chunks_exact_mut(ROWS)) {
                        multiply(weights, column, out);
                    }
                }
            }
            for (channel, plane) in result.chunks_exact_mut(height * width).enumerate() {
                for (vector, group) in block.chunks(LANES).enumerate() {
                    let tile = std::array::from_fn(|product| products[(product * vectors + vector) * rows + channel]);
                    map.scatter(&transform_output(&tile, bias[channel], activation), plane, group);
                }
            }
        }
    }
    tensor(y, [batch, outputs, height, width])
}

/// A map cut into tiles.
struct Map {
    width: usize,
    height: usize,
    dilation: usize,
}

/// Upper left output pixel of a tile.
#[derive(Clone, Copy)]
struct Tile {
    x: usize,
    y: usize,
}

impl Map {
    fn tiles(&self) -> Vec<Tile> {
        let starts = |length: usize| {
            (0..self.dilation.min(length))
                .flat_map(move |phase| (phase..length).step_by(self.dilation * OUT))
                .collect::<Vec<_>>()
        };
        let columns = starts(self.width);
        starts(self.height).into_iter().flat_map(|y| columns.iter().map(move |&x| Tile { x, y })).collect()
    }

    /// Inputs of up to [`LANES`] tiles, zero outside the map and in lanes without a tile.
    fn gather(&self, plane: &[f32], tiles: &[Tile]) -> [Vector; PRODUCTS] {
        let mut inputs = [[0.0; LANES]; PRODUCTS];
        let d = self.dilation;
        for (lane, tile) in tiles.iter().enumerate() {
            let inside = tile.x >= d && tile.y >= d && tile.x + OUT * d < self.width && tile.y + OUT * d < self.height;
            if inside {
                for row in 0..IN {
                    let start = (tile.y + row * d - d) * self.width + tile.x - d;
                    let line = &plane[start..start + (IN - 1) * d + 1];
                    for column in 0..IN {
                        inputs[row * IN + column][lane] = line[column * d];
                    }
                }
            } else {
                for row in 0..IN {
                    let y = (tile.y + row * d).wrapping_sub(d);
                    if y >= self.height {
                        continue;
                    }
                    for column in 0..IN {
                        let x = (tile.x + column * d).wrapping_sub(d);
                        if x < self.width {
                            inputs[row * IN + column][lane] = plane[y * self.width + x];
                        }
                    }
                }
            }
        }
        inputs
    }

    fn scatter(&self, outputs: &[Vector; OUT * OUT], plane: &mut [f32], tiles: &[Tile]) {
        for (lane, tile) in tiles.iter().enumerate() {
            for row in 0..OUT {
                let y = tile.y + row * self.dilation;
                if y >= self.height {
                    break;
                }
                for column in 0..OUT {
                    let x = tile.x + column * self.dilation;
                    if x < self.width {
                        plane[y * self.width + x] = outputs[row * OUT + column][lane];
                    }
                }
            }
        }
    }
}

/// Products of [`ROWS`] output channels with one vector of tiles, summed over the input channels.
///
/// `weights` holds [`ROWS`] numbers for every input channel.
#[inline]
fn multiply(weights: &[f32], inputs: &[Vector], outputs: &mut [Vector]) {
    let mut sums = [[0.0; LANES]; ROWS];
    for (weights, input) in weights.chunks_exact(ROWS).zip(inputs) {
        for row in 0..ROWS {
            for lane in 0..LANES {
                sums[row][lane] += weights[row] * input[lane];
            }
        }
    }
    outputs.copy_from_slice(&sums);
}

/// `Bᵀ d B`, column by column and row by row.
#[inline]
fn transform_input(d: &[Vector; PRODUCTS]) -> [Vector; PRODUCTS] {
    let mut half = [[0.0; LANES]; PRODUCTS];
    for column in 0..IN {
        let t = input_line(std::array::from_fn(|row| &d[row * IN + column]));
        for row in 0..IN {
            half[row * IN + column] = t[row];
        }
    }
    let mut whole = [[0.0; LANES]; PRODUCTS];
    for row in 0..IN {
        let t = input_line(std::array::from_fn(|column| &half[row * IN + column]));
        whole[row * IN..][..IN].copy_from_slice(&t);
    }
    whole
}

#[inline]
fn input_line(d: [&Vector; IN]) -> [Vector; IN] {
    let mut t = [[0.0; LANES]; IN];
    for l in 0..LANES {
        let [d0, d1, d2, d3, d4, d5] = d.map(|v| v[l]);
        t[0][l] = 4.0 * d0 - 5.0 * d2 + d4;
        t[1][l] = (d4 - 4.0 * d2) + (d3 - 4.0 * d1);
        t[2][l] = (d4 - 4.0 * d2) - (d3 - 4.0 * d1);
        t[3][l] = (d4 - d2) + 2.0 * (d3 - d1);
        t[4][l] = (d4 - d2) - 2.0 * (d3 - d1);
        t[5][l] = 4.0 * d1 - 5.0 * d3 + d5;
    }
    t
}

/// `Aᵀ m A`, with bias and activation.
#[inline]
fn transform_output(m: &[Vector; PRODUCTS], bias: f32, activation: Activation) -> [Vector; OUT * OUT] {
    let mut half = [[0.0; LANES]; OUT * IN];
    for column in 0..IN {
        let t = output_line(std::array::from_fn(|row| &m[row * IN + column]));
        for row in 0..OUT {
            half[row * IN + column] = t[row];
        }
    }
    let floor = match activation {
        Activation::Relu => 0.0,
        Activation::Identity => f32::NEG_INFINITY,
    };
    let mut whole = [[0.0; LANES]; OUT * OUT];
    for row in 0..OUT {
        let t = output_line(std::array::from_fn(|column| &half[row * IN + column]));
        for column in 0..OUT {
            whole[row * OUT + column] = t[column].map(|v| {
                let v = v + bias;
                // Not `f32::max`: a NaN must stay one.
                if v < floor { floor } else { v }
            });
        }
    }
    whole
}

#[inline]
fn output_line(m: [&Vector; IN]) -> [Vector; OUT] {
    let mut t = [[0.0; LANES]; OUT];
    for l in 0..LANES {
        let [m0, m1, m2, m3, m4, m5] = m.map(|v| v[l]);
        let (sum12, difference12) = (m1 + m2, m1 - m2);
        let (sum34, difference34) = (m3 + m4, m3 - m4);
        t[0][l] = m0 + sum12 + sum34;
        t[1][l] = difference12 + 2.0 * difference34;
        t[2][l] = sum12 + 4.0 * sum34;
        t[3][l] = difference12 + 8.0 * difference34 + m5;
    }
    t
}

/// `G g Gᵀ` of every kernel, `[PRODUCTS, outputs / ROWS, inputs, ROWS]`, computed once per weight tensor.
fn transformed(weight: FlexTensor, outputs: usize, inputs: usize) -> Arc<Vec<f32>> {
    /// Transforms by the address of their weights.
    type Known = HashMap<usize, (Weak<Bytes>, Arc<Vec<f32>>)>;
    static KNOWN: Mutex<Option<Known>> = Mutex::new(None);

    let bytes = weight.data_arc();
    let key = Arc::as_ptr(&bytes) as usize;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some((owner, transformed)) = known.get(&key)
        // An address is used again only after its owner is gone.
        && owner.strong_count() > 0
        && weight.layout().start_offset() == 0
    {
        return transformed.clone();
    }
    let result = Arc::new(transform_weights(floats(&weight), outputs, inputs));
    known.retain(|_, (owner, _)| owner.strong_count() > 0);
    known.insert(key, (Arc::downgrade(&bytes), result.clone()));
    result
}

fn transform_weights(weight: &[f32], outputs: usize, inputs: usize) -> Vec<f32> {
    let rows = outputs.div_ceil(ROWS) * ROWS;
    let mut result = vec![0.0; PRODUCTS * rows * inputs];
    for (index, kernel) in weight.chunks_exact(9).enumerate() {
        let (output, input) = (index / inputs, index % inputs);
        let mut half = [0.0; IN * 3];
        for column in 0..3 {
            let t = weight_line([kernel[column], kernel[3 + column], kernel[6 + column]]);
            for row in 0..IN {
                half[row * 3 + column] = t[row];
            }
        }
        for row in 0..IN {
            let t = weight_line([half[row * 3], half[row * 3 + 1], half[row * 3 + 2]]);
            for (column, value) in t.into_iter().enumerate() {
                let block = (row * IN + column) * rows / ROWS + output / ROWS;
                result[(block * inputs + input) * ROWS + output % ROWS] = value;
            }
        }
    }
    result
}

fn weight_line([g0, g1, g2]: [f32; 3]) -> [f32; IN] {
    [
        g0 / 4.0,
        -(g0 + g1 + g2) / 6.0,
        -(g0 - g1 + g2) / 6.0,
        g0 / 24.0 + g1 / 12.0 + g2 / 6.0,
        g0 / 24.0 - g1 / 12.0 + g2 / 6.0,
        g2,
    ]
}

/// All numbers of a contiguous tensor, in order.
pub fn floats(tensor: &FlexTensor) -> &[f32] {
    let start = tensor.layout().start_offset();
    &tensor.storage()[start..start + tensor.layout().shape().num_elements()]
}

/// A contiguous tensor of these numbers.
pub fn tensor(values: Vec<f32>, shape: [usize; 4]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::from(shape)), DType::F32)
}

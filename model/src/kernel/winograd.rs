//! 3×3 convolution with 36 instead of 144 multiplications for every 4×4 outputs: Winograd's F(4×4, 3×3).
//!
//! Lavin and Gray 2016 (arXiv 1509.09308), §4.3 gives the three transforms. A dilated kernel is the same on each of
//! the `dilation²` sub-grids of the map. Tiles go through in blocks that stay in the processor's cache, eight tiles to
//! a vector.

use super::activation::Activation;
use super::panel::{LANES, Vector, multiply, packed_index, padded_rows};
use super::shape::ConvolutionShape;

/// Outputs of a tile along one side.
const OUT: usize = 4;
/// Inputs of a tile along one side.
const IN: usize = OUT + 2;
/// Products of a tile.
const PRODUCTS: usize = IN * IN;
/// Tiles that are read and written together.
const GROUP: usize = 4;
/// Floats that a block's transformed inputs and products may take: 1 MB, half of a common second-level cache.
const BLOCK: usize = 1 << 18;
/// Vectors between the ends of one product's panel and the next: without them the panels of all products would meet
/// in the same few lines of the first-level cache.
const STAGGER: usize = 2;

/// Multiplications per input and output channel.
pub fn multiplications(shape: &ConvolutionShape) -> usize {
    let dilation = shape.dilation;
    let along = |length: usize| (0..dilation.min(length)).map(|p| (length - p).div_ceil(dilation).div_ceil(OUT)).sum();
    let [across, down]: [usize; 2] = [along(shape.width), along(shape.height)];
    across * down * PRODUCTS
}

/// `G g Gᵀ` of every kernel of `[outputs, inputs, 3, 3]`: 36 panels.
pub fn pack(weight: &[f32], outputs: usize, inputs: usize) -> Vec<f32> {
    let panel = padded_rows(outputs) * inputs;
    let mut packed = vec![0.0; PRODUCTS * panel];
    for (index, kernel) in weight.chunks_exact(9).enumerate() {
        let at = packed_index(index / inputs, index % inputs, inputs);
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
                packed[(row * IN + column) * panel + at] = value;
            }
        }
    }
    packed
}

/// Room for what lies between the transforms, kept from call to call.
#[derive(Default)]
pub struct Scratch {
    inputs: Vec<Vector>,
    products: Vec<Vector>,
}

/// See [`super::convolution`]; `packed` comes from [`pack`], the other slices are contiguous.
pub fn convolution(
    shape: &ConvolutionShape,
    x: &[f32],
    packed: &[f32],
    bias: &[f32],
    activation: Activation,
    scratch: &mut Scratch,
) -> Vec<f32> {
    let ConvolutionShape { batch, inputs, outputs, width, height, dilation } = *shape;
    let (plane, rows) = (width * height, padded_rows(outputs));
    let map = Map { width, height, dilation };
    let tiles = map.tiles();

    let per_block = (BLOCK / (PRODUCTS * (inputs + rows)) / LANES * LANES).clamp(LANES, 128);
    let vectors = per_block / LANES;
    let (input_panel, product_panel) = (vectors * inputs + STAGGER, vectors * rows + STAGGER);
    let enough = |room: &mut Vec<Vector>, length: usize| room.resize(room.len().max(length), [0.0; LANES]);
    enough(&mut scratch.inputs, PRODUCTS * input_panel);
    enough(&mut scratch.products, PRODUCTS * product_panel);

    let mut y = vec![0.0; batch * outputs * plane];
    for (image, result) in x.chunks_exact(inputs * plane).zip(y.chunks_exact_mut(outputs * plane)) {
        for block in tiles.chunks(per_block) {
            let groups: Vec<Group> = block.chunks(GROUP).map(|tiles| map.group(tiles)).collect();
            for (vector, groups) in groups.chunks(LANES / GROUP).enumerate() {
                for (channel, plane) in image.chunks_exact(plane).enumerate() {
                    let mut tile = [[0.0; LANES]; PRODUCTS];
                    for (part, group) in groups.iter().enumerate() {
                        map.gather(plane, group, part * GROUP, &mut tile);
                    }
                    let tile = transform_input(&tile);
                    for (panel, value) in scratch.inputs.chunks_exact_mut(input_panel).zip(tile) {
                        panel[vector * inputs + channel] = value;
                    }
                }
            }
            let panels = scratch.inputs.chunks_exact(input_panel).zip(scratch.products.chunks_exact_mut(product_panel));
            for (weights, (columns, products)) in packed.chunks_exact(rows * inputs).zip(panels) {
                let columns = columns.chunks_exact(inputs).take(block.len().div_ceil(LANES));
                for (column, products) in columns.zip(products.chunks_exact_mut(rows)) {
                    multiply(weights, column, products);
                }
            }
            for (vector, groups) in groups.chunks(LANES / GROUP).enumerate() {
                for (channel, plane) in result.chunks_exact_mut(plane).enumerate() {
                    let mut tile = [[0.0; LANES]; PRODUCTS];
                    for (value, panel) in tile.iter_mut().zip(scratch.products.chunks_exact(product_panel)) {
                        *value = panel[vector * rows + channel];
                    }
                    let tile = transform_output(&tile, bias[channel], activation);
                    for (part, group) in groups.iter().enumerate() {
                        map.scatter(&tile, part * GROUP, plane, group);
                    }
                }
            }
        }
    }
    y
}

/// A map cut into tiles.
struct Map {
    width: usize,
    height: usize,
    dilation: usize,
}

/// Upper left output pixel of a tile.
#[derive(Clone, Copy, Default)]
struct Tile {
    x: usize,
    y: usize,
}

/// Up to [`GROUP`] tiles, and how they lie to each other.
struct Group<'a> {
    tiles: &'a [Tile],
    lie: Lie,
}

/// How the tiles of a group lie to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lie {
    /// Side by side on one row, all outputs within the map.
    SideBySide,
    /// Shifted by one pixel each, all inputs and outputs within the columns of the map.
    Interleaved,
    /// Anyhow.
    Scattered,
}

impl Map {
    fn tiles(&self) -> Vec<Tile> {
        let starts = |length: usize| {
            (0..length.div_ceil(self.dilation * OUT)).flat_map(move |tile| {
                let start = tile * self.dilation * OUT;
                start..(start + self.dilation).min(length)
            })
        };
        let columns: Vec<usize> = starts(self.width).collect();
        starts(self.height).flat_map(|y| columns.iter().map(move |&x| Tile { x, y })).collect()
    }

    fn group<'a>(&self, tiles: &'a [Tile]) -> Group<'a> {
        let (first, last) = (tiles[0], tiles[tiles.len() - 1]);
        let stepped =
            |step| tiles.iter().enumerate().all(|(i, tile)| (tile.x, tile.y) == (first.x + i * step, first.y));
        let d = self.dilation;
        let lie = if tiles.len() < GROUP {
            Lie::Scattered
        } else if d == 1 && stepped(OUT) && last.x + OUT <= self.width {
            Lie::SideBySide
        } else if d > 1 && stepped(1) && first.x >= d && last.x + OUT * d < self.width {
            Lie::Interleaved
        } else {
            Lie::Scattered
        };
        Group { tiles, lie }
    }

    /// Inputs of the tiles into the lanes from `lane` on; zero outside the map.
    #[inline]
    fn gather(&self, plane: &[f32], group: &Group, lane: usize, inputs: &mut [Vector; PRODUCTS]) {
        let d = self.dilation;
        let Tile { x, y } = group.tiles[0];
        match group.lie {
            Lie::SideBySide => {
                for row in 0..IN {
                    let line = (y + row).wrapping_sub(1);
                    if line >= self.height {
                        continue;
                    }
                    let line = &plane[line * self.width..][..self.width];
                    let middle: &[f32; GROUP * OUT] = line[x..][..GROUP * OUT].try_into().expect("of that length");
                    let left = if x > 0 { line[x - 1] } else { 0.0 };
                    let right = line.get(x + GROUP * OUT).copied().unwrap_or(0.0);
                    for (column, quad) in overlapping_columns(middle, left, right).into_iter().enumerate() {
                        inputs[row * IN + column][lane..][..GROUP].copy_from_slice(&quad);
                    }
                }
            }
            Lie::Interleaved => {
                for row in 0..IN {
                    let line = (y + row * d).wrapping_sub(d);
                    if line >= self.height {
                        continue;
                    }
                    let line = &plane[line * self.width + x - d..][..(IN - 1) * d + GROUP];
                    for column in 0..IN {
                        inputs[row * IN + column][lane..][..GROUP].copy_from_slice(&line[column * d..][..GROUP]);
                    }
                }
            }
            Lie::Scattered => {
                for (lane, tile) in (lane..).zip(group.tiles) {
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
        }
    }

    /// Outputs of the tiles, in the lanes from `lane` on, to their place on the map.
    #[inline]
    fn scatter(&self, outputs: &[Vector; OUT * OUT], lane: usize, plane: &mut [f32], group: &Group) {
        let d = self.dilation;
        let Tile { x, y } = group.tiles[0];
        let quad = |row: usize, column: usize| -> &[f32; GROUP] {
            outputs[row * OUT + column][lane..][..GROUP].try_into().expect("of that length")
        };
        match group.lie {
            Lie::SideBySide => {
                for row in 0..OUT.min(self.height - y) {
                    let line = &mut plane[(y + row) * self.width + x..][..GROUP * OUT];
                    let tiles = transpose([quad(row, 0), quad(row, 1), quad(row, 2), quad(row, 3)]);
                    line.copy_from_slice(tiles.as_flattened());
                }
            }
            Lie::Interleaved => {
                for row in 0..OUT.min((self.height - y).div_ceil(d)) {
                    let line = &mut plane[(y + row * d) * self.width + x..][..(OUT - 1) * d + GROUP];
                    for column in 0..OUT {
                        line[column * d..][..GROUP].copy_from_slice(quad(row, column));
                    }
                }
            }
            Lie::Scattered => {
                for (lane, tile) in (lane..).zip(group.tiles) {
                    for row in 0..OUT {
                        let y = tile.y + row * d;
                        if y >= self.height {
                            break;
                        }
                        for column in 0..OUT {
                            let x = tile.x + column * d;
                            if x < self.width {
                                plane[y * self.width + x] = outputs[row * OUT + column][lane];
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The six input columns of four tiles side by side, from their sixteen own pixels and one more on either side.
#[inline]
fn overlapping_columns(middle: &[f32; GROUP * OUT], left: f32, right: f32) -> [[f32; GROUP]; IN] {
    let (quads, _) = middle.as_chunks::<OUT>();
    let [a, b, c, d] = transpose([&quads[0], &quads[1], &quads[2], &quads[3]]);
    [[left, d[0], d[1], d[2]], a, b, c, d, [a[1], a[2], a[3], right]]
}

#[inline]
fn transpose([a, b, c, d]: [&[f32; 4]; 4]) -> [[f32; 4]; 4] {
    [[a[0], b[0], c[0], d[0]], [a[1], b[1], c[1], d[1]], [a[2], b[2], c[2], d[2]], [a[3], b[3], c[3], d[3]]]
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
    let mut whole = [[0.0; LANES]; OUT * OUT];
    for row in 0..OUT {
        let t = output_line(std::array::from_fn(|column| &half[row * IN + column]));
        for column in 0..OUT {
            whole[row * OUT + column] = t[column].map(|value| activation.apply(value + bias));
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

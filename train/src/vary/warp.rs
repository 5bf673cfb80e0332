//! A labelled slice into network planes, moved and bent: image and labels by one map.

use std::array;

use imaging::{Fit, Mask, Normalization, SEQUENCES, Slice, Statistics, corner_from_middle, middle_from_corner};

use crate::data::patient::LabelledSlice;
use crate::vary::sample::{bilinear, nearest};

/// Cells along a side of the grid whose corners are pulled to bend a slice.
const BEND_CELLS: usize = 4;

/// Network planes and masks of one training example, row by row.
#[derive(Clone)]
pub struct Example {
    /// Three planes of `side · side` numbers.
    pub planes: Vec<f32>,
    /// Where there is tumour.
    pub label: Vec<bool>,
    /// Where there is tumour in the slice beside this one.
    pub neighbour: Vec<bool>,
}

/// A slice and the label of one beside it.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The slice.
    pub slice: &'a LabelledSlice,
    /// Its volume; nothing for a slice that is to be read as if it were alone.
    pub volume: Option<&'a Statistics>,
    /// Label of the slice above or below it.
    pub neighbour: Option<&'a Mask>,
}

/// Source from variant, in coordinates of −1/2..1/2 around the centre.
pub struct Map {
    /// Where the first axis of the source comes from.
    pub x: [f32; 2],
    /// Where the second does.
    pub y: [f32; 2],
    /// What is added to both.
    pub shift: [f32; 2],
    /// Displacement at the corners of the bending grid's cells, by row and column.
    pub pulls: [[[f32; 2]; BEND_CELLS + 1]; BEND_CELLS + 1],
}

impl Map {
    /// The map that leaves all where it is.
    pub fn identity() -> Self {
        Self { x: [1.0, 0.0], y: [0.0, 1.0], shift: [0.0; 2], pulls: Default::default() }
    }

    /// Place in a `width × height` source of the middle of a pixel of the variant.
    fn source(&self, [x, y]: [usize; 2], side: usize, width: usize, height: usize) -> [f32; 2] {
        let centred = |at: usize| corner_from_middle(at as f32) / side as f32 - 0.5;
        let [pull_x, pull_y] = self.pull(centred(x) + 0.5, centred(y) + 0.5);
        let (x, y) = (centred(x) + pull_x, centred(y) + pull_y);
        [
            middle_from_corner((self.x[0] * x + self.x[1] * y + self.shift[0] + 0.5) * width as f32),
            middle_from_corner((self.y[0] * x + self.y[1] * y + self.shift[1] + 0.5) * height as f32),
        ]
    }

    /// Displacement at a place in 0..1, without kinks between the cells.
    fn pull(&self, x: f32, y: f32) -> [f32; 2] {
        let cell = |at: f32| {
            let at = at * BEND_CELLS as f32;
            let index = (at as usize).min(BEND_CELLS - 1);
            let part = at - index as f32;
            (index, part * part * (3.0 - 2.0 * part))
        };
        let ((column, fx), (row, fy)) = (cell(x), cell(y));
        array::from_fn(|axis| {
            let along =
                |row: usize| self.pulls[row][column][axis] * (1.0 - fx) + self.pulls[row][column + 1][axis] * fx;
            along(row) * (1.0 - fy) + along(row + 1) * fy
        })
    }
}

/// The slice resampled to `side × side` by a map.
pub fn warp(source: Source, side: usize, normalization: &Normalization, map: &Map) -> Example {
    let Source { slice: LabelledSlice { slice, label, .. }, volume, neighbour } = source;
    let (width, height) = (slice.width(), slice.height());
    let planes = normalized(slice, volume, normalization);
    let area = side * side;
    let mut example =
        Example { planes: vec![0.0; SEQUENCES * area], label: vec![false; area], neighbour: vec![false; area] };
    for y in 0..side {
        for x in 0..side {
            let [sx, sy] = map.source([x, y], side, width, height);
            for (plane, result) in planes.chunks_exact(width * height).zip(example.planes.chunks_exact_mut(area)) {
                result[y * side + x] = bilinear(plane, width, height, sx, sy);
            }
            example.label[y * side + x] = nearest(label, sx, sy);
            example.neighbour[y * side + x] = neighbour.is_some_and(|neighbour| nearest(neighbour, sx, sy));
        }
    }
    example
}

/// The slice's planes on its own grid.
fn normalized(slice: &Slice, volume: Option<&Statistics>, normalization: &Normalization) -> Vec<f32> {
    let fit = Fit::new(slice.width(), slice.height(), slice.width().max(slice.height()), 1);
    normalization.planes(slice, volume, &fit).values
}

//! Whether a picture shows a head as axial MR slices do, or something else that a person dropped.
//!
//! What counts is the outline and the coarse brightness of the largest bright part of what the network looks at, brought onto
//! one grid, so that size, place, contrast and noise matter little. A small network with one hidden layer, fitted to slices of
//! training patients on the one side and to drawings and to sagittal and coronal cuts of them on the other, says how like a head
//! they are; `docs/figures.md` tells how it was fitted and what it catches.

use image::GrayImage;
use imageproc::contrast::otsu_level;

use crate::grid::{Fit, Frame, Rect, Size};
use crate::mask::{connected, parts};
use crate::slice::Slice;

/// Longer side of the grid on which the outline is looked for.
const OUTLINE_SIDE: usize = 128;
/// Cells along a side of the grid that the part is brought onto, and samples along a side of a cell.
const CELLS: usize = 12;
const SAMPLES: usize = 6;
/// Share of the part's width and height that is seen beside it on each side.
const MARGIN: f32 = 1.0 / 12.0;
/// Share of the part that may be brighter than white, see [`super::window_of_head`].
const WHITE: usize = 97;
/// A picture of which 97 % is darker than this share of its file's full scale shows next to nothing: the first and last slices
/// of a volume do. There is nothing to judge in it.
const DARK: f32 = 0.12;
/// A part that covers more than this share of its box, and of whose corners one is emptier than `EMPTY_CORNER` at least, is a
/// photograph or a page that fills its frame. Around a head there is air.
const FULL: f32 = 0.93;
const EMPTY_CORNER: f32 = 0.8;
/// Judgement from which a picture is taken for a head: 1.5 below the lowest of the slices of the twelve tuning patients,
/// since other scanners differ more.
const LEAST: f32 = -2.5;

/// What the small network reads: brightness and outline of every cell, and six numbers about the part.
const INPUTS: usize = 2 * CELLS * CELLS + 6;
/// Numbers of its hidden layer.
const HIDDEN: usize = 24;
/// Its inputs count up to so many deviations from their mean.
const CLIPPED: f32 = 3.0;
/// Means of the inputs, inverses of their deviations, weights of the hidden layer, its biases, weights of the output, its bias;
/// all of 32 bit, little-endian.
const WEIGHTS: &[u8; 4 * (2 * INPUTS + INPUTS * HIDDEN + 2 * HIDDEN + 1)] = include_bytes!("axial_head.bin");

/// Whether what `frame` shows of a slice looks like an axial slice of a head. Of a picture that is nearly black it does, since
/// nothing says otherwise.
pub fn is_axial_head(slice: &Slice, frame: Frame) -> bool {
    let part = slice.part(frame);
    let fit = Fit::new(part.width(), part.height(), OUTLINE_SIDE, 1);
    // Of sequences FLAIR, whose background is black in every volume of the data set.
    let values = fit.network_from_source(part.sequence(1), 0.0);
    if quantile(values.clone(), WHITE) < DARK {
        return true;
    }
    Outline::of(&values, fit.network()).is_some_and(|outline| {
        let views = [outline.inputs(false), outline.inputs(true)];
        !outline.is_full(&views[0]) && views.iter().map(judged).sum::<f32>() / 2.0 >= LEAST
    })
}

/// The largest bright part of a picture.
struct Outline<'a> {
    values: &'a [f32],
    size: Size,
    /// Pixels of it, and those that it encloses.
    filled: Vec<bool>,
    /// Its box.
    around: Rect,
    /// Values that are black and white in it.
    levels: (f32, f32),
    /// Share of what it encloses that is bright.
    bright: f32,
    /// Share of the picture's edge that it touches.
    on_edge: f32,
}

impl<'a> Outline<'a> {
    fn of(values: &'a [f32], size: Size) -> Option<Self> {
        let Size { width, height } = size;
        let brightest = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let grey = values.iter().map(|value| (255.0 * value / brightest) as u8).collect();
        let grey = GrayImage::from_raw(width as u32, height as u32, grey)?;
        let darkest = grey.as_raw().iter().copied().min()?;
        let level = u8::midpoint(darkest, otsu_level(&grey));
        let bright: Vec<bool> = grey.as_raw().iter().map(|&value| value > level).collect();
        let largest = parts(&bright, size.stacked(1)).into_iter().rev().max_by_key(Vec::len)?;
        let around = Rect::around(largest.iter().copied(), width)?.map(|at| at as f32);
        let mut part = vec![false; values.len()];
        largest.iter().for_each(|&at| part[at] = true);
        let rows = (0..height).flat_map(|y| [y * width, (y + 1) * width - 1]);
        let edge = (0..width).flat_map(|x| [x, (height - 1) * width + x]).chain(rows);
        let on_edge = edge.clone().filter(|&at| part[at]).count() as f32 / (2 * (width + height)) as f32;
        let outside = connected(width, height, edge, |at| !part[at]);
        let filled: Vec<bool> = outside.into_iter().map(|outside| !outside).collect();
        let enclosed = filled.iter().filter(|&&filled| filled).count();
        let black = values.iter().copied().fold(f32::MAX, f32::min);
        let white = quantile(largest.iter().map(|&at| values[at]).collect(), WHITE);
        let bright = largest.len() as f32 / enclosed as f32;
        Some(Self { values, size, filled, around, levels: (black, white), bright, on_edge })
    }

    fn shown(&self, at: usize) -> f32 {
        let (black, white) = self.levels;
        ((self.values[at] - black) / (white - black).max(1e-6)).clamp(0.0, 1.0)
    }

    fn filled(&self, at: usize) -> f32 {
        f32::from(u8::from(self.filled[at]))
    }

    /// What the network reads, of the part itself or of its mirror image.
    fn inputs(&self, mirrored: bool) -> [f32; INPUTS] {
        let mut inputs = [0.0; INPUTS];
        let (across, down) = (self.around.width(), self.around.height());
        let steps = CELLS * SAMPLES;
        let along = |first: f32, length: f32, step: usize| {
            first - MARGIN * length + (1.0 + 2.0 * MARGIN) * length * (step as f32 + 0.5) / steps as f32
        };
        let within = |at: f32, side: usize| (at >= 0.0 && (at as usize) < side).then_some(at as usize);
        for (v, u) in (0..steps).flat_map(|v| (0..steps).map(move |u| (v, u))) {
            let column = if mirrored { steps - 1 - u } else { u };
            let x = within(along(self.around.left, across, column), self.size.width);
            let y = within(along(self.around.top, down, v), self.size.height);
            if let (Some(x), Some(y)) = (x, y) {
                let (cell, at) = (v / SAMPLES * CELLS + u / SAMPLES, y * self.size.width + x);
                inputs[cell] += self.shown(at) / (SAMPLES * SAMPLES) as f32;
                inputs[CELLS * CELLS + cell] += self.filled(at) / (SAMPLES * SAMPLES) as f32;
            }
        }
        let enclosed: f32 = self.filled.iter().map(|&filled| f32::from(u8::from(filled))).sum();
        let outside = (0..self.values.len()).filter(|&at| !self.filled[at]);
        let background = outside.map(|at| self.shown(at)).sum::<f32>() / (self.values.len() as f32 - enclosed).max(1.0);
        inputs[INPUTS - 6..].copy_from_slice(&[
            (across / down).max(0.05).ln(),
            self.around.longer_side() / self.size.width.max(self.size.height) as f32,
            enclosed / (across * down),
            self.bright,
            self.on_edge,
            background,
        ]);
        inputs
    }

    /// Whether it fills its box, corners included; `inputs` are its own.
    fn is_full(&self, inputs: &[f32; INPUTS]) -> bool {
        let filled = |x: usize, y: usize| inputs[CELLS * CELLS + y * CELLS + x];
        let corner =
            |x: usize, y: usize| (filled(x, y) + filled(x + 1, y) + filled(x, y + 1) + filled(x + 1, y + 1)) / 4.0;
        let ends = [0, CELLS - 2];
        let emptiest = ends.into_iter().flat_map(|y| ends.map(|x| 1.0 - corner(x, y))).fold(1.0, f32::min);
        inputs[INPUTS - 4] > FULL && emptiest < EMPTY_CORNER
    }
}

/// What the small network makes of its inputs: the larger, the more like a head.
fn judged(inputs: &[f32; INPUTS]) -> f32 {
    let numbers: Vec<f32> = WEIGHTS.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let (means, rest) = numbers.split_at(INPUTS);
    let (inverses, rest) = rest.split_at(INPUTS);
    let (weights, rest) = rest.split_at(INPUTS * HIDDEN);
    let (biases, rest) = rest.split_at(HIDDEN);
    let (output, bias) = rest.split_at(HIDDEN);
    let mut hidden = biases.to_vec();
    for (at, input) in inputs.iter().enumerate() {
        let input = ((input - means[at]) * inverses[at]).clamp(-CLIPPED, CLIPPED);
        hidden.iter_mut().zip(&weights[at * HIDDEN..]).for_each(|(sum, weight)| *sum += input * weight);
    }
    bias[0] + hidden.into_iter().zip(output).map(|(hidden, weight)| hidden.max(0.0) * weight).sum::<f32>()
}

/// The value that so many in a hundred do not exceed.
fn quantile(mut values: Vec<f32>, hundredths: usize) -> f32 {
    let at = (values.len() * hundredths / 100).min(values.len().saturating_sub(1));
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(at, f32::total_cmp).1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_without_anything_in_it_is_not_called_something_else() {
        for value in [0.0, 0.05] {
            let slice = Slice::new(64, 48, vec![vec![value; 64 * 48]]);
            assert!(is_axial_head(&slice, Frame::whole(64, 48)), "{value}");
        }
        let bright = Slice::new(64, 48, vec![vec![0.7; 64 * 48]]);
        assert!(!is_axial_head(&bright, Frame::whole(64, 48)));
    }
}

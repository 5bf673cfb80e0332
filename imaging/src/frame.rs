//! The part of a picture that the network looks at.
//!
//! A picture of a screen shows the head small, in the middle of much that is black. Scaled to the network's grid as a whole,
//! a head that takes less than half of the picture is smaller than any that the network learned from.

use image::GrayImage;
use imageproc::contrast::otsu_level;

use crate::components::largest_component;
use crate::fit::Fit;
use crate::slice::{SEQUENCES, Slice};

/// Longer side of the largest grid that scanners make: on it, what is small is the top of a head, not a head on a screen.
const SCANNED: usize = 512;
/// Share of the picture's longer side that a head takes at most for the rest to be left out. In the LGG data set one with a
/// tumour of 100 px takes 0.55 at least.
const SMALL: f32 = 0.5;
/// Pixels that it has at least: what is smaller is a letter.
const LEAST_PX: f32 = 64.0;
/// Its shorter side, as a share of the longer one, at least: what is slimmer is a line of text.
const SLIMMEST: f32 = 0.5;
/// Share of the frame's side that it takes then; it is the data set's mean.
const SHARE: f32 = 0.75;
/// Longer side of the grid on which heads are looked for.
const SEARCH_SIDE: usize = 256;

/// A rectangle of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Frame {
    /// All of a `width × height` picture.
    pub fn whole(width: usize, height: usize) -> Self {
        Self { left: 0, top: 0, width, height }
    }

    /// The head and as much around it as in the data set, where it is small in a large picture; else the whole picture.
    ///
    /// The head is the largest part of what is brighter than half of Otsu's threshold.
    pub fn around_head(slice: &Slice) -> Self {
        let (width, height) = (slice.width(), slice.height());
        let whole = Self::whole(width, height);
        if width.max(height) <= SCANNED {
            return whole;
        }
        let Some([left, top, right, bottom]) = head(slice) else { return whole };
        let (side, other) = ((right - left).max(bottom - top), (right - left).min(bottom - top));
        if side < LEAST_PX || other < SLIMMEST * side || side >= SMALL * width.max(height) as f32 {
            return whole;
        }
        let margin = side / SHARE / 2.0;
        let span = |from: f32, to: f32, length: usize| {
            let middle = f32::midpoint(from, to);
            let first = (middle - margin).max(0.0) as usize;
            (first, ((middle + margin).ceil() as usize).min(length) - first)
        };
        let ((left, width), (top, height)) = (span(left, right, width), span(top, bottom, height));
        Self { left, top, width, height }
    }

    /// Its part of numbers of a picture with rows of `columns` pixels.
    pub fn cut<T: Copy>(self, values: &[T], columns: usize) -> Vec<T> {
        let row = |y: usize| &values[y * columns + self.left..][..self.width];
        (self.top..self.top + self.height).flat_map(row).copied().collect()
    }

    /// A picture of `columns × rows` with these numbers as its part, and zeros around it: the inverse of [`Self::cut`].
    pub fn put<T: Copy + Default>(self, values: &[T], (columns, rows): (usize, usize)) -> Vec<T> {
        let mut picture = vec![T::default(); columns * rows];
        for (row, values) in values.chunks_exact(self.width).enumerate() {
            picture[(self.top + row) * columns + self.left..][..self.width].copy_from_slice(values);
        }
        picture
    }
}

/// Left, top, right and bottom of the head.
fn head(slice: &Slice) -> Option<[f32; 4]> {
    let fit = Fit::new(slice.width(), slice.height(), SEARCH_SIDE, 1);
    let at = |index: usize| (0..SEQUENCES).map(|sequence| slice.sequence(sequence)[index]).fold(0.0, f32::max);
    let values: Vec<f32> = (0..slice.width() * slice.height()).map(at).collect();
    let brightest = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let (width, height) = fit.network();
    let grey = fit.network_from_source(&values, 0.0).into_iter().map(|value| (255.0 * value / brightest) as u8);
    let grey = GrayImage::from_raw(width as u32, height as u32, grey.collect()).expect("one number per pixel");
    let level = otsu_level(&grey) / 2;
    let bright: Vec<bool> = grey.as_raw().iter().map(|&value| value > level).collect();
    let part = largest_component(&bright, [width, height, 1])?;
    let places = || (0..part.len()).filter(|&at| part[at]).map(|at| (at % width, at / width));
    let (left, right) = (places().map(|(x, _)| x).min()?, places().map(|(x, _)| x).max()? + 1);
    let (top, bottom) = (places().map(|(_, y)| y).min()?, places().map(|(_, y)| y).max()? + 1);
    let scale = fit.network_length(1.0);
    Some([left, top, right, bottom].map(|at| at as f32 / scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with a bright disk of some radius around a place, and a line of text far from it.
    fn picture(width: usize, height: usize, (x, y): (f32, f32), radius: f32) -> Slice {
        let bright = |at: usize| {
            let (column, row) = ((at % width) as f32, (at / width) as f32);
            (column - x).hypot(row - y) < radius || (row < 12.0 && column < 90.0 && !at.is_multiple_of(3))
        };
        Slice::new(width, height, vec![(0..width * height).map(|at| if bright(at) { 0.6 } else { 0.02 }).collect()])
    }

    #[test]
    fn a_small_head_in_a_large_picture_is_framed() {
        let frame = Frame::around_head(&picture(1200, 800, (700.0, 420.0), 200.0));
        let Frame { left, top, width, height } = frame;
        assert!((width as f32 * SHARE - 400.0).abs() < 12.0 && height == width, "{frame:?}");
        assert!((left + width / 2).abs_diff(700) < 8 && (top + height / 2).abs_diff(420) < 8, "{frame:?}");
    }

    #[test]
    fn a_frame_ends_where_the_picture_does() {
        let frame = Frame::around_head(&picture(1200, 420, (205.0, 210.0), 200.0));
        assert_eq!((frame.left, frame.top, frame.height), (0, 0, 420));
        assert!((440..500).contains(&frame.width), "{frame:?}");
    }

    #[test]
    fn a_large_head_a_small_picture_and_an_empty_one_are_left_whole() {
        for (width, height, radius) in [(800, 600, 240.0), (512, 512, 75.0), (256, 256, 50.0), (900, 900, 0.0)] {
            let slice = picture(width, height, (width as f32 / 2.0, height as f32 / 2.0), radius);
            assert_eq!(Frame::around_head(&slice), Frame::whole(width, height), "{width} {radius}");
        }
        let blank = Slice::new(900, 900, vec![vec![0.0; 900 * 900]]);
        assert_eq!(Frame::around_head(&blank), Frame::whole(900, 900));
    }

    #[test]
    fn cutting_takes_the_frames_rows() {
        let frame = Frame { left: 1, top: 1, width: 2, height: 2 };
        assert_eq!(frame.cut(&(0..12).collect::<Vec<_>>(), 4), [5, 6, 9, 10]);
        assert_eq!(frame.put(&[5, 6, 9, 10], (4, 3)), [0, 0, 0, 0, 0, 5, 6, 0, 0, 9, 10, 0]);
    }
}

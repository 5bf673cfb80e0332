//! The part of a picture that the network looks at, which may reach beyond the picture.

use std::ops::Range;

use super::point::Point;
use super::size::Size;

/// Numbers of a frame, as [`From`] writes them.
const NUMBERS: usize = 8;

/// A rectangle over a picture, and what of the picture it shows; the rest of it is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    columns: Span,
    rows: Span,
}

/// One side of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// Where it begins, in pixels of the picture; below zero where it reaches beyond.
    first: isize,
    length: usize,
    /// First pixel of the picture that is shown, and the one after the last.
    shown: (usize, usize),
}

impl Span {
    /// Pixels of the picture from `first` on, of which no others than `shown` are.
    fn new(first: isize, length: usize, shown: Range<usize>) -> Self {
        let within = |at: usize| (at as isize).clamp(first, first + length as isize) as usize;
        Self { first, length, shown: (within(shown.start), within(shown.end)) }
    }

    fn shown(self) -> Range<usize> {
        self.shown.0..self.shown.1
    }

    /// Place of the first pixel shown.
    fn offset(self) -> usize {
        (self.shown.0 as isize - self.first) as usize
    }

    fn numbers(self) -> [f64; 4] {
        [self.first as f64, self.length as f64, self.shown.0 as f64, self.shown.1 as f64]
    }
}

impl Frame {
    /// All of a `width × height` picture.
    pub fn whole(width: usize, height: usize) -> Self {
        Self::part(0..width, 0..height)
    }

    /// These columns and rows of a picture.
    pub fn part(columns: Range<usize>, rows: Range<usize>) -> Self {
        let span = |range: Range<usize>| Span::new(range.start as isize, range.len(), range);
        Self { columns: span(columns), rows: span(rows) }
    }

    /// A square around a place of the picture, in pixels from its upper left corner; of the picture it shows no more than `self` does.
    pub(crate) fn square(self, Point { x, y }: Point, side: usize) -> Self {
        let span = |middle: f32, shown| Span::new((middle - side as f32 / 2.0).round() as isize, side, shown);
        Self { columns: span(x, self.columns.shown()), rows: span(y, self.rows.shown()) }
    }

    /// Its pixels along a row and along a column.
    pub fn size(self) -> Size {
        Size { width: self.columns.length, height: self.rows.length }
    }

    /// The pixel of the picture at which it begins; it may lie beyond the picture.
    pub fn origin(self) -> Point<isize> {
        Point { x: self.columns.first, y: self.rows.first }
    }

    /// Columns and rows of the picture that it shows.
    pub fn visible(self) -> (Range<usize>, Range<usize>) {
        (self.columns.shown(), self.rows.shown())
    }

    /// Numbers of a picture with rows of `columns` pixels, as far as they are shown.
    pub(crate) fn shown<T>(self, values: &[T], columns: usize) -> impl Iterator<Item = &T> {
        self.rows.shown().flat_map(move |y| &values[y * columns..][self.columns.shown()])
    }

    /// Its part of numbers of a picture with rows of `columns` pixels, `empty` where it shows none.
    pub fn cut<T: Copy>(self, values: &[T], columns: usize, empty: T) -> Vec<T> {
        let mut part = vec![empty; self.columns.length * self.rows.length];
        for y in self.rows.shown() {
            let row = &values[y * columns..][self.columns.shown()];
            part[self.place(y)..][..row.len()].copy_from_slice(row);
        }
        part
    }

    /// A picture of some size with these numbers as far as they are shown, and zeros elsewhere: the inverse of
    /// [`Self::cut`].
    pub fn put<T: Copy + Default>(self, values: &[T], size: Size) -> Vec<T> {
        let columns = size.width;
        let mut picture = vec![T::default(); size.area_px()];
        for y in self.rows.shown() {
            let row = &mut picture[y * columns..][self.columns.shown()];
            row.copy_from_slice(&values[self.place(y)..][..row.len()]);
        }
        picture
    }

    /// Place in the frame of the first pixel that is shown of a row.
    fn place(self, row: usize) -> usize {
        (row as isize - self.rows.first) as usize * self.columns.length + self.columns.offset()
    }
}

/// For columns and rows the first, their number, the first that is shown and the one after the last.
impl From<Frame> for [f64; NUMBERS] {
    fn from(Frame { columns, rows }: Frame) -> Self {
        let [[a, b, c, d], [e, f, g, h]] = [columns.numbers(), rows.numbers()];
        [a, b, c, d, e, f, g, h]
    }
}

impl From<[f64; NUMBERS]> for Frame {
    fn from([a, b, c, d, e, f, g, h]: [f64; NUMBERS]) -> Self {
        let span = |first: f64, length: f64, from: f64, to: f64| {
            Span::new(first as isize, length as usize, from as usize..to as usize)
        };
        Self { columns: span(a, b, c, d), rows: span(e, f, g, h) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_takes_the_frames_rows() {
        let frame = Frame::part(1..3, 1..3);
        assert_eq!(frame.cut(&(0..12).collect::<Vec<_>>(), 4, 9), [5, 6, 9, 10]);
        assert_eq!(frame.put(&[5, 6, 9, 10], Size::new(4, 3)), [0, 0, 0, 0, 0, 5, 6, 0, 0, 9, 10, 0]);
    }

    #[test]
    fn beyond_the_picture_and_what_is_shown_of_it_a_frame_is_empty() {
        // Rows and columns 1 and 2 of 4 × 4, in a square of 4 around their middle that begins at column 0 and row -1.
        let frame = Frame::part(1..3, 0..2).square(Point::new(2.0, 1.0), 4);
        assert_eq!((frame.size(), frame.origin()), (Size::new(4, 4), Point::new(0, -1)));
        assert_eq!(frame.visible(), (1..3, 0..2));
        let cut = frame.cut(&(10..26).collect::<Vec<_>>(), 4, 0);
        assert_eq!(cut, [0, 0, 0, 0, 0, 11, 12, 0, 0, 15, 16, 0, 0, 0, 0, 0]);
        let put = frame.put(&[7; 16], Size::new(4, 4));
        assert_eq!(put, [0, 7, 7, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(frame.shown(&(10..26).collect::<Vec<_>>(), 4).copied().collect::<Vec<_>>(), [11, 12, 15, 16]);
    }

    #[test]
    fn a_frame_survives_being_numbers() {
        let frame = Frame::part(10..300, 20..500).square(Point::new(35.0, 40.0), 400);
        assert_eq!(Frame::from(<[f64; NUMBERS]>::from(frame)), frame);
    }
}

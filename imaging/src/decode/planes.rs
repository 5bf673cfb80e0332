//! Numbers of any kind into intensities from 0 to 1.

use image::imageops::thumbnail;
use image::{ImageBuffer, Luma};

use super::{LONGEST_SLICE, halved, range_without_outliers};
use crate::slice::Slice;

/// The numbers of one plane as the file holds them, row by row.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// Unsigned whole numbers of up to 16 bit.
    Unsigned(Vec<u16>),
    /// Signed whole numbers of up to 16 bit.
    Signed(Vec<i16>),
    /// Floats of half or single precision.
    Floats(Vec<f32>),
    /// What single precision would round: whole numbers of more than 16 bit and doubles.
    Wide(Vec<f64>),
}

impl Numbers {
    /// Every number through a function.
    pub fn map<T>(&self, with: impl Fn(f64) -> T) -> Vec<T> {
        match self {
            Self::Unsigned(numbers) => numbers.iter().map(|&v| with(v.into())).collect(),
            Self::Signed(numbers) => numbers.iter().map(|&v| with(v.into())).collect(),
            Self::Floats(numbers) => numbers.iter().map(|&v| with(v.into())).collect(),
            Self::Wide(numbers) => numbers.iter().map(|&v| with(v)).collect(),
        }
    }

    /// The smallest and largest number that is one; none if there is none.
    pub fn range(&self) -> Option<[f64; 2]> {
        fn of(numbers: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
            let finite = numbers.filter(|v| v.is_finite());
            finite.fold(None, |range, v| Some(range.map_or([v, v], |[low, high]: [f64; 2]| [low.min(v), high.max(v)])))
        }
        match self {
            Self::Unsigned(numbers) => of(numbers.iter().map(|&v| v.into())),
            Self::Signed(numbers) => of(numbers.iter().map(|&v| v.into())),
            Self::Floats(numbers) => of(numbers.iter().map(|&v| v.into())),
            Self::Wide(numbers) => of(numbers.iter().copied()),
        }
    }

    /// One of them.
    ///
    /// # Panics
    ///
    /// If there are not so many.
    fn get(&self, at: usize) -> f64 {
        match self {
            Self::Unsigned(numbers) => numbers[at].into(),
            Self::Signed(numbers) => numbers[at].into(),
            Self::Floats(numbers) => numbers[at].into(),
            Self::Wide(numbers) => numbers[at],
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Unsigned(numbers) => numbers.len(),
            Self::Signed(numbers) => numbers.len(),
            Self::Floats(numbers) => numbers.len(),
            Self::Wide(numbers) => numbers.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The plane with its first row and column where the tag Orientation puts them (TIFF 6.0, page 36).
    pub(super) fn oriented(self, width: usize, height: usize, orientation: u64) -> Self {
        if !(2..=8).contains(&orientation) {
            return self;
        }
        match self {
            Self::Unsigned(numbers) => Self::Unsigned(oriented(&numbers, width, height, orientation)),
            Self::Signed(numbers) => Self::Signed(oriented(&numbers, width, height, orientation)),
            Self::Floats(numbers) => Self::Floats(oriented(&numbers, width, height, orientation)),
            Self::Wide(numbers) => Self::Wide(oriented(&numbers, width, height, orientation)),
        }
    }
}

fn oriented<T: Copy>(numbers: &[T], width: usize, height: usize, orientation: u64) -> Vec<T> {
    let (columns, rows) = if orientation >= 5 { (height, width) } else { (width, height) };
    let from = |x: usize, y: usize| match orientation {
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        _ => (width - 1 - y, x),
    };
    let places = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
    places.map(|(x, y)| from(x, y)).map(|(x, y)| numbers[y * width + x]).collect()
}

/// One plane of grey or three of red, green and blue, all of one size.
pub(super) struct Planes {
    pub width: usize,
    pub height: usize,
    pub planes: Vec<Numbers>,
    /// The number that is full brightness, where the kind of number says it.
    pub full_scale: Option<f64>,
    /// Whether low numbers are bright.
    pub inverted: bool,
}

impl Planes {
    /// The slice with intensities from 0 to 1, halved if it is larger than a slice.
    ///
    /// Where the kind of number has no full scale, floats from 0 to 1 stay; else the largest number is 1, and 0 stays 0
    /// unless there are negative numbers, of which the smallest becomes 0. What is no number is as dark as the darkest; a few
    /// numbers far beyond all others are as dark or bright as those.
    pub fn into_slice(self) -> Slice {
        let Self { width, height, planes, full_scale, inverted } = self;
        let ranges = planes.iter().filter_map(Numbers::range);
        let there = ranges.reduce(|[low, high], [a, b]| [low.min(a), high.max(b)]);
        let floats = planes.iter().all(|plane| matches!(plane, Numbers::Floats(_)));
        let [low, high] = match (full_scale, there) {
            (Some(full), _) => [0.0, full],
            (None, None) => [0.0, 0.0],
            (None, Some([low, high])) if floats && low >= 0.0 && high <= 1.0 => [0.0, 1.0],
            (None, Some(range)) => {
                let confined = planes
                    .iter()
                    .filter_map(|plane| range_without_outliers((0..plane.len()).map(|at| plane.get(at)), range));
                let [low, high] = confined.reduce(|[low, high], [a, b]| [low.min(a), high.max(b)]).unwrap_or(range);
                [low.max(range[0]).min(0.0), high.min(range[1])]
            }
        };
        // The halves of two numbers differ by a number, whatever they are.
        let span = high / 2.0 - low / 2.0;
        let scaled = |plane: &Numbers| {
            let intensity = |number: f64| {
                let share = if span > 0.0 { (number / 2.0 - low / 2.0) / span } else { 0.0 * number };
                let share = if number.is_finite() { share.clamp(0.0, 1.0) } else { share };
                (if inverted { 1.0 - share } else { share }) as f32
            };
            let mut intensities = plane.map(intensity);
            let finite = intensities.iter().copied().filter(|v| v.is_finite());
            let darkest = finite.reduce(f32::min).unwrap_or(0.0);
            intensities.iter_mut().filter(|v| !v.is_finite()).for_each(|v| *v = darkest);
            intensities
        };
        let mut size = (width, height);
        let mut sequences: Vec<Vec<f32>> = Vec::with_capacity(planes.len());
        for plane in planes {
            let intensities = scaled(&plane);
            drop(plane);
            if width.max(height) <= LONGEST_SLICE as usize {
                sequences.push(intensities);
                continue;
            }
            let (columns, rows) = (halved(width as u32), halved(height as u32));
            let whole = ImageBuffer::<Luma<f32>, _>::from_vec(width as u32, height as u32, intensities);
            size = (columns as usize, rows as usize);
            sequences.push(thumbnail(&whole.expect("one intensity a pixel"), columns, rows).into_raw());
        }
        if sequences.iter().all(|plane| *plane == sequences[0]) {
            sequences.truncate(1);
        }
        Slice::new(size.0, size.1, sequences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(numbers: Numbers, full_scale: Option<f64>, inverted: bool) -> Vec<f32> {
        let planes = Planes { width: numbers.len(), height: 1, planes: vec![numbers], full_scale, inverted };
        planes.into_slice().sequence(0).to_vec()
    }

    #[test]
    fn the_range_that_is_there_is_shown() {
        assert_eq!(grey(Numbers::Floats(vec![0.0, 0.25, 0.5]), None, false), [0.0, 0.25, 0.5]);
        assert_eq!(grey(Numbers::Floats(vec![1000.0, 4000.0]), None, false), [0.25, 1.0]);
        assert_eq!(grey(Numbers::Signed(vec![-300, -200, -100]), None, false), [0.0, 0.5, 1.0]);
        assert_eq!(grey(Numbers::Signed(vec![-100, 0, 300]), None, false), [0.0, 0.25, 1.0]);
        assert_eq!(grey(Numbers::Unsigned(vec![0, 51, 255]), Some(255.0), true), [1.0, 0.8, 0.0]);
        assert_eq!(grey(Numbers::Wide(vec![f64::MIN, 0.0, f64::MAX]), None, false), [0.0, 0.5, 1.0]);
        assert_eq!(grey(Numbers::Wide(vec![0.0; 2]), None, false), [0.0; 2]);
    }

    #[test]
    fn what_is_no_number_is_as_dark_as_the_darkest() {
        let numbers = Numbers::Floats(vec![f32::NAN, 10.0, 40.0, f32::INFINITY, f32::NEG_INFINITY]);
        assert_eq!(grey(numbers, None, false), [0.25, 0.25, 1.0, 0.25, 0.25]);
        assert_eq!(grey(Numbers::Floats(vec![f32::NAN; 2]), None, true), [0.0; 2]);
    }

    #[test]
    fn the_first_row_goes_where_the_tag_says() {
        // 1 2 3 over 4 5 6, by the table of TIFF 6.0, page 36.
        for (orientation, expected) in [
            (1, [1, 2, 3, 4, 5, 6]),
            (2, [3, 2, 1, 6, 5, 4]),
            (3, [6, 5, 4, 3, 2, 1]),
            (4, [4, 5, 6, 1, 2, 3]),
            (5, [1, 4, 2, 5, 3, 6]),
            (6, [4, 1, 5, 2, 6, 3]),
            (7, [6, 3, 5, 2, 4, 1]),
            (8, [3, 6, 2, 5, 1, 4]),
        ] {
            let numbers = Numbers::Unsigned(vec![1, 2, 3, 4, 5, 6]).oriented(3, 2, orientation);
            assert_eq!(numbers, Numbers::Unsigned(expected.to_vec()), "{orientation}");
        }
    }
}

//! Numbers that fill an image up to a rectangle into the darkest intensity, so that nothing takes them for a signal.
//!
//! Source: DICOM PS3.3 C.7.5.1.1.2 (Pixel Padding Value and Pixel Padding Range Limit).

use crate::dicom::{Pixels, Plane};

/// Padding this near to the darkest intensity changes nothing that is seen or measured, and stays as it is: a share of
/// the range of intensities.
const NEAR_DARKEST: f64 = 0.01;

/// An image and the stored numbers, from the first to the last, that are no signal.
pub(crate) struct Padded<'a> {
    pub plane: &'a mut Plane,
    pub columns: usize,
    pub padding: Option<[i64; 2]>,
}

/// Makes what is padding in the images of one volume as dark as the darkest intensity besides.
///
/// Numbers between the darkest and the brightest intensity are padding only where they are connected with the image's
/// edge: a header may name a number that the anatomy has too.
pub(crate) fn darken(mut images: Vec<Padded>, inverted: bool) {
    if images.iter().all(|image| image.padding.is_none()) {
        return;
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for image in &images {
        let Some(range) = image.signal() else { continue };
        for stored in range {
            let intensity = image.intensity(stored);
            (low, high) = (low.min(intensity), high.max(intensity));
        }
    }
    if low > high {
        return; // All is padding, so nothing is.
    }
    let darkest = if inverted { high } else { low };
    for image in &mut images {
        let Some([first, last]) = image.padding else { continue };
        let ends = [first, last].map(|stored| image.intensity(stored as f64));
        let beyond = |end: f64| if inverted { end - high } else { low - end };
        if ends.iter().all(|&end| (0.0..=NEAR_DARKEST * (high - low)).contains(&beyond(end))) {
            continue;
        }
        let is_outside = ends.iter().all(|&end| end < low) || ends.iter().all(|&end| end > high);
        let (slope, intercept) = image.plane.rescale;
        let dark = (darkest - intercept) / slope;
        let columns = image.columns;
        let padded = |stored: f64| (first as f64..=last as f64).contains(&stored);
        match &mut image.plane.pixels {
            Pixels::Unsigned(numbers) => replace(numbers, columns, is_outside, |&v| padded(v.into()), dark as u16),
            Pixels::Signed(numbers) => {
                let dark = (dark + RAISED) as u16;
                replace(numbers, columns, is_outside, |&v| padded(f64::from(v) - RAISED), dark);
            }
            Pixels::Wide(numbers) => replace(numbers, columns, is_outside, |&v| padded(v.into()), dark as f32),
        }
    }
}

/// What signed numbers are raised by in [`Pixels::Signed`].
const RAISED: f64 = 32768.0;

impl Padded<'_> {
    fn intensity(&self, stored: f64) -> f64 {
        let (slope, intercept) = self.plane.rescale;
        intercept + slope * stored
    }

    /// Smallest and largest stored number that is no padding.
    fn signal(&self) -> Option<[f64; 2]> {
        let padding = self.padding.map(|ends| ends.map(|end| end as f64));
        let is_signal = |stored: &f64| padding.is_none_or(|[first, last]| *stored < first || *stored > last);
        let ends = |numbers: &mut dyn Iterator<Item = f64>| {
            let signal = numbers.filter(is_signal);
            signal.fold(None, |ends: Option<[f64; 2]>, v| {
                let [low, high] = ends.unwrap_or([v; 2]);
                Some([low.min(v), high.max(v)])
            })
        };
        match &self.plane.pixels {
            Pixels::Unsigned(numbers) => ends(&mut numbers.iter().map(|&v| v.into())),
            Pixels::Signed(numbers) => ends(&mut numbers.iter().map(|&v| f64::from(v) - RAISED)),
            Pixels::Wide(numbers) => ends(&mut numbers.iter().map(|&v| v.into())),
        }
    }
}

fn replace<T: Copy>(numbers: &mut [T], columns: usize, everywhere: bool, is_padding: impl Fn(&T) -> bool, dark: T) {
    if everywhere {
        numbers.iter_mut().filter(|v| is_padding(v)).for_each(|v| *v = dark);
        return;
    }
    let rows = numbers.len() / columns;
    if rows == 0 {
        return;
    }
    let mut seen = vec![false; numbers.len()];
    let edge = (0..columns).flat_map(|x| [x, (rows - 1) * columns + x]);
    let mut open: Vec<usize> = edge.chain((0..rows).flat_map(|y| [y * columns, (y + 1) * columns - 1])).collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) || !is_padding(&numbers[at]) {
            continue;
        }
        numbers[at] = dark;
        let (x, y) = (at % columns, at / columns);
        let beside = [
            (x > 0).then(|| at - 1),
            (x + 1 < columns).then_some(at + 1),
            (y > 0).then(|| at - columns),
            (y + 1 < rows).then_some(at + columns),
        ];
        open.extend(beside.into_iter().flatten().filter(|&next| !seen[next]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(pixels: Pixels, rescale: (f64, f64)) -> Plane {
        Plane {
            frame: 1,
            kind: Vec::new(),
            order: vec![1],
            position: None,
            orientation: None,
            spacing_mm: None,
            step_mm: None,
            rescale,
            pixels,
        }
    }

    fn darkened(pixels: Pixels, padding: [i64; 2], inverted: bool) -> Pixels {
        let mut plane = plane(pixels, (1.0, 0.0));
        darken(vec![Padded { plane: &mut plane, columns: 3, padding: Some(padding) }], inverted);
        plane.pixels
    }

    /// Signed numbers as they are kept.
    fn signed(numbers: [i16; 9]) -> Pixels {
        Pixels::Signed(numbers.iter().map(|&v| (v as u16) ^ 0x8000).collect())
    }

    #[test]
    fn what_lies_far_below_becomes_as_dark_as_the_signal() {
        let before = signed([-2000, 5, 900, -2000, 7, 30, -2000, -2000, 8]);
        let after = signed([5, 5, 900, 5, 7, 30, 5, 5, 8]);
        assert_eq!(darkened(before.clone(), [-2000, -2000], false), after);
        assert_eq!(darkened(before, [-2100, -1900], false), after, "a range");
        let wide = Pixels::Wide(vec![-2e9, 3.0, 4.0]);
        assert_eq!(darkened(wide, [-2_000_000_000, -2_000_000_000], false), Pixels::Wide(vec![3.0, 3.0, 4.0]));
    }

    #[test]
    fn what_lies_above_becomes_dark_too_and_bright_numbers_are_dark_where_low_ones_are_bright() {
        let bright = Pixels::Unsigned(vec![65535, 5, 900]);
        assert_eq!(darkened(bright.clone(), [65535; 2], false), Pixels::Unsigned(vec![5, 5, 900]));
        assert_eq!(darkened(bright, [65535; 2], true), Pixels::Unsigned(vec![900, 5, 900]));
        let dark = Pixels::Unsigned(vec![0, 500, 900]);
        assert_eq!(darkened(dark, [0; 2], true), Pixels::Unsigned(vec![900, 500, 900]), "0 would be white");
    }

    #[test]
    fn what_changes_nothing_stays_exact() {
        let zero = Pixels::Unsigned(vec![0, 1, 900]);
        assert_eq!(darkened(zero.clone(), [0; 2], false), zero);
        let all = Pixels::Unsigned(vec![7, 7, 7]);
        assert_eq!(darkened(all.clone(), [0, 4095], false), all, "where all is padding nothing is");
        let none = Pixels::Unsigned(vec![7, 8, 9]);
        assert_eq!(darkened(none.clone(), [63536; 2], false), none);
    }

    #[test]
    fn a_number_that_the_anatomy_has_is_padding_at_the_edge_only() {
        let before = signed([0, 90, -9, 90, 0, 90, 90, 90, 0]);
        // The middle is connected with the edge by nothing but anatomy.
        assert_eq!(darkened(before, [0; 2], false), signed([-9, 90, -9, 90, 0, 90, 90, 90, -9]));
    }

    #[test]
    fn images_of_one_volume_share_the_darkest_intensity() {
        let mut first = plane(Pixels::Unsigned(vec![50, 4000, 100]), (2.0, 10.0));
        let mut second = plane(Pixels::Unsigned(vec![70, 80, 100]), (1.0, 0.0));
        let images = vec![
            Padded { plane: &mut first, columns: 3, padding: Some([4000; 2]) },
            Padded { plane: &mut second, columns: 3, padding: None },
        ];
        darken(images, false);
        assert_eq!(first.pixels, Pixels::Unsigned(vec![50, 30, 100]), "10 + 2 · 30 = 70");
        assert_eq!(second.pixels, Pixels::Unsigned(vec![70, 80, 100]));
    }
}

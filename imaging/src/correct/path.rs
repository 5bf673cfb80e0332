//! Lines of the pointer into the pixels that they cover, and into places at equal distances.

use std::ops::Range;

use crate::grid::{Point, Size, corner_from_middle};

/// Pixels of a grid whose middle lies within `radius` of a line, by their places row by row, in order.
pub fn along(line: &[Point], radius: f32, size: Size) -> Vec<usize> {
    let mut covered = vec![false; size.area_px()];
    let segments = line.windows(2).map(|pair| (pair[0], pair[1]));
    for (a, b) in segments.chain(line.first().map(|&place| (place, place))) {
        cover(&mut covered, a, b, radius, size);
    }
    (0..covered.len()).filter(|&at| covered[at]).collect()
}

/// Marks the pixels of a grid whose middle lies within `radius` of the segment between two places.
pub fn cover(covered: &mut [bool], a: Point, b: Point, radius: f32, size: Size) {
    for y in span(a.y.min(b.y) - radius, a.y.max(b.y) + radius, size.height) {
        for x in span(a.x.min(b.x) - radius, a.x.max(b.x) + radius, size.width) {
            if distance(Point::new(x as f32, y as f32), a, b) <= radius {
                covered[y * size.width + x] = true;
            }
        }
    }
}

/// Pixels that a line goes over, likewise.
pub fn under(line: &[Point], size: Size) -> Vec<usize> {
    let mut covered = vec![false; size.area_px()];
    for pixel in resampled(line, 0.5).into_iter().filter_map(|place| pixel(place, size)) {
        covered[pixel.y * size.width + pixel.x] = true;
    }
    (0..covered.len()).filter(|&at| covered[at]).collect()
}

/// Pixels whose middle lies inside a closed line, likewise; a line that crosses itself leaves holes where it goes round twice.
pub fn inside(line: &[Point], Size { width, height }: Size) -> Vec<usize> {
    let mut pixels = Vec::new();
    for y in 0..height {
        let middle = y as f32;
        let edges = (0..line.len()).map(|index| (line[index], line[(index + 1) % line.len()]));
        let mut crossings: Vec<f32> = edges
            .filter(|(a, b)| (a.y <= middle) != (b.y <= middle))
            .map(|(a, b)| a.x + (middle - a.y) / (b.y - a.y) * (b.x - a.x))
            .collect();
        sort(&mut crossings);
        for pair in crossings.chunks_exact(2) {
            let first = pair[0].ceil().clamp(0.0, width as f32) as usize;
            let end = pair[1].ceil().clamp(0.0, width as f32) as usize;
            pixels.extend((first..end).map(|x| y * width + x));
        }
    }
    pixels
}

/// The pixel at a place, if it is on the grid.
pub fn pixel(Point { x, y }: Point, Size { width, height }: Size) -> Option<Point<usize>> {
    let (x, y) = (nearest(x), nearest(y));
    let inside = x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32;
    inside.then_some(Point::new(x as usize, y as usize))
}

/// Puts numbers in rising order.
pub fn sort(numbers: &mut [f32]) {
    numbers.sort_unstable_by(f32::total_cmp);
}

/// Length of a line, in pixels.
pub fn length_px(line: &[Point]) -> f32 {
    line.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum()
}

/// Places on a line, its ends among them, no farther apart than `step`.
pub fn resampled(line: &[Point], step: f32) -> Vec<Point> {
    let mut places: Vec<Point> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        // Places far off the grid, or none at all, end nowhere.
        let steps = ((b.x - a.x).hypot(b.y - a.y) / step).ceil().clamp(0.0, 1e5) as usize;
        places.extend((1..=steps).map(|at| {
            let part = at as f32 / steps as f32;
            Point::new(a.x + part * (b.x - a.x), a.y + part * (b.y - a.y))
        }));
    }
    places
}

/// Pixels of an axis that `from..=to` touches.
fn span(from: f32, to: f32, length: usize) -> Range<usize> {
    let bound = |at: f32| at.clamp(0.0, length as f32) as usize;
    bound(nearest(from))..bound(nearest(to) + 1.0)
}

/// The pixel of an axis on which a place is; on the edge of two, the farther one.
fn nearest(at: f32) -> f32 {
    // Halves round up, also below zero, so that the slice's own left and upper edge belong to it.
    corner_from_middle(at).floor()
}

/// Distance of a place from the segment between `a` and `b`.
fn distance(place: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((place.x - a.x) * dx + (place.y - a.y) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (place.x - a.x - along * dx).hypot(place.y - a.y - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size::new(20, 10);

    fn line(places: &[(f32, f32)]) -> Vec<Point> {
        places.iter().map(|&(x, y)| Point { x, y }).collect()
    }

    #[test]
    fn a_dab_is_a_disk_and_a_stroke_a_band() {
        assert_eq!(along(&line(&[(5.0, 5.0)]), 2.0, SIZE).len(), 13);
        assert_eq!(along(&line(&[(3.0, 4.0), (10.0, 4.0)]), 1.0, SIZE).len(), 8 * 3 + 2);
    }

    #[test]
    fn strokes_off_the_slice_cover_what_is_on_it() {
        assert!(along(&line(&[(-50.0, -50.0), (-40.0, 90.0)]), 3.0, SIZE).is_empty());
        assert_eq!(along(&line(&[(-2.5, 0.0), (1.0, 0.0)]), 0.4, SIZE), [0, 1]);
        assert!(along(&[], 3.0, SIZE).is_empty() && under(&[], SIZE).is_empty());
        assert_eq!(under(&line(&[(-2.5, 0.0), (1.0, 0.0), (1.0, 2.0)]), SIZE), [0, 1, 21, 41]);
    }

    #[test]
    fn a_pixel_reaches_from_its_left_and_upper_edge_to_the_next() {
        let at = |x, y| pixel(Point { x, y }, SIZE).map(|p| (p.x, p.y));
        assert_eq!((at(-0.5, -0.5), at(0.49, 0.5)), (Some((0, 0)), Some((0, 1))));
        assert_eq!((at(19.49, 9.49), at(19.5, 0.0)), (Some((19, 9)), None));
        assert_eq!((at(-0.51, 0.0), at(0.0, 9.5)), (None, None));
        assert_eq!((at(f32::NAN, 0.0), at(0.0, 1e30)), (None, None));
    }

    #[test]
    fn a_loop_holds_what_it_goes_round() {
        let square = line(&[(1.5, 0.5), (5.5, 0.5), (5.5, 3.5), (1.5, 3.5)]);
        let expected: Vec<usize> = (1..4).flat_map(|y| (2..6).map(move |x| y * 20 + x)).collect();
        assert_eq!(inside(&square, SIZE), expected);
        assert!(inside(&line(&[(0.5, 0.5)]), SIZE).is_empty() && inside(&[], SIZE).is_empty());
        let huge = line(&[(-99.0, -99.0), (99.0, -99.0), (99.0, 99.0), (-99.0, 99.0)]);
        assert_eq!(inside(&huge, SIZE).len(), 200);
    }

    #[test]
    fn a_line_into_places_keeps_its_ends_and_its_length() {
        let bent = line(&[(0.0, 0.0), (3.0, 4.0), (3.0, 4.5)]);
        assert_eq!(length_px(&bent), 5.5);
        let places = resampled(&bent, 1.0);
        assert_eq!((places.len(), places[0], places[6]), (7, bent[0], bent[2]));
        assert!(places.windows(2).all(|pair| length_px(pair) <= 1.0 + 1e-6));
        assert_eq!(resampled(&bent[..1], 1.0), bent[..1]);
    }
}

//! Paths of the pointer into the pixels that they cover.

/// A place on a slice, in its pixels: whole numbers are their middles.
pub type Point = (f64, f64);

/// Pixels of a `width × height` slice whose middle lies within `radius` of a path, in order; at least the pixel under each
/// of its points.
pub fn along(path: &[Point], radius: f64, (width, height): (usize, usize)) -> Vec<usize> {
    let mut covered = vec![false; width * height];
    let segments = path.windows(2).map(|pair| (pair[0], pair[1])).chain(path.first().map(|&point| (point, point)));
    for (a, b) in segments {
        let rows = span(a.1.min(b.1) - radius, a.1.max(b.1) + radius, height);
        for y in rows {
            for x in span(a.0.min(b.0) - radius, a.0.max(b.0) + radius, width) {
                if distance((x as f64, y as f64), a, b) <= radius {
                    covered[y * width + x] = true;
                }
            }
        }
    }
    for point in path {
        if let Some((x, y)) = pixel(*point, (width, height)) {
            covered[y * width + x] = true;
        }
    }
    (0..covered.len()).filter(|&at| covered[at]).collect()
}

/// Pixels whose middle lies inside a closed path, in order; a path that crosses itself leaves holes where it goes round
/// twice.
pub fn inside(path: &[Point], (width, height): (usize, usize)) -> Vec<usize> {
    let mut pixels = Vec::new();
    for y in 0..height {
        let middle = y as f64;
        let edges = (0..path.len()).map(|index| (path[index], path[(index + 1) % path.len()]));
        let mut crossings: Vec<f64> = edges
            .filter(|(a, b)| (a.1 <= middle) != (b.1 <= middle))
            .map(|(a, b)| a.0 + (middle - a.1) / (b.1 - a.1) * (b.0 - a.0))
            .collect();
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let first = pair[0].ceil().clamp(0.0, width as f64) as usize;
            let end = pair[1].ceil().clamp(0.0, width as f64) as usize;
            pixels.extend((first..end).map(|x| y * width + x));
        }
    }
    pixels
}

/// The pixel at a point, if it is on the slice.
pub fn pixel((x, y): Point, (width, height): (usize, usize)) -> Option<(usize, usize)> {
    let (x, y) = (nearest(x), nearest(y));
    let inside = x >= 0.0 && y >= 0.0 && x < width as f64 && y < height as f64;
    inside.then_some((x as usize, y as usize))
}

/// Pixels of an axis that `from..=to` touches.
fn span(from: f64, to: f64, length: usize) -> std::ops::Range<usize> {
    let bound = |at: f64| at.clamp(0.0, length as f64) as usize;
    bound(nearest(from))..bound(nearest(to) + 1.0)
}

/// The pixel of an axis on which a place is; on the edge of two, the farther one.
fn nearest(at: f64) -> f64 {
    // Halves round up, also below zero, so that the slice's own left and upper edge belong to it.
    (at + 0.5).floor()
}

/// Distance of a point from the segment between `a` and `b`.
fn distance(point: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((point.0 - a.0) * dx + (point.1 - a.1) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (point.0 - a.0 - along * dx).hypot(point.1 - a.1 - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize) = (20, 10);

    #[test]
    fn a_dab_is_a_disk_and_a_stroke_a_band() {
        assert_eq!(along(&[(5.0, 5.0)], 2.0, SIZE).len(), 13);
        let band = along(&[(3.0, 4.0), (10.0, 4.0)], 1.0, SIZE);
        assert_eq!(band.len(), 8 * 3 + 2);
    }

    #[test]
    fn the_finest_brush_paints_the_pixel_under_it() {
        assert_eq!(along(&[(6.6, 3.4)], 0.1, SIZE), [3 * 20 + 7]);
    }

    #[test]
    fn strokes_off_the_slice_paint_what_is_on_it() {
        assert!(along(&[(-50.0, -50.0), (-40.0, 90.0)], 3.0, SIZE).is_empty());
        assert_eq!(along(&[(-2.5, 0.0), (1.0, 0.0)], 0.4, SIZE), [0, 1]);
        assert!(along(&[], 3.0, SIZE).is_empty());
    }

    #[test]
    fn a_pixel_reaches_from_its_left_and_upper_edge_to_the_next() {
        assert_eq!((pixel((-0.5, -0.5), SIZE), pixel((0.49, 0.5), SIZE)), (Some((0, 0)), Some((0, 1))));
        assert_eq!((pixel((19.49, 9.49), SIZE), pixel((19.5, 0.0), SIZE)), (Some((19, 9)), None));
        assert_eq!((pixel((-0.51, 0.0), SIZE), pixel((0.0, 9.5), SIZE)), (None, None));
    }

    #[test]
    fn a_lasso_fills_what_it_goes_round() {
        let square = [(1.5, 0.5), (5.5, 0.5), (5.5, 3.5), (1.5, 3.5)];
        let expected: Vec<usize> = (1..4).flat_map(|y| (2..6).map(move |x| y * 20 + x)).collect();
        assert_eq!(inside(&square, SIZE), expected);
        assert!(inside(&[(0.5, 0.5)], SIZE).is_empty() && inside(&[], SIZE).is_empty());
        let huge = [(-99.0, -99.0), (99.0, -99.0), (99.0, 99.0), (-99.0, 99.0)];
        assert_eq!(inside(&huge, SIZE).len(), 200);
    }
}

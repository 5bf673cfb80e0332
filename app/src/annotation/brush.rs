//! Paths of the pointer into places and pixels of a slice.

use imaging::{Size, path};

/// A place on a slice, in its pixels: whole numbers are their middles.
pub type Point = (f64, f64);

/// Pixels of a `width × height` slice whose middle lies within `radius` of a path, in order; at least the pixel under each
/// of its points.
pub fn along(drawn: &[Point], radius: f64, (width, height): (usize, usize)) -> Vec<usize> {
    let size = Size::new(width, height);
    let mut covered = vec![false; size.area_px()];
    let under = drawn.iter().filter_map(|&point| pixel(point, (width, height))).map(|(x, y)| y * width + x);
    path::along(&line(drawn), radius as f32, size).into_iter().chain(under).for_each(|at| covered[at] = true);
    (0..covered.len()).filter(|&at| covered[at]).collect()
}

/// Pixels whose middle lies inside a closed path, in order.
pub fn inside(drawn: &[Point], (width, height): (usize, usize)) -> Vec<usize> {
    path::inside(&line(drawn), Size::new(width, height))
}

/// The pixel at a point, if it is on the slice.
pub fn pixel((x, y): Point, (width, height): (usize, usize)) -> Option<(usize, usize)> {
    path::pixel(imaging::Point::new(x as f32, y as f32), Size::new(width, height)).map(|pixel| (pixel.x, pixel.y))
}

/// A path as the line of a prompt.
pub fn line(drawn: &[Point]) -> Vec<imaging::Point> {
    drawn.iter().map(|&(x, y)| imaging::Point::new(x as f32, y as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finest_brush_paints_the_pixel_under_it() {
        assert_eq!(along(&[(6.6, 3.4)], 0.1, (20, 10)), [3 * 20 + 7]);
        assert_eq!(along(&[(-2.5, 0.0), (1.0, 0.0)], 0.4, (20, 10)), [0, 1]);
        // Between two rows it paints the one that it is on, and no second one beside it.
        assert_eq!(along(&[(2.0, 3.4), (5.0, 3.4)], 0.5, (20, 10)), [62, 63, 64, 65]);
    }
}

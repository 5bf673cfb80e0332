//! Paths of the pointer into places and pixels of a slice.

use imaging::{Size, path};

/// A place on a slice, in its pixels: whole numbers are their middles.
pub type Point = (f64, f64);

/// Pixels of a slice of a size whose middle lies within `radius` of a path, in order; at least the pixel under each of its points.
pub fn along(drawn: &[Point], radius: f64, size: Size) -> Vec<usize> {
    let mut covered = vec![false; size.area_px()];
    let under = drawn.iter().filter_map(|&point| pixel(point, size)).map(|pixel| pixel.y * size.width + pixel.x);
    path::along(&line(drawn), radius as f32, size).into_iter().chain(under).for_each(|at| covered[at] = true);
    (0..covered.len()).filter(|&at| covered[at]).collect()
}

/// Pixels whose middle lies inside a closed path, in order.
pub fn inside(drawn: &[Point], size: Size) -> Vec<usize> {
    path::inside(&line(drawn), size)
}

/// The pixel at a point, if it is on the slice.
pub fn pixel((x, y): Point, size: Size) -> Option<imaging::Point<usize>> {
    path::pixel(imaging::Point::new(x as f32, y as f32), size)
}

/// A path as the line of a prompt.
pub fn line(drawn: &[Point]) -> Vec<imaging::Point> {
    drawn.iter().map(|&(x, y)| imaging::Point::new(x as f32, y as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size::new(20, 10);

    #[test]
    fn the_finest_brush_paints_the_pixel_under_it() {
        assert_eq!(along(&[(6.6, 3.4)], 0.1, SIZE), [3 * 20 + 7]);
        assert_eq!(along(&[(-2.5, 0.0), (1.0, 0.0)], 0.4, SIZE), [0, 1]);
        // Between two rows it paints the one that it is on, and no second one beside it.
        assert_eq!(along(&[(2.0, 3.4), (5.0, 3.4)], 0.5, SIZE), [62, 63, 64, 65]);
    }
}

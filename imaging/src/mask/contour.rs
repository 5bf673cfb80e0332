//! The outline of a mask: line segments along pixel edges.

use super::Mask;
use crate::grid::Point;

/// A line along the edges of pixels, upright or level, from its left or upper end on.
///
/// Its ends are corners: that of whole numbers is the upper left one of the pixel at that column and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    /// Its left or upper end.
    pub from: Point<usize>,
    /// Its right or lower end.
    pub to: Point<usize>,
}

/// Edges between marked and unmarked pixels, joined along rows and columns.
pub fn outline(mask: &Mask) -> Vec<Segment> {
    let segment = |x0, y0, x1, y1| Segment { from: Point::new(x0, y0), to: Point::new(x1, y1) };
    let (width, height) = (mask.width(), mask.height());
    let mut segments = Vec::new();
    for y in 0..=height {
        let edge = |x: usize| mask.contains(x, y) != (y > 0 && mask.contains(x, y - 1));
        runs(width, edge, |from, to| segments.push(segment(from, y, to, y)));
    }
    for x in 0..=width {
        let edge = |y: usize| mask.contains(x, y) != (x > 0 && mask.contains(x - 1, y));
        runs(height, edge, |from, to| segments.push(segment(x, from, x, to)));
    }
    segments
}

fn runs(length: usize, edge: impl Fn(usize) -> bool, mut found: impl FnMut(usize, usize)) {
    let mut start = None;
    for at in 0..=length {
        match (at < length && edge(at), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found(from, at);
                start = None;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_has_four_sides() {
        let pixels = (0..5 * 4).map(|at| (1..4).contains(&(at % 5)) && (1..3).contains(&(at / 5))).collect();
        let mut segments: Vec<_> = outline(&Mask::new(5, 4, pixels))
            .into_iter()
            .map(|Segment { from, to }| [from.x, from.y, to.x, to.y])
            .collect();
        segments.sort_unstable();
        assert_eq!(segments, [[1, 1, 1, 3], [1, 1, 4, 1], [1, 3, 4, 3], [4, 1, 4, 3]]);
    }

    #[test]
    fn a_full_mask_is_outlined_along_the_image_and_an_empty_one_not_at_all() {
        assert_eq!(outline(&Mask::new(3, 2, vec![true; 6])).len(), 4);
        assert!(outline(&Mask::new(3, 2, vec![false; 6])).is_empty());
    }
}

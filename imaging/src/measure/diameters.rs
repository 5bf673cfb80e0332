//! A mask into the longest diameter of its largest part and the longest diameter perpendicular to it.
//!
//! The two whose product is the bidimensional measure of the RANO criteria (Wen et al. 2010, J Clin Oncol 28:1963).

use super::hull::hull;
use crate::grid::{Point, corner_from_middle};
use crate::mask::{Mask, largest_component};

/// Distance of the perpendicular diameters that are tried, and of the places that are tried along each, in pixels.
const STEP_PX: f64 = 0.25;

/// A line between two points of a slice; whole numbers are the middles of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diameter {
    /// Its ends.
    pub ends: [Point<f64>; 2],
}

impl Diameter {
    /// Its length, in the unit of `spacing`, the distances of columns and of rows.
    pub fn length(&self, [dx, dy]: [f64; 2]) -> f64 {
        let [a, b] = self.ends;
        ((b.x - a.x) * dx).hypot((b.y - a.y) * dy)
    }
}

/// The longest diameter and the longest perpendicular one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diameters {
    /// The longest.
    pub longest: Diameter,
    /// The longest perpendicular to it.
    pub perpendicular: Diameter,
}

impl Diameters {
    /// Product of both lengths, in the square of the unit of `spacing`.
    pub fn product(&self, spacing: [f64; 2]) -> f64 {
        self.longest.length(spacing) * self.perpendicular.length(spacing)
    }

    /// Those of the largest connected part of a mask whose columns and rows are `spacing` apart; none if it is empty.
    ///
    /// They run from edge to edge: a row of ten pixels is ten long.
    pub fn of(mask: &Mask, spacing: [f64; 2]) -> Option<Self> {
        let [dx, dy] = spacing;
        let (width, height) = (mask.width(), mask.height());
        let part = largest_component(mask.pixels(), mask.size().stacked(1))?;
        let inside = |x: f64, y: f64| {
            // The pixel whose middle is nearest; halfway between two, the right or lower one.
            let (x, y) = (corner_from_middle(x).floor(), corner_from_middle(y).floor());
            x >= 0.0 && y >= 0.0 && x < width as f64 && y < height as f64 && part[y as usize * width + x as usize]
        };
        // The middles of the pixels' edges that lie on the outline.
        let mut edge = Vec::new();
        for y in 0..height {
            for x in (0..width).filter(|x| part[y * width + x]) {
                let (x, y) = (x as f64, y as f64);
                for (ex, ey) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)] {
                    if !inside(x + ex, y + ey) {
                        edge.push(Point::new(x + ex / 2.0, y + ey / 2.0));
                    }
                }
            }
        }
        let hull = hull(edge);
        let pairs =
            hull.iter().enumerate().flat_map(|(at, &a)| hull[at..].iter().map(move |&b| Diameter { ends: [a, b] }));
        let longest = pairs.max_by(|a, b| a.length(spacing).total_cmp(&b.length(spacing)))?;

        let [Point { x: ax, y: ay }, Point { x: bx, y: by }] = longest.ends;
        let length = longest.length(spacing).max(f64::MIN_POSITIVE);
        // A quarter turn in millimetres, back in pixels.
        let (ux, uy) = ((bx - ax) * dx / length, (by - ay) * dy / length);
        let (across_x, across_y) = (-uy / dx, ux / dy);
        let step = STEP_PX * dx.min(dy);
        let reach = (length / step) as i64;
        let mut best = Diameter { ends: [longest.ends[0]; 2] };
        for along in 0..=reach {
            let part_of = along as f64 * step / length;
            let (x, y) = (ax + (bx - ax) * part_of, ay + (by - ay) * part_of);
            let at = |across: i64| Point::new(x + across_x * step * across as f64, y + across_y * step * across as f64);
            let marked = |across: &i64| inside(at(*across).x, at(*across).y);
            if let (Some(first), Some(last)) = ((-reach..=reach).find(marked), (-reach..=reach).rev().find(marked)) {
                let tried = Diameter { ends: [at(first), at(last)] };
                if tried.length(spacing) > best.length(spacing) {
                    best = tried;
                }
            }
        }
        Some(Self { longest, perpendicular: best })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(width: usize, height: usize, inside: impl Fn(f64, f64) -> bool) -> Mask {
        let pixels = (0..width * height).map(|at| inside((at % width) as f64, (at / width) as f64));
        Mask::new(width, height, pixels.collect())
    }

    #[test]
    fn a_row_is_as_long_as_its_pixels() {
        let found = Diameters::of(&mask(20, 9, |x, y| y == 4.0 && (3.0..13.0).contains(&x)), [1.0, 1.0]).unwrap();
        assert_eq!(found.longest.length([1.0, 1.0]), 10.0);
        assert!((found.perpendicular.length([1.0, 1.0]) - 1.0).abs() <= 2.0 * STEP_PX);
    }

    #[test]
    fn an_ellipse_has_its_axes_at_any_angle_and_spacing() {
        for (angle, [dx, dy]) in [(0.0, [1.0, 1.0]), (0.5, [1.0, 1.0]), (1.2, [0.5, 0.8]), (2.5, [0.9, 0.6])] {
            let (sin, cos) = f64::sin_cos(angle);
            // Half axes of 30 and 18 mm around a middle off the pixels.
            let ellipse = mask(200, 160, |x, y| {
                let (x, y) = ((x - 99.3) * dx, (y - 80.6) * dy);
                ((x * cos + y * sin) / 30.0).powi(2) + ((y * cos - x * sin) / 18.0).powi(2) <= 1.0
            });
            let found = Diameters::of(&ellipse, [dx, dy]).unwrap();
            let (longest, perpendicular) = (found.longest.length([dx, dy]), found.perpendicular.length([dx, dy]));
            assert!((longest - 60.0).abs() < 1.0 && (perpendicular - 36.0).abs() < 1.0, "{longest} {perpendicular}");
            let across = |d: Diameter| ((d.ends[1].x - d.ends[0].x) * dx, (d.ends[1].y - d.ends[0].y) * dy);
            let (a, b) = (across(found.longest), across(found.perpendicular));
            assert!((a.0 * b.0 + a.1 * b.1).abs() < 1e-6, "not perpendicular");
        }
    }

    #[test]
    fn only_the_largest_part_counts() {
        let two = mask(40, 40, |x, y| (x < 4.0 && y < 4.0) || ((20.0..30.0).contains(&x) && (20.0..26.0).contains(&y)));
        let found = Diameters::of(&two, [1.0, 1.0]).unwrap();
        assert!(found.longest.length([1.0, 1.0]) < 12.0);
        assert!(found.longest.ends.iter().all(|end| end.x > 15.0));
        assert_eq!(Diameters::of(&mask(9, 9, |_, _| false), [1.0, 1.0]), None);
    }
}

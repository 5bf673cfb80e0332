//! Diameters whose ends a person drags.

use imaging::{Diameter, Diameters, Point};

/// Deviation from a right angle, as a share of the lengths, up to which two lines are perpendicular: rounding.
const RIGHT: f64 = 1e-6;

/// Which line has the end that is dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The longest diameter.
    Longest,
    /// The one perpendicular to it.
    Perpendicular,
}

/// The diameters after an end was dragged to a point of the slice; `spacing` is the distance of columns and of rows.
///
/// The perpendicular one turns with the longest, and keeps its length and its place along it, until it is dragged out of the
/// right angle itself.
pub fn dragged(diameters: Diameters, line: Line, end: usize, to: Point<f64>, spacing: [f64; 2]) -> Diameters {
    let mut moved = diameters;
    if line == Line::Perpendicular {
        moved.perpendicular.ends[end] = to;
        return moved;
    }
    moved.longest.ends[end] = to;
    if let (Some(before), Some(after)) = (Axis::of(diameters.longest, spacing), Axis::of(moved.longest, spacing))
        && before.is_perpendicular(diameters.perpendicular)
    {
        let turned = |point| {
            let (along, across) = before.place(point);
            after.point(along, across)
        };
        moved.perpendicular.ends = diameters.perpendicular.ends.map(turned);
    }
    moved
}

/// A line as a ruler: places along it as shares of its length, and across it in the unit of the spacing.
struct Axis {
    origin: Point<f64>,
    length: f64,
    direction: (f64, f64),
    spacing: [f64; 2],
}

impl Axis {
    fn of(line: Diameter, spacing: [f64; 2]) -> Option<Self> {
        let [a, b] = line.ends;
        let length = line.length(spacing);
        let direction = ((b.x - a.x) * spacing[0] / length, (b.y - a.y) * spacing[1] / length);
        (length > 0.0).then_some(Self { origin: a, length, direction, spacing })
    }

    fn place(&self, at: Point<f64>) -> (f64, f64) {
        let (x, y) = ((at.x - self.origin.x) * self.spacing[0], (at.y - self.origin.y) * self.spacing[1]);
        let (ux, uy) = self.direction;
        ((x * ux + y * uy) / self.length, y * ux - x * uy)
    }

    fn point(&self, along: f64, across: f64) -> Point<f64> {
        let (ux, uy) = self.direction;
        let (x, y) = (along * self.length * ux - across * uy, along * self.length * uy + across * ux);
        Point { x: self.origin.x + x / self.spacing[0], y: self.origin.y + y / self.spacing[1] }
    }

    fn is_perpendicular(&self, line: Diameter) -> bool {
        let [a, b] = line.ends.map(|end| self.place(end).0);
        (a - b).abs() <= RIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neither square nor along the axes.
    const SPACING: [f64; 2] = [0.5, 0.8];

    fn cosine(diameters: &Diameters) -> f64 {
        let vector = |line: Diameter| {
            let [a, b] = line.ends;
            ((b.x - a.x) * SPACING[0], (b.y - a.y) * SPACING[1])
        };
        let ((ax, ay), (bx, by)) = (vector(diameters.longest), vector(diameters.perpendicular));
        (ax * bx + ay * by) / (ax.hypot(ay) * bx.hypot(by))
    }

    fn measured() -> Diameters {
        // In millimetres: (10, 8) to (16, 16), and across it (13 ± 4, 12 ∓ 3).
        let line = |a: (f64, f64), b: (f64, f64)| Diameter {
            ends: [a, b].map(|(x, y)| Point::new(x / SPACING[0], y / SPACING[1])),
        };
        Diameters { longest: line((10.0, 8.0), (16.0, 16.0)), perpendicular: line((17.0, 9.0), (9.0, 15.0)) }
    }

    #[test]
    fn the_perpendicular_stays_so_and_as_long_as_it_is() {
        let before = measured();
        assert!(cosine(&before).abs() < 1e-9);
        for (end, to) in [(0, Point::new(3.0, 40.0)), (1, Point::new(60.0, 1.5)), (1, Point::new(33.0, 20.0))] {
            let after = dragged(before, Line::Longest, end, to, SPACING);
            assert_eq!(after.longest.ends[end], to);
            assert_eq!(after.longest.ends[1 - end], before.longest.ends[1 - end]);
            assert!(cosine(&after).abs() < 1e-9, "{to:?}: {}", cosine(&after));
            let lengths = [before, after].map(|diameters| diameters.perpendicular.length(SPACING));
            assert!((lengths[0] - lengths[1]).abs() < 1e-9);
        }
    }

    #[test]
    fn dragged_itself_it_goes_where_it_is_dragged_and_no_longer_follows() {
        let mut diameters = dragged(measured(), Line::Perpendicular, 0, Point::new(50.0, 3.0), SPACING);
        assert_eq!(diameters.perpendicular.ends[0], Point::new(50.0, 3.0));
        assert_eq!(diameters.longest, measured().longest);
        let drawn = diameters.perpendicular;
        diameters = dragged(diameters, Line::Longest, 0, Point::new(1.0, 1.0), SPACING);
        assert_eq!(diameters.perpendicular, drawn);
    }

    #[test]
    fn a_line_without_length_turns_nothing() {
        let before = measured();
        let collapsed = dragged(before, Line::Longest, 0, before.longest.ends[1], SPACING);
        assert_eq!(collapsed.perpendicular, before.perpendicular);
        assert!(collapsed.product(SPACING).is_finite());
    }
}

//! Six numbers into a rigid motion.

use crate::geometry::{Affine, dot, norm};

/// Millimetres of a parameter that turn by one radian: about what a place at the edge of the brain moves, so that all six
/// parameters are alike.
const RADIUS_MM: f64 = 70.0;

/// A turn around a centre and a shift: the axis of the turn times its angle in `RADIUS_MM`, then the shift, all in mm.
pub(super) type Parameters = [f64; 6];

/// The motion of places in mm that turns around `centre`.
pub(super) fn motion(parameters: &Parameters, centre: [f64; 3]) -> Affine {
    let turn = rotation([0, 1, 2].map(|axis| parameters[axis] / RADIUS_MM));
    let shift: [f64; 3] = std::array::from_fn(|axis| centre[axis] + parameters[3 + axis] - dot(turn[axis], centre));
    Affine(std::array::from_fn(|row| [turn[row][0], turn[row][1], turn[row][2], shift[row]]))
}

/// Parameters of a turn, its axis times its angle in radians, and a shift in mm.
pub(super) fn parameters(turn: [f64; 3], shift_mm: [f64; 3]) -> Parameters {
    let turn = turn.map(|angle| angle * RADIUS_MM);
    std::array::from_fn(|at| if at < 3 { turn[at] } else { shift_mm[at - 3] })
}

/// The angle by which a motion turns, in radians.
pub(super) fn angle(motion: &Affine) -> f64 {
    let trace: f64 = (0..3).map(|axis| motion.0[axis][axis]).sum();
    // By the sine where the angle is small, of which the cosine says little.
    let m = &motion.0;
    let sine = norm([m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]]) / 2.0;
    sine.atan2((trace - 1.0) / 2.0)
}

/// The matrix of a turn by the length of a vector around it (Rodrigues' formula).
fn rotation(turn: [f64; 3]) -> [[f64; 3]; 3] {
    let angle = norm(turn);
    if angle < 1e-12 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let [x, y, z] = turn.map(|v| v / angle);
    let (sin, cos) = angle.sin_cos();
    let rest = 1.0 - cos;
    [
        [cos + x * x * rest, x * y * rest - z * sin, x * z * rest + y * sin],
        [y * x * rest + z * sin, cos + y * y * rest, y * z * rest - x * sin],
        [z * x * rest - y * sin, z * y * rest + x * sin, cos + z * z * rest],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::distance;

    #[test]
    fn a_motion_keeps_distances_and_turns_around_its_centre() {
        let centre = [10.0, -20.0, 30.0];
        let moved = motion(&parameters([0.3, -0.2, 0.1], [4.0, 5.0, -6.0]), centre);
        assert!(distance(moved.apply(centre), [14.0, -15.0, 24.0]) < 1e-9);
        let [a, b] = [[1.0, 2.0, 3.0], [-40.0, 7.0, 60.0]];
        assert!((distance(moved.apply(a), moved.apply(b)) - distance(a, b)).abs() < 1e-9);
        assert!((angle(&moved) - norm([0.3, -0.2, 0.1])).abs() < 1e-12);
        let quarter = motion(&parameters([0.0, 0.0, std::f64::consts::FRAC_PI_2], [0.0; 3]), [0.0; 3]);
        assert!(distance(quarter.apply([1.0, 0.0, 0.0]), [0.0, 1.0, 0.0]) < 1e-12, "x to y");
        assert_eq!(angle(&motion(&[0.0; 6], centre)), 0.0);
    }
}

//! Points into their convex hull.

use crate::grid::Point;

/// The corners of the convex hull of some points (Andrew's monotone chain).
pub fn hull(mut points: Vec<Point<f64>>) -> Vec<Point<f64>> {
    points.sort_unstable_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    let turn = |a: Point<f64>, b: Point<f64>, c: Point<f64>| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    let chain = |points: &mut dyn Iterator<Item = Point<f64>>| {
        let mut chain: Vec<Point<f64>> = Vec::new();
        for point in points {
            while chain.len() > 1 && turn(chain[chain.len() - 2], chain[chain.len() - 1], point) <= 0.0 {
                chain.pop();
            }
            chain.push(point);
        }
        chain
    };
    let mut corners = chain(&mut points.iter().copied());
    corners.extend(chain(&mut points.iter().rev().copied()));
    corners
}

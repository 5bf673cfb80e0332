//! The smooth outline of a mask: where the probabilities cross the threshold between the middles of pixels.

use std::collections::BTreeMap;

use super::components::parts;
use super::odds::log_odds;
use super::{Mask, ProbabilityMap};
use crate::grid::{GridSize, Point};

/// Parts with fewer pixels have no outline of their own: a line around them would hide what it shows.
pub const SPECK_PX: usize = 5;
/// Log-odds from the threshold beyond which a probability pulls the line no further.
const FARTHEST: f32 = 3.0;
/// Log-odds of a pixel that a person marked, or did not, against the network.
const BY_HAND: f32 = 1.0;

/// The outline of a mask as closed lines, and the pixels of its specks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contour {
    /// Closed lines on the slice, in its pixels, of which whole numbers are the middles; the last point joins the first.
    pub lines: Vec<Vec<Point<f64>>>,
    /// Marked pixels that no line goes around, row by row.
    pub specks: Vec<Point<usize>>,
}

/// The outline of a mask: all middles of marked pixels lie inside it, those of specks aside, and all others outside.
///
/// Where the mask follows from probabilities and a threshold, the line lies where they cross; elsewhere, as where a person
/// painted, halfway between the pixels.
///
/// # Panics
///
/// If the probabilities are of another size than the mask.
pub fn contour(mask: &Mask, probabilities: Option<(&ProbabilityMap, f32)>) -> Contour {
    let (width, height) = (mask.width(), mask.height());
    let mut specks = parts(mask.pixels(), GridSize { width, height, depth: 1 });
    specks.retain(|part| part.len() < SPECK_PX);
    let mut specks: Vec<usize> = specks.into_iter().flatten().collect();
    specks.sort_unstable();
    let mut field: Vec<f32> = mask.pixels().iter().map(|&marked| if marked { BY_HAND } else { -BY_HAND }).collect();
    if let Some((map, threshold)) = probabilities {
        assert_eq!((map.width(), map.height()), (width, height), "probabilities and mask are of one slice");
        let border = log_odds(threshold);
        for (value, &probability) in field.iter_mut().zip(map.values()) {
            let odds = (log_odds(probability) - border).clamp(-FARTHEST, FARTHEST);
            // Not what says the opposite of the mask, nor what would put the line onto the pixel's middle.
            if odds * *value > 0.0 && odds.abs() > 1e-3 {
                *value = odds;
            }
        }
    }
    specks.iter().for_each(|&at| field[at] = -BY_HAND);
    let specks = specks.into_iter().map(|at| Point::new(at % width, at / width)).collect();
    Contour { lines: lines(&field, width, height), specks }
}

/// A side of a cell between the middles of four pixels: from a pixel to its right neighbour, or to the one below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Side {
    x: isize,
    y: isize,
    down: bool,
}

/// Closed lines around everything above zero, by marching squares.
fn lines(field: &[f32], width: usize, height: usize) -> Vec<Vec<Point<f64>>> {
    let within = |x: isize, y: isize| x >= 0 && y >= 0 && x < width as isize && y < height as isize;
    let value = |x: isize, y: isize| within(x, y).then(|| field[y as usize * width + x as usize]);
    let inside = |x: isize, y: isize| value(x, y).is_some_and(|value| value > 0.0);
    // Each line enters a cell by one side and leaves it by another, which is where it enters the next cell.
    let mut next = BTreeMap::new();
    for y in -1..height as isize {
        for x in -1..width as isize {
            let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)];
            let marked = corners.map(|(x, y)| inside(x, y));
            if marked == [false; 4] || marked == [true; 4] {
                continue;
            }
            let sides = [
                Side { x, y, down: false },
                Side { x: x + 1, y, down: true },
                Side { x, y: y + 1, down: false },
                Side { x, y, down: true },
            ];
            // Clockwise from the upper left corner, lines begin where it goes in and end where it goes out again.
            let crosses = |at: usize| (marked[at], marked[(at + 1) % 4]);
            let sum: f32 = corners.iter().map(|&(x, y)| value(x, y).unwrap_or(-BY_HAND)).sum();
            for start in (0..4).filter(|&at| crosses(at) == (false, true)) {
                let after = |steps: usize| (start + steps) % 4;
                let ends: Vec<usize> = (1..4).map(after).filter(|&at| crosses(at) == (true, false)).collect();
                // Of two opposite corners inside, the middle says whether they are joined.
                let end = if ends.len() == 2 && sum >= 0.0 { ends[1] } else { ends[0] };
                next.insert(sides[start], sides[end]);
            }
        }
    }
    let point = |Side { x, y, down }: Side| {
        let (other_x, other_y) = if down { (x, y + 1) } else { (x + 1, y) };
        let share = match (value(x, y), value(other_x, other_y)) {
            (Some(a), Some(b)) => f64::from(a / (a - b)),
            // Beyond the slice there is nothing, so the line goes along its edge.
            _ => 0.5,
        };
        let (dx, dy) = if down { (0.0, share) } else { (share, 0.0) };
        Point::new(x as f64 + dx, y as f64 + dy)
    };
    let mut lines = Vec::new();
    while let Some((first, second)) = next.pop_first() {
        let mut line = vec![point(first)];
        let mut at = second;
        while at != first {
            line.push(point(at));
            at = next.remove(&at).expect("a line that enters a cell leaves it");
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice the area that lines enclose, holes taken off.
    fn area(lines: &[Vec<Point<f64>>]) -> f64 {
        let of = |line: &Vec<Point<f64>>| {
            let pairs = line.iter().zip(line.iter().cycle().skip(1));
            pairs.map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
        };
        lines.iter().map(of).sum::<f64>().abs()
    }

    /// Whether a point lies inside by the number of lines that a ray to the right meets.
    fn holds(lines: &[Vec<Point<f64>>], x: f64, y: f64) -> bool {
        let crossings = lines.iter().flat_map(|line| line.iter().zip(line.iter().cycle().skip(1)));
        let met =
            crossings.filter(|(a, b)| (a.y <= y) != (b.y <= y) && a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x) > x);
        met.count() % 2 == 1
    }

    /// A disk as a network would see it: sure far inside, unsure at its edge.
    fn disk(size: usize, centre: (f64, f64), radius: f64) -> ProbabilityMap {
        let odds = |at: usize| radius - ((at % size) as f64 - centre.0).hypot((at / size) as f64 - centre.1);
        let values = (0..size * size).map(|at| 1.0 / (1.0 + (-odds(at)).exp()) as f32).collect();
        ProbabilityMap::new(size, size, values)
    }

    #[test]
    fn a_disk_is_outlined_as_a_disk_at_every_threshold() {
        let map = disk(64, (30.3, 32.7), 12.4);
        for threshold in [0.03_f32, 0.5, 0.9] {
            let radius = 12.4 - f64::from(log_odds(threshold));
            let found = contour(&map.mask(threshold), Some((&map, threshold)));
            assert_eq!((found.lines.len(), found.specks.len()), (1, 0));
            let disk = std::f64::consts::PI * radius * radius;
            assert!((area(&found.lines) / disk - 1.0).abs() < 0.005, "{threshold}: {} of {disk}", area(&found.lines));
            let away = |p: &Point<f64>| ((p.x - 30.3).hypot(p.y - 32.7) - radius).abs();
            assert!(found.lines[0].iter().all(|p| away(p) < 0.1), "no steps");
        }
    }

    #[test]
    fn the_middles_of_marked_pixels_lie_inside_and_no_others() {
        // Any mask at all, with probabilities that say the same, the opposite or nothing.
        let mut state = 7_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        for share in [0.2, 0.5, 0.8] {
            let map = ProbabilityMap::new(17, 11, (0..17 * 11).map(|_| random()).collect());
            let mask = Mask::new(17, 11, (0..17 * 11).map(|_| random() < share).collect());
            for (mask, with) in [(&mask, Some((&map, 0.5))), (&mask, None), (&map.mask(0.5), Some((&map, 0.5)))] {
                let found = contour(mask, with);
                for at in 0..17 * 11 {
                    let inside = holds(&found.lines, (at % 17) as f64 + 1e-7, (at / 17) as f64 + 1e-7);
                    let expected = mask.pixels()[at] && !found.specks.contains(&Point::new(at % 17, at / 17));
                    assert_eq!(inside, expected, "pixel {at}, share {share}");
                }
            }
        }
    }

    #[test]
    fn specks_have_no_line_and_a_hole_has_one() {
        let ring = |at: usize| {
            let within = |from: usize, to: usize| (from..to).contains(&(at % 20)) && (from..to).contains(&(at / 20));
            within(2, 10) && !within(5, 7)
        };
        let mut pixels: Vec<bool> = (0..400).map(ring).collect();
        for at in [15 * 20 + 15, 15 * 20 + 16, 16 * 20 + 17, 16 * 20 + 18] {
            pixels[at] = true;
        }
        let found = contour(&Mask::new(20, 20, pixels.clone()), None);
        assert_eq!(found.lines.len(), 2);
        assert_eq!(found.specks, [(15, 15), (16, 15), (17, 16), (18, 16)].map(|(x, y)| Point::new(x, y)));
        pixels[17 * 20 + 18] = true;
        let found = contour(&Mask::new(20, 20, pixels), None);
        assert_eq!((found.lines.len(), found.specks.len()), (3, 0), "five pixels are a part");
    }

    #[test]
    fn at_the_edge_of_the_slice_the_line_follows_the_edge() {
        let found = contour(&Mask::new(3, 2, vec![true; 6]), None);
        assert_eq!(found.lines.len(), 1);
        assert!(found.lines[0].iter().all(|p| (-0.5..=2.5).contains(&p.x) && (-0.5..=1.5).contains(&p.y)));
        // The corners of the slice are cut off.
        assert!((area(&found.lines) - (6.0 - 4.0 * 0.125)).abs() < 1e-9);
        assert_eq!(contour(&Mask::new(3, 2, vec![false; 6]), None), Contour::default());
    }
}

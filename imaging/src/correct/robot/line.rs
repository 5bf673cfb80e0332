//! An error into a scribble on it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::DeepestError;
use crate::correct::path;
use crate::correct::prompt::Prompt;
use crate::grid::{Point, Size};

/// Distance of the places of a scribble, in pixels.
const STEP_PX: f32 = 2.0;
/// Cost of a step off the way that is asked for, as a multiple of one on it.
const OFF_THE_WAY: f64 = 20.0;

/// Stretches of a careless scribble that bend by themselves.
const BENDS: usize = 3;

/// How a scribble goes through an error, from one end of it to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// As far from its edges as it can.
    Middle,
    /// Straight.
    Chord,
    /// Along the side on which the label's border is, inside the error.
    Border,
}

/// A scribble through the part of an error that is connected with its deepest point. Its ends keep about as far from the error's
/// edge as its middle does; of a round error it is short.
///
/// `label` is row by row, as the masks of [`deepest_error`](super::deepest_error).
pub fn scribble(error: &DeepestError, label: &[bool], way: Along) -> Prompt {
    let (size, part) = (error.size(), error.part());
    let depth = |at: usize| error.squared_depths[at].sqrt();
    let deepest = error.deepest();
    let from = |start: usize| ways(&part, size, start, |_| 1.0);
    let farthest = |start: usize| {
        let (costs, _) = from(start);
        (0..costs.len())
            .filter(|&at| costs[at].is_finite())
            .max_by(|&a, &b| costs[a].total_cmp(&costs[b]))
            .unwrap_or(start)
    };
    let first = farthest(deepest);
    let last = farthest(first);
    let pixels = match way {
        Along::Middle => walked(&part, size, first, last, |at| 1.0 / error.squared_depths[at]),
        Along::Chord => vec![first, last],
        Along::Border => {
            let beside = |at: usize| at < label.len() && label[at] != label[deepest];
            let on_border = |at: usize| neighbours(at, size).any(|(next, _)| beside(next));
            walked(&part, size, first, last, |at| if on_border(at) { 1.0 } else { OFF_THE_WAY })
        }
    };
    let line: Vec<Point> = pixels.into_iter().map(|at| place(at, size.width)).collect();
    let line = thinned(&path::resampled(&line, 1.0));
    let inside = |p: &Point| path::pixel(*p, size).map(|p| p.y * size.width + p.x).filter(|&at| part[at]);
    let margin = |p: &Point| inside(p).map_or(0.0, depth);
    let line = match way {
        Along::Border => line,
        Along::Middle | Along::Chord => shortened(&line, margin),
    };
    if line.iter().all(|place| inside(place).is_none()) || line.is_empty() {
        return error.click();
    }
    Prompt::scribble(line, error.kind())
}

/// A line without those ends that come closer to the edge than they are deep.
fn shortened(line: &[Point], depth: impl Fn(&Point) -> f64) -> Vec<Point> {
    let kept = |line: &mut dyn Iterator<Item = &Point>| {
        let mut way = 0.0;
        let cut = line.take_while(|place| {
            let inside = way > 0.0 && way >= depth(place);
            way += f64::from(STEP_PX);
            !inside
        });
        cut.count()
    };
    let (front, back) = (kept(&mut line.iter()), kept(&mut line.iter().rev()));
    match line.get(front.min(line.len())..line.len().saturating_sub(back)) {
        Some(middle) if !middle.is_empty() => middle.to_vec(),
        _ => line.iter().copied().max_by(|a, b| depth(a).total_cmp(&depth(b))).into_iter().collect(),
    }
}

/// Every second place of a line whose places are a pixel apart, its end among them.
fn thinned(line: &[Point]) -> Vec<Point> {
    line.iter().step_by(STEP_PX as usize).chain(line.last().filter(|_| line.len() % 2 == 0)).copied().collect()
}

/// The cheapest way between two pixels of a part, where a step onto a pixel costs so much a pixel of its length.
fn walked(part: &[bool], size: Size, from: usize, to: usize, cost: impl Fn(usize) -> f64) -> Vec<usize> {
    let (_, before) = ways(part, size, from, cost);
    let mut way = vec![to];
    while let Some(&at) = way.last()
        && at != from
        && before[at] != usize::MAX
    {
        way.push(before[at]);
    }
    way.reverse();
    way
}

/// Cost of the cheapest way from a pixel to each of a part, and the pixel before it on that way (Dijkstra 1959).
fn ways(part: &[bool], size: Size, from: usize, cost: impl Fn(usize) -> f64) -> (Vec<f64>, Vec<usize>) {
    let mut costs = vec![f64::INFINITY; part.len()];
    let mut before = vec![usize::MAX; part.len()];
    costs[from] = 0.0;
    // Costs are not below zero, so their bits are in their order.
    let mut open = BinaryHeap::from([Reverse((0_u64, from))]);
    while let Some(Reverse((bits, at))) = open.pop() {
        if f64::from_bits(bits) > costs[at] {
            continue;
        }
        for (next, length) in neighbours(at, size).filter(|&(next, _)| part[next]) {
            let total = costs[at] + length * cost(next);
            if total < costs[next] {
                (costs[next], before[next]) = (total, at);
                open.push(Reverse((total.to_bits(), next)));
            }
        }
    }
    (costs, before)
}

/// The eight pixels around a pixel that are on the grid, with their distances.
fn neighbours(at: usize, Size { width, height }: Size) -> impl Iterator<Item = (usize, f64)> {
    let (x, y) = (at % width, at / width);
    let near = |along: usize, length: usize| along.saturating_sub(1)..(along + 2).min(length);
    near(y, height).flat_map(move |row| near(x, width).map(move |column| (column, row))).filter_map(
        move |(column, row)| {
            let diagonal = column != x && row != y;
            let length = if diagonal { std::f64::consts::SQRT_2 } else { 1.0 };
            (row * width + column != at).then_some((row * width + column, length))
        },
    )
}

fn place(at: usize, width: usize) -> Point {
    Point::new((at % width) as f32, (at / width) as f32)
}

/// A scribble as a hand draws it that does not take care: moved, and no longer than asked for.
///
/// `part` of its length is drawn, from the share of it where `noise` says; the whole of it bends by up to `bend_px`, and each place
/// jumps by up to `jitter_px`. `noise` gives numbers of −1 to 1.
pub fn careless(prompt: &Prompt, part: f32, bend_px: f32, jitter_px: f32, noise: &mut dyn FnMut() -> f32) -> Prompt {
    let line = prompt.line();
    if line.len() < 2 {
        return prompt.clone();
    }
    let kept = ((line.len() as f32 * part).round() as usize).clamp(1, line.len());
    let first = ((line.len() - kept) as f32 * (0.5 + 0.5 * noise())).round() as usize;
    let bends: [[f32; 2]; BENDS + 1] = std::array::from_fn(|_| [noise() * bend_px, noise() * bend_px]);
    let moved = line[first..first + kept].iter().enumerate().map(|(at, place)| {
        let along = at as f32 / kept as f32 * BENDS as f32;
        let (index, part) = (along as usize, along.fract());
        let bend = |axis: usize| bends[index][axis] * (1.0 - part) + bends[index + 1][axis] * part;
        Point::new(place.x + bend(0) + noise() * jitter_px, place.y + bend(1) + noise() * jitter_px)
    });
    Prompt::scribble(moved.collect::<Vec<_>>(), prompt.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correct::prompt::PromptKind;
    use crate::correct::robot::deepest_error;

    const WIDTH: usize = 60;

    fn label(inside: impl Fn(usize, usize) -> bool) -> Vec<bool> {
        (0..WIDTH * 40).map(|at| inside(at % WIDTH, at / WIDTH)).collect()
    }

    fn drawn(mask: &[bool], label: &[bool], way: Along) -> Prompt {
        scribble(&deepest_error(mask, label, WIDTH).unwrap(), label, way)
    }

    #[test]
    fn a_scribble_goes_through_the_middle_of_a_long_error() {
        let band = label(|x, y| (5..50).contains(&x) && (10..17).contains(&y));
        for way in [Along::Middle, Along::Chord] {
            let prompt = drawn(&vec![false; band.len()], &band, way);
            assert_eq!(prompt.kind, PromptKind::Tumor);
            let line = prompt.line();
            assert!(path::length_px(line) > 30.0, "{line:?}");
            let [first, last] = [line[0], line[line.len() - 1]];
            assert!((5.0..49.0).contains(&first.x) && (5.0..49.0).contains(&last.x), "{first:?} {last:?}");
        }
        let middle = drawn(&vec![false; band.len()], &band, Along::Middle);
        let straight = middle.line().iter().filter(|place| (place.y - 13.0).abs() <= 1.0).count();
        assert!(straight * 10 >= middle.line().len() * 7, "{:?}", middle.line());
    }

    #[test]
    fn it_stays_inside_a_bent_error() {
        let ring = label(|x, y| {
            let r = (x as f64 - 30.0).hypot(y as f64 - 20.0);
            (10.0..16.0).contains(&r) && !(x > 30 && (15..25).contains(&y))
        });
        let prompt = drawn(&vec![false; ring.len()], &ring, Along::Middle);
        assert!(path::length_px(prompt.line()) > 50.0);
        assert!(prompt.line().iter().all(|p| ring[p.y as usize * WIDTH + p.x as usize]));
    }

    #[test]
    fn along_the_border_it_is_beside_what_is_right() {
        // False tumour: the mask goes 8 pixels too far to the right of a label that ends at 20.
        let (mask, right) = (
            label(|x, y| (5..28).contains(&x) && y > 5 && y < 35),
            label(|x, y| (5..20).contains(&x) && y > 5 && y < 35),
        );
        let prompt = drawn(&mask, &right, Along::Border);
        assert_eq!(prompt.kind, PromptKind::Background);
        let beside = prompt.line().iter().filter(|p| p.x < 22.0).count();
        assert!(beside * 2 > prompt.line().len(), "{:?}", prompt.line());
    }

    #[test]
    fn of_a_dot_it_is_a_click() {
        let dot = label(|x, y| (x, y) == (9, 9));
        let prompt = drawn(&vec![false; dot.len()], &dot, Along::Middle);
        assert_eq!(prompt.click_at(), Some(Point::new(9.0, 9.0)));
    }

    #[test]
    fn a_careless_scribble_is_a_part_of_the_line_and_near_it() {
        let line: Vec<Point> = (0..20).map(|x| Point::new(x as f32 * 2.0, 10.0)).collect();
        let prompt = Prompt::scribble(line, PromptKind::Tumor);
        let mut next = 0.3_f32;
        let mut noise = || {
            next = (next * 7.31 + 0.17).fract();
            next * 2.0 - 1.0
        };
        let drawn = careless(&prompt, 0.5, 2.0, 0.5, &mut noise);
        assert_eq!(drawn.line().len(), 10);
        assert!(drawn.line().iter().all(|place| (place.y - 10.0).abs() <= 2.5));
        assert!(drawn.line().iter().any(|place| place.y != 10.0));
        assert_eq!(careless(&prompt, 1.0, 0.0, 0.0, &mut noise), prompt);
    }
}

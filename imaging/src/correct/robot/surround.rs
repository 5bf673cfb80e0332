//! A label into a loop or a box around it.

use crate::correct::path;
use crate::correct::prompt::{Prompt, PromptKind};
use crate::grid::{Point, Size, middle_from_corner};
use crate::measure::hull;

/// Distance of the places of a loop, in pixels.
const STEP_PX: f32 = 3.0;

/// How a person goes round a tumour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hand {
    /// By two corners, so far from it on each side, in pixels: left, top, right, bottom.
    Box([f32; 4]),
    /// By a line around its convex hull, so far from it, in pixels, at every eighth of the way round; between those the distance
    /// goes over smoothly.
    Loop([f32; 8]),
}

/// A loop or a box around all that is marked of a label, row by row, `width` a row; none if nothing is.
pub fn surround(label: &[bool], width: usize, hand: Hand) -> Option<Prompt> {
    let marked = (0..label.len()).filter(|&at| label[at]);
    let corners = hull(marked.map(|at| Point::new((at % width) as f64, (at / width) as f64)).collect());
    let corners: Vec<Point> = corners.into_iter().map(|Point { x, y }| Point::new(x as f32, y as f32)).collect();
    let first = *corners.first()?;
    let (mut low, mut high) = (first, first);
    for corner in &corners {
        low = Point::new(low.x.min(corner.x), low.y.min(corner.y));
        high = Point::new(high.x.max(corner.x), high.y.max(corner.y));
    }
    let size = Size::new(width, label.len() / width);
    let within = |at: f32, length: usize| at.clamp(middle_from_corner(0.0), middle_from_corner(length as f32));
    let on_slice = |Point { x, y }: Point| Point::new(within(x, size.width), within(y, size.height));
    Some(match hand {
        Hand::Box([left, top, right, bottom]) => {
            let (a, b) = (Point::new(low.x - left, low.y - top), Point::new(high.x + right, high.y + bottom));
            Prompt::boxed(on_slice(a), on_slice(b), PromptKind::Tumor)
        }
        Hand::Loop(distances) => {
            let middle = Point::new(f32::midpoint(low.x, high.x), f32::midpoint(low.y, high.y));
            let closed: Vec<Point> = corners.iter().chain(corners.first()).copied().collect();
            let places = path::resampled(&closed, STEP_PX);
            let count = places.len();
            let away = places.into_iter().enumerate().map(|(at, place)| {
                let distance = smooth(&distances, at as f32 / count as f32);
                let (dx, dy) = (place.x - middle.x, place.y - middle.y);
                let length = dx.hypot(dy).max(1.0);
                on_slice(Point::new(place.x + dx / length * distance, place.y + dy / length * distance))
            });
            let mut line: Vec<Point> = away.collect();
            if count == 1 {
                // Around a single pixel.
                let (Point { x, y }, d) = (first, distances[0].max(1.0));
                line = [(-d, 0.0), (0.0, -d), (d, 0.0), (0.0, d)].map(|(dx, dy)| Point::new(x + dx, y + dy)).to_vec();
            }
            Prompt::around(line, PromptKind::Tumor)
        }
    })
}

/// A value between some at equal distances on a circle, at a share of the way round.
fn smooth(values: &[f32; 8], share: f32) -> f32 {
    let at = share * values.len() as f32;
    let index = at as usize % values.len();
    let part = at.fract();
    let eased = part * part * (3.0 - 2.0 * part);
    values[index] + (values[(index + 1) % values.len()] - values[index]) * eased
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 40;

    fn disk(radius: f64) -> Vec<bool> {
        (0..WIDTH * 40).map(|at| ((at % WIDTH) as f64 - 20.0).hypot((at / WIDTH) as f64 - 20.0) <= radius).collect()
    }

    fn held(prompt: &Prompt) -> Vec<bool> {
        let mut held = vec![false; WIDTH * 40];
        path::inside(prompt.line(), Size::new(WIDTH, 40)).into_iter().for_each(|at| held[at] = true);
        held
    }

    #[test]
    fn both_hold_all_of_the_tumour() {
        let label = disk(7.0);
        for hand in [
            Hand::Box([1.0, 2.0, 0.6, 3.0]),
            Hand::Loop([2.0; 8]),
            Hand::Loop([1.0, 4.0, 2.0, 5.0, 1.0, 3.0, 2.0, 4.0]),
        ] {
            let prompt = surround(&label, WIDTH, hand).unwrap();
            assert!(prompt.is_loop() && prompt.is_tumor());
            let held = held(&prompt);
            let missed = (0..label.len()).filter(|&at| label[at] && !held[at]).count();
            assert_eq!(missed, 0, "{hand:?}");
            let beside = (0..label.len()).filter(|&at| !label[at] && held[at]).count();
            assert!((30..260).contains(&beside), "{hand:?}: {beside}");
        }
        assert_eq!(surround(&vec![false; 1600], WIDTH, Hand::Loop([2.0; 8])), None);
    }

    #[test]
    fn a_single_pixel_has_a_loop_around_it() {
        let label: Vec<bool> = (0..WIDTH * 40).map(|at| at == 15 * WIDTH + 9).collect();
        let prompt = surround(&label, WIDTH, Hand::Loop([2.0; 8])).unwrap();
        assert!(held(&prompt)[15 * WIDTH + 9]);
    }

    #[test]
    fn it_ends_at_the_edge_of_the_slice() {
        let prompt = surround(&disk(30.0), WIDTH, Hand::Box([9.0; 4])).unwrap();
        assert!(prompt.line().iter().all(|p| (-0.5..=39.5).contains(&p.x) && (-0.5..=39.5).contains(&p.y)));
    }
}

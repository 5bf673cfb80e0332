//! A robot that clicks as a clinician would: where the mask is most wrong.

use imaging::{Click, ClickKind, squared_depths};
use rand::{Rng, RngExt};

/// How a robot chooses a point of an error.
pub enum Aim<'a, R: Rng> {
    /// The point farthest from the error's edge: the standard robot (Sofiiuk et al. 2021, arXiv 2102.06583).
    Deepest,
    /// Any point at least half as deep.
    Deep(&'a mut R),
    /// Any point of the error.
    Anywhere(&'a mut R),
}

/// A click on the larger error: missed tumour or false tumour, whichever has the deeper point; nothing where the mask is
/// the label.
///
/// Masks are row by row, `width` pixels a row. The outside of the image counts as no error, so the robot keeps off its
/// edges.
pub fn next_click<R: Rng>(mask: &[bool], label: &[bool], width: usize, aim: Aim<R>) -> Option<Click> {
    let depths = |wrong: &dyn Fn(bool, bool) -> bool| {
        squared_depths(&mask.iter().zip(label).map(|(&mask, &label)| wrong(mask, label)).collect::<Vec<_>>(), width)
    };
    let errors = [
        (ClickKind::Tumor, depths(&|mask, label| label && !mask)),
        (ClickKind::Background, depths(&|mask, label| mask && !label)),
    ];
    let deepest = |depths: &[f64]| depths.iter().copied().fold(0.0, f64::max);
    let (kind, depths) = errors.into_iter().rev().max_by(|a, b| deepest(&a.1).total_cmp(&deepest(&b.1)))?;
    let depth = deepest(&depths);
    if depth == 0.0 {
        return None;
    }
    let (floor, rng) = match aim {
        Aim::Deepest => (depth, None),
        // Depths are squared: half as deep is a quarter.
        Aim::Deep(rng) => (depth / 4.0, Some(rng)),
        Aim::Anywhere(rng) => (f64::MIN_POSITIVE, Some(rng)),
    };
    let candidates: Vec<usize> = (0..depths.len()).filter(|&index| depths[index] >= floor).collect();
    let index = candidates[rng.map_or(0, |rng| rng.random_range(0..candidates.len()))];
    Some(Click { x: (index % width) as f32, y: (index / width) as f32, kind })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    const WIDTH: usize = 30;

    fn rectangle(left: usize, top: usize, width: usize, height: usize) -> Vec<bool> {
        (0..WIDTH * 20)
            .map(|at| (left..left + width).contains(&(at % WIDTH)) && (top..top + height).contains(&(at / WIDTH)))
            .collect()
    }

    fn deepest(mask: &[bool], label: &[bool]) -> Option<Click> {
        next_click::<StdRng>(mask, label, WIDTH, Aim::Deepest)
    }

    #[test]
    fn a_perfect_mask_gets_no_click() {
        let label = rectangle(3, 3, 9, 9);
        assert_eq!(deepest(&label, &label), None);
        assert_eq!(deepest(&[false; WIDTH * 20], &[false; WIDTH * 20]), None);
    }

    #[test]
    fn the_click_is_in_the_middle_of_the_deeper_error() {
        // Missed: 9 × 9 around (7, 7). Wrong: 5 × 5 around (22, 12).
        let (label, mask) = (rectangle(3, 3, 9, 9), rectangle(20, 10, 5, 5));
        assert_eq!(deepest(&mask, &label), Some(Click { x: 7.0, y: 7.0, kind: ClickKind::Tumor }));
        assert_eq!(deepest(&label, &mask), Some(Click { x: 7.0, y: 7.0, kind: ClickKind::Background }));
    }

    #[test]
    fn the_edge_of_the_image_is_an_edge_of_the_error() {
        let click = deepest(&[false; WIDTH * 20], &rectangle(0, 0, 9, 9)).unwrap();
        assert_eq!((click.x, click.y), (4.0, 4.0));
    }

    #[test]
    fn a_random_click_is_inside_the_error() {
        let mut rng = StdRng::seed_from_u64(2);
        for _ in 0..50 {
            let aim = Aim::Deep(&mut rng);
            let click = next_click(&[false; WIDTH * 20], &rectangle(3, 3, 9, 9), WIDTH, aim).unwrap();
            // Five deep in the middle: half of it is three or more, two off the middle.
            assert!((click.x - 7.0).abs() <= 2.0 && (click.y - 7.0).abs() <= 2.0, "{click:?}");
            let aim = Aim::Anywhere(&mut rng);
            let click = next_click(&[false; WIDTH * 20], &rectangle(3, 3, 9, 9), WIDTH, aim).unwrap();
            assert!((click.x - 7.0).abs() <= 4.0 && (click.y - 7.0).abs() <= 4.0, "{click:?}");
        }
    }
}

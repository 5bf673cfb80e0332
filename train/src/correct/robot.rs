//! A robot that clicks as a clinician would: where the mask is most wrong.

use imaging::{Click, deepest_error};
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
    let error = deepest_error(mask, label, width)?;
    let (share, rng) = match aim {
        Aim::Deepest => return Some(error.click()),
        Aim::Deep(rng) => (0.5, rng),
        Aim::Anywhere(rng) => (0.0, rng),
    };
    let candidates = error.at_least(share);
    Some(error.click_on(candidates[rng.random_range(0..candidates.len())]))
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

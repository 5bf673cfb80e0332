//! The mask of a slice between two whose masks are right.

use super::carry::of_both;
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::{squared_depths, squared_distances};

/// The probabilities of a slice from what the network drew of a mask on its one side and of a mask on its other: the mean of
/// their log-odds, the nearer one weighing more. `share` is how far the slice lies on the way from the first to the second, 0..=1.
///
/// # Panics
///
/// If the two have different sizes.
pub fn between(first: &ProbabilityMap, second: &ProbabilityMap, share: f32, threshold: f32) -> ProbabilityMap {
    of_both(first, second, threshold, |first, second| (1.0 - share) * first + share * second)
}

/// The same by the shapes alone: what lies inside the mean of both masks' signed distances to their outlines, in pixels.
///
/// # Source
///
/// Raya and Udupa, "Shape-based interpolation of multidimensional objects", IEEE Trans. Med. Imaging 9 (1990).
///
/// # Panics
///
/// If the two have different sizes.
pub fn interpolated(first: &Mask, second: &Mask, share: f32) -> Mask {
    let (width, height) = (first.width(), first.height());
    assert_eq!((second.width(), second.height()), (width, height), "both are of one size");
    let (a, b) = (signed_distances(first), signed_distances(second));
    let share = f64::from(share);
    let inside = a.iter().zip(&b).map(|(a, b)| (1.0 - share) * a + share * b > 0.0);
    Mask::new(width, height, inside.collect())
}

/// Distances to the outline, which lies halfway between pixels: positive inside, negative outside.
fn signed_distances(mask: &Mask) -> Vec<f64> {
    let outside: Vec<bool> = mask.pixels().iter().map(|marked| !marked).collect();
    let far = (mask.width() + mask.height()) as f64;
    if mask.area_px() == 0 {
        return vec![-far; outside.len()];
    }
    let inwards = squared_depths(mask.pixels(), mask.width());
    let outwards = squared_distances(mask.pixels(), mask.width());
    inwards
        .iter()
        .zip(outwards)
        .map(|(&inwards, outwards)| if inwards > 0.0 { inwards.sqrt() - 0.5 } else { 0.5 - outwards.sqrt() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(x: f64, y: f64, radius: f64) -> Mask {
        let inside = |at: usize| ((at % 64) as f64 - x).hypot((at / 64) as f64 - y) <= radius;
        Mask::new(64, 64, (0..64 * 64).map(inside).collect())
    }

    #[test]
    fn the_nearer_answer_weighs_more() {
        let map = |value: f32| ProbabilityMap::new(1, 1, vec![value]);
        let marked = |first, second, share| between(&map(first), &map(second), share, 0.03).mask(0.03).contains(0, 0);
        assert!(marked(0.9, 0.9, 0.5) && marked(0.9, 0.3, 0.5) && marked(0.3, 0.9, 0.5));
        assert!(!marked(0.9, 0.05, 0.7) && marked(0.9, 0.05, 0.3));
        assert!(!marked(0.4, 0.4, 0.5), "a low threshold takes even odds here");
        assert!(marked(1.0, 0.0, 0.25), "certain of either, the nearer one decides");
    }

    #[test]
    fn a_shape_between_two_has_their_mean_size_and_place() {
        let (first, second) = (disk(28.0, 30.0, 6.0), disk(36.0, 30.0, 14.0));
        let differs = |found: &Mask, expected: &Mask| {
            found.pixels().iter().zip(expected.pixels()).filter(|(a, b)| a != b).count()
        };
        // Around one middle the mean of the distances is that of a disk; of two that lie apart it is so about.
        let expected = disk(32.0, 30.0, 10.0);
        let around = interpolated(&disk(32.0, 30.0, 6.0), &disk(32.0, 30.0, 14.0), 0.5);
        assert!(differs(&around, &expected) * 20 < expected.area_px(), "{}", differs(&around, &expected));
        let middle = interpolated(&first, &second, 0.5);
        assert!(differs(&middle, &expected) * 8 < expected.area_px(), "{}", differs(&middle, &expected));
        assert_eq!(interpolated(&first, &second, 0.0), first);
        assert_eq!(interpolated(&first, &second, 1.0), second);
        let none = Mask::new(64, 64, vec![false; 64 * 64]);
        assert_eq!(interpolated(&first, &none, 0.5).area_px(), 0, "a shape that ends, ends before the next slice");
    }
}

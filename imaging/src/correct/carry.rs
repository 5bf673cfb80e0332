//! A mask that the network drew from a neighbouring slice's, kept from growing on its way through a volume.

use crate::mask::{Mask, ProbabilityMap, log_odds, probability};
use crate::measure::Overlap;

/// Log-odds beyond which a look at a slice says no more: a certain yes and a certain no then weigh the same.
const CERTAIN: f32 = 4.0;
/// Dice from which the network's own look at a slice is believed in full.
const BELIEVED: f64 = 0.5;

/// How far the network's `own` mask of a slice is to be believed beside the `right` one, 0..=1: a tumour that it does not see
/// on one slice it does not see on the next either.
///
/// # Panics
///
/// If the two have different sizes.
pub fn trust(own: &Mask, right: &Mask) -> f32 {
    let dice = Overlap::between(own, right).expect("both are of one slice").dice();
    (dice.unwrap_or(1.0) / BELIEVED).min(1.0) as f32
}

/// The probabilities of a slice that a neighbour's mask was carried to: the mean log-odds of the network's `own` look at the
/// slice, as far as it is believed by [`trust`], and of its `answer` to the neighbour's mask.
///
/// The answer leans towards the mask that it was given, and what is carried on from it leans further. As after a click
/// ([`crate::confine`]), tumour takes more than even odds where the mask's `threshold` is lower.
///
/// # Panics
///
/// If the two have different sizes.
pub fn carried(own: &ProbabilityMap, answer: &ProbabilityMap, trust: f32, threshold: f32) -> ProbabilityMap {
    of_both(own, answer, threshold, |own, answer| f32::midpoint(trust * own, answer))
}

/// The probabilities of a slice from two looks at it, whose log-odds `mean` puts together. Tumour takes more than even odds where
/// the mask's `threshold` is lower.
///
/// # Panics
///
/// If the two have different sizes.
pub(super) fn of_both(
    first: &ProbabilityMap,
    second: &ProbabilityMap,
    threshold: f32,
    mean: impl Fn(f32, f32) -> f32,
) -> ProbabilityMap {
    let size = (second.width(), second.height());
    assert_eq!((first.width(), first.height()), size, "both are of one slice");
    let look = |probability: f32| log_odds(probability).clamp(-CERTAIN, CERTAIN);
    let values = first.values().iter().zip(second.values()).map(|(&first, &second)| {
        let mean = mean(look(first), look(second));
        let value = probability(mean);
        // Not above even odds, but above a low threshold, it would still count as tumour.
        if mean <= 0.0 && value >= threshold { 0.0 } else { value }
    });
    ProbabilityMap::new(size.0, size.1, values.collect())
}

/// The way that a mask takes through its volume: down to the last slice, then from where it began up to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Towards the last slice, the first of the two.
    Down,
    /// Towards the first slice.
    Up,
}

/// Where a mask goes from the slice that it has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onward<T> {
    /// To this slice.
    To(T),
    /// Back to the slice where it began, and from there up.
    Turn,
    /// Nowhere: both ways are done.
    Done,
}

impl Way {
    /// From a slice to the next.
    pub fn step(self) -> isize {
        match self {
            Self::Down => 1,
            Self::Up => -1,
        }
    }

    /// Where a mask goes from the slice that it has come to: to the `next` slice on this way, if there is one that can take it
    /// (it has the same size, and nobody has corrected it). A mask in which nothing is `marked` goes no further.
    pub fn onward<T>(self, marked: bool, next: Option<T>) -> Onward<T> {
        match (next.filter(|_| marked), self) {
            (Some(next), _) => Onward::To(next),
            (None, Self::Down) => Onward::Turn,
            (None, Self::Up) => Onward::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a pixel is marked that the network itself gives `own`, and `answer` to a carried mask, at a low threshold.
    fn marked(own: f32, answer: f32, trust: f32) -> bool {
        let map = |value| ProbabilityMap::new(1, 1, vec![value]);
        carried(&map(own), &map(answer), trust, 0.03).mask(0.03).contains(0, 0)
    }

    #[test]
    fn both_looks_count() {
        assert!(marked(0.9, 0.9, 1.0) && marked(0.3, 0.9, 1.0) && marked(0.9, 0.3, 1.0));
        assert!(!marked(0.1, 0.6, 1.0) && !marked(0.6, 0.1, 1.0));
        assert!(!marked(0.4, 0.4, 1.0), "a low threshold takes even odds here");
        assert!(!marked(0.0, 1.0, 1.0), "certain of either, they weigh the same");
    }

    #[test]
    fn a_tumour_that_the_network_does_not_see_is_carried() {
        let mask = |marked: &[usize]| Mask::new(4, 1, (0..4).map(|at| marked.contains(&at)).collect());
        assert_eq!(trust(&mask(&[]), &mask(&[1, 2])), 0.0);
        assert_eq!(trust(&mask(&[1]), &mask(&[1, 2, 3])), 1.0, "half of it is enough");
        assert_eq!(trust(&mask(&[]), &mask(&[])), 1.0);
        assert!(marked(0.0, 0.9, 0.0) && !marked(0.0, 0.4, 0.0));
    }

    #[test]
    fn a_threshold_above_even_odds_holds() {
        let map = ProbabilityMap::new(2, 1, vec![0.7, 0.95]);
        assert_eq!(carried(&map, &map, 1.0, 0.9).mask(0.9).pixels(), [false, true]);
    }

    #[test]
    fn a_mask_goes_down_until_it_is_empty_then_up_to_the_first_slice() {
        // Of seven slices, from the third; the sixth takes no mask that marks anything.
        let (mut way, mut at, mut visited) = (Way::Down, 2_usize, Vec::new());
        loop {
            let next = at.checked_add_signed(way.step()).filter(|&next| next < 7);
            match way.onward(at != 5, next) {
                Onward::To(next) => {
                    visited.push(next);
                    at = next;
                }
                Onward::Turn => (way, at) = (Way::Up, 2),
                Onward::Done => break,
            }
        }
        assert_eq!(visited, [3, 4, 5, 1, 0]);
    }
}

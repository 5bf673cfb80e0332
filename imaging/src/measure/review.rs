//! Slices of a volume that a person should look at before a mask is used.

use std::ops::Range;

/// What is known of a slice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SliceState {
    /// Probability that there is tumour at all; none while the network has not looked.
    pub presence: Option<f32>,
    /// Marked pixels.
    pub area_px: usize,
    /// Whether the program removed small parts of the mask.
    pub parts_removed: bool,
    /// Whether a person corrected the mask, and so has looked already.
    pub corrected: bool,
}

/// Why a slice should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The network is unsure whether there is tumour.
    Unsure,
    /// The mask ends here, above or below: tumour reaches a slice further more often than anywhere else.
    End,
    /// The program removed small parts of the mask.
    PartsRemoved,
}

/// The slices to look at, by their numbers from 0, with the gravest reason of each.
///
/// `unsure` are the probabilities of tumour between those of slices with tumour and those without.
pub fn review(slices: &[SliceState], unsure: &Range<f32>) -> Vec<(usize, Reason)> {
    let marked = |at: Option<usize>| at.and_then(|at| slices.get(at)).is_some_and(|slice| slice.area_px > 0);
    let reason = |(at, slice): (usize, &SliceState)| {
        let presence = slice.presence.filter(|_| !slice.corrected)?;
        let ends = marked(Some(at)) && !(marked(at.checked_sub(1)) && marked(at.checked_add(1)));
        let reason = match () {
            () if unsure.contains(&presence) => Reason::Unsure,
            () if slice.parts_removed => Reason::PartsRemoved,
            () if ends => Reason::End,
            () => return None,
        };
        Some((at, reason))
    };
    slices.iter().enumerate().filter_map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(presence: f32, area_px: usize) -> SliceState {
        SliceState { presence: Some(presence), area_px, ..SliceState::default() }
    }

    #[test]
    fn unsure_slices_the_ends_of_a_mask_and_what_was_removed_are_looked_at() {
        let mut slices = vec![
            slice(0.01, 0),
            slice(0.4, 0),
            slice(0.99, 30),
            slice(1.0, 300),
            slice(1.0, 310),
            slice(0.6, 90),
            slice(0.01, 0),
            slice(0.02, 0),
        ];
        slices[6].parts_removed = true;
        let found = review(&slices, &(0.1..0.9));
        use Reason::{End, PartsRemoved, Unsure};
        assert_eq!(found, [(1, Unsure), (2, End), (5, Unsure), (6, PartsRemoved)]);
        // What a person corrected was looked at.
        slices[1].corrected = true;
        assert_eq!(review(&slices, &(0.1..0.9)).len(), 3);
    }

    #[test]
    fn a_mask_on_one_slice_or_up_to_the_last_has_ends_there() {
        assert_eq!(review(&[slice(1.0, 5)], &(0.1..0.9)), [(0, Reason::End)]);
        let all = vec![slice(1.0, 5); 4];
        assert_eq!(review(&all, &(0.1..0.9)), [(0, Reason::End), (3, Reason::End)]);
    }

    #[test]
    fn slices_without_an_answer_are_not_listed() {
        let drawn = SliceState { area_px: 9, ..SliceState::default() };
        assert!(review(&[SliceState::default(), drawn], &(0.1..0.9)).is_empty());
    }
}

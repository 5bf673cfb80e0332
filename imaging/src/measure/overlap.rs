//! How far a mask and a label agree: Dice and intersection over union.

use thiserror::Error;

use crate::grid::Size;
use crate::mask::Mask;

/// A mask and a label that do not lie on one grid.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the label is {label} pixels, the slice {mask}")]
pub struct GridMismatch {
    /// Size of the label.
    pub label: Size,
    /// Size of the mask.
    pub mask: Size,
}

/// Pixel counts of a mask against a label; counts of several slices add up to those of a volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Pixels in both.
    pub both: usize,
    /// Pixels in the mask.
    pub mask: usize,
    /// Pixels in the label.
    pub label: usize,
}

impl Overlap {
    /// Counts of one slice.
    ///
    /// # Errors
    ///
    /// [`GridMismatch`] if the sizes differ.
    pub fn between(mask: &Mask, label: &Mask) -> Result<Self, GridMismatch> {
        let [size, label_size] = [mask, label].map(Mask::size);
        if size != label_size {
            return Err(GridMismatch { label: label_size, mask: size });
        }
        let both = mask.pixels().iter().zip(label.pixels()).filter(|(m, l)| **m && **l).count();
        Ok(Self { both, mask: mask.area_px(), label: label.area_px() })
    }

    /// `2 |A ∩ B| / (|A| + |B|)`, or nothing where both are empty: there is then nothing to agree on.
    pub fn dice(&self) -> Option<f64> {
        ratio(2 * self.both, self.mask + self.label)
    }

    /// `|A ∩ B| / |A ∪ B|` (the Jaccard index), or nothing where both are empty.
    pub fn iou(&self) -> Option<f64> {
        ratio(self.both, self.mask + self.label - self.both)
    }
}

impl std::ops::AddAssign for Overlap {
    fn add_assign(&mut self, other: Self) {
        self.both += other.both;
        self.mask += other.mask;
        self.label += other.label;
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rows: [&str; 2]) -> Mask {
        Mask::new(rows[0].len(), 2, rows.concat().chars().map(|c| c == '#').collect())
    }

    #[test]
    fn counts_by_hand() {
        let overlap = Overlap::between(&mask(["##..", "...."]), &mask([".##.", ".#.."])).unwrap();
        assert_eq!(overlap, Overlap { both: 1, mask: 2, label: 3 });
        assert_eq!((overlap.dice(), overlap.iou()), (Some(0.4), Some(0.25)));
    }

    #[test]
    fn two_empty_masks_have_no_score() {
        let empty = mask(["...", "..."]);
        let overlap = Overlap::between(&empty, &empty).unwrap();
        assert_eq!((overlap.dice(), overlap.iou()), (None, None));
    }

    #[test]
    fn another_size_is_an_error_that_names_both() {
        let error = Overlap::between(&mask(["...", "..."]), &mask(["..", ".."])).unwrap_err();
        assert_eq!(error.to_string(), "the label is 2 × 2 pixels, the slice 3 × 2");
    }
}

//! A mask and a label into the prompt that a clinician would make: on the deepest point of the larger error, along that error, or
//! around the tumour.

mod line;
mod surround;

pub use line::{Along, careless, scribble};
pub use surround::{Hand, surround};

use crate::correct::prompt::{Prompt, PromptKind};
use crate::grid::Size;
use crate::mask::connected;
use crate::measure::squared_depths;

/// Missed tumour or false tumour of a mask, whichever has the deeper point.
#[derive(Clone, Debug, PartialEq)]
pub struct DeepestError {
    /// What a click on it says.
    kind: PromptKind,
    /// Of every pixel, row by row, the squared distance to the nearest that is no part of the error; zero outside of it.
    squared_depths: Vec<f64>,
    /// The largest of them.
    squared_depth: f64,
    width: usize,
}

/// The error of a mask with the deepest point; nothing where the mask is the label.
///
/// Both are row by row, `width` pixels a row. The outside of the image counts as no error, so the deepest point keeps off its
/// edges. Of equally deep ones, missed tumour comes first.
pub fn deepest_error(mask: &[bool], label: &[bool], width: usize) -> Option<DeepestError> {
    let error = |kind: PromptKind, wrong: fn(bool, bool) -> bool| {
        let wrong: Vec<bool> = mask.iter().zip(label).map(|(&mask, &label)| wrong(mask, label)).collect();
        let squared_depths = squared_depths(&wrong, width);
        let squared_depth = squared_depths.iter().copied().fold(0.0, f64::max);
        DeepestError { kind, squared_depths, squared_depth, width }
    };
    let missed = error(PromptKind::Tumor, |mask, label| label && !mask);
    let false_tumor = error(PromptKind::Background, |mask, label| mask && !label);
    let deeper = if false_tumor.squared_depth > missed.squared_depth { false_tumor } else { missed };
    (deeper.squared_depth > 0.0).then_some(deeper)
}

impl DeepestError {
    /// A click on the point farthest from the error's edge, of equals the first: the standard robot (Sofiiuk et al. 2021,
    /// arXiv 2102.06583).
    pub fn click(&self) -> Prompt {
        self.click_on(self.deepest())
    }

    /// What a prompt on it says.
    pub fn kind(&self) -> PromptKind {
        self.kind
    }

    /// How deep its deepest point is, in pixels.
    pub fn depth_px(&self) -> f64 {
        self.squared_depth.sqrt()
    }

    /// The part of the error that is connected with its deepest point.
    pub fn part(&self) -> Vec<bool> {
        let height = self.squared_depths.len() / self.width;
        connected(self.width, height, std::iter::once(self.deepest()), |at| self.squared_depths[at] > 0.0)
    }

    /// Pixels of the error that are at least so deep, as a share of the deepest; with a share of 0, all of them.
    pub fn at_least(&self, share: f64) -> Vec<usize> {
        let least = (share * share * self.squared_depth).max(f64::MIN_POSITIVE);
        (0..self.squared_depths.len()).filter(|&at| self.squared_depths[at] >= least).collect()
    }

    /// The point farthest from the error's edge, of equals the first.
    fn deepest(&self) -> usize {
        self.at_least(1.0)[0]
    }

    fn size(&self) -> Size {
        Size::new(self.width, self.squared_depths.len() / self.width)
    }

    /// A click on a pixel that mends this error.
    pub fn click_on(&self, pixel: usize) -> Prompt {
        Prompt::click((pixel % self.width) as f32, (pixel / self.width) as f32, self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 30;

    fn rectangle(left: usize, top: usize, width: usize, height: usize) -> Vec<bool> {
        (0..WIDTH * 20)
            .map(|at| (left..left + width).contains(&(at % WIDTH)) && (top..top + height).contains(&(at / WIDTH)))
            .collect()
    }

    fn click(mask: &[bool], label: &[bool]) -> Option<Prompt> {
        deepest_error(mask, label, WIDTH).map(|error| error.click())
    }

    #[test]
    fn a_perfect_mask_has_no_error() {
        let label = rectangle(3, 3, 9, 9);
        assert_eq!(click(&label, &label), None);
        assert_eq!(click(&[false; WIDTH * 20], &[false; WIDTH * 20]), None);
    }

    #[test]
    fn the_click_is_in_the_middle_of_the_deeper_error() {
        // Missed: 9 × 9 around (7, 7). Wrong: 5 × 5 around (22, 12).
        let (label, mask) = (rectangle(3, 3, 9, 9), rectangle(20, 10, 5, 5));
        assert_eq!(click(&mask, &label), Some(Prompt::click(7.0, 7.0, PromptKind::Tumor)));
        assert_eq!(click(&label, &mask), Some(Prompt::click(7.0, 7.0, PromptKind::Background)));
    }

    #[test]
    fn of_equally_deep_errors_missed_tumour_comes_first() {
        let (label, mask) = (rectangle(3, 3, 5, 5), rectangle(20, 10, 5, 5));
        assert_eq!(click(&mask, &label).map(|click| click.kind), Some(PromptKind::Tumor));
        assert_eq!(click(&label, &mask).map(|click| click.kind), Some(PromptKind::Tumor));
    }

    #[test]
    fn the_edge_of_the_image_is_an_edge_of_the_error() {
        let click = click(&[false; WIDTH * 20], &rectangle(0, 0, 9, 9)).unwrap();
        assert_eq!(click.click_at(), Some(crate::grid::Point::new(4.0, 4.0)));
    }

    #[test]
    fn depths_are_shares_of_the_deepest() {
        let error = deepest_error(&[false; WIDTH * 20], &rectangle(3, 3, 9, 9), WIDTH).unwrap();
        // Five deep in the middle: half of it is three or more, so 5 × 5 pixels.
        assert_eq!([0.0, 0.5, 1.0].map(|share| error.at_least(share).len()), [81, 25, 1]);
    }
}

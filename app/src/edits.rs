//! What a person corrected on a slice, step by step, and the mask that follows from it.
//!
//! Everything that can be undone lies in one history. The network's answers are kept with the clicks that asked for
//! them, so undoing brings an earlier mask back exactly.

use std::sync::Arc;

use imaging::{Click, ClickKind, Mask, ProbabilityMap};

/// One step of the history.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Another set of clicks.
    Clicks(Clicks),
    /// Pixels that were painted or erased by hand.
    Stroke(Stroke),
    /// Another threshold.
    Threshold(f32),
}

/// The clicks that hold from a step on, and what the network made of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clicks {
    /// The clicks, the newest last.
    pub clicks: Vec<Click>,
    /// The mask that they correct; none if they are to be taken together with the network's own answer.
    pub previous: Option<Arc<Mask>>,
    /// The network's answer, once it came.
    pub answer: Option<Arc<ProbabilityMap>>,
}

impl Clicks {
    /// Whether the network has something to answer; otherwise its automatic answer stands.
    pub fn is_question(&self) -> bool {
        !self.clicks.is_empty() || self.previous.is_some()
    }
}

/// Pixels that were painted or erased by hand in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Their places, row by row.
    pub pixels: Vec<usize>,
    /// What they became.
    pub kind: ClickKind,
}

/// The history of one slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits {
    done: Vec<Edit>,
    undone: Vec<Edit>,
}

impl Edits {
    /// Takes a step; what was undone is gone. A threshold right after a threshold replaces it.
    pub fn take(&mut self, edit: Edit) {
        self.undone.clear();
        if let (Edit::Threshold(_), Some(Edit::Threshold(_))) = (&edit, self.done.last()) {
            self.done.pop();
        }
        self.done.push(edit);
    }

    /// Takes the step to other clicks on the mask `previous`, which the network has still to answer.
    pub fn ask(&mut self, clicks: Vec<Click>, previous: Option<Arc<Mask>>) {
        self.take(Edit::Clicks(Clicks { clicks, previous, answer: None }));
    }

    /// Goes a step back, if there is one.
    pub fn undo(&mut self) -> bool {
        let edit = self.done.pop();
        let went = edit.is_some();
        self.undone.extend(edit);
        went
    }

    /// Goes a step forth again, if there is one.
    pub fn redo(&mut self) -> bool {
        let edit = self.undone.pop();
        let went = edit.is_some();
        self.done.extend(edit);
        went
    }

    /// Whether there is a step to undo.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is a step to redo.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Whether anything but the threshold was changed.
    pub fn is_corrected(&self) -> bool {
        self.done.iter().any(|edit| !matches!(edit, Edit::Threshold(_)))
    }

    /// The clicks that hold.
    pub fn clicks(&self) -> &[Click] {
        self.latest_clicks().map_or(&[], |clicks| &clicks.clicks)
    }

    /// The clicks that the network has still to answer.
    pub fn unanswered(&self) -> Option<&Clicks> {
        self.latest_clicks().filter(|clicks| clicks.is_question() && clicks.answer.is_none())
    }

    /// Keeps the network's answer to the clicks that hold.
    pub fn answer(&mut self, answer: Arc<ProbabilityMap>) {
        let latest = self.done.iter_mut().rev().find_map(|edit| match edit {
            Edit::Clicks(clicks) => Some(clicks),
            _ => None,
        });
        if let Some(clicks) = latest {
            clicks.answer = Some(answer);
        }
    }

    /// The threshold that was set, if any.
    pub fn threshold(&self) -> Option<f32> {
        self.done.iter().rev().find_map(|edit| match edit {
            Edit::Threshold(threshold) => Some(*threshold),
            _ => None,
        })
    }

    /// The probabilities that hold: the network's latest answer, the automatic one where no clicks are left.
    pub fn map<'a>(&'a self, automatic: Option<&'a Arc<ProbabilityMap>>) -> Option<&'a Arc<ProbabilityMap>> {
        for edit in self.done.iter().rev() {
            match edit {
                Edit::Clicks(clicks) if !clicks.is_question() => return automatic,
                Edit::Clicks(Clicks { answer: Some(answer), .. }) => return Some(answer),
                _ => {} // Until an answer comes, the one before it is shown.
            }
        }
        automatic
    }

    /// The mask of a `width × height` slice.
    ///
    /// Strokes outrank the network; the pixel of a click ends on the side that was asked for, unless a later stroke
    /// covers it.
    pub fn mask(
        &self,
        automatic: Option<&Arc<ProbabilityMap>>,
        threshold: f32,
        (width, height): (usize, usize),
    ) -> Mask {
        let mut pixels = match self.map(automatic) {
            Some(map) => map.mask(threshold).into_pixels(),
            None => vec![false; width * height],
        };
        let holding = self.clicks();
        let mut known = 0;
        for edit in &self.done {
            match edit {
                Edit::Stroke(stroke) => {
                    stroke.pixels.iter().for_each(|&at| pixels[at] = stroke.kind == ClickKind::Tumor)
                }
                Edit::Clicks(clicks) => {
                    let new = clicks.clicks.get(known..).unwrap_or_default();
                    new.iter().filter(|click| holding.contains(click)).for_each(|click| {
                        pixels[click.y as usize * width + click.x as usize] = click.kind == ClickKind::Tumor;
                    });
                    known = clicks.clicks.len();
                }
                Edit::Threshold(_) => {}
            }
        }
        Mask::new(width, height, pixels)
    }

    fn latest_clicks(&self) -> Option<&Clicks> {
        self.done.iter().rev().find_map(|edit| match edit {
            Edit::Clicks(clicks) => Some(clicks),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize) = (4, 2);
    const ADD: Click = Click { x: 3.0, y: 0.0, kind: ClickKind::Tumor };
    const REMOVE: Click = Click { x: 0.0, y: 1.0, kind: ClickKind::Background };

    fn map(values: [f32; 8]) -> Arc<ProbabilityMap> {
        Arc::new(ProbabilityMap::new(4, 2, values.to_vec()))
    }

    fn automatic() -> Arc<ProbabilityMap> {
        map([0.9, 0.0, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0])
    }

    fn clicks(clicks: &[Click], answer: Option<Arc<ProbabilityMap>>) -> Edit {
        Edit::Clicks(Clicks { clicks: clicks.to_vec(), previous: None, answer })
    }

    fn stroke(pixels: &[usize], kind: ClickKind) -> Edit {
        Edit::Stroke(Stroke { pixels: pixels.to_vec(), kind })
    }

    fn marked(edits: &Edits) -> Vec<usize> {
        let mask = edits.mask(Some(&automatic()), edits.threshold().unwrap_or(0.5), SIZE);
        (0..8).filter(|&at| mask.pixels()[at]).collect()
    }

    #[test]
    fn undo_and_redo_bring_every_mask_back() {
        let mut edits = Edits::default();
        let mut masks = vec![marked(&edits)];
        for edit in [
            clicks(&[ADD], Some(map([0.9, 0.0, 0.9, 0.9, 0.9, 0.0, 0.0, 0.0]))),
            stroke(&[5], ClickKind::Tumor),
            Edit::Threshold(0.95),
            clicks(&[ADD, REMOVE], Some(map([0.99, 0.0, 0.99, 0.1, 0.99, 0.0, 0.0, 0.0]))),
            stroke(&[0, 2], ClickKind::Background),
        ] {
            edits.take(edit);
            masks.push(marked(&edits));
        }
        assert_eq!(
            masks,
            [vec![0, 4], vec![0, 2, 3, 4], vec![0, 2, 3, 4, 5], vec![3, 5], vec![0, 2, 3, 5], vec![3, 5]]
        );
        for mask in masks.iter().rev().skip(1) {
            assert!(edits.undo());
            assert_eq!(&marked(&edits), mask);
        }
        assert!(!edits.undo());
        for mask in masks.iter().skip(1) {
            assert!(edits.redo());
            assert_eq!(&marked(&edits), mask);
        }
        assert!(!edits.redo());
    }

    #[test]
    fn strokes_survive_later_clicks_and_cover_earlier_ones() {
        let mut edits = Edits::default();
        edits.take(clicks(&[ADD], Some(automatic())));
        edits.take(stroke(&[3, 5], ClickKind::Background));
        edits.take(clicks(&[ADD, REMOVE], Some(map([0.9; 8]))));
        assert_eq!(marked(&edits), [0, 1, 2, 6, 7]);
    }

    #[test]
    fn until_the_answer_comes_the_earlier_one_is_shown_with_the_clicks_own_pixel() {
        let mut edits = Edits::default();
        edits.take(clicks(&[ADD], None));
        assert_eq!(marked(&edits), [0, 3, 4]);
        assert_eq!(edits.unanswered().map(|clicks| clicks.clicks.len()), Some(1));
        edits.answer(map([0.0; 8]));
        assert_eq!(marked(&edits), [3]);
        assert_eq!(edits.unanswered(), None);
    }

    #[test]
    fn a_deleted_click_no_longer_holds_its_pixel() {
        let mut edits = Edits::default();
        edits.take(clicks(&[ADD], Some(automatic())));
        edits.take(clicks(&[], None));
        assert_eq!(marked(&edits), [0, 4]);
        assert_eq!(edits.unanswered(), None);
        edits.undo();
        assert_eq!(marked(&edits), [0, 3, 4]);
    }

    #[test]
    fn a_dragged_threshold_is_one_step_and_a_new_step_forgets_what_was_undone() {
        let mut edits = Edits::default();
        [0.4, 0.5, 0.6].into_iter().for_each(|threshold| edits.take(Edit::Threshold(threshold)));
        assert_eq!(edits.threshold(), Some(0.6));
        assert!(edits.undo() && !edits.can_undo() && edits.can_redo());
        edits.take(stroke(&[1], ClickKind::Tumor));
        assert!(!edits.redo() && edits.is_corrected());
    }

    #[test]
    fn a_hundred_steps_can_be_undone() {
        let mut edits = Edits::default();
        (0..150).for_each(|step| edits.take(stroke(&[step % 8], ClickKind::Tumor)));
        assert_eq!((0..200).filter(|_| edits.undo()).count(), 150);
        assert_eq!(marked(&edits), [0, 4]);
    }
}

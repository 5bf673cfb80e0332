//! What a person corrected on a slice, step by step, and the mask that follows from it.
//!
//! Everything that can be undone lies in one history. The network's answers are kept with the clicks that asked for
//! them, so undoing brings an earlier mask back exactly.

use std::sync::Arc;

use imaging::{Click, ClickKind, Mask, ProbabilityMap, carried, confine};

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
    /// What of the network's answer is taken over.
    pub scope: Scope,
    /// The probabilities that hold since the network answered.
    pub answer: Option<Arc<ProbabilityMap>>,
}

/// Where the network's answer counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Scope {
    /// Everywhere.
    #[default]
    Whole,
    /// Around some clicks; elsewhere goes on to hold what was shown before the first of them.
    Around(Vec<Click>, Shown),
    /// Everywhere, as far as its own look at the slice agrees: it was given a neighbouring slice's mask.
    Beside {
        /// How far that look is believed, see [`imaging::trust`].
        trust: f32,
    },
    /// Nowhere: the mask was made elsewhere, and covers all strokes before it.
    Given,
}

impl Clicks {
    /// A mask that was made elsewhere, with the clicks that led to it.
    pub fn given(mask: &Mask, clicks: Vec<Click>) -> Self {
        let values = mask.pixels().iter().map(|&marked| f32::from(u8::from(marked))).collect();
        let answer = Arc::new(ProbabilityMap::new(mask.width(), mask.height(), values));
        Self { clicks, previous: Some(Arc::new(mask.clone())), scope: Scope::Given, answer: Some(answer) }
    }

    /// Whether the network has something to answer; otherwise its automatic answer stands.
    pub fn is_question(&self) -> bool {
        !self.clicks.is_empty() || self.previous.is_some()
    }
}

/// What is on screen: a mask and the probabilities behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The mask.
    pub mask: Arc<Mask>,
    /// The probabilities, before anything was done by hand.
    pub map: Arc<ProbabilityMap>,
}

/// Pixels that were painted or erased by hand in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Their places, row by row; none on a slice of a group that nothing changed on.
    pub pixels: Vec<usize>,
    /// What they became.
    pub kind: ClickKind,
    /// Strokes of one number were made on many slices at once, and are undone and redone together.
    pub group: Option<u32>,
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

    /// Takes the step of one more click, which the network has still to answer. `shown` is the mask that it corrects
    /// and the probabilities behind it, if the network has looked at the slice.
    pub fn click(&mut self, click: Click, shown: Option<Shown>) {
        let scope = match (self.unanswered().map(|clicks| &clicks.scope), &shown) {
            (Some(Scope::Around(waiting, before)), _) => {
                Scope::Around([waiting, &[click][..]].concat(), before.clone())
            }
            (_, Some(shown)) => Scope::Around(vec![click], shown.clone()),
            (_, None) => Scope::Whole,
        };
        let clicks = [self.clicks(), &[click]].concat();
        self.ask(clicks, shown.map(|shown| shown.mask), scope);
    }

    /// Takes the step back to the other clicks than the `index`-th, all of them answered anew from the network's own
    /// mask.
    ///
    /// # Panics
    ///
    /// If there are no more than `index` clicks.
    pub fn remove_click(&mut self, index: usize, automatic: Option<Shown>) {
        let mut clicks = self.clicks().to_vec();
        clicks.remove(index);
        match automatic.filter(|_| !clicks.is_empty()) {
            Some(shown) => self.ask(clicks.clone(), Some(shown.mask.clone()), Scope::Around(clicks, shown)),
            None => self.ask(clicks, None, Scope::Whole),
        }
    }

    /// Takes the step to a mask that the network draws from a neighbouring slice's, on which its own look deserved this
    /// `trust`.
    pub fn carry(&mut self, neighbour: Arc<Mask>, trust: f32) {
        self.ask(Vec::new(), Some(neighbour), Scope::Beside { trust });
    }

    fn ask(&mut self, clicks: Vec<Click>, previous: Option<Arc<Mask>>, scope: Scope) {
        self.take(Edit::Clicks(Clicks { clicks, previous, scope, answer: None }));
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

    /// The latest step, if it is a stroke.
    pub fn latest_stroke(&self) -> Option<&Stroke> {
        as_stroke(self.done.last())
    }

    /// The step that redo would take, if it is a stroke.
    pub fn next_stroke(&self) -> Option<&Stroke> {
        as_stroke(self.undone.last())
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
        self.done.iter().any(|edit| match edit {
            Edit::Clicks(_) => true,
            Edit::Stroke(stroke) => !stroke.pixels.is_empty(),
            Edit::Threshold(_) => false,
        })
    }

    /// The clicks that hold.
    pub fn clicks(&self) -> &[Click] {
        self.latest_clicks().map_or(&[], |clicks| &clicks.clicks)
    }

    /// The clicks that the network has still to answer.
    pub fn unanswered(&self) -> Option<&Clicks> {
        self.latest_clicks().filter(|clicks| clicks.is_question() && clicks.answer.is_none())
    }

    /// Keeps what of the network's answer to the clicks that hold is in their scope, at the threshold of the mask. Its
    /// `automatic` answer was given before; `scale` is the slice's [`imaging::click_scale`].
    pub fn answer(&mut self, answer: ProbabilityMap, automatic: &ProbabilityMap, threshold: f32, scale: f32) {
        let latest = self.done.iter_mut().rev().find_map(|edit| match edit {
            Edit::Clicks(clicks) => Some(clicks),
            _ => None,
        });
        if let Some(clicks) = latest {
            clicks.answer = Some(Arc::new(match &clicks.scope {
                Scope::Around(around, Shown { mask, map }) => confine(map, &answer, mask, threshold, around, scale),
                Scope::Beside { trust } => carried(automatic, &answer, *trust, threshold),
                Scope::Whole | Scope::Given => answer,
            }));
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
        let given = self.done.iter().rposition(|edit| matches!(edit, Edit::Clicks(Clicks { scope: Scope::Given, .. })));
        let mut known = 0;
        for edit in &self.done[given.unwrap_or(0)..] {
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

fn as_stroke(edit: Option<&Edit>) -> Option<&Stroke> {
    match edit {
        Some(Edit::Stroke(stroke)) => Some(stroke),
        _ => None,
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
        Edit::Clicks(Clicks { clicks: clicks.to_vec(), answer, ..Clicks::default() })
    }

    fn stroke(pixels: &[usize], kind: ClickKind) -> Edit {
        Edit::Stroke(Stroke { pixels: pixels.to_vec(), kind, group: None })
    }

    fn marked(edits: &Edits) -> Vec<usize> {
        let mask = edits.mask(Some(&automatic()), edits.threshold().unwrap_or(0.5), SIZE);
        (0..8).filter(|&at| mask.pixels()[at]).collect()
    }

    #[test]
    fn a_given_mask_stands_at_any_threshold_and_later_clicks_go_on_from_it() {
        let mut edits = Edits::default();
        let given = Mask::new(4, 2, vec![false, true, true, false, false, false, false, true]);
        edits.take(Edit::Clicks(Clicks::given(&given, vec![REMOVE])));
        assert!(edits.is_corrected() && edits.unanswered().is_none());
        for threshold in [0.05, 0.95] {
            edits.take(Edit::Threshold(threshold));
            assert_eq!(marked(&edits), [1, 2, 7]);
        }
        edits.click(ADD, None);
        assert_eq!(edits.clicks(), [REMOVE, ADD]);
        assert_eq!(marked(&edits), [1, 2, 3, 7], "until the network answers");
    }

    #[test]
    fn a_given_mask_covers_earlier_strokes_and_not_later_ones() {
        let mut edits = Edits::default();
        edits.take(stroke(&[0, 1, 2, 3, 4, 5, 6, 7], ClickKind::Background));
        let given = Mask::new(4, 2, vec![false, true, true, false, false, false, false, true]);
        edits.take(Edit::Clicks(Clicks::given(&given, Vec::new())));
        assert_eq!(marked(&edits), [1, 2, 7]);
        edits.take(stroke(&[2, 3], ClickKind::Background));
        assert_eq!(marked(&edits), [1, 7]);
        edits.undo();
        edits.undo();
        assert!(marked(&edits).is_empty());
    }

    #[test]
    fn a_step_on_many_slices_is_told_apart_and_corrects_only_where_it_changes_something() {
        let groups = |edits: &Edits| {
            [edits.latest_stroke(), edits.next_stroke()].map(|stroke| stroke.and_then(|stroke| stroke.group))
        };
        let mut edits = Edits::default();
        edits.take(Edit::Stroke(Stroke { pixels: Vec::new(), kind: ClickKind::Background, group: Some(7) }));
        assert!(edits.can_undo() && !edits.is_corrected());
        assert_eq!(groups(&edits), [Some(7), None]);
        edits.undo();
        assert_eq!(groups(&edits), [None, Some(7)]);
        edits.redo();
        edits.take(stroke(&[1], ClickKind::Tumor));
        assert!(edits.is_corrected());
        assert_eq!(groups(&edits)[0], None);
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
        edits.answer(ProbabilityMap::empty(4, 2), &automatic(), 0.5, 1.0);
        assert_eq!(marked(&edits), [3]);
        assert_eq!(edits.unanswered(), None);
    }

    #[test]
    fn the_answer_to_a_click_counts_around_it() {
        let blank = Arc::new(ProbabilityMap::empty(64, 64));
        let near = |at: usize| (20..30).contains(&(at % 64)) && (20..30).contains(&(at / 64));
        let far = |at: usize| at % 64 > 50 && at / 64 > 50;
        let answer = |marked: &dyn Fn(usize) -> bool| {
            ProbabilityMap::new(64, 64, (0..64 * 64).map(|at| if marked(at) { 0.9 } else { 0.0 }).collect())
        };
        let at = |x: f32, y: f32, kind| Click { x, y, kind };
        let mask_of = |edits: &Edits| edits.mask(Some(&blank), 0.5, (64, 64));
        let on_screen = |edits: &Edits| Shown {
            mask: Arc::new(mask_of(edits)),
            map: edits.map(Some(&blank)).expect("the network has looked").clone(),
        };

        let mut edits = Edits::default();
        edits.click(at(25.0, 25.0, ClickKind::Tumor), Some(on_screen(&edits)));
        edits.answer(answer(&|at| near(at) || far(at)), &blank, 0.5, 0.25);
        assert!(mask_of(&edits) == answer(&near).mask(0.5));

        // Two clicks before the network answered: both are in its scope.
        edits.click(at(60.0, 60.0, ClickKind::Tumor), Some(on_screen(&edits)));
        edits.click(at(40.0, 5.0, ClickKind::Background), Some(on_screen(&edits)));
        edits.answer(answer(&far), &blank, 0.5, 0.25);
        assert!(mask_of(&edits) == answer(&|at| near(at) || far(at)).mask(0.5));

        // Without the first one, the others are answered from the automatic mask on.
        edits.remove_click(0, Some(Shown { mask: Arc::new(blank.mask(0.5)), map: blank.clone() }));
        edits.answer(answer(&|at| near(at) || far(at)), &blank, 0.5, 0.25);
        assert!(mask_of(&edits) == answer(&far).mask(0.5));
        assert_eq!(edits.clicks().len(), 2);
    }

    #[test]
    fn a_click_before_the_network_looked_is_answered_everywhere() {
        let mut edits = Edits::default();
        edits.click(ADD, None);
        edits.answer(ProbabilityMap::new(4, 2, vec![0.9; 8]), &automatic(), 0.5, 1.0);
        assert_eq!(marked(&edits), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_carried_mask_is_answered_together_with_the_networks_own_look() {
        let own = ProbabilityMap::new(4, 2, vec![0.9, 0.3, 0.01, 0.01, 0.9, 0.01, 0.01, 0.01]);
        let answer = ProbabilityMap::new(4, 2, vec![0.9, 0.9, 0.9, 0.01, 0.01, 0.01, 0.01, 0.01]);
        let mut edits = Edits::default();
        edits.carry(Arc::new(automatic().mask(0.5)), 1.0);
        edits.answer(answer, &own, 0.03, 1.0);
        assert_eq!(marked(&edits), [0, 1]);
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

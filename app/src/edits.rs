//! What a person corrected on a slice, step by step, and the mask that follows from it.
//!
//! Everything that can be undone lies in one history. The network's answers are kept with the clicks that asked for
//! them, so undoing brings an earlier mask back exactly.

use std::sync::Arc;

use imaging::{Click, ClickKind, Diameters, Mask, ProbabilityMap, carried, confine, obey};

/// One step of the history, by itself or a part of a step over many slices.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What changes on this slice.
    pub edit: Edit,
    /// The step over many slices that it is a part of, if any.
    pub shared: Option<Shared>,
}

/// A step over many slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Its parts on all slices have this number.
    pub group: u32,
    /// What was done.
    pub what: What,
}

/// What is done on many slices at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The program left small parts out once all slices had an answer.
    SmallParts,
    /// A person kept the largest part only.
    LargestPart,
    /// The mask was propagated from slice to slice.
    Propagated,
    /// A mask came from a file.
    FromFile,
    /// Another threshold for the study.
    Threshold,
}

/// What a step changes on a slice.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Another set of clicks.
    Clicks(Clicks),
    /// Pixels that were painted or erased by hand.
    Stroke(Stroke),
    /// Another threshold.
    Threshold(f32),
    /// Diameters drawn by hand, or none where the computed ones count again. Those of one `drag` are one step.
    Diameters {
        /// The lines.
        lines: Option<Diameters>,
        /// The drag that drew them.
        drag: u32,
    },
    /// Nothing: a step over many slices changed others. It has its place here so that undo finds it.
    Elsewhere,
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

/// Pixels that were painted or erased in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Their places, row by row.
    pub pixels: Vec<usize>,
    /// What they became.
    pub kind: ClickKind,
}

impl Step {
    /// Whether a person changed the mask with it, by more than the threshold.
    fn corrects(&self) -> bool {
        match &self.edit {
            Edit::Clicks(_) => true,
            Edit::Stroke(stroke) => !stroke.pixels.is_empty() && !self.is_by_program(),
            Edit::Threshold(_) | Edit::Diameters { .. } | Edit::Elsewhere => false,
        }
    }

    /// Whether the program made it unasked.
    fn is_by_program(&self) -> bool {
        self.shared.is_some_and(|shared| shared.what == What::SmallParts)
    }

    /// What it does, in a few words.
    pub fn named(&self) -> String {
        let text = match (&self.edit, self.shared.map(|shared| shared.what)) {
            (Edit::Threshold(threshold), _) => return format!("threshold {threshold:.2}"),
            (_, Some(What::SmallParts)) => "small parts left out",
            (_, Some(What::LargestPart)) => "largest part only",
            (_, Some(What::Propagated)) => "mask propagated",
            (_, Some(What::FromFile)) => "mask from a file",
            (_, Some(What::Threshold)) => "threshold",
            (Edit::Clicks(Clicks { scope: Scope::Given, .. }), None) => "mask taken over",
            (Edit::Clicks(Clicks { scope: Scope::Beside { .. }, .. }), None) => "mask propagated",
            (Edit::Clicks(_), None) => "click",
            (Edit::Stroke(Stroke { kind: ClickKind::Tumor, .. }), None) => "painted",
            (Edit::Stroke(_), None) => "erased",
            (Edit::Diameters { .. }, None) => "diameters",
            (Edit::Elsewhere, None) => "nothing here",
        };
        text.into()
    }
}

/// The history of one slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits {
    done: Vec<Step>,
    /// What was undone, the next to redo last, each with its place among what is done.
    undone: Vec<(usize, Step)>,
}

impl Edits {
    /// Takes a step; what was undone is gone. A threshold right after a threshold replaces it, and so do diameters of the
    /// same drag.
    pub fn take(&mut self, edit: Edit) {
        self.undone.clear();
        let replaces = match (&edit, self.done.last()) {
            (Edit::Threshold(_), Some(Step { edit: Edit::Threshold(_), shared: None })) => true,
            (Edit::Diameters { drag, .. }, Some(Step { edit: Edit::Diameters { drag: before, .. }, .. })) => {
                drag == before
            }
            _ => false,
        };
        if replaces {
            self.done.pop();
        }
        self.done.push(Step { edit, shared: None });
    }

    /// Takes a part of a step over many slices; what was undone is gone.
    pub fn take_shared(&mut self, edit: Edit, shared: Shared) {
        self.undone.clear();
        self.done.push(Step { edit, shared: Some(shared) });
    }

    /// Takes another edit in place of that of a group, where it has one; what was undone is gone.
    pub fn replace(&mut self, group: u32, edit: Edit) {
        self.undone.clear();
        if let Some(step) = self.done.iter_mut().rev().find(|step| is_of(step, group)) {
            step.edit = edit;
        }
    }

    /// Leaves a mark that a step over many slices changed others, unless it has a part here.
    pub fn mark_elsewhere(&mut self, shared: Shared) {
        if !self.has(shared.group) {
            self.take_shared(Edit::Elsewhere, shared);
        }
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
    /// `trust`; by itself, or as a part of a step over many slices.
    pub fn carry(&mut self, neighbour: Arc<Mask>, trust: f32, shared: Option<Shared>) {
        self.ask(Vec::new(), Some(neighbour), Scope::Beside { trust });
        if let Some(step) = self.done.last_mut() {
            step.shared = shared;
        }
    }

    fn ask(&mut self, clicks: Vec<Click>, previous: Option<Arc<Mask>>, scope: Scope) {
        self.take(Edit::Clicks(Clicks { clicks, previous, scope, answer: None }));
    }

    /// Goes a step back, if there is one.
    pub fn undo(&mut self) -> bool {
        let Some(at) = self.done.len().checked_sub(1) else { return false };
        self.take_back(at);
        true
    }

    /// Goes a step forth again, if there is one.
    pub fn redo(&mut self) -> bool {
        let Some(at) = self.undone.len().checked_sub(1) else { return false };
        self.bring_back(at);
        true
    }

    /// Takes the part of a step over many slices back, whatever followed it; whether the mask or the threshold may have
    /// changed by that.
    pub fn undo_shared(&mut self, group: u32) -> bool {
        let Some(at) = self.done.iter().rposition(|step| is_of(step, group)) else { return false };
        let changes = self.done[at].edit != Edit::Elsewhere;
        self.take_back(at);
        changes
    }

    /// Brings the part of a step over many slices back to its place; whether the mask or the threshold may have changed
    /// by that.
    pub fn redo_shared(&mut self, group: u32) -> bool {
        let Some(at) = self.undone.iter().rposition(|(_, step)| is_of(step, group)) else { return false };
        let changes = self.undone[at].1.edit != Edit::Elsewhere;
        self.bring_back(at);
        changes
    }

    /// Takes the slice's own steps back and its parts in the corrections of many; the threshold of its study stays.
    pub fn undo_all(&mut self) {
        while let Some(at) = self.done.iter().rposition(Self::is_reset) {
            self.take_back(at);
        }
    }

    /// Whether there is something for [`Self::undo_all`].
    pub fn can_undo_all(&self) -> bool {
        self.done.iter().any(Self::is_reset)
    }

    fn is_reset(step: &Step) -> bool {
        match step.edit {
            Edit::Elsewhere => false,
            Edit::Threshold(_) => step.shared.is_none(),
            _ => true,
        }
    }

    /// Forgets a step over many slices that can be redone.
    pub fn forget_undone(&mut self, group: u32) {
        self.undone.retain(|(_, step)| !is_of(step, group));
    }

    /// Forgets what the program did unasked, which followed from answers that no longer count.
    pub fn forget_the_programs(&mut self) {
        while let Some(at) = self.done.iter().position(Step::is_by_program) {
            self.take_back(at);
        }
        self.undone.retain(|(_, step)| !step.is_by_program());
    }

    fn take_back(&mut self, at: usize) {
        let step = self.done.remove(at);
        self.undone.iter_mut().filter(|(place, _)| *place > at).for_each(|(place, _)| *place -= 1);
        self.undone.push((at, step));
    }

    fn bring_back(&mut self, at: usize) {
        let (place, step) = self.undone.remove(at);
        let place = place.min(self.done.len());
        self.undone.iter_mut().filter(|(other, _)| *other >= place).for_each(|(other, _)| *other += 1);
        self.done.insert(place, step);
    }

    /// The step that undo takes back.
    pub fn latest(&self) -> Option<&Step> {
        self.done.last()
    }

    /// The step that redo brings back.
    pub fn next(&self) -> Option<&Step> {
        self.undone.last().map(|(_, step)| step)
    }

    /// The steps over many slices that can be redone.
    pub fn undone_groups(&self) -> impl Iterator<Item = u32> + '_ {
        self.undone.iter().filter_map(|(_, step)| step.shared.map(|shared| shared.group))
    }

    /// Whether a step over many slices has a part here that holds.
    pub fn has(&self, group: u32) -> bool {
        self.done.iter().any(|step| is_of(step, group))
    }

    /// Whether there is a step to undo.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is a step to redo.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Whether a person changed the mask by more than the threshold.
    pub fn is_corrected(&self) -> bool {
        self.done.iter().any(Step::corrects)
    }

    /// Whether the program left small parts of the mask out.
    pub fn lacks_small_parts(&self) -> bool {
        self.done
            .iter()
            .any(|step| step.is_by_program() && matches!(&step.edit, Edit::Stroke(stroke) if !stroke.pixels.is_empty()))
    }

    /// Whether the whole slice has an answer here: the network's to clicks, or a mask that was made elsewhere.
    pub fn holds_answer(&self) -> bool {
        self.done.iter().any(|step| matches!(&step.edit, Edit::Clicks(Clicks { answer: Some(_), .. })))
    }

    /// The diameters that were drawn by hand, if any count.
    pub fn diameters(&self) -> Option<Diameters> {
        let drawn = self.done.iter().rev().find_map(|step| match &step.edit {
            Edit::Diameters { lines, .. } => Some(*lines),
            _ => None,
        });
        drawn.flatten()
    }

    /// The clicks that hold.
    pub fn clicks(&self) -> &[Click] {
        self.latest_clicks().map_or(&[], |clicks| &clicks.clicks)
    }

    /// The click that the latest step added, if it added one.
    pub fn newest_click(&self) -> Option<Click> {
        match &self.done.last()?.edit {
            Edit::Clicks(Clicks { clicks, scope: Scope::Whole | Scope::Around(..), .. }) => clicks.last().copied(),
            _ => None,
        }
    }

    /// The clicks that the network has still to answer.
    pub fn unanswered(&self) -> Option<&Clicks> {
        self.latest_clicks().filter(|clicks| clicks.is_question() && clicks.answer.is_none())
    }

    /// Keeps what of the network's answer to the clicks that hold is in their scope, at the threshold of the mask. Its
    /// `automatic` answer was given before; `scale` is the slice's [`imaging::click_scale`].
    pub fn answer(&mut self, answer: ProbabilityMap, automatic: &ProbabilityMap, threshold: f32, scale: f32) {
        let latest = self.done.iter_mut().rev().find_map(|step| match &mut step.edit {
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
        self.done.iter().rev().find_map(|step| match &step.edit {
            Edit::Threshold(threshold) => Some(*threshold),
            _ => None,
        })
    }

    /// The probabilities that hold: the network's latest answer, the automatic one where no clicks are left.
    pub fn map<'a>(&'a self, automatic: Option<&'a Arc<ProbabilityMap>>) -> Option<&'a Arc<ProbabilityMap>> {
        for step in self.done.iter().rev() {
            match &step.edit {
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
        let is_given = |step: &Step| matches!(&step.edit, Edit::Clicks(Clicks { scope: Scope::Given, .. }));
        let given = self.done.iter().rposition(is_given);
        let mut known = 0;
        for step in &self.done[given.unwrap_or(0)..] {
            match &step.edit {
                Edit::Stroke(stroke) => {
                    stroke.pixels.iter().for_each(|&at| pixels[at] = stroke.kind == ClickKind::Tumor)
                }
                Edit::Clicks(clicks) => {
                    let new = clicks.clicks.get(known..).unwrap_or_default();
                    obey(&mut pixels, width, new.iter().filter(|click| holding.contains(click)));
                    known = clicks.clicks.len();
                }
                Edit::Threshold(_) | Edit::Diameters { .. } | Edit::Elsewhere => {}
            }
        }
        Mask::new(width, height, pixels)
    }

    fn latest_clicks(&self) -> Option<&Clicks> {
        self.done.iter().rev().find_map(|step| match &step.edit {
            Edit::Clicks(clicks) => Some(clicks),
            _ => None,
        })
    }
}

/// Whether a step is a part of one over many slices.
fn is_of(step: &Step, group: u32) -> bool {
    step.shared.is_some_and(|shared| shared.group == group)
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
        Edit::Stroke(Stroke { pixels: pixels.to_vec(), kind })
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

    fn shared(group: u32, what: What) -> Shared {
        Shared { group, what }
    }

    #[test]
    fn what_the_program_erases_is_no_correction_and_what_a_person_asks_for_is() {
        let mut edits = Edits::default();
        edits.take_shared(stroke(&[0], ClickKind::Background), shared(7, What::SmallParts));
        assert!(edits.can_undo() && !edits.is_corrected() && edits.lacks_small_parts());
        assert_eq!(marked(&edits), [4]);
        edits.undo();
        assert!(!edits.lacks_small_parts());
        assert_eq!(marked(&edits), [0, 4]);
        edits.take_shared(stroke(&[0], ClickKind::Background), shared(8, What::LargestPart));
        assert!(edits.is_corrected() && !edits.lacks_small_parts());
    }

    #[test]
    fn a_step_that_changed_other_slices_has_its_place_and_changes_nothing() {
        let mut edits = Edits::default();
        edits.mark_elsewhere(shared(7, What::LargestPart));
        edits.mark_elsewhere(shared(7, What::LargestPart));
        assert!(edits.can_undo() && !edits.is_corrected() && !edits.can_undo_all());
        assert_eq!(edits.latest().map(Step::named).as_deref(), Some("largest part only"));
        assert!(!edits.undo_shared(7), "no mask changes");
        assert!(!edits.can_undo() && edits.can_redo(), "it was one step");
    }

    #[test]
    fn a_part_of_a_step_over_many_slices_leaves_from_the_middle_and_comes_back_there() {
        let mut edits = Edits::default();
        edits.take_shared(stroke(&[0, 4], ClickKind::Background), shared(7, What::LargestPart));
        edits.take(stroke(&[4, 5], ClickKind::Tumor));
        assert_eq!(marked(&edits), [4, 5]);
        assert!(edits.undo_shared(7));
        assert_eq!(marked(&edits), [0, 4, 5]);
        assert!(edits.redo_shared(7));
        assert_eq!(marked(&edits), [4, 5], "what was painted later still covers it");

        // The same where the later step is undone in between.
        edits.undo_shared(7);
        edits.undo();
        assert_eq!(marked(&edits), [0, 4]);
        edits.redo_shared(7);
        edits.redo();
        assert_eq!(marked(&edits), [4, 5]);
        assert!(!edits.undo_shared(9) && !edits.redo_shared(9), "there is no such step");
    }

    #[test]
    fn taking_everything_back_leaves_the_threshold_of_the_study() {
        let mut edits = Edits::default();
        edits.take_shared(Edit::Threshold(0.95), shared(1, What::Threshold));
        edits.take(stroke(&[1], ClickKind::Tumor));
        edits.take_shared(stroke(&[1], ClickKind::Background), shared(2, What::LargestPart));
        edits.undo_all();
        assert!(!edits.can_undo_all() && edits.threshold() == Some(0.95));
        assert!(edits.redo() && edits.redo() && !edits.redo());
        assert!(edits.is_corrected());
    }

    #[test]
    fn other_answers_make_what_the_program_erased_void() {
        let mut edits = Edits::default();
        edits.take_shared(stroke(&[0], ClickKind::Background), shared(7, What::SmallParts));
        edits.take(stroke(&[5], ClickKind::Tumor));
        edits.forget_the_programs();
        assert_eq!(marked(&edits), [0, 4, 5]);
        assert!(!edits.can_redo());
    }

    #[test]
    fn drawn_diameters_are_a_step_for_each_drag() {
        let lines = |to: f64| {
            let line = imaging::Diameter { ends: [(0.0, 0.0), (to, 0.0)] };
            Some(Diameters { longest: line, perpendicular: line })
        };
        let mut edits = Edits::default();
        for (to, drag) in [(1.0, 1), (2.0, 1), (3.0, 2)] {
            edits.take(Edit::Diameters { lines: lines(to), drag });
        }
        assert!(!edits.is_corrected());
        assert_eq!(edits.diameters(), lines(3.0));
        edits.undo();
        assert_eq!(edits.diameters(), lines(2.0));
        edits.take(Edit::Diameters { lines: None, drag: 3 });
        assert_eq!(edits.diameters(), None);
        edits.undo();
        edits.undo();
        assert!(!edits.can_undo());
    }

    #[test]
    fn the_newest_click_is_that_of_the_latest_step() {
        let mut edits = Edits::default();
        assert_eq!(edits.newest_click(), None);
        edits.click(REMOVE, None);
        edits.click(ADD, None);
        assert_eq!(edits.newest_click(), Some(ADD));
        edits.undo();
        assert_eq!(edits.newest_click(), Some(REMOVE));
        edits.take(stroke(&[1], ClickKind::Tumor));
        assert_eq!(edits.newest_click(), None);
    }

    #[test]
    fn a_stroke_alone_is_no_answer() {
        let mut edits = Edits::default();
        edits.take(stroke(&[1], ClickKind::Tumor));
        edits.take(clicks(&[ADD], None));
        assert!(!edits.holds_answer());
        edits.take(Edit::Clicks(Clicks::given(&automatic().mask(0.5), Vec::new())));
        assert!(edits.holds_answer());
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
        edits.carry(Arc::new(automatic().mask(0.5)), 1.0, None);
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

//! What a person corrected on a slice, step by step, and the mask that follows from it.
//!
//! Everything that can be undone lies in one history. The network's answers are kept with the prompts that asked for
//! them, so undoing brings an earlier mask back exactly.

use std::sync::Arc;

use imaging::{Diameters, Mask, ProbabilityMap, Prompt, PromptKind, Size, Underlay, between, carried, confine, obey};

use super::step::{Edit, Prompts, Scope, Shared, Shown, Step};

/// The history of one slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits {
    done: Vec<Step>,
    /// What was undone, the next to redo last, each with its place among what is done.
    undone: Vec<(usize, Step)>,
}

impl Edits {
    /// A history of these steps, none undone.
    pub fn of_steps(done: Vec<Step>) -> Self {
        Self { done, undone: Vec::new() }
    }

    /// The steps that hold, the newest last.
    pub fn steps(&self) -> &[Step] {
        &self.done
    }

    /// Takes a step; what was undone is gone. A threshold right after a threshold replaces it, and so do diameters of the
    /// same drag.
    pub fn take(&mut self, edit: Edit) {
        self.undone.clear();
        let replaces = match (&edit, self.done.last()) {
            (Edit::Threshold(_), Some(Step { edit: Edit::Threshold(_), shared: None, .. })) => true,
            (Edit::Diameters { drag, .. }, Some(Step { edit: Edit::Diameters { drag: before, .. }, .. })) => {
                drag == before
            }
            _ => false,
        };
        if replaces {
            self.done.pop();
        }
        self.done.push(Step::now(edit, None));
    }

    /// Takes a part of a step over many slices; what was undone is gone.
    pub fn take_shared(&mut self, edit: Edit, shared: Shared) {
        self.undone.clear();
        self.done.push(Step::now(edit, Some(shared)));
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

    /// Takes the step of one more prompt, which the network has still to answer. `shown` is the mask that it corrects
    /// and the probabilities behind it, if the network has looked at the slice.
    pub fn prompt(&mut self, prompt: Prompt, shown: Option<Shown>) {
        let new = std::slice::from_ref(&prompt);
        let scope = match (self.unanswered().map(|prompts| &prompts.scope), &shown) {
            (Some(Scope::Around(waiting, before)), _) => Scope::Around([waiting, new].concat(), before.clone()),
            (_, Some(shown)) => Scope::Around(new.to_vec(), shown.clone()),
            (_, None) => Scope::Whole,
        };
        let prompts = [self.prompts(), new].concat();
        self.ask(prompts, shown.map(|shown| shown.mask), scope);
    }

    /// Takes the step back to the other prompts than the `index`-th, all of them answered anew from the network's own
    /// mask.
    ///
    /// # Panics
    ///
    /// If there are no more than `index` prompts.
    pub fn remove_prompt(&mut self, index: usize, automatic: Option<Shown>) {
        let mut prompts = self.prompts().to_vec();
        prompts.remove(index);
        match automatic.filter(|_| !prompts.is_empty()) {
            Some(shown) => self.ask(prompts.clone(), Some(shown.mask.clone()), Scope::Around(prompts, shown)),
            None => self.ask(prompts, None, Scope::Whole),
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

    /// Lets the network draw the mask that a part of a step over many slices made once more, from the neighbour on the other side.
    pub fn meet(&mut self, group: u32, neighbour: Arc<Mask>, scope: Scope) {
        let (prompts, previous) = (Vec::new(), Some(neighbour));
        self.replace(group, Edit::Prompts(Prompts { prompts, previous, scope, answer: None }));
    }

    fn ask(&mut self, prompts: Vec<Prompt>, previous: Option<Arc<Mask>>, scope: Scope) {
        self.take(Edit::Prompts(Prompts { prompts, previous, scope, answer: None }));
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

    /// Takes back all prompts that wait for the network's answer, since there will be none: nothing of them can be redone.
    pub fn refuse_unanswered(&mut self) {
        while self.unanswered().is_some() {
            let Some(at) = self.done.iter().rposition(|step| matches!(step.edit, Edit::Prompts(_))) else { return };
            self.take_back(at);
            self.undone.pop();
        }
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

    /// Whether the whole slice has an answer here: the network's to prompts, or a mask that was made elsewhere.
    pub fn holds_answer(&self) -> bool {
        self.done.iter().any(|step| matches!(&step.edit, Edit::Prompts(Prompts { answer: Some(_), .. })))
    }

    /// The diameters that were drawn by hand, if any count.
    pub fn diameters(&self) -> Option<Diameters> {
        let drawn = self.done.iter().rev().find_map(|step| match &step.edit {
            Edit::Diameters { lines, .. } => Some(*lines),
            _ => None,
        });
        drawn.flatten()
    }

    /// The prompts that hold.
    pub fn prompts(&self) -> &[Prompt] {
        self.latest_prompts().map_or(&[], |prompts| &prompts.prompts)
    }

    /// The prompt that the latest step added, if it added one.
    pub fn newest_prompt(&self) -> Option<&Prompt> {
        match &self.done.last()?.edit {
            Edit::Prompts(Prompts { prompts, scope: Scope::Whole | Scope::Around(..), .. }) => prompts.last(),
            _ => None,
        }
    }

    /// The prompts that the network has still to answer.
    pub fn unanswered(&self) -> Option<&Prompts> {
        self.latest_prompts().filter(|prompts| prompts.is_question() && prompts.answer.is_none())
    }

    /// Those of the prompts that hold which the network has still to answer.
    pub fn waiting_prompts(&self) -> &[Prompt] {
        match self.unanswered() {
            None => &[],
            Some(Prompts { scope: Scope::Around(waiting, _), .. }) => waiting,
            Some(Prompts { prompts, .. }) => prompts,
        }
    }

    /// Keeps what of the network's answer to the prompts that hold is in their scope, at the threshold of the mask. Its
    /// `automatic` answer was given before.
    pub fn answer(&mut self, answer: ProbabilityMap, automatic: &ProbabilityMap, threshold: f32, under: Underlay) {
        let latest = self.done.iter_mut().rev().find_map(|step| match &mut step.edit {
            Edit::Prompts(prompts) => Some(prompts),
            _ => None,
        });
        if let Some(prompts) = latest {
            prompts.answer = Some(Arc::new(match &prompts.scope {
                Scope::Around(around, Shown { mask, map }) => {
                    confine(map, &answer, mask, threshold, &prompts.prompts, around.len(), under)
                }
                Scope::Beside { trust } => carried(automatic, &answer, *trust, threshold),
                Scope::Between { trust, first, share } => {
                    between(first, &carried(automatic, &answer, *trust, threshold), *share, threshold)
                }
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

    /// The probabilities that hold: the network's latest answer, the automatic one where no prompts are left.
    pub fn map<'a>(&'a self, automatic: Option<&'a Arc<ProbabilityMap>>) -> Option<&'a Arc<ProbabilityMap>> {
        for step in self.done.iter().rev() {
            match &step.edit {
                Edit::Prompts(prompts) if !prompts.is_question() => return automatic,
                Edit::Prompts(Prompts { answer: Some(answer), .. }) => return Some(answer),
                _ => {} // Until an answer comes, the one before it is shown.
            }
        }
        automatic
    }

    /// The mask of a slice of a size.
    ///
    /// Strokes outrank the network; the own pixels of a prompt end on the side that was asked for, unless a later stroke
    /// covers them.
    pub fn mask(
        &self,
        automatic: Option<&Arc<ProbabilityMap>>,
        threshold: f32,
        size @ Size { width, height }: Size,
    ) -> Mask {
        let mut pixels = match self.map(automatic) {
            Some(map) => map.mask(threshold).into_pixels(),
            None => vec![false; size.area_px()],
        };
        let holding = self.prompts();
        let is_given = |step: &Step| matches!(&step.edit, Edit::Prompts(Prompts { scope: Scope::Given, .. }));
        let given = self.done.iter().rposition(is_given);
        let mut known = 0;
        for step in &self.done[given.unwrap_or(0)..] {
            match &step.edit {
                Edit::Stroke(stroke) => {
                    stroke.pixels.iter().for_each(|&at| pixels[at] = stroke.kind == PromptKind::Tumor)
                }
                Edit::Prompts(Prompts { prompts, .. }) => {
                    let new = prompts.get(known..).unwrap_or_default();
                    obey(&mut pixels, width, new.iter().filter(|prompt| holding.contains(prompt)));
                    known = prompts.len();
                }
                Edit::Threshold(_) | Edit::Diameters { .. } | Edit::Elsewhere => {}
            }
        }
        Mask::new(width, height, pixels)
    }

    fn latest_prompts(&self) -> Option<&Prompts> {
        self.done.iter().rev().find_map(|step| match &step.edit {
            Edit::Prompts(prompts) => Some(prompts),
            _ => None,
        })
    }
}

/// Whether a step is a part of one over many slices.
fn is_of(step: &Step, group: u32) -> bool {
    step.shared.is_some_and(|shared| shared.group == group)
}

#[cfg(test)]
mod tests;

//! What a person can correct on the slice on screen: steps of its history, and the questions that they raise.

use std::sync::Arc;

use imaging::{Click, ClickKind, Mask, ProbabilityMap, largest_component, trust, without_small_parts};
use leptos::prelude::*;
use protocol::FileId;

use crate::brush::{self, Point};
use crate::edits::{Edit, Edits, Shown, Stroke};
use crate::inference::{Engine, Event};
use crate::notice::Severity;
use crate::session::Session;
use crate::study::Study;

/// What the pointer does on the slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Says of a place that it is tumour; the network redraws the mask.
    Add,
    /// Says of a place that it is none.
    Remove,
    /// Paints tumour.
    Brush,
    /// Erases it.
    Eraser,
    /// Paints or erases what it goes round.
    Lasso,
    /// Moves the image.
    Move,
    /// Changes which numbers are black and white.
    Levels,
    /// Shows the diameters and moves their ends.
    Measure,
}

impl Tool {
    /// Whether it paints with a radius.
    pub fn has_radius(self) -> bool {
        matches!(self, Self::Brush | Self::Eraser)
    }

    /// Name for style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Brush => "brush",
            Self::Eraser => "eraser",
            Self::Lasso => "lasso",
            Self::Move => "move",
            Self::Levels => "levels",
            Self::Measure => "measure",
        }
    }
}

/// A mask on its way through the slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrying {
    /// Where it comes from.
    pub origin: FileId,
    /// 1 on the way down, −1 on the way up.
    pub step: isize,
    /// Slices that it reached.
    pub slices: usize,
}

/// Smallest and largest radius of the brush, in pixels of the slice.
pub(crate) const BRUSH_PX: (f64, f64) = (0.5, 60.0);
/// Change of the radius for one key press.
const BRUSH_STEP: f64 = 1.25;

impl Session {
    /// Says of the pixel at `point` whether it is tumour, and asks the network again; outside the slice nothing happens.
    pub fn click(self, point: Point, kind: ClickKind) {
        let Some((x, y)) = self.size().and_then(|size| brush::pixel(point, size)) else { return };
        if self.is_beside_view((x, y)) {
            return self.look_at((x, y));
        }
        let click = Click { x: x as f32, y: y as f32, kind };
        // What the network has not looked at yet is no mask to go on from.
        let known = self.segmentation.with_untracked(Option::is_some) || self.map.with_untracked(Option::is_some);
        let shown = self.mask.get_untracked().filter(|_| known).map(|mask| shown(mask, self.map.get_untracked()));
        self.edit(|edits| edits.click(click, shown));
    }

    /// Takes the click nearest to `point` back, wherever it stands in the history.
    pub fn remove_click(self, point: Point) {
        let distance = |click: &Click| (f64::from(click.x) + 0.5 - point.0).hypot(f64::from(click.y) + 0.5 - point.1);
        let found = self.segmentation.get_untracked().and_then(|found| found.map.clone());
        let automatic = self.automatic_mask.get_untracked().map(|mask| shown(mask, found));
        self.edit(|edits| {
            let clicks = edits.clicks();
            let nearest = (0..clicks.len()).min_by(|&a, &b| distance(&clicks[a]).total_cmp(&distance(&clicks[b])));
            if let Some(nearest) = nearest {
                edits.remove_click(nearest, automatic);
            }
        });
    }

    /// Paints or erases pixels of the slice, as one step.
    pub fn stroke(self, pixels: Vec<usize>, kind: ClickKind) {
        if !pixels.is_empty() {
            self.edit(|edits| edits.take(Edit::Stroke(Stroke { pixels, kind, group: None })));
        }
    }

    /// Goes a step back; one that was made on many slices at once is undone on all on which nothing followed it.
    pub fn undo(self) {
        self.walk(Edits::latest_stroke, Edits::undo);
    }

    /// Goes a step forth again, on all slices on which it was undone together.
    pub fn redo(self) {
        self.walk(Edits::next_stroke, Edits::redo);
    }

    /// Goes a step along the history of the slice, and of all others whose `next` one belongs to the same group.
    fn walk(self, next: fn(&Edits) -> Option<&Stroke>, step: fn(&mut Edits) -> bool) {
        let group = untrack(move || self.with_edits(|edits| next(edits).and_then(|stroke| stroke.group)));
        self.edit(|edits| {
            step(edits);
        });
        if group.is_none() {
            return;
        }
        let mut changed = Vec::new();
        self.edits.update(|all| {
            for (file, edits) in all.iter_mut() {
                let Some(stroke) = next(edits).filter(|stroke| stroke.group == group) else { continue };
                if !stroke.pixels.is_empty() {
                    changed.push(*file);
                }
                step(edits);
            }
        });
        changed.into_iter().for_each(|file| self.refresh(file));
    }

    /// Erases everything in the study on screen that does not hang together with its largest part, as one step.
    pub fn keep_largest_part(self) {
        let Some(study) = self.study_on_screen() else { return };
        let text = match self.erase_parts(&study, |marked, size| largest_component(marked, size).unwrap_or_default()) {
            Some(erased) => format!("{erased} were erased; undo brings them back."),
            None => "The mask is one part already.".into(),
        };
        self.notify(Severity::Info, text);
    }

    /// Erases the small parts of a study's mask as one step, and says what was erased; nothing if there are none, or if
    /// somebody has corrected a slice, whose parts may be small because they were wanted.
    pub(crate) fn erase_small_parts(self, study: &Study) -> Option<String> {
        let corrected =
            self.edits.with_untracked(|all| study.slice_ids().any(|id| all.get(&id).is_some_and(Edits::is_corrected)));
        if corrected { None } else { self.erase_parts(study, without_small_parts) }
    }

    /// Erases what `keep` does not keep of a study's mask, as one step, and says how much it was.
    fn erase_parts(self, study: &Study, keep: impl FnOnce(&[bool], [usize; 3]) -> Vec<bool>) -> Option<String> {
        let [width, height, depth] = study.info.size;
        let area = width * height;
        let (marked, _) = self.study_mask(study);
        if !marked.contains(&true) {
            return None;
        }
        let kept = keep(&marked, [width, height, depth]);
        let slices = marked.chunks_exact(area).zip(kept.chunks_exact(area));
        let lost: Vec<Vec<usize>> =
            slices.map(|(marked, kept)| (0..area).filter(|&pixel| marked[pixel] && !kept[pixel]).collect()).collect();
        let erased: usize = lost.iter().map(Vec::len).sum();
        if erased == 0 {
            return None;
        }
        let changed: Vec<_> = (0..depth).filter(|&at| !lost[at].is_empty()).collect();
        let group = Some(self.fresh_id());
        // On the other slices too, so that undo takes it back wherever one is.
        self.edits.update(|all| {
            for (at, pixels) in lost.into_iter().enumerate() {
                let stroke = Stroke { pixels, kind: ClickKind::Background, group };
                all.entry(study.slice_id(at)).or_default().take(Edit::Stroke(stroke));
            }
        });
        changed.iter().for_each(|&at| self.refresh(study.slice_id(at)));
        let (plural, places) = (if changed.len() == 1 { "" } else { "s" }, places(&changed));
        Some(format!("{erased} pixels on slice{plural} {places}"))
    }

    /// Undoes every correction of the slice; redo brings them back one by one.
    pub fn undo_all(self) {
        self.edit(|edits| while edits.undo() {});
    }

    /// Takes another threshold for the slice.
    pub fn set_threshold(self, threshold: f32) {
        self.edit(|edits| edits.take(Edit::Threshold(threshold)));
    }

    /// Makes the brush smaller (negative) or larger (positive) by some steps.
    pub fn resize_brush(self, steps: i32) {
        self.brush_px.update(|radius| *radius = (*radius * BRUSH_STEP.powi(steps)).clamp(BRUSH_PX.0, BRUSH_PX.1));
    }

    /// The slice `step` places after the one on screen, if it has the same size and so can take its mask.
    pub fn neighbour_of_same_size(self, step: isize) -> Option<FileId> {
        let selected = self.selected.get()?;
        let (here, next) = self.entries.with(|entries| {
            let at = entries.iter().position(|entry| entry.id == selected)?;
            let next = entries.get(at.checked_add_signed(step)?)?;
            Some((entries[at].clone(), next.clone()))
        })?;
        // From one study to the next there is no going on.
        let alike = here.study() == next.study() && self.size_of(here.id)? == self.size_of(next.id)?;
        alike.then_some(next.id)
    }

    /// Puts the next slice on screen, its mask drawn by the network from the mask on screen.
    pub fn carry_to_next(self) {
        if let Some(next) = untrack(move || self.neighbour_of_same_size(1)) {
            self.stop_carrying();
            self.carry_to(next);
        }
    }

    /// Carries the mask from slice to slice, down and then up from the one on screen, until it is empty, meets a slice
    /// that was corrected, or has no slice of its size to go to.
    pub fn carry_through(self) {
        let Some(origin) = self.selected.get_untracked() else { return };
        self.carrying.set(Some(Carrying { origin, step: 1, slices: 0 }));
        self.carry_onward();
    }

    /// Carries no further; what was carried stays.
    pub(crate) fn stop_carrying(self) {
        if self.carrying.get_untracked().is_some() {
            self.carrying.set(None);
        }
    }

    /// The next step of [`Self::carry_through`], once the slice on screen has its answer.
    pub(crate) fn carry_onward(self) {
        let Some(carrying) = self.carrying.get_untracked() else { return };
        if self.inference.running.get_untracked().is_some() {
            return;
        }
        let is_empty = self.mask.with_untracked(|mask| mask.as_ref().is_none_or(|mask| mask.area_px() == 0));
        let corrected = |file: &FileId| self.edits.with_untracked(|all| all.get(file).is_some_and(Edits::is_corrected));
        let next = untrack(move || self.neighbour_of_same_size(carrying.step));
        match next.filter(|next| !is_empty && !corrected(next)) {
            Some(next) => {
                self.carrying.set(Some(Carrying { slices: carrying.slices + 1, ..carrying }));
                self.carry_to(next);
            }
            None if carrying.step > 0 => {
                self.carrying.set(Some(Carrying { step: -1, ..carrying }));
                self.show(carrying.origin);
                self.carry_onward();
            }
            None => {
                self.stop_carrying();
                self.show(carrying.origin);
                let text = match carrying.slices {
                    0 => "There is no uncorrected neighbour of the same size to carry this mask to.".into(),
                    1 => "The mask was carried to one slice; undo takes it back there.".into(),
                    slices => format!("The mask was carried to {slices} slices; undo takes it back on each."),
                };
                self.notify(Severity::Info, text);
            }
        }
    }

    fn carry_to(self, file: FileId) {
        let Some(previous) = self.mask.get_untracked() else { return };
        // A mask that was handed over stands before the network has looked.
        let trust = self.automatic_mask.get_untracked().map_or(0.0, |own| trust(&own, &previous));
        self.show(file);
        self.change(|edits| edits.carry(previous, trust));
    }

    /// A person changes the history of the slice on screen.
    fn edit(self, change: impl FnOnce(&mut Edits)) {
        self.stop_carrying();
        self.change(change);
    }

    /// Changes the history of the slice on screen. A question that it no longer raises is dropped, a new one asked.
    fn change(self, change: impl FnOnce(&mut Edits)) {
        let Some(file) = self.selected.get_untracked() else { return };
        let mut raised = (None, None);
        self.edits.update(|all| {
            let edits = all.entry(file).or_default();
            let before = edits.unanswered().cloned();
            change(edits);
            raised = (before, edits.unanswered().cloned());
        });
        if raised.0 != raised.1 {
            self.inference.happened(self, Event::PromptsChanged);
        }
        self.refresh(file);
        self.attend();
    }

    /// Keeps what the network made of the clicks on a slice.
    pub(crate) fn answered(self, file: FileId, map: ProbabilityMap) {
        let found = self.segmentations.with_untracked(|all| all.get(&file).and_then(|found| found.map.clone()));
        let automatic = or_empty(found, map.width(), map.height());
        let Some(scale) = self.click_scale_of(file) else { return };
        self.edits.update(|all| {
            if let Some(edits) = all.get_mut(&file) {
                let threshold =
                    edits.threshold().unwrap_or_else(|| self.inference.engine.with_untracked(Engine::threshold));
                edits.answer(map, &automatic, threshold, scale);
            }
        });
        self.refresh(file);
    }

    /// Width and height of the slice on screen.
    pub(crate) fn size(self) -> Option<(usize, usize)> {
        self.picture.with_untracked(|picture| picture.as_ref().map(|picture| picture.size()))
    }
}

/// A mask with the probabilities behind it.
fn shown(mask: Arc<Mask>, map: Option<Arc<ProbabilityMap>>) -> Shown {
    let map = or_empty(map, mask.width(), mask.height());
    Shown { mask, map }
}

/// Probabilities of a slice, all zero where the network saw no tumour at all.
fn or_empty(map: Option<Arc<ProbabilityMap>>, width: usize, height: usize) -> Arc<ProbabilityMap> {
    map.unwrap_or_else(|| Arc::new(ProbabilityMap::empty(width, height)))
}

/// Slices by their numbers, neighbours drawn together: "4, 7–9".
///
/// `indices` count from 0 and ascend.
fn places(indices: &[usize]) -> String {
    let runs = indices.chunk_by(|before, after| before + 1 == *after);
    let name = |run: &[usize]| match (run[0] + 1, run[run.len() - 1] + 1) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}–{last}"),
    };
    runs.map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_named_by_their_numbers() {
        assert_eq!(places(&[3]), "4");
        assert_eq!(places(&[0, 3, 6, 7, 8, 11, 12]), "1, 4, 7–9, 12–13");
    }
}

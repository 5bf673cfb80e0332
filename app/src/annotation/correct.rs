//! What a person can correct on the slice on screen: steps of its history, and the questions that they raise.

use std::sync::Arc;

use imaging::{
    Diameters, GridSize, Mask, ProbabilityMap, Prompt, PromptKind, Underlay, connected, largest_component, path,
    without_small_parts,
};
use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;
use super::brush::{Point, line, pixel};
use super::edits::Edits;
use super::step::{Edit, Prompts, Shared, Shown, Step, Stroke, What};
use super::undo::{self, Histories, Walked};
use crate::documents::study::Study;
use crate::inference::{Engine, Event};
use crate::language::{Text, text};
use crate::notices::Severity;
use crate::words::slices_named;

/// Names of lone slices that a message spells out.
const NAMED: usize = 3;
/// Distance of the places that a scribble is kept by, in pixels.
const SCRIBBLE_STEP_PX: f32 = 2.0;
/// Digits of a threshold, so that it is written as it is.
const THRESHOLD_DIGITS: i32 = 3;

/// What a step erased of a study's mask.
pub struct Erased {
    /// Pixels on all slices.
    pub pixels: usize,
    /// The slices.
    pub slices: Text,
}

impl Annotation {
    /// Says of the pixel at `point` whether it is tumour, and asks the network again; outside the slice nothing happens.
    pub fn click(self, point: Point, kind: PromptKind) {
        let Some(pixel) = self.documents.size().and_then(|size| pixel(point, size)) else { return };
        if self.documents.is_beside_view(pixel) {
            return self.look_at(pixel);
        }
        self.prompt(Prompt::click(pixel.x as f32, pixel.y as f32, kind));
    }

    /// Says along a line whether it is tumour, and asks the network again; where no pixel of the slice lies under it, nothing
    /// happens.
    pub fn scribble(self, drawn: &[Point], kind: PromptKind) {
        let line = path::resampled(&line(drawn), SCRIBBLE_STEP_PX);
        self.prompt_on_slice(Prompt::scribble(line, kind));
    }

    /// Says of a region that a tumour is somewhere inside, or that none is, and asks the network again.
    pub fn surround(self, drawn: &[Point], kind: PromptKind) {
        self.prompt_on_slice(Prompt::around(line(drawn), kind));
    }

    /// Takes the whole part of the mask that a point lies in out of it, as one step.
    pub fn remove_part(self, point: Point) {
        let Some(mask) = self.mask.get_untracked() else { return };
        let Some(pixel) = pixel(point, mask.size()) else { return };
        let at = std::iter::once(pixel.y * mask.width() + pixel.x);
        let part = connected(mask.width(), mask.height(), at, |at| mask.pixels()[at]);
        self.stroke((0..part.len()).filter(|&at| part[at]).collect(), PromptKind::Background);
    }

    fn prompt_on_slice(self, prompt: Prompt) {
        let Some(size) = self.documents.size() else { return };
        let covers =
            if prompt.is_loop() { path::inside(prompt.line(), size) } else { path::under(prompt.line(), size) };
        if !covers.is_empty() {
            self.prompt(prompt);
        }
    }

    fn prompt(self, prompt: Prompt) {
        if !self.inference.engine.with_untracked(Engine::takes_prompts) {
            return self.documents.notify_here(Severity::Info, text!("no-prompts"));
        }
        match self.foreseen_step(&prompt) {
            Some(step) => self.edit(|edits| edits.take(step)),
            None => {
                // Ahead of the edit, which nothing can be read from while it is made.
                let shown = untrack(|| self.shown());
                self.edit(|edits| edits.prompt(prompt, shown));
            }
        }
    }

    /// The mask on screen that a prompt goes on from; none as long as the network has not looked at the slice.
    pub(super) fn shown(self) -> Option<Shown> {
        let known = self.segmentation.with(Option::is_some) || self.map.with(Option::is_some);
        self.mask.get().filter(|_| known).map(|mask| shown(mask, self.map.get()))
    }

    /// Lets the network look at the head at a pixel of the picture on screen, unless that would cost corrections.
    fn look_at(self, pixel: imaging::Point<usize>) {
        let Some(file) = self.documents.selected.get_untracked() else { return };
        if untrack(|| self.is_corrected(file)) {
            return self.documents.notify_here(Severity::Info, text!("frame-is-corrected"));
        }
        self.documents.look_at(file, pixel);
    }

    /// Takes the label of the slice on screen for its mask, as one step.
    pub fn take_label_as_mask(self) {
        if let Some(label) = self.documents.label.get_untracked() {
            self.change(|edits| edits.take(Edit::Prompts(Prompts::given(&label, Vec::new()))));
        }
    }

    /// Whether the newest step of the slice on screen is a click of this kind.
    pub fn is_newest_click(self, kind: PromptKind) -> bool {
        let is_click = |prompt: &Prompt| prompt.kind == kind && prompt.click_at().is_some();
        untrack(move || self.with_edits(|edits| edits.newest_prompt().is_some_and(is_click)))
    }

    /// Takes the prompt nearest to `point` back, wherever it stands in the history.
    pub fn remove_prompt(self, point: Point) {
        let distance = |prompt: &Prompt| {
            let distances = path::resampled(prompt.line(), 1.0).into_iter();
            let distances = distances.map(|at| (f64::from(at.x) - point.0).hypot(f64::from(at.y) - point.1));
            distances.fold(f64::INFINITY, f64::min)
        };
        let found = self.segmentation.get_untracked().and_then(|found| found.map.clone());
        let automatic = self.automatic_mask.get_untracked().map(|mask| shown(mask, found));
        self.edit(|edits| {
            let distances: Vec<f64> = edits.prompts().iter().map(distance).collect();
            let nearest = (0..distances.len()).min_by(|&a, &b| distances[a].total_cmp(&distances[b]));
            if let Some(nearest) = nearest {
                edits.remove_prompt(nearest, automatic);
            }
        });
    }

    /// Paints or erases pixels of the slice, as one step.
    pub fn stroke(self, pixels: Vec<usize>, kind: PromptKind) {
        if !pixels.is_empty() {
            self.edit(|edits| edits.take(Edit::Stroke(Stroke { pixels, kind })));
        }
    }

    /// Goes a step back; one over many slices is taken back on all of them, and which they are is said.
    pub fn undo(self) {
        self.walk(undo::undo, |slices, step| text!("undone", slices, step));
    }

    /// Goes a step forth again, likewise.
    pub fn redo(self) {
        self.walk(undo::redo, |slices, step| text!("redone", slices, step));
    }

    fn walk(self, step: fn(&mut Histories, FileId) -> Option<Walked>, said: fn(Text, Text) -> Text) {
        let Some(file) = self.documents.selected.get_untracked() else { return };
        self.stop_carrying();
        let Some(Walked { named, shared, changed }) = self.change_histories(file, |all| step(all, file)) else {
            return;
        };
        self.changed(&changed);
        self.measured(&changed);
        if shared && !changed.is_empty() {
            self.documents.notify_here(Severity::Info, said(self.slices_in_words(&changed), named));
        }
        self.attend();
    }

    /// Which slices these are, for people.
    fn slices_in_words(self, files: &[FileId]) -> Text {
        let study =
            untrack(move || self.documents.study_on_screen()).filter(|study| files.iter().all(|id| study.holds(*id)));
        match study {
            Some(study) if files.len() == study.slices() && files.len() > 1 => text!("all-slices"),
            Some(study) => {
                let first = study.info.first.0;
                slices_named(&files.iter().map(|id| (id.0 - first) as usize).collect::<Vec<_>>())
            }
            None if files.len() > NAMED => text!("counted-slices", count = files.len()),
            None => {
                let names = files.iter().filter_map(|id| self.documents.entry(*id)).map(|entry| entry.name);
                names.collect::<Vec<_>>().join(", ").into()
            }
        }
    }

    /// What undo would take back, and redo bring back, for the titles of their buttons.
    pub fn next_steps(self) -> [Option<String>; 2] {
        self.with_edits(|edits| [edits.latest(), edits.next()].map(|step| step.map(|step| step.named().written())))
    }

    /// Erases everything in the study on screen that is not connected with its largest part, as one step.
    pub fn keep_largest_part(self) {
        let Some(study) = untrack(move || self.documents.study_on_screen()) else { return };
        let keep = |marked: &[bool], size: GridSize| largest_component(marked, size).unwrap_or_default();
        let text = match self.erase_parts(&study, What::LargestPart, keep) {
            Some(Erased { pixels, slices }) => text!("parts-erased", count = pixels, slices),
            None => text!("parts-none"),
        };
        self.documents.notify_here(Severity::Info, text);
    }

    /// Erases the small parts of a study's mask as one step, and says what was erased; nothing if there are none, or if
    /// somebody has corrected a slice, whose parts may be small because they were wanted.
    pub fn erase_small_parts(self, study: &Study) -> Option<Erased> {
        let corrected = untrack(|| study.slice_ids().any(|id| self.is_corrected(id)));
        if corrected { None } else { self.erase_parts(study, What::SmallParts, without_small_parts) }
    }

    /// Erases what `keep` does not keep of a study's mask, as one step, and says how much it was.
    fn erase_parts(
        self,
        study: &Study,
        what: What,
        keep: impl FnOnce(&[bool], GridSize) -> Vec<bool>,
    ) -> Option<Erased> {
        self.catch_up();
        let [width, height, depth] = study.info.size;
        let area = width * height;
        let (marked, _) = self.study_mask(study);
        if !marked.contains(&true) {
            return None;
        }
        let kept = keep(&marked, study.info.size.into());
        let slices = marked.chunks_exact(area).zip(kept.chunks_exact(area));
        let lost: Vec<Vec<usize>> =
            slices.map(|(marked, kept)| (0..area).filter(|&pixel| marked[pixel] && !kept[pixel]).collect()).collect();
        let erased: usize = lost.iter().map(Vec::len).sum();
        if erased == 0 {
            return None;
        }
        let changed: Vec<usize> = (0..depth).filter(|&at| !lost[at].is_empty()).collect();
        let edit = |pixels: Vec<usize>| {
            (!pixels.is_empty()).then_some(Edit::Stroke(Stroke { pixels, kind: PromptKind::Background }))
        };
        self.take_on_many(what, study.slice_ids().zip(lost.into_iter().map(edit)));
        if what != What::SmallParts {
            self.touched(&changed.iter().map(|&at| study.slice_id(at)).collect::<Vec<_>>());
        }
        Some(Erased { pixels: erased, slices: slices_named(&changed) })
    }

    /// Takes one step over many slices: an edit for those that change, none for the others.
    pub fn take_on_many(self, what: What, slices: impl Iterator<Item = (FileId, Option<Edit>)>) {
        let shared = Shared { group: self.fresh_number(), what };
        let slices: Vec<_> = slices.collect();
        let changed: Vec<FileId> = slices.iter().filter(|(_, edit)| edit.is_some()).map(|(file, _)| *file).collect();
        self.edits.update(|all| undo::take(all, shared, slices.into_iter()));
        self.refresh_all(&changed);
    }

    /// Undoes every correction of the slice; redo brings them back one by one.
    pub fn undo_all(self) {
        self.edit(Edits::undo_all);
    }

    /// Takes another threshold: for the study on screen, as one step over all its slices, or for the lone slice.
    pub fn set_threshold(self, threshold: f32) {
        let threshold = rounded(threshold);
        let Some(file) = self.documents.selected.get_untracked() else { return };
        let Some(study) = untrack(move || self.documents.study_on_screen()) else {
            return self.edit(|edits| edits.take(Edit::Threshold(threshold)));
        };
        self.stop_carrying();
        let latest = self.edits.with_untracked(|all| match all.get(&file)?.latest()? {
            Step { edit: Edit::Threshold(_), shared, .. } => *shared,
            _ => None,
        });
        match latest {
            // While the slider moves it is one step.
            Some(Shared { group, .. }) => self.edits.update(|all| {
                for id in study.slice_ids() {
                    undo::change(all, id, |edits| edits.replace(group, Edit::Threshold(threshold)));
                }
            }),
            None => {
                let shared = Shared { group: self.fresh_number(), what: What::Threshold };
                let edits = study.slice_ids().map(|id| (id, Some(Edit::Threshold(threshold))));
                self.edits.update(|all| undo::take(all, shared, edits));
            }
        }
        self.changed(&study.slice_ids().collect::<Vec<_>>());
    }

    /// Histories of slices have changed: the mask on screen follows at once, the others as soon as there is time.
    fn changed(self, files: &[FileId]) {
        self.touched(files);
        let on_screen = self.documents.selected.get_untracked();
        let (now, later): (Vec<FileId>, Vec<FileId>) = files.iter().partition(|file| Some(**file) == on_screen);
        self.refresh_all(&now);
        self.refresh_later(later);
    }

    /// A person changes the history of the slice on screen.
    fn edit(self, change: impl FnOnce(&mut Edits)) {
        self.stop_carrying();
        self.change(change);
    }

    /// Changes the history of the slice on screen, and asks what that raises.
    pub(super) fn change(self, change: impl FnOnce(&mut Edits)) {
        let Some(file) = self.documents.selected.get_untracked() else { return };
        self.change_histories(file, |all| undo::change(all, file, change));
        self.changed(&[file]);
        self.attend();
    }

    /// Changes histories; a question that the one of `file` no longer raises is dropped.
    fn change_histories<T>(self, file: FileId, change: impl FnOnce(&mut Histories) -> T) -> T {
        let raised = move || self.edits.with_untracked(|all| all.get(&file).and_then(|e| e.unanswered().cloned()));
        let before = raised();
        let result = self.edits.try_update(change).expect("the page's store outlives its events");
        if before != raised() {
            self.inference.happened(Event::PromptsChanged);
        }
        result
    }

    /// Puts lines of a drag in place of the diameters of the slice on screen, or the computed ones again.
    pub fn draw_diameters(self, lines: Option<Diameters>, drag: u32) {
        let Some(file) = self.documents.selected.get_untracked() else { return };
        self.stop_carrying();
        // The mask stays as it is.
        self.edits.update(|all| undo::change(all, file, |edits| edits.take(Edit::Diameters { lines, drag })));
        self.measured(&[file]);
    }

    /// Keeps what the network made of the prompts on a slice.
    pub fn answered(self, file: FileId, map: ProbabilityMap) {
        self.edits.update(|all| {
            if let Some(edits) = all.get_mut(&file) {
                self.answer(file, edits, map);
            }
        });
        self.refresh(file);
    }

    /// Puts the network's answer into a history of a slice.
    pub(super) fn answer(self, file: FileId, edits: &mut Edits, map: ProbabilityMap) {
        let found = self.segmentations.with_untracked(|all| all.get(&file).and_then(|found| found.map.clone()));
        let automatic = or_empty(found, map.width(), map.height());
        let Some(click_scale) = self.documents.click_scale_of(file) else { return };
        let flair = self.documents.flair(file);
        edits.answer(map, &automatic, self.threshold_of(edits), Underlay { click_scale, flair: flair.as_deref() });
    }
}

/// A threshold with as many digits as count.
fn rounded(threshold: f32) -> f32 {
    let threshold = f64::from(threshold.clamp(f32::EPSILON, 1.0));
    let unit = 10f64.powi(THRESHOLD_DIGITS - 1 - threshold.log10().floor() as i32);
    ((threshold * unit).round() / unit) as f32
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_have_digits_that_count() {
        for (threshold, written) in
            [(0.030_049, "0.03"), (0.047_426, "0.0474"), (0.993_3, "0.993"), (0.001_054, "0.00105"), (1.0, "1")]
        {
            assert_eq!(rounded(threshold).to_string(), written);
        }
        assert!(rounded(0.0) > 0.0);
    }
}

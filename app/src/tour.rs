//! The guided tour: three steps on two slices that come with the page, begun by the first screen's button on the first visit.

use std::sync::Arc;

use gloo::storage::{LocalStorage, Storage};
use imaging::{DeepestError, Mask, Overlap, PromptKind, deepest_error};
use leptos::prelude::*;
use protocol::Region;

use crate::annotation::brush::Point;
use crate::annotation::tool::Tool;
use crate::app::App;
use crate::documents::samples::{MISSED, Sample};
use crate::preview;
use crate::viewport::look::Look;

/// Where the browser keeps that the tour was seen.
const SEEN: &str = "tour-seen";
/// How much more than the tumour is shown of its slice.
const AROUND_TUMOUR: f64 = 4.0;
/// Depth of a place well inside an error, as a share of its largest depth.
const INSIDE: f64 = 0.5;

/// How far the tour is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The network outlines a tumour.
    Look,
    /// It misses one, which the person corrects.
    Correct,
    /// The person compares, and goes back.
    Compare,
}

impl Step {
    /// The slice that it is on.
    fn sample(self) -> Sample {
        match self {
            Self::Look => preview::SAMPLE,
            Self::Correct | Self::Compare => MISSED,
        }
    }
}

/// The tour. Copies are the same.
#[derive(Clone, Copy)]
pub struct Tour {
    app: App,
    step: RwSignal<Option<Step>>,
    /// Where the mask is most wrong, and the tool that mends it: the place to click on.
    pub target: Memo<Option<(Point, Tool)>>,
}

impl Tour {
    /// The tour of a page.
    pub fn new(app: App) -> Self {
        let step = RwSignal::new(None);
        let target = Memo::new(move |_| worst_place(app).filter(|_| step.get() == Some(Step::Correct)));
        let tour = Self { app, step, target };
        Effect::new(move |_| tour.advance());
        Effect::new(move |_| {
            if let Some((_, tool)) = target.get() {
                app.annotation.tool.set(tool);
            }
        });
        let near = Memo::new(move |_| {
            let is_near = matches!(tour.shown(), Some(Step::Correct | Step::Compare));
            app.documents.label.get().filter(|_| is_near)
        });
        Effect::new(move |before: Option<bool>| {
            let label = near.get();
            match &label {
                Some(label) => show_tumor(app, label),
                None if before == Some(true) => app.viewport.look.set(Look::WHOLE),
                None => {}
            }
            label.is_some()
        });
        tour
    }

    /// Opens the slice of the first screen; on the first visit the tour begins with it.
    pub fn try_it(self) {
        // A browser that keeps nothing shows the tour every time.
        match LocalStorage::get(SEEN).unwrap_or(false) {
            true => self.app.open_sample(preview::SAMPLE),
            false => self.start(),
        }
    }

    /// Starts it, as often as a person wants.
    pub fn start(self) {
        self.go_to(Step::Look);
    }

    /// Goes on to the slice with the tumour that the network misses.
    pub fn correct(self) {
        self.go_to(Step::Correct);
    }

    /// Ends it for good.
    pub fn end(self) {
        // What cannot be kept is asked again next time.
        drop(LocalStorage::set(SEEN, true));
        self.step.set(None);
    }

    /// The step to show: none while another slice is on screen.
    pub fn shown(self) -> Option<Step> {
        self.step.get().filter(|step| self.app.documents.name().is_some_and(|name| name == step.sample().files[0]))
    }

    /// Whether the slice of the step has its mask.
    pub fn is_outlined(self) -> bool {
        self.app.annotation.segmentation.with(Option::is_some)
    }

    /// How much of the label the network's own mask had, and how much the corrected one has, as Dice.
    pub fn gain(self) -> Option<(f64, f64)> {
        let label = self.app.documents.label.get()?;
        let dice = |mask: Option<Arc<Mask>>| Overlap::between(&*mask?, &label).ok()?.dice();
        Some((dice(self.app.annotation.automatic_mask.get())?, dice(self.app.annotation.mask.get())?))
    }

    fn go_to(self, step: Step) {
        self.step.set(Some(step));
        self.app.open_sample(step.sample());
    }

    /// Goes on once the correction is made.
    fn advance(self) {
        let clicked =
            || self.app.annotation.with_edits(|edits| !edits.prompts().is_empty() && edits.unanswered().is_none());
        if self.shown() == Some(Step::Correct) && self.is_outlined() && clicked() {
            self.step.set(Some(Step::Compare));
        }
    }
}

/// The middle of the larger error of the mask on screen, against the label, and the tool against it.
pub fn worst_place(app: App) -> Option<(Point, Tool)> {
    let (mask, label) = (app.annotation.automatic_mask.get()?, app.documents.label.get()?);
    worst_place_of(&mask, &label)
}

/// Where a mask is most wrong, and the tool that mends it.
pub fn worst_place_of(mask: &Mask, label: &Mask) -> Option<(Point, Tool)> {
    let error = deepest_error(mask.pixels(), label.pixels(), mask.width())?;
    let click = error.click_on(middle_of(&error, mask.width())?);
    let at = click.click_at()?;
    let tool = match click.kind {
        PromptKind::Tumor => Tool::Add,
        PromptKind::Background => Tool::Remove,
    };
    Some(((f64::from(at.x), f64::from(at.y)), tool))
}

/// The pixel where a person would click on an error: nearest to its middle, of those well inside it.
fn middle_of(error: &DeepestError, width: usize) -> Option<usize> {
    let place = |at: usize| ((at % width) as f64, (at / width) as f64);
    let all = error.at_least(0.0);
    let mean = |of: fn((f64, f64)) -> f64| all.iter().map(|&at| of(place(at))).sum::<f64>() / all.len() as f64;
    let (x, y) = (mean(|(x, _)| x), mean(|(_, y)| y));
    let distance = |at: usize| (place(at).0 - x).hypot(place(at).1 - y);
    error.at_least(INSIDE).into_iter().min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
}

/// Enlarges the tumour that is labelled on the slice on screen.
pub fn show_tumor(app: App, label: &Mask) {
    around_tumor(label).into_iter().for_each(|part| app.viewport.show(part));
}

/// What to show of a slice so that its tumour is seen well; nothing where there is none.
fn around_tumor(label: &Mask) -> Option<Region> {
    let (width, height) = (label.width(), label.height());
    let columns = || (0..width).filter(|&x| (0..height).any(|y| label.contains(x, y)));
    let rows = || (0..height).filter(|&y| (0..width).any(|x| label.contains(x, y)));
    let (left, right, top, bottom) = (columns().next()?, columns().next_back()?, rows().next()?, rows().next_back()?);
    let side = ((right - left).max(bottom - top) + 1) as f64 * AROUND_TUMOUR;
    let side = (side as usize).min(width).min(height);
    let begin = |first: usize, last: usize, of: usize| ((first + last) / 2).saturating_sub(side / 2).min(of - side);
    Some(Region { left: begin(left, right, width), top: begin(top, bottom, height), width: side, height: side })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(pixels: &[(usize, usize)]) -> Mask {
        let (width, height) = (40, 20);
        Mask::new(width, height, (0..width * height).map(|at| pixels.contains(&(at % width, at / width))).collect())
    }

    #[test]
    fn a_tumour_is_shown_with_what_is_around_it() {
        let part = around_tumor(&label(&[(20, 10), (21, 11), (22, 9)]));
        assert_eq!(part, Some(Region { left: 15, top: 4, width: 12, height: 12 }));
    }

    #[test]
    fn the_place_to_click_on_is_in_the_middle_and_never_outside() {
        let middle = |pixels: &[(usize, usize)]| {
            let error = deepest_error(&vec![false; 40 * 20], label(pixels).pixels(), 40).unwrap();
            let at = middle_of(&error, 40).unwrap();
            (at % 40, at / 40)
        };
        let bar: Vec<(usize, usize)> = (5..14).flat_map(|x| (8..11).map(move |y| (x, y))).collect();
        assert_eq!(middle(&bar), (9, 9));
        // The middle of a ring is no part of it.
        let ring: Vec<(usize, usize)> = (5..16)
            .flat_map(|x| (4..15).map(move |y| (x, y)))
            .filter(|&(x, y)| !(8..=12).contains(&x) || !(7..=11).contains(&y))
            .collect();
        assert!(ring.contains(&middle(&ring)));
    }

    #[test]
    fn what_is_shown_never_leaves_the_slice() {
        let corner = around_tumor(&label(&[(39, 0), (36, 3)]));
        assert_eq!(corner, Some(Region { left: 24, top: 0, width: 16, height: 16 }));
        let all = around_tumor(&label(&[(0, 0), (39, 19)]));
        assert_eq!(all, Some(Region { left: 9, top: 0, width: 20, height: 20 }));
        assert_eq!(around_tumor(&label(&[])), None);
    }
}

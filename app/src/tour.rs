//! The guided tour: three steps on a slice that comes with the page, shown by itself on the first visit.

use gloo::storage::{LocalStorage, Storage};
use imaging::{Click, ClickKind, deepest_error};
use leptos::prelude::*;

use crate::annotation::brush::Point;
use crate::annotation::tool::Tool;
use crate::app::App;
use crate::documents::samples::{SAMPLES, Sample};

/// Where the browser keeps that the tour was seen.
const SEEN: &str = "tour-seen";
/// The slice that the tour is on.
const SAMPLE: Sample = SAMPLES[1];

/// How far the tour is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The network looks at a slice.
    Look,
    /// The person corrects it.
    Correct,
    /// The person compares, and goes back.
    Compare,
}

/// The tour. Copies are the same.
#[derive(Clone, Copy)]
pub struct Tour {
    app: App,
    step: RwSignal<Option<Step>>,
    /// Whether its slice was opened for it.
    opened: RwSignal<bool>,
    /// Whether a person asked for it; on the first visit it comes by itself.
    asked_for: RwSignal<bool>,
    /// Where the mask is most wrong, and the tool that mends it: the place to click on.
    pub target: Memo<Option<(Point, Tool)>>,
}

impl Tour {
    /// The tour of a page, at its first step if this browser has not seen it.
    pub fn start(app: App) -> Self {
        // A browser that keeps nothing shows the tour every time.
        let seen = LocalStorage::get(SEEN).unwrap_or(false);
        let step = RwSignal::new((!seen).then_some(Step::Look));
        let target = Memo::new(move |_| if step.get() == Some(Step::Correct) { worst_place(app) } else { None });
        let tour = Self { app, step, opened: RwSignal::new(false), asked_for: RwSignal::new(false), target };
        Effect::new(move |_| tour.advance());
        Effect::new(move |_| {
            if let Some((_, tool)) = target.get() {
                app.annotation.tool.set(tool);
            }
        });
        tour
    }

    /// Starts it again.
    pub fn restart(self) {
        self.opened.set(false);
        self.asked_for.set(true);
        self.step.set(Some(Step::Look));
    }

    /// Ends it for good.
    pub fn end(self) {
        // What cannot be kept is asked again next time.
        drop(LocalStorage::set(SEEN, true));
        self.step.set(None);
    }

    /// The step to show: none while another slice is on screen, unless a person asked for the tour just then.
    pub fn shown(self) -> Option<Step> {
        let elsewhere = self.app.documents.selected.with(Option::is_some) && !self.is_on_its_slice();
        self.step.get().filter(|step| !elsewhere || *step == Step::Look && self.asked_for.get())
    }

    /// Opens the slice that it is on.
    pub fn open_slice(self) {
        self.opened.set(true);
        self.app.open_sample(SAMPLE);
    }

    /// Whether its slice is on screen.
    pub fn is_on_its_slice(self) -> bool {
        self.opened.get() && self.app.documents.name().is_some_and(|name| name == SAMPLE.files[0])
    }

    /// Goes on once a step's work is done.
    fn advance(self) {
        let Some(step) = self.step.get() else { return };
        let (app, ready) = (self.app, self.is_on_its_slice() && self.app.annotation.mask.with(Option::is_some));
        let clicked = app.annotation.with_edits(|edits| !edits.clicks().is_empty() && edits.unanswered().is_none());
        match step {
            Step::Look if ready && app.documents.label.with(Option::is_some) => self.step.set(Some(Step::Correct)),
            Step::Correct if ready && clicked => self.step.set(Some(Step::Compare)),
            _ => {}
        }
    }
}

/// The deepest point of the larger error of the mask on screen, against the label.
fn worst_place(app: App) -> Option<(Point, Tool)> {
    let (mask, label) = (app.annotation.automatic_mask.get()?, app.documents.label.get()?);
    let Click { x, y, kind } = deepest_error(mask.pixels(), label.pixels(), mask.width())?.click();
    let tool = match kind {
        ClickKind::Tumor => Tool::Add,
        ClickKind::Background => Tool::Remove,
    };
    Some(((f64::from(x), f64::from(y)), tool))
}

//! What a person can correct on the slice on screen: steps of its history, and the questions that they raise.

use std::sync::Arc;

use imaging::{Click, ClickKind};
use leptos::prelude::*;
use protocol::FileId;

use crate::brush::{self, Point};
use crate::edits::{Edit, Edits, Stroke};
use crate::session::{Question, Session};

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
        }
    }
}

/// Smallest and largest radius of the brush, in pixels of the slice.
const BRUSH_PX: (f64, f64) = (0.5, 60.0);
/// Change of the radius for one key press.
const BRUSH_STEP: f64 = 1.25;

impl Session {
    /// Says of the pixel at `point` whether it is tumour, and asks the network again; outside the slice nothing happens.
    pub fn click(self, point: Point, kind: ClickKind) {
        let Some((x, y)) = self.size().and_then(|size| brush::pixel(point, size)) else { return };
        let click = Click { x: x as f32, y: y as f32, kind };
        let previous = self.mask.get_untracked();
        self.edit(|edits| {
            let clicks = [edits.clicks(), &[click]].concat();
            edits.ask(clicks, previous);
        });
    }

    /// Takes the click nearest to `point` back, wherever it stands in the history.
    pub fn remove_click(self, point: Point) {
        let distance = |click: &Click| (f64::from(click.x) + 0.5 - point.0).hypot(f64::from(click.y) + 0.5 - point.1);
        let automatic = self.automatic_mask.get_untracked();
        self.edit(|edits| {
            let mut clicks = edits.clicks().to_vec();
            let nearest = (0..clicks.len()).min_by(|&a, &b| distance(&clicks[a]).total_cmp(&distance(&clicks[b])));
            if let Some(nearest) = nearest {
                clicks.remove(nearest);
                let previous = automatic.filter(|_| !clicks.is_empty());
                edits.ask(clicks, previous);
            }
        });
    }

    /// Paints or erases pixels of the slice, as one step.
    pub fn stroke(self, pixels: Vec<usize>, kind: ClickKind) {
        if !pixels.is_empty() {
            self.edit(|edits| edits.take(Edit::Stroke(Stroke { pixels, kind })));
        }
    }

    /// Goes a step back.
    pub fn undo(self) {
        self.edit(|edits| {
            edits.undo();
        });
    }

    /// Goes a step forth again.
    pub fn redo(self) {
        self.edit(|edits| {
            edits.redo();
        });
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

    /// The slice after the one on screen, if it has the same size and so can take its mask.
    pub fn next_of_same_size(self) -> Option<FileId> {
        let selected = self.selected.get()?;
        self.entries.with(|entries| {
            let at = entries.iter().position(|entry| entry.id == selected)?;
            let size = |index: usize| entries.get(index)?.picture.as_ref().map(|picture| picture.size());
            (size(at)? == size(at + 1)?).then(|| entries[at + 1].id)
        })
    }

    /// Puts the next slice on screen, its mask drawn by the network from the mask on screen.
    pub fn carry_to_next(self) {
        let (Some(next), Some(previous)) = (untrack(move || self.next_of_same_size()), self.mask.get_untracked())
        else {
            return;
        };
        self.select(next);
        self.edit(|edits| edits.ask(Vec::new(), Some(previous)));
    }

    /// Changes the history of the slice on screen. A question that it no longer raises is dropped, a new one asked.
    fn edit(self, change: impl FnOnce(&mut Edits)) {
        let Some(file) = self.selected.get_untracked() else { return };
        let mut raised = (None, None);
        self.edits.update(|all| {
            let edits = all.entry(file).or_default();
            let before = edits.unanswered().cloned();
            change(edits);
            raised = (before, edits.unanswered().cloned());
        });
        let asking = self.running.get_untracked().is_some_and(|running| running.question == Question::Clicks);
        if raised.0 != raised.1 && asking {
            self.drop_question();
        }
        self.attend();
    }

    /// Keeps what the network made of the clicks on a slice.
    pub(crate) fn answered(self, file: FileId, map: imaging::ProbabilityMap) {
        self.edits.update(|all| {
            if let Some(edits) = all.get_mut(&file) {
                edits.answer(Arc::new(map));
            }
        });
    }

    /// Width and height of the slice on screen.
    pub(crate) fn size(self) -> Option<(usize, usize)> {
        self.picture.with_untracked(|picture| picture.as_ref().map(|picture| picture.size()))
    }
}

//! What is being drawn on the slice, from press to release: what it becomes is up to the tool.

use imaging::PromptKind;
use leptos::prelude::*;

use super::Annotation;
use super::brush::{self, Point};
use super::tool::Tool;

/// What is being drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Where the pointer went, on the slice.
    path: Vec<Point>,
    /// What it says.
    pub kind: PromptKind,
}

impl Annotation {
    /// What the tool in hand says: of one that adds or paints, tumour, unless the other side is asked for.
    pub fn side(self, other: bool) -> PromptKind {
        let own = match self.tool.get_untracked() {
            Tool::Remove | Tool::Eraser => PromptKind::Background,
            Tool::Scribble | Tool::Around => self.said.get_untracked(),
            _ => PromptKind::Tumor,
        };
        PromptKind::of((own == PromptKind::Tumor) != other)
    }

    /// Begins a drawing at a point.
    pub fn begin_drawing(self, point: Point, kind: PromptKind) {
        self.drawing.set(Some(Drawing { path: vec![point], kind }));
    }

    /// The drawing goes on to a point.
    pub fn draw_to(self, point: Point) {
        self.drawing.update(|drawing| {
            if let Some(Drawing { path, .. }) = drawing {
                path.push(point);
            }
        });
    }

    /// Nothing comes of the drawing.
    pub fn drop_drawing(self) {
        if self.drawing.with_untracked(Option::is_some) {
            self.drawing.set(None);
        }
    }

    /// The drawing becomes what the tool makes of it.
    pub fn end_drawing(self) {
        let drawn = untrack(|| self.with_drawing(|path, kind| (path.to_vec(), kind)));
        self.drawing.set(None);
        let (Some((path, kind)), Some(size)) = (drawn, self.documents.size()) else { return };
        match self.tool.get_untracked() {
            Tool::Brush | Tool::Eraser => {
                self.stroke(brush::along(&path, self.brush_px.get_untracked(), size), kind);
            }
            Tool::Lasso => self.stroke(brush::inside(&path, size), kind),
            Tool::Around => self.surround(&path, kind),
            _ => self.scribble(&path, kind),
        }
    }

    /// What `read` makes of the line that is being drawn, and of what it says.
    pub fn with_drawing<T>(self, read: impl FnOnce(&[Point], PromptKind) -> T) -> Option<T> {
        let boxed = self.tool.get() == Tool::Around && self.boxed.get();
        self.drawing.with(|drawing| {
            let Drawing { path, kind } = drawing.as_ref()?;
            match (path.first(), path.last()) {
                (Some(&a), Some(&b)) if boxed => Some(read(&[a, (b.0, a.1), b, (a.0, b.1)], *kind)),
                _ => Some(read(path, *kind)),
            }
        })
    }

    /// A key does what a press of the pointer would: a click with a tool that clicks, the beginning or the end of a drawing with
    /// one that draws.
    pub fn press_at(self, point: Point) {
        let tool = self.tool.get_untracked();
        match tool {
            Tool::Add | Tool::Remove => self.click(point, self.side(false)),
            _ if !tool.draws() => {}
            _ if self.drawing.with_untracked(Option::is_some) => {
                self.draw_to(point);
                self.end_drawing();
            }
            _ => self.begin_drawing(point, self.side(false)),
        }
    }
}

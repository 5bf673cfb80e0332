//! What a clinician says of a place, along a line or of a region of a slice.

use std::sync::Arc;

use super::path;
use crate::grid::{Point, Size};

/// One prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What it says.
    pub kind: PromptKind,
    /// Where.
    pub shape: Shape,
}

/// What a prompt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// This is tumour.
    Tumor,
    /// This is not.
    Background,
}

/// Where a prompt says it. Places are in pixels of the prompt's grid; whole numbers are the middles of pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Along a line, in the order in which it was drawn: a scribble; of one place, a click.
    Line(Arc<[Point]>),
    /// Inside a closed line. Of [`PromptKind::Tumor`], a tumour lies somewhere inside, and does not reach across the line; of
    /// [`PromptKind::Background`], nothing inside is tumour.
    Loop(Arc<[Point]>),
}

impl PromptKind {
    /// What says that there is tumour, or that there is none.
    pub fn of(tumor: bool) -> Self {
        if tumor { Self::Tumor } else { Self::Background }
    }
}

impl Prompt {
    /// A prompt by its parts: its line, whether that goes round a region, and whether there is tumour.
    pub fn new(line: impl Into<Arc<[Point]>>, closed: bool, tumor: bool) -> Self {
        let kind = PromptKind::of(tumor);
        if closed { Self::around(line, kind) } else { Self::scribble(line, kind) }
    }

    /// A click.
    pub fn click(x: f32, y: f32, kind: PromptKind) -> Self {
        Self { kind, shape: Shape::Line([Point { x, y }].into()) }
    }

    /// A scribble along a line.
    pub fn scribble(line: impl Into<Arc<[Point]>>, kind: PromptKind) -> Self {
        Self { kind, shape: Shape::Line(line.into()) }
    }

    /// A loop around a region.
    pub fn around(line: impl Into<Arc<[Point]>>, kind: PromptKind) -> Self {
        Self { kind, shape: Shape::Loop(line.into()) }
    }

    /// A box around a region, by two opposite corners.
    pub fn boxed(a: Point, b: Point, kind: PromptKind) -> Self {
        Self::around([a, Point::new(b.x, a.y), b, Point::new(a.x, b.y)], kind)
    }

    /// The places of its line.
    pub fn line(&self) -> &[Point] {
        match &self.shape {
            Shape::Line(line) | Shape::Loop(line) => line,
        }
    }

    /// Its place, if it is a click.
    pub fn click_at(&self) -> Option<Point> {
        match &self.shape {
            Shape::Line(line) => line.first().copied().filter(|_| line.len() == 1),
            Shape::Loop(_) => None,
        }
    }

    /// Whether it is a loop.
    pub fn is_loop(&self) -> bool {
        matches!(self.shape, Shape::Loop(_))
    }

    /// Whether it says that there is tumour.
    pub fn is_tumor(&self) -> bool {
        self.kind == PromptKind::Tumor
    }

    /// The same on another grid, by where each of its places lies there.
    pub fn mapped(&self, place: impl Fn(Point) -> Point) -> Self {
        let mapped = |line: &[Point]| line.iter().map(|&at| place(at)).collect();
        let shape = match &self.shape {
            Shape::Line(line) => Shape::Line(mapped(line)),
            Shape::Loop(line) => Shape::Loop(mapped(line)),
        };
        Self { kind: self.kind, shape }
    }

    /// Pixels of a grid, by their places row by row, that must be on the prompt's side: those under its line, or those inside
    /// a loop around what is no tumour. Of a loop around a tumour, none: it says only where the tumour is.
    pub fn own_pixels(&self, size: Size) -> Vec<usize> {
        match (&self.shape, self.kind) {
            (Shape::Line(line), _) => path::under(line, size),
            (Shape::Loop(line), PromptKind::Background) => path::inside(line, size),
            (Shape::Loop(_), PromptKind::Tumor) => Vec::new(),
        }
    }
}

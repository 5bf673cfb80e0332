//! A place on a slice and what a clinician says of it.

/// One click.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Click {
    /// Column, in pixels of its grid; whole numbers are the middles of pixels.
    pub x: f32,
    /// Row, likewise.
    pub y: f32,
    /// What the clinician says of this place.
    pub kind: ClickKind,
}

/// What a click says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClickKind {
    /// This is tumour.
    Tumor,
    /// This is not.
    Background,
}

//! Tools: what the pointer does on the slice.

/// What the pointer does on the slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Says of a place that it is tumour; the network redraws the mask.
    Add,
    /// Says of a place that it is none.
    Remove,
    /// Says along a line whether it is tumour.
    Scribble,
    /// Says of a region that a tumour is somewhere inside, or that none is.
    Around,
    /// Paints tumour.
    Brush,
    /// Erases it.
    Eraser,
    /// Paints or erases what it goes round.
    Lasso,
    /// Sets where the reformats cut, and moves the image.
    Pointer,
    /// Changes which numbers are black and white.
    Levels,
    /// Measures lengths, shows the diameters, and moves the ends of both.
    Measure,
}

impl Tool {
    /// Whether it says something to the network, which redraws the mask.
    pub fn prompts(self) -> bool {
        matches!(self, Self::Add | Self::Remove | Self::Scribble | Self::Around)
    }

    /// Whether what it says or paints is a line.
    pub fn draws(self) -> bool {
        matches!(self, Self::Scribble | Self::Around | Self::Brush | Self::Eraser | Self::Lasso)
    }

    /// Whether it paints with a radius.
    pub fn has_radius(self) -> bool {
        matches!(self, Self::Brush | Self::Eraser)
    }

    /// Name for style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Scribble => "scribble",
            Self::Around => "around",
            Self::Brush => "brush",
            Self::Eraser => "eraser",
            Self::Lasso => "lasso",
            Self::Pointer => "pointer",
            Self::Levels => "levels",
            Self::Measure => "measure",
        }
    }
}

/// Smallest and largest radius of the brush, in pixels of the slice.
pub const BRUSH_PX: (f64, f64) = (0.5, 60.0);
/// Change of the radius for one key press.
pub const BRUSH_STEP: f64 = 1.25;

//! Pixels of a slice into pixels of a canvas, and back.

/// Where a slice lies on a surface: its upper left corner, and pixels of the surface per column of the slice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CanvasFromSlice {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Enlargement of a column.
    pub scale: f64,
    /// Height of a pixel of the slice, relative to its width.
    pub aspect: f64,
}

impl CanvasFromSlice {
    /// The largest place for a `width × height` slice with pixels of an aspect within a box, centred.
    pub fn within(
        (width, height): (usize, usize),
        aspect: f64,
        (x, y): (f64, f64),
        (box_width, box_height): (f64, f64),
    ) -> Self {
        let (width, height) = (width as f64, height as f64 * aspect);
        let scale = (box_width / width).min(box_height / height);
        Self { x: x + (box_width - width * scale) / 2.0, y: y + (box_height - height * scale) / 2.0, scale, aspect }
    }

    /// The same place on a surface with `density` pixels for one of this.
    pub fn enlarged(self, density: f64) -> Self {
        Self { x: self.x * density, y: self.y * density, scale: self.scale * density, aspect: self.aspect }
    }

    /// A point of the canvas, in pixels of the slice.
    pub fn slice_point(self, x: f64, y: f64) -> (f64, f64) {
        ((x - self.x) / self.scale, (y - self.y) / (self.scale * self.aspect))
    }

    /// A point of the slice, in pixels of the canvas.
    pub fn canvas_point(self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x + x * self.scale, self.y + y * self.scale * self.aspect)
    }
}

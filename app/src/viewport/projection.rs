//! Pixels of a slice into pixels of a canvas, and back.
//!
//! Everywhere in the code whole numbers are the middles of pixels, so that pixel 0 reaches from -0.5 to 0.5: clicks, paths of
//! the pointer, ends of diameters. What is cut along pixels is instead counted from the slice's upper left corner: outlines,
//! the frame around a part, shares of a width. The step between the two is `imaging`'s.

use imaging::{Size, corner_from_middle, middle_from_corner};

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
        Size { width, height }: Size,
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

    /// A point of the canvas, on the slice; whole numbers are the middles of pixels.
    pub fn slice_point(self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = self.offset_px(x, y);
        (middle_from_corner(x), middle_from_corner(y))
    }

    /// A point of the slice, on the canvas; whole numbers are the middles of pixels.
    pub fn canvas_point(self, (x, y): (f64, f64)) -> (f64, f64) {
        self.canvas_corner((corner_from_middle(x), corner_from_middle(y)))
    }

    /// How far a point of the canvas is from the slice's upper left corner, in pixels of the slice.
    pub fn offset_px(self, x: f64, y: f64) -> (f64, f64) {
        ((x - self.x) / self.scale, (y - self.y) / (self.scale * self.aspect))
    }

    /// A point so many pixels of the slice from its upper left corner, on the canvas: with whole numbers, the upper left corner
    /// of a pixel.
    pub fn canvas_corner(self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x + x * self.scale, self.y + y * self.scale * self.aspect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_the_middles_of_pixels() {
        // 4 × 2 pixels twice as high as wide, five times enlarged, with room to the left and right.
        let place = CanvasFromSlice::within(Size::new(4, 2), 2.0, (0.0, 0.0), (40.0, 20.0));
        assert_eq!(place, CanvasFromSlice { x: 10.0, y: 0.0, scale: 5.0, aspect: 2.0 });
        assert_eq!((place.canvas_corner((0.0, 0.0)), place.canvas_corner((4.0, 2.0))), ((10.0, 0.0), (30.0, 20.0)));
        assert_eq!((place.canvas_point((0.0, 0.0)), place.canvas_point((3.0, 1.0))), ((12.5, 5.0), (27.5, 15.0)));
        assert_eq!((place.slice_point(12.5, 5.0), place.slice_point(10.0, 20.0)), ((0.0, 0.0), (-0.5, 1.5)));
        assert_eq!(place.offset_px(30.0, 20.0), (4.0, 2.0));
    }
}

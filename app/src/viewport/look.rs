//! What part of the slice is shown: zoom and pan.

use imaging::Size;
use protocol::Region;

use super::projection::CanvasFromSlice;

/// Change of the enlargement for one notch of the wheel or one key press.
pub const ZOOM_STEP: f64 = 1.2;
/// Smallest and largest enlargement relative to the whole slice on screen.
pub const ZOOM: (f64, f64) = (1.0, 40.0);

/// What part of the slice is shown: enlargement and shift relative to the slice fitted to the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Enlargement, 1 where the whole slice is shown.
    pub zoom: f64,
    /// Shift in CSS pixels.
    pub x: f64,
    /// Likewise, down.
    pub y: f64,
}

impl Look {
    /// The whole slice.
    pub const WHOLE: Self = Self { zoom: 1.0, x: 0.0, y: 0.0 };

    /// The look at which a part of a slice fills a window of some size, all of the slice lying at `whole` in it.
    pub fn at(part: Region, whole: CanvasFromSlice, (width, height): (f64, f64)) -> Self {
        let filled =
            CanvasFromSlice::within(Size::new(part.width, part.height), whole.aspect, (0.0, 0.0), (width, height));
        let zoom = (filled.scale / whole.scale).clamp(ZOOM.0, ZOOM.1);
        let (x, y) = whole
            .canvas_corner((part.left as f64 + part.width as f64 / 2.0, part.top as f64 + part.height as f64 / 2.0));
        Self { zoom, x: zoom * (width / 2.0 - x), y: zoom * (height / 2.0 - y) }
    }

    /// The same look, enlarged by `factor` around a point given relative to the window's centre.
    pub fn zoomed(self, factor: f64, (x, y): (f64, f64)) -> Self {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        if zoom == ZOOM.0 {
            return Self::WHOLE;
        }
        let factor = zoom / self.zoom;
        Self { zoom, x: x - (x - self.x) * factor, y: y - (y - self.y) * factor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let look = Look { zoom: 2.0, x: 10.0, y: -5.0 };
        let point = (37.0, 21.0);
        let before = ((point.0 - look.x) / look.zoom, (point.1 - look.y) / look.zoom);
        let look = look.zoomed(1.7, point);
        let after = ((point.0 - look.x) / look.zoom, (point.1 - look.y) / look.zoom);
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
    }

    #[test]
    fn zooming_out_all_the_way_shows_the_whole_slice() {
        assert_eq!(Look { zoom: 1.1, x: 30.0, y: 9.0 }.zoomed(0.5, (3.0, 4.0)), Look::WHOLE);
    }

    #[test]
    fn what_is_looked_at_fills_the_window() {
        let (slice, window) = (Size::new(560, 340), (900.0, 600.0));
        let whole = CanvasFromSlice::within(slice, 1.0, (0.0, 0.0), window);
        for [left, top, width, height] in [[30, 40, 160, 206], [300, 50, 211, 120], [0, 0, 560, 100]] {
            let part = Region { left, top, width, height };
            let Look { zoom, x, y } = Look::at(part, whole, window);
            let about = |at: f64, middle: f64, shift: f64| middle + (at - middle) * zoom + shift;
            let place = CanvasFromSlice {
                x: about(whole.x, 450.0, x),
                y: about(whole.y, 300.0, y),
                scale: whole.scale * zoom,
                ..whole
            };
            let [left, top, right, bottom] = [left, top, left + width, top + height].map(|number| number as f64);
            let (first, last) = (place.canvas_corner((left, top)), place.canvas_corner((right, bottom)));
            let margins = [first.0, 900.0 - last.0, first.1, 600.0 - last.1];
            assert!(margins.iter().all(|margin| *margin > -1e-9), "{part:?}: {margins:?}");
            assert!((margins[0] - margins[1]).abs() < 1e-9 && (margins[2] - margins[3]).abs() < 1e-9, "centred");
            assert!(margins[0].min(margins[2]) < 1e-9, "as large as it can be");
        }
    }
}

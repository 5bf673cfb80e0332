//! An upright rectangle on a grid.

use super::point::Point;

/// A rectangle by its four edges, in pixels from the grid's upper left corner: of whole numbers it holds the pixels from left to
/// right and from top to bottom, the last ones left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect<T = f32> {
    /// Left edge.
    pub left: T,
    /// Upper edge.
    pub top: T,
    /// Right edge.
    pub right: T,
    /// Lower edge.
    pub bottom: T,
}

impl<T> Rect<T> {
    /// The same with every edge turned into another number.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Rect<U> {
        let Self { left, top, right, bottom } = self;
        Rect { left: change(left), top: change(top), right: change(right), bottom: change(bottom) }
    }
}

impl Rect<usize> {
    /// The smallest one around some pixels of a grid with rows of `width`; none around none.
    pub fn around(pixels: impl Iterator<Item = usize>, width: usize) -> Option<Self> {
        let nothing = Self { left: usize::MAX, top: usize::MAX, right: 0, bottom: 0 };
        let around = pixels.fold(nothing, |rect, at| {
            let (x, y) = (at % width, at / width);
            Self {
                left: rect.left.min(x),
                top: rect.top.min(y),
                right: rect.right.max(x + 1),
                bottom: rect.bottom.max(y + 1),
            }
        });
        (around.right > 0).then_some(around)
    }
}

impl Rect {
    /// Distance of the left and the right edge.
    pub fn width(self) -> f32 {
        self.right - self.left
    }

    /// Distance of the upper and the lower edge.
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// The larger of width and height.
    pub fn longer_side(self) -> f32 {
        self.width().max(self.height())
    }

    /// The place midway between its edges, counted from the corner as they are.
    pub fn middle(self) -> Point {
        Point { x: f32::midpoint(self.left, self.right), y: f32::midpoint(self.top, self.bottom) }
    }

    /// Whether a place lies on it; the right and lower edge do not.
    pub fn contains(self, at: Point) -> bool {
        (self.left..self.right).contains(&at.x) && (self.top..self.bottom).contains(&at.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn around_pixels_lies_the_smallest_rectangle() {
        // Columns 1 and 3, rows 0 and 2, on rows of five.
        let rect = Rect::around([3, 11].into_iter(), 5).unwrap();
        assert_eq!(rect, Rect { left: 1, top: 0, right: 4, bottom: 3 });
        assert_eq!(Rect::around(std::iter::empty(), 5), None);
        let rect = rect.map(|at| at as f32);
        assert_eq!((rect.longer_side(), rect.middle()), (3.0, Point { x: 2.5, y: 1.5 }));
        assert!(rect.contains(Point { x: 1.0, y: 0.0 }) && !rect.contains(Point { x: 4.0, y: 0.0 }));
    }
}

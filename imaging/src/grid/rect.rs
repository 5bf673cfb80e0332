//! An upright rectangle on a grid.

use super::point::Point;

/// A rectangle by its four edges, in pixels; the right and lower ones are the first beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rect<T = f32> {
    pub left: T,
    pub top: T,
    pub right: T,
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
    pub fn width(self) -> f32 {
        self.right - self.left
    }

    pub fn height(self) -> f32 {
        self.bottom - self.top
    }

    pub fn longer_side(self) -> f32 {
        self.width().max(self.height())
    }

    pub fn middle(self) -> Point {
        Point { x: f32::midpoint(self.left, self.right), y: f32::midpoint(self.top, self.bottom) }
    }

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

//! A part of the network's grid that is computed in place of the whole.

use imaging::{Frame, Point, Size};

/// Pixels around what is asked for that the network sees too. With fewer its answer differs from that to the whole
/// slice; how much is measured by `train evaluate --prompts`.
const CONTEXT: f32 = 32.0;

/// A square on the network's grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    frame: Frame,
    /// The whole grid's.
    grid: Size,
}

impl Window {
    /// Width and height of a window, in pixels of the network's grid: a quarter of the work on the usual grid.
    pub const SIDE: usize = 128;

    /// The window that holds all within `reach` of some places and what the network has to see around them, on a grid
    /// of some size; nothing if there is none.
    pub fn around(places: &[Point], reach: f32, grid: Size) -> Option<Self> {
        let edge = |of: fn(&Point) -> f32, farther: fn(f32, f32) -> f32| places.iter().map(of).reduce(farther);
        let (left, right) = (edge(|at| at.x, f32::min)?, edge(|at| at.x, f32::max)?);
        let (top, bottom) = (edge(|at| at.y, f32::min)?, edge(|at| at.y, f32::max)?);
        let at = Point::new(f32::midpoint(left, right), f32::midpoint(top, bottom));
        let half = (right - left).max(bottom - top) / 2.0;
        let fits = half + reach + CONTEXT <= Self::SIDE as f32 / 2.0
            && grid.width >= Self::SIDE
            && grid.height >= Self::SIDE
            && grid != Size::new(Self::SIDE, Self::SIDE);
        let span = |at: f32, length: usize| {
            let first = ((at - Self::SIDE as f32 / 2.0).round().max(0.0) as usize).min(length - Self::SIDE);
            first..first + Self::SIDE
        };
        fits.then(|| Self { frame: Frame::part(span(at.x, grid.width), span(at.y, grid.height)), grid })
    }

    /// Its pixels along a row and along a column.
    pub fn size(self) -> Size {
        self.frame.size()
    }

    /// The window's part of planes of the grid, one after the other, row by row.
    pub fn cut<T: Copy + Default>(self, planes: &[T]) -> Vec<T> {
        let cut = |plane| self.frame.cut(plane, self.grid.width, T::default());
        planes.chunks_exact(self.grid.area_px()).flat_map(cut).collect()
    }

    /// A plane of the grid that holds a plane of the window, and zeros around it.
    pub fn put(self, plane: &[f32]) -> Vec<f32> {
        self.frame.put(plane, self.grid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_cut_out_and_put_back_in_place() {
        let grid = Size::new(256, 192);
        let window = Window::around(&[Point::new(100.0, 90.0)], 10.0, grid).unwrap();
        let planes: Vec<f32> = (0..2 * grid.area_px()).map(|at| at as f32).collect();
        let cut = window.cut(&planes);
        assert_eq!(cut.len(), 2 * Window::SIDE * Window::SIDE);
        assert_eq!(cut[0], (26 * 256 + 36) as f32);
        let whole = window.put(&cut[..Window::SIDE * Window::SIDE]);
        assert_eq!(whole[26 * 256 + 36..26 * 256 + 40], planes[26 * 256 + 36..26 * 256 + 40]);
        assert_eq!((whole[25 * 256 + 36], whole[26 * 256 + 35]), (0.0, 0.0));
        assert_eq!(whole.iter().filter(|&&value| value != 0.0).count(), Window::SIDE * Window::SIDE);
    }

    #[test]
    fn it_stays_on_the_grid() {
        let grid = Size::new(256, 192);
        let at = |x, y| Window::around(&[Point { x, y }], 10.0, grid).map(|window| window.frame.origin());
        assert_eq!(at(0.0, 0.0), Some(Point::new(0, 0)));
        assert_eq!(at(255.0, 191.0), Some(Point::new(128, 64)));
    }

    #[test]
    fn what_reaches_far_and_small_grids_have_none() {
        assert_eq!(Window::around(&[Point::new(100.0, 100.0)], 33.0, Size::new(256, 256)), None);
        assert_eq!(Window::around(&[Point::new(100.0, 100.0)], f32::INFINITY, Size::new(256, 256)), None);
        assert_eq!(Window::around(&[Point::new(50.0, 50.0)], 10.0, Size::new(256, 112)), None);
        assert_eq!(Window::around(&[Point::new(50.0, 50.0)], 10.0, Size::new(128, 128)), None);
        assert_eq!(Window::around(&[], 10.0, Size::new(256, 256)), None);
    }

    #[test]
    fn a_line_has_the_window_around_its_middle_as_long_as_it_fits() {
        let line = |length: f32| [Point::new(100.0, 100.0), Point::new(100.0 + length, 100.0)];
        let grid = Size::new(256, 256);
        let origin = |length| Window::around(&line(length), 10.0, grid).map(|window| window.frame.origin());
        assert_eq!(origin(40.0), Some(Point::new(56, 36)));
        assert_eq!(origin(45.0), None);
    }
}

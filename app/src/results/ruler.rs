//! The ruler: ends of diameters and of lengths are taken up, moved and let go, by a pointer or by keys. A part of the program.

use imaging::{Diameter, Point, Size, middle_from_corner};
use leptos::prelude::*;
use protocol::FileId;
use wasm_split_helpers::wasm_split;

use super::Results;
use super::calipers::{self, Line};
use super::lengths::Measured;
use crate::annotation::step::{Length, Plane};
use crate::parts::{self, Fetched};
use crate::viewport::projection::CanvasFromSlice;

/// Distance from which the end of a line is taken, in CSS pixels.
const GRASP: f64 = 14.0;

/// What is done with the ruler; places are in pixels of the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ruling {
    /// The end of a line at a place is taken up, or else a line begins there; the plane lies so on its view.
    TakeUp(Plane, Point<f64>, CanvasFromSlice),
    /// What is in hand goes to a place.
    To(Plane, Point<f64>),
    /// It stays where it is.
    LetGo,
    /// A key takes up, or lets go.
    Press(Plane, Point<f64>, CanvasFromSlice),
    /// The length nearest to a place goes.
    Delete(Plane, Point<f64>),
    /// The pointer goes to the next end of a line on the slice.
    NextEnd,
}

/// An end of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// Of a diameter of the mask.
    Diameter(Line, usize),
    /// Of a length, whose other end stays.
    Length { number: u32, end: usize, other: Point<f64> },
}

/// An end in hand; all of its way is one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    file: FileId,
    plane: Plane,
    end: End,
    drag: u32,
}

impl Results {
    /// Does something with the ruler.
    pub fn rule(self, ruling: Ruling) {
        parts::perform(self.documents.notices(), rule(self, ruling));
    }

    fn ruled(self, ruling: Ruling) -> Option<()> {
        match ruling {
            Ruling::TakeUp(plane, at, view) => self.take_up(plane, at, view),
            Ruling::To(plane, at) => self.move_to(plane, at),
            Ruling::LetGo => {
                self.held.set_value(None);
                Some(())
            }
            Ruling::Press(plane, at, view) => match self.held.get_value() {
                Some(held) if held.plane == plane => {
                    self.move_to(plane, at);
                    self.ruled(Ruling::LetGo)
                }
                _ => self.take_up(plane, at, view),
            },
            Ruling::Delete(plane, at) => {
                let away = |found: &Measured| distance(found.length.line, at);
                let all = self.lengths_in(plane).into_iter();
                let found = all.min_by(|a, b| away(a).total_cmp(&away(b)))?;
                self.delete_length(found);
                Some(())
            }
            Ruling::NextEnd => {
                let ends: Vec<Point<f64>> = self.ends(Plane::Slice).into_iter().map(|(.., at)| at).collect();
                let here = self.viewport.pointer.get_untracked();
                let known = ends.iter().position(|end| here == Some((end.x, end.y)));
                let next = ends.get(known.map_or(0, |at| (at + 1) % ends.len()))?;
                self.viewport.put_pointer((next.x, next.y));
                Some(())
            }
        }
    }

    /// Takes a length away, as one step.
    pub fn delete_length(self, Measured { file, number, .. }: Measured) {
        self.annotation.measure(file, number, None, self.annotation.fresh_number());
    }

    /// The ends of lines in a plane, with the slice whose history holds them.
    fn ends(self, plane: Plane) -> Vec<(FileId, End, Point<f64>)> {
        let mut ends = Vec::new();
        let shown = self.documents.selected.get().filter(|_| plane == Plane::Slice);
        if let (Some(file), Some(diameters)) = (shown, self.shown_diameters()) {
            for (line, diameter) in [(Line::Longest, diameters.longest), (Line::Perpendicular, diameters.perpendicular)]
            {
                ends.extend((0..2).map(|end| (file, End::Diameter(line, end), diameter.ends[end])));
            }
        }
        for Measured { file, number, length } in self.lengths_in(plane) {
            let [a, b] = length.line.ends;
            ends.push((file, End::Length { number, end: 0, other: b }, a));
            ends.push((file, End::Length { number, end: 1, other: a }, b));
        }
        ends
    }

    fn take_up(self, plane: Plane, at: Point<f64>, view: CanvasFromSlice) -> Option<()> {
        let away = |to: Point<f64>| ((to.x - at.x) * view.scale).hypot((to.y - at.y) * view.scale * view.aspect);
        // Of equally near ones the newest, which lies on top.
        let nearest = self.ends(plane).into_iter().rev().min_by(|a, b| away(a.2).total_cmp(&away(b.2)));
        let (file, end) = match nearest.filter(|(.., to)| away(*to) <= GRASP) {
            Some((file, end, _)) => (file, end),
            None => {
                let number = self.annotation.fresh_number();
                let other = self.within(plane, at)?;
                (self.documents.selected.get()?, End::Length { number, end: 1, other })
            }
        };
        self.held.set_value(Some(Held { file, plane, end, drag: self.annotation.fresh_number() }));
        Some(())
    }

    fn move_to(self, on: Plane, to: Point<f64>) -> Option<()> {
        let Held { file, plane, end, drag } = self.held.get_value().filter(|held| held.plane == on)?;
        if plane == Plane::Slice && self.documents.selected.get() != Some(file) {
            // Another slice came under the pointer.
            return self.ruled(Ruling::LetGo);
        }
        let to = self.within(plane, to)?;
        match end {
            End::Diameter(line, end) => {
                let spacing = self.documents.picture.with(|picture| picture.as_ref()?.spacing_mm);
                let lines = calipers::dragged(self.shown_diameters()?, line, end, to, spacing.unwrap_or([1.0; 2]));
                self.annotation.draw_diameters(Some(lines), drag);
            }
            End::Length { number, end, other } => {
                let ends = if end == 0 { [to, other] } else { [other, to] };
                self.annotation.measure(file, number, Some(Length { plane, line: Diameter { ends } }), drag);
            }
        }
        Some(())
    }

    /// A place in a plane; beside it, at its edge.
    fn within(self, plane: Plane, at: Point<f64>) -> Option<Point<f64>> {
        let Size { width, height } = match plane {
            Plane::Slice => self.documents.size()?,
            Plane::Cut(cut, _) => {
                let study = self.documents.study_on_screen()?;
                Size::new(study.across(cut), study.slices())
            }
        };
        let inside = |at: f64, length: usize| at.clamp(middle_from_corner(0.0), middle_from_corner(length as f64));
        Some(Point::new(inside(at.x, width), inside(at.y, height)))
    }
}

#[wasm_split(study, fallible)]
fn rule(results: Results, ruling: Ruling) -> Fetched<()> {
    untrack(|| results.ruled(ruling));
    Ok(())
}

/// How far a place is from a line.
fn distance(Diameter { ends: [a, b] }: Diameter, at: Point<f64>) -> f64 {
    let (x, y) = (b.x - a.x, b.y - a.y);
    let share = ((at.x - a.x) * x + (at.y - a.y) * y) / (x * x + y * y).max(f64::MIN_POSITIVE);
    let share = share.clamp(0.0, 1.0);
    (a.x + share * x - at.x).hypot(a.y + share * y - at.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_as_far_from_a_line_as_from_its_nearest_point() {
        let line = |a: (f64, f64), b: (f64, f64)| Diameter { ends: [a, b].map(|(x, y)| Point::new(x, y)) };
        let from = |x, y| distance(line((0.0, 0.0), (10.0, 0.0)), Point::new(x, y));
        assert_eq!([from(5.0, 3.0), from(13.0, 4.0), from(-3.0, 0.0)], [3.0, 5.0, 3.0]);
        assert_eq!(distance(line((1.0, 1.0), (1.0, 1.0)), Point::new(4.0, 5.0)), 5.0, "a line without length");
    }
}

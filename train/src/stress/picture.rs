//! Slices as pictures of some kind show them: on a screen, on a page, cut close, photographed.

use clap::ValueEnum;
use imaging::{Frame, Mask, Point, SEQUENCES, Size, Slice};

use crate::data::patient::{LabelledSlice, Patient};
use crate::stress::photograph::photographed;

/// A picture of a slice that is not the slice as a scanner made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Picture {
    /// Of a screen: surrounded by black, two and a half times as wide.
    Screen,
    /// Of a page: cut to the head, surrounded by white.
    Page,
    /// Cut to the head.
    Close,
    /// A photograph of a screen that shows FLAIR.
    Photograph,
}

/// The patient's slices as pictures of some kind show them.
pub fn pictured(patient: &Patient, picture: Picture) -> Patient {
    patient.with_slices(|labelled| {
        let (width, height) = (labelled.slice.width(), labelled.slice.height());
        let head = bright_part(&labelled.slice);
        let (Size { width: across, height: down }, margin) = (head.size(), width.max(height) / 6);
        match picture {
            Picture::Screen => {
                let whole = Frame::whole(width, height);
                let (at, size) = (Point::new(width * 3 / 4, height / 5), Size::new(width * 5 / 2, height * 7 / 5));
                placed(labelled, whole, at, size, 0.0)
            }
            Picture::Page => {
                let size = Size::new(across + 2 * margin, down + 3 * margin);
                placed(labelled, head, Point::new(margin, margin), size, 1.0)
            }
            Picture::Close => placed(labelled, head, Point::new(0, 0), head.size(), 0.0),
            Picture::Photograph => photographed(labelled),
        }
    })
}

/// The columns and rows of which one pixel in fifty is brighter than a tenth of the brightest; all, if there are none.
fn bright_part(slice: &Slice) -> Frame {
    let (width, height) = (slice.width(), slice.height());
    let values = slice.brightest();
    let level = 0.1 * values.iter().copied().fold(0.0, f32::max);
    let span = |length: usize, across: usize, place: &dyn Fn(usize, usize) -> usize| {
        let bright = |&line: &usize| (0..across).filter(|&at| values[place(line, at)] > level).count() * 50 > across;
        let first = (0..length).find(bright).unwrap_or(0);
        first..(0..length).rfind(bright).map_or(length, |last| last + 1)
    };
    Frame::part(span(width, height, &|x, y| y * width + x), span(height, width, &|y, x| y * width + x))
}

/// A part of the slice from a place on in a picture of some size that has one grey around it.
fn placed(
    labelled: &LabelledSlice,
    part: Frame,
    Point { x: left, y: top }: Point<usize>,
    size: Size,
    around: f32,
) -> LabelledSlice {
    let (Size { width: across, height: down }, width) = (part.size(), labelled.slice.width());
    let place = Frame::part(left..left + across, top..top + down);
    let inside = place.put(&vec![true; across * down], size);
    let plane = |index: usize| {
        let seen = place.put(&part.cut(labelled.slice.sequence(index), width, 0.0), size);
        seen.into_iter().zip(&inside).map(|(value, &inside)| if inside { value } else { around }).collect()
    };
    let label = place.put(&part.cut(labelled.label.pixels(), width, false), size);
    let slice = Slice::new(size.width, size.height, (0..SEQUENCES).map(plane).collect());
    LabelledSlice { slice, label: Mask::new(size.width, size.height, label), ..labelled.clone() }
}

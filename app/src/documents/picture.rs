//! A slice that can be shown: the numbers of its sequences, and how they become grey.

use std::array;

use imaging::{Frame, Size, window_of_head};
use protocol::{FileId, Region, SliceInfo, View};

use crate::owner::Owner;

/// Numbers that are shown black and white; the first is the larger where low numbers are bright.
pub type Levels = (f64, f64);

/// A slice and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Size and kind.
    pub info: SliceInfo,
    /// Stored numbers of one sequence, or of all three; row by row.
    pub planes: Vec<Vec<u16>>,
    /// Levels of each sequence until a person sets others.
    pub levels: [Levels; 3],
    /// Distance of columns and of rows in mm, if known.
    pub spacing_mm: Option<[f64; 2]>,
    /// Whose levels it takes.
    pub owner: Owner,
    /// Number of the slice in its study, from 0.
    pub index: usize,
}

impl Picture {
    /// A slice by itself, from the worker's grey levels of 8 bit, one plane after the other.
    pub fn lone(file: FileId, info: SliceInfo, grey: &[u8]) -> Self {
        let sequences = if info.single_sequence { 1 } else { 3 };
        let planes = grey.chunks_exact((info.width * info.height).max(1)).take(sequences);
        let planes = planes.map(|plane| plane.iter().map(|&v| v.into()).collect()).collect();
        let mut picture =
            Self { info, planes, levels: Default::default(), spacing_mm: None, owner: Owner::File(file), index: 0 };
        picture.look(info.view);
        picture
    }

    /// The network looks at this part of it, whose head is shown bright, however bright a page is around it.
    pub fn look(&mut self, view: View) {
        self.info.view = view;
        let part = match view.part {
            Some(Region { left, top, width, height }) => Frame::part(left..left + width, top..top + height),
            None => Frame::whole(self.info.width, self.info.height),
        };
        self.levels = array::from_fn(|index| window_of_head(&part.cut(self.plane(index), self.info.width, 0)));
    }

    /// Its size.
    pub fn size(&self) -> Size {
        Size::new(self.info.width, self.info.height)
    }

    /// Height of a pixel, relative to its width.
    pub fn aspect(&self) -> f64 {
        self.spacing_mm.map_or(1.0, |[x, y]| y / x)
    }

    /// Numbers of a sequence; the single one stands for all.
    pub fn plane(&self, index: usize) -> &[u16] {
        &self.planes[if self.planes.len() > 1 { index } else { 0 }]
    }
}

/// The grey level of a number.
pub fn grey(number: u16, (black, white): Levels) -> u8 {
    let range = if white == black { 1.0 } else { white - black };
    ((f64::from(number) - black) / range * 255.0 + 0.5) as u8
}

/// A table of the grey levels of all numbers: looking up is quicker than computing.
pub fn table(levels: Levels) -> Vec<u8> {
    (0..=u16::MAX).map(|number| grey(number, levels)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_is_bright_on_any_page() {
        let view = |part| View { part, click_scale: 1.0, axial_head: true };
        let info = |view| SliceInfo {
            width: 3,
            height: 2,
            single_sequence: true,
            binary: false,
            digest: 0,
            view,
            decode_us: 0,
        };
        let grey = [255, 20, 90, 255, 40, 0];
        let mut picture = Picture::lone(FileId(1), info(view(None)), &grey);
        assert_eq!(picture.levels, [(0.0, 255.0); 3]);
        picture.look(view(Some(Region { left: 1, top: 0, width: 1, height: 2 })));
        assert_eq!(picture.levels, [(20.0, 40.0); 3]);
        assert_eq!(
            Picture::lone(FileId(1), info(view(Some(Region { left: 1, top: 0, width: 2, height: 2 }))), &grey).levels,
            [(0.0, 90.0); 3]
        );
    }

    #[test]
    fn levels_stretch_clip_and_turn_round() {
        assert_eq!([0, 100, 150, 200, 900].map(|v| grey(v, (100.0, 200.0))), [0, 0, 128, 255, 255]);
        assert_eq!([100, 200].map(|v| grey(v, (200.0, 100.0))), [255, 0]);
        assert_eq!([6, 7, 8].map(|v| grey(v, (7.0, 7.0))), [0, 0, 255]);
    }
}

//! A study on the page: its numbers in the browser's own arrays, of which slices and reformats are cut.

use std::rc::Rc;
use std::sync::Arc;

use imaging::click_scale;
use js_sys::{Uint8Array, Uint16Array};
use protocol::{FileId, Numbers, SequenceInfo, SliceInfo, StudyInfo, View};

use super::picture::{Levels, Picture};
use crate::owner::Owner;

/// The sequence that is always there.
pub const FLAIR: usize = 1;

/// Height over width of a cut through slices of unknown distance: about a head's, drawn axially.
pub const HEIGHT_WITHOUT_SCALE: f64 = 0.6;

/// A study that is open. Clones share its numbers.
#[derive(Clone)]
pub struct Study {
    /// What is known of it.
    pub info: Arc<StudyInfo>,
    arrays: [Option<Rc<Uint16Array>>; 3],
}

/// A direction in which a study can be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// From the side, at a column: front to back, head on top.
    Sagittal,
    /// From the front, at a row: right to left, head on top.
    Coronal,
}

impl Study {
    /// A study with the stored numbers of each sequence that is there.
    pub fn new(info: StudyInfo, stored: [Option<Numbers<u16, Uint8Array>>; 3]) -> Self {
        let arrays = stored.map(|numbers| Some(Rc::new(Uint16Array::new(&numbers?.buffer.buffer()))));
        Self { info: Arc::new(info), arrays }
    }

    /// Number of slices.
    pub fn slices(&self) -> usize {
        self.info.size[2]
    }

    /// Id of a slice.
    pub fn slice_id(&self, index: usize) -> FileId {
        FileId(self.info.first.0 + index as u32)
    }

    /// Ids of all slices, in order.
    pub fn slice_ids(&self) -> impl DoubleEndedIterator<Item = FileId> + Clone + use<> {
        let first = self.info.first.0;
        (first..first + self.slices() as u32).map(FileId)
    }

    /// Whether a slice is one of this study's.
    pub fn holds(&self, id: FileId) -> bool {
        (self.info.first.0..self.info.first.0 + self.slices() as u32).contains(&id.0)
    }

    /// Whether only FLAIR is there.
    pub fn is_single(&self) -> bool {
        self.info.sequences.iter().flatten().count() == 1
    }

    /// A sequence and its numbers; FLAIR where it is missing.
    fn sequence(&self, index: usize) -> (&SequenceInfo, &Uint16Array) {
        let at = if self.arrays[index].is_some() { index } else { FLAIR };
        match (&self.info.sequences[at], &self.arrays[at]) {
            (Some(info), Some(array)) => (info, array),
            _ => unreachable!("FLAIR is always there"),
        }
    }

    /// Levels of a sequence until a person sets others.
    pub fn levels(&self, index: usize) -> Levels {
        self.sequence(index).0.window
    }

    /// Slope and intercept of a sequence's intensities.
    pub fn scale(&self, index: usize) -> (f64, f64) {
        let info = self.sequence(index).0;
        (info.slope, info.intercept)
    }

    /// Smallest and largest number of a sequence.
    pub fn range(&self, index: usize) -> (u16, u16) {
        self.sequence(index).0.range
    }

    /// Stored numbers of a sequence on a slice, row by row.
    pub fn slice_of(&self, sequence: usize, index: usize) -> Vec<u16> {
        let [width, height, _] = self.info.size;
        let from = (index * width * height) as u32;
        self.sequence(sequence).1.subarray(from, from + (width * height) as u32).to_vec()
    }

    /// A slice.
    pub fn picture(&self, index: usize) -> Picture {
        let [width, height, _] = self.info.size;
        let planes = if self.is_single() { FLAIR..FLAIR + 1 } else { 0..3 };
        Picture {
            info: SliceInfo {
                width,
                height,
                single_sequence: self.is_single(),
                binary: false,
                digest: self.info.digest.wrapping_add(index as u64),
                view: View { part: None, click_scale: click_scale(width, height), axial_head: self.info.axial_head },
                decode_us: 0,
            },
            planes: planes.map(|at| self.slice_of(at, index)).collect(),
            levels: std::array::from_fn(|at| self.levels(at)),
            spacing_mm: self.info.spacing_mm.map(|[x, y, _]| [x, y]),
            owner: Owner::Study(self.info.study),
            index,
        }
    }

    /// Pixels along a row of a cut.
    pub fn across(&self, cut: Cut) -> usize {
        self.info.size[if cut == Cut::Coronal { 0 } else { 1 }]
    }

    /// What `value` says of the places in a cut at a column or row, by slice, column and row, the highest slice first.
    pub fn in_cut<T>(&self, cut: Cut, at: usize, value: impl Fn(FileId, usize, usize) -> T) -> Vec<T> {
        let across = self.across(cut);
        let mut values = Vec::with_capacity(across * self.slices());
        for slice in self.slice_ids().rev() {
            values.extend((0..across).map(|along| match cut {
                Cut::Coronal => value(slice, along, at),
                Cut::Sagittal => value(slice, at, along),
            }));
        }
        values
    }

    /// Numbers of a sequence in a cut at a column or row, the highest slice on top: width, height and numbers.
    pub fn cut(&self, cut: Cut, at: usize, sequence: usize) -> (usize, usize, Vec<u16>) {
        let [width, height, depth] = self.info.size;
        let numbers = self.sequence(sequence).1;
        let mut cut_out = Vec::new();
        for slice in (0..depth).rev() {
            let start = slice * width * height;
            match cut {
                Cut::Coronal => {
                    let from = (start + at * width) as u32;
                    cut_out.extend(numbers.subarray(from, from + width as u32).to_vec());
                }
                Cut::Sagittal => {
                    cut_out.extend((0..height).map(|y| numbers.get_index((start + y * width + at) as u32)));
                }
            }
        }
        (self.across(cut), depth, cut_out)
    }
}

//! One image of a study: the intensities of up to three sequences on one grid.

use std::borrow::Cow;

use crate::grid::{Frame, Size};

/// Sequences that the network reads: pre-contrast, FLAIR, post-contrast.
pub const SEQUENCES: usize = 3;

/// Place of FLAIR among them.
const FLAIR: usize = 1;

/// A slice as it came from its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    width: usize,
    height: usize,
    /// One plane for a single sequence, three otherwise; each row by row.
    sequences: Vec<Vec<f32>>,
}

impl Slice {
    /// A slice of one sequence or of pre-contrast, FLAIR and post-contrast.
    ///
    /// # Units and range
    ///
    /// Intensities in 0..=1 of the file's full scale.
    ///
    /// # Panics
    ///
    /// If there are not one or three planes of `width · height` numbers.
    pub fn new(width: usize, height: usize, sequences: Vec<Vec<f32>>) -> Self {
        assert!(matches!(sequences.len(), 1 | SEQUENCES), "a slice has one sequence or three");
        assert!(sequences.iter().all(|plane| plane.len() == width * height), "a plane is width × height");
        Self { width, height, sequences }
    }

    /// Pixels along a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels along a column.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Both.
    pub fn size(&self) -> Size {
        Size { width: self.width, height: self.height }
    }

    /// Whether all three planes are the same single sequence.
    pub fn is_single_sequence(&self) -> bool {
        self.sequences.len() == 1
    }

    /// How many sequences it has itself: one or three.
    pub fn planes(&self) -> usize {
        self.sequences.len()
    }

    /// Of each pixel the brightest of its sequences, row by row.
    pub fn brightest(&self) -> Vec<f32> {
        let at = |place: usize| self.sequences.iter().map(|plane| plane[place]).fold(0.0, f32::max);
        (0..self.width * self.height).map(at).collect()
    }

    /// Intensities of pre-contrast (0), FLAIR (1) or post-contrast (2); a missing one is the sequence that there is.
    ///
    /// The data set fills missing sequences in the same way, with FLAIR.
    ///
    /// # Panics
    ///
    /// If `index` is 3 or more.
    pub fn sequence(&self, index: usize) -> &[f32] {
        assert!(index < SEQUENCES, "there are three sequences");
        &self.sequences[if self.is_single_sequence() { 0 } else { index }]
    }

    /// Intensities of FLAIR.
    pub fn flair(&self) -> &[f32] {
        self.sequence(FLAIR)
    }

    /// What a frame shows of the slice; where it shows nothing, each sequence is as dark as its darkest pixel.
    pub fn part(&self, frame: Frame) -> Cow<'_, Self> {
        if frame == Frame::whole(self.width, self.height) {
            return Cow::Borrowed(self);
        }
        let cut = |plane: &Vec<f32>| {
            let darkest = frame.shown(plane, self.width).copied().reduce(f32::min).unwrap_or_default();
            frame.cut(plane, self.width, darkest)
        };
        let Size { width, height } = frame.size();
        Cow::Owned(Self::new(width, height, self.sequences.iter().map(cut).collect()))
    }

    /// The same slice with FLAIR in place of a sequence.
    ///
    /// # Panics
    ///
    /// If `index` is 3 or more.
    pub fn without(&self, index: usize) -> Self {
        let planes = (0..SEQUENCES).map(|at| self.sequence(if at == index { FLAIR } else { at }).to_vec());
        assert!(index < SEQUENCES, "there are three sequences");
        Self { width: self.width, height: self.height, sequences: planes.collect() }
    }
}

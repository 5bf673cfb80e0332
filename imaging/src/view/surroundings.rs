//! What a slice is taken from.

use super::find_head::Heads;
use crate::grid::Frame;
use crate::input::Statistics;
use crate::slice::Slice;

/// What is known of a slice beside its pixels, and so how it is brought before the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Surroundings {
    /// It is a picture by itself: what of it the network looks at.
    Picture(Frame),
    /// It belongs to a volume: how bright that is.
    Volume(Statistics),
}

impl Surroundings {
    /// Those of a slice that is all there is.
    pub fn of_picture(slice: &Slice) -> Self {
        Self::Picture(Heads::of(slice).frame)
    }

    /// What of the slice the network looks at: of one of a volume, all.
    pub fn frame(&self, slice: &Slice) -> Frame {
        match *self {
            Self::Picture(frame) => frame,
            Self::Volume(_) => Frame::whole(slice.width(), slice.height()),
        }
    }

    /// How bright its volume is, if it has one.
    pub fn volume(&self) -> Option<&Statistics> {
        match self {
            Self::Picture(_) => None,
            Self::Volume(statistics) => Some(statistics),
        }
    }
}

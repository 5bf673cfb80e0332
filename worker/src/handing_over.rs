//! Slices on their way from the worker that read them to the one that is asked about them.

use std::borrow::Cow;

use imaging::{Frame, SEQUENCES, Slice, Statistics, Surroundings};
use protocol::payload::{doubles, floats};
use protocol::{Around, FileId, Pieces, SliceData};

use crate::KnownSlice;

/// Numbers of a sequence's brightness.
const OF_BRIGHTNESS: usize = 4;
/// Numbers of a frame.
const OF_FRAME: usize = 8;

/// The slice that another worker handed over last.
#[derive(Default)]
pub struct Taken(Option<(FileId, KnownSlice<'static>)>);

impl Taken {
    /// Takes a slice in place of the one before.
    pub fn take(&mut self, file: FileId, slice: &SliceData<Vec<u8>>) {
        self.0 = received(slice).map(|known| (file, known));
    }

    /// The slice, if it is this one.
    pub fn slice(&self, file: FileId) -> Option<KnownSlice<'_>> {
        self.0.as_ref().filter(|(taken, _)| *taken == file).map(|(_, known)| known.borrowed())
    }
}

/// A slice for another worker.
pub fn sent(known: &KnownSlice) -> SliceData<Pieces> {
    let slice = &known.slice;
    let intensities = (0..slice.planes()).flat_map(|at| slice.sequence(at)).copied();
    let around = match known.surroundings {
        Surroundings::Picture(frame) => Around::Picture(Pieces::doubles(<[f64; OF_FRAME]>::from(frame)).into()),
        Surroundings::Volume(statistics) => {
            let numbers = <[[f64; OF_BRIGHTNESS]; SEQUENCES]>::from(statistics).into_iter().flatten();
            Around::Volume(Pieces::doubles(numbers).into())
        }
    };
    SliceData { width: slice.width(), height: slice.height(), intensities: Pieces::floats(intensities).into(), around }
}

/// The slice of another worker; nothing if its numbers are not as many as its size says.
fn received(slice: &SliceData<Vec<u8>>) -> Option<KnownSlice<'static>> {
    let &SliceData { width, height, .. } = slice;
    let values = floats(&slice.intensities.buffer);
    let planes: Vec<Vec<f32>> = values.chunks_exact((width * height).max(1)).map(<[f32]>::to_vec).collect();
    if !matches!(planes.len(), 1 | SEQUENCES) || values.len() != planes.len() * width * height {
        return None;
    }
    let surroundings = match &slice.around {
        Around::Picture(numbers) => {
            Surroundings::Picture(Frame::from(<[f64; OF_FRAME]>::try_from(doubles(&numbers.buffer)).ok()?))
        }
        Around::Volume(numbers) => {
            let numbers = <[f64; OF_BRIGHTNESS * SEQUENCES]>::try_from(doubles(&numbers.buffer)).ok()?;
            let of = |at: usize| std::array::from_fn(|number| numbers[at * OF_BRIGHTNESS + number]);
            Surroundings::Volume(Statistics::from(std::array::from_fn(of)))
        }
    };
    Some(KnownSlice { slice: Cow::Owned(Slice::new(width, height, planes)), surroundings })
}

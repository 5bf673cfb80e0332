//! Slices as buffers, on their way from the worker that read them to the one that is asked about them.

use std::borrow::Cow;

use imaging::{Frame, SEQUENCES, Slice, Statistics, Surroundings};
use protocol::FileId;

use crate::Page;

/// Numbers of a sequence's brightness.
const OF_BRIGHTNESS: usize = 4;
/// Numbers of a frame.
const OF_FRAME: usize = 8;

/// The slice that was lent last.
#[derive(Default)]
pub struct Lent(Option<(FileId, Page<'static>)>);

impl Lent {
    /// Takes a slice in place of the one before.
    pub fn take(&mut self, file: FileId, (width, height): (usize, usize), intensities: &[u8], numbers: &[u8]) {
        self.0 = from_buffers(width, height, [intensities, numbers]).map(|page| (file, page));
    }

    /// The slice, if it is this one.
    pub fn page(&self, file: FileId) -> Option<Page<'_>> {
        self.0.as_ref().filter(|(lent, _)| *lent == file).map(|(_, page)| page.borrowed())
    }
}

/// The intensities of a slice, and the numbers of its volume's brightness or of its frame.
pub fn to_buffers(page: &Page) -> [Vec<u8>; 2] {
    let slice = &page.slice;
    let intensities = (0..slice.planes()).flat_map(|at| slice.sequence(at)).flat_map(|value| value.to_le_bytes());
    let numbers: Vec<f64> = match page.surroundings {
        Surroundings::Picture(frame) => <[f64; OF_FRAME]>::from(frame).into(),
        Surroundings::Volume(statistics) => <[[f64; OF_BRIGHTNESS]; SEQUENCES]>::from(statistics).concat(),
    };
    [intensities.collect(), numbers.into_iter().flat_map(f64::to_le_bytes).collect()]
}

/// The slice in such buffers; nothing if they are of another size.
fn from_buffers(width: usize, height: usize, [intensities, numbers]: [&[u8]; 2]) -> Option<Page<'static>> {
    let values: Vec<f32> = intensities.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let planes: Vec<Vec<f32>> = values.chunks_exact((width * height).max(1)).map(<[f32]>::to_vec).collect();
    if !matches!(planes.len(), 1 | SEQUENCES) || values.len() != planes.len() * width * height {
        return None;
    }
    let numbers: Vec<f64> =
        numbers.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().expect("eight bytes"))).collect();
    let surroundings = if let Ok(frame) = <[f64; OF_FRAME]>::try_from(&numbers[..]) {
        Surroundings::Picture(Frame::from(frame))
    } else {
        let numbers = <[f64; OF_BRIGHTNESS * SEQUENCES]>::try_from(&numbers[..]).ok()?;
        let of = |at: usize| std::array::from_fn(|number| numbers[at * OF_BRIGHTNESS + number]);
        Surroundings::Volume(Statistics::from(std::array::from_fn(of)))
    };
    Some(Page { slice: Cow::Owned(Slice::new(width, height, planes)), surroundings })
}

//! Whether a volume is one of axial slices of a head, judged as a whole.

use imaging::{Frame, Slice, is_axial_head};
use study::{Composite, Role};

/// Slices that are judged, from the middle half of the volume: the first and last ones show little.
const JUDGED: usize = 5;

/// Whether most slices of a volume look like axial slices of a head.
pub(crate) fn shows_head(composite: &Composite) -> bool {
    let slices = composite.slices();
    let brightest = |slice: &Slice| slice.sequence(Role::Flair as usize).iter().copied().fold(0.0, f32::max);
    let judged = (0..JUDGED).map(|at| slices * (2 * at + JUDGED) / (4 * JUDGED)).map(|at| composite.slice(at));
    let judged: Vec<Slice> = judged.collect();
    // Of a volume the full scale is that of its numbers, of which a few may be far above the rest.
    let scale = 1.0 / judged.iter().map(brightest).fold(f32::MIN_POSITIVE, f32::max);
    let looks = |slice: &&Slice| {
        let plane = slice.sequence(Role::Flair as usize).iter().map(|value| value * scale).collect();
        let slice = Slice::new(slice.width(), slice.height(), vec![plane]);
        is_axial_head(&slice, Frame::whole(slice.width(), slice.height()))
    };
    2 * judged.iter().filter(looks).count() > JUDGED
}

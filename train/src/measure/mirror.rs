//! A slice into the mean of what the engine says of it and of its mirror images: mirroring at test time, as nn-UNet has it (Isensee
//! et al. 2021, supplementary note 2.2, "inference").

use engine::{EngineError, Segmenter};
use imaging::{ProbabilityMap, SEQUENCES, Slice, Surroundings};

/// Whether left and right, and above and below change places.
const MIRRORS: [[bool; 2]; 4] = [[false, false], [true, false], [false, true], [true, true]];

/// Presence and map of a slice by itself, neither emptied by the other.
///
/// # Errors
///
/// As [`Segmenter::encode`].
pub fn plain(
    segmenter: &Segmenter,
    slice: &Slice,
    surroundings: &Surroundings,
) -> Result<(f32, ProbabilityMap), EngineError> {
    let encoded = pollster::block_on(segmenter.encode(&segmenter.prepare_in(slice, surroundings)))?;
    let presence = encoded.presence();
    Ok((presence, pollster::block_on(segmenter.decode(encoded))?))
}

/// The mean presence and the mean map of a slice and its three mirror images, the maps mirrored back; `surroundings` says what
/// each of them is taken from.
///
/// # Errors
///
/// As [`Segmenter::encode`].
pub fn mirrored(
    segmenter: &Segmenter,
    slice: &Slice,
    surroundings: impl Fn(&Slice) -> Surroundings,
) -> Result<(f32, ProbabilityMap), EngineError> {
    let (width, height) = (slice.width(), slice.height());
    let share = 1.0 / MIRRORS.len() as f32;
    let (mut presence, mut values) = (0.0, vec![0.0; width * height]);
    for mirror in MIRRORS {
        let image = image(slice, mirror);
        let (one, map) = plain(segmenter, &image, &surroundings(&image))?;
        presence += share * one;
        let back = flipped(map.values(), width, mirror);
        values.iter_mut().zip(back).for_each(|(sum, value)| *sum += share * value);
    }
    Ok((presence, ProbabilityMap::new(width, height, values)))
}

/// A slice in a mirror.
fn image(slice: &Slice, mirror: [bool; 2]) -> Slice {
    let sequences = if slice.is_single_sequence() { 1 } else { SEQUENCES };
    let planes = (0..sequences).map(|index| flipped(slice.sequence(index), slice.width(), mirror));
    Slice::new(slice.width(), slice.height(), planes.collect())
}

/// Numbers row by row with rows, or their order, turned round.
fn flipped(values: &[f32], width: usize, [across, down]: [bool; 2]) -> Vec<f32> {
    let mut rows: Vec<Vec<f32>> = values.chunks_exact(width).map(<[f32]>::to_vec).collect();
    if across {
        rows.iter_mut().for_each(|row| row.reverse());
    }
    if down {
        rows.reverse();
    }
    rows.concat()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use imaging::Statistics;

    use super::*;
    use crate::measure::predict::load;

    #[test]
    fn mirrors_turn_rows_and_their_order_and_back() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(flipped(&values, 3, [true, false]), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
        assert_eq!(flipped(&values, 3, [false, true]), [4.0, 5.0, 6.0, 1.0, 2.0, 3.0]);
        for mirror in MIRRORS {
            assert_eq!(flipped(&flipped(&values, 3, mirror), 3, mirror), values);
        }
    }

    #[test]
    fn the_answer_for_a_slice_in_a_mirror_is_the_mirrored_answer() {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/models/lgg-resunetpp");
        let segmenter = load(&model).unwrap();
        let (width, height) = (64, 48);
        let bright =
            |at: usize| ((at % width) as f32 / 90.0).max(if at % width > 40 && at / width < 20 { 0.9 } else { 0.1 });
        let slice = Slice::new(width, height, vec![(0..width * height).map(bright).collect()]);
        let volume = |slice: &Slice| Surroundings::Volume(Statistics::of([slice]));
        let (presence, map) = mirrored(&segmenter, &slice, volume).unwrap();
        for mirror in MIRRORS {
            let image = image(&slice, mirror);
            let (same, turned) = mirrored(&segmenter, &image, volume).unwrap();
            assert!((presence - same).abs() < 1e-4, "{presence} and {same}");
            let back = flipped(turned.values(), width, mirror);
            assert!(map.values().iter().zip(back).all(|(a, b)| (a - b).abs() < 1e-3), "{mirror:?}");
        }
        // The network itself does not answer so, or there would be nothing to take the mean of.
        let (alone, _) = plain(&segmenter, &slice, &volume(&slice)).unwrap();
        assert!((alone - presence).abs() > 1e-3, "{alone} and {presence}");
    }
}

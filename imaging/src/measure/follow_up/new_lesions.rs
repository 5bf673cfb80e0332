//! The masks of two studies into the lesions that only the later one has.

use super::crop::Crop;
use crate::grid::{GridSize, SpacingMm, is_on_grid};
use crate::mask::parts;

/// Smallest volume of a new lesion, in ml: that of a ball of 4.6 mm, or of ten pixels of a millimetre on a slice of 5 mm. What
/// is smaller is more often noise of a mask than a lesion.
pub const NEW_LESION_ML: f64 = 0.05;
/// Gap to the earlier mask, in mm, up to which a part belongs to what was there: as far as outlines of one lesion differ from one
/// segmentation to the next, and a registration is off.
pub const NEW_LESION_MARGIN_MM: f64 = 5.0;
/// Share of a part that the earlier study has to show: beside its slices nobody knows what was there.
const SHOWN: f64 = 0.5;

/// What is marked in a study, on its own grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// Marked voxels, each by its column, row and slice.
    pub voxels: Vec<[usize; 3]>,
    /// Voxels of the grid along each axis.
    pub size: GridSize,
    /// Distances of voxels.
    pub spacing: SpacingMm,
    /// Volume of a voxel, in mm³.
    pub voxel_mm3: f64,
}

/// A connected part of a mask that is far from everything that was marked before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewLesion {
    /// Its volume.
    pub volume_ml: f64,
    /// The slice that shows most of it, from 0.
    pub slice: usize,
}

/// Lesions of `later` that `earlier` has not, the largest first.
///
/// A lesion is new if it is a connected part (by sides, edges or corners of voxels) of at least [`NEW_LESION_ML`], lies at least by
/// half where the earlier study has voxels, and keeps more than [`NEW_LESION_MARGIN_MM`] from the earlier mask, edge to edge of voxels.
/// `earlier_from_later` lays places of the later grid, in voxels, onto the earlier one.
pub fn new_lesions(
    earlier: &Marked,
    later: &Marked,
    earlier_from_later: impl Fn([f64; 3]) -> [f64; 3],
) -> Vec<NewLesion> {
    let Some(crop) = Crop::around(&later.voxels) else { return Vec::new() };
    let surroundings = Surroundings::of(earlier);
    let mut found = Vec::new();
    for part in parts(&crop.marked, crop.size.into()) {
        let volume_ml = part.len() as f64 * later.voxel_mm3 / 1000.0;
        if volume_ml < NEW_LESION_ML {
            continue;
        }
        let laid: Vec<[f64; 3]> =
            part.iter().map(|&at| earlier_from_later(crop.voxel(at).map(|index| index as f64))).collect();
        let shown = laid.iter().filter(|place| is_inside(earlier.size, **place)).count();
        if (shown as f64) < SHOWN * part.len() as f64 || laid.iter().any(|&place| surroundings.hold(place)) {
            continue;
        }
        let mut on_slice = vec![0; later.size.depth];
        part.iter().for_each(|&at| on_slice[crop.voxel(at)[2]] += 1);
        // Of equals the first.
        let slice = (0..on_slice.len()).rev().max_by_key(|&slice| on_slice[slice]).unwrap_or_default();
        found.push(NewLesion { volume_ml, slice });
    }
    found.sort_by(|a, b| b.volume_ml.total_cmp(&a.volume_ml));
    found
}

/// Whether a place is within a grid, up to the edges of its voxels.
fn is_inside(size: GridSize, place: [f64; 3]) -> bool {
    let sizes = size.axes();
    (0..3).all(|axis| is_on_grid(place[axis], sizes[axis] as f64))
}

/// A mask with its margin.
struct Surroundings {
    crop: Option<Crop>,
    spacing: [f64; 3],
}

impl Surroundings {
    fn of(mask: &Marked) -> Self {
        Self { crop: Crop::around(&mask.voxels), spacing: mask.spacing.axes() }
    }

    /// Whether a voxel in the middle of this place is no farther from the mask than the margin.
    fn hold(&self, place: [f64; 3]) -> bool {
        let Some(crop) = &self.crop else { return false };
        let within = |axis: usize| {
            // Voxels that touch are no distance apart.
            let reach = NEW_LESION_MARGIN_MM / self.spacing[axis] + 1.0;
            let low = (place[axis] - reach).ceil().max(crop.low[axis] as f64);
            let high = (place[axis] + reach).floor().min((crop.low[axis] + crop.size[axis] - 1) as f64);
            if low <= high { low as usize..high as usize + 1 } else { 0..0 }
        };
        let gap = |axis: usize, at: usize| {
            let apart = (place[axis] - at as f64).abs() - 1.0;
            (apart.max(0.0) * self.spacing[axis]).powi(2)
        };
        let most = NEW_LESION_MARGIN_MM.powi(2);
        within(2).any(|z| {
            within(1).any(|y| {
                let across = gap(2, z) + gap(1, y);
                across <= most && within(0).any(|x| across + gap(0, x) <= most && crop.marked[crop.at([x, y, z])])
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    const SIZE: GridSize = GridSize::new(60, 50, 12);
    /// Slices farther apart than the margin is wide.
    const SPACING: SpacingMm = SpacingMm { x: 1.0, y: 2.0, z: 6.0 };

    type Block = [Range<usize>; 3];

    /// Columns, rows and slices of blocks.
    fn marked(blocks: &[Block]) -> Marked {
        let of = |[columns, rows, slices]: &Block| {
            let (columns, rows) = (columns.clone(), rows.clone());
            slices.clone().flat_map(move |z| {
                let columns = columns.clone();
                rows.clone().flat_map(move |y| columns.clone().map(move |x| [x, y, z]))
            })
        };
        let voxels = blocks.iter().flat_map(of).collect();
        Marked { voxels, size: SIZE, spacing: SPACING, voxel_mm3: SPACING.voxel_mm3() }
    }

    fn found(earlier: &[Block], later: &[Block]) -> Vec<NewLesion> {
        new_lesions(&marked(earlier), &marked(later), |place| place)
    }

    /// What was there before: 10 columns, 6 rows, 3 slices.
    const OLD: Block = [10..20, 10..16, 4..7];

    #[test]
    fn a_lesion_that_stays_grows_moves_or_goes_is_not_new() {
        for later in [OLD, [4..28, 5..25, 2..9], [18..27, 10..16, 4..7], [13..16, 12..14, 5..6]] {
            assert_eq!(found(&[OLD], &[later]), []);
        }
        assert_eq!(found(&[OLD], &[]), []);
        assert_eq!(found(&[], &[]), []);
    }

    #[test]
    fn a_part_that_is_far_from_all_that_was_there_is_new() {
        // 5 × 4 × 2 voxels of 12 mm³, and 3 × 3 × 1 with one pixel more below it.
        let one: Block = [40..45, 30..34, 8..10];
        let [lesion] = found(&[OLD], &[OLD, one.clone()])[..] else { panic!("one lesion") };
        assert!((lesion.volume_ml - 0.48).abs() < 1e-9 && lesion.slice == 8, "{lesion:?}");
        let other: Block = [30..33, 40..43, 2..3];
        let two = found(&[OLD], &[OLD, other, [30..31, 40..41, 1..2], one]);
        let volumes: Vec<(usize, usize)> =
            two.iter().map(|lesion| (lesion.slice, (1000.0 * lesion.volume_ml).round() as usize)).collect();
        assert_eq!(volumes, [(8, 480), (2, 120)], "the largest first");
        // Where nothing was marked everything is.
        assert_eq!(found(&[], &[OLD]).len(), 1);
    }

    #[test]
    fn parts_that_a_lesion_split_into_are_not_new() {
        let halves: [Block; 2] = [[10..13, 10..16, 4..7], [17..20, 10..16, 4..7]];
        assert_eq!(found(&[OLD], &halves), []);
        // One that was there twice and is one now.
        assert_eq!(found(&halves, &[OLD]), []);
    }

    #[test]
    fn within_the_margin_nothing_is_new_and_beyond_it_all_is() {
        // Columns of 1 mm: the gap to column 19 is 5 mm, then 6.
        assert_eq!(found(&[OLD], &[[25..31, 10..16, 4..7]]), []);
        assert_eq!(found(&[OLD], &[[26..31, 10..16, 4..7]]).len(), 1);
        // Rows of 2 mm: 4 mm, then 6.
        assert_eq!(found(&[OLD], &[[10..20, 18..22, 4..7]]), []);
        assert_eq!(found(&[OLD], &[[10..20, 19..22, 4..7]]).len(), 1);
        // Slices of 6 mm: the next one touches, the one after it is 6 mm off.
        assert_eq!(found(&[OLD], &[[10..20, 10..16, 7..9]]), []);
        assert_eq!(found(&[OLD], &[[10..20, 10..16, 8..9]]).len(), 1);
        // By a corner: 4 mm along rows, 4 along columns.
        assert_eq!(found(&[OLD], &[[24..30, 18..24, 4..7]]).len(), 1);
        assert_eq!(found(&[OLD], &[[22..30, 18..24, 4..7]]), [], "4 mm and 2");
    }

    #[test]
    fn what_is_too_small_is_noise() {
        // Voxels of 12 mm³: 0.048 ml, then 0.06.
        assert_eq!(found(&[OLD], &[[40..42, 30..32, 8..9]]), []);
        assert_eq!(found(&[OLD], &[[40..45, 30..31, 8..9]]).len(), 1);
    }

    #[test]
    fn the_registration_decides_what_lies_where() {
        // The head moved by 20 columns: the same lesion is elsewhere on the grid.
        let moved: Block = [30..40, 10..16, 4..7];
        let (earlier, later) = (marked(&[OLD]), marked(&[moved]));
        assert_eq!(new_lesions(&earlier, &later, |[x, y, z]| [x - 20.0, y, z]), []);
        assert_eq!(new_lesions(&earlier, &later, |place| place).len(), 1);
    }

    #[test]
    fn beside_the_earlier_study_nothing_is_said_to_be_new() {
        let (earlier, later) = (marked(&[OLD]), marked(&[OLD, [30..40, 20..30, 9..12]]));
        // The earlier study has one of the lesion's three slices, then two.
        let shallow = |depth| Marked { size: GridSize { depth, ..SIZE }, ..earlier.clone() };
        assert_eq!(new_lesions(&shallow(10), &later, |place| place), []);
        assert_eq!(new_lesions(&shallow(11), &later, |place| place).len(), 1);
    }

    #[test]
    fn grids_may_differ() {
        // The earlier study has slices of 2 mm, three for one.
        let earlier = Marked {
            voxels: vec![[12, 12, 15], [12, 12, 16], [12, 12, 17]],
            size: GridSize::new(60, 50, 36),
            spacing: SpacingMm { z: 2.0, ..SPACING },
            voxel_mm3: 4.0,
        };
        let later = marked(&[OLD, [40..45, 30..34, 8..10]]);
        let found = new_lesions(&earlier, &later, |[x, y, z]| [x, y, 3.0 * z + 1.0]);
        assert_eq!(found.iter().map(|lesion| lesion.slice).collect::<Vec<_>>(), [8]);
    }
}

//! The masks of a study's slices into its lesions: connected parts, each with the slice where its product of diameters is largest.

use super::crop::Crop;
use crate::mask::{Mask, parts};

/// Shortest length of both diameters of a lesion that is measured, in mm.
///
/// # Source
///
/// RANO-LGG 2011, doi 10.1016/S1470-2045(11)70057-2.
pub const MEASURABLE_MM: f64 = 10.0;
/// Slices on which they have to be so long.
pub const MEASURABLE_SLICES: usize = 2;
/// Lesions whose products are added up at most, the largest ones.
///
/// # Source
///
/// RANO, doi 10.1200/JCO.2009.26.3541 (multiple lesions).
pub const MOST_LESIONS: usize = 5;

/// A connected part of a study's mask, by sides, edges or corners of voxels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lesion {
    /// The slice where its product is largest, from 0.
    pub slice: usize,
    /// There the longest diameter and the longest perpendicular to it, in mm.
    pub diameters_mm: [f64; 2],
    /// Slices on which both diameters are as long as RANO asks of a lesion that is measured.
    pub measurable_slices: usize,
}

impl Lesion {
    /// The largest product of its diameters, in mm².
    pub fn mm2(&self) -> f64 {
        self.diameters_mm[0] * self.diameters_mm[1]
    }

    /// Whether RANO-LGG counts it as measurable.
    pub fn is_measurable(&self) -> bool {
        self.measurable_slices >= MEASURABLE_SLICES
    }

    /// The lesion whose diameters on its slices, in mm, are these; none if there are none.
    fn of(slices: impl IntoIterator<Item = (usize, [f64; 2])>) -> Option<Self> {
        let mut found: Option<Self> = None;
        for (slice, diameters_mm) in slices {
            let here = Self { slice, diameters_mm, measurable_slices: 0 };
            let so_far = found.map_or(0, |known| known.measurable_slices);
            let measurable_slices = so_far + usize::from(diameters_mm.iter().all(|&mm| mm >= MEASURABLE_MM));
            // Of equals the first.
            let larger = found.filter(|known| known.mm2() >= here.mm2()).unwrap_or(here);
            found = Some(Self { measurable_slices, ..larger });
        }
        found
    }
}

/// The lesions of a study, the largest product first.
///
/// `masks` has one a slice, none where nothing is known. `measure` gives the diameters in mm of what a lesion shows on a slice: the
/// slice's number and that part of its mask, or none of it where the lesion is all that is marked there.
pub fn lesions<'a>(
    masks: impl IntoIterator<Item = Option<&'a Mask>>,
    mut measure: impl FnMut(usize, Option<&Mask>) -> Option<[f64; 2]>,
) -> Vec<Lesion> {
    let masks: Vec<Option<&Mask>> = masks.into_iter().collect();
    let mut voxels = Vec::new();
    for (slice, mask) in masks.iter().enumerate() {
        let Some(mask) = mask else { continue };
        let marked = mask.pixels().iter().enumerate().filter(|(_, marked)| **marked);
        voxels.extend(marked.map(|(at, _)| [at % mask.width(), at / mask.width(), slice]));
    }
    let Some(crop) = Crop::around(&voxels) else { return Vec::new() };
    let mut on_slice = vec![0; masks.len()];
    voxels.iter().for_each(|[.., slice]| on_slice[*slice] += 1);
    let mut found = Vec::new();
    for part in parts(&crop.marked, crop.size.into()) {
        let mut pixels = vec![Vec::new(); masks.len()];
        for voxel in part.into_iter().map(|at| crop.voxel(at)) {
            pixels[voxel[2]].push(voxel);
        }
        let slices = pixels.into_iter().enumerate().filter(|(_, pixels)| !pixels.is_empty());
        let measured = slices.filter_map(|(slice, pixels)| {
            let mask = masks[slice]?;
            let alone = (pixels.len() < on_slice[slice]).then(|| {
                let mut marked = vec![false; mask.pixels().len()];
                pixels.iter().for_each(|[x, y, _]| marked[y * mask.width() + x] = true);
                Mask::new(mask.width(), mask.height(), marked)
            });
            Some((slice, measure(slice, alone.as_ref())?))
        });
        found.extend(Lesion::of(measured));
    }
    // Stable: of equals the first.
    found.sort_by(|a, b| b.mm2().total_cmp(&a.mm2()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Diameters;

    /// Slices with rectangles, each by its first column and row, its length and its height.
    fn masks(slices: &[&[[usize; 4]]]) -> Vec<Mask> {
        let slice = |boxes: &&[[usize; 4]]| {
            let inside = |at: usize| {
                let (x, y) = (at % 60, at / 60);
                boxes
                    .iter()
                    .any(|&[left, top, long, high]| (left..left + long).contains(&x) && (top..top + high).contains(&y))
            };
            Mask::new(60, 50, (0..3000).map(inside).collect())
        };
        slices.iter().map(slice).collect()
    }

    fn found(slices: &[&[[usize; 4]]]) -> Vec<Lesion> {
        let masks = masks(slices);
        lesions(masks.iter().map(Some), |slice, alone| {
            let found = Diameters::of(alone.unwrap_or(&masks[slice]), [1.0, 1.0])?;
            Some([found.longest.length([1.0, 1.0]), found.perpendicular.length([1.0, 1.0])])
        })
    }

    #[test]
    fn each_connected_part_has_its_own_product_on_its_own_slice() {
        let found = found(&[
            &[[2, 2, 12, 12]],
            &[[2, 2, 30, 20], [40, 30, 12, 11]],
            &[[2, 2, 14, 12], [40, 30, 16, 14]],
            &[[40, 30, 12, 11]],
        ]);
        assert_eq!(found.iter().map(|lesion| lesion.slice).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(found.iter().map(|lesion| lesion.measurable_slices).collect::<Vec<_>>(), [3, 3]);
        // The diagonal of a rectangle and what is across it there.
        assert!((found[0].diameters_mm[0] - 30f64.hypot(20.0)).abs() < 1.5, "{found:?}");
        assert!(found[0].mm2() > found[1].mm2() && found[1].mm2() > 200.0);
    }

    #[test]
    fn what_is_connected_across_slices_is_one_lesion() {
        // Two islands on the second slice that the first one joins, by a corner at one of them.
        let found = found(&[&[[10, 10, 20, 3]], &[[8, 13, 3, 12], [30, 13, 3, 12]]]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(lesions([None, None], |_, _| Some([1.0; 2])), []);
    }

    #[test]
    fn all_of_a_slice_is_not_copied() {
        let masks = masks(&[&[[2, 2, 12, 12]], &[[2, 2, 12, 12], [40, 30, 4, 4]]]);
        let mut asked = Vec::new();
        lesions(masks.iter().map(Some), |slice, alone| {
            asked.push((slice, alone.map(Mask::area_px)));
            Some([1.0; 2])
        });
        assert_eq!(asked, [(0, None), (1, Some(144)), (1, Some(16))]);
    }
}

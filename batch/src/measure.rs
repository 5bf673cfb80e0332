//! The mask of a study into the figures of its row.

use imaging::{Diameters, GridSize, Mask, SpacingMm, without_small_parts};
use protocol::Figures;
use study::Geometry;

/// What the network says of a slice.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// How likely there is tumour at all.
    pub presence: f32,
    /// What is marked, where anything is.
    pub mask: Option<Mask>,
}

/// What was measured on a study.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Marked voxels.
    pub voxels: usize,
    /// Their volume, where the files say how large a voxel is.
    pub volume_ml: Option<f64>,
    /// Slices with marks.
    pub slices_marked: usize,
    /// The slice with the largest marked area, from 0, and its marked pixels.
    pub widest: Option<(usize, usize)>,
    /// The largest product of the diameters of a slice, with them and the number of the slice, from 1.
    pub largest: Option<Largest>,
    /// The highest presence of all slices.
    pub presence: f32,
}

/// The slice with the largest product of diameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Largest {
    /// Its number, from 1.
    pub slice: usize,
    /// Longest diameter.
    pub longest: f64,
    /// Longest diameter perpendicular to it.
    pub perpendicular: f64,
    /// Product of both.
    pub product: f64,
}

/// The mask of a whole study: what is marked in its slices, less the small parts, as on the page once a volume is segmented.
pub fn mask(answers: &[Answer], size: GridSize) -> Vec<bool> {
    let area = size.slice().area_px();
    let mut marked = vec![false; size.voxels()];
    for (slice, answer) in marked.chunks_exact_mut(area).zip(answers) {
        if let Some(mask) = &answer.mask {
            slice.copy_from_slice(mask.pixels());
        }
    }
    without_small_parts(&marked, size)
}

/// The figures of a mask.
pub fn measures(marked: &[bool], answers: &[Answer], geometry: &Geometry) -> Measures {
    let size = geometry.size;
    let spacing = geometry.spacing_mm().map(SpacingMm::axes).map_or([1.0; 2], |[x, y, _]| [x, y]);
    let mut measures = Measures {
        voxels: marked.iter().filter(|&&marked| marked).count(),
        presence: answers.iter().map(|answer| answer.presence).fold(0.0, f32::max),
        ..Measures::default()
    };
    measures.volume_ml = geometry.voxel_mm3().map(|mm3| measures.voxels as f64 * mm3 / 1000.0);
    for (at, slice) in marked.chunks_exact(size.slice().area_px()).enumerate() {
        if !slice.contains(&true) {
            continue;
        }
        measures.slices_marked += 1;
        let area_px = slice.iter().filter(|&&marked| marked).count();
        if measures.widest.is_none_or(|(_, known)| area_px > known) {
            measures.widest = Some((at, area_px));
        }
        let Some(diameters) = Diameters::of(&Mask::new(size.width, size.height, slice.to_vec()), spacing) else {
            continue;
        };
        let largest = Largest {
            slice: at + 1,
            longest: diameters.longest.length(spacing),
            perpendicular: diameters.perpendicular.length(spacing),
            product: diameters.product(spacing),
        };
        // Of equals the first.
        if measures.largest.is_none_or(|known| largest.product > known.product) {
            measures.largest = Some(largest);
        }
    }
    measures
}

impl Measures {
    /// What a structured report says of them.
    pub fn figures(&self, geometry: &Geometry) -> Figures {
        let spacing = geometry.spacing_mm().map(SpacingMm::axes);
        let area_mm2 = self.widest.zip(spacing).map(|((slice, px), [x, y, _])| (slice, px as f64 * x * y));
        let axes_mm = self.largest.filter(|_| spacing.is_some());
        let axes_mm = axes_mm.map(|largest| (largest.slice - 1, [largest.longest, largest.perpendicular]));
        let volume_ml = self.volume_ml.unwrap_or_default();
        Figures { volume_ml, area_mm2, axes_mm, laterality: None, is_complete: true, since: None }
    }
}

#[cfg(test)]
mod tests {
    use study::Placement;

    use super::*;

    fn answer(presence: f32, marked: &[usize]) -> Answer {
        let mut pixels = vec![false; 64];
        marked.iter().for_each(|&at| pixels[at] = true);
        Answer { presence, mask: (!marked.is_empty()).then(|| Mask::new(8, 8, pixels)) }
    }

    #[test]
    fn figures_are_those_of_the_mask_without_its_small_parts() {
        let block: Vec<usize> = (0..4).flat_map(|y| (0..4).map(move |x| 8 * y + x)).collect();
        let answers = [answer(0.2, &[63]), answer(0.9, &block), answer(0.7, &block[..8])];
        let size = GridSize::new(8, 8, 3);
        let marked = mask(&answers, size);
        assert!(!marked[63], "one voxel beside 24");
        let geometry = Geometry { size, placement: Placement::Spaced([0.5, 0.5, 4.0].into()) };
        let measures = measures(&marked, &answers, &geometry);
        assert_eq!((measures.voxels, measures.slices_marked), (24, 2));
        assert_eq!(measures.volume_ml, Some(0.024));
        assert!((measures.presence - 0.9).abs() < 1e-6);
        let largest = measures.largest.unwrap();
        assert_eq!(largest.slice, 2);
        assert!((largest.product - largest.longest * largest.perpendicular).abs() < 1e-9);
        assert!(largest.longest > 2.0 && largest.longest < 3.0, "the diagonal of 2 mm by 2 mm: {largest:?}");
    }

    #[test]
    fn nothing_marked_has_no_diameter() {
        let answers = [answer(0.01, &[])];
        let size = GridSize::new(8, 8, 1);
        let geometry = Geometry { size, placement: Placement::Unknown };
        let measures = measures(&mask(&answers, size), &answers, &geometry);
        assert_eq!((measures.voxels, measures.largest, measures.volume_ml), (0, None, None));
    }
}

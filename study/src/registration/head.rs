//! The part of a volume that holds something: the box around its head.

use imaging::middle_from_corner;

use super::places::even_places;
use crate::reduced::Reduced;

/// Share of the head's voxels that may lie beyond each side of its box: specks and what reaches out of the picture.
const BEYOND: f64 = 0.005;
/// How far the box reaches beyond the head, in mm, since its outline tells as much as what is in it.
const MARGIN_MM: f64 = 8.0;

/// A box in mm, along the axes of the grid that it was found on, and the middle of what is in it.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Its first and last place along each axis, in voxels of the grid that it was found on.
    low: [f64; 3],
    high: [f64; 3],
    /// That grid.
    grid: Reduced,
    /// The mean place of the head's voxels, in mm.
    pub middle_mm: [f64; 3],
}

impl Head {
    /// Found on a volume; none if all of its voxels are alike.
    pub fn find(image: &Reduced) -> Option<Self> {
        let least = image.least_of_head()?;
        let mut along = image.size.map(|length| vec![0.0; length]);
        let [width, height, _] = image.size;
        for (at, value) in image.values.iter().enumerate() {
            if *value >= least {
                let index = [at % width, at / width % height, at / width / height];
                (0..3).for_each(|axis| along[axis][index[axis]] += 1.0);
            }
        }
        let all: f64 = along[0].iter().sum();
        let spacing = image.affine.spacing_mm().axes();
        let (mut low, mut high, mut middle) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        for axis in 0..3 {
            let margin = MARGIN_MM / spacing[axis];
            let length = image.size[axis] as f64;
            low[axis] = middle_from_corner((beyond(along[axis].iter(), all) as f64 - margin).max(0.0));
            let last = length - beyond(along[axis].iter().rev(), all) as f64;
            high[axis] = middle_from_corner((last + margin).min(length));
            middle[axis] = along[axis].iter().enumerate().map(|(at, count)| at as f64 * count).sum::<f64>() / all;
        }
        let grid = Reduced { values: Vec::new(), ..*image };
        Some(Self { low, high, middle_mm: image.affine.apply(middle), grid })
    }

    /// The box of a whole volume.
    #[cfg(test)]
    pub fn whole(image: &Reduced) -> Self {
        let high = image.size.map(|length| middle_from_corner(length as f64));
        let grid = Reduced { values: Vec::new(), ..*image };
        Self { low: [middle_from_corner(0.0); 3], high, grid, middle_mm: [0.0; 3] }
    }

    /// So many places within it, evenly spread, in voxels of an image that lies where the one does on which it was found.
    pub fn places(&self, image: &Reduced, seed: u32, count: usize) -> impl Iterator<Item = [f32; 3]> {
        let onto = image.affine.inverse().map(|inverse| inverse.after(&self.grid.affine));
        let (low, high) = (self.low, self.high);
        even_places(seed, count).filter_map(move |part| {
            let place = std::array::from_fn(|axis| low[axis] + part[axis] * (high[axis] - low[axis]));
            onto.map(|onto| onto.apply(place).map(|v| v as f32))
        })
    }

    /// Its eight corners, in mm.
    pub fn corners_mm(&self) -> [[f64; 3]; 8] {
        std::array::from_fn(|bits| {
            let corner =
                std::array::from_fn(|axis| if bits >> axis & 1 == 1 { self.high[axis] } else { self.low[axis] });
            self.grid.affine.apply(corner)
        })
    }
}

/// Layers from one side that hold next to nothing.
fn beyond<'a>(layers: impl Iterator<Item = &'a f64>, all: f64) -> usize {
    let mut sum = 0.0;
    layers
        .take_while(|&&count| {
            sum += count;
            sum <= BEYOND * all
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Affine;

    #[test]
    fn the_box_is_around_the_head_and_not_around_specks() {
        let size = [60, 50, 20];
        let affine = Affine([[3.0, 0.0, 0.0, -90.0], [0.0, 3.0, 0.0, -75.0], [0.0, 0.0, 5.0, 0.0]]);
        let value = |at: usize| {
            let [x, y, z] = [at % 60, at / 60 % 50, at / 3000].map(|v| v as f32);
            let head = (20.0..40.0).contains(&x) && (15.0..40.0).contains(&y) && z >= 4.0;
            if at == 61 {
                900.0
            } else if head {
                100.0 + x
            } else {
                5.0
            }
        };
        let image = Reduced { values: (0..60_000).map(value).collect(), size, affine };
        let head = Head::find(&image).unwrap();
        let [first, .., last] = head.corners_mm();
        // Half a voxel and the margin beyond the outermost voxels; the last slice is the volume's last.
        let expected =
            [[60.0 - 1.5 - 8.0 - 90.0, 45.0 - 9.5 - 75.0, 20.0 - 10.5], [117.0 + 9.5 - 90.0, 117.0 + 9.5 - 75.0, 97.5]];
        for (found, expected) in first.into_iter().chain(last).zip(expected.into_iter().flatten()) {
            assert!((found - expected).abs() < 1e-9, "{first:?} {last:?}");
        }
        assert!((head.middle_mm[0] - (29.5 * 3.0 - 90.0)).abs() < 0.1, "{:?}", head.middle_mm);
        let coarse = image.reduced(12.0);
        for place in head.places(&coarse, 3, 500) {
            let mm = coarse.affine.apply(place.map(f64::from));
            assert!((0..3).all(|axis| mm[axis] > first[axis] - 1e-3 && mm[axis] < last[axis] + 1e-3));
        }
        assert!(Head::find(&Reduced { values: vec![3.0; 60_000], size, affine }).is_none());
    }
}

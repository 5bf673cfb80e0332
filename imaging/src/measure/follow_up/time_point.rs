//! The masks of one study into the figures that studies of one patient are compared by.

use std::f64::consts::PI;

use super::day::Day;
use crate::grid::SpacingMm;
use crate::mask::Mask;
use crate::measure::Diameters;

/// Shortest length of both diameters of a lesion that is measured, in mm.
///
/// # Source
///
/// RANO-LGG 2011, doi 10.1016/S1470-2045(11)70057-2.
pub const MEASURABLE_MM: f64 = 10.0;
/// Slices on which they have to be so long.
pub const MEASURABLE_SLICES: usize = 2;

/// The slice with the largest bidimensional product, and its diameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LargestProduct {
    /// The slice, from 0.
    pub slice: usize,
    /// The longest diameter and the longest perpendicular to it, in mm.
    pub diameters_mm: [f64; 2],
}

impl LargestProduct {
    /// Product of both, in mm².
    pub fn mm2(&self) -> f64 {
        self.diameters_mm[0] * self.diameters_mm[1]
    }
}

/// What one study says of a tumour.
#[derive(Clone, Debug, PartialEq)]
pub struct TimePoint {
    /// When it was acquired, if that is known.
    pub day: Option<Day>,
    /// Volume of the mask, in ml.
    pub volume_ml: f64,
    /// One standard deviation of the volume, as a share of it: the error of the segmentation itself.
    pub volume_error: f64,
    /// Area of the mask on every slice, in mm².
    pub areas_mm2: Vec<f64>,
    /// The largest bidimensional product; none of an empty mask.
    pub largest: Option<LargestProduct>,
    /// Slices on which both diameters are as long as RANO asks of a lesion that is measured.
    pub measurable_slices: usize,
}

impl TimePoint {
    /// The figures of a study's masks, one a slice, on a grid whose voxels are `spacing` apart.
    ///
    /// `volume_error` is one standard deviation of the volume as a share of it, e.g. 0.15.
    pub fn of(masks: &[Mask], spacing: SpacingMm, day: Option<Day>, volume_error: f64) -> Self {
        let in_plane = [spacing.x, spacing.y];
        let areas_mm2: Vec<f64> = masks.iter().map(|mask| mask.area_px() as f64 * spacing.x * spacing.y).collect();
        let lengths = |(slice, mask): (usize, &Mask)| {
            let found = Diameters::of(mask, in_plane)?;
            let diameters_mm = [found.longest.length(in_plane), found.perpendicular.length(in_plane)];
            Some(LargestProduct { slice, diameters_mm })
        };
        let volume_ml = areas_mm2.iter().sum::<f64>() * spacing.z / 1000.0;
        let products = masks.iter().enumerate().filter_map(lengths).collect();
        Self::of_slices(volume_ml, areas_mm2, products, day, volume_error)
    }

    /// The figures of a study whose slices have been measured: its volume, the area of every slice, and the products of those with
    /// a mask, in their order.
    pub fn of_slices(
        volume_ml: f64,
        areas_mm2: Vec<f64>,
        products: Vec<LargestProduct>,
        day: Option<Day>,
        volume_error: f64,
    ) -> Self {
        let is_long = |product: &&LargestProduct| product.diameters_mm.iter().all(|&mm| mm >= MEASURABLE_MM);
        Self {
            day,
            volume_ml,
            volume_error,
            areas_mm2,
            measurable_slices: products.iter().filter(is_long).count(),
            // Of equals the first.
            largest: products.into_iter().rev().max_by(|a, b| a.mm2().total_cmp(&b.mm2())),
        }
    }

    /// Diameter of the sphere of equal volume, in mm.
    ///
    /// # Source
    ///
    /// Mandonnet et al. 2003, doi 10.1002/ana.10528.
    pub fn mean_diameter_mm(&self) -> f64 {
        (6.0 * self.volume_ml * 1000.0 / PI).cbrt()
    }

    /// One standard deviation of [`Self::mean_diameter_mm`], in mm: a third of the volume's, as a share.
    pub fn mean_diameter_error_mm(&self) -> f64 {
        self.mean_diameter_mm() * self.volume_error / 3.0
    }

    /// The largest bidimensional product in mm², 0 of an empty mask.
    pub fn product_mm2(&self) -> f64 {
        self.largest.map_or(0.0, |largest| largest.mm2())
    }

    /// Whether RANO-LGG counts the lesion as measurable.
    pub fn is_measurable(&self) -> bool {
        self.measurable_slices >= MEASURABLE_SLICES
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Slices of a ball of a radius in mm around the middle of a grid, off its voxels.
    pub(in crate::measure::follow_up) fn ball(radius_mm: f64, spacing: SpacingMm, error: f64, day: &str) -> TimePoint {
        let reach = |step: f64| (radius_mm / step).ceil() as usize * 2 + 4;
        let [width, height, depth] = spacing.axes().map(reach);
        let away = |at: usize, of: usize, step: f64, off: f64| ((at as f64 - of as f64 / 2.0 + off) * step).powi(2);
        let slice = |z: usize| {
            let inside = |at: usize| {
                let (x, y) = (at % width, at / width);
                let squared = away(x, width, spacing.x, 0.2) + away(y, height, spacing.y, -0.3);
                squared + away(z, depth, spacing.z, 0.4) <= radius_mm * radius_mm
            };
            Mask::new(width, height, (0..width * height).map(inside).collect())
        };
        let masks: Vec<Mask> = (0..depth).map(slice).collect();
        TimePoint::of(&masks, spacing, Day::parse(day), error)
    }

    pub(in crate::measure::follow_up) const THIN: SpacingMm = SpacingMm { x: 0.9, y: 0.8, z: 1.2 };
    const THICK: SpacingMm = SpacingMm { x: 0.9, y: 0.9, z: 5.0 };

    #[test]
    fn a_ball_has_its_volume_diameter_and_product() {
        for (spacing, volume_within) in [(THIN, 0.005), (THICK, 0.02)] {
            let point = ball(20.0, spacing, 0.15, "20240229");
            let volume = 4.0 / 3.0 * PI * 8.0;
            assert!((point.volume_ml / volume - 1.0).abs() < volume_within, "{}", point.volume_ml);
            assert!((point.mean_diameter_mm() - 40.0).abs() < 0.3, "{}", point.mean_diameter_mm());
            assert!((point.mean_diameter_error_mm() - 2.0).abs() < 0.02);
            // The slice nearest to the middle, from edge to edge of its pixels.
            assert!((point.product_mm2() / 1600.0 - 1.0).abs() < 0.06, "{}", point.product_mm2());
            let areas: f64 = point.areas_mm2.iter().sum();
            assert!((areas * spacing.z / 1000.0 - point.volume_ml).abs() < 1e-9);
            assert!(point.is_measurable());
        }
    }

    #[test]
    fn what_is_measurable_follows_both_diameters_and_the_number_of_slices() {
        let bar = |long: usize, wide: usize| {
            let inside = |at: usize| at % 30 < long && at / 30 < wide;
            Mask::new(30, 30, (0..900).map(inside).collect())
        };
        let unit = SpacingMm { x: 1.0, y: 1.0, z: 5.0 };
        let of = |masks: &[Mask]| TimePoint::of(masks, unit, None, 0.1);
        assert!(of(&[bar(12, 11), bar(14, 12), bar(0, 0)]).is_measurable());
        assert!(!of(&[bar(12, 11), bar(14, 8)]).is_measurable(), "too narrow on the second");
        assert!(!of(&[bar(25, 25)]).is_measurable(), "one slice");
        let empty = of(&[bar(0, 0), bar(0, 0)]);
        assert_eq!((empty.volume_ml, empty.product_mm2(), empty.largest), (0.0, 0.0, None));
        let largest = of(&[bar(12, 11), bar(20, 12), bar(12, 11)]).largest.unwrap();
        assert_eq!(largest.slice, 1);
    }
}

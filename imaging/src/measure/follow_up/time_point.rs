//! The masks of one study into the figures that studies of one patient are compared by.

use std::f64::consts::PI;

use super::day::Day;
use super::lesions::{Lesion, MOST_LESIONS, lesions};
use crate::grid::SpacingMm;
use crate::mask::Mask;
use crate::measure::Diameters;

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
    /// The lesions, the largest product first.
    pub lesions: Vec<Lesion>,
    /// Of so many of them, the largest, the products are added up.
    pub targets: usize,
}

impl TimePoint {
    /// The figures of a study's masks, one a slice, on a grid whose voxels are `spacing` apart.
    ///
    /// `volume_error` is one standard deviation of the volume as a share of it, e.g. 0.15.
    pub fn of(masks: &[Mask], spacing: SpacingMm, day: Option<Day>, volume_error: f64) -> Self {
        let in_plane = [spacing.x, spacing.y];
        let areas_mm2: Vec<f64> = masks.iter().map(|mask| mask.area_px() as f64 * spacing.x * spacing.y).collect();
        let found = lesions(masks.iter().map(Some), |slice, alone| {
            let found = Diameters::of(alone.unwrap_or(&masks[slice]), in_plane)?;
            Some([found.longest.length(in_plane), found.perpendicular.length(in_plane)])
        });
        let volume_ml = areas_mm2.iter().sum::<f64>() * spacing.z / 1000.0;
        Self::of_lesions(volume_ml, areas_mm2, found, day, volume_error)
    }

    /// The figures of a study that has been measured: its volume, the area of every slice, and its [`lesions`](lesions()).
    pub fn of_lesions(
        volume_ml: f64,
        areas_mm2: Vec<f64>,
        lesions: Vec<Lesion>,
        day: Option<Day>,
        volume_error: f64,
    ) -> Self {
        let measurable = lesions.iter().filter(|lesion| lesion.is_measurable()).count();
        Self { day, volume_ml, volume_error, areas_mm2, lesions, targets: measurable.clamp(1, MOST_LESIONS) }
    }

    /// Lets studies in the order of their days count their lesions alike: those that are measurable in one, the five largest at most,
    /// count in every later one too, since they may have become smaller. Which lesion is which is not known: the largest count.
    ///
    /// Where none is measurable the largest counts by itself, and a class is no more than arithmetic.
    pub fn count_alike(points: &mut [Self]) {
        let mut most = 0;
        for point in points {
            most = most.max(point.targets);
            point.targets = most;
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

    /// The sum of the largest products of the lesions that count, in mm²; 0 of an empty mask.
    ///
    /// # Source
    ///
    /// RANO adds up the products of the lesions that it measures (doi 10.1200/JCO.2009.26.3541), of low-grade glioma on T2 or FLAIR
    /// (doi 10.1016/S1470-2045(11)70057-2).
    pub fn product_mm2(&self) -> f64 {
        self.lesions.iter().take(self.targets).map(Lesion::mm2).sum()
    }

    /// Whether RANO-LGG counts a lesion as measurable.
    pub fn is_measurable(&self) -> bool {
        self.lesions.iter().any(Lesion::is_measurable)
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
        assert_eq!((empty.volume_ml, empty.product_mm2(), empty.lesions.len()), (0.0, 0.0, 0));
        let found = of(&[bar(12, 11), bar(20, 12), bar(12, 11)]);
        assert_eq!((found.lesions[0].slice, found.targets), (1, 1));
    }

    /// A study whose lesions have these products, each with whether it is measurable.
    pub(in crate::measure::follow_up) fn study(products: &[(f64, bool)]) -> TimePoint {
        let lesion = |&(product, is_measurable): &(f64, bool)| Lesion {
            slice: 0,
            diameters_mm: [product / 20.0, 20.0],
            measurable_slices: if is_measurable { 3 } else { 0 },
        };
        let lesions: Vec<Lesion> = products.iter().filter(|(product, _)| *product > 0.0).map(lesion).collect();
        let sum = lesions.iter().map(Lesion::mm2).sum::<f64>();
        TimePoint::of_lesions(sum / 100.0, vec![sum], lesions, None, 0.1)
    }

    /// The products of studies in the order of their days.
    fn sums(studies: &[&[(f64, bool)]]) -> Vec<f64> {
        let mut points: Vec<TimePoint> = studies.iter().map(|products| study(products)).collect();
        TimePoint::count_alike(&mut points);
        points.iter().map(TimePoint::product_mm2).collect()
    }

    #[test]
    fn products_of_measurable_lesions_are_added_up_of_the_five_largest() {
        assert_eq!(sums(&[&[(1000.0, true), (400.0, true), (60.0, false)]]), [1400.0]);
        let six = [(900.0, true), (800.0, true), (700.0, true), (600.0, true), (500.0, true), (400.0, true)];
        assert_eq!(sums(&[&six]), [3500.0]);
        assert_eq!(sums(&[&[(80.0, false), (60.0, false)], &[]]), [80.0, 0.0], "none is measurable: the largest");
    }

    #[test]
    fn a_lesion_that_was_measurable_counts_until_it_is_gone() {
        // It shrinks below what is measurable by little, and then is gone.
        let studies: [&[(f64, bool)]; 3] =
            [&[(130.0, true), (120.0, true)], &[(125.0, true), (98.0, false)], &[(125.0, true)]];
        assert_eq!(sums(&studies), [250.0, 223.0, 125.0]);
        // One that becomes measurable counts from then on.
        let studies: [&[(f64, bool)]; 3] =
            [&[(1000.0, true), (60.0, false)], &[(1000.0, true), (300.0, true)], &[(1000.0, true), (90.0, false)]];
        assert_eq!(sums(&studies), [1000.0, 1300.0, 1090.0]);
    }

    #[test]
    fn two_balls_have_the_products_of_both() {
        let unit = SpacingMm { x: 1.0, y: 1.0, z: 2.0 };
        let mask = |z: usize| {
            let away = |at: f64, middle: f64| (at - middle).powi(2);
            let inside = |at: usize| {
                let (x, y, z) = ((at % 90) as f64, (at / 90) as f64, 2.0 * z as f64);
                away(x, 25.2) + away(y, 24.8) + away(z, 30.0) <= 400.0
                    || away(x, 68.3) + away(y, 25.1) + away(z, 30.0) <= 225.0
            };
            Mask::new(90, 50, (0..4500).map(inside).collect())
        };
        let masks: Vec<Mask> = (0..30).map(mask).collect();
        let point = TimePoint::of(&masks, unit, None, 0.1);
        assert_eq!((point.lesions.len(), point.targets), (2, 2));
        assert!((point.product_mm2() / (1600.0 + 900.0) - 1.0).abs() < 0.06, "{}", point.product_mm2());
    }
}

//! Patients into what a plan is made of: how many there are, how large their slices, how bright their tumours.
//!
//! The data set says nothing of millimetres: pixels are taken to be as wide as high, and one patient's as large as another's.

use imaging::SEQUENCES;

use crate::data::patient::{LabelledSlice, Patient};
use crate::measure::statistics::{mean, median_of_sorted};

/// Shares of the pixels between which nn-UNet clips intensities of CT, and which say of MR how far they spread.
const PERCENTILES: [f64; 2] = [0.005, 0.995];

/// What patients' images are like.
#[derive(Clone, Debug, PartialEq)]
pub struct Fingerprint {
    /// Patients.
    pub patients: usize,
    /// All their slices.
    pub slices: usize,
    /// Those with tumour.
    pub with_tumor: usize,
    /// Median number of slices, rows and columns of a patient.
    pub shape: [usize; 3],
    /// How bright each sequence is where there is tumour.
    pub tumor: [Brightness; SEQUENCES],
}

/// How bright some pixels are, in 0..1 of the file's full scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Brightness {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// What 0.5 % and 99.5 % of the pixels lie below.
    pub percentiles: [f64; 2],
}

impl Fingerprint {
    /// The fingerprint of some patients, each of whom has slices.
    pub fn of(patients: &[Patient]) -> Self {
        let median = |of: &dyn Fn(&Patient) -> usize| {
            let mut values: Vec<f64> = patients.iter().map(|patient| of(patient) as f64).collect();
            values.sort_by(f64::total_cmp);
            median_of_sorted(&values).round() as usize
        };
        let side = |of: &'static dyn Fn(&LabelledSlice) -> usize| {
            median(&move |patient: &Patient| patient.slices.first().map_or(0, of))
        };
        let slices = || patients.iter().flat_map(|patient| &patient.slices);
        Self {
            patients: patients.len(),
            slices: slices().count(),
            with_tumor: slices().filter(|labelled| labelled.label.area_px() > 0).count(),
            shape: [
                median(&|patient| patient.slices.len()),
                side(&|labelled| labelled.slice.height()),
                side(&|labelled| labelled.slice.width()),
            ],
            tumor: std::array::from_fn(|index| {
                let marked = slices().flat_map(|labelled| {
                    let values = labelled.slice.sequence(index).iter().zip(labelled.label.pixels());
                    values.filter(|(_, is_tumor)| **is_tumor).map(|(value, _)| f64::from(*value))
                });
                Brightness::of(marked.collect())
            }),
        }
    }

    /// Pixels of the data set if every patient had the median shape.
    pub fn pixels(&self) -> f64 {
        self.shape.iter().map(|&side| side as f64).product::<f64>() * self.patients as f64
    }
}

impl Brightness {
    fn of(mut values: Vec<f64>) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        values.sort_by(f64::total_cmp);
        let mean_value = mean(&values);
        let squares: Vec<f64> = values.iter().map(|value| (value - mean_value).powi(2)).collect();
        let at = |share: f64| values[(share * (values.len() - 1) as f64).round() as usize];
        Self { mean: mean_value, deviation: mean(&squares).sqrt(), percentiles: PERCENTILES.map(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::lgg::read_patients;
    use crate::data::lgg::tests::squares;

    #[test]
    fn a_fingerprint_counts_patients_slices_sides_and_the_tumours_brightness() {
        let folder = squares();
        let fingerprint = Fingerprint::of(&read_patients(&folder.path().join("data")).unwrap());
        assert_eq!((fingerprint.patients, fingerprint.slices, fingerprint.with_tumor), (3, 12, 6));
        assert_eq!((fingerprint.shape, fingerprint.pixels()), ([4, 32, 32], 3.0 * 4.0 * 32.0 * 32.0));
        for Brightness { mean, deviation, percentiles } in fingerprint.tumor {
            assert!((mean - 220.0 / 255.0).abs() < 1e-3 && deviation < 1e-6, "{mean}, {deviation}");
            assert!(percentiles.iter().all(|value| (value - mean).abs() < 1e-6));
        }
        let spread = Brightness::of((0..=1000).map(f64::from).collect());
        assert_eq!((spread.mean, spread.percentiles), (500.0, [5.0, 995.0]));
        assert!((spread.deviation - 1001.0 / 12f64.sqrt()).abs() < 0.1);
    }
}

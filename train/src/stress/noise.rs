//! Patients as a scanner of little signal shows them.

use imaging::{SEQUENCES, Slice};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;

use crate::data::patient::{LabelledSlice, Patient};

/// The patient as a scanner of little signal shows it: with Rician noise, the magnitude of a signal with normal noise in
/// both of its parts, whose deviation is `share` of each sequence's brightest pixel.
pub fn noisy(patient: &Patient, share: f32) -> Patient {
    let brightest = <[[f64; 4]; SEQUENCES]>::from(patient.statistics).map(|[.., brightest]| brightest as f32);
    patient.with_slices(|labelled| {
        let mut rng = StdRng::seed_from_u64(labelled.number.into());
        let planes = (0..SEQUENCES).map(|index| {
            let mut noise = || share * brightest[index] * rng.sample::<f32, _>(StandardNormal);
            labelled.slice.sequence(index).iter().map(|&value| (value + noise()).hypot(noise())).collect()
        });
        let slice = Slice::new(labelled.slice.width(), labelled.slice.height(), planes.collect());
        LabelledSlice { slice, ..labelled.clone() }
    })
}

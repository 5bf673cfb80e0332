//! Small studies for the tests of files that are derived from them.

use dicom_dictionary_std::{tags, uids};

use super::Identity;
use crate::composite::Composite;
use crate::dicom::{Instance, Pixels, Plane, Reference};
use crate::stack::stack;

/// Slices of what is made here, of 5 × 3 pixels.
pub(crate) const SLICES: usize = 4;

/// Sagittal and tilted, so that nothing is where it would be by chance; a file a slice.
pub(crate) fn sagittal() -> Composite {
    let (sin, cos) = 0.2f64.sin_cos();
    let plane = |at: usize| {
        let position = [30.0 - 4.0 * cos * at as f64, -50.0 + 4.0 * sin * at as f64, 60.0];
        plane(at, 1, position, [[sin, cos, 0.0], [0.0, 0.0, -1.0]])
    };
    composite((0..SLICES).map(|at| instance(&at.to_string(), uids::MR_IMAGE_STORAGE, vec![plane(at)])).collect())
}

/// Axial, one file of several frames.
pub(crate) fn enhanced() -> Composite {
    let plane = |at: usize| plane(at, at + 1, [-3.0, -2.0, 5.0 * at as f64], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
    composite(vec![instance("0", uids::ENHANCED_MR_IMAGE_STORAGE, (0..SLICES).map(plane).collect())])
}

pub(crate) fn identity() -> Identity {
    Identity {
        random: [1, 2, 3, 4],
        date: "20260101".into(),
        time: "120000".into(),
        model: "ResUnet++".into(),
        thresholds: vec![0.25],
        deidentified: None,
    }
}

fn composite(instances: Vec<Instance>) -> Composite {
    let (series, warnings) = stack(instances).remove(0);
    assert_eq!(warnings, []);
    Composite::new(&series, None, None).unwrap()
}

fn instance(number: &str, sop_class: &str, planes: Vec<Plane>) -> Instance {
    Instance {
        name: format!("IM{number}"),
        reference: Reference {
            study: "1.2.3".into(),
            series: "1.2.3.4".into(),
            frame_of_reference: "1.2.3.9".into(),
            study_attributes: vec![(tags::PATIENT_NAME, "Müller^Jörg".into()), (tags::PATIENT_ID, "7".into())],
        },
        sop_class: sop_class.into(),
        sop_instance: format!("1.2.3.4.{number}"),
        description: "FLAIR".into(),
        patient: Vec::new(),
        columns: 5,
        rows: 3,
        inverted: false,
        window: None,
        padding: None,
        planes,
    }
}

fn plane(at: usize, frame: usize, position: [f64; 3], orientation: [[f64; 3]; 2]) -> Plane {
    Plane {
        frame,
        kind: Vec::new(),
        order: vec![at as i64],
        position: Some(position),
        orientation: Some(orientation),
        spacing_mm: Some([0.5, 0.75]),
        step_mm: None,
        rescale: (1.0, 0.0),
        pixels: Pixels::Unsigned((0..15).collect()),
    }
}

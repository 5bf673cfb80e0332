//! No export without patient data holds any value of its source that tells whose it is.

mod phantom;

use std::io::Read;

use flate2::read::GzDecoder;
use phantom::{STUDY, WHOSE, dicom, enhanced, from_dicom, grids, identity, probabilities, tumor};
use study::{
    Algorithm, Capture, Composite, Content, Figures, Reported, write_capture, write_nifti, write_report,
    write_segmentation,
};

const FIGURES: Figures = Figures {
    volume_ml: 1.0,
    area_mm2: Some((0, 2.0)),
    axes_mm: Some((0, [3.0, 4.0])),
    laterality: None,
    is_complete: false,
    since: None,
};

/// Every file that can be written of a study, by name; packed ones unpacked.
fn exports(study: &Composite, secret: Option<[u8; 32]>) -> Vec<(&'static str, Vec<u8>)> {
    let (marked, levels) = (tumor(study), probabilities(study));
    let segmentation = |number: u128, content: Content| {
        write_segmentation(study, content, Algorithm::Automatic, &identity(number, secret)).unwrap()
    };
    let identities = [&identity(4, secret), &identity(5, secret)];
    let Reported { segmentation: reported, report } =
        write_report(study, &marked, &FIGURES, Algorithm::Automatic, identities).unwrap();
    let capture = Capture { size: [2, 1], rgb: vec![9; 6], is_named: false };
    let mut nifti = Vec::new();
    let packed = write_nifti(&study.source, &study.to_source(&marked));
    GzDecoder::new(&packed[..]).read_to_end(&mut nifti).unwrap();
    vec![
        ("binary", segmentation(1, Content::Binary(&marked))),
        ("label map", segmentation(2, Content::LabelMap(&marked))),
        ("probabilities", segmentation(3, Content::Probabilities(&levels))),
        ("segmentation of a report", reported),
        ("report", report),
        ("picture", write_capture(study, &capture, &identity(6, secret)).unwrap()),
        ("NIfTI", nifti),
    ]
}

/// Values of the source that say whose it is: its patient's, its examination's, and the beginning of all its identifiers.
fn identifying() -> Vec<&'static str> {
    let root = STUDY.strip_suffix("1000").unwrap();
    WHOSE.iter().map(|(_, _, value)| *value).chain([root, "Phantom", "Asymmetric", "Rita"]).collect()
}

fn holds(bytes: &[u8], value: &str) -> bool {
    bytes.windows(value.len()).any(|window| window == value.as_bytes())
}

#[test]
fn no_value_of_the_source_is_in_any_export() {
    for (name, size, affine) in grids() {
        for study in [from_dicom(&dicom(size, affine, false)), from_dicom(&[enhanced(size, affine)])] {
            for (kind, bytes) in exports(&study, Some([5; 32])) {
                for value in identifying() {
                    assert!(!holds(&bytes, value), "{name}, {kind}: {value} is in it");
                }
            }
        }
    }
}

#[test]
fn with_patient_data_dicom_exports_name_patient_and_study() {
    let (_, size, affine) = grids()[0];
    let study = from_dicom(&dicom(size, affine, false));
    for (kind, bytes) in exports(&study, None).into_iter().filter(|(kind, _)| *kind != "NIfTI") {
        for value in ["Phantom^Asymmetric", "PID-77310", "20260317", STUDY] {
            assert!(holds(&bytes, value), "{kind}: {value} is missing, so the test above proves nothing");
        }
    }
}

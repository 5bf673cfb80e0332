//! Files that people reported against what nibabel and pydicom read in them: places, values and their spread.
//!
//! The files are not part of the repository: without them the test says so and passes.

mod reported;

use std::fs;
use std::path::PathBuf;

use reported::{expected, files, folder};
use serde_json::Value;
use study::{
    Budget, Composite, FileKind, PairPart, Pairs, Placement, Reading, Series, SeriesWarning, read_dicom, read_nifti,
    read_pair, sniff, stack, unwrapped,
};

/// The files of a case, by name, and the volumes that are expected.
struct Case {
    files: Vec<(String, Vec<u8>)>,
    expected: Value,
}

impl Case {
    fn open(name: &str) -> Option<Self> {
        let folder = folder(name)?;
        let read = |path: PathBuf| (reported::name(&path), fs::read(&path).unwrap());
        let files = files(&folder.join("drop")).into_iter().map(read).collect();
        Some(Self { files, expected: expected(&folder) })
    }

    fn volume(&self, label: &str) -> &Value {
        let all = self.expected["expected"].as_array().unwrap();
        all.iter().find(|volume| volume["label"].as_str().unwrap().starts_with(label)).unwrap()
    }
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Every value that is expected, with half a unit of its last digit as the tolerance.
fn check(name: &str, series: &Series, expected: &Value) {
    let values = &series.volume.values;
    let all = || (0..values.len()).map(|at| values.get(at));
    let count = values.len() as f64;
    let mean = all().sum::<f64>() / count;
    let std = (all().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt();
    let smallest = all().fold(f64::INFINITY, f64::min);
    let largest = all().fold(f64::NEG_INFINITY, f64::max);
    for (what, found) in [("min", smallest), ("max", largest), ("mean", mean), ("std", std)] {
        let expected = expected[what].as_f64().unwrap();
        let tolerance = 2e-6_f64.max(expected.abs() * 1e-7);
        assert!((found - expected).abs() < tolerance, "{name}: {what} {found} where {expected} is right");
    }
    let Placement::Patient(affine) = series.volume.geometry.placement else { panic!("{name}: no place") };
    for (row, expected) in affine.0.iter().zip(expected["affine_lps"].as_array().unwrap()) {
        for (found, expected) in row.iter().zip(floats(expected)) {
            assert!((found - expected).abs() < 2e-5, "{name}: {affine:?}");
        }
    }
    let size: Vec<f64> = series.volume.geometry.size.axes().iter().map(|&side| side as f64).collect();
    assert_eq!(size, floats(&expected["size_ijk"]), "{name}");
    for (found, expected) in affine.spacing_mm().axes().iter().zip(floats(&expected["spacing_mm"])) {
        assert!((found - expected).abs() < 1e-4, "{name}");
    }
    for probe in expected["probes"].as_array().unwrap() {
        let at: [f64; 3] = floats(&probe["ijk"]).try_into().unwrap();
        let [i, j, k] = at.map(|v| v as usize);
        let found = values.get(i + size[0] as usize * (j + size[1] as usize * k));
        assert!((found - probe["value"].as_f64().unwrap()).abs() < 1e-6, "{name}: {found} at {at:?}");
        for (found, expected) in affine.apply(at).iter().zip(floats(&probe["lps_mm"])) {
            assert!((found - expected).abs() < 1e-3, "{name}: {at:?}");
        }
    }
    let shown = Composite::new(series, None, None).unwrap();
    let sides = &expected["shown_as_lps"];
    let size = shown.geometry.size.axes().map(|side| side as u64);
    let stated = ["columns", "rows", "slices"].map(|side| sides[side].as_u64().unwrap());
    assert_eq!(size, stated, "{name}");
    let flair = shown.sequence(1);
    for (slice, expected) in expected["slice_means"].as_object().unwrap() {
        let numbers = flair.stored.slice(slice.parse::<usize>().unwrap() - 1);
        let sum: f64 = numbers.iter().map(|&v| flair.intercept + flair.slope * f64::from(v)).sum();
        let mean = sum / numbers.len() as f64;
        // Shown in 16 bit.
        assert!((mean - expected.as_f64().unwrap()).abs() <= flair.slope.abs() / 2.0 + 1e-6, "{name}: slice {slice}");
    }
    println!("{name}: every value is right");
}

/// The one volume of a file, and what is odd about it.
fn only(name: &str, bytes: &[u8]) -> (Series, Vec<SeriesWarning>) {
    assert_eq!(sniff(name, bytes), Ok(FileKind::Nifti), "{name}");
    let mut volumes = read_nifti(name, bytes).unwrap();
    assert_eq!(volumes.len(), 1, "{name}");
    volumes.remove(0)
}

#[test]
fn forms_that_disagree_or_are_broken() {
    let Some(case) = Case::open("093-nifti-forms-disagree") else { return };
    for (name, bytes) in &case.files {
        let (series, warnings) = only(name, bytes);
        let (label, said) = match name.as_bytes()[0] {
            b'a' => ("a by sform", matches!(warnings[..], [SeriesWarning::FormsDisagree { mirrored: true, .. }])),
            b'e' => ("e by qform", warnings.is_empty()),
            b'b' | b'c' => ("b, d, f", warnings == [SeriesWarning::SformUnusable]),
            _ => ("b, d, f", warnings.is_empty()),
        };
        check(name, &series, case.volume(label));
        assert!(said, "{name}: {warnings:?}");
    }
}

#[test]
fn pairs_of_header_and_voxels() {
    let Some(case) = Case::open("098-nifti-hdr-img-pairs") else { return };
    for reversed in [false, true] {
        let mut files = case.files.clone();
        if reversed {
            files.reverse();
        }
        let mut pairs = Pairs::default();
        for (name, bytes) in files {
            let part = match sniff(&name, &bytes) {
                Ok(FileKind::PairHeader) => PairPart::Header,
                Ok(FileKind::PairData) => PairPart::Data,
                other => panic!("{name}: {other:?}"),
            };
            let Some(pair) = pairs.add(&name, part, bytes) else { continue };
            let (series, _) = read_pair(&pair.name, &pair.header, &pair.data[0]).unwrap().remove(0);
            let stem = pair.name.split('.').next().unwrap();
            check(&pair.name, &series, case.volume(stem));
        }
    }
}

#[test]
fn dimensions_of_zero() {
    let Some(case) = Case::open("100-nifti-odd-dimensions") else { return };
    for (name, bytes) in case.files.iter().filter(|(name, _)| name.as_bytes()[1] == b'_') {
        let label = if matches!(name.as_bytes()[0], b'a' | b'b') { "a, b" } else { "c, d, e" };
        check(name, &only(name, bytes).0, case.volume(label));
    }
}

#[test]
fn layers_of_compression() {
    let Some(case) = Case::open("101-nifti-compression") else { return };
    for (name, bytes) in &case.files {
        check(name, &only(name, bytes).0, case.volume("what opens"));
    }
}

#[test]
fn compressed_data_sets() {
    let Some(case) = Case::open("032-philips-dcm-gz") else { return };
    for (name, bytes) in &case.files {
        assert_eq!(sniff(name, bytes), Ok(FileKind::Dicom), "{name}");
        let inner = unwrapped(name, bytes, &mut Budget::default()).unwrap();
        assert_eq!(inner.name, name.strip_suffix(".gz").unwrap());
        match read_dicom(&inner.name, &inner.bytes) {
            Ok(Reading::Image(instance)) => {
                let volumes = stack(vec![*instance]);
                println!(
                    "{name}: {:?}",
                    volumes.iter().map(|(series, odd)| (series.volume.geometry, odd)).collect::<Vec<_>>()
                );
                if name.contains("3DpCASL") {
                    check(name, &volumes[0].0, case.volume("3DpCASL"));
                }
            }
            other => println!("{name}: {other:?}"),
        }
    }
}

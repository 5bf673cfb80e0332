//! Real files against what pydicom and nibabel read in them, to the bit.
//!
//! `reference/make_samples.py` wrote the expected numbers. The files are not part of the repository: without them the
//! test says so and passes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};
use study::{DicomError, Instance, Placement, Reading, Series, Volume, read_dicom, read_nifti, stack};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/samples");
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
    }
    folder.is_dir().then_some(folder)
}

fn expected() -> serde_json::Map<String, Value> {
    serde_json::from_str(include_str!("reference/samples.json")).unwrap()
}

fn digest<'a>(volumes: impl IntoIterator<Item = &'a Volume>) -> (u64, String) {
    let (mut count, mut hash) = (0, Sha256::new());
    for volume in volumes {
        count += volume.values.len() as u64;
        (0..volume.values.len()).for_each(|at| hash.update(volume.values.get(at).to_le_bytes()));
    }
    (count, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn compare(name: &str, (voxels, sha256): (u64, String), expected: &Value) {
    assert_eq!(expected["voxels"], voxels, "{name}");
    assert_eq!(expected["sha256"], sha256, "{name}: other intensities than the reference");
}

fn instance(name: &str, bytes: &[u8]) -> Instance {
    match read_dicom(name, bytes) {
        Ok(Reading::Image(instance)) => *instance,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_dicom_sample_has_pydicoms_intensities() {
    let Some(folder) = folder() else { return };
    let expected = expected();
    let files = expected.iter().filter(|(name, _)| name.ends_with(".dcm"));
    for (name, expected) in files {
        let bytes = fs::read(folder.join(name)).unwrap();
        if expected.get("error").is_some() {
            let error = read_dicom(name, &bytes).unwrap_err();
            assert!(matches!(error, DicomError::Damaged(_) | DicomError::PixelLength { .. }), "{name}: {error}");
            continue;
        }
        // File by file, in the order of the file's frames.
        let mut instance = instance(name, &bytes);
        let planes = std::mem::take(&mut instance.planes);
        let frames: Vec<Series> = planes
            .into_iter()
            .map(|plane| stack(vec![Instance { planes: vec![plane], ..instance.clone() }]).remove(0).0)
            .collect();
        compare(name, digest(frames.iter().map(|series| &series.volume)), expected);
    }
}

#[test]
fn every_nifti_sample_has_nibabels_intensities_and_affine() {
    let Some(folder) = folder() else { return };
    let expected = expected();
    for (name, expected) in expected.iter().filter(|(name, _)| name.contains(".nii")) {
        let volumes = read_nifti(name, &fs::read(folder.join(name)).unwrap()).unwrap();
        compare(name, digest(volumes.iter().map(|(series, _)| &series.volume)), expected);
        let Placement::Patient(affine) = volumes[0].0.volume.geometry.placement else { panic!("{name}: no place") };
        for (row, expected) in affine.0.iter().zip(expected["affine"].as_array().unwrap()) {
            for (value, expected) in row.iter().zip(expected.as_array().unwrap()) {
                let expected = expected.as_f64().unwrap();
                assert!((value - expected).abs() < 1e-5, "{name}: {affine:?}");
            }
        }
    }
}

#[test]
fn a_real_series_is_one_volume_in_order_whatever_the_order_of_its_files() {
    let Some(folder) = folder() else { return };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder.join("dicom/studyforrest_t1_series"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "dcm"));
    paths.sort();
    let read = |paths: &[PathBuf]| {
        let instances = paths.iter().map(|path| instance(&path.to_string_lossy(), &fs::read(path).unwrap())).collect();
        stack(instances)
    };
    let straight = read(&paths);
    paths.sort_by_key(|path| path.to_string_lossy().bytes().rev().collect::<Vec<u8>>());
    paths.reverse();
    let shuffled = read(&paths);
    assert_eq!(straight.len(), 1);
    assert_eq!(straight[0].1, [], "nothing is odd about it");
    assert_eq!(straight[0].0.volume, shuffled[0].0.volume);
    assert_eq!(straight[0].0.volume.geometry.size.depth, 24);
}

#[test]
fn every_cut_of_a_dicom_file_is_an_error_and_never_a_panic() {
    let Some(folder) = folder() else { return };
    for name in ["MR_small.dcm", "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm"] {
        let bytes = fs::read(folder.join("dicom/pydicom").join(name)).unwrap();
        for length in (0..bytes.len() * 9 / 10).step_by(97) {
            assert!(!matches!(read_dicom(name, &bytes[..length]), Ok(Reading::Image(_))), "{name} at {length}");
        }
    }
}

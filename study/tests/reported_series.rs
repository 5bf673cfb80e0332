//! Series that other programs stumbled over, against the values that independent readers found in them.
//!
//! The files are not part of the repository: without them each test says so and passes.

mod reported;

use std::fs;
use std::path::Path;

use reported::{files, folder, name};
use serde_json::Value;
use study::{
    Assumption, Composite, LeftOut, Placement, Reading, Series, SeriesWarning, choose, read_dicom, read_segmentation,
    stack,
};

/// The volumes of a folder's files, and what is left out.
fn volumes(folder: &Path) -> (Vec<(Series, Vec<SeriesWarning>)>, Vec<LeftOut>) {
    let (mut instances, mut left_out) = (Vec::new(), Vec::new());
    for path in files(folder) {
        let name = name(&path);
        match read_dicom(&name, &fs::read(&path).unwrap()) {
            Ok(Reading::Image(instance)) => instances.push(*instance),
            Ok(Reading::LeftOut(why)) => left_out.push(why),
            other => panic!("{name}: {other:?}"),
        }
    }
    (stack(instances), left_out)
}

fn expected(folder: &Path, at: usize) -> Value {
    reported::expected(folder)["expected"][at].clone()
}

/// Size, places and intensities at places in the patient; how many probes were compared.
fn compare(composite: &Composite, expected: &Value) {
    let shown = &expected["shown_as_lps"];
    let size = ["columns", "rows", "slices"].map(|side| shown[side].as_u64().unwrap() as usize);
    assert_eq!(composite.geometry.size.axes(), size);
    let spacing = composite.geometry.spacing_mm().unwrap().axes();
    for (axis, spacing) in spacing.into_iter().enumerate() {
        assert!((spacing - shown["spacing_mm"][axis].as_f64().unwrap()).abs() < 1e-3, "axis {axis}");
    }
    let Placement::Patient(affine) = composite.geometry.placement else { panic!("no place") };
    let inverse = affine.inverse().unwrap();
    let flair = composite.sequence(1);
    let intensity = |at: usize| flair.intercept + flair.slope * f64::from(flair.stored.get(at));
    for probe in expected["probes"].as_array().unwrap() {
        let place = std::array::from_fn(|axis| probe["lps_mm"][axis].as_f64().unwrap());
        let index = inverse.apply(place);
        assert!(index.iter().all(|v| (v - v.round()).abs() < 0.02), "{place:?} lies at {index:?}");
        let [i, j, k] = index.map(|v| v.round() as usize);
        let value = intensity(i + size[0] * (j + size[1] * k));
        assert_eq!(value, probe["value"].as_f64().unwrap(), "at {place:?}");
    }
    let area = size[0] * size[1];
    for (slice, mean) in expected["slice_means"].as_object().unwrap() {
        let slice = slice.parse::<usize>().unwrap() - 1;
        let found = (slice * area..(slice + 1) * area).map(intensity).sum::<f64>() / area as f64;
        assert!((found - mean.as_f64().unwrap()).abs() < 1e-4, "slice {slice}: {found}, not {mean}");
    }
    let all: Vec<f64> = (0..composite.geometry.voxels()).map(intensity).collect();
    assert_eq!(all.iter().copied().fold(f64::INFINITY, f64::min), expected["min"].as_f64().unwrap());
    assert_eq!(all.iter().copied().fold(f64::NEG_INFINITY, f64::max), expected["max"].as_f64().unwrap());
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    assert!((mean - expected["mean"].as_f64().unwrap()).abs() < 1e-4, "mean {mean}");
}

#[test]
fn tiles_of_united_imaging_become_slices() {
    let Some(folder) = folder("020-uih-grid") else { return };
    let (volumes, left_out) = volumes(&folder.join("drop"));
    assert_eq!(left_out, []);
    // Each file is a volume; some of the 17 are there.
    assert_eq!(volumes.len(), files(&folder.join("drop")).len());
    assert_eq!(volumes[0].1, [SeriesWarning::Repeated(volumes.len())]);
    compare(&Composite::new(&volumes[0].0, None, None).unwrap(), &expected(&folder, 0));
}

#[test]
fn padding_is_not_in_the_range() {
    let Some(folder) = folder("050-monochrome1-and-padding") else { return };
    let (volumes, left_out) = volumes(&folder.join("drop/b-padding"));
    assert_eq!((volumes.len(), left_out), (1, vec![]));
    let series = &volumes[0].0;
    let composite = Composite::new(series, None, None).unwrap();
    let flair = composite.sequence(1);
    let at = |stored: u16| flair.intercept + flair.slope * f64::from(stored);
    let expected = expected(&folder, 1);
    assert_eq!([at(flair.range.0), at(flair.range.1)], [0.0, expected["max"].as_f64().unwrap()]);
    let Placement::Patient(affine) = composite.geometry.placement else { panic!("no place") };
    for probe in expected["probes"].as_array().unwrap() {
        let place = std::array::from_fn(|axis| probe["lps_mm"][axis].as_f64().unwrap());
        let [i, j, k] = affine.inverse().unwrap().apply(place).map(f64::round);
        let inside = [i, j, k].iter().zip(composite.geometry.size.axes()).all(|(&v, side)| v >= 0.0 && v < side as f64);
        if inside {
            let [width, height, _] = composite.geometry.size.axes();
            let voxel = i as usize + width * (j as usize + height * k as usize);
            assert_eq!(at(flair.stored.get(voxel)), probe["value"].as_f64().unwrap());
        }
    }
}

#[test]
fn the_axial_stack_is_the_volume_and_localisers_are_named() {
    let Some(folder) = folder("060-localiser-in-series") else { return };
    let (volumes, left_out) = volumes(&folder.join("drop"));
    assert_eq!((volumes.len(), left_out), (1, vec![]));
    let names = ["IM0001.dcm", "IM0002.dcm", "IM0003.dcm"].map(str::to_owned).to_vec();
    assert_eq!(volumes[0].1, [SeriesWarning::Localisers(names)]);
    assert_eq!(choose(&[&volumes[0].0]).flair, Some(0));
    compare(&Composite::new(&volumes[0].0, None, None).unwrap(), &expected(&folder, 0));
}

#[test]
fn frames_are_slices_whatever_the_type_says() {
    let Some(folder) = folder("066-enhanced-mosaic-in-name-only") else { return };
    let (volumes, left_out) = volumes(&folder.join("drop"));
    assert_eq!((volumes.len(), left_out), (1, vec![]));
    assert_eq!(volumes[0].1, []);
    compare(&Composite::new(&volumes[0].0, None, None).unwrap(), &expected(&folder, 0));
}

#[test]
fn a_label_map_marks_both_of_its_labels() {
    let Some(folder) = folder("083-seg-labelmap") else { return };
    let (volumes, left_out) = volumes(&folder.join("drop/images"));
    assert_eq!((volumes.len(), left_out), (1, vec![]));
    let composite = Composite::new(&volumes[0].0, None, None).unwrap();
    compare(&composite, &expected(&folder, 0));
    let Ok(Reading::Segmentation(file)) = read_dicom("seg.dcm", &fs::read(folder.join("drop/seg.dcm")).unwrap()) else {
        panic!("no segmentation");
    };
    let read = read_segmentation(&file, &composite).unwrap();
    eprintln!("{:?}", read.assumed);
    let marked = read.on(&composite).unwrap();
    let facts = reported::expected(&folder);
    let voxels = |label: &str| facts["facts"][label]["voxels"].as_u64().unwrap() as usize;
    let area = composite.geometry.slice_pixels();
    let count = |slices: std::ops::Range<usize>| {
        marked[slices.start * area..slices.end * area].iter().filter(|&&mark| mark == 1).count()
    };
    // Slices are counted from 1, from below.
    assert_eq!(count(2..9), voxels("label 1"));
    assert_eq!(
        count(10..15),
        if read.assumed.iter().any(|said| matches!(said, Assumption::Chosen { .. })) { 0 } else { voxels("label 2") }
    );
    assert_eq!(count(0..24), count(2..9) + count(10..15));
}

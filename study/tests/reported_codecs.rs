//! Real files that other readers failed on, against the values that independent readers find in them.
//!
//! The files are not part of the repository: without them the test says so and passes. What they taught is tested without
//! them in `codecs.rs` and beside the code.

mod reported;

use std::fs;

use reported::{expected, files, folder, name};
use serde_json::Value;
use study::{Instance, Pixels, Plane, Reading, read_dicom};

/// Numbers in which the expected means are written.
const ROUNDED: f64 = 1e-6;

fn intensities(plane: &Plane) -> Vec<f64> {
    let (slope, intercept) = plane.rescale;
    let stored: Vec<f64> = match &plane.pixels {
        Pixels::Unsigned(numbers) => numbers.iter().map(|&number| number.into()).collect(),
        Pixels::Signed(numbers) => numbers.iter().map(|&number| ((number ^ 0x8000) as i16).into()).collect(),
        Pixels::Wide(numbers) => numbers.iter().map(|&number| number.into()).collect(),
    };
    stored.into_iter().map(|value| value * slope + intercept).collect()
}

/// Number of the slice among those expected, by its place, or else by its frame.
fn slice(plane: &Plane, expected: &Value) -> usize {
    let Some(rows) = expected["affine_lps"].as_array() else { return plane.frame - 1 };
    let column = |at: usize| -> [f64; 3] { std::array::from_fn(|axis| rows[axis][at].as_f64().unwrap()) };
    let (step, origin, position) = (column(2), column(3), plane.position.unwrap());
    let along: f64 = (0..3).map(|axis| step[axis] * (position[axis] - origin[axis])).sum();
    let along = along / step.iter().map(|v| v * v).sum::<f64>();
    assert!((along - along.round()).abs() < 1e-3, "{along}");
    along.round() as usize
}

/// Compares images with what is expected of their slices; lossy ones may differ by `tolerance`.
fn compare(name: &str, instance: &Instance, expected: &Value, tolerance: f64) {
    assert_eq!(instance.columns, expected["size_ijk"][0], "{name}");
    assert_eq!(instance.rows, expected["size_ijk"][1], "{name}");
    let (mut means, mut probes) = (0, 0);
    // A turned image has means of other slices.
    let turned = expected["shown_as_lps"]["slices"] != expected["size_ijk"][2];
    for plane in &instance.planes {
        let slice = slice(plane, expected);
        let values = intensities(plane);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        if let Some(expected) = expected["slice_means"][(slice + 1).to_string()].as_f64().filter(|_| !turned) {
            assert!((mean - expected).abs() < ROUNDED + tolerance / 10.0, "{name}: {mean} where {expected} is right");
            means += 1;
        }
        for probe in expected["probes"].as_array().unwrap().iter().filter(|probe| probe["ijk"][2] == slice) {
            let [column, row] = [0, 1].map(|axis| probe["ijk"][axis].as_u64().unwrap() as usize);
            let (value, expected) = (values[row * instance.columns + column], probe["value"].as_f64().unwrap());
            assert!((value - expected).abs() < ROUNDED + tolerance, "{name}: {value} where {expected} is right");
            probes += 1;
        }
        if expected["size_ijk"][2] == 1 {
            let [low, high] = [f64::min, f64::max].map(|of| values.iter().copied().reduce(of).unwrap());
            for (value, which) in [(low, "min"), (high, "max")] {
                let expected = expected[which].as_f64().unwrap();
                assert!((value - expected).abs() < ROUNDED + tolerance, "{name}: {which} {value}, {expected} is right");
            }
        }
    }
    eprintln!("{name}: {} images, {means} means and {probes} values compared", instance.planes.len());
}

fn check(number: &str, tolerance: f64) {
    let Some(folder) = folder(number) else { return };
    let expected = expected(&folder);
    for path in files(&folder.join("drop")) {
        let name = name(&path);
        let all = expected["expected"].as_array().unwrap();
        let own = all.iter().find(|expected| name.starts_with(expected["label"].as_str().unwrap())).unwrap_or(&all[0]);
        match read_dicom(&name, &fs::read(&path).unwrap()) {
            Ok(Reading::Image(instance)) => compare(&name, &instance, own, tolerance),
            // Bystanders may be left out, but not be damaged.
            Ok(Reading::LeftOut(why)) if name == "badVR.dcm" => eprintln!("{name}: left out, {why}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn jpeg_of_12_bit_is_within_one_of_the_reference() {
    check("003", 1.0);
}

#[test]
fn jpeg_ls_of_nema_is_exact() {
    check("004", 0.0);
}

#[test]
fn unknown_sequences_are_implicit_inside() {
    check("038", 0.0);
}

#[test]
fn odd_lengths_and_wrong_representations_open() {
    check("039", 0.0);
}

#[test]
fn jpeg_lossless_with_restart_markers_is_exact() {
    check("042", 0.0);
}

#[test]
fn frames_in_several_fragments_are_exact() {
    check("044", 0.0);
}

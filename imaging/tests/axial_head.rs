//! What is taken for an axial slice of a head, and what is not.

mod drawn;

use std::fs;
use std::path::Path;

use drawn::{Chance, KINDS};
use imaging::{Frame, Heads, Slice, decode, is_axial_head};

/// Pictures of every kind.
const OF_EACH: u64 = 10;
/// Of a hundred, so many are caught at least.
const CAUGHT: usize = 95;

fn judged(slice: &Slice) -> bool {
    is_axial_head(slice, Heads::of(slice).frame)
}

#[test]
fn of_a_hundred_pictures_of_other_things_ninety_five_are_caught() {
    let mut missed = Vec::new();
    for (kind, (name, draw)) in KINDS.into_iter().enumerate() {
        for number in 0..OF_EACH {
            if judged(&draw(&mut Chance::new(1 + number + OF_EACH * kind as u64))) {
                missed.push((name, number));
            }
        }
    }
    let pictures = KINDS.len() * OF_EACH as usize;
    assert_eq!(pictures, 100);
    println!("{} of {pictures} missed: {missed:?}", missed.len());
    assert!(pictures - missed.len() >= CAUGHT, "{} missed: {missed:?}", missed.len());
}

fn samples() -> Vec<(String, Slice)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/samples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    // The small ones are pictures on buttons.
    let is_slice = |path: &Path| {
        path.extension().is_some_and(|end| end == "webp") && !path.display().to_string().ends_with("_small.webp")
    };
    let slices = files.filter(|path| is_slice(path));
    slices.map(|path| (path.display().to_string(), decode(&fs::read(&path).unwrap()).unwrap())).collect()
}

#[test]
fn slices_of_heads_pass_whole_in_one_sequence_and_mirrored() {
    let samples = samples();
    assert!(samples.len() >= 3);
    for (name, slice) in samples {
        assert!(judged(&slice), "{name}");
        let (width, height) = (slice.width(), slice.height());
        for index in 0..3 {
            let plane = slice.sequence(index);
            assert!(judged(&Slice::new(width, height, vec![plane.to_vec()])), "{name}, sequence {index}");
            let mirrored = plane.chunks(width).flat_map(|row| row.iter().rev().copied()).collect();
            assert!(judged(&Slice::new(width, height, vec![mirrored])), "{name}, sequence {index} mirrored");
        }
    }
}

#[test]
fn what_is_looked_at_decides_not_what_is_around_it() {
    for (name, slice) in samples() {
        let (width, height) = (slice.width(), slice.height());
        // On a white page, twice as wide.
        let mut page = vec![1.0; 4 * width * height];
        for (y, row) in slice.sequence(1).chunks(width).enumerate() {
            page[(height / 2 + y) * 2 * width + width / 2..][..width].copy_from_slice(row);
        }
        let page = Slice::new(2 * width, 2 * height, vec![page]);
        assert!(judged(&page), "{name}");
        assert!(!is_axial_head(&page, Frame::whole(2 * width, 2 * height)), "{name}");
    }
}

/// Slices of a folder of LGG patients, `GLIOLENS_LGG`, of which a split file, `GLIOLENS_SPLIT`, names the validation patients.
#[test]
#[ignore = "needs the data set; docs/figures.md says how to run it"]
fn every_slice_of_the_validation_patients_passes() {
    let folder = std::env::var("GLIOLENS_LGG").unwrap();
    let split = fs::read_to_string(std::env::var("GLIOLENS_SPLIT").unwrap()).unwrap();
    let validation = split.split("\"validation\"").nth(1).unwrap().split(']').next().unwrap().to_owned();
    let (mut count, mut failed) = (0, Vec::new());
    for patient in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        if !validation.contains(&*patient.file_name().unwrap().to_string_lossy()) {
            continue;
        }
        for path in fs::read_dir(patient).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.display().to_string();
            if name.contains("_mask") {
                continue;
            }
            let slice = decode(&fs::read(&path).unwrap()).unwrap();
            count += 1;
            if !judged(&slice) {
                failed.push(name);
            }
        }
    }
    assert!(count > 0 && failed.is_empty(), "{} of {count}: {failed:?}", failed.len());
}

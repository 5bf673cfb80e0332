//! Heads moved by known amounts, laid onto each other again.
//!
//! Some pairs are left in `target/registration/`, where `registration.py` lays them onto each other with SimpleITK.

mod lgg;
mod moved_head;
mod phantom;

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use imaging::SpacingMm;
use lgg::{moved, patient};
use moved_head::{Chance, Contrast, any_motion, axial, errors, motion, volume};
use study::{
    Affine, Geometry, Placement, Registered, Registration, RegistrationError, Values, Volume, read_nifti, register,
};

/// Patients whose heads are moved where no split says which: none of those for validation.
const FIVE: [&str; 5] = [
    "TCGA_CS_4943_20000902",
    "TCGA_CS_5393_19990606",
    "TCGA_CS_5395_19981004",
    "TCGA_CS_6188_20010812",
    "TCGA_CS_6290_20000917",
];

const STILL: Affine = Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);

/// Thick slices as those of the LGG data set.
fn thick() -> ([usize; 3], Affine) {
    axial([256, 256, 23], [0.9375, 0.9375, 5.0], 10.0)
}

fn found(fixed: &Volume, moving: &Volume) -> (Registered, f64) {
    let start = Instant::now();
    let registered = register(fixed, moving, |_| ControlFlow::Continue(())).unwrap();
    (registered, start.elapsed().as_secs_f64())
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/registration").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Leaves a pair for `registration.py`.
fn leave(name: &str, fixed: &Volume, moving: &Volume, registered: &Registered, truth: &Affine, seconds: f64) {
    let folder = folder(name);
    for (name, volume) in [("fixed", fixed), ("moving", moving)] {
        let affine = volume.geometry.in_mm().unwrap();
        let numbers = (0..volume.values.len()).map(|at| volume.values.get(at) as u16);
        let bytes = phantom::nifti_of(volume.geometry.size.axes(), affine, numbers);
        fs::write(folder.join(format!("{name}.nii")), bytes).unwrap();
    }
    let said = serde_json::json!({
        "moving_from_fixed": registered.moving_from_fixed.0, "truth": truth.0, "seconds": seconds,
        "spread_mm": registered.spread_mm, "overlap": registered.overlap, "information": registered.information,
    });
    fs::write(folder.join("ours.json"), said.to_string()).unwrap();
}

/// Says how far off a motion is: mean and largest distance over the brain, in mm, and the angle, in degrees.
fn say(name: &str, registered: &Registered, truth: &Affine, seconds: f64) -> [f64; 3] {
    let [mean, largest, degrees] = errors(&registered.moving_from_fixed, truth);
    let Registered { spread_mm, overlap, information, .. } = registered;
    println!(
        "{name}: {mean:.2} mm ({largest:.2} at most), {degrees:.2}°, in {seconds:.2} s; \
         spread {spread_mm:.2} mm, overlap {overlap:.2}, information {information:.3}"
    );
    [mean, largest, degrees]
}

fn check(name: &str, registered: &Registered, truth: &Affine, seconds: f64) {
    let [mean, _, degrees] = say(name, registered, truth, seconds);
    assert!(mean <= 1.0 && degrees <= 1.0, "{name}");
    assert!(registered.is_sure(), "{name}");
}

#[test]
fn a_head_in_thick_slices_that_turned_and_moved_is_found() {
    let (size, affine) = thick();
    let mut chance = Chance(11);
    let fixed = volume(size, affine, &STILL, Contrast::Flair, 0.02, 1);
    for (at, contrast) in [Contrast::Flair, Contrast::T1, Contrast::T1, Contrast::Flair].into_iter().enumerate() {
        let truth = any_motion(&mut chance, 15.0, 20.0);
        let moving = volume(size, affine, &truth, contrast, 0.02, 2 + at as u64);
        let name = format!("thick-{at}");
        let (registered, seconds) = found(&fixed, &moving);
        leave(&name, &fixed, &moving, &registered, &truth, seconds);
        check(&name, &registered, &truth, seconds);
    }
}

#[test]
fn grids_may_differ_in_voxels_direction_and_extent() {
    let (size, affine) = axial([128, 144, 23], [1.8, 1.6, 5.0], 8.0);
    let fixed = volume(size, affine, &STILL, Contrast::T1, 0.03, 1);
    let sagittal = Affine([[0.0, 0.0, 4.0, -70.0], [1.5, 0.0, 0.0, -105.0], [0.0, -1.5, 0.0, 96.0]]);
    let (sin, cos) = 0.3f64.sin_cos();
    let oblique = Affine([
        [1.4, 0.0, 0.0, -98.0],
        [0.0, 1.4 * cos, -4.5 * sin, -90.0 + 9.0 * sin],
        [0.0, 1.4 * sin, 4.5 * cos, -98.0 * sin - 45.0],
    ]);
    let (fine_size, fine) = axial([110, 120, 90], [2.0, 2.0, 2.0], 0.0);
    let grids =
        [("sagittal", [144, 128, 36], sagittal), ("oblique", [141, 150, 26], oblique), ("fine", fine_size, fine)];
    let mut chance = Chance(5);
    for (name, size, affine) in grids {
        let truth = any_motion(&mut chance, 15.0, 15.0);
        let moving = volume(size, affine, &truth, Contrast::Flair, 0.03, 9);
        let (registered, seconds) = found(&fixed, &moving);
        check(name, &registered, &truth, seconds);
    }
}

#[test]
fn what_lies_right_already_stays_and_the_same_question_has_the_same_answer() {
    let (size, affine) = axial([120, 128, 22], [1.9, 1.9, 5.0], 5.0);
    let fixed = volume(size, affine, &STILL, Contrast::Flair, 0.02, 1);
    let moving = volume(size, affine, &STILL, Contrast::T1, 0.02, 2);
    let (registered, seconds) = found(&fixed, &moving);
    check("still", &registered, &STILL, seconds);
    assert!(registered.turn_degrees() < 0.5 && registered.shift_mm(&fixed.geometry).unwrap() < 0.7);
    assert_eq!(found(&fixed, &moving).0, registered);
}

#[test]
fn a_registered_volume_shows_the_head_where_the_fixed_one_does_and_comes_off_again() {
    let (size, affine) = axial([100, 110, 30], [2.0, 2.0, 4.0], 0.0);
    let truth = motion([0.2, -0.3, 1.0], 11.0, [0.0; 3], [6.0, -9.0, 7.0]);
    let fixed = volume(size, affine, &STILL, Contrast::Flair, 0.01, 1);
    let moving = volume(size, affine, &truth, Contrast::Flair, 0.01, 2);
    let (registered, _) = found(&fixed, &moving);
    let apart = |values: &[f32]| {
        let pairs = values.iter().enumerate().filter(|(_, value)| !value.is_nan());
        let differences: Vec<f64> = pairs.map(|(at, &value)| (f64::from(value) - fixed.values.get(at)).abs()).collect();
        differences.iter().sum::<f64>() / differences.len() as f64
    };
    let before = apart(&moving.resampled(&fixed.geometry, f32::NAN).unwrap());
    let onto = registered.onto(&moving, &fixed.geometry, f32::NAN).unwrap();
    assert!(apart(&onto) < 0.35 * before, "{} of {before}", apart(&onto));
    // The same as if the file had said so, voxels untouched.
    let placed = Volume { geometry: registered.placed(&moving.geometry).unwrap(), ..moving.clone() };
    let again = placed.resampled(&fixed.geometry, f32::NAN).unwrap();
    assert!(onto.iter().zip(again).all(|(a, b)| (a.is_nan() && b.is_nan()) || (a - b).abs() < 0.01));
    assert_eq!(placed.values, moving.values);
    // A mask goes with it: a ball of the moving head onto the fixed grid.
    let ball = |motion: &Affine| -> Vec<bool> {
        let middle = motion.apply([20.0, -10.0, 10.0]);
        let near = |place: [f64; 3]| (0..3).map(|axis| (place[axis] - middle[axis]).powi(2)).sum::<f64>() <= 400.0;
        phantom::places(size, affine).map(near).collect()
    };
    let (marked, expected) = (ball(&truth), ball(&STILL));
    let mask = registered.mask_onto(&marked, &moving.geometry, &fixed.geometry).unwrap();
    let both = mask.iter().zip(&expected).filter(|(a, b)| **a && **b).count();
    let either = mask.iter().filter(|&&m| m).count() + expected.iter().filter(|&&m| m).count();
    assert!(2.0 * both as f64 / either as f64 > 0.93, "{both} of {either}");
}

#[test]
fn distances_without_a_place_are_enough_if_both_have_no_more() {
    let (size, affine) = axial([110, 120, 24], [1.9, 1.9, 5.0], 0.0);
    let truth = motion([0.1, 0.3, 0.9], 9.0, [0.0; 3], [5.0, 8.0, -4.0]);
    let spaced = |volume: Volume| {
        let placement = Placement::Spaced(SpacingMm { x: 1.9, y: 1.9, z: 5.0 });
        Volume { geometry: Geometry { placement, ..volume.geometry }, ..volume }
    };
    let fixed = spaced(volume(size, affine, &STILL, Contrast::Flair, 0.02, 1));
    let moving = spaced(volume(size, affine, &truth, Contrast::Flair, 0.02, 2));
    let (registered, seconds) = found(&fixed, &moving);
    check("spaced", &registered, &truth, seconds);
    assert_eq!(registered.placed(&moving.geometry), None, "no place is invented");
    assert!(registered.onto(&moving, &fixed.geometry, 0.0).is_some());
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_reason() {
    let (size, affine) = axial([90, 100, 20], [2.2, 2.2, 5.0], 0.0);
    let fixed = volume(size, affine, &STILL, Contrast::Flair, 0.02, 1);
    let refused = |moving: &Volume| register(&fixed, moving, |_| ControlFlow::Continue(())).unwrap_err();
    let with = |placement| Volume { geometry: Geometry { placement, ..fixed.geometry }, ..fixed.clone() };
    assert_eq!(refused(&with(Placement::Unknown)), RegistrationError::Unspaced);
    let spacing = SpacingMm { x: 2.2, y: 2.2, z: 5.0 };
    assert_eq!(refused(&with(Placement::Spaced(spacing))), RegistrationError::Unplaced);
    let voxels = fixed.values.len();
    let plain = Volume { values: Values::Floats(vec![7.0; voxels]), ..fixed.clone() };
    assert_eq!(refused(&plain), RegistrationError::Empty);
    assert_eq!(
        refused(&Volume { values: Values::Floats(vec![f32::NAN; voxels]), ..fixed.clone() }),
        RegistrationError::Empty
    );
    // Noise has nothing in common with a head.
    let mut chance = Chance(3);
    let noise = (0..voxels).map(|_| (500.0 + 100.0 * chance.bell()) as f32).collect();
    let error = refused(&Volume { values: Values::Floats(noise), ..fixed.clone() });
    println!("noise: {error}");
    assert!(matches!(error, RegistrationError::Unlike | RegistrationError::Unsure(_)), "{error}");
}

#[test]
fn the_upper_and_the_lower_half_of_a_head_are_not_laid_onto_each_other() {
    let (size, lower) = axial([90, 100, 12], [2.2, 2.2, 5.0], -40.0);
    let (_, upper) = axial([90, 100, 12], [2.2, 2.2, 5.0], 35.0);
    let fixed = volume(size, lower, &STILL, Contrast::Flair, 0.02, 1);
    let moving = volume(size, upper, &STILL, Contrast::T1, 0.02, 2);
    let answer = register(&fixed, &moving, |_| ControlFlow::Continue(()));
    println!("{answer:?}");
    // Nothing of the head is in both; that it is refused, or said to be unsure, is what can be asked.
    assert!(answer.is_err() || answer.is_ok_and(|registered| !registered.is_sure()));
}

#[test]
fn it_can_be_called_off_and_says_how_far_it_is() {
    let (size, affine) = axial([90, 100, 20], [2.2, 2.2, 5.0], 0.0);
    let fixed = volume(size, affine, &STILL, Contrast::Flair, 0.02, 1);
    let mut heard = Vec::new();
    let answer = register(&fixed, &fixed, |part| {
        heard.push(part);
        if part > 0.3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(answer, Err(RegistrationError::Cancelled));
    let mut all = Vec::new();
    let mut registration = Registration::new(&fixed, &fixed).unwrap();
    let mut longest = 0.0f64;
    loop {
        let start = Instant::now();
        if registration.step().unwrap().is_some() {
            break;
        }
        longest = longest.max(start.elapsed().as_secs_f64());
        all.push(registration.progress());
    }
    assert!(heard.len() > 10 && all.starts_with(&heard[..heard.len() - 1]));
    assert!(
        all.windows(2).all(|pair| pair[0] <= pair[1]) && all.iter().all(|part| (0.0..=1.0).contains(part)),
        "{all:?}"
    );
    println!("{} steps, the longest {:.0} ms", all.len(), 1000.0 * longest);
    assert!(longest < 0.5, "a program answers between: {longest} s");
}

/// A sequence of the study that the page comes with, between its slices what tests of the page take.
fn sample(sequence: &str) -> Volume {
    let name = format!("TCGA_CS_4941_19960909_{sequence}.nii.gz");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../public/samples").join(&name);
    let (series, _) = read_nifti(&name, &fs::read(path).unwrap()).unwrap().remove(0);
    let volume = series.volume;
    let (_, affine) = axial(volume.geometry.size.axes(), [1.0, 1.0, 5.0], 0.0);
    Volume { geometry: Geometry { placement: Placement::Patient(affine), ..volume.geometry }, ..volume }
}

#[test]
fn the_sample_that_turned_and_moved_is_found() {
    let mut chance = Chance(31);
    let [flair, post] = ["flair", "t1_post"].map(sample);
    // The values of the data set are bytes, those of `in_another_contrast` thousandths.
    let bright = |volume: &Volume| {
        let values = (0..volume.values.len()).map(|at| (volume.values.get(at) * 1000.0 / 255.0) as f32).collect();
        Volume { values: Values::Floats(values), ..volume.clone() }
    };
    let flair = bright(&flair);
    for (at, (axis, degrees, shift)) in
        [([0.2, -0.4, 1.0], 9.0, [7.0, -4.0, 5.0]), ([1.0, 0.3, -0.2], -7.0, [-6.0, 9.0, -8.0])].into_iter().enumerate()
    {
        let truth = motion(axis, degrees, [10.0, -15.0, 5.0], shift);
        let moving = moved(&in_another_contrast(&flair), &truth, &mut chance);
        let (registered, seconds) = found(&flair, &moving);
        check(&format!("sample-{at}"), &registered, &truth, seconds);
    }
    // Sequences of the data set are up to 2 mm apart by themselves, so another one is compared with where it was before it moved.
    let post = bright(&post);
    let truth = motion([0.1, 1.0, 0.5], 8.0, [0.0; 3], [5.0, 6.0, -7.0]);
    let (before, _) = found(&flair, &moved(&post, &STILL, &mut chance));
    let (registered, seconds) = found(&flair, &moved(&post, &truth, &mut chance));
    let truth = truth.after(&before.moving_from_fixed);
    // Its searches agree to about a millimetre, which may be said to be unsure.
    let [mean, _, degrees] = say("sample, post-contrast", &registered, &truth, seconds);
    assert!(mean <= 1.0 && degrees <= 1.0);
}

/// Training patients of the LGG data set, those of `GLIOLENS_SPLIT` or else five, never those for validation, moved by known
/// amounts: their FLAIR in another contrast, and their post-contrast sequence.
///
/// Sequences of the data set are up to 2 mm apart by themselves. So the second is compared with what is found before it moves.
#[test]
fn real_heads_that_were_moved_are_found() {
    let Some(root) = lgg::folder() else { return };
    let patients = lgg::split().map_or_else(|| FIVE.map(str::to_owned).to_vec(), |split| lgg::training(&split));
    let mut chance = Chance(23);
    let (mut same, mut other, mut sure) = (Vec::new(), Vec::new(), 0);
    for (at, name) in patients.iter().enumerate() {
        let folder = root.join(name);
        let truth = any_motion(&mut chance, 12.0, 12.0);
        let (Some(flair), Some(post)) = (patient(&folder, 1), patient(&folder, 2)) else {
            println!("skipped: {} is not there", folder.display());
            continue;
        };
        let name = format!("{name}, {} slices", flair.geometry.size.depth);
        let moving = moved(&in_another_contrast(&flair), &truth, &mut chance);
        let (registered, seconds) = found(&flair, &moving);
        same.push(say(&format!("{name}, FLAIR"), &registered, &truth, seconds));
        sure += usize::from(registered.is_sure());
        if at < FIVE.len() {
            leave(&format!("patient-{at}"), &flair, &moving, &registered, &truth, seconds);
        }

        let unmoved = moved(&post, &STILL, &mut chance);
        let (before, _) = found(&flair, &unmoved);
        let moving = moved(&post, &truth, &mut chance);
        let (registered, seconds) = found(&flair, &moving);
        let expected = truth.after(&before.moving_from_fixed);
        other.push(say(&format!("{name}, post-contrast"), &registered, &expected, seconds));
    }
    for (name, all) in [("FLAIR", &same), ("post-contrast", &other)] {
        let right = all.iter().filter(|[mean, _, degrees]| *mean <= 1.0 && *degrees <= 1.0).count();
        let mut distances: Vec<f64> = all.iter().map(|[mean, ..]| *mean).collect();
        distances.sort_by(f64::total_cmp);
        let [middle, worst] = [distances[distances.len() / 2], distances[distances.len() - 1]];
        println!("{name}: {right} of {} within 1 mm and 1°, median {middle:.2} mm, worst {worst:.2} mm", all.len());
        assert!(right as f64 >= 0.97 * all.len() as f64, "{name}");
    }
    println!("{sure} of {} sure", same.len());
}

/// Middling intensities bright, the brightest dark.
fn in_another_contrast(volume: &Volume) -> Volume {
    let values = (0..volume.values.len()).map(|at| volume.values.get(at) / 1000.0);
    let values = values.map(|value| (3000.0 * value * (1.1 - value)).round() as f32).collect();
    Volume { values: Values::Floats(values), ..volume.clone() }
}

//! Midlines of real heads that were turned, tilted, shifted and mirrored by known amounts, beside those found before.

mod lgg;
mod moved_head;

use imaging::{GridSize, Midline, SpacingMm};
use lgg::{moved, patient};
use moved_head::{Chance, motion};
use rayon::prelude::*;
use study::{Affine, Volume};

/// Turns about the head's axis and tilts to a side, in degrees, and shifts to a side and to the back, in mm.
const MOTIONS: [[f64; 4]; 3] = [[5.0, 0.0, 4.0, 0.0], [-8.0, 2.0, -6.0, 3.0], [3.0, -3.0, 8.0, -5.0]];
/// Half of the part of the midline, front to back, that is compared, in mm: that of a brain.
const REACH_MM: f64 = 60.0;

fn found(volume: &Volume) -> Midline {
    let values: Vec<f32> = (0..volume.values.len()).map(|at| volume.values.get(at) as f32).collect();
    Midline::find(&values, volume.geometry.size, volume.geometry.spacing_mm().unwrap()).unwrap().0
}

/// The middle of a grid, in mm from the middle of its first voxel.
fn middle(size: GridSize, spacing: SpacingMm) -> [f64; 3] {
    let (size, spacing) = (size.axes(), spacing.axes());
    std::array::from_fn(|axis| (size[axis] as f64 - 1.0) / 2.0 * spacing[axis])
}

fn along(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|axis| a[axis] * b[axis]).sum()
}

/// Where a midline lies once the head has moved about the middle of its grid.
fn expected(midline: &Midline, motion: &Affine, volume: &Volume) -> Midline {
    let [x, y, z, offset] = midline.numbers();
    let centre = middle(volume.geometry.size, volume.geometry.spacing_mm().unwrap());
    let from_centre = |at: [f64; 3]| -> [f64; 3] { std::array::from_fn(|axis| at[axis] - centre[axis]) };
    let (origin, tip) = (motion.apply([0.0; 3]), motion.apply([x, y, z]));
    let normal = std::array::from_fn(|axis| tip[axis] - origin[axis]);
    let on = motion.apply(from_centre([x, y, z].map(|part| part * offset)));
    let [x, y, z] = normal;
    Midline::of_numbers([x, y, z, along(normal, on) + along(normal, centre)])
}

/// How far apart two midlines are: mean distance over a brain's length on every slice, in mm, and the angle, in degrees.
fn apart(found: &Midline, expected: &Midline, volume: &Volume) -> [f64; 2] {
    let (size, spacing) = (volume.geometry.size, volume.geometry.spacing_mm().unwrap());
    let [a, b] = [found, expected].map(|midline| {
        let [x, y, z, _] = midline.numbers();
        [x, y, z]
    });
    let middle_row = (size.height as f64 - 1.0) / 2.0;
    let mut distances = Vec::new();
    for slice in 0..size.depth {
        // The expected line by its ends, whose rows are the first and the last.
        let [first, last] = expected.line(slice, size.height, spacing);
        for part in [-1.0, -0.5, 0.0, 0.5, 1.0] {
            let row = middle_row + part * REACH_MM / spacing.y;
            let share = (row - first.y) / (last.y - first.y);
            let column = first.x + share * (last.x - first.x);
            distances.push(found.distance_mm([column, row, slice as f64], spacing).abs());
        }
    }
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    [mean, along(a, b).clamp(-1.0, 1.0).acos().to_degrees()]
}

/// The same head with left and right exchanged.
fn mirrored(volume: &Volume) -> Volume {
    let [width, height, depth] = volume.geometry.size.axes();
    let rows = (0..height * depth).flat_map(|row| (0..width).rev().map(move |column| row * width + column));
    let values = rows.map(|at| volume.values.get(at) as f32).collect();
    Volume { values: study::Values::Floats(values), ..volume.clone() }
}

fn mirrored_midline(midline: &Midline, volume: &Volume) -> Midline {
    let [x, y, z, offset] = midline.numbers();
    let width = 2.0 * middle(volume.geometry.size, volume.geometry.spacing_mm().unwrap())[0];
    Midline::of_numbers([x, -y, -z, x * width - offset])
}

/// Mean, median and worst.
fn say(what: &str, mut errors: Vec<f64>, unit: &str) -> f64 {
    errors.sort_by(f64::total_cmp);
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    let [median, high, worst] = [0.5, 0.95, 1.0].map(|share| errors[((errors.len() - 1) as f64 * share) as usize]);
    println!("{what}: mean {mean:.2}, median {median:.2}, 95 of 100 within {high:.2}, worst {worst:.2} {unit}");
    mean
}

#[test]
fn a_midline_goes_with_a_plane_as_it_should() {
    let size = GridSize::new(101, 101, 11);
    let spacing = SpacingMm { x: 1.0, y: 1.0, z: 5.0 };
    let affine = Affine([[1.0, 0.0, 0.0, -50.0], [0.0, 1.0, 0.0, -50.0], [0.0, 0.0, 5.0, -25.0]]);
    let geometry = study::Geometry { size, placement: study::Placement::Patient(affine) };
    let volume = Volume { geometry, values: study::Values::Floats(vec![0.0; size.voxels()]) };
    assert_eq!(middle(size, spacing), [50.0, 50.0, 25.0]);
    let upright = Midline::of_numbers([1.0, 0.0, 0.0, 50.0]);
    // Shifted by 3 mm, it lies 3 mm off, and not turned.
    let shifted = expected(&upright, &motion([0.0, 0.0, 1.0], 0.0, [0.0; 3], [3.0, 7.0, 0.0]), &volume);
    let [mm, degrees] = apart(&upright, &shifted, &volume);
    assert!((mm - 3.0).abs() < 1e-9 && degrees < 1e-6, "{mm} mm, {degrees}°");
    // Turned by 10° about the middle, its ends are off by the sine.
    let turned = expected(&upright, &motion([0.0, 0.0, 1.0], 10.0, [0.0; 3], [0.0; 3]), &volume);
    let [mm, degrees] = apart(&upright, &turned, &volume);
    assert!((degrees - 10.0).abs() < 1e-6 && mm > 3.0, "{mm} mm, {degrees}°");
    let again = mirrored_midline(&mirrored_midline(&turned, &volume), &volume);
    assert!(apart(&turned, &again, &volume).iter().all(|off| *off < 1e-6), "mirrored twice it is where it was");
}

#[test]
fn midlines_of_real_heads_go_with_the_heads() {
    // It takes minutes, so it is not done unasked.
    let Some(folder) = lgg::folder() else { return };
    let patients = lgg::training(&lgg::split().unwrap_or(folder.join("../splits.json")));
    let errors: Vec<Vec<[f64; 2]>> = patients
        .par_iter()
        .enumerate()
        .map(|(at, name)| {
            let head = patient(&folder.join(name), 1).unwrap_or_else(|| panic!("{name} is not in the folder"));
            let before = found(&head);
            let mut chance = Chance(100 + at as u64);
            let mut errors = Vec::new();
            for [turn, tilt, side, back] in MOTIONS {
                let motion = motion([0.0, 0.0, 1.0], turn, [0.0; 3], [side, back, 0.0]).after(&motion(
                    [0.0, 1.0, 0.0],
                    tilt,
                    [0.0; 3],
                    [0.0; 3],
                ));
                let after = found(&moved(&head, &motion, &mut chance));
                errors.push(apart(&after, &expected(&before, &motion, &head), &head));
            }
            errors.push(apart(&found(&mirrored(&head)), &mirrored_midline(&before, &head), &head));
            errors
        })
        .collect();
    println!("{} heads", errors.len());
    for (name, errors) in patients.iter().zip(&errors) {
        if errors.iter().any(|[mm, degrees]| *mm > 3.0 || *degrees > 3.0) {
            println!("{name}: {errors:.1?}");
        }
    }
    let of = |which: std::ops::Range<usize>, what: usize| -> Vec<f64> {
        errors.iter().flat_map(|all| all[which.clone()].iter().map(|error| error[what])).collect()
    };
    let moved = 0..MOTIONS.len();
    let mirrored = MOTIONS.len()..MOTIONS.len() + 1;
    let means = [
        say("moved", of(moved.clone(), 0), "mm"),
        say("moved", of(moved, 1), "degrees"),
        say("mirrored", of(mirrored.clone(), 0), "mm"),
        say("mirrored", of(mirrored, 1), "degrees"),
    ];
    assert!(means.iter().all(|mean| *mean < 1.0), "{means:?}");
}

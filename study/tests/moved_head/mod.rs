//! A head as a formula of the place, in the contrast of two sequences, with noise, moved by known amounts.
#![allow(dead_code, reason = "each test program uses its part")]

use study::{Affine, Geometry, Placement, Values, Volume};

/// An axial grid around the head's middle, with its slices shifted.
pub fn axial(size: [usize; 3], spacing: [f64; 3], shift_mm: f64) -> ([usize; 3], Affine) {
    let row = |axis: usize| {
        let mut row = [0.0; 4];
        row[axis] = spacing[axis];
        row[3] = -spacing[axis] * (size[axis] as f64 - 1.0) / 2.0 + if axis == 2 { shift_mm } else { 0.0 };
        row
    };
    (size, Affine([row(0), row(1), row(2)]))
}

/// What a tissue looks like.
#[derive(Clone, Copy, Debug)]
pub enum Contrast {
    Flair,
    T1,
}

#[derive(Clone, Copy, PartialEq)]
enum Tissue {
    Air,
    Scalp,
    Bone,
    Fluid,
    Grey,
    White,
    Tumour,
    Eye,
}

fn inside([x, y, z]: [f64; 3], [a, b, c]: [f64; 3], [u, v, w]: [f64; 3]) -> bool {
    ((x - a) / u).powi(2) + ((y - b) / v).powi(2) + ((z - c) / w).powi(2) <= 1.0
}

/// The tissue at a place of the head, in mm from its middle, to the left, the back and the top.
fn tissue(at: [f64; 3]) -> Tissue {
    let [x, y, z] = at;
    // Narrower in front, as heads are.
    let narrow = 1.0 + y / 500.0;
    let shell = |mm: f64| inside(at, [0.0, 0.0, 0.0], [76.0 * narrow - mm, 96.0 - mm, 88.0 - mm]);
    if !shell(0.0) {
        let nose = inside(at, [0.0, -97.0, -40.0], [12.0, 16.0, 18.0]);
        return if nose { Tissue::Scalp } else { Tissue::Air };
    }
    if [-32.0, 31.0].iter().any(|&side| inside(at, [side, -76.0, -34.0], [13.0, 13.0, 13.0])) {
        return Tissue::Eye;
    }
    if !shell(6.0) {
        return Tissue::Scalp;
    }
    if !shell(12.0) {
        return Tissue::Bone;
    }
    if inside(at, [34.0, -18.0, 12.0], [19.0, 15.0, 14.0]) {
        return Tissue::Tumour;
    }
    let ventricle = [-13.0, 15.0].iter().any(|&side| inside(at, [side, 4.0, 8.0], [7.0, 32.0, 11.0]));
    if ventricle || inside(at, [1.0, 12.0, -18.0], [4.0, 14.0, 9.0]) || (x.abs() < 1.6 && z > 5.0) {
        return Tissue::Fluid;
    }
    // Folds of the cortex, different everywhere.
    let folds = 5.0
        * ((x / 7.0 + 0.8 * (z / 9.0).sin()).sin() * (y / 8.0 + (x / 11.0).cos()).sin()
            + (z / 6.0 + y / 17.0).sin() * 0.6);
    let depth = 12.0 + 3.0 + folds.max(-2.0);
    if !shell(13.5 + 0.4 * folds.max(0.0)) {
        return Tissue::Fluid;
    }
    if !shell(depth + 4.0)
        || inside(at, [-22.0, 8.0, 0.0], [8.0, 13.0, 9.0])
        || inside(at, [24.0, 9.0, -2.0], [8.0, 12.0, 9.0])
    {
        return Tissue::Grey;
    }
    Tissue::White
}

fn grey(tissue: Tissue, contrast: Contrast) -> f64 {
    let [flair, t1] = match tissue {
        Tissue::Air => [0.0, 0.0],
        Tissue::Scalp => [620.0, 950.0],
        Tissue::Bone => [60.0, 90.0],
        Tissue::Fluid => [110.0, 180.0],
        Tissue::Grey => [560.0, 430.0],
        Tissue::White => [440.0, 620.0],
        Tissue::Tumour => [900.0, 330.0],
        Tissue::Eye => [150.0, 260.0],
    };
    match contrast {
        Contrast::Flair => flair,
        Contrast::T1 => t1,
    }
}

/// Numbers of 0..1 and of a bell, the same each time.
pub struct Chance(pub u64);

impl Chance {
    pub fn even(&mut self) -> f64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn bell(&mut self) -> f64 {
        (-2.0 * (1.0 - self.even()).ln()).sqrt() * (std::f64::consts::TAU * self.even()).cos()
    }
}

/// The turn by `degrees` about an axis around a centre, then a shift: from places of the fixed head to those of the moved one.
pub fn motion(axis: [f64; 3], degrees: f64, centre: [f64; 3], shift: [f64; 3]) -> Affine {
    let length = axis.iter().map(|v| v * v).sum::<f64>().sqrt();
    let [x, y, z] = axis.map(|v| v / length);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let rest = 1.0 - cos;
    let turn = [
        [cos + x * x * rest, x * y * rest - z * sin, x * z * rest + y * sin],
        [y * x * rest + z * sin, cos + y * y * rest, y * z * rest - x * sin],
        [z * x * rest - y * sin, z * y * rest + x * sin, cos + z * z * rest],
    ];
    Affine(std::array::from_fn(|row| {
        let turned: f64 = (0..3).map(|at| turn[row][at] * centre[at]).sum();
        [turn[row][0], turn[row][1], turn[row][2], centre[row] + shift[row] - turned]
    }))
}

/// A motion of at most so many degrees and mm, any way.
pub fn any_motion(chance: &mut Chance, most_degrees: f64, most_mm: f64) -> Affine {
    let axis = [chance.bell(), chance.bell(), chance.bell()];
    let way = [chance.bell(), chance.bell(), chance.bell()];
    let length = way.iter().map(|v| v * v).sum::<f64>().sqrt();
    let [turn, far] = [most_degrees, most_mm].map(|most| most * (0.4 + 0.6 * chance.even()));
    motion(axis, turn, [0.0; 3], way.map(|v| v / length * far))
}

/// The head, moved, on a grid: each voxel is the mean of its thickness, with noise of a share of white.
pub fn volume(size: [usize; 3], affine: Affine, moved: &Affine, contrast: Contrast, noise: f64, seed: u64) -> Volume {
    const LAYERS: [f64; 5] = [-0.4, -0.2, 0.0, 0.2, 0.4];
    let head_from_index = moved.inverse().unwrap().after(&affine);
    let mut chance = Chance(seed);
    let number = |at: usize| {
        let [i, j, k] = [at % size[0], at / size[0] % size[1], at / size[0] / size[1]].map(|v| v as f64);
        // In the plane too, so that edges are as soft as those of an acquisition.
        let layer = |(at, layer): (usize, &f64)| {
            let [u, v] = [[-0.25, 0.25], [0.25, -0.25], [0.0, 0.0], [0.25, 0.25], [-0.25, -0.25]][at];
            grey(tissue(head_from_index.apply([i + u, j + v, k + layer])), contrast)
        };
        let mean = LAYERS.iter().enumerate().map(layer).sum::<f64>() / LAYERS.len() as f64;
        let (a, b) = (chance.bell() * noise * 900.0, chance.bell() * noise * 900.0);
        (mean + a).hypot(b).round() as f32
    };
    let values = (0..size.iter().product()).map(number).collect();
    Volume {
        geometry: Geometry { size: size.into(), placement: Placement::Patient(affine) },
        values: Values::Floats(values),
    }
}

/// How far a motion is off the true one: mean and largest distance over the brain, in mm, and the angle, in degrees.
pub fn errors(found: &Affine, truth: &Affine) -> [f64; 3] {
    let steps = |most: f64| [-1.0, -0.5, 0.0, 0.5, 1.0].map(move |part| part * most);
    let mut distances = Vec::new();
    for x in steps(64.0) {
        for y in steps(84.0) {
            for z in steps(76.0) {
                if inside([x, y, z], [0.0; 3], [65.0, 85.0, 77.0]) {
                    let (a, b) = (found.apply([x, y, z]), truth.apply([x, y, z]));
                    distances.push((0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>().sqrt());
                }
            }
        }
    }
    let off = found.after(&truth.inverse().unwrap());
    let trace: f64 = (0..3).map(|axis| off.0[axis][axis]).sum();
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    [mean, distances.into_iter().fold(0.0, f64::max), ((trace - 1.0) / 2.0).clamp(-1.0, 1.0).acos().to_degrees()]
}

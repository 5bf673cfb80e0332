//! A labelled slice into a random variant of itself, image and label moved together.

use std::array;

use engine::Window;
use imaging::{Fit, Mask, Normalization, SEQUENCES, Slice, Statistics};
use rand::{Rng, RngExt};

use crate::dataset::LabelledSlice;

/// Largest rotation, in degrees to either side.
const ROTATION_DEGREES: f32 = 20.0;
/// Largest change of scale, as a factor to either side.
const SCALE: f32 = 0.2;
/// Largest shift, as a share of the side.
const SHIFT: f32 = 0.06;
/// Largest change of a sequence's contrast (factor) and brightness (deviations).
const INTENSITY: f32 = 0.25;
/// Share of the variants in which pre- or post-contrast is replaced by FLAIR, as the data set does where it lacks one.
const MISSING_SEQUENCE: f64 = 0.12;
/// Share of the variants mirrored left to right.
const MIRRORED: f64 = 0.5;
/// Share of the variants that are bent.
const BENT: f64 = 0.5;
/// Cells along a side of the grid whose corners are pulled to bend a slice.
const BEND_CELLS: usize = 4;
/// How far a corner is pulled at most, as a share of the side.
const BEND: f32 = 0.03;

/// How much farther than usual the variants for a long fit are moved and bent.
pub const FAR: f32 = 1.5;

/// Share of the variants that each property of another scanner is given to.
const IMITATED: f64 = 0.25;
/// Widest pixel of a coarser scanner, in pixels.
const COARSEST: f32 = 2.0;
/// Largest exponent of another contrast curve; its inverse is the smallest.
const CURVE: f32 = 1.6;
/// Largest change of brightness from the middle to the edge by an uneven coil, as the logarithm of a factor.
const SHADING: f32 = 0.3;
/// Largest amplitude of noise, in deviations.
const NOISE: f32 = 0.25;

/// Largest distance of a window's middle from a pixel of the tumour, along each axis, in pixels.
const WINDOW_SHIFT: f32 = 24.0;

/// Network planes and masks of one training example, row by row.
#[derive(Clone)]
pub struct Example {
    /// Three planes of `side · side` numbers.
    pub planes: Vec<f32>,
    /// Where there is tumour.
    pub label: Vec<bool>,
    /// Where there is tumour in the slice beside this one.
    pub neighbour: Vec<bool>,
}

/// A slice and the label of one beside it.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The slice.
    pub slice: &'a LabelledSlice,
    /// Its volume; nothing for a slice that is to be read as if it were alone.
    pub volume: Option<&'a Statistics>,
    /// Label of the slice above or below it.
    pub neighbour: Option<&'a Mask>,
}

/// The slice as it is, resampled to `side × side`.
pub fn plain(source: Source, side: usize, normalization: &Normalization) -> Example {
    warp(source, side, normalization, &Map::identity())
}

/// A random variant of the slice, resampled to `side × side`, moved and bent up to `reach` times as far as usual.
pub fn random(source: Source, side: usize, normalization: &Normalization, reach: f32, rng: &mut impl Rng) -> Example {
    let angle = reach * rng.random_range(-ROTATION_DEGREES..ROTATION_DEGREES).to_radians();
    let scale = (reach * rng.random_range(-SCALE..SCALE)).exp();
    let mirror = if rng.random_bool(MIRRORED) { -1.0 } else { 1.0 };
    let shift = [(); 2].map(|()| reach * rng.random_range(-SHIFT..SHIFT));
    let (sin, cos) = angle.sin_cos();
    let bend = if rng.random_bool(BENT) { reach * BEND } else { 0.0 };
    let pulls = array::from_fn(|_| array::from_fn(|_| [(); 2].map(|()| bend * rng.random_range(-1.0..1.0f32))));
    let (x, y) = ([scale * cos * mirror, -scale * sin], [scale * sin * mirror, scale * cos]);
    let mut example = warp(source, side, normalization, &Map { x, y, shift, pulls });

    let area = side * side;
    if rng.random_bool(MISSING_SEQUENCE) {
        let flair = example.planes[area..2 * area].to_vec();
        let missing = if rng.random_bool(0.5) { 0 } else { 2 };
        example.planes[missing * area..(missing + 1) * area].copy_from_slice(&flair);
    }
    for plane in example.planes.chunks_exact_mut(area) {
        let contrast = 1.0 + rng.random_range(-INTENSITY..INTENSITY);
        let brightness = rng.random_range(-INTENSITY..INTENSITY);
        plane.iter_mut().for_each(|value| *value = *value * contrast + brightness);
    }
    example
}

/// An example of `side × side` pixels as if other scanners had taken its sequences.
pub fn imitate_scanners(mut example: Example, side: usize, rng: &mut impl Rng) -> Example {
    let [coarse, curved, shaded, noisy] = [(); 4].map(|()| rng.random_bool(IMITATED));
    for plane in example.planes.chunks_exact_mut(side * side) {
        let darkest = plane.iter().copied().fold(f32::INFINITY, f32::min);
        let range = plane.iter().copied().fold(f32::NEG_INFINITY, f32::max) - darkest;
        if range == 0.0 {
            continue;
        }
        if coarse {
            coarsen(plane, side, rng.random_range(1.0..COARSEST));
            // Rounding leaves some numbers a little below it, which no power can be taken of.
            plane.iter_mut().for_each(|value| *value = value.max(darkest));
        }
        if curved {
            let exponent = CURVE.powf(rng.random_range(-1.0..1.0));
            plane.iter_mut().for_each(|value| *value = darkest + range * ((*value - darkest) / range).powf(exponent));
        }
        if shaded {
            let slope = [(); 2].map(|()| rng.random_range(-SHADING..SHADING));
            let centred = |at: usize| 2.0 * at as f32 / side as f32 - 1.0;
            for (at, value) in plane.iter_mut().enumerate() {
                let shading = slope[0] * centred(at % side) + slope[1] * centred(at / side);
                *value = darkest + (*value - darkest) * shading.exp();
            }
        }
        if noisy {
            let amplitude = rng.random_range(0.0..NOISE);
            // The sum of two even draws is near enough to a bell.
            plane.iter_mut().for_each(|value| *value += amplitude * (rng.random::<f32>() + rng.random::<f32>() - 1.0));
        }
    }
    example
}

/// Resamples a square plane to pixels `width` times as wide, and back.
fn coarsen(plane: &mut [f32], side: usize, width: f32) {
    let resampled = |plane: &[f32], from: usize, to: usize| -> Vec<f32> {
        let place = |at: usize| (at as f32 + 0.5) * from as f32 / to as f32 - 0.5;
        (0..to * to).map(|at| bilinear(plane, from, from, place(at % to), place(at / to))).collect()
    };
    let coarse = (side as f32 / width) as usize;
    plane.copy_from_slice(&resampled(&resampled(plane, side, coarse), coarse, side));
}

/// A window of an example of `side × side` pixels, near some of its tumour where it has any.
///
/// # Panics
///
/// If `side` is not larger than a window.
pub fn window(example: &Example, side: usize, rng: &mut impl Rng) -> Example {
    let tumor: Vec<usize> = (0..example.label.len()).filter(|&at| example.label[at]).collect();
    let at = if tumor.is_empty() { side * side / 2 + side / 2 } else { tumor[rng.random_range(0..tumor.len())] };
    let [x, y] = [at % side, at / side].map(|at| at as f32 + rng.random_range(-WINDOW_SHIFT..WINDOW_SHIFT));
    let window = Window::around((x, y), 0.0, (side, side)).expect("the example is larger than a window");
    Example {
        planes: window.cut(&example.planes),
        label: window.cut(&example.label),
        neighbour: window.cut(&example.neighbour),
    }
}

/// Source from variant, in coordinates of −1/2..1/2 around the centre.
struct Map {
    x: [f32; 2],
    y: [f32; 2],
    shift: [f32; 2],
    /// Displacement at the corners of the bending grid's cells, by row and column.
    pulls: [[[f32; 2]; BEND_CELLS + 1]; BEND_CELLS + 1],
}

impl Map {
    fn identity() -> Self {
        Self { x: [1.0, 0.0], y: [0.0, 1.0], shift: [0.0; 2], pulls: Default::default() }
    }

    /// Place in a `width × height` source of the middle of a pixel of the variant.
    fn source(&self, [x, y]: [usize; 2], side: usize, width: usize, height: usize) -> [f32; 2] {
        let centred = |at: usize| (at as f32 + 0.5) / side as f32 - 0.5;
        let [pull_x, pull_y] = self.pull(centred(x) + 0.5, centred(y) + 0.5);
        let (x, y) = (centred(x) + pull_x, centred(y) + pull_y);
        [
            (self.x[0] * x + self.x[1] * y + self.shift[0] + 0.5) * width as f32 - 0.5,
            (self.y[0] * x + self.y[1] * y + self.shift[1] + 0.5) * height as f32 - 0.5,
        ]
    }

    /// Displacement at a place in 0..1, without kinks between the cells.
    fn pull(&self, x: f32, y: f32) -> [f32; 2] {
        let cell = |at: f32| {
            let at = at * BEND_CELLS as f32;
            let index = (at as usize).min(BEND_CELLS - 1);
            let part = at - index as f32;
            (index, part * part * (3.0 - 2.0 * part))
        };
        let ((column, fx), (row, fy)) = (cell(x), cell(y));
        array::from_fn(|axis| {
            let along =
                |row: usize| self.pulls[row][column][axis] * (1.0 - fx) + self.pulls[row][column + 1][axis] * fx;
            along(row) * (1.0 - fy) + along(row + 1) * fy
        })
    }
}

fn warp(source: Source, side: usize, normalization: &Normalization, map: &Map) -> Example {
    let Source { slice: LabelledSlice { slice, label, .. }, volume, neighbour } = source;
    let (width, height) = (slice.width(), slice.height());
    let planes = normalized(slice, volume, normalization);
    let area = side * side;
    let mut example =
        Example { planes: vec![0.0; SEQUENCES * area], label: vec![false; area], neighbour: vec![false; area] };
    for y in 0..side {
        for x in 0..side {
            let [sx, sy] = map.source([x, y], side, width, height);
            for (plane, result) in planes.chunks_exact(width * height).zip(example.planes.chunks_exact_mut(area)) {
                result[y * side + x] = bilinear(plane, width, height, sx, sy);
            }
            example.label[y * side + x] = nearest(label, sx, sy);
            example.neighbour[y * side + x] = neighbour.is_some_and(|neighbour| nearest(neighbour, sx, sy));
        }
    }
    example
}

/// The slice's planes on its own grid.
fn normalized(slice: &Slice, volume: Option<&Statistics>, normalization: &Normalization) -> Vec<f32> {
    let fit = Fit::new(slice.width(), slice.height(), slice.width().max(slice.height()), 1);
    normalization.planes(slice, volume, &fit).values
}

/// Linear interpolation; beyond its edge the image goes on as it ends.
pub fn bilinear(plane: &[f32], width: usize, height: usize, x: f32, y: f32) -> f32 {
    let (x, y) = (x.clamp(0.0, width as f32 - 1.0), y.clamp(0.0, height as f32 - 1.0));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let row = |y: usize| plane[y * width + left] * (1.0 - fx) + plane[y * width + right] * fx;
    row(top) * (1.0 - fy) + row(bottom) * fy
}

/// Whether the pixel nearest to a place is marked; none is beyond the edge.
pub fn nearest(label: &Mask, x: f32, y: f32) -> bool {
    x > -0.5 && y > -0.5 && label.contains((x + 0.5) as usize, (y + 0.5) as usize)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    const RULE: Normalization = Normalization::PerSlice { deviation_floor: 0.05 };

    /// A bright rectangle that is also the label, on an image that is not square.
    fn labelled() -> LabelledSlice {
        let (width, height) = (48, 64);
        let pixels: Vec<bool> = (0..width * height)
            .map(|at| (14..30).contains(&(at % width)) && (20..44).contains(&(at / width)))
            .collect();
        let intensities = pixels.iter().map(|&marked| f32::from(u8::from(marked))).collect();
        LabelledSlice {
            number: 1,
            slice: Slice::new(width, height, vec![intensities]),
            label: Mask::new(width, height, pixels),
        }
    }

    #[test]
    fn image_and_labels_move_together() {
        let mut rng = StdRng::seed_from_u64(5);
        let slice = labelled();
        let source = Source { slice: &slice, volume: None, neighbour: Some(&slice.label) };
        for _ in 0..50 {
            let example = random(source, 64, &RULE, 1.5, &mut rng);
            assert_eq!(example.label, example.neighbour);
            let plane = &example.planes[..64 * 64];
            let (low, high) = plane.iter().fold((f32::MAX, f32::MIN), |(l, h), &v| (l.min(v), h.max(v)));
            let agree = plane.iter().zip(&example.label).filter(|(v, l)| (**v > (low + high) / 2.0) == **l);
            assert!(agree.count() > 64 * 64 * 97 / 100);
        }
    }

    #[test]
    fn another_scanner_changes_brightness_but_nothing_in_its_place() {
        let mut rng = StdRng::seed_from_u64(7);
        let plain = || plain(Source { slice: &labelled(), volume: None, neighbour: None }, 64, &RULE);
        let (mut changed, before) = (0, plain());
        for _ in 0..50 {
            let example = imitate_scanners(plain(), 64, &mut rng);
            assert_eq!(example.label, before.label);
            changed += usize::from(example.planes != before.planes);
            let plane = &example.planes[..64 * 64];
            let mean = |marked: bool| {
                let values = plane.iter().zip(&example.label).filter(|(_, label)| **label == marked).map(|(v, _)| *v);
                values.clone().sum::<f32>() / values.count() as f32
            };
            assert!(plane.iter().all(|value| value.is_finite()) && mean(true) > mean(false) + 1.0);
        }
        assert!((20..50).contains(&changed), "{changed} of 50");
    }

    #[test]
    fn a_window_holds_tumour_and_cuts_image_and_labels_alike() {
        let mut rng = StdRng::seed_from_u64(6);
        let slice = labelled();
        let example = plain(Source { slice: &slice, volume: None, neighbour: Some(&slice.label) }, 256, &RULE);
        let high = example.planes.iter().copied().fold(f32::MIN, f32::max);
        for _ in 0..20 {
            let window = window(&example, 256, &mut rng);
            assert_eq!(window.planes.len(), SEQUENCES * Window::SIDE * Window::SIDE);
            assert_eq!(window.label, window.neighbour);
            assert!(window.label.contains(&true));
            let agree =
                window.planes.iter().zip(&window.label).filter(|(value, label)| (**value > high / 2.0) == **label);
            assert!(agree.count() > window.label.len() * 97 / 100);
        }
    }

    #[test]
    fn a_plain_example_keeps_the_labels_share_of_the_image() {
        let example = plain(Source { slice: &labelled(), volume: None, neighbour: None }, 32, &RULE);
        let share = example.label.iter().filter(|marked| **marked).count() as f32 / (32.0 * 32.0);
        assert!((share - 16.0 * 24.0 / (48.0 * 64.0)).abs() < 0.02, "{share}");
    }
}

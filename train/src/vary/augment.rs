//! A labelled slice into a random variant of itself, image and label moved together.

use std::array;

use engine::Window;
use imaging::{Normalization, Point, Size};
use rand::{Rng, RngExt};

use crate::vary::warp::{Example, Map, Source, warp};

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
/// How far a corner is pulled at most, as a share of the side.
const BEND: f32 = 0.03;

/// How much farther than usual the variants for a long fit are moved and bent.
pub const FAR: f32 = 1.5;

/// Largest distance of a window's middle from a pixel of the tumour, along each axis, in pixels.
const WINDOW_SHIFT: f32 = 24.0;

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

/// A window of an example of `side × side` pixels, near some of its tumour where it has any.
///
/// # Panics
///
/// If `side` is not larger than a window.
pub fn window(example: &Example, side: usize, rng: &mut impl Rng) -> Example {
    let tumor: Vec<usize> = (0..example.label.len()).filter(|&at| example.label[at]).collect();
    let at = if tumor.is_empty() { side * side / 2 + side / 2 } else { tumor[rng.random_range(0..tumor.len())] };
    let [x, y] = [at % side, at / side].map(|at| at as f32 + rng.random_range(-WINDOW_SHIFT..WINDOW_SHIFT));
    let window =
        Window::around(&[Point { x, y }], 0.0, Size::new(side, side)).expect("the example is larger than a window");
    Example {
        planes: window.cut(&example.planes),
        label: window.cut(&example.label),
        neighbour: window.cut(&example.neighbour),
    }
}

#[cfg(test)]
pub mod tests {
    use imaging::{Mask, SEQUENCES, Slice};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::data::patient::LabelledSlice;

    pub const RULE: Normalization = Normalization::PerSlice { deviation_floor: 0.05 };

    /// A bright rectangle that is also the label, on an image that is not square.
    pub fn labelled() -> LabelledSlice {
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

//! Examples as if other scanners had taken them.

use rand::{Rng, RngExt};

use crate::vary::sample::bilinear;
use crate::vary::warp::Example;

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

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::vary::augment::plain;
    use crate::vary::augment::tests::{RULE, labelled};
    use crate::vary::warp::Source;

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
}

//! Noise that the network has not learned to see through.
//!
//! The LGG data set is almost without: of its volumes the noisiest has a noise of [`KNOWN`]. With three times as much, as of
//! a weak magnet, the network marks next to nothing.

use std::f32::consts::PI;

use image::{ImageBuffer, Luma};
use imageproc::filter::gaussian_blur_f32;

/// Noise up to which the network was trained, in standard deviations of a plane.
const KNOWN: f32 = 0.12;
/// Noise above which a plane is smoothed. What looks like it in slices without noise is smoothed too, in one of nine of the
/// LGG data set, and so little there that masks stay as they are: a narrow Gaussian is next to none.
const NOISY: f32 = 0.15;
/// Widest deviation of the Gaussian that smooths, in pixels of the network's grid.
const WIDEST_PX: f32 = 2.5;
/// Pixels that say how much noise there is, at least.
const FEWEST: usize = 256;
/// Median of a standard normal variable's absolute value.
const MEDIAN_DEVIATION: f32 = 0.6745;

/// A standardised plane of rows of `width` pixels, smoothed until it has no more noise than the network knows.
pub(crate) fn without_noise(plane: Vec<f32>, width: usize) -> Vec<f32> {
    let noise = noise(&plane, width);
    if noise <= NOISY {
        return plane;
    }
    // A Gaussian of deviation s leaves white noise 1 / (2 √π s) of its own deviation.
    let deviation = (noise / (2.0 * PI.sqrt() * KNOWN)).min(WIDEST_PX);
    let height = plane.len() / width;
    let plane = ImageBuffer::<Luma<f32>, _>::from_raw(width as u32, height as u32, plane).expect("whole rows");
    gaussian_blur_f32(&plane, deviation).into_raw()
}

/// Standard deviation of the noise where the plane is brighter than its mean: the median of the finest diagonal detail, in
/// which there is little else.
fn noise(plane: &[f32], width: usize) -> f32 {
    let blocks = plane.chunks_exact(2 * width).flat_map(|rows| {
        let (upper, lower) = rows.split_at(width);
        upper.chunks_exact(2).zip(lower.chunks_exact(2))
    });
    let bright = blocks.filter(|(upper, _)| upper[0] > 0.0);
    let mut details: Vec<f32> = bright.map(|(a, b)| (a[0] - a[1] - b[0] + b[1]).abs() / 2.0).collect();
    if details.len() < FEWEST {
        return 0.0;
    }
    let middle = details.len() / 2;
    *details.select_nth_unstable_by(middle, f32::total_cmp).1 / MEDIAN_DEVIATION
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 128;

    /// A bright half beside a dark one, with noise of some deviation.
    fn plane(deviation: f32) -> Vec<f32> {
        // Sums of uniform numbers, by a linear congruential generator.
        let mut state = 1_u32;
        let mut uniform = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        (0..SIDE * SIDE)
            .map(|at| {
                let normal = (0..12).map(|_| uniform()).sum::<f32>() - 6.0;
                (if at % SIDE < SIDE / 2 { 1.0 } else { -1.0 }) + deviation * normal
            })
            .collect()
    }

    #[test]
    fn noise_is_told_from_edges() {
        for deviation in [0.0, 0.1, 0.3, 0.5] {
            let noise = noise(&plane(deviation), SIDE);
            assert!((noise - deviation).abs() <= 0.05 * deviation, "{noise} for {deviation}");
        }
    }

    #[test]
    fn much_noise_becomes_as_little_as_the_network_knows_and_little_stays() {
        for deviation in [0.0, 0.14] {
            assert_eq!(without_noise(plane(deviation), SIDE), plane(deviation));
        }
        for deviation in [0.3, 0.5] {
            let smooth = without_noise(plane(deviation), SIDE);
            let inside: Vec<f32> =
                (0..SIDE * SIDE).filter(|at| (10..50).contains(&(at % SIDE))).map(|at| smooth[at]).collect();
            let mean = inside.iter().sum::<f32>() / inside.len() as f32;
            let left = (inside.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / inside.len() as f32).sqrt();
            assert!((mean - 1.0).abs() < 0.02 && (left - KNOWN).abs() < 0.03, "{mean} {left} of {deviation}");
        }
    }

    #[test]
    fn a_plane_with_next_to_nothing_bright_is_left_alone() {
        let speckled: Vec<f32> = (0..SIDE * SIDE).map(|at| if at % 97 == 0 { 9.0 } else { -0.1 }).collect();
        assert_eq!(without_noise(speckled.clone(), SIDE), speckled);
    }
}

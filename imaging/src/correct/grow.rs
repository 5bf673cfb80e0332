//! A region by the image alone, for a place that is said to be tumour and where the network sees nothing.

use crate::grid::Size;
use crate::mask::connected;

/// How many standard deviations of the grey values at the line a pixel may differ from their mean.
const DEVIATIONS: f32 = 2.5;
/// The least that the standard deviation is taken for, as a share of the image's range: a few pixels are too alike.
const LEAST_DEVIATION: f32 = 0.08;

/// The pixels that look like those of `seeds`, are connected with them, lie in `within` and are not `marked`; `image` holds one grey
/// value a pixel, row by row.
pub fn grown(image: &[f32], size: Size, seeds: &[bool], within: &[bool], marked: &[bool]) -> Vec<bool> {
    let values = || image.iter().zip(seeds).filter(|(_, seed)| **seed).map(|(value, _)| *value);
    let count = values().count().max(1) as f32;
    let mean = values().sum::<f32>() / count;
    let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f32>() / count).sqrt();
    let (least, most) = image.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
    let tolerance = DEVIATIONS * deviation.max(LEAST_DEVIATION * (most - least));
    let alike = |at: usize| within[at] && !marked[at] && (image[at] - mean).abs() <= tolerance;
    connected(size.width, size.height, (0..seeds.len()).filter(|&at| seeds[at]), alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 6, height: 1 };

    fn grown_from(seed: usize, image: [f32; 6], within: [bool; 6]) -> Vec<usize> {
        let seeds: Vec<bool> = (0..6).map(|at| at == seed).collect();
        let region = grown(&image, SIZE, &seeds, &within, &[false, false, false, false, true, false]);
        (0..6).filter(|&at| region[at]).collect()
    }

    #[test]
    fn it_ends_at_edges_at_its_bounds_and_at_the_mask() {
        let image = [0.1, 0.7, 0.8, 0.75, 0.8, 0.8];
        assert_eq!(grown_from(2, image, [true; 6]), [1, 2, 3]);
        assert_eq!(grown_from(2, image, [true, false, true, true, true, true]), [2, 3]);
        // The same whatever the numbers' scale.
        assert_eq!(grown_from(2, image.map(|value| 4000.0 * value - 1000.0), [true; 6]), [1, 2, 3]);
    }

    #[test]
    fn an_image_without_contrast_has_no_edges() {
        assert_eq!(grown_from(2, [0.5; 6], [true; 6]), [0, 1, 2, 3]);
    }
}

//! How deep inside a region its pixels lie.

use image::{GrayImage, Luma};
use imageproc::distance_transform::euclidean_squared_distance_transform;

/// Squared distance of every marked pixel to the nearest that is not marked, zero for those; in squared pixels.
///
/// Pixels are row by row, `width` a row; beyond the image's edges nothing is marked.
pub fn squared_depths(marked: &[bool], width: usize) -> Vec<f64> {
    if !marked.contains(&true) {
        return vec![0.0; marked.len()];
    }
    // A frame around the image that is not marked either.
    let (framed_width, framed_height) = (width + 2, marked.len() / width + 2);
    let framed = GrayImage::from_fn(framed_width as u32, framed_height as u32, |x, y| {
        let (x, y) = (x as usize, y as usize);
        let inside = (1..=width).contains(&x) && (1..framed_height - 1).contains(&y);
        Luma([if inside && marked[(y - 1) * width + x - 1] { 0 } else { 255 }])
    });
    let distances = euclidean_squared_distance_transform(&framed);
    (0..marked.len())
        .map(|index| distances.get_pixel((index % width + 1) as u32, (index / width + 1) as u32).0[0])
        .collect()
}

/// Squared distance of every pixel to the nearest that is marked, in squared pixels; none is nearer than another where nothing is.
pub fn squared_distances(marked: &[bool], width: usize) -> Vec<f64> {
    let picture = GrayImage::from_fn(width as u32, (marked.len() / width) as u32, |x, y| {
        Luma([if marked[y as usize * width + x as usize] { 255 } else { 0 }])
    });
    euclidean_squared_distance_transform(&picture).pixels().map(|pixel| pixel.0[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depths_grow_inwards_also_from_the_edge_of_the_image() {
        // 5 × 4, the upper left 4 × 3 marked.
        let marked: Vec<bool> = (0..20).map(|at| at % 5 < 4 && at / 5 < 3).collect();
        let depths = squared_depths(&marked, 5);
        assert_eq!(depths[..5], [1.0, 1.0, 1.0, 1.0, 0.0]);
        assert_eq!(depths[5..10], [1.0, 4.0, 4.0, 1.0, 0.0]);
        assert_eq!(squared_depths(&[false; 6], 3), [0.0; 6]);
    }
}

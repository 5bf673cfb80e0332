//! Middles of pixels and voxels, which whole numbers are everywhere, and the grid's corner, half a pixel before the first middle.
//!
//! Places are turned into distances from a corner, and back, by these two alone.

use std::ops::{Add, Sub};

/// From the edge of a pixel to its middle.
const HALF_PX: f32 = 0.5;

/// A place along an axis as its distance from the grid's corner: there pixel 0 reaches from 0 to 1, and whole numbers are edges.
pub fn corner_from_middle<N: From<f32> + Add<Output = N>>(at: N) -> N {
    at + N::from(HALF_PX)
}

/// Whether a place along an axis is on one of so many pixels, up to the outer edges of the first and the last.
pub fn is_on_grid<N: From<f32> + Add<Output = N> + PartialOrd>(at: N, length: N) -> bool {
    (N::from(0.0_f32)..=length).contains(&corner_from_middle(at))
}

/// The way back: of a distance from the grid's corner the place, whose whole numbers are the middles of pixels.
pub fn middle_from_corner<N: From<f32> + Sub<Output = N>>(distance: N) -> N {
    distance - N::from(HALF_PX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pixel_reaches_half_a_pixel_to_either_side_of_its_middle() {
        assert_eq!([0.0f32, 1.0].map(middle_from_corner), [-0.5, 0.5]);
        assert_eq!([-0.5f64, 0.0, 3.0].map(corner_from_middle), [0.0, 0.5, 3.5]);
    }
}

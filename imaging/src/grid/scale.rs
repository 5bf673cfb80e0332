//! A slice's size into the scale of everything that is measured in pixels around a click.

/// Longer side of a whole slice's grid of scale 1.
const REFERENCE_SIDE: f32 = 256.0;

/// How large everything about a click is on the grid of a whole slice, as a multiple of what it is on one whose longer
/// side is 256: it covers the same share of the image on every grid.
pub fn click_scale(width: usize, height: usize) -> f32 {
    width.max(height) as f32 / REFERENCE_SIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_side_counts() {
        assert_eq!((click_scale(256, 10), click_scale(64, 512)), (1.0, 2.0));
    }
}

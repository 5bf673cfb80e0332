//! 2×2 max-pooling.

/// The largest of every 2×2 pixels of maps with even sides; a NaN among them stays one.
///
/// `x` holds any number of `width × height` maps, one after the other.
pub fn max_pool(x: &[f32], width: usize, height: usize) -> Vec<f32> {
    debug_assert!(width.is_multiple_of(2) && height.is_multiple_of(2));
    let mut y = vec![0.0; x.len() / 4];
    for (lines, y) in x.chunks_exact(2 * width).zip(y.chunks_exact_mut(width / 2)) {
        let (upper, lower) = lines.split_at(width);
        let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        for (y, ([a, b], [c, d])) in y.iter_mut().zip(pairs) {
            let larger = |a: f32, b: f32| if a >= b || a.is_nan() { a } else { b };
            *y = larger(larger(*a, *b), larger(*c, *d));
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_is_halved() {
        let x = [1.0, 2.0, 5.0, 0.0, 3.0, -1.0, 4.0, 9.0, -4.0, -3.0, -2.0, -8.0, -5.0, -6.0, -9.0, -1.0];
        assert_eq!(max_pool(&x, 4, 2), [3.0, 9.0, -3.0, -1.0]);
        assert_eq!(max_pool(&x, 2, 2), [5.0, 9.0, -2.0, -1.0]);
    }

    #[test]
    fn what_is_not_a_number_is_not_lost() {
        for at in 0..4 {
            let mut x = [1.0; 4];
            x[at] = f32::NAN;
            assert!(max_pool(&x, 2, 2)[0].is_nan());
        }
    }
}

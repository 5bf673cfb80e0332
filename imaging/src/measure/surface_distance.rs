//! How far the outlines of a mask and a label lie apart.

use super::overlap::GridMismatch;
use crate::mask::Mask;

/// The 95th percentile of the distances from either outline to the nearest point of the other, in pixels.
///
/// An outline is made of the marked pixels that have an unmarked one, or none, above, below, left or right. Both
/// directions' distances are pooled before the percentile is taken, with linear interpolation between ranks. Nothing
/// where either is empty: there is no outline to measure to.
///
/// # Errors
///
/// [`GridMismatch`] if the sizes differ.
pub fn hausdorff_95_px(mask: &Mask, label: &Mask) -> Result<Option<f64>, GridMismatch> {
    let [size, label_size] = [mask, label].map(Mask::size);
    if size != label_size {
        return Err(GridMismatch { label: label_size, mask: size });
    }
    let [a, b] = [mask, label].map(outline_pixels);
    if a.is_empty() || b.is_empty() {
        return Ok(None);
    }
    let mut distances: Vec<f64> = nearest(&a, &b).chain(nearest(&b, &a)).collect();
    distances.sort_unstable_by(f64::total_cmp);
    let rank = 0.95 * (distances.len() - 1) as f64;
    let (low, part) = (rank as usize, rank.fract());
    let high = (low + 1).min(distances.len() - 1);
    Ok(Some(distances[low] * (1.0 - part) + distances[high] * part))
}

fn outline_pixels(mask: &Mask) -> Vec<(usize, usize)> {
    let inside = |x: usize, y: usize| {
        // Beyond the left and upper edge the subtraction wraps to a column or row that no mask has.
        [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)]
            .into_iter()
            .all(|(x, y)| mask.contains(x, y))
    };
    (0..mask.height())
        .flat_map(|y| (0..mask.width()).map(move |x| (x, y)))
        .filter(|&(x, y)| mask.contains(x, y) && !inside(x, y))
        .collect()
}

fn nearest<'a>(from: &'a [(usize, usize)], to: &'a [(usize, usize)]) -> impl Iterator<Item = f64> + 'a {
    from.iter().map(|&(x, y)| {
        let squared = to.iter().map(|&(u, v)| x.abs_diff(u).pow(2) + y.abs_diff(v).pow(2)).min();
        (squared.unwrap_or(0) as f64).sqrt()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(left: usize, top: usize, width: usize, height: usize) -> Mask {
        let marked = |x: usize, y: usize| (left..left + width).contains(&x) && (top..top + height).contains(&y);
        Mask::new(40, 30, (0..30).flat_map(|y| (0..40).map(move |x| marked(x, y))).collect())
    }

    #[test]
    fn equal_masks_are_no_distance_apart() {
        let mask = rectangle(3, 4, 10, 6);
        assert_eq!(hausdorff_95_px(&mask, &mask), Ok(Some(0.0)));
    }

    #[test]
    fn single_pixels_are_as_far_apart_as_they_are() {
        assert_eq!(hausdorff_95_px(&rectangle(2, 1, 1, 1), &rectangle(5, 5, 1, 1)), Ok(Some(5.0)));
    }

    #[test]
    fn the_percentile_forgives_a_few_distant_points() {
        // A line of 20 pixels, and the same with one pixel more at its end: 41 distances, one of them 1.
        assert_eq!(hausdorff_95_px(&rectangle(0, 3, 20, 1), &rectangle(0, 3, 21, 1)), Ok(Some(0.0)));
        // Shifted by four: 0 sixteen times and 1 to 4, from either side. Rank 0.95 · 39 = 37.05 lies between 3 and 4.
        let shifted = hausdorff_95_px(&rectangle(0, 3, 20, 1), &rectangle(4, 3, 20, 1)).unwrap().unwrap();
        assert!((shifted - 3.05).abs() < 1e-9, "{shifted}");
    }

    #[test]
    fn without_an_outline_there_is_no_distance() {
        assert_eq!(hausdorff_95_px(&rectangle(0, 0, 0, 0), &rectangle(1, 1, 2, 2)), Ok(None));
    }

    #[test]
    fn a_mask_that_fills_its_grid_ends_at_the_edge() {
        let distance = hausdorff_95_px(&rectangle(0, 0, 40, 30), &rectangle(0, 0, 40, 30));
        assert_eq!(distance, Ok(Some(0.0)));
    }
}

//! A length in millimetres that is drawn beside the slice, so that sizes can be seen.

/// Lengths that a bar may have, in mm.
const LENGTHS_MM: [f64; 7] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
/// Longest bar, in CSS pixels.
const LONGEST_PX: f64 = 130.0;

/// The longest bar that there is room for: its length in mm and in CSS pixels. None where a pixel is so large that none fits.
pub fn scale_bar(px_per_mm: f64) -> Option<(f64, f64)> {
    LENGTHS_MM.into_iter().rev().map(|mm| (mm, mm * px_per_mm)).find(|(_, px)| *px <= LONGEST_PX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_there_is_room() {
        assert_eq!(scale_bar(2.0), Some((50.0, 100.0)));
        assert_eq!(scale_bar(30.0), Some((2.0, 60.0)));
        assert_eq!(scale_bar(0.5), Some((100.0, 50.0)));
        assert_eq!(scale_bar(200.0), None);
    }
}

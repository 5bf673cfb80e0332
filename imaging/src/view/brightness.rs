//! Numbers of a slice into the window at which its brain can be seen.

use image::GrayImage;
use imageproc::contrast::otsu_level;

/// Share of a head's pixels that are not brighter than white: skin, fat and vessels may be.
const WHITE: f64 = 0.97;

/// The numbers to show black and white: the darkest, and the one that 3 % of the head's pixels exceed. A head is what is
/// brighter than the middle between the darkest pixel and Otsu's threshold.
///
/// Both differ by at least 1, whatever the numbers are.
pub fn window_of_head(numbers: &[u16]) -> (f64, f64) {
    let (Some(&darkest), Some(&brightest)) = (numbers.iter().min(), numbers.iter().max()) else { return (0.0, 1.0) };
    let scale = 255.0 / f64::from(brightest - darkest).max(1.0);
    let grey = numbers.iter().map(|&number| (f64::from(number - darkest) * scale) as u8).collect();
    let grey = GrayImage::from_raw(numbers.len() as u32, 1, grey).expect("one number per pixel");
    let level = otsu_level(&grey) / 2;
    let mut head: Vec<u16> =
        numbers.iter().zip(grey.as_raw()).filter(|(_, grey)| **grey > level).map(|(&number, _)| number).collect();
    if head.is_empty() {
        return (f64::from(darkest), f64::from(darkest) + 1.0);
    }
    let at = ((head.len() as f64 * WHITE) as usize).min(head.len() - 1);
    let (_, &mut white, _) = head.select_nth_unstable(at);
    (f64::from(darkest), f64::from(white).max(f64::from(darkest) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Air, brain that differs a little, and a few pixels of fat.
    fn slice(brain: u16, fat: u16) -> Vec<u16> {
        let brain = (0..600).map(|at| brain + at % 7);
        (0..400).map(|_| 2).chain(brain).chain((0..10).map(|_| fat)).collect()
    }

    #[test]
    fn a_few_bright_pixels_do_not_hide_the_brain() {
        for scale in [1, 100] {
            let (black, white) = window_of_head(&slice(60, 255).iter().map(|v| v * scale).collect::<Vec<_>>());
            assert_eq!((black, white), (f64::from(2 * scale), f64::from(66 * scale)));
        }
    }

    #[test]
    fn a_slice_of_one_number_or_of_none_has_a_window() {
        assert_eq!(window_of_head(&[7; 30]), (7.0, 8.0));
        assert_eq!(window_of_head(&[]), (0.0, 1.0));
    }

    #[test]
    fn all_of_a_head_is_between_black_and_a_little_more_than_white() {
        let numbers: Vec<u16> = (0..1000).collect();
        let (black, white) = window_of_head(&numbers);
        assert!(black == 0.0 && (960.0..=999.0).contains(&white), "{white}");
    }
}

//! Numbers into the range in which nearly all of them lie, beyond which a few are marks or mistakes of a program.

/// Numbers that are looked at.
const SAMPLE: usize = 1 << 16;
/// Fewest numbers, besides the most frequent one, that say where most lie.
const FEWEST: usize = 100;
/// A number is that of air if at least one in so many is it.
const AIR: usize = 20;
/// What lies further beyond 98 % of the numbers than so many times their width is an outlier: with the whole range in 16 bit,
/// the others would share some 500 levels of grey.
const FAR: f64 = 64.0;
/// So many times that width is kept on both sides.
const NEAR: f64 = 4.0;

/// The range that numbers are to be confined to, if a few lie so far beyond all others that those would look alike.
///
/// `range` holds the smallest and largest of them; numbers that are none do not count.
pub fn range_without_outliers(numbers: impl ExactSizeIterator<Item = f64>, range: [f64; 2]) -> Option<[f64; 2]> {
    let step = numbers.len().div_ceil(SAMPLE).max(1);
    let mut sample: Vec<f64> = numbers.step_by(step).filter(|v| v.is_finite()).collect();
    sample.sort_by(f64::total_cmp);
    // Air of one number would hide the rest.
    let air = sample.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).filter(|run| AIR * run.len() >= sample.len());
    let air = air.and_then(|run| run.first().copied());
    let rest: Vec<f64> = sample.into_iter().filter(|v| Some(*v) != air).collect();
    if rest.len() < FEWEST {
        return None;
    }
    let tail = rest.len() / 100;
    let (first, last) = (rest[tail], rest[rest.len() - 1 - tail]);
    let (low, high) = (first.min(air.unwrap_or(first)), last.max(air.unwrap_or(last)));
    // Halves, so that no difference of numbers is beyond all numbers.
    let width = high / 2.0 - low / 2.0;
    let is_far = |beyond: f64| beyond / 2.0 > FAR * width;
    let (below, above) = (low - range[0], range[1] - high);
    (is_far(below) || is_far(above)).then_some([low - 2.0 * NEAR * width, high + 2.0 * NEAR * width])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confined(numbers: &[f64]) -> Option<[f64; 2]> {
        let [low, high] = [f64::min, f64::max].map(|of| numbers.iter().copied().reduce(of).unwrap());
        range_without_outliers(numbers.iter().copied(), [low, high])
    }

    /// Air and 1,000 even steps from 1 to 1000.
    fn head() -> Vec<f64> {
        (0..3000).map(|at| if at < 2000 { 0.0 } else { f64::from(at - 1999) }).collect()
    }

    #[test]
    fn a_few_numbers_far_beyond_all_others_are_outliers() {
        assert_eq!(confined(&head()), None);
        let mut bright = head();
        bright[2500] = 60_000.0;
        assert_eq!(confined(&bright), None, "a bright vessel");
        for mark in [1e30, -1e30, f64::MAX] {
            for mut marked in [head(), head()[2000..].to_vec()] {
                marked[7] = mark;
                let [low, high] = confined(&marked).unwrap();
                assert!(low < 0.0 && high > 1000.0 && high - low < 1e4, "{mark}: {low} {high}");
            }
        }
    }

    #[test]
    fn few_or_equal_numbers_say_nothing() {
        assert_eq!(confined(&[0.0; 500]), None);
        assert_eq!(confined(&[0.0, 1.0, 1e30]), None);
        assert_eq!(range_without_outliers([f64::NAN; 3].into_iter(), [0.0, 0.0]), None);
        assert_eq!(range_without_outliers([0.0; 0].into_iter(), [0.0, 0.0]), None);
    }
}

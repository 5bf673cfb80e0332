//! How likely each pixel of a slice is tumour, on the slice's own grid.

use super::Mask;

/// Probabilities of a slice; every threshold gives a mask without running the network again.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityMap {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl ProbabilityMap {
    /// A map of these probabilities in 0..=1, row by row.
    ///
    /// # Panics
    ///
    /// If there are not `width · height` numbers.
    pub fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        assert_eq!(values.len(), width * height, "a probability map is width × height");
        Self { width, height, values }
    }

    /// The map of a slice without tumour.
    pub fn empty(width: usize, height: usize) -> Self {
        Self::new(width, height, vec![0.0; width * height])
    }

    /// Pixels along a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels along a column.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All probabilities, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The pixels whose probability is at least `threshold` and above zero.
    pub fn mask(&self, threshold: f32) -> Mask {
        let pixels = self.values.iter().map(|&p| reaches(p.into(), threshold)).collect();
        Mask::new(self.width, self.height, pixels)
    }

    /// The probabilities in 0..=255, rounded, but never to the other side of `threshold`: the pixels that [`reaches`] it are
    /// those of the mask.
    pub fn levels(&self, threshold: f32) -> impl Iterator<Item = u8> {
        self.values.iter().map(move |&p| {
            let nearest = (p.clamp(0.0, 1.0) * LEVELS).round() as u8;
            let is_marked = |level: u8| reaches(f64::from(level) / f64::from(LEVELS), threshold);
            match (reaches(p.into(), threshold), is_marked(nearest)) {
                (true, false) => (nearest..=u8::MAX).find(|&level| is_marked(level)).unwrap_or(u8::MAX),
                (false, true) => (0..nearest).rev().find(|&level| !is_marked(level)).unwrap_or(0),
                _ => nearest,
            }
        })
    }
}

/// The number that is a probability of one.
const LEVELS: f32 = 255.0;

/// Whether a share of the highest number is marked at a threshold.
pub fn reaches(share: f64, threshold: f32) -> bool {
    share >= f64::from(threshold) && share > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_threshold_marks_a_subset() {
        let map = ProbabilityMap::new(4, 1, vec![0.0, 0.3, 0.5, 0.9]);
        let areas = [0.0, 0.3, 0.5, 0.6, 1.0].map(|threshold| map.mask(threshold).area_px());
        assert_eq!(areas, [3, 3, 2, 1, 0]);
    }

    #[test]
    fn levels_are_near_their_probabilities_and_on_the_same_side_of_the_threshold() {
        let values: Vec<f32> = (0..=5000).map(|at| at as f32 / 5000.0).chain([1e-9, 1e-4, 0.05, 0.0474]).collect();
        let map = ProbabilityMap::new(values.len(), 1, values.clone());
        for threshold in [0.0, 0.00105, 0.0474, 0.05, 0.5, 0.999, 1.0] {
            let mask = map.mask(threshold);
            for ((level, &p), &is_marked) in map.levels(threshold).zip(&values).zip(mask.pixels()) {
                let share = f64::from(level) / 255.0;
                assert!((share - f64::from(p)).abs() <= 1.0 / 255.0, "{p} became {level}");
                assert_eq!(reaches(share, threshold), is_marked, "{p} at {threshold}");
            }
        }
    }
}

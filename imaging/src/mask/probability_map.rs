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
        let pixels = self.values.iter().map(|&p| p >= threshold && p > 0.0).collect();
        Mask::new(self.width, self.height, pixels)
    }
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
}

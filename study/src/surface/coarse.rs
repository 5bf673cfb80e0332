//! A surface of fewer triangles, to be drawn.

use std::collections::HashMap;

use super::Surface;

/// Cells whose corners become one, in mm, and how much larger they get while there are too many triangles.
const STEP_MM: f64 = 1.0;
const COARSER: f64 = 1.25;

impl Surface {
    /// The surface with at most so many triangles: all corners within a cell of a grid become their mean. It is to be looked at:
    /// parts that touch may become one, and it does not enclose the volume exactly.
    pub fn at_most(self, triangles: usize) -> Self {
        let mut step_mm = STEP_MM;
        let mut coarse = self;
        while coarse.triangles.len() > triangles {
            coarse = coarse.clustered(step_mm);
            step_mm *= COARSER;
        }
        coarse
    }

    /// The corners within each cell of a grid as one; triangles with two corners in a cell are gone.
    fn clustered(&self, step_mm: f64) -> Self {
        let mut cells = HashMap::new();
        let mut sums: Vec<([f64; 3], f64)> = Vec::new();
        let mut cell_of = |position: &[f32; 3]| {
            let cell = position.map(|mm| (f64::from(mm) / step_mm).floor() as i64);
            let at = *cells.entry(cell).or_insert(sums.len());
            if at == sums.len() {
                sums.push(([0.0; 3], 0.0));
            }
            let (sum, count) = &mut sums[at];
            sum.iter_mut().zip(position).for_each(|(sum, &mm)| *sum += f64::from(mm));
            *count += 1.0;
            at as u32
        };
        let corners: Vec<u32> = self.positions_mm.iter().map(&mut cell_of).collect();
        let triangles = self.triangles.iter().map(|triangle| triangle.map(|at| corners[at as usize]));
        Self {
            triangles: triangles.filter(|[a, b, c]| a != b && b != c && c != a).collect(),
            positions_mm: sums.into_iter().map(|(sum, count)| sum.map(|sum| (sum / count) as f32)).collect(),
            is_placed: self.is_placed,
        }
    }
}

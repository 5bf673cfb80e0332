//! Where voxels lie in the patient: an affine map into millimetres towards left, posterior and superior (LPS).

use imaging::{GridSize, SpacingMm};

/// From indices `(i, j, k)` of voxels, whole numbers being their middles, to millimetres in LPS: three rows of four.
///
/// Source: DICOM PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1, with the step between slices as the third column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine(pub [[f64; 4]; 3]);

impl Affine {
    /// Where the middle of a voxel lies, in mm.
    pub fn apply(&self, [i, j, k]: [f64; 3]) -> [f64; 3] {
        self.0.map(|row| row[0] * i + row[1] * j + row[2] * k + row[3])
    }

    /// The step from a voxel to the next along an axis, in mm.
    pub fn column(&self, axis: usize) -> [f64; 3] {
        self.0.map(|row| row[axis])
    }

    /// Distance of neighbouring voxels along each axis, in mm.
    pub fn spacing_mm(&self) -> SpacingMm {
        SpacingMm::from([0, 1, 2].map(|axis| norm(self.column(axis))))
    }

    /// Volume of a voxel, in mm³.
    pub fn voxel_mm3(&self) -> f64 {
        self.determinant().abs()
    }

    fn determinant(&self) -> f64 {
        dot(self.column(0), cross(self.column(1), self.column(2)))
    }

    /// The way back, from mm to indices; none if voxels have no volume.
    pub fn inverse(&self) -> Option<Self> {
        let determinant = self.determinant();
        let columns: [[f64; 3]; 3] = std::array::from_fn(|axis| self.column(axis));
        if !determinant.is_normal() {
            return None;
        }
        let origin = self.column(3);
        Some(Self(std::array::from_fn(|row| {
            let [a, b, c] = cross(columns[(row + 1) % 3], columns[(row + 2) % 3]).map(|v| v / determinant);
            [a, b, c, -dot([a, b, c], origin)]
        })))
    }

    /// First `other`, then this.
    pub fn after(&self, other: &Self) -> Self {
        Self(self.0.map(|row| {
            std::array::from_fn(|axis| {
                let shift = if axis == 3 { row[3] } else { 0.0 };
                (0..3).map(|at| row[at] * other.0[at][axis]).sum::<f64>() + shift
            })
        }))
    }

    /// Between LPS and RAS, in which NIfTI counts: the first two axes point the other way.
    pub fn mirrored(&self) -> Self {
        let [x, y, z] = self.0;
        Self([x.map(|v| -v), y.map(|v| -v), z])
    }

    /// Whether a right hand becomes a left one.
    pub(crate) fn is_mirrored(&self) -> bool {
        self.determinant() < 0.0
    }

    /// Whether every number is one and voxels have a volume.
    pub fn is_usable(&self) -> bool {
        self.0.iter().flatten().all(|v| v.is_finite()) && self.determinant().is_normal()
    }
}

/// What is known of where voxels lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Where in the patient.
    Patient(Affine),
    /// How far apart along each axis, but not which side is which.
    Spaced(SpacingMm),
    /// Nothing.
    Unknown,
}

/// Voxels and where they lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// Voxels along columns `i`, rows `j` and slices `k`.
    pub size: GridSize,
    /// Where they lie.
    pub placement: Placement,
}

impl Geometry {
    /// Number of voxels.
    pub fn voxels(&self) -> usize {
        self.size.voxels()
    }

    /// Voxels of a slice.
    pub fn slice_pixels(&self) -> usize {
        self.size.slice().area_px()
    }

    /// Distances of neighbouring voxels, if known.
    pub fn spacing_mm(&self) -> Option<SpacingMm> {
        match self.placement {
            Placement::Patient(affine) => Some(affine.spacing_mm()),
            Placement::Spaced(spacing) => Some(spacing),
            Placement::Unknown => None,
        }
    }

    /// Volume of a voxel in mm³, if known.
    pub fn voxel_mm3(&self) -> Option<f64> {
        match self.placement {
            Placement::Patient(affine) => Some(affine.voxel_mm3()),
            Placement::Spaced(spacing) => Some(spacing.voxel_mm3()),
            Placement::Unknown => None,
        }
    }

    /// Whether it is known where in the patient the voxels lie.
    pub fn is_placed(&self) -> bool {
        matches!(self.placement, Placement::Patient(_))
    }

    /// From the voxels of a fixed grid to those of this one, where a motion leads from places in the fixed one's millimetres to
    /// places in this one's. None if distances are not known.
    pub fn voxels_from(&self, fixed: &Self, moving_from_fixed: &Affine) -> Option<Affine> {
        Some(self.in_mm()?.inverse()?.after(moving_from_fixed).after(&fixed.in_mm()?))
    }

    /// From voxels to mm, if their distances are known: in the patient (LPS), or else along the grid's axes from its middle.
    pub fn in_mm(&self) -> Option<Affine> {
        match self.placement {
            Placement::Patient(affine) => Some(affine),
            Placement::Spaced(spacing) => {
                let (size, spacing) = (self.size.axes(), spacing.axes());
                let row = |axis: usize| {
                    let mut row = [0.0; 4];
                    (row[axis], row[3]) = (spacing[axis], -spacing[axis] * (size[axis] as f64 - 1.0) / 2.0);
                    row
                };
                Some(Affine([row(0), row(1), row(2)]))
            }
            Placement::Unknown => None,
        }
    }

    /// Whether the other grid has the same voxels in the same places, to a hundredth of a voxel.
    pub fn same_grid(&self, other: &Self) -> bool {
        let near = |a: &Affine, b: &Affine| {
            let tolerance = 0.01 * a.spacing_mm().smallest();
            corners(self.size).all(|corner| distance(a.apply(corner), b.apply(corner)) <= tolerance)
        };
        self.size == other.size
            && match (&self.placement, &other.placement) {
                (Placement::Patient(a), Placement::Patient(b)) => near(a, b),
                (Placement::Patient(_), _) | (_, Placement::Patient(_)) => false,
                _ => true,
            }
    }

    /// How to turn the grid so that columns run to the left, rows to the back and slices to the head, as nearly as
    /// voxels can without being computed anew.
    pub fn to_lps(&self) -> Reorientation {
        let Placement::Patient(affine) = self.placement else { return Reorientation::NONE };
        const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let cosine = |direction: usize, axis: usize| affine.column(axis)[direction] / norm(affine.column(axis));
        let fit = |order: &[usize; 3]| (0..3).map(|to| cosine(to, order[to]).abs()).sum::<f64>();
        let axes = ORDERS.into_iter().max_by(|a, b| fit(a).total_cmp(&fit(b))).expect("there are six orders");
        Reorientation { axes, flipped: std::array::from_fn(|to| cosine(to, axes[to]) < 0.0) }
    }

    /// The grid after it was turned.
    pub fn turned(&self, turn: &Reorientation) -> Self {
        let size = turn.axes.map(|from| self.size.axes()[from]).into();
        let placement = match self.placement {
            Placement::Patient(affine) => Placement::Patient(affine.after(&turn.source_from_turned(self.size))),
            Placement::Spaced(spacing) => Placement::Spaced(turn.axes.map(|from| spacing.axes()[from]).into()),
            Placement::Unknown => Placement::Unknown,
        };
        Self { size, placement }
    }
}

/// An exchange of a grid's axes: the new axis `a` is the old axis `axes[a]`, backwards where `flipped[a]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reorientation {
    /// Old axis of each new one.
    pub axes: [usize; 3],
    /// Whether the new axis runs against the old.
    pub flipped: [bool; 3],
}

impl Reorientation {
    /// Everything stays.
    pub const NONE: Self = Self { axes: [0, 1, 2], flipped: [false; 3] };

    /// The indices of the old grid, from those of the new.
    fn source_from_turned(&self, size: GridSize) -> Affine {
        let size = size.axes();
        let mut rows = [[0.0; 4]; 3];
        for (to, &from) in self.axes.iter().enumerate() {
            rows[from][to] = if self.flipped[to] { -1.0 } else { 1.0 };
            rows[from][3] = if self.flipped[to] { size[from] as f64 - 1.0 } else { 0.0 };
        }
        Affine(rows)
    }

    /// Values of a grid of `size` in the order of the turned grid.
    ///
    /// # Panics
    ///
    /// If there is not one value a voxel.
    pub fn turn<T: Copy>(&self, values: &[T], size: GridSize) -> Vec<T> {
        let mut turned = Vec::with_capacity(values.len());
        self.walk(size, |at| turned.push(values[at]));
        turned
    }

    /// Values of the turned grid, back on the grid of `size` that it came from.
    ///
    /// # Panics
    ///
    /// If there is not one value a voxel.
    pub fn turn_back<T: Copy + Default>(&self, values: &[T], size: GridSize) -> Vec<T> {
        let mut back = vec![T::default(); values.len()];
        let mut values = values.iter();
        self.walk(size, |at| back[at] = *values.next().expect("one value a voxel"));
        back
    }

    /// Calls `visit` with the place in the old grid of every voxel of the new, in the new order.
    pub(crate) fn walk(&self, size: GridSize, mut visit: impl FnMut(usize)) {
        let size = size.axes();
        let strides = [1, size[0], size[0] * size[1]];
        let places = |to: usize| {
            let (length, stride, flipped) = (size[self.axes[to]], strides[self.axes[to]], self.flipped[to]);
            (0..length).map(move |at| stride * if flipped { length - 1 - at } else { at })
        };
        for k in places(2) {
            for j in places(1) {
                places(0).for_each(|i| visit(i + j + k));
            }
        }
    }
}

/// The eight outermost voxels.
fn corners(size: GridSize) -> impl Iterator<Item = [f64; 3]> {
    let size = size.axes();
    (0..8)
        .map(move |bits| std::array::from_fn(|axis| if bits >> axis & 1 == 1 { size[axis] as f64 - 1.0 } else { 0.0 }))
}

/// Inner product.
pub(crate) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Length of a vector.
pub(crate) fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

/// The vector perpendicular to both.
pub(crate) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Distance of two points.
pub(crate) fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    norm(std::array::from_fn(|axis| a[axis] - b[axis]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sagittal slices from right to left, rows downwards, tilted by some degrees.
    fn sagittal() -> Geometry {
        let (sin, cos) = 0.1f64.sin_cos();
        let affine = Affine([[0.0, 0.0, 3.0, -40.0], [cos, sin, 0.0, -100.0], [sin, -cos, 0.0, 90.0]]);
        Geometry { size: [5, 4, 3].into(), placement: Placement::Patient(affine) }
    }

    #[test]
    fn the_inverse_leads_back() {
        let Placement::Patient(affine) = sagittal().placement else { unreachable!() };
        let there_and_back = affine.inverse().unwrap().after(&affine);
        for (row, line) in there_and_back.0.iter().enumerate() {
            for (column, value) in line.iter().enumerate() {
                assert!((value - f64::from(u8::from(row == column))).abs() < 1e-12, "{there_and_back:?}");
            }
        }
        assert_eq!(Affine([[1.0, 1.0, 0.0, 0.0], [0.0; 4], [0.0, 0.0, 1.0, 0.0]]).inverse(), None);
    }

    #[test]
    fn turning_keeps_every_voxel_where_it_is_in_the_patient() {
        let before = sagittal();
        let turn = before.to_lps();
        let after = before.turned(&turn);
        assert_eq!(after.size.axes(), [3, 5, 4]);
        let indices: Vec<usize> = (0..before.voxels()).collect();
        let turned = turn.turn(&indices, before.size);
        let place = |geometry: &Geometry, at: usize| {
            let [width, height, _] = geometry.size.axes();
            let Placement::Patient(affine) = geometry.placement else { unreachable!() };
            affine.apply([at % width, at / width % height, at / width / height].map(|v| v as f64))
        };
        for (to, &from) in turned.iter().enumerate() {
            assert!(distance(place(&after, to), place(&before, from)) < 1e-9);
        }
        assert_eq!(turn.turn_back(&turned, before.size), indices);
        let Placement::Patient(affine) = after.placement else { unreachable!() };
        assert!((0..3).all(|axis| affine.column(axis)[axis] > 0.9), "{affine:?}");
    }

    #[test]
    fn a_grid_in_lps_stays_as_it_is() {
        let affine = Affine([[0.5, 0.0, 0.0, -64.0], [0.0, 0.5, 0.0, -64.0], [0.0, 0.0, 5.0, 0.0]]);
        let geometry = Geometry { size: [4, 4, 2].into(), placement: Placement::Patient(affine) };
        assert_eq!(geometry.to_lps(), Reorientation::NONE);
        assert!(geometry.same_grid(&geometry.turned(&Reorientation::NONE)));
        assert!(!geometry.same_grid(&sagittal()));
    }
}

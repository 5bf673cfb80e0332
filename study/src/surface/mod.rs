//! Marked voxels, or a head, into a closed surface of triangles in mm, and that into files of other programs.
//!
//! Meshes are made here by marching tetrahedra: each edge has exactly two triangles whatever the mask, which surface nets and
//! tables of marching cubes do not promise where voxels touch by an edge or a corner.

mod coarse;
mod field;
mod glb;
mod head;
mod mask;
mod obj;
mod stl;
mod tetrahedra;

use thiserror::Error;

use crate::geometry::Affine;
pub use glb::write_glb;
pub use head::surface_of_head;
pub use mask::surface_of_mask;
pub use obj::write_obj;
pub use stl::write_stl;

/// Why there is no surface.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SurfaceError {
    /// The volume does not say how large it is.
    #[error(
        "the file does not say how far apart its voxels are, so that a surface has no size; open it with its header"
    )]
    Unspaced,
    /// There is nothing to draw a surface around.
    #[error("nothing is marked; draw or segment something first")]
    Empty,
}

/// A closed surface. Triangles run anticlockwise as seen from outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surface {
    /// Corners in mm: in LPS where the volume `is_placed`, otherwise along the axes of its grid from its middle.
    pub positions_mm: Vec<[f32; 3]>,
    /// Three places in `positions_mm` each.
    pub triangles: Vec<[u32; 3]>,
    /// Whether it is known where in the patient it lies.
    pub is_placed: bool,
}

impl Surface {
    /// What it encloses, in ml.
    pub fn volume_ml(&self) -> f64 {
        // Around a corner of its own, so that far from the origin nothing is lost.
        let Some(origin) = self.positions_mm.first().copied() else { return 0.0 };
        let six_times: f64 = self
            .corners()
            .map(|triangle| {
                let [a, b, c] = triangle.map(|at| from(origin, at));
                a.iter().zip(cross(b, c)).map(|(a, b)| a * b).sum::<f64>()
            })
            .sum();
        six_times / 6000.0
    }

    /// Directions away from it at each corner, of length one: the mean of the triangles', by their areas.
    pub fn normals(&self) -> Vec<[f32; 3]> {
        let mut sums = vec![[0f64; 3]; self.positions_mm.len()];
        for (triangle, [a, b, c]) in self.triangles.iter().zip(self.corners()) {
            let twice = cross(from(a, b), from(a, c));
            for &corner in triangle {
                sums[corner as usize].iter_mut().zip(twice).for_each(|(sum, v)| *sum += v);
            }
        }
        let unit = |sum: [f64; 3]| {
            let length = sum.iter().map(|v| v * v).sum::<f64>().sqrt();
            if length > 0.0 { sum.map(|v| (v / length) as f32) } else { [0.0, 0.0, 1.0] }
        };
        sums.into_iter().map(unit).collect()
    }

    /// The surface where a motion of its millimetres takes it.
    pub fn moved(self, motion: &Affine) -> Self {
        let moved = |at: [f32; 3]| motion.apply(at.map(f64::from)).map(|mm| mm as f32);
        Self { positions_mm: self.positions_mm.into_iter().map(moved).collect(), ..self }
    }

    fn corners(&self) -> impl Iterator<Item = [[f32; 3]; 3]> {
        self.triangles.iter().map(|triangle| triangle.map(|at| self.positions_mm[at as usize]))
    }

    /// Adds another, which lies in the same space.
    fn append(&mut self, other: Self) {
        let first = self.positions_mm.len() as u32;
        self.positions_mm.extend(other.positions_mm);
        self.triangles.extend(other.triangles.iter().map(|triangle| triangle.map(|at| at + first)));
    }
}

/// A surface with its name and colour, as files of several hold it.
#[derive(Clone, Copy, Debug)]
pub struct Solid<'a> {
    /// What it is.
    pub name: &'a str,
    /// The surface.
    pub surface: &'a Surface,
    /// Red, green, blue and opacity, 0..=1.
    pub colour: [f32; 4],
}

fn from(origin: [f32; 3], at: [f32; 3]) -> [f64; 3] {
    std::array::from_fn(|axis| f64::from(at[axis]) - f64::from(origin[axis]))
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    crate::geometry::cross(a, b)
}

#[cfg(test)]
mod tests;

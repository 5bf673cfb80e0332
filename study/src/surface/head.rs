//! A volume into the closed surface of the head, coarse enough to be drawn.

use imaging::{connected, largest_component};

use super::{Surface, SurfaceError, field};
use crate::reduced::Reduced;
use crate::volume::Volume;

/// Voxels that the surface is first made of, in mm, and how much larger they get while it has too many triangles.
const STEP_MM: f64 = 4.0;
const COARSER: f64 = 1.25;
/// A head has no details beyond this, in mm.
const MOST_STEP_MM: f64 = 40.0;
/// Share of marked voxels around a place from which it is within the head.
const INSIDE: f32 = 0.5;

/// The surface of the head that a volume shows, closed where the volume ends, of at most so many triangles.
///
/// # Errors
///
/// [`SurfaceError`] if all voxels are alike or it is not known how far apart they are.
pub fn surface_of_head(volume: &Volume, most_triangles: usize) -> Result<Surface, SurfaceError> {
    let affine = volume.geometry.in_mm().ok_or(SurfaceError::Unspaced)?;
    let fine = Reduced::new(volume, affine, STEP_MM);
    let mut step_mm = STEP_MM;
    loop {
        let head = fine.reduced(step_mm);
        let marked = filled(&head).ok_or(SurfaceError::Empty)?;
        let field = field::field(&marked, head.size, &head.affine).ok_or(SurfaceError::Empty)?;
        let surface = field.surface(INSIDE, volume.geometry.is_placed());
        if surface.triangles.is_empty() {
            return Err(SurfaceError::Empty);
        }
        if surface.triangles.len() <= most_triangles || step_mm > MOST_STEP_MM {
            return Ok(surface);
        }
        step_mm *= COARSER;
    }
}

/// Places of the head's voxels, and of those that it encloses on their slice.
fn filled(head: &Reduced) -> Option<Vec<usize>> {
    let least = head.least_of_head()?;
    let bright: Vec<bool> = head.values.iter().map(|&value| value >= least).collect();
    let largest = largest_component(&bright, head.grid())?;
    let [width, height, _] = head.size;
    let edge: Vec<usize> = (0..width)
        .flat_map(|x| [x, (height - 1) * width + x])
        .chain((0..height).flat_map(|y| [y * width, (y + 1) * width - 1]))
        .collect();
    let inside = largest.chunks_exact(width * height).enumerate().flat_map(|(slice, marked)| {
        let outside = connected(width, height, edge.iter().copied(), |at| !marked[at]);
        (0..width * height).filter(move |&at| !outside[at]).map(move |at| slice * width * height + at)
    });
    Some(inside.collect())
}

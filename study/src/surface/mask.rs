//! A mask into a smooth surface that encloses as much as its voxels hold.

use imaging::parts;

use super::tetrahedra::Field;
use super::{Surface, SurfaceError, field};
use crate::geometry::Geometry;

/// How far the volume of a part may be from that of its voxels.
const WITHIN: f64 = 0.002;
/// Levels that are tried at most.
const MOST_TRIES: usize = 24;

/// The surface around the marked voxels of a grid: each connected part has its own, closed, smooth across thick slices, and
/// encloses the volume of its voxels to 0.2 %.
///
/// # Errors
///
/// [`SurfaceError`] if nothing is marked or it is not known how far apart voxels are.
///
/// # Panics
///
/// If there is not one mark a voxel.
pub fn surface_of_mask(marked: &[bool], geometry: &Geometry) -> Result<Surface, SurfaceError> {
    let (affine, voxel_mm3) = geometry.in_mm().zip(geometry.voxel_mm3()).ok_or(SurfaceError::Unspaced)?;
    let is_placed = geometry.is_placed();
    let mut all = Surface { is_placed, ..Surface::default() };
    for part in parts(marked, geometry.size) {
        if let Some(field) = field::field(&part, geometry.size.axes(), &affine) {
            all.append(enclosing(&field, part.len() as f64 * voxel_mm3 / 1000.0, is_placed));
        }
    }
    if all.triangles.is_empty() { Err(SurfaceError::Empty) } else { Ok(all) }
}

/// The surface of a field whose level encloses so much: found by false position, of which one end is halved where it stays
/// (the Illinois method).
fn enclosing(field: &Field, volume_ml: f64, is_placed: bool) -> Surface {
    // Too large and too small, each with how much of the volume is too much there.
    let highest = field.values.iter().copied().fold(0.0, f32::max);
    let mut large = (0.0, None);
    let mut small = (highest, -1.0);
    let mut level = highest / 2.0;
    let mut surface = field.surface(level, is_placed);
    for _ in 0..MOST_TRIES {
        let over = surface.volume_ml() / volume_ml - 1.0;
        if over.abs() <= WITHIN {
            break;
        }
        if over > 0.0 {
            large = (level, Some(over));
            small.1 /= 2.0;
        } else {
            small = (level, over);
            large.1 = large.1.map(|over| over / 2.0);
        }
        // Below the lowest level that was tried the volume is not known: half way is safe.
        let part = large.1.map_or(0.5, |over| over / (over - small.1));
        level = large.0 + (small.0 - large.0) * part as f32;
        surface = field.surface(level, is_placed);
    }
    surface
}

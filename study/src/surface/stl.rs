//! A surface into a binary STL file.

use super::Surface;

/// Bytes before the number of triangles, of which readers take the first for a text file if they are `solid`.
const HEADER: usize = 80;

/// The surface as a binary STL file in mm. `SPACE=LPS` in its header is what 3D Slicer reads.
pub fn write_stl(surface: &Surface) -> Vec<u8> {
    let space = if surface.is_placed { "SPACE=LPS" } else { "SPACE=UNKNOWN" };
    let mut bytes = format!("Gliolens {space} UNIT=mm").into_bytes();
    bytes.resize(HEADER, b' ');
    bytes.extend((surface.triangles.len() as u32).to_le_bytes());
    for corners in surface.corners() {
        let [a, b, c] = corners;
        let normal = super::cross(super::from(a, b), super::from(a, c));
        let length = normal.iter().map(|v| v * v).sum::<f64>().sqrt();
        let normal = if length > 0.0 { normal.map(|v| (v / length) as f32) } else { [0.0; 3] };
        let numbers = [normal, a, b, c].into_iter().flatten();
        bytes.extend(numbers.flat_map(f32::to_le_bytes));
        bytes.extend([0, 0]);
    }
    bytes
}

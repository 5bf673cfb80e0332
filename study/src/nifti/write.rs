//! Labels on a grid into the bytes of a compressed NIfTI-1 file.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use imaging::SpacingMm;

use super::placement::quaternion;
use super::{INTENT_LABEL, OWN_MASK};
use crate::geometry::{Geometry, Placement};

/// The bytes of a compressed NIfTI-1 file with these labels on this grid.
///
/// # Panics
///
/// If there is not one label a voxel, or a side is longer than 32767.
pub fn write_nifti(geometry: &Geometry, labels: &[u8]) -> Vec<u8> {
    assert_eq!(labels.len(), geometry.voxels(), "one label a voxel");
    let mut header = vec![0u8; 352];
    let mut put = |place: usize, bytes: &[u8]| header[place..place + bytes.len()].copy_from_slice(bytes);
    let side = |axis: usize| i16::try_from(geometry.size.axes()[axis]).expect("a side fits 16 bit");
    let dim = [3, side(0), side(1), side(2), 1, 1, 1, 1];
    put(0, &348i32.to_le_bytes());
    dim.iter().enumerate().for_each(|(at, v)| put(40 + 2 * at, &v.to_le_bytes()));
    put(68, &(INTENT_LABEL as i16).to_le_bytes());
    put(70, &2i16.to_le_bytes());
    put(72, &8i16.to_le_bytes());
    let spacing = geometry.spacing_mm();
    let [x, y, z] = spacing.map_or([1.0; 3], SpacingMm::axes);
    let ras = match geometry.placement {
        Placement::Patient(affine) => Some(affine.mirrored()),
        Placement::Spaced(_) | Placement::Unknown => None,
    };
    // Some programs look at the quaternion first. It holds no shear: without one they take the matrix.
    let turn = ras.as_ref().and_then(quaternion);
    let handed = if matches!(turn, Some((_, true))) { -1.0 } else { 1.0 };
    [handed, x, y, z].iter().enumerate().for_each(|(at, &v)| put(76 + 4 * at, &(v as f32).to_le_bytes()));
    put(108, &352f32.to_le_bytes());
    put(112, &1f32.to_le_bytes());
    put(123, &[if spacing.is_some() { 2 } else { 0 }]);
    put(148, OWN_MASK.as_bytes());
    let mut floats = |place: usize, values: &[f64]| {
        values.iter().enumerate().for_each(|(at, &v)| put(place + 4 * at, &(v as f32).to_le_bytes()));
    };
    if let Some(ras) = ras {
        floats(280, ras.0.as_flattened());
        if let Some((turn, _)) = turn {
            floats(256, &turn);
            floats(268, &ras.column(3));
        }
        put(252, &i16::from(turn.is_some()).to_le_bytes());
        put(254, &1i16.to_le_bytes());
    }
    put(344, b"n+1\0");
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    let written = file.write_all(&header).and_then(|()| file.write_all(labels)).and_then(|()| file.finish());
    written.expect("memory takes everything")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;
    use crate::geometry::Affine;
    use crate::nifti::{is_label_map, read_nifti};

    const OBLIQUE: Affine = Affine([[0.96, -0.28, 0.0, 12.0], [0.28, 0.96, 0.0, -7.5], [0.0, 0.0, -4.0, 3.25]]);

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut header = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut header).unwrap();
        header
    }

    #[test]
    fn the_quaternion_alone_puts_voxels_where_the_matrix_does() {
        let up = Affine([[1.0, 0.0, 0.0, -9.0], [0.0, 1.5, 0.0, 8.0], [0.0, 0.0, 4.0, 3.0]]);
        let sagittal = Affine([[0.0, 0.0, 3.0, -22.0], [1.25, 0.0, 0.0, -40.0], [0.0, -1.0, 0.0, 30.0]]);
        // Almost half a turn, where the part that is not stored is almost nothing.
        let tilt = 0.002f64;
        let (sin, cos) = tilt.sin_cos();
        let tilted = Affine([[cos, -sin, 0.0, -120.0], [sin, cos, 0.0, -120.0], [0.0, 0.0, 4.0, 3.0]]);
        for affine in [OBLIQUE, up, sagittal, tilted] {
            let geometry = Geometry { size: [3, 4, 2].into(), placement: Placement::Patient(affine) };
            let mut bytes = unpacked(&write_nifti(&geometry, &[0; 24]));
            assert_eq!((bytes[252], bytes[254]), (1, 1));
            let (_, warnings) = read_nifti("a.nii", &bytes).unwrap().remove(0);
            assert_eq!(warnings, [], "both say the same");
            bytes[254] = 0;
            bytes[280..328].fill(0);
            let (series, _) = read_nifti("a.nii", &bytes).unwrap().remove(0);
            assert!(series.volume.geometry.same_grid(&geometry), "{:?}", series.volume.geometry);
        }
    }

    #[test]
    fn a_sheared_grid_has_a_matrix_alone() {
        let mut sheared = OBLIQUE;
        sheared.0[0][2] = 0.5;
        let geometry = Geometry { size: [3, 4, 2].into(), placement: Placement::Patient(sheared) };
        let bytes = unpacked(&write_nifti(&geometry, &[0; 24]));
        assert_eq!((bytes[252], bytes[254]), (0, 1));
        assert_eq!(bytes[76..80], 1f32.to_le_bytes());
        let unknown = Geometry { placement: Placement::Spaced([1.0; 3].into()), ..geometry };
        let bytes = unpacked(&write_nifti(&unknown, &[0; 24]));
        assert_eq!((bytes[252], bytes[254]), (0, 0));
    }

    #[test]
    fn a_label_map_comes_back_to_the_bit_on_any_grid() {
        let oblique = Affine([[0.9, -0.2, 0.0, 12.0], [0.25, 1.1, 0.5, -7.5], [0.0, -0.5, -4.0, 3.25]]);
        for placement in [Placement::Patient(oblique), Placement::Spaced([0.5, 2.0, 3.0].into()), Placement::Unknown] {
            let geometry = Geometry { size: [3, 4, 2].into(), placement };
            let labels: Vec<u8> = (0..24).map(|at| u8::from(at % 5 == 0)).collect();
            let bytes = write_nifti(&geometry, &labels);
            let (series, _) = read_nifti("out.nii.gz", &bytes).unwrap().remove(0);
            assert!(series.volume.geometry.same_grid(&geometry), "{:?}", series.volume.geometry);
            let read: Vec<u8> = (0..24).map(|at| series.volume.values.get(at) as u8).collect();
            assert_eq!(read, labels);
            assert!(is_label_map(&series, &bytes));
        }
    }
}

//! Drawn heads and their midlines: planes are where heads were turned to, masks on the side that they were put on.

use super::*;

const SIZE: GridSize = GridSize::new(110, 120, 14);
const SPACING: SpacingMm = SpacingMm { x: 1.8, y: 2.0, z: 6.0 };
/// The middle of the drawn head, in mm from the middle of the first voxel.
const MIDDLE: [f64; 3] = [101.0, 118.0, 40.0];

/// A head with skull, brain and ventricles, turned, tilted and shifted by known amounts, with a tumour on one side.
fn head(turn: f64, tilt: f64, shift: f64, tumour: bool) -> (Vec<f32>, [f64; 3]) {
    let (turn, tilt) = (turn.to_radians(), tilt.to_radians());
    let normal = [turn.cos() * tilt.cos(), turn.sin() * tilt.cos(), tilt.sin()];
    let back = [-turn.sin(), turn.cos(), 0.0];
    let up = [-turn.cos() * tilt.sin(), -turn.sin() * tilt.sin(), tilt.cos()];
    let voxel = |at: usize| {
        let index = [at % SIZE.width, at / SIZE.width % SIZE.height, at / SIZE.slice().area_px()];
        let spacing = SPACING.axes();
        let from: [f64; 3] = std::array::from_fn(|axis| index[axis] as f64 * spacing[axis] - MIDDLE[axis]);
        let along = |axis: [f64; 3]| axis.iter().zip(from).map(|(a, b)| a * b).sum::<f64>();
        let (x, y, z) = (along(normal) - shift, along(back), along(up));
        let within = |a: f64, b: f64, c: f64| (x / a).powi(2) + (y / b).powi(2) + (z / c).powi(2) <= 1.0;
        // Egg-shaped, as heads are: narrower in front.
        let narrow = 1.0 + y / 400.0;
        let ventricle = ((x.abs() - 12.0) / 7.0).powi(2) + (y / 25.0).powi(2) + (z / 15.0).powi(2) <= 1.0;
        let tumoural = (x - 35.0).hypot(y + 20.0).hypot(z) < 18.0;
        let value = if !within(72.0 * narrow, 92.0, 80.0) {
            0.0
        } else if !within(66.0 * narrow, 86.0, 74.0) {
            0.9
        } else if tumour && tumoural {
            0.95
        } else if ventricle {
            0.15
        } else {
            0.5 + 0.1 * (y / 14.0).sin()
        };
        // Noise that no mirror image has.
        (value + 0.04 * ((at as f64 * 12.9898).sin() * 43758.5453).fract().abs()) as f32
    };
    ((0..SIZE.voxels()).map(voxel).collect(), normal)
}

#[test]
fn the_plane_is_where_the_head_was_turned_to() {
    for (turn, tilt, shift, tumour) in [
        (0.0, 0.0, 0.0, false),
        (7.0, 0.0, 5.0, true),
        (-13.0, 4.0, -6.0, true),
        (21.0, -5.0, 3.0, true),
        (0.0, 6.0, 9.0, true),
    ] {
        let (values, normal) = head(turn, tilt, shift, tumour);
        let (found, symmetry) = Midline::find(&values, SIZE, SPACING).unwrap();
        let cosine: f64 = found.normal.iter().zip(normal).map(|(a, b)| a * b).sum();
        assert!(cosine.acos().to_degrees() < 1.5, "{turn}°, {tilt}°: {found:?}");
        // The middle of the head lies as far from it as it was shifted.
        let spacing = SPACING.axes();
        let middle = std::array::from_fn(|axis| MIDDLE[axis] / spacing[axis]);
        let off = found.distance_mm(middle, SPACING);
        assert!((off + shift).abs() < 1.5, "{turn}°, {tilt}°, {shift} mm: {off}");
        assert!(symmetry > 0.8, "{symmetry}");
    }
    assert_eq!(Midline::find(&vec![0.0; SIZE.voxels()], SIZE, SPACING), None);
}

#[test]
fn a_mask_lies_where_it_was_put() {
    let plane = Midline { normal: [1.0, 0.0, 0.0], offset_mm: 18.0 };
    let spacing = SpacingMm { x: 2.0, y: 1.0, z: 5.0 };
    let of = |columns: std::ops::Range<usize>, placed| {
        let marked = (0..120).filter(|at| columns.contains(&(at % 20)));
        Location::of(marked.map(|at| [at % 20, at / 20 % 3, at / 60]), spacing, &plane, placed)
    };
    // Columns 12 to 15 are 6 to 12 mm beyond the plane, which goes through column 9.
    let left = of(12..16, true).unwrap();
    assert_eq!((left.hemisphere, left.share, left.nearest_mm, left.middle_mm), (Hemisphere::Left, 1.0, 6.0, 9.0));
    assert_eq!(of(12..16, false).unwrap().hemisphere, Hemisphere::PictureRight);
    let right = of(2..5, true).unwrap();
    assert_eq!((right.hemisphere, right.nearest_mm, right.middle_mm), (Hemisphere::Right, 10.0, 12.0));
    let across = of(8..14, true).unwrap();
    assert_eq!((across.hemisphere, across.crosses(), across.nearest_mm), (Hemisphere::Left, true, 0.0));
    assert!((across.share - 4.5 / 6.0).abs() < 1e-9, "{across:?}");
    assert_eq!(of(0..0, true), None);
}

#[test]
fn a_midline_is_moved_and_drawn_anew() {
    let (turn, tilt) = (0.2f64, 0.1f64);
    let normal = [turn.cos() * tilt.cos(), turn.sin() * tilt.cos(), tilt.sin()];
    let plane = Midline { normal, offset_mm: 90.0 };
    let line = plane.line(4, SIZE.height, SPACING);
    for end in line {
        assert!(plane.distance_mm([end.x, end.y, 4.0], SPACING).abs() < 1e-9);
    }
    let again = plane.through(4, line, SPACING).unwrap();
    assert!((again.offset_mm - plane.offset_mm).abs() < 1e-9);
    assert!(again.normal.iter().zip(normal).all(|(a, b)| (a - b).abs() < 1e-9));
    assert_eq!(plane.through(4, [line[1], line[0]], SPACING).map(|plane| plane.normal[0] > 0.0), Some(true));
    let moved = plane.moved(3.6).line(4, SIZE.height, SPACING);
    assert!((moved[0].x - line[0].x - 2.0).abs() < 1e-9, "two columns of 1.8 mm");
    assert_eq!(plane.through(4, [Point::new(1.0, 1.0); 2], SPACING), None);
    assert_eq!(plane.through(4, [Point::new(1.0, 1.0), Point::new(50.0, 3.0)], SPACING), None);
}

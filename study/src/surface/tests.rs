//! Drawn masks into surfaces: closed, as large as their voxels, where they are, and in files whole.

use std::collections::HashMap;

use imaging::SpacingMm;

use super::*;
use crate::geometry::{Affine, Geometry, Placement};
use crate::volume::{Values, Volume};

/// Every edge has two triangles, which run along it in opposite directions.
fn assert_closed(surface: &Surface) {
    let mut edges: HashMap<(u32, u32), i32> = HashMap::new();
    for &[a, b, c] in &surface.triangles {
        assert!(a != b && b != c && c != a);
        for edge in [(a, b), (b, c), (c, a)] {
            *edges.entry(edge).or_default() += 1;
        }
    }
    for (&(a, b), &count) in &edges {
        assert_eq!((count, edges.get(&(b, a))), (1, Some(&1)), "the edge {a} to {b}");
    }
}

fn grids() -> [([usize; 3], Affine); 4] {
    let (sin, cos) = 0.4f64.sin_cos();
    [
        ([70, 60, 14], Affine([[0.94, 0.0, 0.0, -35.0], [0.0, 1.1, 0.0, -33.0], [0.0, 0.0, 5.0, -33.0]])),
        // Mirrored: a right hand becomes a left one.
        ([70, 60, 14], Affine([[-0.94, 0.0, 0.0, 35.0], [0.0, 1.1, 0.0, -33.0], [0.0, 0.0, 5.0, -33.0]])),
        ([14, 64, 62], Affine([[5.0, 0.0, 0.0, -32.0], [0.0, 0.0, 1.0, -30.0], [0.0, -1.0, 0.0, 31.0]])),
        ([66, 64, 20], Affine([[1.0, 0.0, 0.0, -33.0], [0.0, cos, -3.5 * sin, -16.0], [0.0, sin, 3.5 * cos, -46.0]])),
    ]
}

fn places(size: [usize; 3], affine: Affine) -> impl Iterator<Item = [f64; 3]> {
    (0..size.iter().product::<usize>())
        .map(move |at| affine.apply([at % size[0], at / size[0] % size[1], at / size[0] / size[1]].map(|v| v as f64)))
}

fn placed(size: [usize; 3], affine: Affine) -> Geometry {
    Geometry { size: size.into(), placement: Placement::Patient(affine) }
}

#[test]
fn an_ellipsoid_is_closed_as_large_as_its_voxels_and_where_it_is() {
    let middle = [3.0, -4.0, 2.0];
    for axes in [[7.0, 6.0, 7.5], [18.0, 11.0, 14.0], [24.0, 20.0, 22.0]] {
        for (size, affine) in grids() {
            let away =
                |place: [f64; 3]| (0..3).map(|axis| ((place[axis] - middle[axis]) / axes[axis]).powi(2)).sum::<f64>();
            let marked: Vec<bool> = places(size, affine).map(|place| away(place) <= 1.0).collect();
            let surface = surface_of_mask(&marked, &placed(size, affine)).unwrap();
            assert_closed(&surface);
            let voxels = marked.iter().filter(|&&marked| marked).count() as f64 * affine.voxel_mm3() / 1000.0;
            assert!((surface.volume_ml() / voxels - 1.0).abs() < 0.003, "{} of {voxels} ml", surface.volume_ml());
            // Corners are about as far from the middle as the ellipsoid's: to half the thickness of a slice.
            for position in &surface.positions_mm {
                let place = position.map(f64::from);
                let far = away(place).sqrt();
                let from_middle = (0..3).map(|axis| (place[axis] - middle[axis]).powi(2)).sum::<f64>().sqrt();
                let off = from_middle * (1.0 - 1.0 / far);
                assert!(off.abs() < 2.6, "{off:.2} mm off at {place:?}, {axes:?}");
            }
            // Away from it is out.
            for (position, normal) in surface.positions_mm.iter().zip(surface.normals()) {
                let out: f64 =
                    (0..3).map(|axis| (f64::from(position[axis]) - middle[axis]) * f64::from(normal[axis])).sum();
                assert!(out > 0.0, "{position:?} {normal:?}");
            }
        }
    }
}

#[test]
fn any_mask_is_closed_however_its_voxels_touch() {
    // Noise touches by sides, edges and corners, and at the grid's edge.
    let geometry = placed([9, 8, 7], Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]]));
    for seed in 1..40u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let marked: Vec<bool> = (0..504)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % 100 < 12 + seed
            })
            .collect();
        let surface = surface_of_mask(&marked, &geometry).unwrap();
        assert_closed(&surface);
        let voxels = marked.iter().filter(|&&marked| marked).count() as f64 * 2.0 / 1000.0;
        assert!((surface.volume_ml() / voxels - 1.0).abs() < 0.01, "{} of {voxels} ml", surface.volume_ml());
    }
}

#[test]
fn parts_have_their_own_volumes_and_holes_stay() {
    let geometry = placed([40, 30, 12], Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]]));
    let shell = |[x, y, z]: [f64; 3]| {
        let far = (x - 13.0).hypot(y - 14.0).hypot(z - 16.0);
        (5.0..11.0).contains(&far)
    };
    let speck = |[x, y, z]: [f64; 3]| x == 34.0 && y == 14.0 && z == 15.0;
    let Placement::Patient(affine) = geometry.placement else { unreachable!() };
    let marked: Vec<bool> = places([40, 30, 12], affine).map(|place| shell(place) || speck(place)).collect();
    let surface = surface_of_mask(&marked, &geometry).unwrap();
    assert_closed(&surface);
    let near = |at: &[f32; 3]| (at[0] - 34.0).abs() < 3.0;
    assert!(surface.positions_mm.iter().any(near), "a single voxel has a surface");
    let inner = surface.positions_mm.iter().filter(|at| (at[0] - 13.0).hypot(at[1] - 14.0).hypot(at[2] - 16.0) < 7.0);
    assert!(inner.count() > 50, "the hole has one");
}

#[test]
fn a_surface_that_is_moved_keeps_its_volume_and_its_corners_go_along() {
    let (size, affine) = grids()[3];
    let marked: Vec<bool> = places(size, affine).map(|[x, y, z]| x.hypot(y).hypot(z) < 12.0).collect();
    let surface = surface_of_mask(&marked, &placed(size, affine)).unwrap();
    let (sin, cos) = 0.3f64.sin_cos();
    let motion = Affine([[cos, -sin, 0.0, 8.0], [sin, cos, 0.0, -3.0], [0.0, 0.0, 1.0, 20.0]]);
    let moved = surface.clone().moved(&motion);
    assert!((moved.volume_ml() / surface.volume_ml() - 1.0).abs() < 1e-5);
    assert_closed(&moved);
    for (from, to) in surface.positions_mm.iter().zip(&moved.positions_mm) {
        let expected = motion.apply(from.map(f64::from));
        assert!((0..3).all(|axis| (f64::from(to[axis]) - expected[axis]).abs() < 1e-4), "{from:?} {to:?}");
    }
}

#[test]
fn without_distances_or_a_mask_there_is_none() {
    let (size, affine) = grids()[0];
    let voxels: usize = size.iter().product();
    let unknown = Geometry { size: size.into(), placement: Placement::Unknown };
    assert_eq!(surface_of_mask(&vec![true; voxels], &unknown), Err(SurfaceError::Unspaced));
    assert_eq!(surface_of_mask(&vec![false; voxels], &placed(size, affine)), Err(SurfaceError::Empty));
    let spacing = SpacingMm { x: 1.0, y: 1.0, z: 5.0 };
    let spaced = Geometry { size: size.into(), placement: Placement::Spaced(spacing) };
    let marked: Vec<bool> = (0..voxels).map(|at| at % size[0] < 20).collect();
    let surface = surface_of_mask(&marked, &spaced).unwrap();
    assert!(!surface.is_placed);
    assert!(String::from_utf8_lossy(&write_stl(&surface)).contains("SPACE=UNKNOWN"), "sides are not invented");
    let plain = Volume { geometry: placed(size, affine), values: Values::Floats(vec![4.0; voxels]) };
    assert_eq!(surface_of_head(&plain, 1000), Err(SurfaceError::Empty));
    let unplaced = Volume { geometry: unknown, ..plain };
    assert_eq!(surface_of_head(&unplaced, 1000), Err(SurfaceError::Unspaced));
}

#[test]
fn files_hold_every_triangle() {
    let (size, affine) = grids()[0];
    let marked: Vec<bool> = places(size, affine).map(|[x, y, z]| x.hypot(y).hypot(z) < 12.0).collect();
    let surface = surface_of_mask(&marked, &placed(size, affine)).unwrap();
    let (corners, triangles) = (surface.positions_mm.len(), surface.triangles.len());

    let stl = write_stl(&surface);
    assert_eq!(stl.len(), 84 + 50 * triangles);
    assert!(!stl.starts_with(b"solid") && stl.windows(9).any(|bytes| bytes == b"SPACE=LPS"));
    assert_eq!(u32::from_le_bytes(stl[80..84].try_into().unwrap()) as usize, triangles);

    let solid = |name| Solid { name, surface: &surface, colour: [0.9, 0.2, 0.1, 0.5] };
    let obj = write_obj(&[solid("a tumour"), solid("again")]);
    let lines = |start: &str| obj.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((lines("v "), lines("f "), lines("o ")), (2 * corners, 2 * triangles, 2));
    assert!(obj.contains("o a_tumour\n"));
    let last = obj.lines().last().unwrap().split(' ').skip(1).map(|at| at.parse::<usize>().unwrap()).max().unwrap();
    assert!(last > corners && last <= 2 * corners, "the second object counts on");

    let glb = write_glb(&[solid("a \"tumour\""), solid("again")]);
    let number = |at: usize| u32::from_le_bytes(glb[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((&glb[..4], number(4), number(8)), (b"glTF".as_slice(), 2, glb.len()));
    let scene: serde_json::Value = serde_json::from_slice(&glb[20..20 + number(12)]).unwrap();
    assert_eq!(scene["meshes"][0]["name"], "a \"tumour\"");
    assert_eq!(scene["accessors"][2]["count"], 3 * triangles);
    assert_eq!(scene["buffers"][0]["byteLength"], number(20 + number(12)));
    assert_eq!(number(20 + number(12)), 2 * (24 * corners + 12 * triangles));
    assert!(write_glb(&[]).len().is_multiple_of(4));
}

#[test]
fn a_coarser_surface_to_draw_has_few_triangles_and_lies_where_the_fine_one_does() {
    let (size, affine) = grids().into_iter().next().unwrap();
    let away = |place: [f64; 3]| place.iter().map(|mm| (mm / 24.0).powi(2)).sum::<f64>();
    let marked: Vec<bool> = places(size, affine).map(|place| away(place) <= 1.0).collect();
    let fine = surface_of_mask(&marked, &placed(size, affine)).unwrap();
    let all = fine.triangles.len();
    assert_eq!(fine.clone().at_most(all), fine, "few enough as they are");
    for most in [all / 2, 2000, 500] {
        let coarse = fine.clone().at_most(most);
        let found = coarse.triangles.len();
        assert!(found <= most && found > most / 8, "{found} of {most}");
        assert!((coarse.volume_ml() / fine.volume_ml() - 1.0).abs() < 0.06, "{}", coarse.volume_ml());
        assert_eq!(coarse.is_placed, fine.is_placed);
    }
    assert!(Surface::default().at_most(0).triangles.is_empty());
}

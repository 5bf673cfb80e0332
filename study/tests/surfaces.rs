//! Tumours and a head into the files of surfaces.
//!
//! They are left in `target/surfaces/`, where `surfaces.py` reads them with trimesh.

mod moved_head;
mod phantom;

use std::fs;
use std::path::PathBuf;

use moved_head::{Contrast, volume};
use phantom::{grids, is_tumor, places};
use study::{Affine, Geometry, Placement, Solid, surface_of_head, surface_of_mask, write_glb, write_obj, write_stl};

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/surfaces").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_phantoms_tumour_is_a_surface_on_every_grid() {
    for (name, size, affine) in grids() {
        let geometry = Geometry { size: size.into(), placement: Placement::Patient(affine) };
        let marked: Vec<bool> = places(size, affine).map(is_tumor).collect();
        let surface = surface_of_mask(&marked, &geometry).unwrap();
        let voxels = marked.iter().filter(|&&marked| marked).count() as f64 * affine.voxel_mm3() / 1000.0;
        let share = surface.volume_ml() / voxels;
        println!("{name}: {voxels:.3} ml, {:.2} % off, {} triangles", 100.0 * (share - 1.0), surface.triangles.len());
        assert!((share - 1.0).abs() < 0.02);
        let solids = [Solid { name: "tumour", surface: &surface, colour: [0.9, 0.3, 0.2, 1.0] }];
        let folder = folder(name);
        fs::write(folder.join("tumour.stl"), write_stl(&surface)).unwrap();
        fs::write(folder.join("tumour.obj"), write_obj(&solids)).unwrap();
        fs::write(folder.join("tumour.glb"), write_glb(&solids)).unwrap();
        let said = serde_json::json!({ "volume_ml": voxels, "triangles": surface.triangles.len() });
        fs::write(folder.join("said.json"), said.to_string()).unwrap();
    }
}

#[test]
fn a_head_has_a_closed_surface_of_few_triangles_where_it_is() {
    let affine = Affine([[0.9375, 0.0, 0.0, -120.0], [0.0, 0.9375, 0.0, -120.0], [0.0, 0.0, 5.0, -45.0]]);
    let still = Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
    let head = volume([256, 256, 23], affine, &still, Contrast::Flair, 0.03, 1);
    // Fewer triangles are of coarser voxels, which reach further beyond.
    for (most, beyond_mm) in [(60_000, 6.0), (20_000, 9.0), (8_000, 12.0)] {
        let surface = surface_of_head(&head, most).unwrap();
        let found = surface.triangles.len();
        assert!(found <= most && found > most / 8, "{found} of {most}");
        // The formula's outline in the slices, from the lowest to the highest and half a slice beyond.
        let inside =
            places([96, 120, 116], Affine([[2.0, 0.0, 0.0, -95.0], [0.0, 2.0, 0.0, -119.0], [0.0, 0.0, 1.0, -47.5]]));
        let outline = |[x, y, z]: [f64; 3]| {
            let narrow = 76.0 * (1.0 + y / 500.0);
            (x / narrow).powi(2) + (y / 96.0).powi(2) + (z / 88.0).powi(2) <= 1.0
        };
        let expected = inside.filter(|&place| outline(place)).count() as f64 * 4.0 / 1000.0;
        let share = surface.volume_ml() / expected;
        println!("{found} triangles, {:.0} of {expected:.0} ml", surface.volume_ml());
        assert!((share - 1.0).abs() < 0.06, "{share}");
        let reach =
            |axis: usize, side: f32| surface.positions_mm.iter().map(|at| side * at[axis]).fold(f32::MIN, f32::max);
        let [back, foot] = [reach(1, 1.0), reach(2, -1.0)];
        assert!((back - 96.0).abs() < beyond_mm && (foot - 47.5).abs() < 4.0, "{back} {foot}");
        if most == 60_000 {
            let solids = [Solid { name: "head", surface: &surface, colour: [0.8, 0.8, 0.8, 0.2] }];
            let folder = folder("head");
            fs::write(folder.join("head.stl"), write_stl(&surface)).unwrap();
            fs::write(folder.join("head.obj"), write_obj(&solids)).unwrap();
            fs::write(folder.join("head.glb"), write_glb(&solids)).unwrap();
            let said = serde_json::json!({ "volume_ml": surface.volume_ml(), "triangles": found });
            fs::write(folder.join("said.json"), said.to_string()).unwrap();
        }
    }
}

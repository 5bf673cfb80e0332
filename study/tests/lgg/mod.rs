//! Patients of the LGG data set, which is no part of the repository, and their heads moved by known amounts.
#![allow(dead_code, reason = "each test program uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use study::{Affine, Geometry, Placement, Values, Volume};

use crate::moved_head::{Chance, axial};

/// The folder of the data set, if `GLIOLENS_LGG` names one; else says so.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("GLIOLENS_LGG").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: GLIOLENS_LGG names no folder of the LGG data set");
    }
    folder
}

/// The split file that `GLIOLENS_SPLIT` names, if it does.
pub fn split() -> Option<PathBuf> {
    std::env::var_os("GLIOLENS_SPLIT").map(PathBuf::from)
}

/// Names of the training patients in a split file.
pub fn training(split: &Path) -> Vec<String> {
    let split: serde_json::Value = serde_json::from_slice(&fs::read(split).unwrap()).unwrap();
    serde_json::from_value(split["train"].clone()).unwrap()
}

/// Slices of a patient's folder in one sequence (0 pre-contrast, 1 FLAIR, 2 post-contrast).
pub fn patient(folder: &Path, sequence: usize) -> Option<Volume> {
    let name = folder.file_name()?.to_str()?;
    let slices: Vec<imaging::Slice> = (1..)
        .map(|number| folder.join(format!("{name}_{number}.webp")))
        .take_while(|path| path.exists())
        .map(|path| imaging::decode(&fs::read(path).unwrap()).unwrap())
        .collect();
    let first = slices.first()?;
    let size = [first.width(), first.height(), slices.len()];
    // The files do not say; these are usual for the collection.
    let (_, affine) = axial(size, [0.9375, 0.9375, 5.0], 0.0);
    let values =
        slices.iter().flat_map(|slice| slice.sequence(sequence).iter().map(|v| (v * 1000.0).round())).collect();
    let geometry = Geometry { size: size.into(), placement: Placement::Patient(affine) };
    Some(Volume { geometry, values: Values::Floats(values) })
}

/// What the head shows at each place once it has moved, with noise.
pub fn moved(volume: &Volume, motion: &Affine, chance: &mut Chance) -> Volume {
    let moved = Volume { geometry: moved_geometry(&volume.geometry, motion), ..volume.clone() };
    let values = moved.resampled(&volume.geometry, 0.0).unwrap();
    let values = values.into_iter().map(|value| (f64::from(value) + 8.0 * chance.bell()).max(0.0) as f32).collect();
    Volume { geometry: volume.geometry, values: Values::Floats(values) }
}

/// Where voxels lie after the head has moved with them.
fn moved_geometry(geometry: &Geometry, motion: &Affine) -> Geometry {
    let placement = Placement::Patient(motion.after(&geometry.in_mm().unwrap()));
    Geometry { placement, ..*geometry }
}

//! The layout of the LGG data set into patients: `TCGA_…/TCGA_…_<n>.tif` with `…_<n>_mask.tif` beside it, as published, and
//! the same with other image formats.

use std::path::{Path, PathBuf};
use std::{fs, io};

use imaging::{Statistics, decode, decode_label};

use crate::data::error::{DatasetError, LABEL_SUFFIX};
use crate::data::patient::{LabelledSlice, Patient};

/// All patients below `data`, in the order of their names.
///
/// # Errors
///
/// As [`read_split`](crate::data::split::read_split).
pub fn read_patients(data: &Path) -> Result<Vec<Patient>, DatasetError> {
    let mut patients = Vec::new();
    for folder in children(data)?.into_iter().filter(|path| path.is_dir()) {
        let slices = read_slices(&folder)?;
        if !slices.is_empty() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let statistics = Statistics::of(slices.iter().map(|labelled| &labelled.slice));
            patients.push(Patient { name, slices, statistics });
        }
    }
    if patients.is_empty() { Err(DatasetError::Empty(data.into())) } else { Ok(patients) }
}

fn read_slices(folder: &Path) -> Result<Vec<LabelledSlice>, DatasetError> {
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let images = children(folder)?.into_iter().filter(|path| {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        matches!(extension.as_str(), "tif" | "tiff" | "png" | "webp" | "jpg" | "jpeg")
    });
    let (mut labels, images): (Vec<_>, Vec<_>) = images.partition(|path| stem(path).ends_with(LABEL_SUFFIX));

    let mut slices = Vec::with_capacity(images.len());
    for path in images {
        let name = stem(&path);
        let number = name.rsplit('_').next().and_then(|number| number.parse().ok());
        let number = number.ok_or_else(|| DatasetError::Unnumbered(path.clone()))?;
        let wanted = format!("{name}{LABEL_SUFFIX}");
        let found = labels.iter().position(|label| stem(label) == wanted);
        let label_path = labels.swap_remove(found.ok_or_else(|| DatasetError::Unpaired(path.clone()))?);
        let slice = decode(&bytes(&path)?).map_err(|error| DatasetError::Undecodable(path, error))?;
        let label =
            decode_label(&bytes(&label_path)?).map_err(|error| DatasetError::Undecodable(label_path.clone(), error))?;
        if (slice.width(), slice.height()) != (label.width(), label.height()) {
            return Err(DatasetError::SizeMismatch(label_path));
        }
        slices.push(LabelledSlice { number, slice, label });
    }
    if let Some(label) = labels.into_iter().next() {
        return Err(DatasetError::Unpaired(label));
    }
    slices.sort_by_key(|slice| slice.number);
    Ok(slices)
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let unreadable = |error| DatasetError::Unreadable(folder.into(), error);
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

fn bytes(path: &Path) -> Result<Vec<u8>, DatasetError> {
    fs::read(path).map_err(|error| DatasetError::Unreadable(path.into(), error))
}

#[cfg(test)]
pub mod tests {
    use image::{GrayImage, Luma, Rgb, RgbImage};
    use tempfile::TempDir;

    use super::*;

    /// A data set of two patients with four slices each, in a folder of its own.
    pub fn folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        let data = folder.path();
        for name in ["TCGA_A", "TCGA_B"] {
            fs::create_dir_all(data.join(name)).unwrap();
            for number in 1..=4 {
                let stem = data.join(name).join(format!("{name}_{number}"));
                RgbImage::new(32, 24).save(stem.with_extension("tif")).unwrap();
                let label = GrayImage::from_pixel(32, 24, Luma([if number == 2 { 255 } else { 0 }]));
                label.save(data.join(name).join(format!("{name}_{number}_mask.tif"))).unwrap();
            }
        }
        folder
    }

    /// Three patients below `data` with four slices of 32 × 32 each, bright squares in two of them, which are the tumours, and a
    /// split that fits to one patient, tunes on one and measures one.
    pub fn squares() -> TempDir {
        let folder = TempDir::new().unwrap();
        let root = folder.path();
        for name in ["TCGA_A", "TCGA_B", "TCGA_C"] {
            let patient = root.join("data").join(name);
            fs::create_dir_all(&patient).unwrap();
            for number in 1..=4 {
                let tumour = |x: u32, y: u32| number > 2 && (8..20).contains(&x) && (8..20).contains(&y);
                let bright = |x: u32, y: u32| if tumour(x, y) { 220 } else { 90 + (3 * x + 5 * y) as u8 % 40 };
                let image = RgbImage::from_fn(32, 32, |x, y| Rgb([bright(x, y); 3]));
                image.save(patient.join(format!("{name}_{number}.tif"))).unwrap();
                let label = GrayImage::from_fn(32, 32, |x, y| Luma([if tumour(x, y) { 255 } else { 0 }]));
                label.save(patient.join(format!("{name}_{number}_mask.tif"))).unwrap();
            }
        }
        fs::write(root.join("split.json"), r#"{"validation": ["TCGA_A"], "tuning": ["TCGA_B"]}"#).unwrap();
        folder
    }

    #[test]
    fn the_published_layout_is_read_in_order() {
        let patients = read_patients(folder().path()).unwrap();
        assert_eq!(patients.iter().map(|patient| patient.name.as_str()).collect::<Vec<_>>(), ["TCGA_A", "TCGA_B"]);
        let slices = &patients[1].slices;
        assert_eq!(
            slices.iter().map(|slice| (slice.number, slice.label.area_px())).collect::<Vec<_>>(),
            [(1, 0), (2, 32 * 24), (3, 0), (4, 0)]
        );
    }

    #[test]
    fn half_missing_data_is_refused_by_the_name_of_the_file() {
        let folder = folder();
        let data = folder.path();
        fs::remove_file(data.join("TCGA_B/TCGA_B_3_mask.tif")).unwrap();
        let error = read_patients(data).err().unwrap().to_string();
        assert!(error.contains("TCGA_B_3.tif has no partner"), "{error}");
        fs::remove_file(data.join("TCGA_B/TCGA_B_3.tif")).unwrap();
        fs::write(data.join("TCGA_A/TCGA_A_1.tif"), b"no image").unwrap();
        let error = read_patients(data).err().unwrap().to_string();
        assert!(error.contains("TCGA_A_1.tif"), "{error}");
        assert!(matches!(read_patients(&data.join("TCGA_B")), Err(DatasetError::Empty(_))));
        assert!(matches!(read_patients(&data.join("nowhere")), Err(DatasetError::Unreadable(..))));
    }

    /// The published TIFF files and the lossless copies of one patient, if they are at hand.
    #[test]
    fn published_files_and_lossless_copies_are_the_same_patient() {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
        let (published, copies) = (shared.join("lgg_tif"), shared.join("lgg"));
        if !published.is_dir() || !copies.is_dir() {
            println!("skipped: there is no data set in {}", shared.display());
            return;
        }
        for patient in read_patients(&published).unwrap() {
            let copies = read_slices(&copies.join(&patient.name)).unwrap();
            assert_eq!(patient.slices.len(), copies.len());
            for (a, b) in patient.slices.iter().zip(&copies) {
                assert_eq!((a.number, &a.slice, &a.label), (b.number, &b.slice, &b.label));
            }
        }
    }
}

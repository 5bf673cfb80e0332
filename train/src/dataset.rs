//! A folder of patients into slices with labels.
//!
//! Understands the LGG data set as published (`TCGA_…/TCGA_…_<n>.tif` with `…_<n>_mask.tif`) and the same with other
//! image formats. Slices of one patient are neighbours and look alike: patients are split, never slices.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use imaging::{DecodeError, Mask, Slice, decode, decode_label};
use serde::Deserialize;
use thiserror::Error;

/// What ends the name of a label file, before the extension.
const LABEL_SUFFIX: &str = "_mask";

/// One patient with all slices, in order.
pub struct Patient {
    /// Name of the folder.
    pub name: String,
    /// Slices from the first to the last.
    pub slices: Vec<LabelledSlice>,
}

/// A slice and what experts marked on it.
pub struct LabelledSlice {
    /// Number in the file's name.
    pub number: u32,
    /// The image.
    pub slice: Slice,
    /// The experts' mask, on the same grid.
    pub label: Mask,
}

/// Patients to fit to and patients to report on.
pub struct Split {
    /// Fitted to.
    pub training: Vec<Patient>,
    /// Only reported on.
    pub validation: Vec<Patient>,
}

/// Why a folder is no data set.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// A file or folder cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// The folder holds no patients.
    #[error("{0} holds no folder with slices; expected <patient>/<patient>_<number>.tif and …_<number>_mask.tif")]
    Empty(PathBuf),
    /// A slice's file name ends in no number.
    #[error("{0}: the name of a slice must end in its number, as in TCGA_HT_7602_19951103_12.tif")]
    Unnumbered(PathBuf),
    /// A slice has no label, or a label no slice.
    #[error("{0} has no partner: every slice needs a label beside it, named …{LABEL_SUFFIX}")]
    Unpaired(PathBuf),
    /// A file is no image.
    #[error("{0}: {1}")]
    Undecodable(PathBuf, DecodeError),
    /// A label does not cover its slice.
    #[error("{0}: the label's size differs from the slice's")]
    SizeMismatch(PathBuf),
    /// The split file is no split.
    #[error("{0} is no split: {1}")]
    MalformedSplit(PathBuf, serde_json::Error),
    /// The split names a patient that is not there.
    #[error("{0} names the patient {1}, who has no folder in the data")]
    UnknownPatient(PathBuf, String),
}

/// The patients below `data`, divided by the file `split`.
///
/// # Errors
///
/// [`DatasetError`] names the first file that is wrong.
pub fn read_split(data: &Path, split: &Path) -> Result<Split, DatasetError> {
    #[derive(Deserialize)]
    struct SplitFile {
        validation: Vec<String>,
    }
    let text = fs::read_to_string(split).map_err(|error| DatasetError::Unreadable(split.into(), error))?;
    let file: SplitFile =
        serde_json::from_str(&text).map_err(|error| DatasetError::MalformedSplit(split.into(), error))?;
    let names: BTreeSet<_> = file.validation.into_iter().collect();
    let (validation, training): (Vec<_>, Vec<_>) =
        read_patients(data)?.into_iter().partition(|patient| names.contains(&patient.name));
    if let Some(missing) = names.iter().find(|name| validation.iter().all(|patient| patient.name != **name)) {
        return Err(DatasetError::UnknownPatient(split.into(), missing.clone()));
    }
    Ok(Split { training, validation })
}

/// All patients below `data`, in the order of their names.
///
/// # Errors
///
/// As [`read_split`].
pub fn read_patients(data: &Path) -> Result<Vec<Patient>, DatasetError> {
    let mut patients = Vec::new();
    for folder in children(data)?.into_iter().filter(|path| path.is_dir()) {
        let slices = read_slices(&folder)?;
        if !slices.is_empty() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            patients.push(Patient { name, slices });
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

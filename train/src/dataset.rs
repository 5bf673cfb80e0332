//! A folder of patients into slices with labels.
//!
//! Understands the LGG data set as published (`TCGA_…/TCGA_…_<n>.tif` with `…_<n>_mask.tif`) and the same with other
//! image formats. Slices of one patient are neighbours and look alike: patients are split, never slices.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::ValueEnum;
use imaging::{DecodeError, Frame, Mask, SEQUENCES, Slice, Statistics, decode, decode_label};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::photograph::photographed;

/// What ends the name of a label file, before the extension.
const LABEL_SUFFIX: &str = "_mask";

/// One patient with all slices, in order.
pub struct Patient {
    /// Name of the folder.
    pub name: String,
    /// Slices from the first to the last.
    pub slices: Vec<LabelledSlice>,
    /// How bright all slices of the volume are, those held back by a leaky split included.
    pub statistics: Statistics,
}

impl Patient {
    /// The patient with FLAIR in place of these sequences, as the page reads a study that lacks them.
    pub fn without(&self, missing: &[Missing]) -> Self {
        self.with_slices(|labelled| LabelledSlice {
            slice: missing.iter().fold(labelled.slice.clone(), |slice, &missing| slice.without(missing as usize)),
            ..labelled.clone()
        })
    }

    /// The patient as a scanner of little signal shows it: with Rician noise, the magnitude of a signal with normal noise in
    /// both of its parts, whose deviation is `share` of each sequence's brightest pixel.
    pub fn noisy(&self, share: f32) -> Self {
        let brightest = <[[f64; 4]; SEQUENCES]>::from(self.statistics).map(|[.., brightest]| brightest as f32);
        self.with_slices(|labelled| {
            let mut rng = StdRng::seed_from_u64(labelled.number.into());
            let planes = (0..SEQUENCES).map(|index| {
                let mut noise = || share * brightest[index] * rng.sample::<f32, _>(StandardNormal);
                labelled.slice.sequence(index).iter().map(|&value| (value + noise()).hypot(noise())).collect()
            });
            let slice = Slice::new(labelled.slice.width(), labelled.slice.height(), planes.collect());
            LabelledSlice { slice, ..labelled.clone() }
        })
    }

    /// The patient's slices as pictures of some kind show them.
    pub fn pictured(&self, picture: Picture) -> Self {
        self.with_slices(|labelled| {
            let (width, height) = (labelled.slice.width(), labelled.slice.height());
            let head = bright_part(&labelled.slice);
            let ((across, down), margin) = (head.size(), width.max(height) / 6);
            match picture {
                Picture::Screen => {
                    let whole = Frame::whole(width, height);
                    labelled.placed(whole, (width * 3 / 4, height / 5), (width * 5 / 2, height * 7 / 5), 0.0)
                }
                Picture::Page => labelled.placed(head, (margin, margin), (across + 2 * margin, down + 3 * margin), 1.0),
                Picture::Close => labelled.placed(head, (0, 0), (across, down), 0.0),
                Picture::Photograph => photographed(labelled),
            }
        })
    }

    fn with_slices(&self, change: impl Fn(&LabelledSlice) -> LabelledSlice) -> Self {
        let slices: Vec<_> = self.slices.iter().map(change).collect();
        let statistics = Statistics::of(slices.iter().map(|labelled| &labelled.slice));
        Self { name: self.name.clone(), slices, statistics }
    }
}

/// A sequence that a study may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Missing {
    /// Pre-contrast.
    Pre = 0,
    /// Post-contrast.
    Post = 2,
}

/// A picture of a slice that is not the slice as a scanner made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Picture {
    /// Of a screen: amid black, two and a half times as wide.
    Screen,
    /// Of a page: cut to the head, amid white.
    Page,
    /// Cut to the head.
    Close,
    /// A photograph of a screen that shows FLAIR.
    Photograph,
}

/// The columns and rows of which one pixel in fifty is brighter than a tenth of the brightest; all, if there are none.
fn bright_part(slice: &Slice) -> Frame {
    let (width, height) = (slice.width(), slice.height());
    let values = slice.brightest();
    let level = 0.1 * values.iter().copied().fold(0.0, f32::max);
    let span = |length: usize, across: usize, place: &dyn Fn(usize, usize) -> usize| {
        let bright = |&line: &usize| (0..across).filter(|&at| values[place(line, at)] > level).count() * 50 > across;
        let first = (0..length).find(bright).unwrap_or(0);
        first..(0..length).rfind(bright).map_or(length, |last| last + 1)
    };
    Frame::part(span(width, height, &|x, y| y * width + x), span(height, width, &|y, x| y * width + x))
}

/// A slice and what experts marked on it.
#[derive(Clone)]
pub struct LabelledSlice {
    /// Number in the file's name.
    pub number: u32,
    /// The image.
    pub slice: Slice,
    /// The experts' mask, on the same grid.
    pub label: Mask,
}

impl LabelledSlice {
    /// A part of the slice from a place on in a picture of some size that has one grey around it.
    fn placed(&self, part: Frame, (left, top): (usize, usize), size: (usize, usize), around: f32) -> Self {
        let ((across, down), width) = (part.size(), self.slice.width());
        let place = Frame::part(left..left + across, top..top + down);
        let inside = place.put(&vec![true; across * down], size);
        let plane = |index: usize| {
            let seen = place.put(&part.cut(self.slice.sequence(index), width, 0.0), size);
            seen.into_iter().zip(&inside).map(|(value, &inside)| if inside { value } else { around }).collect()
        };
        let label = place.put(&part.cut(self.label.pixels(), width, false), size);
        let slice = Slice::new(size.0, size.1, (0..SEQUENCES).map(plane).collect());
        Self { slice, label: Mask::new(size.0, size.1, label), ..self.clone() }
    }
}

/// Patients to fit to and patients to report on.
pub struct Split {
    /// Fitted to.
    pub training: Vec<Patient>,
    /// Only reported on.
    pub validation: Vec<Patient>,
    /// Whether slices of one patient lie on both sides.
    pub leaky: bool,
}

/// What a split file says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum SplitFile {
    /// By patient: the names of those to report on.
    Patients { validation: Vec<String> },
    /// By slice, and so leaky: numbers of the slices to report on, by patient.
    Slices { leaky_validation: BTreeMap<String, Vec<u32>> },
}

/// Why a folder is no data set.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// A file or folder cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// A file cannot be written.
    #[error("cannot write {0}: {1}")]
    Unwritable(PathBuf, io::Error),
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

/// The patients below `data`, divided by the file `split`: `{"validation": ["<patient>", …]}`, or what
/// [`write_split`] writes.
///
/// # Errors
///
/// [`DatasetError`] names the first file that is wrong.
pub fn read_split(data: &Path, split: &Path) -> Result<Split, DatasetError> {
    let text = fs::read_to_string(split).map_err(|error| DatasetError::Unreadable(split.into(), error))?;
    let file: SplitFile =
        serde_json::from_str(&text).map_err(|error| DatasetError::MalformedSplit(split.into(), error))?;
    let patients = read_patients(data)?;
    let names: Vec<&String> = match &file {
        SplitFile::Patients { validation } => validation.iter().collect(),
        SplitFile::Slices { leaky_validation } => leaky_validation.keys().collect(),
    };
    if let Some(missing) = names.into_iter().find(|name| patients.iter().all(|patient| patient.name != **name)) {
        return Err(DatasetError::UnknownPatient(split.into(), missing.clone()));
    }
    Ok(match file {
        SplitFile::Patients { validation } => {
            let (validation, training) = patients.into_iter().partition(|patient| validation.contains(&patient.name));
            Split { training, validation, leaky: false }
        }
        SplitFile::Slices { leaky_validation } => {
            let (training, validation) =
                patients.into_iter().map(|patient| by_slice(patient, &leaky_validation)).unzip();
            Split { training, validation, leaky: true }
        }
    })
}

/// A patient's slices that are not among the `chosen` and those that are.
fn by_slice(patient: Patient, chosen: &BTreeMap<String, Vec<u32>>) -> (Patient, Patient) {
    let numbers = chosen.get(&patient.name).map_or(&[][..], Vec::as_slice);
    let (inside, outside) = patient.slices.into_iter().partition(|slice| numbers.contains(&slice.number));
    let half = |slices| Patient { name: patient.name.clone(), slices, statistics: patient.statistics };
    (half(outside), half(inside))
}

/// Draws patients to report on (or, if `leaky`, slices of every patient) and writes them as a file for [`read_split`].
///
/// # Errors
///
/// [`DatasetError`] if the data cannot be read or the file cannot be written.
pub fn write_split(data: &Path, output: &Path, share: f64, seed: u64, leaky: bool) -> Result<(), DatasetError> {
    let patients = read_patients(data)?;
    let mut rng = StdRng::seed_from_u64(seed);
    let file = if leaky {
        let mut slices: Vec<(String, u32)> = patients
            .iter()
            .flat_map(|patient| patient.slices.iter().map(|slice| (patient.name.clone(), slice.number)))
            .collect();
        let mut leaky_validation = BTreeMap::<String, Vec<u32>>::new();
        for (name, number) in drawn(&mut slices, share, &mut rng) {
            leaky_validation.entry(name).or_default().push(number);
        }
        leaky_validation.values_mut().for_each(|numbers| numbers.sort_unstable());
        SplitFile::Slices { leaky_validation }
    } else {
        let mut names: Vec<String> = patients.into_iter().map(|patient| patient.name).collect();
        let mut validation = drawn(&mut names, share, &mut rng);
        validation.sort();
        SplitFile::Patients { validation }
    };
    let text = serde_json::to_string_pretty(&file).expect("names and numbers can be written") + "\n";
    fs::write(output, text).map_err(|error| DatasetError::Unwritable(output.into(), error))
}

/// A random `share` of the items.
fn drawn<T>(items: &mut Vec<T>, share: f64, rng: &mut StdRng) -> Vec<T> {
    items.shuffle(rng);
    items.split_off(items.len() - (items.len() as f64 * share.clamp(0.0, 1.0)).round() as usize)
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
mod tests {
    use image::{GrayImage, Luma, RgbImage};
    use tempfile::TempDir;

    use super::*;

    /// A data set of two patients with four slices each, in a folder of its own.
    fn folder() -> TempDir {
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

    #[test]
    fn a_drawn_split_divides_by_patient_and_is_the_same_for_a_seed() {
        let folder = folder();
        let data = folder.path();
        let [first, second] = ["first.json", "second.json"].map(|name| data.join(name));
        write_split(data, &first, 0.5, 7, false).unwrap();
        write_split(data, &second, 0.5, 7, false).unwrap();
        assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
        let split = read_split(data, &first).unwrap();
        assert_eq!((split.training.len(), split.validation.len(), split.leaky), (1, 1, false));
        assert_ne!(split.training[0].name, split.validation[0].name);
    }

    #[test]
    fn a_leaky_split_says_so_and_shares_no_slice() {
        let folder = folder();
        let data = folder.path();
        let file = data.join("leaky.json");
        write_split(data, &file, 0.25, 7, true).unwrap();
        let split = read_split(data, &file).unwrap();
        assert!(split.leaky);
        let count = |patients: &[Patient]| patients.iter().map(|patient| patient.slices.len()).sum::<usize>();
        assert_eq!((count(&split.training), count(&split.validation)), (6, 2));
        for (training, validation) in split.training.iter().zip(&split.validation) {
            assert_eq!(training.name, validation.name);
            assert!(training.slices.iter().all(|a| validation.slices.iter().all(|b| a.number != b.number)));
        }
    }

    #[test]
    fn a_split_of_another_data_set_is_refused() {
        let folder = folder();
        let data = folder.path();
        let file = data.join("split.json");
        fs::write(&file, r#"{"validation": ["TCGA_C"]}"#).unwrap();
        assert!(matches!(read_split(data, &file), Err(DatasetError::UnknownPatient(_, name)) if name == "TCGA_C"));
        fs::write(&file, "{}").unwrap();
        assert!(matches!(read_split(data, &file), Err(DatasetError::MalformedSplit(..))));
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

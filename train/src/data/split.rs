//! A file into patients to fit to, to tune on and to report on.
//!
//! Slices of one patient are neighbours and look alike: patients are split, never slices.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::data::error::DatasetError;
use crate::data::lgg::read_patients;
use crate::data::patient::Patient;

/// Draws the tuning patients where the split file names none: the same for every recipe, so that one fit can start from
/// another's weights.
const TUNING_SEED: u64 = 1;

/// Patients to fit to and patients to report on.
pub struct Split {
    /// Fitted to, or held back to tune on.
    pub training: Vec<Patient>,
    /// Only reported on.
    pub validation: Vec<Patient>,
    /// Whether slices of one patient lie on both sides.
    pub leaky: bool,
    /// Names of the training patients that the file sets aside for tuning, if it does.
    named: Vec<String>,
}

/// Training patients held back to watch a fit and to choose thresholds on.
pub struct Tuning {
    /// Who.
    pub patients: Vec<Patient>,
    /// Seed by which they were drawn; nothing where the split file names them, or where there are none.
    pub seed: Option<u64>,
}

impl Split {
    /// Takes the tuning patients out of the training patients: those that the file names, else `count` drawn ones. A fit
    /// that asks for none is fitted to all, whomever the file names.
    pub fn hold_back(&mut self, count: usize) -> Tuning {
        self.training.shuffle(&mut StdRng::seed_from_u64(TUNING_SEED));
        if count == 0 {
            return Tuning { patients: Vec::new(), seed: None };
        }
        if self.named.is_empty() {
            let patients = self.training.split_off(self.training.len().saturating_sub(count));
            return Tuning { patients, seed: Some(TUNING_SEED) };
        }
        let training = std::mem::take(&mut self.training);
        let (patients, training) = training.into_iter().partition(|patient| self.named.contains(&patient.name));
        self.training = training;
        Tuning { patients, seed: None }
    }
}

/// What a split file says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum SplitFile {
    /// By patient: the names of those to report on, and perhaps of those to tune on.
    Patients {
        validation: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tuning: Vec<String>,
    },
    /// By slice, and so leaky: numbers of the slices to report on, by patient.
    Slices { leaky_validation: BTreeMap<String, Vec<u32>> },
}

/// The patients below `data`, divided by the file `split`: `{"validation": ["<patient>", …]}`, with
/// `"tuning": ["<patient>", …]` beside it or without, or what [`write_split`] writes.
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
        SplitFile::Patients { validation, tuning } => validation.iter().chain(tuning).collect(),
        SplitFile::Slices { leaky_validation } => leaky_validation.keys().collect(),
    };
    if let Some(missing) = names.into_iter().find(|name| patients.iter().all(|patient| patient.name != **name)) {
        return Err(DatasetError::UnknownPatient(split.into(), missing.clone()));
    }
    Ok(match file {
        SplitFile::Patients { validation, tuning } => {
            if let Some(both) = tuning.iter().find(|name| validation.contains(name)) {
                return Err(DatasetError::TunedAndValidated(split.into(), both.clone()));
            }
            let (validation, training) = patients.into_iter().partition(|patient| validation.contains(&patient.name));
            Split { training, validation, leaky: false, named: tuning }
        }
        SplitFile::Slices { leaky_validation } => {
            let (training, validation) =
                patients.into_iter().map(|patient| by_slice(patient, &leaky_validation)).unzip();
            Split { training, validation, leaky: true, named: Vec::new() }
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
        SplitFile::Patients { validation, tuning: Vec::new() }
    };
    let text = serde_json::to_string_pretty(&file).expect("names and numbers can be written") + "\n";
    fs::write(output, text).map_err(|error| DatasetError::Unwritable(output.into(), error))
}

/// A random `share` of the items.
fn drawn<T>(items: &mut Vec<T>, share: f64, rng: &mut StdRng) -> Vec<T> {
    items.shuffle(rng);
    items.split_off(items.len() - (items.len() as f64 * share.clamp(0.0, 1.0)).round() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::lgg::tests::folder;

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

    #[test]
    fn tuning_patients_are_those_that_the_file_names_else_drawn() {
        let folder = folder();
        let data = folder.path();
        let file = data.join("split.json");
        let held_back = |text: &str, count: usize| {
            fs::write(&file, text).unwrap();
            let mut split = read_split(data, &file).unwrap();
            let Tuning { patients, seed } = split.hold_back(count);
            let names = |patients: &[Patient]| patients.iter().map(|patient| patient.name.clone()).collect::<Vec<_>>();
            (names(&patients), names(&split.training), seed)
        };
        for name in ["TCGA_A", "TCGA_B"] {
            let named = format!(r#"{{"validation": [], "tuning": ["{name}"]}}"#);
            let (tuning, training, seed) = held_back(&named, 2);
            assert!(tuning == [name] && !training.contains(&name.to_owned()) && seed.is_none(), "{tuning:?}");
            assert_eq!(held_back(&named, 0).1.len(), 2, "a fit to all is fitted to them too");
        }
        let drawn = held_back(r#"{"validation": []}"#, 1);
        assert_eq!((drawn.0.len(), drawn.1.len(), drawn.2), (1, 1, Some(TUNING_SEED)));
        assert_eq!(held_back(r#"{"validation": []}"#, 1), drawn);
        fs::write(&file, r#"{"validation": ["TCGA_A"], "tuning": ["TCGA_A"]}"#).unwrap();
        assert!(matches!(read_split(data, &file), Err(DatasetError::TunedAndValidated(_, name)) if name == "TCGA_A"));
    }
}

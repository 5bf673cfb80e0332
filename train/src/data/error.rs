//! Why a folder is no data set, or a file no split.

use std::io;
use std::path::PathBuf;

use imaging::DecodeError;
use thiserror::Error;

/// What ends the name of a label file, before the extension.
pub const LABEL_SUFFIX: &str = "_mask";

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
    /// The split tunes on a patient that it reports on.
    #[error(
        "{0} names the patient {1} under `tuning` and under `validation`: figures on whom thresholds were chosen mean nothing"
    )]
    TunedAndValidated(PathBuf, String),
}

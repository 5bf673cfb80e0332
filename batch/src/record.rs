//! What is known of a source and its studies once it was read: kept beside the masks, so that a run goes on where one stopped.

use serde::{Deserialize, Serialize};

/// What became of a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It has a mask.
    Done,
    /// It could be read, and is nothing to segment.
    Refused,
    /// It could not be read, segmented or written.
    #[default]
    Failed,
}

impl Status {
    /// What the table says.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A study's row of the table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// Its name, which its files begin with.
    pub study: String,
    /// Where its files lie.
    pub source: String,
    /// Its number among the studies of its source, from 1.
    pub part: usize,
    /// When the images were made.
    pub date: Option<String>,
    /// Names of the series that stand for pre-contrast, FLAIR and post-contrast.
    pub series: [Option<String>; 3],
    /// Columns, rows and slices.
    pub size: Option<[usize; 3]>,
    /// Their distances.
    pub spacing_mm: Option<[f64; 3]>,
    /// Marked voxels.
    pub voxels: Option<usize>,
    /// Their volume.
    pub volume_ml: Option<f64>,
    /// Slices with marks.
    pub slices_marked: Option<usize>,
    /// Longest diameter, longest perpendicular one, and their product, on the slice where that is largest.
    pub diameters: Option<[f64; 3]>,
    /// That slice, from 1.
    pub diameters_slice: Option<usize>,
    /// Highest probability of a slice that there is tumour at all.
    pub presence: Option<f32>,
    /// Probability from which a pixel is tumour.
    pub threshold: f32,
    /// Name of the model.
    pub model: String,
    /// Time from its first slice to its files.
    pub seconds: Option<f64>,
    /// What became of it.
    pub status: Status,
    /// Why it has no mask.
    pub problem: String,
    /// What was noted on the way.
    pub remarks: Vec<String>,
    /// Paths of its files below the output folder.
    pub files: Vec<String>,
}

/// A file that was written, or is about to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its path below the output folder.
    pub path: String,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// Everything about one source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Distinguishes the files that it was made of.
    pub inputs: String,
    /// Distinguishes the model and what else masks depend on.
    pub settings: String,
    /// How many studies are in it.
    pub studies: usize,
    /// Those that are done with.
    pub rows: Vec<Row>,
    /// Files of these, and of the one that is being written.
    pub files: Vec<Kept>,
    /// Files of an earlier run that may be replaced.
    pub earlier: Vec<Kept>,
    /// Whether patient data is left out of all of it.
    pub without_patient: bool,
}

impl Record {
    /// Whether all of it has masks that were made of these inputs with these settings.
    pub fn is_whole(&self, inputs: &str, settings: &str) -> bool {
        self.inputs == inputs
            && self.settings == settings
            && self.studies == self.rows.len()
            && self.rows.iter().all(|row| row.status == Status::Done)
    }

    /// All files that this program wrote for it.
    pub fn own(&self) -> impl Iterator<Item = &Kept> {
        self.files.iter().chain(&self.earlier)
    }
}

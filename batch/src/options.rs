//! What is asked of a run, from the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread::available_parallelism;

use clap::{Args, ValueEnum};

/// What is asked of a run.
#[derive(Args)]
pub struct Options {
    /// Folders, zip or tar archives and files: DICOM, NIfTI and the other formats of volumes, or a BIDS data set.
    #[arg(required = true)]
    pub inputs: Vec<PathBuf>,
    /// Where masks and studies.csv go; of a BIDS data set, the derived data set.
    #[arg(long)]
    pub out: PathBuf,
    /// Folder of the model.
    #[arg(long, default_value = "public/models/lgg-resunetpp")]
    pub model: PathBuf,
    /// Slices that are computed at the same time; all cores unless given.
    #[arg(long)]
    pub jobs: Option<NonZeroUsize>,
    /// Which files to write of each mask.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "nifti")]
    pub write: Vec<Written>,
    /// Probability from which a pixel is tumour, in place of the model's own.
    #[arg(long, value_parser = probability)]
    pub threshold: Option<f32>,
    /// Also segment studies without FLAIR, and what does not look like axial slices of a head.
    #[arg(long)]
    pub anyway: bool,
    /// Write nothing that tells whose a study is: DICOM files by the basic profile of PS3.15, files called study-1, study-2 and
    /// so on, and a table without names, dates and paths. The run itself says which study is which.
    #[arg(long)]
    pub without_patient_data: bool,
}

/// A kind of file for a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Written {
    /// A label map on the grid of FLAIR's file.
    Nifti,
    /// A DICOM segmentation (SEG, BINARY) with references to the images; of DICOM studies.
    Seg,
    /// A DICOM structured report (TID 1500) of its measures, and the segmentation that it refers to; of DICOM studies.
    Report,
}

impl Options {
    /// Threads that compute.
    pub fn jobs(&self) -> usize {
        self.jobs.or_else(|| available_parallelism().ok()).map_or(1, NonZeroUsize::get)
    }
}

fn probability(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "a probability is a number from 0 to 1".into())
}

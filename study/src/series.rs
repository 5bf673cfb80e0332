//! A volume, where it comes from, and what may be odd about it.

use thiserror::Error;

use crate::dicom::{PatientData, Reference};
use crate::volume::Volume;

/// A gap of so many usual steps has lost a slice.
const MISSING: f64 = 1.5;

/// Where a volume comes from, for files derived from it.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A DICOM series: SOP Class, and SOP Instance with frame of each slice.
    Dicom {
        /// Study, series and patient.
        reference: Box<Reference>,
        /// SOP Class UID of the images.
        sop_class: String,
        /// SOP Instance UID of each slice, and its frame, from 1, in a file with several.
        slices: Vec<(String, Option<usize>)>,
    },
    /// A file without references.
    File,
}

/// A volume and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Description of the series or name of the file.
    pub name: String,
    /// The intensities.
    pub volume: Volume,
    /// Whether low values are bright.
    pub inverted: bool,
    /// Centre and width of the window that the file asks for.
    pub window: Option<[f64; 2]>,
    /// Where it comes from.
    pub origin: Origin,
    /// Who was examined; never shown unasked.
    pub patient: PatientData,
}

/// Something odd about a series, which is opened all the same.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SeriesWarning {
    /// One series, several stacks.
    #[error("its images differ in size, direction or spacing; they were sorted into {0} volumes, the largest first")]
    Mixed(usize),
    /// Single images and small stacks in a series of which another stack is the volume.
    #[error("{} of its images look like localisers, since they are few and lie in another direction or grid than the \
             others; they were not used ({})", .0.len(), .0.join(", "))]
    Localisers(Vec<String>),
    /// Files that were dropped twice.
    #[error("{}", some(
        *count, first,
        "holds a slice that another file holds too; it was not used",
        "files hold a slice that another file holds too; the first of each was used",
    ))]
    Doubled {
        /// How many.
        count: usize,
        /// Name of the first file.
        first: String,
    },
    /// Images without a depth: times or repetitions of one place.
    #[error(
        "all of its {0} images show one place; they are shown in the order of their numbers, measures are in pixels, and \
             reformats mean nothing"
    )]
    OnePlace(usize),
    /// Images that turn around an axis.
    #[error(
        "each of its {0} images has a direction of its own; they are shown in the order of their numbers, measures are \
             in pixels, and reformats mean nothing"
    )]
    Turning(usize),
    /// Several images at every place.
    #[error("it holds {0} images of every place (echoes, times or repetitions); they were sorted into {0} volumes")]
    Repeated(usize),
    /// Images without a place among others that have one.
    #[error("{}", some(
        *count, first,
        "does not say where its slice lies; it was not used",
        "images do not say where they lie; they were not used",
    ))]
    Lost {
        /// How many.
        count: usize,
        /// Name of the first file.
        first: String,
    },
    /// Several images at some places.
    #[error("{}", some(
        *count, first,
        "shows the place of another slice; it was not used",
        "images show the place of another slice; the first of each was used",
    ))]
    Duplicates {
        /// How many.
        count: usize,
        /// Name of the first file.
        first: String,
    },
    /// A slice is missing, or slices are unevenly spaced.
    #[error(
        "between {after} and {before} lie {gap_mm:.1} mm where {step_mm:.1} mm are usual; {}, so volumes and reformats \
         are only approximate",
        if self.lacks_slices() { "slices are missing there" } else { "its slices are unevenly spaced" }
    )]
    Gap {
        /// File before the gap.
        after: String,
        /// File behind it.
        before: String,
        /// Its width.
        gap_mm: f64,
        /// The usual step.
        step_mm: f64,
    },
    /// The files do not say where in the patient they are.
    #[error("its files do not say where in the patient they lie; sides are unknown and slices are in the files' order")]
    NoPlace,
    /// The files do not say how large a pixel is.
    #[error("its files name no usable pixel spacing; measures are in pixels")]
    NoSpacing,
    /// The two forms of a NIfTI header contradict each other.
    #[error(
        "its header says twice where it lies, and the two differ by up to {apart_mm:.1} mm{}; the first of them (sform) was \
         used, as NIfTI demands",
        if *mirrored { " and exchange left and right" } else { "" }
    )]
    FormsDisagree {
        /// How far apart the two put a corner of the volume.
        apart_mm: f64,
        /// Whether one is the mirror image of the other.
        mirrored: bool,
    },
    /// The matrix of a NIfTI header is of no use.
    #[error(
        "the matrix in its header that says where it lies (sform) is unusable; the rotation beside it (qform) was used"
    )]
    SformUnusable,
    /// An Analyze file, which has no sides.
    #[error("it is an Analyze file, which does not say which side is left; sides are unknown")]
    AnalyzeSides,
    /// A file of more volumes than are opened.
    #[error("it holds {0} volumes, too many to open together; the first was opened, and any other opens by its number")]
    FirstOf(usize),
    /// Pages of a file that belong to no stack of its slices.
    #[error("{}", not_used(&[(*thumbnails, "thumbnail"), (*masks, "mask"), (*other_sizes, "of another size")]))]
    PagesLeftOut {
        /// Smaller versions of other pages.
        thumbnails: usize,
        /// Masks of other pages.
        masks: usize,
        /// Pages of another size or kind.
        other_sizes: usize,
    },
    /// Slices are missing, by the numbers in the names of pictures.
    #[error("{}; volumes and reformats are only approximate", missing_numbers(*count, first))]
    MissingNumbers {
        /// How many.
        count: u64,
        /// The first of them.
        first: Vec<u64>,
    },
    /// Numbers that are none.
    #[error("{0} of its values are not numbers; they are shown as the darkest")]
    NotFinite(usize),
    /// Numbers that are marks or mistakes.
    #[error("{0} of its values lie far beyond all others; they were limited to the range of the others")]
    Outliers(usize),
}

impl SeriesWarning {
    /// Whether it is of a gap so wide that slices are missing there.
    pub fn lacks_slices(&self) -> bool {
        matches!(self, Self::Gap { gap_mm, step_mm, .. } if *gap_mm > MISSING * step_mm)
    }
}

/// One file by its name, or how many and the first of them.
fn some(count: usize, first: &str, one: &str, several: &str) -> String {
    let Some((what, done)) = several.split_once(';').filter(|_| count > 1) else { return format!("{first} {one}") };
    format!("{count} {what} (the first is {first});{done}")
}

/// Pages that are left out, by reason.
fn not_used(reasons: &[(usize, &str)]) -> String {
    let plural = |count: usize, noun: &str| {
        let plural = if count == 1 || noun.starts_with("of") { "" } else { "s" };
        format!("{count} {noun}{plural}")
    };
    let all: usize = reasons.iter().map(|(count, _)| count).sum();
    let reasons = reasons.iter().filter(|(count, _)| *count > 0).map(|&(count, noun)| plural(count, noun));
    let pages = if all == 1 { "1 page of the file was".into() } else { format!("{all} pages of the file were") };
    format!("{pages} not used: {}", reasons.collect::<Vec<_>>().join(", "))
}

/// Numbers that are missing, the first of them one by one.
fn missing_numbers(count: u64, first: &[u64]) -> String {
    let numbers = first.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    match count {
        1 => format!("the slice with the number {numbers} is missing"),
        _ if count == first.len() as u64 => format!("the slices with the numbers {numbers} are missing"),
        _ => format!("{count} slices are missing by their numbers ({numbers} and more)"),
    }
}

//! What a worker answers.

use serde::{Deserialize, Serialize};

use crate::link::{Link, Motion};
use crate::note::{Problem, Remark};
use crate::payload::{Bytes, Marks, Numbers, SliceData, Surface};
use crate::session::SessionRecord;
use crate::to_worker::{ExportFormat, Point};
use crate::{FileId, Ready, RequestId, SeriesId, StartFailure, StudyId, Why};

/// Worker to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "B: Clone + 'static", deserialize = "B: 'static"))]
pub enum FromWorker<B> {
    /// The worker listens.
    Hello,
    /// Bytes of the model that have arrived.
    Loading {
        /// So many.
        loaded: usize,
        /// Of so many.
        total: usize,
    },
    /// The model has arrived, and the device is being tried.
    Probing,
    /// The model is on the device, which passed the self-test.
    Ready(Ready),
    /// The device is not used, or the model could not be loaded.
    Failed(StartFailure),
    /// A file is a slice.
    Opened {
        /// The file.
        file: FileId,
        /// What is in it.
        info: SliceInfo,
        /// Places in heads that the network does not look at.
        others: Vec<Point>,
        /// Grey levels of its three sequences, one plane after the other.
        planes: Numbers<u8, B>,
        /// What it marks, if it is a label.
        marks: Marks<B>,
    },
    /// The network looks at another part of a picture from now on.
    Framed {
        /// The picture.
        file: FileId,
        /// What it looks at.
        view: View,
    },
    /// A slice was found inside a file; `Opened` follows.
    Unpacked {
        /// Its new id.
        file: FileId,
        /// What it is called there.
        name: String,
    },
    /// A file is part of something, which is put together on `Settle`, or holds nothing more to answer.
    Kept {
        /// The file.
        file: FileId,
    },
    /// A file is no slice.
    Rejected {
        /// The file.
        file: FileId,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A study is put together, or put together anew.
    StudyOpened {
        /// What is known of it.
        info: Box<StudyInfo>,
        /// Stored numbers of each sequence that is there, slice by slice, row by row.
        stored: [Option<Numbers<u16, B>>; 3],
    },
    /// A study has other volumes to choose from.
    Choices {
        /// The study.
        study: StudyId,
        /// See [`StudyInfo::choices`].
        choices: Vec<(SeriesId, String)>,
        /// See [`StudyInfo::volumes`].
        volumes: usize,
    },
    /// A file marks voxels of a study.
    Marked {
        /// The study.
        study: StudyId,
        /// Name of the file.
        name: String,
        /// Whether this program wrote it, as a mask.
        own: bool,
        /// How many other open studies it fits.
        also_fits: usize,
        /// What it marks, slice by slice.
        marks: Marks<B>,
    },
    /// Pictures of one drop look like the slices of one volume.
    Stackable {
        /// The pictures, in order.
        files: Vec<FileId>,
        /// What their names have in common.
        name: String,
    },
    /// A file is written.
    Exported {
        /// The study.
        study: StudyId,
        /// Of which kind.
        format: ExportFormat,
        /// Its content.
        bytes: Bytes<B>,
    },
    /// Something was assumed or done differently than expected.
    Noted(Remark),
    /// Something was not done.
    Refused(Problem),
    /// A slice for another worker.
    HandedOut {
        /// The slice.
        file: FileId,
        /// Its content.
        slice: SliceData<B>,
    },
    /// A slice is segmented.
    Segmented {
        /// The question.
        request: RequestId,
        /// The slice.
        file: FileId,
        /// Probability that there is tumour at all.
        presence: f32,
        /// Probabilities on the slice's grid; none if the decoder did not run.
        probabilities: Option<Numbers<f32, B>>,
        /// How long it took.
        times: Times,
    },
    /// A slice could not be segmented.
    SegmentFailed {
        /// The question.
        request: RequestId,
        /// The slice.
        file: FileId,
        /// Why not.
        failure: SegmentFailure,
    },
    /// A session file is written.
    SessionPacked {
        /// Its content.
        bytes: Bytes<B>,
    },
    /// A file is a session. What else came with it has been put together before.
    Session {
        /// What the file is called.
        name: String,
        /// See [`ToWorker::PackSession`](crate::ToWorker::PackSession).
        session: Box<SessionRecord>,
        /// As `session`.
        maps: Bytes<B>,
    },
    /// The surfaces of a study.
    Surfaces {
        /// The study.
        study: StudyId,
        /// The study that they were laid onto, if one was named.
        onto: Option<StudyId>,
        /// From voxels of the slices of that, else of its own, to the surfaces' millimetres: the rows of a 3 × 4 matrix.
        grid: [f64; 12],
        /// Around the mask; none where nothing is marked.
        tumor: Option<Surface<B>>,
        /// Around the head; none where none was found or wanted.
        head: Option<Surface<B>>,
    },
    /// The plane that a head is most symmetric about.
    Midline {
        /// The study.
        study: StudyId,
        /// Its normal and its distance from the first voxel's middle along that, in mm along the axes of the study's slices.
        plane: [f64; 4],
        /// How symmetric the head is: 1 of a mirror image, 0 of what has nothing in common.
        symmetry: f64,
    },
    /// Two studies are being registered.
    Linking {
        /// The study whose slices are on screen.
        fixed: StudyId,
        /// The other one.
        moving: StudyId,
        /// How much is done, 0..=1.
        share: f64,
    },
    /// It is known where the slices of a study lie in another.
    Linked {
        /// The study whose slices are on screen.
        fixed: StudyId,
        /// The other one.
        moving: StudyId,
        /// From the first to the other.
        link: Box<Link>,
        /// And back.
        back: Box<Link>,
    },
    /// Two studies could not be laid onto each other.
    NotLinked {
        /// The study whose slices are on screen.
        fixed: StudyId,
        /// The other one.
        moving: StudyId,
        /// Why not.
        why: Why,
    },
    /// A sequence is being registered to the FLAIR of its study.
    RegisteringSequence {
        /// The study.
        study: StudyId,
        /// The sequence: 0 pre-contrast, 2 post-contrast.
        sequence: usize,
        /// How much is done, 0..=1.
        share: f64,
    },
    /// It is known how a sequence lies on the FLAIR of its study; nothing is moved yet.
    SequenceRegistered {
        /// The study.
        study: StudyId,
        /// The sequence.
        sequence: usize,
        /// How it lies.
        motion: Box<Motion>,
    },
    /// A sequence could not be registered to the FLAIR of its study.
    SequenceNotRegistered {
        /// The study.
        study: StudyId,
        /// The sequence.
        sequence: usize,
        /// Why not.
        why: Why,
    },
}

/// Why a slice could not be segmented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SegmentFailure {
    /// The slice or the model is not there.
    NotLoaded,
    /// What the device said.
    Device(String),
}

/// What is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SliceInfo {
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
    /// Whether there is one sequence only, used for all three.
    pub single_sequence: bool,
    /// Whether the image has just two grey levels, as a label has.
    pub binary: bool,
    /// Distinguishes its intensities from those of other slices, the same for the same file.
    pub digest: u64,
    /// What of it the network looks at.
    pub view: View,
    /// Time to decode, in microseconds.
    pub decode_us: u32,
}

/// What of a slice the network looks at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The part, where that is not all.
    pub part: Option<Region>,
    /// How large everything about a click is on it, as a multiple of what it is on a slice of 256 × 256.
    pub click_scale: f32,
    /// Whether it looks like an axial slice of a head, which the network was made for.
    pub axial_head: bool,
}

/// A part of a slice, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Its first column.
    pub left: usize,
    /// Its first row.
    pub top: usize,
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
}

/// A stack of slices of one grid, columns to the patient's left, rows to the back, slices to the head as far as known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyInfo {
    /// The study.
    pub study: StudyId,
    /// Id of its first slice; the others follow.
    pub first: FileId,
    /// What it is called; no other open study is called so.
    pub name: String,
    /// Columns, rows and slices.
    pub size: [usize; 3],
    /// Their distances in mm, if known.
    pub spacing_mm: Option<[f64; 3]>,
    /// Volume of a voxel in mm³, if known.
    pub voxel_mm3: Option<f64>,
    /// Whether it is known which side is which.
    pub placed: bool,
    /// Whether it comes from DICOM files, which a segmentation can refer to.
    pub dicom: bool,
    /// Pre-contrast, FLAIR and post-contrast, as far as they are there.
    pub sequences: [Option<SequenceInfo>; 3],
    /// Whether nothing named the FLAIR sequence, so that it was guessed.
    pub guessed: bool,
    /// Whether the volume in FLAIR's place says by its name that it is something else: it is there to be looked at.
    pub stands_in: bool,
    /// Whether most of its slices look like axial slices of a head.
    pub axial_head: bool,
    /// Volumes that can be taken for a sequence, at most as many as a menu has room for; each named differently.
    pub choices: Vec<(SeriesId, String)>,
    /// How many volumes there are; where that is more than `choices`, they can be taken by number.
    pub volumes: usize,
    /// Who was examined; never shown unasked.
    pub patient: Vec<(String, String)>,
    /// Distinguishes its intensities from those of other studies, the same for the same files.
    pub digest: u64,
}

impl StudyInfo {
    /// How a sequence was laid onto FLAIR by what both show; none where headers alone say where it lies, or it is not there.
    ///
    /// # Panics
    ///
    /// If `sequence` is 3 or more.
    pub fn motion(&self, sequence: usize) -> Option<Motion> {
        self.sequences[sequence].as_ref()?.motion
    }
}

/// A sequence of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequenceInfo {
    /// The volume that it is.
    pub series: SeriesId,
    /// Intensity of a stored number: `intercept + slope · stored`.
    pub slope: f64,
    /// See `slope`.
    pub intercept: f64,
    /// Stored numbers that are black and white at first.
    pub window: (f64, f64),
    /// Smallest and largest stored number.
    pub range: (u16, u16),
    /// Whether it was computed anew on the grid of FLAIR.
    pub resampled: bool,
    /// How it was laid onto FLAIR by what both show; none where headers alone say where it lies.
    pub motion: Option<Motion>,
}

/// How long each stage of a segmentation took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Standardising and resampling.
    pub normalize_ms: f64,
    /// The network.
    pub forward_ms: f64,
    /// Of it, the way down to the presence probability.
    pub encode_ms: f64,
}

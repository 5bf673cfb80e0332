//! What page and worker say to each other.
//!
//! A message is an array: this crate's enum as JSON, then the buffers that the variant names, transferred and not
//! copied. The page says nothing before [`FromWorker::Hello`]; every request has an id; an answer to a request that was
//! superseded or cancelled never comes.
//!
//! A worker has one device. The first one reads files too; another, with another device, is lent what it is asked about.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names one file that the page handed over; never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// First id that the worker gives away itself, to slices that it finds inside the page's files.
pub const FIRST_FOUND: u32 = 1 << 31;

/// Names one study; the worker counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StudyId(pub u32);

/// Names one volume that can be a sequence of a study; the worker counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesId(pub u32);

/// Names one question to the network; the page counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u32);

/// Page to worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Put a model on the worker's device. Answered by exactly one of [`FromWorker::Ready`] and [`FromWorker::Failed`].
    Start {
        /// Folder of the model, relative to the page.
        model: String,
        /// Time for a slice in milliseconds that the device has to keep to; none where it takes what it takes.
        limit_ms: Option<f64>,
    },
    /// Read a file. One buffer: its bytes. Answered by exactly one of [`FromWorker::Opened`], [`FromWorker::Kept`] and
    /// [`FromWorker::Rejected`].
    Open {
        /// Name under which the slice is kept.
        file: FileId,
        /// What the file is called.
        name: String,
    },
    /// All files that were handed over together have been sent: put the studies together.
    Settle,
    /// Take other volumes for the sequences of a study. Answered by [`FromWorker::StudyOpened`] or
    /// [`FromWorker::Noted`].
    Compose {
        /// The study.
        study: StudyId,
        /// Pre-contrast, FLAIR and post-contrast; a missing FLAIR changes nothing.
        series: [Option<SeriesId>; 3],
    },
    /// Forget a study.
    CloseStudy {
        /// The study.
        study: StudyId,
    },
    /// Write a file of a study's mask. One buffer: the mask, one byte a voxel, 0 or 1, slice by slice. Answered by
    /// [`FromWorker::Exported`] or [`FromWorker::Noted`].
    Export {
        /// The study.
        study: StudyId,
        /// Of which kind.
        format: ExportFormat,
        /// Whether a person corrected the mask.
        corrected: bool,
        /// Probability from which a pixel is tumour, where it is the same in all slices.
        threshold: Option<f32>,
        /// The date and time to write into it, as `YYYYMMDD` and `HHMMSS`.
        now: [String; 2],
        /// What the model is called that drew the mask.
        model: String,
    },
    /// Hand out a slice for another worker. Answered by [`FromWorker::Lent`]; not at all if the slice is not open.
    Borrow {
        /// The slice.
        file: FileId,
    },
    /// Take a slice of another worker in place of the one before. Two buffers: those of [`FromWorker::Lent`].
    Lend {
        /// The slice.
        file: FileId,
        /// Pixels along a row.
        width: usize,
        /// Pixels along a column.
        height: usize,
    },
    /// Segment a slice that was opened or lent. Supersedes whatever is being segmented.
    Segment {
        /// Id of the answer.
        request: RequestId,
        /// The slice.
        file: FileId,
        /// When to run the decoder.
        gate: Gate,
    },
    /// Segment a slice again by what a person said of it, the decoder always run. Supersedes as above. One buffer: the
    /// mask that the clicks correct, one byte a pixel, 0 or 1; empty if there is none.
    Refine {
        /// Id of the answer, which is [`FromWorker::Segmented`] or [`FromWorker::SegmentFailed`].
        request: RequestId,
        /// The slice.
        file: FileId,
        /// All clicks, the newest last.
        clicks: Vec<Click>,
        /// So many of the newest clicks are to be answered, and only around them; with zero the whole slice is. The
        /// answer need not mean anything elsewhere.
        fresh: usize,
    },
    /// Look at another head of a picture. Answered by [`FromWorker::Framed`], or by [`FromWorker::Noted`] where there is none.
    LookAt {
        /// The picture.
        file: FileId,
        /// Column and row of it.
        at: (f32, f32),
    },
    /// Stop segmenting.
    Cancel,
    /// Forget a slice.
    Close {
        /// The slice.
        file: FileId,
    },
}

/// A kind of file for a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFormat {
    /// A NIfTI label map on the grid of the study's file.
    Nifti,
    /// A DICOM segmentation with references to the study's images.
    DicomSeg,
}

/// A click on a slice.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Click {
    /// Column of the slice; whole numbers are the middles of pixels.
    pub x: f32,
    /// Row, likewise.
    pub y: f32,
    /// Whether there is tumour here.
    pub tumor: bool,
}

/// When the decoder runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gate {
    /// Only on slices that the presence head does not call empty.
    Presence,
    /// On every slice.
    Always,
}

/// Worker to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
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
    /// A file is a slice. Two buffers: three planes of `u8` intensities for display, and a mask of 0 and 1.
    Opened {
        /// The file.
        file: FileId,
        /// What is in it.
        info: SliceInfo,
        /// Places in heads that the network does not look at, in pixels.
        others: Vec<(f32, f32)>,
    },
    /// The network looks at another part of a picture from now on.
    Framed {
        /// The picture.
        file: FileId,
        /// What it looks at.
        view: View,
    },
    /// A slice was found inside a file; [`FromWorker::Opened`] follows.
    Found {
        /// Its new id.
        file: FileId,
        /// What it is called there.
        name: String,
    },
    /// A file is part of something, which is put together on [`ToWorker::Settle`], or holds nothing more to answer.
    Kept {
        /// The file.
        file: FileId,
    },
    /// A study is put together, or put together anew. Up to three buffers, as many as sequences are there: numbers of 16
    /// bit in little endian, slice by slice, row by row.
    StudyOpened(Box<StudyInfo>),
    /// A file marks voxels of a study. One buffer: one byte a voxel, 0 or 1, slice by slice.
    Marked {
        /// The study.
        study: StudyId,
        /// Name of the file.
        name: String,
        /// Whether this program wrote it, as a mask.
        own: bool,
    },
    /// A file is written. One buffer: its bytes.
    Exported {
        /// The study.
        study: StudyId,
        /// Of which kind.
        format: ExportFormat,
    },
    /// Something that a person should know of what was dropped or asked for, as a sentence.
    Noted {
        /// The sentence.
        text: String,
        /// Whether something was not done because of it.
        failed: bool,
    },
    /// A slice for another worker. Two buffers: `f32` intensities, one plane or three; and of a slice in a volume the
    /// volume's statistics as `f64`, else nothing.
    Lent {
        /// The slice.
        file: FileId,
        /// Pixels along a row.
        width: usize,
        /// Pixels along a column.
        height: usize,
    },
    /// A file is no slice.
    Rejected {
        /// The file.
        file: FileId,
        /// What is wrong with it, as a sentence without its name.
        why: String,
    },
    /// A slice is segmented. One buffer: `f32` probabilities on the slice's grid; empty if the decoder did not run.
    Segmented {
        /// The question.
        request: RequestId,
        /// The slice.
        file: FileId,
        /// Probability that there is tumour at all.
        presence: f32,
        /// Whether the decoder ran.
        decoded: bool,
        /// How long it took.
        times: Times,
    },
    /// A slice could not be segmented.
    SegmentFailed {
        /// The question.
        request: RequestId,
        /// The slice.
        file: FileId,
        /// What the device said.
        why: String,
    },
}

/// A kind of device that the network can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKind {
    /// The browser's graphics interface.
    WebGpu,
    /// WebAssembly on one processor core.
    Cpu,
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WebGpu => "WebGPU",
            Self::Cpu => "CPU",
        })
    }
}

/// Why a device is not used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    /// The browser or the machine has none.
    Absent(String),
    /// It gave a wrong answer, or none, to the known question.
    SelfTest(String),
    /// It does not keep to the time that it was given.
    Slow {
        /// What it takes for a slice of the model's size at least, in milliseconds.
        own_ms: f64,
        /// What it was given, in milliseconds.
        limit_ms: f64,
    },
}

/// Why a model is not on a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StartFailure {
    /// A file of the model did not arrive.
    Download {
        /// Its address.
        url: String,
        /// What happened.
        why: String,
    },
    /// The files of the model do not fit each other or this version.
    Model(String),
    /// The device is refused.
    Device(Refusal),
}

/// A model on a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The device.
    pub device: DeviceKind,
    /// What the device calls itself.
    pub adapter: String,
    /// What the model is called.
    pub model: String,
    /// Folder of the model, relative to the page.
    pub folder: String,
    /// Probability from which a pixel is tumour.
    pub threshold: f32,
    /// Probability below which a slice counts as empty.
    pub presence_threshold: f32,
    /// Mean volume Dice on patients the model never saw, if measured.
    pub mean_volume_dice: Option<f64>,
    /// The same with FLAIR in place of pre-contrast, of post-contrast and of both, if measured.
    pub mean_volume_dice_without: Option<[f64; 3]>,
    /// Largest difference of a logit in the self-test.
    pub self_test_difference: f32,
    /// What the CPU takes for a slice of the model's size, in milliseconds; not measured of other devices.
    pub slice_ms: Option<f64>,
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
    /// Its left and upper edge, its width and its height in pixels of the slice, where that is not all.
    pub part: Option<[usize; 4]>,
    /// How large everything about a click is on it, as a multiple of what it is on a slice of 256 × 256.
    pub click_scale: f32,
}

/// A stack of slices of one grid, columns to the patient's left, rows to the back, slices to the head as far as known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyInfo {
    /// The study.
    pub study: StudyId,
    /// Id of its first slice; the others follow.
    pub first: FileId,
    /// What it is called.
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
    /// Volumes that can be taken for a sequence.
    pub choices: Vec<(SeriesId, String)>,
    /// Who was examined; never shown unasked.
    pub patient: Vec<(String, String)>,
    /// Distinguishes its intensities from those of other studies, the same for the same files.
    pub digest: u64,
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

/// The JSON of a message.
///
/// # Panics
///
/// Never: no message holds anything that JSON cannot.
pub fn to_json<T: Serialize>(message: &T) -> String {
    serde_json::to_string(message).expect("messages are plain enums of numbers and strings")
}

/// The message in `json`.
///
/// # Errors
///
/// If page and worker are of different versions.
pub fn from_json<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, serde_json::Error> {
    serde_json::from_str(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_journey() {
        let message = FromWorker::Segmented {
            request: RequestId(7),
            file: FileId(3),
            presence: 0.25,
            decoded: true,
            times: Times { normalize_ms: 1.5, forward_ms: 400.0, encode_ms: 100.0 },
        };
        assert_eq!(from_json::<FromWorker>(&to_json(&message)).unwrap(), message);
        let clicks = vec![Click { x: 3.0, y: 200.0, tumor: false }];
        let message = ToWorker::Refine { request: RequestId(8), file: FileId(3), clicks, fresh: 1 };
        assert_eq!(from_json::<ToWorker>(&to_json(&message)).unwrap(), message);
        let message = ToWorker::Start { model: "models/x".into(), limit_ms: Some(230.5) };
        assert_eq!(from_json::<ToWorker>(&to_json(&message)).unwrap(), message);
    }
}

//! What the page asks of a worker.

use serde::{Deserialize, Serialize};

use crate::link::Motion;
use crate::payload::{Bytes, Marks, Numbers, SliceData};
use crate::session::SessionRecord;
use crate::{FileId, RequestId, SeriesId, StudyId};

/// Page to worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "B: Clone + 'static", deserialize = "B: 'static"))]
pub enum ToWorker<B> {
    /// Put a model on the worker's device. Answered by exactly one of `Ready` and `Failed`.
    Start {
        /// Folder of the model, relative to the page.
        model: String,
        /// Time for a slice in milliseconds that the device has to keep to; none where it takes what it takes.
        limit_ms: Option<f64>,
    },
    /// Read a file. Answered by exactly one of `Opened`, `Kept` and `Rejected`.
    Open {
        /// Name under which the slice is kept.
        file: FileId,
        /// What the file is called.
        name: String,
        /// Its content.
        bytes: Bytes<B>,
    },
    /// All files that were handed over together have been sent: put the studies together.
    Settle {
        /// The study on screen.
        on_screen: Option<StudyId>,
    },
    /// Take other volumes for the sequences of a study. Answered by `StudyOpened` or `Refused`.
    Compose {
        /// The study.
        study: StudyId,
        /// Pre-contrast, FLAIR and post-contrast; a missing FLAIR changes nothing.
        series: [Option<SeriesId>; 3],
    },
    /// Take a volume by its number for a sequence of a study, where there are too many for a menu. Answered as `Compose`.
    TakeVolume {
        /// The study.
        study: StudyId,
        /// Pre-contrast (0), FLAIR (1) or post-contrast (2).
        sequence: usize,
        /// The volume's number among all that came with the study, from 1.
        number: usize,
    },
    /// Make one volume of pictures. Answered by `StudyOpened` or `Refused`.
    Stack {
        /// The pictures, in order.
        files: Vec<FileId>,
        /// What the volume is called.
        name: String,
    },
    /// Forget a study.
    CloseStudy {
        /// The study.
        study: StudyId,
    },
    /// Write files of a study's mask. Answered by `Exported` or `Refused`.
    Export {
        /// The study.
        study: StudyId,
        /// What to write, of which kind.
        export: Export<B>,
        /// Whether to leave patient data out.
        deidentified: bool,
        /// Whether a person corrected the mask.
        corrected: bool,
        /// Probability from which a pixel is tumour, where it is the same in all slices.
        threshold: Option<f32>,
        /// The date and time to write into it, as `YYYYMMDD` and `HHMMSS`.
        now: [String; 2],
        /// What the model is called that drew the mask.
        model: String,
    },
    /// Hand out a slice for another worker. Answered by `HandedOut`; not at all if the slice is not open.
    HandOut {
        /// The slice.
        file: FileId,
    },
    /// Take a slice of another worker in place of the one before.
    Take {
        /// The slice.
        file: FileId,
        /// Its content.
        slice: SliceData<B>,
    },
    /// Segment a slice that was opened or taken. Supersedes whatever is being segmented.
    Segment {
        /// Id of the answer.
        request: RequestId,
        /// The slice.
        file: FileId,
        /// When to run the decoder.
        gate: Gate,
    },
    /// Segment a slice again by what a person said of it, the decoder always run. Supersedes as above.
    Refine {
        /// Id of the answer, which is `Segmented` or `SegmentFailed`.
        request: RequestId,
        /// The slice.
        file: FileId,
        /// All prompts, the newest last.
        prompts: Vec<Prompt>,
        /// So many of the newest prompts are to be answered, and only around them; with zero the whole slice is. The
        /// answer need not mean anything elsewhere.
        fresh: usize,
        /// The mask that the prompts correct, if there is one.
        previous: Option<Marks<B>>,
    },
    /// Look at another head of a picture. Answered by `Framed`, or by `Noted` where there is none.
    LookAt {
        /// The picture.
        file: FileId,
        /// A place in that head.
        at: Point,
    },
    /// Stop segmenting.
    Cancel,
    /// Forget a slice.
    Close {
        /// The slice.
        file: FileId,
    },
    /// Write a session file. Answered by `SessionPacked` or `Refused`.
    PackSession {
        /// What was done.
        session: Box<SessionRecord>,
        /// The maps of probabilities that it counts, as 32-bit numbers, little endian.
        maps: Bytes<B>,
        /// Measures for other programs, as JSON.
        measures: Bytes<B>,
    },
    /// Draw the surfaces of a study's mask and of its head. Answered by `Surfaces` or `Refused`, or not at all if a study is closed.
    Surfaces {
        /// The study.
        study: StudyId,
        /// The mask, slice by slice.
        marks: Marks<B>,
        /// Whether the head is wanted, which stays as it is.
        head: bool,
        /// Another study, onto which they are to be laid.
        onto: Option<Onto>,
    },
    /// Find the plane that the head of a study is most symmetric about. Answered by `Midline`, or not at all where there is none.
    FindMidline {
        /// The study.
        study: StudyId,
    },
    /// Say where the slices of a study lie in another. Answered by `Linked` or, if they are to be registered, by `Linking` again
    /// and again and then by `Linked` or `NotLinked`. A newer such message takes its place.
    Link {
        /// The study whose slices are on screen.
        fixed: StudyId,
        /// The other one.
        moving: StudyId,
        /// Whether what they show is to be laid onto each other.
        register: bool,
    },
    /// Register a sequence to the FLAIR of its study. Answered by `RegisteringSequence` again and again and then by
    /// `SequenceRegistered` or `SequenceNotRegistered`; not at all if it is not there. As `Link`, which takes its place and whose
    /// place it takes.
    RegisterSequence {
        /// The study.
        study: StudyId,
        /// The sequence: 0 pre-contrast, 2 post-contrast.
        sequence: usize,
    },
    /// Show a sequence where a registration says that it lies, or where headers say it. Ends a registration that is on its way.
    /// Answered by `StudyOpened`, or by `Refused`.
    PlaceSequence {
        /// The study.
        study: StudyId,
        /// The sequence.
        sequence: usize,
        /// How it lies on FLAIR; none for headers.
        motion: Option<Box<Motion>>,
    },
}

/// What is written of a mask; masks and probabilities slice by slice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "B: Clone + 'static", deserialize = "B: 'static"))]
pub enum Export<B> {
    /// A NIfTI label map on the grid of the study's file.
    Nifti(Marks<B>),
    /// A DICOM segmentation with references to the study's images.
    DicomSeg(Marks<B>),
    /// The same with a segment's number for each pixel.
    DicomLabelMap(Marks<B>),
    /// The same with probabilities, 255 being one.
    DicomProbabilities(Numbers<u8, B>),
    /// A DICOM segmentation, and a structured report of what was measured on it.
    DicomReport {
        /// The mask.
        marks: Marks<B>,
        /// What was measured.
        figures: Figures,
    },
    /// The mask's surface.
    Surface {
        /// The mask.
        marks: Marks<B>,
        /// The kind of file.
        format: SurfaceFormat,
    },
    /// A picture with references to the study's images.
    DicomPicture {
        /// Pixels along a row and along a column.
        size: [u16; 2],
        /// Red, green, blue and opacity of each pixel.
        rgba: Numbers<u8, B>,
        /// Whether it says what the study is called.
        named: bool,
    },
}

/// What was measured on a mask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Marked volume.
    pub volume_ml: f64,
    /// The slice with the largest marked area, from 0, and that.
    pub area_mm2: Option<(usize, f64)>,
    /// The slice with the largest product of diameters, from 0, and the longest and the one across.
    pub axes_mm: Option<(usize, [f64; 2])>,
    /// The side of the head that the mask is on, where that is known.
    pub laterality: Option<Laterality>,
    /// Whether every slice has an answer.
    pub is_complete: bool,
    /// What changed since the study before, where there is one.
    pub since: Option<Box<Since>>,
}

/// A side of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Laterality {
    /// The left.
    Left,
    /// The right.
    Right,
    /// Both.
    Both,
}

/// What changed since the study before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Since {
    /// When that study's images were made, as `YYYYMMDD`, where it is known and may be said.
    pub date: Option<String>,
    /// Days from then to this study, where both have a date.
    pub days: Option<i64>,
    /// Change of the volume.
    pub ml: f64,
    /// The same in per cent; none where there was nothing.
    pub percent: Option<f64>,
    /// Change of the diameter of the sphere of equal volume.
    pub mean_diameter_mm: f64,
    /// How fast that grows, in mm a year, and the 95 % interval of it; none without two dates.
    pub mm_per_year: Option<(f64, [f64; 2])>,
    /// Change of the sum of products of two diameters, in per cent; none where there was nothing.
    pub product_percent: Option<f64>,
    /// New lesions and their volume in ml, where they were looked for.
    pub new_lesions: Option<(usize, f64)>,
    /// The class of response, in words, with what it goes by.
    pub response: String,
}

/// A study onto which what another one shows is laid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Onto {
    /// The study.
    pub study: StudyId,
    /// From the voxels of the other one's slices to those of this one's: the rows of a 3 × 4 matrix.
    pub voxels: [f64; 12],
}

/// A kind of file for a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFormat {
    /// A NIfTI label map.
    Nifti,
    /// A DICOM segmentation.
    DicomSeg,
    /// A DICOM segmentation with a segment's number for each pixel.
    DicomLabelMap,
    /// A DICOM segmentation with probabilities.
    DicomProbabilities,
    /// A DICOM structured report.
    DicomReport,
    /// A DICOM secondary capture.
    DicomPicture,
    /// A surface.
    Surface(SurfaceFormat),
}

/// A kind of file for a surface, in mm and in LPS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SurfaceFormat {
    /// Binary STL.
    Stl,
    /// Wavefront OBJ.
    Obj,
    /// Binary glTF, which is in metres by its own rules.
    Glb,
}

/// A place on a slice, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Along a row, from the left.
    pub x: f32,
    /// Along a column, from the top.
    pub y: f32,
}

/// What a person says of a slice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// Where: a place, a line, or the line around a region. Whole numbers are the middles of pixels.
    pub line: Vec<Point>,
    /// Whether the line goes round a region.
    pub closed: bool,
    /// Whether there is tumour.
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

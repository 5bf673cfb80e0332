//! What was done with images, as session files hold it: slices with their histories.
//!
//! The names of fields and kinds are those of the file's JSON (docs/session-file.md). Masks are runs, places are pairs of numbers,
//! and maps of probabilities are numbers of a list that lies beside the record: several steps share one.

use serde::{Deserialize, Serialize};

use crate::link::{Link, Motion};

/// What a session file says that it is.
pub const FORMAT: &str = "gliolens-session";
/// The version of what is written; older ones are read. The first knew no lengths, no joined studies and no registrations.
pub const VERSION: u32 = 2;

/// A session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The version of this program.
    pub program: String,
    /// When it was saved, in milliseconds since the beginning of 1970, UTC.
    pub saved_at_ms: f64,
    /// The network that answered; none where none ran.
    pub model: Option<String>,
    /// The threshold that it comes with.
    pub threshold: f32,
    /// Width and height of each map of probabilities, in the order in which they lie in their file.
    pub maps: Vec<(usize, usize)>,
    /// Slices of which something was said.
    pub slices: Vec<SliceRecord>,
    /// Comments for the report, by the digest of their study or lone slice.
    pub comments: Vec<(String, String)>,
    /// What a person said of studies as wholes; nothing in earlier files.
    #[serde(default)]
    pub studies: StudiesRecord,
}

/// What a person said of studies as wholes, each named by the digest of its first slice. A list that is not there is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StudiesRecord {
    /// Pairs that are of one patient though their files do not say so.
    pub joined: Vec<[String; 2]>,
    /// When images were made whose files do not say, as `YYYY-MM-DD`.
    pub dates: Vec<(String, String)>,
    /// Midlines that were moved.
    pub midlines: Vec<MidlineRecord>,
    /// Pairs that are registered.
    pub registrations: Vec<RegistrationRecord>,
    /// Sequences that are registered to the FLAIR of their study.
    pub sequences: Vec<SequenceRecord>,
}

impl StudiesRecord {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A midline that a person moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MidlineRecord {
    /// The study.
    pub study: String,
    /// The plane's normal, of length one, and its distance from the middle of the first voxel along that, in mm.
    pub plane: [f64; 4],
    /// How symmetric the head is about the plane that was found, 0..=1.
    pub symmetry: f64,
}

/// Two studies that were laid onto each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegistrationRecord {
    /// The study that the other one was laid onto.
    pub fixed: String,
    /// The other one.
    pub moving: String,
    /// From the voxels of the first to those of the other one.
    pub link: Link,
    /// And back.
    pub back: Link,
}

/// A sequence that was laid onto the FLAIR of its study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequenceRecord {
    /// The study.
    pub study: String,
    /// The sequence: 0 pre-contrast, 2 post-contrast.
    pub sequence: usize,
    /// How it lies on FLAIR.
    pub motion: Motion,
}

/// A slice with its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SliceRecord {
    /// What its study is called, or it itself where it is open alone.
    pub image: String,
    /// Its number in its study, from 1.
    pub slice: Option<usize>,
    /// Distinguishes its intensities from those of all others, as 16 hexadecimal digits.
    pub digest: String,
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
    /// The mask with every correction, by the lengths of its alternating runs, row by row, the first of background.
    pub mask: Vec<usize>,
    /// Probability that there is tumour at all, by the network alone; none where that was not asked.
    pub presence: Option<f32>,
    /// The network's own map of probabilities, by its number.
    pub map: Option<usize>,
    /// The history.
    pub steps: Vec<StepRecord>,
}

impl SliceRecord {
    /// When its first step was taken.
    pub fn begun_ms(&self) -> Option<f64> {
        self.steps.iter().map(|step| step.at_ms).min_by(f64::total_cmp)
    }

    /// The same of an image of another name, its times counted from another beginning.
    pub fn without_patient(self, image: String, begun_ms: f64) -> Self {
        let steps = self.steps.into_iter().map(|step| StepRecord { at_ms: step.at_ms - begun_ms, ..step });
        Self { image, steps: steps.collect(), ..self }
    }
}

/// A mask by the lengths of its alternating runs, row by row, the first of background.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaskRecord {
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
    /// Their lengths.
    pub runs: Vec<usize>,
}

/// A prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromptRecord {
    /// Columns and rows of its line.
    pub line: Vec<(f32, f32)>,
    /// Whether that goes round a region.
    pub closed: bool,
    /// Whether there is tumour.
    pub tumor: bool,
}

/// A step of a history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// When it was taken, in milliseconds since the beginning of 1970, UTC.
    pub at_ms: f64,
    /// The step over many slices that it is a part of, if any.
    pub shared: Option<Shared>,
    /// What it changed.
    pub edit: EditRecord,
}

/// A step over many slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Its parts on all slices have this number.
    pub group: u32,
    /// What was done.
    pub what: What,
}

/// What is done on many slices at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// The program left small parts out once all slices had an answer.
    SmallParts,
    /// A person kept the largest part only.
    LargestPart,
    /// The mask was propagated from slice to slice.
    Propagated,
    /// The slices between two corrected ones were filled from both.
    Between,
    /// A mask came from a file.
    FromFile,
    /// Another threshold for the study.
    Threshold,
    /// A length in a reformat, which is no slice's own.
    Length,
}

/// What a step changed on its slice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EditRecord {
    /// Another set of prompts.
    Prompts {
        /// The prompts, the newest last.
        prompts: Vec<PromptRecord>,
        /// The mask that they correct.
        previous: Option<MaskRecord>,
        /// Where the answer counts.
        scope: ScopeRecord,
        /// The map that it came to, by its number.
        answer: Option<usize>,
    },
    /// Pixels that were painted or erased by hand.
    Stroke {
        /// Their places, row by row.
        pixels: Vec<usize>,
        /// Whether they were painted.
        tumor: bool,
    },
    /// Another threshold.
    Threshold(f32),
    /// Diameters drawn by hand.
    Diameters {
        /// The ends of the longest and of the one across it; none where the computed ones count again.
        lines: Option<[(f64, f64); 4]>,
        /// The drag that drew them.
        drag: u32,
    },
    /// Nothing here: a step over many slices changed others.
    Elsewhere,
    /// A length measured with the ruler, moved, or deleted.
    Length {
        /// Tells it from others.
        number: u32,
        /// Where it lies from now on; none where it was deleted.
        line: Option<LengthRecord>,
        /// The drag that drew it.
        drag: u32,
    },
}

/// A line whose length is measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LengthRecord {
    /// What it lies on.
    pub plane: PlaneRecord,
    /// Its ends, in pixels of that: along its rows, and down; in a reformat the highest slice is on top.
    pub ends: [(f64, f64); 2],
}

/// What a line lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaneRecord {
    /// The slice.
    Axial,
    /// The sagittal reformat at a column.
    Sagittal(usize),
    /// The coronal reformat at a row.
    Coronal(usize),
}

/// Where the network's answer to prompts counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ScopeRecord {
    /// On the whole slice.
    Whole,
    /// Around the newest prompts.
    Around {
        /// How many have still to be answered.
        fresh: usize,
        /// The mask before them.
        mask: MaskRecord,
        /// The map before them, by its number.
        map: usize,
    },
    /// As a neighbour's mask on this slice.
    Beside {
        /// How far the network's own look is trusted.
        trust: f32,
    },
    /// Nowhere: the mask is given.
    Given,
}

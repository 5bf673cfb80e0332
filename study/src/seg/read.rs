//! A DICOM segmentation into the voxels of a study that it marks, and what was assumed on the way.

use std::fmt;

use dicom_core::value::Value;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::SegmentationError;
use crate::composite::Composite;
use crate::derived::{ONE_THRESHOLD, is_own};
use crate::dicom::{DicomFile, Groups, Pixels, decoded, integer, reference, text};
use crate::geometry::{Affine, Geometry, Placement};
use crate::label_map::{LabelMap, LabelMapError};
use crate::series::Origin;

/// Share of a voxel by which a frame's pixels may lie beside the study's.
const BESIDE: f64 = 0.1;
/// Share of the maximal value from which a pixel of a fractional segmentation is marked.
const HALF: f64 = 0.5;
/// Segments that a message names.
const NAMED: usize = 6;
/// Codes of SNOMED CT that say tumour: Morphologically Abnormal Structure, Neoplasm and Neoplasm, Primary.
const TUMOUR_CODES: [&str; 4] = ["49755003", "108369006", "M-01000", "M-80003"];
/// What names of segments hold that are tumours or parts of them.
const TUMOR_WORDS: [&str; 14] = [
    "tumor",
    "tumour",
    "lesion",
    "neoplas",
    "gliom",
    "glioblastom",
    "metasta",
    "mening",
    "schwannom",
    "edema",
    "necro",
    "enhanc",
    "cancer",
    "gtv",
];

/// What a segmentation marks on the grid of the study's file.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// The marked voxels.
    pub map: LabelMap,
    /// What had to be decided to read it; empty where nothing was.
    pub assumed: Vec<Assumption>,
}

/// What was decided to read a segmentation, in a sentence's form without a full stop.
#[derive(Clone, Debug, PartialEq)]
pub enum Assumption {
    /// All of several segments are taken; their names.
    Together(String),
    /// Some segments are taken.
    Chosen {
        /// Names of those that are.
        taken: String,
        /// Names of those that are not.
        left: String,
    },
    /// Shares are taken from half of this maximal value on.
    Half(f64),
    /// Probabilities are taken from this one on.
    Threshold(f32),
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Together(names) => write!(f, "its segments are taken together as tumour: {names}"),
            Self::Chosen { taken, left } => {
                write!(f, "its segments counted as tumour: {taken}; not counted: {left}")
            }
            Self::Half(most) => {
                write!(f, "it is fractional; pixels of at least half its maximal value {most} are taken")
            }
            Self::Threshold(threshold) => {
                write!(f, "it holds probabilities; pixels from its threshold {threshold} on are taken")
            }
        }
    }
}

impl Marked {
    /// The same on the slices of a study; `i` fastest.
    ///
    /// # Errors
    ///
    /// [`LabelMapError`] if the study is another than the one it was read for.
    pub fn on(&self, study: &Composite) -> Result<Vec<u8>, LabelMapError> {
        self.map.on(study)
    }
}

/// How the numbers of a segmentation's pixels mark.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// One bit a pixel.
    Binary,
    /// Shares of a maximal value, marked from one of them on.
    Fractional { most: f64, from: Least },
    /// The number is that of a segment.
    LabelMap,
}

/// From which share on a fractional pixel is marked.
#[derive(Clone, Copy, PartialEq)]
enum Least {
    Half,
    /// The threshold of a file of this program's.
    Threshold(f32),
}

impl Least {
    fn is_reached(self, value: f64, most: f64) -> bool {
        match self {
            Self::Half => value >= HALF * most,
            Self::Threshold(threshold) => imaging::reaches(value / most, threshold),
        }
    }
}

/// One segment of a file.
struct Segment {
    number: i64,
    name: String,
    is_tumor: bool,
}

/// What a segmentation marks, on the grid of the study's file.
///
/// Segments that are tumours by name or code are taken, or all where none is.
///
/// # Errors
///
/// [`SegmentationError`] if it is damaged, of another kind, or of another study.
pub fn read_segmentation(file: &DicomFile, study: &Composite) -> Result<Marked, SegmentationError> {
    let mut assumed = Vec::new();
    let name = text(file, tags::SEGMENTATION_TYPE).to_uppercase();
    let kind = match name.as_str() {
        "BINARY" => Kind::Binary,
        "LABELMAP" => Kind::LabelMap,
        "FRACTIONAL" => {
            let most = integer(file, tags::MAXIMUM_FRACTIONAL_VALUE).filter(|&most| most > 0).unwrap_or(255);
            let from = own_threshold(file).map_or(Least::Half, Least::Threshold);
            Kind::Fractional { most: most as f64, from }
        }
        _ => return Err(SegmentationError::Kind(name)),
    };
    let Placement::Patient(affine) = study.source.placement else { return Err(SegmentationError::OtherStudy) };
    if let Origin::Dicom { reference: of_study, .. } = &study.origin {
        let own = reference(file);
        if !own.frame_of_reference.is_empty() && own.frame_of_reference != of_study.frame_of_reference {
            return Err(SegmentationError::OtherStudy);
        }
    }
    let (taken, choice) = taken(&segments(file));
    assumed.extend(choice);
    let side = |tag| integer(file, tag).unwrap_or(0).max(0) as usize;
    let [columns, rows] = [side(tags::COLUMNS), side(tags::ROWS)];
    let frames = side(tags::NUMBER_OF_FRAMES).max(1);
    let area =
        columns.checked_mul(rows).filter(|&area| area > 0).ok_or(SegmentationError::Damaged("it has no size"))?;
    let described = file.get(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).and_then(|element| element.items());
    if described.is_none_or(|described| described.len() < frames) {
        return Err(SegmentationError::Damaged("it does not describe its frames"));
    }
    let marks = Marks::of(file, kind, [columns, rows, frames])?;
    if let Kind::Fractional { most, from } = kind {
        let is_between = |frame: usize| {
            (0..area).any(|pixel| !(marks.value(frame, pixel) == 0.0 || marks.value(frame, pixel) == most))
        };
        if (0..frames).any(is_between) {
            assumed.push(match from {
                Least::Half => Assumption::Half(most),
                Least::Threshold(threshold) => Assumption::Threshold(threshold),
            });
        }
    }
    let from_place = affine.inverse().ok_or(SegmentationError::OtherStudy)?;
    let mut marked = vec![0; study.source.voxels()];
    for frame in 0..frames {
        let groups = Groups::of(file, frame);
        let segment = groups.numbers(tags::SEGMENT_IDENTIFICATION_SEQUENCE, tags::REFERENCED_SEGMENT_NUMBER);
        let segment = segment.and_then(|numbers| numbers.first().copied()).unwrap_or(1.0) as i64;
        let is_taken = |number: i64| taken.as_ref().is_none_or(|taken| taken.contains(&number));
        if kind != Kind::LabelMap && !is_taken(segment) {
            continue;
        }
        let lies = Lies::of(&groups, &affine, &from_place, [columns, rows])?;
        for pixel in 0..area {
            let value = marks.value(frame, pixel);
            let is_marked = match kind {
                Kind::Binary => value > 0.0,
                Kind::Fractional { most, from } => from.is_reached(value, most),
                Kind::LabelMap => value > 0.0 && is_taken(value as i64),
            };
            if is_marked {
                let voxel = lies.voxel([pixel % columns, pixel / columns], study.source.size.axes());
                marked[voxel.ok_or(SegmentationError::OtherStudy)?] = 1;
            }
        }
    }
    Ok(Marked { map: LabelMap { geometry: Geometry { ..study.source }, marked }, assumed })
}

/// The threshold that this program wrote beside probabilities.
fn own_threshold(file: &DicomFile) -> Option<f32> {
    let first = |object: &InMemDicomObject, tag| object.get(tag).and_then(|element| element.items()?.first().cloned());
    let segment = first(file, tags::SEGMENT_SEQUENCE).filter(|_| is_own(file))?;
    let algorithm = first(&segment, tags::SEGMENTATION_ALGORITHM_IDENTIFICATION_SEQUENCE)?;
    text(&algorithm, tags::ALGORITHM_PARAMETERS).strip_prefix(ONE_THRESHOLD)?.parse().ok()
}

/// The numbers of a segmentation's pixels.
enum Marks {
    /// One bit each, the first in the lowest bit of the first byte.
    Bits(Vec<u8>, usize),
    /// A number each, frame by frame.
    Numbers(Vec<Pixels>),
}

impl Marks {
    fn of(file: &DicomFile, kind: Kind, size: [usize; 3]) -> Result<Self, SegmentationError> {
        let [columns, rows, frames] = size;
        if kind != Kind::Binary || integer(file, tags::BITS_ALLOCATED) != Some(1) {
            let frames = decoded(file, size).map_err(|error| SegmentationError::Pixels(error.to_string()))?;
            return Ok(Self::Numbers(frames));
        }
        let element = file.get(tags::PIXEL_DATA).ok_or(SegmentationError::Damaged("it has no pixels"))?;
        let Value::Primitive(value) = element.value() else {
            return Err(SegmentationError::Pixels(
                "its bits are compressed, which is not supported; export it uncompressed".into(),
            ));
        };
        let bits = value.to_bytes().into_owned();
        let pixels = columns.checked_mul(rows).and_then(|area| area.checked_mul(frames));
        if pixels.is_none_or(|pixels| bits.len() < pixels.div_ceil(8)) {
            return Err(SegmentationError::Damaged("it has fewer pixels than its frames need"));
        }
        Ok(Self::Bits(bits, columns * rows))
    }

    fn value(&self, frame: usize, pixel: usize) -> f64 {
        match self {
            Self::Bits(bits, area) => {
                let at = frame * area + pixel;
                f64::from(bits[at / 8] >> (at % 8) & 1)
            }
            Self::Numbers(frames) => match &frames[frame] {
                Pixels::Unsigned(numbers) => f64::from(numbers[pixel]),
                Pixels::Signed(numbers) => f64::from(numbers[pixel]) - 32768.0,
                Pixels::Wide(numbers) => f64::from(numbers[pixel]),
            },
        }
    }
}

/// The segments that a file describes, without a background.
fn segments(file: &DicomFile) -> Vec<Segment> {
    let items = file.get(tags::SEGMENT_SEQUENCE).and_then(|element| element.items()).unwrap_or_default();
    let coded = |item: &InMemDicomObject, sequence, tag| {
        let code = item.get(sequence).and_then(|element| element.items()?.first());
        code.map(|code| text(code, tag)).unwrap_or_default()
    };
    let segment = |item: &InMemDicomObject| {
        let number = integer(item, tags::SEGMENT_NUMBER)?;
        let kinds = [tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE];
        let name = text(item, tags::SEGMENT_LABEL);
        let words = format!("{name} {}", coded(item, kinds[1], tags::CODE_MEANING)).to_lowercase();
        let is_coded = kinds.iter().any(|kind| TUMOUR_CODES.contains(&coded(item, *kind, tags::CODE_VALUE).as_str()));
        let is_tumor = is_coded || TUMOR_WORDS.iter().any(|word| words.contains(word));
        let name = if name.is_empty() { format!("segment {number}") } else { name };
        (number > 0).then_some(Segment { number, name, is_tumor })
    };
    items.iter().filter_map(segment).collect()
}

/// Numbers of the segments that count, or none where all do, and what was decided where there is a choice.
fn taken(segments: &[Segment]) -> (Option<Vec<i64>>, Option<Assumption>) {
    let listed = |chosen: &[&Segment]| {
        let named = chosen.iter().take(NAMED).map(|segment| segment.name.as_str()).collect::<Vec<_>>().join(", ");
        if chosen.len() > NAMED { format!("{named}, …") } else { named }
    };
    let (tumors, others): (Vec<&Segment>, Vec<&Segment>) = segments.iter().partition(|segment| segment.is_tumor);
    match (&tumors[..], &others[..]) {
        ([], [] | [_]) | ([_], []) => (None, None),
        ([], all) | (all, []) => (None, Some(Assumption::Together(listed(all)))),
        (taken, left) => (
            Some(taken.iter().map(|segment| segment.number).collect()),
            Some(Assumption::Chosen { taken: listed(taken), left: listed(left) }),
        ),
    }
}

/// Where a frame lies among the study's voxels, in whole numbers: the first pixel's voxel, and the steps along rows and
/// columns.
struct Lies {
    first: [i64; 3],
    right: [i64; 3],
    down: [i64; 3],
}

impl Lies {
    fn of(
        groups: &Groups,
        study: &Affine,
        from_place: &Affine,
        [columns, rows]: [usize; 2],
    ) -> Result<Self, SegmentationError> {
        let place = groups.numbers(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT);
        let place = place.and_then(|values| <[f64; 3]>::try_from(values).ok());
        let place = place.ok_or(SegmentationError::Damaged("a frame does not say where it lies"))?;
        let orientation = groups.numbers(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT);
        let spacing = groups.numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
        // Without directions of its own a frame has those of the study.
        let steps = match (orientation.as_deref(), spacing.as_deref()) {
            (Some(&[a, b, c, d, e, f]), Some(&[down_mm, right_mm])) => {
                [[a, b, c].map(|v| v * right_mm), [d, e, f].map(|v| v * down_mm)]
            }
            _ => [study.column(0), study.column(1)],
        };
        let index = |x: f64, y: f64| {
            from_place.apply(std::array::from_fn(|axis| place[axis] + x * steps[0][axis] + y * steps[1][axis]))
        };
        let whole = |index: [f64; 3]| index.map(|v| v.round() as i64);
        let first = whole(index(0.0, 0.0));
        let step = |next: [f64; 3]| {
            let next = whole(next);
            std::array::from_fn(|axis| next[axis].saturating_sub(first[axis]))
        };
        let lies = Self { first, right: step(index(1.0, 0.0)), down: step(index(0.0, 1.0)) };
        let [right, down] = [(columns - 1) as f64, (rows - 1) as f64];
        for [x, y] in [[0.0, 0.0], [right, 0.0], [0.0, down], [right, down]] {
            let off = |axis: usize| {
                let meant = lies.first[axis] as f64 + x * lies.right[axis] as f64 + y * lies.down[axis] as f64;
                (index(x, y)[axis] - meant).abs()
            };
            // Not a number is no place either.
            if !(0..3).all(|axis| off(axis) <= BESIDE) {
                return Err(SegmentationError::OtherStudy);
            }
        }
        Ok(lies)
    }

    fn voxel(&self, [x, y]: [usize; 2], size: [usize; 3]) -> Option<usize> {
        let [i, j, k] = [0, 1, 2].map(|axis| {
            let at = (x as i64).checked_mul(self.right[axis])?.checked_add((y as i64).checked_mul(self.down[axis])?)?;
            let at = usize::try_from(at.checked_add(self.first[axis])?).ok()?;
            (at < size[axis]).then_some(at)
        });
        Some(i? + size[0] * (j? + size[1] * k?))
    }
}

//! A mask, or the probabilities behind it, into the bytes of a DICOM segmentation.

use std::ops::Range;

use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

use crate::composite::Composite;
use crate::derived::codes::{
    ABNORMAL_STRUCTURE, ARTIFICIAL_INTELLIGENCE, BACKGROUND, BRAIN, LABEL, NEOPLASM, PROCESSED_IMAGE, SEGMENTATION,
};
use crate::derived::elements::{Code, Element, bytes, code, decimals, item, items, pointer, short, string, texts};
use crate::derived::{Algorithm, Identity, Kind, Source, VERSION, WriteError, written};
use crate::geometry::Affine;

/// The largest number of 8 bits: a marked pixel of the fractional type, and a probability of one.
const FULL: u8 = 255;
/// The number of the one segment.
pub(crate) const SEGMENT: u16 = 1;

/// What a segmentation holds of a study, `i` fastest on its slices.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// Marks, a bit a pixel.
    Binary(&'a [u8]),
    /// Marks, a byte a pixel that is the number of a segment (DICOM Supplement 243).
    LabelMap(&'a [u8]),
    /// Probabilities of tumour, from 0 to 255.
    Probabilities(&'a [u8]),
}

/// The bytes of a DICOM segmentation with this content on the slices of `study`.
///
/// The slices from the first to the last with marks become frames, each with a reference to its source image. Frames of
/// one bit a pixel are packed without gaps. Readers that take a pad byte for pixels, or that guess from the length
/// whether each frame begins at a byte, read some numbers of frames wrongly: slices are added behind or before, as far
/// as there are any, until none is in doubt. Where there are too few, such as of a lone slice of 24 pixels, a pixel is a
/// byte and the type fractional, with nothing between none and all.
///
/// # Errors
///
/// [`WriteError`] if the study is not DICOM or nothing is marked.
///
/// # Panics
///
/// If there is not one number a voxel.
pub fn write_segmentation(
    study: &Composite,
    content: Content,
    algorithm: Algorithm,
    identity: &Identity,
) -> Result<Vec<u8>, WriteError> {
    let source = Source::of(study, identity)?;
    let (Content::Binary(numbers) | Content::LabelMap(numbers) | Content::Probabilities(numbers)) = content;
    let numbers = study.to_source(numbers);
    let [columns, rows, _] = study.source.size.axes();
    let area = columns * rows;
    let slices = source.slices.len();
    let is_marked = |&at: &usize| numbers[at * area..(at + 1) * area].iter().any(|&number| number > 0);
    let (Some(first), Some(last)) = ((0..slices).find(is_marked), (0..slices).rfind(is_marked)) else {
        return Err(WriteError::Empty);
    };
    let marks = first..last + 1;
    let (encoding, frames) = match content {
        Content::Binary(_) => match packed_frames(marks.clone(), slices, area) {
            Some(frames) => (Encoding::Bits, frames),
            None => (Encoding::Bytes, marks),
        },
        Content::LabelMap(_) => (Encoding::Numbers, marks),
        Content::Probabilities(_) => (Encoding::Probabilities, marks),
    };
    let pixels = encoding.pixels(&numbers[frames.start * area..frames.end * area]);
    let mut elements = encoding.elements();
    elements.extend(described(encoding, algorithm, identity));
    elements.extend(dimensions(encoding, &identity.dimension_uid()));
    elements.extend([
        string(tags::FRAME_OF_REFERENCE_UID, VR::UI, source.reference.frame_of_reference.clone()),
        short(tags::ROWS, rows as u16),
        short(tags::COLUMNS, columns as u16),
        string(tags::NUMBER_OF_FRAMES, VR::IS, frames.len().to_string()),
        items(
            tags::REFERENCED_SERIES_SEQUENCE,
            vec![item([
                string(tags::SERIES_INSTANCE_UID, VR::UI, source.reference.series.clone()),
                items(tags::REFERENCED_INSTANCE_SEQUENCE, source.images()),
            ])],
        ),
        items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared(&source.affine)]),
        items(
            tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
            frames.enumerate().map(|(order, at)| frame(&source, encoding, at, order)).collect(),
        ),
        bytes(tags::PIXEL_DATA, pixels),
    ]);
    let kind = Kind {
        sop_class: encoding.sop_class(),
        modality: "SEG",
        series_number: "9001",
        description: match encoding {
            Encoding::Probabilities => "Tumour probabilities (research use)",
            _ => "Tumour mask (research use)",
        },
    };
    written(&source, identity, &kind, elements)
}

/// How content becomes pixels.
#[derive(Clone, Copy, PartialEq)]
enum Encoding {
    /// One bit each, the first in the lowest bit of the first byte, frame after frame without gaps.
    Bits,
    /// One byte each: 0 or [`FULL`].
    Bytes,
    /// One byte each: a segment's number.
    Numbers,
    /// One byte each: a share of [`FULL`].
    Probabilities,
}

impl Encoding {
    fn pixels(self, numbers: &[u8]) -> Vec<u8> {
        match self {
            Self::Probabilities | Self::Numbers => numbers.to_vec(),
            Self::Bytes => numbers.iter().map(|&mark| if mark == 1 { FULL } else { 0 }).collect(),
            Self::Bits => {
                let byte = |marks: &[u8]| (0..).zip(marks).map(|(bit, &mark)| u8::from(mark == 1) << bit).sum();
                numbers.chunks(8).map(byte).collect()
            }
        }
    }

    fn sop_class(self) -> &'static str {
        match self {
            Self::Numbers => uids::LABEL_MAP_SEGMENTATION_STORAGE,
            _ => uids::SEGMENTATION_STORAGE,
        }
    }

    /// Whether a frame is of one segment; those of a label map are of all.
    fn has_segments_by_frame(self) -> bool {
        self != Self::Numbers
    }

    /// The attributes of pixels in this form.
    fn elements(self) -> Vec<Element> {
        let (kind, bits) = match self {
            Self::Bits => ("BINARY", 1),
            Self::Numbers => ("LABELMAP", 8),
            Self::Bytes | Self::Probabilities => ("FRACTIONAL", 8),
        };
        let mut elements = vec![
            string(tags::SEGMENTATION_TYPE, VR::CS, kind),
            short(tags::SAMPLES_PER_PIXEL, 1),
            string(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
            short(tags::PIXEL_REPRESENTATION, 0),
            short(tags::BITS_ALLOCATED, bits),
            short(tags::BITS_STORED, bits),
            short(tags::HIGH_BIT, bits - 1),
        ];
        let fractional = |what| {
            [
                string(tags::SEGMENTATION_FRACTIONAL_TYPE, VR::CS, what),
                short(tags::MAXIMUM_FRACTIONAL_VALUE, FULL.into()),
            ]
        };
        match self {
            Self::Bits => {}
            Self::Bytes => elements.extend(fractional("OCCUPANCY")),
            Self::Probabilities => elements.extend(fractional("PROBABILITY")),
            Self::Numbers => elements.extend([
                short(tags::PIXEL_PADDING_VALUE, 0),
                string(tags::PRESENTATION_LUT_SHAPE, VR::CS, "IDENTITY"),
            ]),
        }
        elements
    }
}

/// The frames and as many slices behind or before them as leave no reader in doubt about their bits; none where there
/// are not enough.
pub(super) fn packed_frames(frames: Range<usize>, slices: usize, area: usize) -> Option<Range<usize>> {
    let is_clear = |frames: usize| {
        let bytes = (frames * area).div_ceil(8);
        // As long as if every frame began at a byte, and it is not so.
        let is_like_padded = frames > 1 && !area.is_multiple_of(8) && bytes == frames * area.div_ceil(8);
        bytes.is_multiple_of(2) && !is_like_padded
    };
    let count = (frames.len()..=slices).find(|&count| is_clear(count))?;
    let end = slices.min(frames.start + count);
    Some(end - count..end)
}

/// Kind of image and segments.
fn described(encoding: Encoding, algorithm: Algorithm, identity: &Identity) -> Vec<Element> {
    let by = match algorithm {
        Algorithm::Automatic => "AUTOMATIC",
        Algorithm::SemiAutomatic => "SEMIAUTOMATIC",
    };
    let threshold = identity.threshold();
    let mut identification = item([
        code(tags::ALGORITHM_FAMILY_CODE_SEQUENCE, ARTIFICIAL_INTELLIGENCE),
        string(tags::ALGORITHM_NAME, VR::LO, identity.model.clone()),
        string(tags::ALGORITHM_VERSION, VR::LO, VERSION),
    ]);
    let what = match encoding {
        Encoding::Probabilities => "The network's probabilities, before parts were removed and strokes drawn by hand",
        _ => algorithm.by_whom(),
    };
    let mut description = what.to_owned();
    if let Some(threshold) = threshold {
        description = format!("{what}. {threshold}");
        identification.put(string(tags::ALGORITHM_PARAMETERS, VR::LT, threshold));
    }
    let segment = |number: u16, label: &str, [category, kind]: [Code; 2]| {
        item([
            short(tags::SEGMENT_NUMBER, number),
            string(tags::SEGMENT_LABEL, VR::LO, label),
            code(tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, category),
            code(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, kind),
            string(tags::SEGMENT_ALGORITHM_TYPE, VR::CS, by),
            string(tags::SEGMENT_ALGORITHM_NAME, VR::LO, identity.model.clone()),
            items(tags::SEGMENTATION_ALGORITHM_IDENTIFICATION_SEQUENCE, vec![identification.clone()]),
        ])
    };
    let mut tumour = segment(SEGMENT, LABEL, [ABNORMAL_STRUCTURE, NEOPLASM]);
    for element in [
        string(tags::SEGMENT_DESCRIPTION, VR::ST, description),
        string(tags::TRACKING_ID, VR::UT, LABEL),
        string(tags::TRACKING_UID, VR::UI, identity.tracking_uid()),
        code(tags::ANATOMIC_REGION_SEQUENCE, BRAIN),
        DataElement::new(
            tags::RECOMMENDED_DISPLAY_CIE_LAB_VALUE,
            VR::US,
            PrimitiveValue::U16([42149, 43690, 49858][..].into()),
        ),
    ] {
        tumour.put(element);
    }
    // Of a label map every number is described, zero too (PS3.3, C.8.20.2.3).
    let background = (encoding == Encoding::Numbers).then(|| segment(0, "Background", [BACKGROUND; 2]));
    let segments = background.into_iter().chain([tumour]).collect();
    vec![
        string(tags::POSITION_REFERENCE_INDICATOR, VR::LO, ""),
        texts(tags::IMAGE_TYPE, &["DERIVED", "PRIMARY"]),
        string(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00"),
        string(tags::SEGMENTS_OVERLAP, VR::CS, "NO"),
        string(tags::CONTENT_LABEL, VR::CS, "TUMOUR"),
        string(tags::CONTENT_DESCRIPTION, VR::LO, "Tumour mask, research use, not a medical device"),
        string(tags::CONTENT_CREATOR_NAME, VR::PN, ""),
        items(tags::SEGMENT_SEQUENCE, segments),
    ]
}

/// What frames are sorted by.
fn dimensions(encoding: Encoding, uid: &str) -> Vec<Element> {
    let index = |(index, group)| {
        item([
            string(tags::DIMENSION_ORGANIZATION_UID, VR::UI, uid),
            pointer(tags::DIMENSION_INDEX_POINTER, index),
            pointer(tags::FUNCTIONAL_GROUP_POINTER, group),
        ])
    };
    let segment = (tags::REFERENCED_SEGMENT_NUMBER, tags::SEGMENT_IDENTIFICATION_SEQUENCE);
    let place = (tags::IMAGE_POSITION_PATIENT, tags::PLANE_POSITION_SEQUENCE);
    let indices = encoding.has_segments_by_frame().then_some(segment).into_iter().chain([place]);
    vec![
        items(
            tags::DIMENSION_ORGANIZATION_SEQUENCE,
            vec![item([string(tags::DIMENSION_ORGANIZATION_UID, VR::UI, uid)])],
        ),
        // All frames lie side by side at one distance.
        string(tags::DIMENSION_ORGANIZATION_TYPE, VR::CS, "3D"),
        items(tags::DIMENSION_INDEX_SEQUENCE, indices.map(index).collect()),
    ]
}

/// What all frames share: directions and distances.
fn shared(affine: &Affine) -> InMemDicomObject {
    let [x, y, step] = affine.spacing_mm().axes();
    let unit = |axis: usize, length: f64| affine.column(axis).map(|v| v / length);
    item([
        items(
            tags::PLANE_ORIENTATION_SEQUENCE,
            vec![item([decimals(tags::IMAGE_ORIENTATION_PATIENT, &[unit(0, x), unit(1, y)].concat())])],
        ),
        items(
            tags::PIXEL_MEASURES_SEQUENCE,
            vec![item([
                decimals(tags::SLICE_THICKNESS, &[step]),
                decimals(tags::SPACING_BETWEEN_SLICES, &[step]),
                decimals(tags::PIXEL_SPACING, &[y, x]),
            ])],
        ),
    ])
}

fn frame(source: &Source, encoding: Encoding, slice: usize, order: usize) -> InMemDicomObject {
    let (instance, number) = &source.slices[slice];
    // Slices that were side by side on one image are not where its pixels are.
    let tiled = number.is_none() && source.slices.iter().filter(|(other, _)| other == instance).count() > 1;
    let mut image = source.image(slice);
    // The same pixels: readers may find a frame by its image.
    image.put(string(tags::SPATIAL_LOCATIONS_PRESERVED, VR::CS, if tiled { "NO" } else { "YES" }));
    image.put(code(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, PROCESSED_IMAGE));
    let place = order as u32 + 1;
    let by_frame = encoding.has_segments_by_frame();
    let index = if by_frame { vec![SEGMENT.into(), place] } else { vec![place] };
    let mut frame = item([
        items(
            tags::DERIVATION_IMAGE_SEQUENCE,
            vec![item([
                items(tags::SOURCE_IMAGE_SEQUENCE, vec![image]),
                code(tags::DERIVATION_CODE_SEQUENCE, SEGMENTATION),
            ])],
        ),
        items(
            tags::FRAME_CONTENT_SEQUENCE,
            vec![item([DataElement::new(tags::DIMENSION_INDEX_VALUES, VR::UL, PrimitiveValue::U32(index.into()))])],
        ),
        items(
            tags::PLANE_POSITION_SEQUENCE,
            vec![item([decimals(tags::IMAGE_POSITION_PATIENT, &source.affine.apply([0.0, 0.0, slice as f64]))])],
        ),
    ]);
    if by_frame {
        let segment = item([short(tags::REFERENCED_SEGMENT_NUMBER, SEGMENT)]);
        frame.put(items(tags::SEGMENT_IDENTIFICATION_SEQUENCE, vec![segment]));
    }
    frame
}

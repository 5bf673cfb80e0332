//! A mask into the bytes of a DICOM segmentation.

use std::ops::Range;

use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

use super::elements::{code, decimals, item, items, pointer, short, string, uid};
use super::{Algorithm, Identity, MANUFACTURER, SegmentationError};
use crate::composite::Composite;
use crate::dicom::Reference;
use crate::geometry::{Affine, Placement};
use crate::series::Origin;

/// A marked pixel of the fractional type: the largest number of 8 bits.
const FULL: u8 = 255;

/// The bytes of a DICOM segmentation with these pixels marked, `i` fastest, on the slices of `study`.
///
/// The slices from the first to the last with marks become frames, each with a reference to its source image. Frames of
/// one bit a pixel are packed without gaps. Readers that take a pad byte for pixels, or that guess from the length
/// whether each frame begins at a byte, read some numbers of frames wrongly: slices are added behind or before, as far
/// as there are any, until none is in doubt. Where there are too few, such as of a lone slice of 24 pixels, a pixel is a
/// byte and the type fractional, with nothing between none and all.
///
/// # Errors
///
/// [`SegmentationError`] if the study is not DICOM or nothing is marked.
///
/// # Panics
///
/// If there is not one mark a voxel.
pub fn write_segmentation(
    study: &Composite,
    marked: &[u8],
    algorithm: Algorithm,
    identity: &Identity,
) -> Result<Vec<u8>, SegmentationError> {
    let (Origin::Dicom { reference, sop_class, slices }, Placement::Patient(affine)) =
        (&study.origin, study.source.placement)
    else {
        return Err(SegmentationError::NoReference);
    };
    let marked = study.to_source(marked);
    let [columns, rows, _] = study.source.size.axes();
    let area = columns * rows;
    let is_marked = |&at: &usize| marked[at * area..(at + 1) * area].contains(&1);
    let (Some(first), Some(last)) = ((0..slices.len()).find(is_marked), (0..slices.len()).rfind(is_marked)) else {
        return Err(SegmentationError::Empty);
    };
    let marks = first..last + 1;
    let packed = packed_frames(marks.clone(), slices.len(), area);
    let encoding = if packed.is_some() { Encoding::Bits } else { Encoding::Bytes };
    let frames = packed.unwrap_or(marks);
    let pixels = encoding.pixels(&marked[frames.start * area..frames.end * area]);

    let [series_uid, instance_uid, dimension_uid] = identity.random.map(uid);
    let mut dataset = described(reference, algorithm, identity);
    for element in encoding.elements().into_iter().chain([
        string(tags::SOP_CLASS_UID, VR::UI, uids::SEGMENTATION_STORAGE),
        string(tags::SOP_INSTANCE_UID, VR::UI, instance_uid.clone()),
        string(tags::SERIES_INSTANCE_UID, VR::UI, series_uid),
        short(tags::ROWS, rows as u16),
        short(tags::COLUMNS, columns as u16),
        string(tags::NUMBER_OF_FRAMES, VR::IS, frames.len().to_string()),
        items(
            tags::DIMENSION_ORGANIZATION_SEQUENCE,
            vec![item([string(tags::DIMENSION_ORGANIZATION_UID, VR::UI, dimension_uid.clone())])],
        ),
        // All frames lie side by side at one distance.
        string(tags::DIMENSION_ORGANIZATION_TYPE, VR::CS, "3D"),
        items(
            tags::DIMENSION_INDEX_SEQUENCE,
            [
                (tags::REFERENCED_SEGMENT_NUMBER, tags::SEGMENT_IDENTIFICATION_SEQUENCE),
                (tags::IMAGE_POSITION_PATIENT, tags::PLANE_POSITION_SEQUENCE),
            ]
            .map(|(index, group)| {
                item([
                    string(tags::DIMENSION_ORGANIZATION_UID, VR::UI, dimension_uid.clone()),
                    pointer(tags::DIMENSION_INDEX_POINTER, index),
                    pointer(tags::FUNCTIONAL_GROUP_POINTER, group),
                ])
            })
            .into(),
        ),
        items(
            tags::REFERENCED_SERIES_SEQUENCE,
            vec![item([
                string(tags::SERIES_INSTANCE_UID, VR::UI, reference.series.clone()),
                items(tags::REFERENCED_INSTANCE_SEQUENCE, instances(sop_class, slices)),
            ])],
        ),
        items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared(&affine)]),
        items(
            tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
            frames.enumerate().map(|(order, at)| frame(&affine, sop_class, slices, at, order)).collect(),
        ),
        DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::U8(pixels.into())),
    ]) {
        dataset.put(element);
    }
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(uids::SEGMENTATION_STORAGE)
        .media_storage_sop_instance_uid(instance_uid);
    let problem = |error: &dyn std::error::Error| SegmentationError::Write(error.to_string());
    let file = dataset.with_meta(meta).map_err(|error| problem(&error))?;
    let mut bytes = Vec::new();
    file.write_all(&mut bytes).map_err(|error| problem(&error))?;
    Ok(bytes)
}

/// How marks become pixels.
#[derive(Clone, Copy)]
enum Encoding {
    /// One bit each, the first in the lowest bit of the first byte, frame after frame without gaps.
    Bits,
    /// One byte each: 0 or [`FULL`].
    Bytes,
}

impl Encoding {
    /// The bytes of these marks, as many as DICOM wants: an even number (PS3.5, 8.1.1).
    fn pixels(self, marks: &[u8]) -> Vec<u8> {
        let mut bytes = match self {
            Self::Bytes => marks.iter().map(|&mark| if mark == 1 { FULL } else { 0 }).collect(),
            Self::Bits => {
                let byte = |marks: &[u8]| (0..).zip(marks).map(|(bit, &mark)| u8::from(mark == 1) << bit).sum();
                marks.chunks(8).map(byte).collect::<Vec<u8>>()
            }
        };
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    }

    /// What the file says of it.
    fn elements(self) -> Vec<DataElement<InMemDicomObject>> {
        let (kind, bits) = match self {
            Self::Bits => ("BINARY", 1),
            Self::Bytes => ("FRACTIONAL", 8),
        };
        let mut elements = vec![
            string(tags::SEGMENTATION_TYPE, VR::CS, kind),
            short(tags::BITS_ALLOCATED, bits),
            short(tags::BITS_STORED, bits),
            short(tags::HIGH_BIT, bits - 1),
        ];
        if let Self::Bytes = self {
            elements.push(string(tags::SEGMENTATION_FRACTIONAL_TYPE, VR::CS, "OCCUPANCY"));
            elements.push(short(tags::MAXIMUM_FRACTIONAL_VALUE, FULL.into()));
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

/// What the mask's threshold is, in words, where it is known.
fn threshold(thresholds: &[f32]) -> Option<String> {
    let listed = thresholds.iter().map(f32::to_string).collect::<Vec<_>>().join(", ");
    match thresholds {
        [] => None,
        [_] => Some(format!("Probability threshold {listed}")),
        _ => Some(format!("Probability thresholds {listed}, differing between slices")),
    }
}

/// Everything that is the same for each mask of a study: patient, equipment, kind of image, the one segment.
fn described(reference: &Reference, algorithm: Algorithm, identity: &Identity) -> InMemDicomObject {
    let by = match algorithm {
        Algorithm::Automatic => "AUTOMATIC",
        Algorithm::SemiAutomatic => "SEMIAUTOMATIC",
    };
    let version = env!("CARGO_PKG_VERSION");
    let threshold = threshold(&identity.thresholds);
    let mut identification = item([
        code(tags::ALGORITHM_FAMILY_CODE_SEQUENCE, "123109", "DCM", "Artificial Intelligence"),
        string(tags::ALGORITHM_NAME, VR::LO, identity.model.clone()),
        string(tags::ALGORITHM_VERSION, VR::LO, version),
    ]);
    let by_whom = match algorithm {
        Algorithm::Automatic => "Drawn by the network alone",
        Algorithm::SemiAutomatic => "Drawn by the network and corrected by a person",
    };
    let mut description = by_whom.to_owned();
    if let Some(threshold) = threshold {
        description = format!("{by_whom}. {threshold}");
        identification.put(string(tags::ALGORITHM_PARAMETERS, VR::LT, threshold));
    }
    let segment = item([
        short(tags::SEGMENT_NUMBER, 1),
        string(tags::SEGMENT_LABEL, VR::LO, "Tumour"),
        string(tags::SEGMENT_DESCRIPTION, VR::ST, description),
        code(tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, "49755003", "SCT", "Morphologically Abnormal Structure"),
        code(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, "108369006", "SCT", "Neoplasm"),
        string(tags::SEGMENT_ALGORITHM_TYPE, VR::CS, by),
        string(tags::SEGMENT_ALGORITHM_NAME, VR::LO, identity.model.clone()),
        items(tags::SEGMENTATION_ALGORITHM_IDENTIFICATION_SEQUENCE, vec![identification]),
        code(tags::ANATOMIC_REGION_SEQUENCE, "12738006", "SCT", "Brain"),
        DataElement::new(
            tags::RECOMMENDED_DISPLAY_CIE_LAB_VALUE,
            VR::US,
            PrimitiveValue::U16([42149, 43690, 49858][..].into()),
        ),
    ]);
    // Attributes that may be empty are written so; all others of the study are repeated as they are.
    let study = reference.study_attributes.iter().map(|(tag, value)| {
        let vr = match *tag {
            tags::STUDY_DATE | tags::PATIENT_BIRTH_DATE => VR::DA,
            tags::STUDY_TIME => VR::TM,
            tags::REFERRING_PHYSICIAN_NAME | tags::PATIENT_NAME => VR::PN,
            tags::PATIENT_ID => VR::LO,
            tags::PATIENT_SEX => VR::CS,
            _ => VR::SH,
        };
        string(*tag, vr, value.clone())
    });
    let fixed = [
        string(tags::STUDY_INSTANCE_UID, VR::UI, reference.study.clone()),
        string(tags::FRAME_OF_REFERENCE_UID, VR::UI, reference.frame_of_reference.clone()),
        string(tags::POSITION_REFERENCE_INDICATOR, VR::LO, ""),
        string(tags::MODALITY, VR::CS, "SEG"),
        string(tags::SERIES_NUMBER, VR::IS, "9001"),
        string(tags::SERIES_DESCRIPTION, VR::LO, "Tumour mask (research use)"),
        string(tags::MANUFACTURER, VR::LO, MANUFACTURER),
        string(tags::MANUFACTURER_MODEL_NAME, VR::LO, identity.model.clone()),
        string(tags::DEVICE_SERIAL_NUMBER, VR::LO, "none"),
        string(tags::SOFTWARE_VERSIONS, VR::LO, version),
        string(tags::INSTANCE_NUMBER, VR::IS, "1"),
        string(tags::CONTENT_DATE, VR::DA, identity.date.clone()),
        string(tags::CONTENT_TIME, VR::TM, identity.time.clone()),
        string(tags::SERIES_DATE, VR::DA, identity.date.clone()),
        string(tags::SERIES_TIME, VR::TM, identity.time.clone()),
        DataElement::new(
            tags::IMAGE_TYPE,
            VR::CS,
            PrimitiveValue::Strs(["DERIVED".to_owned(), "PRIMARY".to_owned()][..].into()),
        ),
        short(tags::SAMPLES_PER_PIXEL, 1),
        string(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        short(tags::PIXEL_REPRESENTATION, 0),
        string(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00"),
        string(tags::SEGMENTS_OVERLAP, VR::CS, "NO"),
        string(tags::CONTENT_LABEL, VR::CS, "TUMOUR"),
        string(tags::CONTENT_DESCRIPTION, VR::LO, "Tumour mask, research use, not a medical device"),
        string(tags::CONTENT_CREATOR_NAME, VR::PN, ""),
        items(tags::SEGMENT_SEQUENCE, vec![segment]),
    ];
    InMemDicomObject::from_element_iter(study.chain(fixed))
}

fn instances(sop_class: &str, slices: &[(String, Option<usize>)]) -> Vec<InMemDicomObject> {
    let mut known: Vec<&str> = Vec::new();
    for (instance, _) in slices {
        if !known.contains(&instance.as_str()) {
            known.push(instance);
        }
    }
    let referenced = |instance: &str| {
        item([
            string(tags::REFERENCED_SOP_CLASS_UID, VR::UI, sop_class),
            string(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, instance),
        ])
    };
    known.into_iter().map(referenced).collect()
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

fn frame(
    affine: &Affine,
    sop_class: &str,
    slices: &[(String, Option<usize>)],
    slice: usize,
    order: usize,
) -> InMemDicomObject {
    let (instance, number) = &slices[slice];
    // Slices that were side by side on one image are not where its pixels are.
    let tiled = number.is_none() && slices.iter().filter(|(other, _)| other == instance).count() > 1;
    let mut source = item([
        string(tags::REFERENCED_SOP_CLASS_UID, VR::UI, sop_class),
        string(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, instance.clone()),
        // The same pixels: readers may find a frame by its image.
        string(tags::SPATIAL_LOCATIONS_PRESERVED, VR::CS, if tiled { "NO" } else { "YES" }),
        code(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, "121322", "DCM", "Source image for image processing operation"),
    ]);
    if let Some(number) = number {
        source.put(string(tags::REFERENCED_FRAME_NUMBER, VR::IS, number.to_string()));
    }
    item([
        items(
            tags::DERIVATION_IMAGE_SEQUENCE,
            vec![item([
                items(tags::SOURCE_IMAGE_SEQUENCE, vec![source]),
                code(tags::DERIVATION_CODE_SEQUENCE, "113076", "DCM", "Segmentation"),
            ])],
        ),
        items(
            tags::FRAME_CONTENT_SEQUENCE,
            vec![item([DataElement::new(
                tags::DIMENSION_INDEX_VALUES,
                VR::UL,
                PrimitiveValue::U32([1, order as u32 + 1][..].into()),
            )])],
        ),
        items(
            tags::PLANE_POSITION_SEQUENCE,
            vec![item([decimals(tags::IMAGE_POSITION_PATIENT, &affine.apply([0.0, 0.0, slice as f64]))])],
        ),
        items(tags::SEGMENT_IDENTIFICATION_SEQUENCE, vec![item([short(tags::REFERENCED_SEGMENT_NUMBER, 1)])]),
    ])
}

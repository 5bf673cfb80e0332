//! A mask into a DICOM segmentation of the series that it was drawn on, and such a file back into a mask.
//!
//! Attributes and their places: DICOM PS3.3 A.51 (Segmentation IOD), C.8.20 (segmentation modules) and C.7.6.16
//! (functional groups); codes from SNOMED CT and PS3.16.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, DicomValue, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use thiserror::Error;

use crate::composite::Composite;
use crate::dicom::{DicomFile, Reference, integer, numbers, reference, text};
use crate::geometry::{Affine, Geometry, Placement, distance};
use crate::label_map::LabelMap;
use crate::series::Origin;

/// Share of a voxel by which a frame may lie beside its slice.
const BESIDE: f64 = 0.1;

/// What marks a segmentation that this program wrote.
const MANUFACTURER: &str = "ResUnet++ in the browser";

/// Who drew a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// The network alone.
    Automatic,
    /// The network and a person.
    SemiAutomatic,
}

/// Why no segmentation can be written or read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SegmentationError {
    /// The study is no DICOM series.
    #[error("a DICOM segmentation refers to DICOM images, and this study has none; save NIfTI instead")]
    NoReference,
    /// Nothing is marked.
    #[error("the mask is empty, and a DICOM segmentation cannot be; there is nothing to save")]
    Empty,
    /// The file could not be put together.
    #[error("the DICOM segmentation could not be written ({0})")]
    Write(String),
    /// The segmentation is of another kind.
    #[error("it is a {0} segmentation; only binary ones are read")]
    Kind(String),
    /// The file contradicts itself.
    #[error("the DICOM segmentation is damaged ({0})")]
    Damaged(&'static str),
    /// It marks another series.
    #[error("it marks images that are not those of the study on screen")]
    OtherStudy,
}

/// What a new file needs from outside: this crate has no clock and no chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Three random numbers, for the identifiers of series, file and dimensions.
    pub random: [u128; 3],
    /// Today, as `YYYYMMDD`.
    pub date: String,
    /// Now, as `HHMMSS`.
    pub time: String,
    /// Name of the network.
    pub model: String,
    /// Probability from which a voxel is marked, where it is the same in all slices.
    pub threshold: Option<f32>,
}

type Element = DataElement<InMemDicomObject>;

fn string(tag: Tag, vr: VR, value: impl Into<String>) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::from(value.into()))
}

fn short(tag: Tag, value: u16) -> Element {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

fn decimals(tag: Tag, values: &[f64]) -> Element {
    let strings = values.iter().map(|&value| decimal(value)).collect::<Vec<_>>();
    DataElement::new(tag, VR::DS, PrimitiveValue::Strs(strings.into()))
}

fn pointer(tag: Tag, value: Tag) -> Element {
    DataElement::new(tag, VR::AT, PrimitiveValue::Tags([value][..].into()))
}

fn items(tag: Tag, items: Vec<InMemDicomObject>) -> Element {
    DataElement::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::from(items)))
}

fn item<const N: usize>(elements: [Element; N]) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(elements)
}

fn code(tag: Tag, value: &str, scheme: &str, meaning: &str) -> Element {
    items(
        tag,
        vec![item([
            string(tags::CODE_VALUE, VR::SH, value),
            string(tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme),
            string(tags::CODE_MEANING, VR::LO, meaning),
        ])],
    )
}

/// A number in the 16 characters that a decimal string has.
fn decimal(value: f64) -> String {
    (0..=14)
        .rev()
        .map(|digits| format!("{value:.digits$}"))
        .find(|text| text.len() <= 16)
        .unwrap_or_else(|| format!("{value:.8e}"))
}

fn uid(random: u128) -> String {
    // PS3.5 B.2: a UUID as one number below 2.25.
    format!("2.25.{random}")
}

/// The bytes of a DICOM segmentation with these pixels marked, `i` fastest, on the slices of `study`.
///
/// Only slices with marks become frames, each with a reference to its source image.
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
    let [columns, rows, _] = study.source.size;
    let area = columns * rows;
    let frames: Vec<usize> = (0..slices.len()).filter(|&at| marked[at * area..(at + 1) * area].contains(&1)).collect();
    if frames.is_empty() {
        return Err(SegmentationError::Empty);
    }
    let mut bits = vec![0u8; (frames.len() * area).div_ceil(8).next_multiple_of(2)];
    let pixels = frames.iter().flat_map(|&at| &marked[at * area..(at + 1) * area]);
    for (at, _) in pixels.enumerate().filter(|(_, mark)| **mark == 1) {
        bits[at / 8] |= 1 << (at % 8);
    }

    let [series_uid, instance_uid, dimension_uid] = identity.random.map(uid);
    let mut dataset = described(reference, algorithm, identity);
    for element in [
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
            frames.iter().enumerate().map(|(order, &at)| frame(&affine, sop_class, &slices[at], at, order)).collect(),
        ),
        DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::U8(bits.into())),
    ] {
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

/// Everything that is the same for each mask of a study: patient, equipment, kind of image, the one segment.
fn described(reference: &Reference, algorithm: Algorithm, identity: &Identity) -> InMemDicomObject {
    let by = match algorithm {
        Algorithm::Automatic => "AUTOMATIC",
        Algorithm::SemiAutomatic => "SEMIAUTOMATIC",
    };
    let version = env!("CARGO_PKG_VERSION");
    let mut network = item([
        code(tags::ALGORITHM_FAMILY_CODE_SEQUENCE, "123109", "DCM", "Artificial Intelligence"),
        string(tags::ALGORITHM_NAME, VR::LO, identity.model.clone()),
        string(tags::ALGORITHM_VERSION, VR::LO, version),
    ]);
    if let Some(threshold) = identity.threshold {
        // PS3.3, table 10-19: the input parameters, in whatever form the manufacturer chooses.
        network.put(string(tags::ALGORITHM_PARAMETERS, VR::LT, format!("threshold={threshold}")));
    }
    let segment = item([
        short(tags::SEGMENT_NUMBER, 1),
        string(tags::SEGMENT_LABEL, VR::LO, "Tumour"),
        code(tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, "49755003", "SCT", "Morphologically Abnormal Structure"),
        code(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, "108369006", "SCT", "Neoplasm"),
        string(tags::SEGMENT_ALGORITHM_TYPE, VR::CS, by),
        string(tags::SEGMENT_ALGORITHM_NAME, VR::LO, identity.model.clone()),
        items(tags::SEGMENTATION_ALGORITHM_IDENTIFICATION_SEQUENCE, vec![network]),
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
        short(tags::BITS_ALLOCATED, 1),
        short(tags::BITS_STORED, 1),
        short(tags::HIGH_BIT, 0),
        short(tags::PIXEL_REPRESENTATION, 0),
        string(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00"),
        string(tags::SEGMENTATION_TYPE, VR::CS, "BINARY"),
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
    let [x, y, step] = affine.spacing_mm();
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
    (instance, number): &(String, Option<usize>),
    slice: usize,
    order: usize,
) -> InMemDicomObject {
    let mut source = item([
        string(tags::REFERENCED_SOP_CLASS_UID, VR::UI, sop_class),
        string(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, instance.clone()),
        // The same pixels: readers may find a frame by its image.
        string(tags::SPATIAL_LOCATIONS_PRESERVED, VR::CS, "YES"),
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

/// Whether this program wrote the segmentation.
pub fn is_own_segmentation(file: &DicomFile) -> bool {
    text(file, tags::MANUFACTURER) == MANUFACTURER
}

/// What a segmentation marks, on the grid of the study's file.
///
/// All segments count as one.
///
/// # Errors
///
/// [`SegmentationError`] if it is damaged, of another kind, or of another study.
pub fn read_segmentation(file: &DicomFile, study: &Composite) -> Result<LabelMap, SegmentationError> {
    let kind = text(file, tags::SEGMENTATION_TYPE);
    if kind != "BINARY" {
        return Err(SegmentationError::Kind(kind.to_lowercase()));
    }
    let Placement::Patient(affine) = study.source.placement else { return Err(SegmentationError::OtherStudy) };
    if let Origin::Dicom { reference: of_study, .. } = &study.origin {
        let own = reference(file);
        if !own.frame_of_reference.is_empty() && own.frame_of_reference != of_study.frame_of_reference {
            return Err(SegmentationError::OtherStudy);
        }
    }
    let [columns, rows, slices] = study.source.size;
    let side = |tag| integer(file, tag).unwrap_or(0) as usize;
    if (side(tags::COLUMNS), side(tags::ROWS)) != (columns, rows) {
        return Err(SegmentationError::OtherStudy);
    }
    let groups = file.get(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).and_then(|element| element.items());
    let groups = groups.ok_or(SegmentationError::Damaged("it describes no frames"))?;
    let pixels = file.get(tags::PIXEL_DATA).and_then(|element| element.to_bytes().ok());
    let bits = pixels.ok_or(SegmentationError::Damaged("it has no pixels"))?;
    let area = columns * rows;
    if bits.len() < (area * groups.len()).div_ceil(8) {
        return Err(SegmentationError::Damaged("it has fewer pixels than its frames need"));
    }
    let step = affine.spacing_mm()[2];
    let mut marked = vec![0; study.source.voxels()];
    for (order, group) in groups.iter().enumerate() {
        let place = group.get(tags::PLANE_POSITION_SEQUENCE).and_then(|element| element.items()?.first());
        let place = place.and_then(|item| numbers(item, tags::IMAGE_POSITION_PATIENT));
        let place = place.and_then(|values| <[f64; 3]>::try_from(values).ok());
        let place = place.ok_or(SegmentationError::Damaged("a frame does not say where it lies"))?;
        let beside = |slice: &usize| distance(affine.apply([0.0, 0.0, *slice as f64]), place);
        let slice = (0..slices).min_by(|a, b| beside(a).total_cmp(&beside(b))).filter(|at| beside(at) <= BESIDE * step);
        let slice = slice.ok_or(SegmentationError::OtherStudy)?;
        for pixel in 0..area {
            let at = order * area + pixel;
            marked[slice * area + pixel] |= bits[at / 8] >> (at % 8) & 1;
        }
    }
    Ok(LabelMap { geometry: Geometry { ..study.source }, marked })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::{Instance, Pixels, Plane, Reading, read_dicom};
    use crate::stack::stack;

    fn study() -> Composite {
        let (sin, cos) = 0.2f64.sin_cos();
        let instances = (0..4).map(|at| Instance {
            name: format!("IM{at}"),
            reference: Reference {
                study: "1.2.3".into(),
                series: "1.2.3.4".into(),
                frame_of_reference: "1.2.3.9".into(),
                study_attributes: vec![(tags::PATIENT_NAME, "Doe^Jane".into()), (tags::PATIENT_ID, "7".into())],
            },
            sop_class: uids::MR_IMAGE_STORAGE.into(),
            sop_instance: format!("1.2.3.4.{at}"),
            description: "FLAIR".into(),
            patient: Vec::new(),
            columns: 5,
            rows: 3,
            inverted: false,
            window: None,
            padding: None,
            planes: vec![Plane {
                frame: 1,
                order: vec![at],
                // Sagittal and tilted, so that nothing is where it would be by chance.
                position: Some([30.0 - 4.0 * cos * at as f64, -50.0 + 4.0 * sin * at as f64, 60.0]),
                orientation: Some([[sin, cos, 0.0], [0.0, 0.0, -1.0]]),
                spacing_mm: Some([0.5, 0.75]),
                step_mm: None,
                rescale: (1.0, 0.0),
                pixels: Pixels::Unsigned((0..15).collect()),
            }],
        });
        let (series, warnings) = stack(instances.collect()).remove(0);
        assert_eq!(warnings, []);
        Composite::new(&series, None, None).unwrap()
    }

    fn identity() -> Identity {
        Identity {
            random: [1, 2, 3],
            date: "20260101".into(),
            time: "120000".into(),
            model: "ResUnet++".into(),
            threshold: Some(0.03),
        }
    }

    #[test]
    fn a_mask_comes_back_to_the_bit() {
        let study = study();
        let mut marked = vec![0; study.geometry.voxels()];
        // One slice of the file stays empty and so becomes no frame.
        (0..marked.len()).filter(|at| at % 3 == 0).for_each(|at| marked[at] = 1);
        let mut source = study.to_source(&marked);
        source[15..30].fill(0);
        let marked = study.from_source(&source);
        let bytes = write_segmentation(&study, &marked, Algorithm::SemiAutomatic, &identity()).unwrap();
        let Ok(Reading::Segmentation(file)) = read_dicom("seg.dcm", &bytes) else { panic!("no segmentation") };
        assert_eq!(integer(&file, tags::NUMBER_OF_FRAMES), Some(3));
        let read = read_segmentation(&file, &study).unwrap();
        assert_eq!(read.on(&study).unwrap(), marked);
    }

    #[test]
    fn an_empty_mask_and_a_study_without_dicom_are_refused() {
        let mut study = study();
        let empty = vec![0; study.geometry.voxels()];
        let written = |study: &Composite| write_segmentation(study, &empty, Algorithm::Automatic, &identity());
        assert_eq!(written(&study), Err(SegmentationError::Empty));
        study.origin = Origin::File;
        assert_eq!(written(&study), Err(SegmentationError::NoReference));
    }

    #[test]
    fn decimal_strings_fit() {
        for value in [0.0, -0.123456789012345, 1234.567890123, -1e12, 1e300] {
            let text = decimal(value);
            assert!(text.len() <= 16, "{text}");
            let back: f64 = text.parse().unwrap();
            assert!((back - value).abs() <= 1e-7 * value.abs().max(1.0), "{text}");
        }
    }
}

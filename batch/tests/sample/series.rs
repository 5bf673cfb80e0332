//! Slices of the sample's FLAIR as a DICOM series, of whomever a test wants, and what files of DICOM hold.

use std::fs;
use std::path::{Path, PathBuf};

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

use super::{left, sample};

const SIDE: usize = 256;
/// Slices that are taken of the three first of [`sample`].
const SLICES: [usize; 2] = [1, 2];

/// What images say of their patient and examination.
pub type Whose = [(Tag, VR, &'static str)];

/// A patient and an examination with all that tells whose it is.
pub const WHOSE: [(Tag, VR, &str); 9] = [
    (tags::PATIENT_NAME, VR::PN, "Doe^Jane"),
    (tags::PATIENT_ID, VR::LO, "PID-77310"),
    (tags::PATIENT_BIRTH_DATE, VR::DA, "19571103"),
    (tags::STUDY_DATE, VR::DA, "20240317"),
    (tags::STUDY_TIME, VR::TM, "074613"),
    (tags::ACCESSION_NUMBER, VR::SH, "ACC-90125"),
    (tags::REFERRING_PHYSICIAN_NAME, VR::PN, "Referrer^Rita"),
    (tags::STUDY_ID, VR::SH, "SID-4471"),
    (tags::SERIES_DESCRIPTION, VR::LO, "AX FLAIR OF JANE"),
];

/// The beginning of all identifiers.
pub const UID_ROOT: &str = "1.2.826.0.1.3680043.10.999";

/// Writes slices as the series of an examination of this number; file names begin with `name`.
pub fn write_series(folder: &Path, name: &str, examination: u32, whose: &Whose) {
    fs::create_dir_all(folder).unwrap();
    let bytes = sample("flair", 3);
    for (at, slice) in SLICES.into_iter().enumerate() {
        // The sample is kept in NIfTI's order, which is turned by half against DICOM's.
        let pixels = bytes[352 + slice * SIDE * SIDE..][..SIDE * SIDE].iter().rev().map(|&value| u16::from(value));
        fs::write(folder.join(format!("{name}{at}.dcm")), file(examination, at, whose, pixels.collect())).unwrap();
    }
}

fn file(examination: u32, at: usize, whose: &Whose, pixels: Vec<u16>) -> Vec<u8> {
    let text = |tag: Tag, vr: VR, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let short = |tag: Tag, value: usize| DataElement::new(tag, VR::US, PrimitiveValue::from(value as u16));
    let decimals = |tag: Tag, values: &[f64]| {
        let values: Vec<String> = values.iter().map(f64::to_string).collect();
        DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values.into()))
    };
    let study = format!("{UID_ROOT}.{examination}");
    let instance = format!("{study}.1.{}", at + 1);
    let fixed = [
        text(tags::SOP_CLASS_UID, VR::UI, uids::MR_IMAGE_STORAGE),
        text(tags::SOP_INSTANCE_UID, VR::UI, &instance),
        text(tags::STUDY_INSTANCE_UID, VR::UI, &study),
        text(tags::SERIES_INSTANCE_UID, VR::UI, &format!("{study}.1")),
        text(tags::FRAME_OF_REFERENCE_UID, VR::UI, &format!("{study}.9")),
        text(tags::MODALITY, VR::CS, "MR"),
        text(tags::INSTANCE_NUMBER, VR::IS, &(at + 1).to_string()),
        short(tags::ROWS, SIDE),
        short(tags::COLUMNS, SIDE),
        decimals(tags::PIXEL_SPACING, &[1.0, 1.0]),
        decimals(tags::SLICE_THICKNESS, &[5.0]),
        decimals(tags::IMAGE_ORIENTATION_PATIENT, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
        decimals(tags::IMAGE_POSITION_PATIENT, &[-128.0, -128.0, 5.0 * at as f64]),
        short(tags::SAMPLES_PER_PIXEL, 1),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        short(tags::BITS_ALLOCATED, 16),
        short(tags::BITS_STORED, 16),
        short(tags::HIGH_BIT, 15),
        short(tags::PIXEL_REPRESENTATION, 0),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(pixels.into())),
    ];
    let whose = whose.iter().map(|(tag, vr, value)| text(*tag, *vr, value));
    let object = InMemDicomObject::from_element_iter(whose.chain(fixed));
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(uids::MR_IMAGE_STORAGE)
        .media_storage_sop_instance_uid(instance);
    let mut bytes = Vec::new();
    object.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
    bytes
}

/// Files in a folder whose names end so, by name.
pub fn named(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    found.sort();
    found
}

/// The text of an attribute, without what fills it up.
pub fn text(object: &InMemDicomObject, tag: Tag) -> String {
    object.element(tag).unwrap().to_str().unwrap().trim_end_matches(['\0', ' ']).to_owned()
}

pub fn items(object: &InMemDicomObject, tag: Tag) -> Vec<InMemDicomObject> {
    object.element(tag).ok().and_then(|found| found.items()).map(<[_]>::to_vec).unwrap_or_default()
}

/// All content items, at any depth.
pub fn content(object: &InMemDicomObject) -> Vec<InMemDicomObject> {
    items(object, tags::CONTENT_SEQUENCE).into_iter().flat_map(|item| [content(&item), vec![item]].concat()).collect()
}

/// Lays DICOM files of a run, its table and its source images into `target/exports-batch`, where `batch/tests/independent.py` reads
/// them with other people's programs.
pub fn leave(name: &str, source: &Path, out: &Path, study: &str) {
    let folder = left(&format!("exports-batch/{name}"));
    for file in ["mask.dcm", "report.dcm"] {
        fs::copy(out.join(format!("{study}_{file}")), folder.join(file)).unwrap();
    }
    fs::copy(out.join("studies.csv"), folder.join("studies.csv")).unwrap();
    for (at, path) in named(source, ".dcm").iter().enumerate() {
        fs::copy(path, folder.join(format!("source-{at:02}.dcm"))).unwrap();
    }
}

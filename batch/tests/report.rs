//! The program on a DICOM series: a segmentation and the report that refers to it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject, open_file};
use flate2::read::GzDecoder;

const SIDE: usize = 256;
/// Slices of the sample's FLAIR that show the tumour.
const SLICES: [usize; 2] = [11, 12];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Writes slices of the sample's FLAIR as a DICOM series.
fn write_series(folder: &Path) {
    let path = root().join("public/samples/TCGA_CS_4941_19960909_flair.nii.gz");
    let mut bytes = Vec::new();
    GzDecoder::new(&fs::read(path).unwrap()[..]).read_to_end(&mut bytes).unwrap();
    for (at, slice) in SLICES.into_iter().enumerate() {
        // The sample is kept in NIfTI's order, which is turned by half against DICOM's.
        let pixels = bytes[352 + slice * SIDE * SIDE..][..SIDE * SIDE].iter().rev().map(|&value| u16::from(value));
        fs::write(folder.join(format!("{at}.dcm")), file(at, pixels.collect())).unwrap();
    }
}

fn file(at: usize, pixels: Vec<u16>) -> Vec<u8> {
    let text = |tag: Tag, vr: VR, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let short = |tag: Tag, value: usize| DataElement::new(tag, VR::US, PrimitiveValue::from(value as u16));
    let decimals = |tag: Tag, values: &[f64]| {
        let values: Vec<String> = values.iter().map(f64::to_string).collect();
        DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values.into()))
    };
    let instance = format!("1.2.3.1.{}", at + 1);
    let object = InMemDicomObject::from_element_iter([
        text(tags::SOP_CLASS_UID, VR::UI, uids::MR_IMAGE_STORAGE),
        text(tags::SOP_INSTANCE_UID, VR::UI, &instance),
        text(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.3"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.3.1"),
        text(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.3.9"),
        text(tags::MODALITY, VR::CS, "MR"),
        text(tags::PATIENT_NAME, VR::PN, "Test^Report"),
        text(tags::SERIES_DESCRIPTION, VR::LO, "AX FLAIR"),
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
    ]);
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(uids::MR_IMAGE_STORAGE)
        .media_storage_sop_instance_uid(instance);
    let mut bytes = Vec::new();
    object.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
    bytes
}

fn items(object: &InMemDicomObject, tag: Tag) -> Vec<InMemDicomObject> {
    object.element(tag).ok().and_then(|found| found.items()).map(<[_]>::to_vec).unwrap_or_default()
}

/// All content items, at any depth.
fn content(object: &InMemDicomObject) -> Vec<InMemDicomObject> {
    items(object, tags::CONTENT_SEQUENCE).into_iter().flat_map(|item| [content(&item), vec![item]].concat()).collect()
}

#[test]
fn a_report_lies_beside_the_segmentation_that_it_refers_to() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&input).unwrap();
    write_series(&input);
    let mut program = Command::new(env!("CARGO_BIN_EXE_gliolens"));
    program.arg("segment").arg(&input).arg("--out").arg(&out).args(["--write", "report,seg"]);
    program.arg("--model").arg(root().join("public/models/lgg-resunetpp"));
    let run = program.output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));

    let names = |ending: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
    };
    let [mask] = &names("_mask.dcm")[..] else { panic!("{:?}", names("")) };
    let [report] = &names("_report.dcm")[..] else { panic!("{:?}", names("")) };
    let uid = open_file(mask).unwrap().element(tags::SOP_INSTANCE_UID).unwrap().to_str().unwrap().into_owned();
    let report = open_file(report).unwrap();
    let content = content(&report);
    let referenced = content.iter().flat_map(|item| items(item, tags::REFERENCED_SOP_SEQUENCE)).any(|of| {
        of.element(tags::REFERENCED_SOP_INSTANCE_UID).unwrap().to_str().unwrap().trim_end_matches('\0')
            == uid.trim_end_matches('\0')
    });
    assert!(referenced, "the report refers to the segmentation beside it");

    let table = fs::read_to_string(out.join("studies.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let cell = |name: &str| rows[1][rows[0].iter().position(|column| *column == name).unwrap()];
    let measured = |code: &str| -> f64 {
        let of = |item: &&InMemDicomObject| {
            items(item, tags::CONCEPT_NAME_CODE_SEQUENCE)
                .iter()
                .any(|name| name.element(tags::CODE_VALUE).unwrap().to_str().unwrap().trim() == code)
        };
        let item = content.iter().find(of).unwrap();
        let value = &items(item, tags::MEASURED_VALUE_SEQUENCE)[0];
        value.element(tags::NUMERIC_VALUE).unwrap().to_float64().unwrap()
    };
    let volume: f64 = cell("volume_ml").parse().unwrap();
    assert!(volume > 1.0 && (measured("118565006") - volume).abs() < 0.01, "{volume}");
    assert!(measured("42798000") > measured("103339001"), "an area and its long axis");
    assert!(measured("103339001") >= measured("103340004"));
}

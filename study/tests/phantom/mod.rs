//! An asymmetric phantom, a formula of the place in the patient, as NIfTI and as DICOM, with a tumour.
#![allow(dead_code, reason = "each test program uses its part")]

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, DicomValue, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use study::{Affine, Composite, Identity, Placement, Reading, read_dicom, read_nifti, stack};

/// Intensity of the phantom at a place in the patient, in mm (LPS): different along every axis.
pub fn intensity([x, y, z]: [f64; 3]) -> u16 {
    (2000.0 + 11.0 * x + 3.0 * y + 5.0 * z).round() as u16
}

/// How far outside the phantom's tumour a place is, an ellipsoid off the middle: less than 0 inside.
fn depth([x, y, z]: [f64; 3]) -> f64 {
    ((x - 12.0) / 18.0).powi(2) + ((y + 8.0) / 11.0).powi(2) + ((z - 5.0) / 14.0).powi(2) - 1.0
}

/// Whether the phantom's tumour covers a place.
pub fn is_tumor(place: [f64; 3]) -> bool {
    depth(place) <= 0.0
}

/// Grids by name: size, and the map from indices to mm in LPS.
pub fn grids() -> [(&'static str, [usize; 3], Affine); 8] {
    let (sin, cos) = 0.35f64.sin_cos();
    [
        ("axial", [70, 60, 12], Affine([[1.0, 0.0, 0.0, -35.0], [0.0, 1.25, 0.0, -40.0], [0.0, 0.0, 4.0, -20.0]])),
        // Head first, from the head down, seen from above.
        ("flipped", [70, 60, 12], Affine([[-1.0, 0.0, 0.0, 36.0], [0.0, -1.25, 0.0, 36.0], [0.0, 0.0, -4.0, 24.0]])),
        ("sagittal", [60, 50, 18], Affine([[0.0, 0.0, 3.0, -22.0], [1.25, 0.0, 0.0, -40.0], [0.0, -1.0, 0.0, 30.0]])),
        ("coronal", [70, 50, 14], Affine([[1.0, 0.0, 0.0, -35.0], [0.0, 0.0, -4.5, 28.0], [0.0, -1.0, 0.0, 30.0]])),
        (
            "oblique",
            [70, 60, 13],
            Affine([
                [cos, -1.25 * sin, 0.0, -28.0],
                [sin * cos, 1.25 * cos * cos, -4.0 * sin, -25.0],
                [sin * sin, 1.25 * sin * cos, 4.0 * cos, -42.0],
            ]),
        ),
        // Two marked slices whose bits need a third, and lone slices of 2 and of 3 bytes.
        ("few", [7, 5, 4], Affine([[6.0, 0.0, 0.0, -6.0], [0.0, 6.0, 0.0, -20.0], [0.0, 0.0, 20.0, -25.0]])),
        ("lone", [5, 3, 1], Affine([[8.0, 0.0, 0.0, -4.0], [0.0, 12.0, 0.0, -20.0], [0.0, 0.0, 5.0, 5.0]])),
        ("lone-in-bytes", [8, 3, 1], Affine([[8.0, 0.0, 0.0, -4.0], [0.0, 12.0, 0.0, -20.0], [0.0, 0.0, 5.0, 5.0]])),
    ]
}

pub fn places(size: [usize; 3], affine: Affine) -> impl Iterator<Item = [f64; 3]> {
    let [width, height, depth] = size;
    (0..width * height * depth)
        .map(move |at| affine.apply([at % width, at / width % height, at / width / height].map(|v| v as f64)))
}

/// The phantom as a NIfTI file of 16 bit.
pub fn nifti(size: [usize; 3], affine: Affine) -> Vec<u8> {
    nifti_of(size, affine, places(size, affine).map(intensity))
}

/// A NIfTI file of these numbers of 16 bit.
pub fn nifti_of(size: [usize; 3], affine: Affine, numbers: impl Iterator<Item = u16>) -> Vec<u8> {
    let mut header = vec![0u8; 352];
    let mut put = |place: usize, bytes: &[u8]| header[place..place + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    let dim = [3, size[0] as i16, size[1] as i16, size[2] as i16, 1, 1, 1, 1];
    dim.iter().enumerate().for_each(|(at, v)| put(40 + 2 * at, &v.to_le_bytes()));
    put(70, &512i16.to_le_bytes());
    put(72, &16i16.to_le_bytes());
    let [x, y, z] = affine.spacing_mm().axes();
    [1.0, x, y, z].iter().enumerate().for_each(|(at, &v)| put(76 + 4 * at, &(v as f32).to_le_bytes()));
    put(108, &352f32.to_le_bytes());
    put(123, &[2]);
    put(254, &1i16.to_le_bytes());
    let rows = affine.mirrored().0;
    rows.as_flattened().iter().enumerate().for_each(|(at, &v)| put(280 + 4 * at, &(v as f32).to_le_bytes()));
    put(344, b"n+1\0");
    header.extend(numbers.flat_map(u16::to_le_bytes));
    header
}

type Element = DataElement<InMemDicomObject>;

fn text(tag: Tag, vr: VR, value: &str) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

fn short(tag: Tag, value: u16) -> Element {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

fn decimals(tag: Tag, values: &[f64]) -> Element {
    let values: Vec<String> = values.iter().map(|v| format!("{v:.9}")).collect();
    DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values.into()))
}

fn items(tag: Tag, items: Vec<InMemDicomObject>) -> Element {
    DataElement::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::from(items)))
}

/// A sequence of one item.
fn one(tag: Tag, elements: Vec<Element>) -> Element {
    items(tag, vec![InMemDicomObject::from_element_iter(elements)])
}

/// Study Instance UID, and of the series and the frame of reference.
pub const STUDY: &str = "1.2.826.0.1.3680043.10.999.1000";
const SERIES: &str = "1.2.826.0.1.3680043.10.999.1001";
const FRAME_OF_REFERENCE: &str = "1.2.826.0.1.3680043.10.999.1002";

/// Whose the phantom is: what no file without patient data may hold.
pub const WHOSE: [(Tag, VR, &str); 9] = [
    (tags::PATIENT_NAME, VR::PN, "Phantom^Asymmetric"),
    (tags::PATIENT_ID, VR::LO, "PID-77310"),
    (tags::PATIENT_BIRTH_DATE, VR::DA, "19571103"),
    (tags::STUDY_DATE, VR::DA, "20260317"),
    (tags::STUDY_TIME, VR::TM, "074613"),
    (tags::ACCESSION_NUMBER, VR::SH, "ACC-90125"),
    (tags::REFERRING_PHYSICIAN_NAME, VR::PN, "Referrer^Rita"),
    (tags::STUDY_ID, VR::SH, "SID-4471"),
    (tags::SERIES_DESCRIPTION, VR::LO, "FLAIR of Phantom"),
];

/// What all images of the phantom have in common.
fn common(sop_class: &str, uid: &str) -> Vec<Element> {
    let whose = WHOSE.map(|(tag, vr, value)| text(tag, vr, value));
    let fixed = [
        text(tags::SOP_CLASS_UID, VR::UI, sop_class),
        text(tags::SOP_INSTANCE_UID, VR::UI, uid),
        text(tags::STUDY_INSTANCE_UID, VR::UI, STUDY),
        text(tags::SERIES_INSTANCE_UID, VR::UI, SERIES),
        text(tags::FRAME_OF_REFERENCE_UID, VR::UI, FRAME_OF_REFERENCE),
        text(tags::MODALITY, VR::CS, "MR"),
        text(tags::PATIENT_SEX, VR::CS, "O"),
        text(tags::SERIES_NUMBER, VR::IS, "1"),
        short(tags::SAMPLES_PER_PIXEL, 1),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        short(tags::BITS_ALLOCATED, 16),
        short(tags::BITS_STORED, 16),
        short(tags::HIGH_BIT, 15),
    ];
    whose.into_iter().chain(fixed).collect()
}

fn file(sop_class: &str, uid: &str, elements: Vec<Element>) -> Vec<u8> {
    let object = InMemDicomObject::from_element_iter(common(sop_class, uid).into_iter().chain(elements));
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(sop_class)
        .media_storage_sop_instance_uid(uid);
    let mut bytes = Vec::new();
    object.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
    bytes
}

/// SOP Instance UID of an image.
pub fn image_uid(at: usize) -> String {
    format!("1.2.826.0.1.3680043.10.999.{at}")
}

/// The phantom as one Enhanced MR file, its frames from the last to the first.
pub fn enhanced(size: [usize; 3], affine: Affine) -> Vec<u8> {
    let [width, height, depth] = size;
    let numbers: Vec<u16> = places(size, affine).map(intensity).collect();
    let spacing = affine.spacing_mm().axes();
    let unit = |axis: usize| affine.column(axis).map(|v| v / spacing[axis]);
    let frames: Vec<usize> = (0..depth).rev().collect();
    let described = frames.iter().map(|&at| {
        let position = decimals(tags::IMAGE_POSITION_PATIENT, &affine.apply([0.0, 0.0, at as f64]));
        InMemDicomObject::from_element_iter([one(tags::PLANE_POSITION_SEQUENCE, vec![position])])
    });
    let orientation = decimals(tags::IMAGE_ORIENTATION_PATIENT, &[unit(0), unit(1)].concat());
    let measures =
        vec![decimals(tags::PIXEL_SPACING, &[spacing[1], spacing[0]]), decimals(tags::SLICE_THICKNESS, &[spacing[2]])];
    let shared =
        vec![one(tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]), one(tags::PIXEL_MEASURES_SEQUENCE, measures)];
    let area = width * height;
    let pixels: Vec<u16> = frames.iter().flat_map(|at| &numbers[at * area..(at + 1) * area]).copied().collect();
    let elements = vec![
        text(tags::INSTANCE_NUMBER, VR::IS, "1"),
        text(tags::NUMBER_OF_FRAMES, VR::IS, &depth.to_string()),
        short(tags::ROWS, height as u16),
        short(tags::COLUMNS, width as u16),
        short(tags::PIXEL_REPRESENTATION, 0),
        one(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, shared),
        items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, described.collect()),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(pixels.into())),
    ];
    file(uids::ENHANCED_MR_IMAGE_STORAGE, &image_uid(0), elements)
}

/// The phantom as DICOM files, one a slice.
pub fn dicom(size: [usize; 3], affine: Affine, signed: bool) -> Vec<Vec<u8>> {
    let [width, height, depth] = size;
    let numbers: Vec<u16> = places(size, affine).map(intensity).collect();
    let spacing = affine.spacing_mm().axes();
    let unit = |axis: usize| affine.column(axis).map(|v| v / spacing[axis]);
    let slice = |at: usize| {
        // Signed ones are stored 3000 lower, which the rescaling takes back.
        let stored = numbers[at * width * height..(at + 1) * width * height].iter();
        let stored: Vec<u16> = stored.map(|&v| if signed { (v as i16 - 3000) as u16 } else { v }).collect();
        let elements = vec![
            // Counted from the other end: the place decides.
            text(tags::INSTANCE_NUMBER, VR::IS, &(depth - at).to_string()),
            short(tags::ROWS, height as u16),
            short(tags::COLUMNS, width as u16),
            decimals(tags::PIXEL_SPACING, &[spacing[1], spacing[0]]),
            decimals(tags::SLICE_THICKNESS, &[spacing[2]]),
            decimals(tags::IMAGE_ORIENTATION_PATIENT, &[unit(0), unit(1)].concat()),
            decimals(tags::IMAGE_POSITION_PATIENT, &affine.apply([0.0, 0.0, at as f64])),
            decimals(tags::RESCALE_SLOPE, &[1.0]),
            decimals(tags::RESCALE_INTERCEPT, &[if signed { 3000.0 } else { 0.0 }]),
            short(tags::PIXEL_REPRESENTATION, signed.into()),
            DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(stored.into())),
        ];
        file(uids::MR_IMAGE_STORAGE, &image_uid(at), elements)
    };
    (0..depth).map(slice).collect()
}

/// The study in some DICOM files, in an order that says nothing.
pub fn from_dicom(files: &[Vec<u8>]) -> Composite {
    let instances = files.iter().rev().enumerate().map(|(at, bytes)| match read_dicom(&format!("IM{at}"), bytes) {
        Ok(Reading::Image(instance)) => *instance,
        other => panic!("{other:?}"),
    });
    let mut all = stack(instances.collect());
    assert_eq!((all.len(), &all[0].1[..]), (1, &[][..]));
    Composite::new(&all.remove(0).0, None, None).unwrap()
}

pub fn from_nifti(bytes: &[u8]) -> Composite {
    let mut all = read_nifti("flair.nii", bytes).unwrap();
    assert_eq!((all.len(), &all[0].1[..]), (1, &[][..]));
    Composite::new(&all.remove(0).0, None, None).unwrap()
}

/// The phantom's tumour on a study's slices.
pub fn tumor(composite: &Composite) -> Vec<u8> {
    let Placement::Patient(affine) = composite.geometry.placement else { panic!("no place") };
    places(composite.geometry.size.axes(), affine).map(|place| is_tumor(place).into()).collect()
}

/// Identity of a file, by its number; without patient data where a secret is given.
pub fn identity(number: u128, secret: Option<[u8; 32]>) -> Identity {
    Identity {
        random: std::array::from_fn(|at| 10 * number + at as u128),
        date: "20260401".into(),
        time: "120000".into(),
        model: "test".into(),
        thresholds: vec![0.25],
        deidentified: secret.map(study::Secret),
    }
}

/// Probabilities that are at least 0.25 where the tumour is, and fall with the distance from it.
pub fn probabilities(composite: &Composite) -> Vec<u8> {
    let Placement::Patient(affine) = composite.geometry.placement else { panic!("no place") };
    let probability = |place| {
        let near = (-1.3 * depth(place)).exp();
        (0.25 * near).clamp(0.0, 1.0)
    };
    places(composite.geometry.size.axes(), affine)
        .map(|place| {
            let level = (255.0 * probability(place)).round() as u8;
            if is_tumor(place) { level.max(64) } else { level.min(63) }
        })
        .collect()
}

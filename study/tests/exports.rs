//! An asymmetric phantom through every format, in and out, oblique and flipped grids included.
//!
//! The phantom is a formula of the place in the patient, so that a wrong axis, side or step shows. What is written is
//! left in `target/exports/`, where `independent.py` reads it with other people's programs.

use std::fs;
use std::path::PathBuf;

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use imaging::{Diameters, Mask, SpacingMm};
use study::{
    Affine, Algorithm, Composite, Identity, LabelMap, Placement, Reading, is_own_mask, read_dicom, read_nifti,
    read_segmentation, stack, write_nifti, write_segmentation,
};

/// Intensity of the phantom at a place in the patient, in mm (LPS): different along every axis.
fn intensity([x, y, z]: [f64; 3]) -> u16 {
    (2000.0 + 11.0 * x + 3.0 * y + 5.0 * z).round() as u16
}

/// Whether the phantom's tumour, an ellipsoid off the middle, covers a place.
fn is_tumor([x, y, z]: [f64; 3]) -> bool {
    ((x - 12.0) / 18.0).powi(2) + ((y + 8.0) / 11.0).powi(2) + ((z - 5.0) / 14.0).powi(2) <= 1.0
}

/// Grids by name: size, and the map from indices to mm in LPS.
fn grids() -> [(&'static str, [usize; 3], Affine); 8] {
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

fn places(size: [usize; 3], affine: Affine) -> impl Iterator<Item = [f64; 3]> {
    let [width, height, depth] = size;
    (0..width * height * depth)
        .map(move |at| affine.apply([at % width, at / width % height, at / width / height].map(|v| v as f64)))
}

/// The phantom as a NIfTI file of 16 bit.
fn nifti(size: [usize; 3], affine: Affine) -> Vec<u8> {
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
    header.extend(places(size, affine).flat_map(|place| intensity(place).to_le_bytes()));
    header
}

/// The phantom as DICOM files, one a slice.
fn dicom(size: [usize; 3], affine: Affine, signed: bool) -> Vec<Vec<u8>> {
    let [width, height, depth] = size;
    let numbers: Vec<u16> = places(size, affine).map(intensity).collect();
    let spacing = affine.spacing_mm().axes();
    let unit = |axis: usize| affine.column(axis).map(|v| v / spacing[axis]);
    let text = |tag: Tag, vr: VR, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let short = |tag: Tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
    let decimals = |tag: Tag, values: &[f64]| {
        let values: Vec<String> = values.iter().map(|v| format!("{v:.9}")).collect();
        DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values.into()))
    };
    let slice = |at: usize| {
        let uid = format!("1.2.826.0.1.3680043.10.999.{at}");
        // Signed ones are stored 3000 lower, which the rescaling takes back.
        let stored = numbers[at * width * height..(at + 1) * width * height].iter();
        let stored: Vec<u16> = stored.map(|&v| if signed { (v as i16 - 3000) as u16 } else { v }).collect();
        let object = InMemDicomObject::from_element_iter([
            text(tags::SOP_CLASS_UID, VR::UI, uids::MR_IMAGE_STORAGE),
            text(tags::SOP_INSTANCE_UID, VR::UI, &uid),
            text(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.826.0.1.3680043.10.999.1000"),
            text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.826.0.1.3680043.10.999.1001"),
            text(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.826.0.1.3680043.10.999.1002"),
            text(tags::MODALITY, VR::CS, "MR"),
            text(tags::PATIENT_NAME, VR::PN, "Phantom^Asymmetric"),
            text(tags::PATIENT_ID, VR::LO, "P1"),
            text(tags::STUDY_DATE, VR::DA, "20260101"),
            text(tags::STUDY_TIME, VR::TM, "120000"),
            text(tags::SERIES_DESCRIPTION, VR::LO, "FLAIR"),
            text(tags::SERIES_NUMBER, VR::IS, "1"),
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
            short(tags::SAMPLES_PER_PIXEL, 1),
            text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
            short(tags::BITS_ALLOCATED, 16),
            short(tags::BITS_STORED, 16),
            short(tags::HIGH_BIT, 15),
            short(tags::PIXEL_REPRESENTATION, signed.into()),
            DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(stored.into())),
        ]);
        let meta = FileMetaTableBuilder::new()
            .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
            .media_storage_sop_class_uid(uids::MR_IMAGE_STORAGE)
            .media_storage_sop_instance_uid(&uid);
        let mut bytes = Vec::new();
        object.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
        bytes
    };
    (0..depth).map(slice).collect()
}

/// The study in some DICOM files, in an order that says nothing.
fn from_dicom(files: &[Vec<u8>]) -> Composite {
    let instances = files.iter().rev().enumerate().map(|(at, bytes)| match read_dicom(&format!("IM{at}"), bytes) {
        Ok(Reading::Image(instance)) => *instance,
        other => panic!("{other:?}"),
    });
    let mut all = stack(instances.collect());
    assert_eq!((all.len(), &all[0].1[..]), (1, &[][..]));
    Composite::new(&all.remove(0).0, None, None).unwrap()
}

fn from_nifti(bytes: &[u8]) -> Composite {
    let mut all = read_nifti("flair.nii", bytes).unwrap();
    assert_eq!((all.len(), &all[0].1[..]), (1, &[][..]));
    Composite::new(&all.remove(0).0, None, None).unwrap()
}

/// Every voxel shows what is at its place in the patient, and axes run to the left, to the back and to the head.
fn check_places(name: &str, composite: &Composite) {
    let Placement::Patient(affine) = composite.geometry.placement else { panic!("{name}: no place") };
    assert!((0..3).all(|axis| affine.column(axis)[axis] > 0.0), "{name}: {affine:?}");
    let flair = composite.sequence(1);
    for (at, place) in places(composite.geometry.size.axes(), affine).enumerate() {
        let shown = flair.intercept + flair.slope * f64::from(flair.stored.get(at));
        // Headers round places.
        assert!((shown - f64::from(intensity(place))).abs() <= 1.0, "{name}: {shown} at {place:?}");
    }
}

/// The phantom's tumour on a study's slices.
fn tumor(composite: &Composite) -> Vec<u8> {
    let Placement::Patient(affine) = composite.geometry.placement else { panic!("no place") };
    places(composite.geometry.size.axes(), affine).map(|place| is_tumor(place).into()).collect()
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/exports").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What this program measures, for others to measure too.
fn measured(composite: &Composite, marked: &[u8]) -> serde_json::Value {
    let [width, height, depth] = composite.geometry.size.axes();
    let [x_mm, y_mm, _] = composite.geometry.spacing_mm().unwrap().axes();
    let slices = (0..depth).map(|at| {
        let pixels = &marked[at * width * height..(at + 1) * width * height];
        let mask = Mask::new(width, height, pixels.iter().map(|&mark| mark == 1).collect());
        let diameters = Diameters::of(&mask, [x_mm, y_mm]);
        serde_json::json!({
            "area_mm2": mask.area_px() as f64 * x_mm * y_mm,
            "longest_mm": diameters.map(|d| d.longest.length([x_mm, y_mm])),
            "perpendicular_mm": diameters.map(|d| d.perpendicular.length([x_mm, y_mm])),
        })
    });
    let voxels = marked.iter().filter(|&&mark| mark == 1).count() as f64;
    serde_json::json!({
        "spacing_mm": composite.geometry.spacing_mm().map(SpacingMm::axes),
        "volume_ml": voxels * composite.geometry.voxel_mm3().unwrap() / 1000.0,
        "slices": slices.collect::<Vec<_>>(),
    })
}

#[test]
fn the_phantom_is_where_it_is_in_every_format_and_its_mask_comes_back() {
    for (name, size, affine) in grids() {
        let files = dicom(size, affine, name == "sagittal");
        let studies = [("dicom", from_dicom(&files)), ("nifti", from_nifti(&nifti(size, affine)))];
        for (format, composite) in &studies {
            let name = format!("{name}-{format}");
            check_places(&name, composite);
            let marked = tumor(composite);
            let folder = folder(&name);

            let bytes = write_nifti(&composite.source, &composite.to_source(&marked));
            assert!(is_own_mask(&bytes));
            let (series, _) = read_nifti("mask.nii.gz", &bytes).unwrap().remove(0);
            assert!(LabelMap::of(&series).on(composite).unwrap() == marked, "{name}: the NIfTI mask moved");
            fs::write(folder.join("mask.nii.gz"), bytes).unwrap();
            fs::write(folder.join("measures.json"), measured(composite, &marked).to_string()).unwrap();

            let identity = Identity {
                random: [7, 8, 9],
                date: "20260101".into(),
                time: "120000".into(),
                model: "test".into(),
                thresholds: vec![0.25],
            };
            let segmentation = write_segmentation(composite, &marked, Algorithm::Automatic, &identity);
            if *format == "nifti" {
                assert!(segmentation.is_err(), "{name}: there are no images to refer to");
                continue;
            }
            let bytes = segmentation.unwrap();
            let Ok(Reading::Segmentation(file)) = read_dicom("mask.dcm", &bytes) else { panic!("{name}: no SEG") };
            let read = read_segmentation(&file, composite).unwrap();
            assert!(read.on(composite).unwrap() == marked, "{name}: the DICOM mask moved");
            fs::write(folder.join("mask.dcm"), bytes).unwrap();
            for (at, file) in files.iter().enumerate() {
                fs::write(folder.join(format!("source-{at:02}.dcm")), file).unwrap();
            }
            let inside: Vec<bool> = places(size, affine).map(is_tumor).collect();
            let count = |slice: &[bool]| slice.iter().filter(|&&is_inside| is_inside).count();
            let counts: Vec<usize> = inside.chunks(size[0] * size[1]).map(count).collect();
            fs::write(folder.join("marked-pixels.json"), serde_json::json!(counts).to_string()).unwrap();
        }
    }
}

#[test]
fn a_mask_of_another_grid_is_refused() {
    let [(_, size, axial), (_, _, flipped), ..] = grids();
    let study = from_nifti(&nifti(size, axial));
    let shifted = Affine([[1.0, 0.0, 0.0, -30.0], [0.0, 1.25, 0.0, -40.0], [0.0, 0.0, 4.0, -20.0]]);
    let other = from_nifti(&nifti(size, shifted));
    let bytes = write_nifti(&other.source, &tumor(&other));
    let (series, _) = read_nifti("seg.nii.gz", &bytes).unwrap().remove(0);
    assert!(LabelMap::of(&series).on(&study).is_err());
    // The same voxels in another order are the same grid.
    let turned = from_nifti(&nifti(size, flipped));
    let Placement::Patient(affine) = turned.source.placement else { panic!("no place") };
    assert_eq!(affine.column(0), [-1.0, 0.0, 0.0]);
}

//! Images of many slices side by side: taken apart where the header says how, else refused, and never a head by mistake.

use std::fs;
use std::path::Path;

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, DicomValue, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use study::{Instance, LeftOut, Pixels, Placement, Reading, SeriesWarning, read_dicom, stack};

/// Slices on the made images, and their sides in pixels: not square, so that a wrong axis shows.
const SLICES: usize = 5;
const WIDTH: usize = 20;
const HEIGHT: usize = 24;
/// Slices beside each other: the smallest square that holds five.
const ACROSS: usize = 3;

fn text(tag: Tag, vr: VR, value: &str) -> DataElement<InMemDicomObject> {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

fn short(tag: Tag, value: u16) -> DataElement<InMemDicomObject> {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

fn decimals(tag: Tag, values: &[f64]) -> DataElement<InMemDicomObject> {
    let values: Vec<String> = values.iter().map(|v| format!("{v:.6}")).collect();
    DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values.into()))
}

fn file(dataset: InMemDicomObject) -> Vec<u8> {
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(uids::MR_IMAGE_STORAGE)
        .media_storage_sop_instance_uid("1.2.3");
    let mut bytes = Vec::new();
    dataset.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
    bytes
}

fn image(columns: usize, rows: usize, image_type: &str, numbers: Vec<u16>) -> InMemDicomObject {
    InMemDicomObject::from_element_iter([
        text(tags::SOP_CLASS_UID, VR::UI, uids::MR_IMAGE_STORAGE),
        text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.4"),
        text(tags::MODALITY, VR::CS, "MR"),
        text(tags::IMAGE_TYPE, VR::CS, image_type),
        short(tags::COLUMNS, columns as u16),
        short(tags::ROWS, rows as u16),
        short(tags::SAMPLES_PER_PIXEL, 1),
        short(tags::BITS_ALLOCATED, 16),
        short(tags::BITS_STORED, 16),
        short(tags::HIGH_BIT, 15),
        short(tags::PIXEL_REPRESENTATION, 0),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        decimals(tags::PIXEL_SPACING, &[3.0, 2.0]),
        decimals(tags::SPACING_BETWEEN_SLICES, &[4.0]),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(numbers.into())),
    ])
}

/// The number of a voxel: heads of which each is another, dark around them.
fn number([x, y, slice]: [usize; 3]) -> u16 {
    let inside = (3..WIDTH - 3).contains(&x) && (3..HEIGHT - 3).contains(&y);
    if inside { 100 + (x + 30 * y + 1000 * slice) as u16 } else { 0 }
}

/// Slices side by side, as high as wide or only as high as needed.
fn tiled(down: usize, image_type: &str) -> InMemDicomObject {
    let (columns, rows) = (ACROSS * WIDTH, down * HEIGHT);
    let numbers = (0..columns * rows).map(|at| {
        let (x, y) = (at % columns, at / columns);
        let slice = x / WIDTH + ACROSS * (y / HEIGHT);
        if slice < SLICES { number([x % WIDTH, y % HEIGHT, slice]) } else { 0 }
    });
    let mut dataset = image(columns, rows, image_type, numbers.collect());
    dataset.put(decimals(tags::IMAGE_ORIENTATION_PATIENT, &[1.0, 0.0, 0.0, 0.0, 0.8, 0.6]));
    dataset
}

/// A header of Siemens' with some entries, in its first or second version.
fn csa(second: bool, entries: &[(&str, &[&str])]) -> Vec<u8> {
    let mut bytes = if second { b"SV10\x04\x03\x02\x01".to_vec() } else { Vec::new() };
    let put = |bytes: &mut Vec<u8>, v: usize| bytes.extend((v as u32).to_le_bytes());
    put(&mut bytes, entries.len());
    put(&mut bytes, 77);
    let first = entries[0].1.len();
    for (name, values) in entries {
        let mut padded = [0u8; 64];
        padded[..name.len()].copy_from_slice(name.as_bytes());
        bytes.extend(padded);
        put(&mut bytes, values.len());
        bytes.extend(*b"FD\0\0");
        [4, values.len(), 77].into_iter().for_each(|v| put(&mut bytes, v));
        for value in *values {
            let length = value.len() + 1;
            let lengths = if second { [length, length, 77, length] } else { [length + first, 0, 77, 0] };
            lengths.into_iter().for_each(|v| put(&mut bytes, v));
            bytes.extend(value.bytes());
            bytes.resize((bytes.len() + 1).next_multiple_of(4), 0);
        }
    }
    bytes
}

fn siemens(second: bool) -> InMemDicomObject {
    let mut dataset = tiled(ACROSS, "ORIGINAL\\PRIMARY\\M\\MOSAIC");
    // Against the cross product of rows and columns: the header decides.
    let normal: &[&str] = &["0.00000000", "0.60000000", "-0.80000000"];
    let entries: &[(&str, &[&str])] =
        &[("EchoLinePosition", &["1"]), ("NumberOfImagesInMosaic", &["5"]), ("SliceNormalVector", normal)];
    dataset.put(text(Tag(0x29, 0x10), VR::LO, "SIEMENS CSA HEADER"));
    dataset.put(DataElement::new(Tag(0x29, 0x1010), VR::OB, PrimitiveValue::from(csa(second, entries))));
    // Of a slice as large as the mosaic, with the first slice's middle: (3 − 1) / 2 slices further out on both axes.
    let (right_mm, down_mm) = (WIDTH as f64 * 2.0, HEIGHT as f64 * 3.0);
    dataset
        .put(decimals(tags::IMAGE_POSITION_PATIENT, &[-50.0 - right_mm, -60.0 - 0.8 * down_mm, 70.0 - 0.6 * down_mm]));
    dataset
}

fn united_imaging() -> InMemDicomObject {
    let mut dataset = tiled(2, "ORIGINAL\\PRIMARY\\M\\VFRAME");
    let item = |slice: usize| {
        let step_mm = 4.0 * slice as f64;
        let place = [-50.0, -60.0 + 0.6 * step_mm, 70.0 - 0.8 * step_mm];
        InMemDicomObject::from_element_iter([decimals(tags::IMAGE_POSITION_PATIENT, &place)])
    };
    dataset.put(text(Tag(0x65, 0x10), VR::LO, "Image Private Header"));
    let items: Vec<InMemDicomObject> = (0..SLICES).map(item).collect();
    dataset.put(DataElement::new(Tag(0x65, 0x1051), VR::SQ, DicomValue::Sequence(DataSetSequence::from(items))));
    dataset
}

fn instance(dataset: InMemDicomObject) -> Instance {
    match read_dicom("IM1", &file(dataset)) {
        Ok(Reading::Image(instance)) => *instance,
        other => panic!("{other:?}"),
    }
}

fn left_out(dataset: InMemDicomObject) -> Option<LeftOut> {
    match read_dicom("IM1", &file(dataset)) {
        Ok(Reading::LeftOut(why)) => Some(why),
        Ok(Reading::Image(_)) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tiles_become_slices_at_their_places() {
    for dataset in [siemens(false), siemens(true), united_imaging()] {
        let mut volumes = stack(vec![instance(dataset)]);
        let (series, warnings) = volumes.remove(0);
        assert_eq!((volumes.len(), warnings), (0, Vec::new()));
        assert_eq!(series.volume.geometry.size.axes(), [WIDTH, HEIGHT, SLICES]);
        let Placement::Patient(affine) = series.volume.geometry.placement else { panic!("no place") };
        // The stack runs along the cross product of rows and columns, so the last tile comes first.
        let last = SLICES - 1;
        for slice in 0..SLICES {
            let step_mm = 4.0 * (last - slice) as f64;
            let place = affine.apply([0.0, 0.0, slice as f64]);
            let expected = [-50.0, -60.0 + 0.6 * step_mm, 70.0 - 0.8 * step_mm];
            assert!(place.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3), "{place:?}, not {expected:?}");
        }
        for at in 0..series.volume.geometry.voxels() {
            let index = [at % WIDTH, at / WIDTH % HEIGHT, last - at / WIDTH / HEIGHT];
            assert_eq!(series.volume.values.get(at), f64::from(number(index)), "at {index:?}");
        }
    }
}

#[test]
fn several_mosaics_are_several_volumes() {
    let images = (1..4).map(|number| {
        let mut dataset = united_imaging();
        dataset.put(text(tags::INSTANCE_NUMBER, VR::IS, &number.to_string()));
        dataset.put(text(tags::SOP_INSTANCE_UID, VR::UI, &format!("1.2.3.{number}")));
        instance(dataset)
    });
    let volumes = stack(images.collect());
    assert_eq!(volumes.len(), 3);
    assert_eq!(volumes[0].1, [SeriesWarning::Repeated(3)]);
    assert!(volumes.iter().all(|(series, _)| series.volume.geometry.size.depth == SLICES));
}

#[test]
fn tiles_that_do_not_say_where_they_lie_are_refused() {
    let bare = |mut dataset: InMemDicomObject, absent: &[Tag]| {
        absent.iter().for_each(|&tag| assert!(dataset.remove_element(tag), "{tag} was there"));
        dataset
    };
    let header = Tag(0x29, 0x1010);
    let places = Tag(0x65, 0x1051);
    for dataset in [
        bare(siemens(true), &[tags::IMAGE_POSITION_PATIENT]),
        bare(siemens(true), &[tags::IMAGE_ORIENTATION_PATIENT]),
        bare(siemens(true), &[header]),
        // Its type removed as well: the picture alone says what it is.
        bare(siemens(true), &[header, tags::IMAGE_TYPE, tags::IMAGE_POSITION_PATIENT]),
        bare(united_imaging(), &[places]),
        bare(united_imaging(), &[places, tags::IMAGE_TYPE]),
    ] {
        assert_eq!(left_out(dataset), Some(LeftOut::Mosaic));
    }
    // A number of slices that the image has no room for.
    let mut odd = siemens(true);
    odd.put(text(Tag(0x19, 0x10), VR::LO, "SIEMENS MR HEADER"));
    odd.put(short(Tag(0x19, 0x100a), 50));
    assert_eq!(left_out(odd), Some(LeftOut::Mosaic));
}

#[test]
fn damaged_headers_are_no_panic() {
    let whole = csa(true, &[("NumberOfImagesInMosaic", &["5"]), ("SliceNormalVector", &["0", "0", "1"])]);
    for length in (0..whole.len()).step_by(3) {
        for byte in [0, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[length..].fill(byte);
            let mut dataset = siemens(true);
            dataset.put(DataElement::new(Tag(0x29, 0x1010), VR::OB, PrimitiveValue::from(damaged)));
            assert!(read_dicom("IM1", &file(dataset)).is_ok());
        }
    }
}

#[test]
fn a_mosaic_in_name_only_is_a_slice() {
    // One head on the whole image, whose type was never taken back.
    let (columns, rows) = (64, 60);
    let head = (0..columns * rows).map(|at| {
        let (x, y) = (at % columns, at / columns);
        let inside = (8..columns - 8).contains(&x) && (6..rows - 6).contains(&y);
        if inside { 500 + x as u16 } else { 3 }
    });
    let dataset = image(columns, rows, "ORIGINAL\\PRIMARY\\M\\MOSAIC", head.collect());
    let Pixels::Unsigned(numbers) = &instance(dataset).planes[0].pixels else { panic!("not as stored") };
    assert_eq!(numbers.len(), columns * rows);
}

#[test]
fn frames_are_slices_whatever_the_type_says() {
    let (columns, rows) = (ACROSS * WIDTH, 2 * HEIGHT);
    let one = image(columns, rows, "ORIGINAL\\PRIMARY\\M\\MOSAIC", vec![7; 3 * columns * rows]);
    let frames = [text(tags::NUMBER_OF_FRAMES, VR::IS, "3")];
    let many = InMemDicomObject::from_element_iter(one.into_iter().chain(frames));
    assert_eq!(instance(many).planes.len(), 3);
}

#[test]
fn a_mosaic_that_heads_fill_up_to_the_edge_is_left_out() {
    // No dark line between slices; the last of nine places is empty.
    let (columns, rows) = (3 * WIDTH, 3 * HEIGHT);
    let heads = (0..columns * rows).map(|at| {
        let (x, y) = (at % columns, at / columns);
        let slice = x / WIDTH + 3 * (y / HEIGHT);
        let [dx, dy] = [(x % WIDTH).abs_diff(9), (y % HEIGHT).abs_diff(13)];
        if slice < 8 { (900 - 10 * dx * dx.min(6) - 2 * dy * dy.min(9) + 7 * slice) as u16 } else { 0 }
    });
    let heads: Vec<u16> = heads.collect();
    let named = image(columns, rows, "ORIGINAL\\PRIMARY\\M\\MOSAIC", heads);
    assert_eq!(left_out(named), Some(LeftOut::Mosaic));
}

#[test]
fn heads_without_a_place_are_never_taken_for_a_grid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/samples");
    let mut seen = 0;
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        if path.extension().is_none_or(|extension| extension != "webp") {
            continue;
        }
        let slice = imaging::decode(&fs::read(path).unwrap()).unwrap();
        for sequence in 0..3 {
            let numbers: Vec<u16> = slice.sequence(sequence).iter().map(|v| (v * 4000.0) as u16).collect();
            // Whole, noisy, and cut at the middle, so that the head lies in a corner.
            let noisy = numbers.iter().enumerate().map(|(at, v)| v + (at * 7919 % 40) as u16).collect();
            let (width, height) = (slice.width(), slice.height());
            let corner = (height / 2..height).flat_map(|y| &numbers[y * width..][width / 2..width]).copied();
            for (columns, rows, numbers) in [
                (width, height, numbers.clone()),
                (width, height, noisy),
                (width - width / 2, height - height / 2, corner.collect()),
            ] {
                assert_eq!(left_out(image(columns, rows, "ORIGINAL\\PRIMARY", numbers)), None);
                seen += 1;
            }
        }
    }
    assert!(seen >= 9);
}

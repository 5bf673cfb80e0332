//! Series of several echoes, times, diffusion weights and parts of a signal, written as scanners do, in any order.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, DicomValue, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use study::{Instance, LeftOut, Placement, Reading, SeriesWarning, read_dicom, stack};

type Element = DataElement<InMemDicomObject>;

/// Places of a series, and the sides of its images in pixels.
const PLACES: usize = 6;
const SIDE: usize = 4;

fn text(tag: Tag, vr: VR, value: &str) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

fn short(tag: Tag, value: u16) -> Element {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

fn double(tag: Tag, value: f64) -> Element {
    DataElement::new(tag, VR::FD, PrimitiveValue::from(value))
}

fn decimals(tag: Tag, values: &[f64]) -> Element {
    let values: Vec<String> = values.iter().map(f64::to_string).collect();
    DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values.into()))
}

/// A sequence of items.
fn sequence(tag: Tag, items: Vec<Vec<Element>>) -> Element {
    let items: Vec<InMemDicomObject> = items.into_iter().map(InMemDicomObject::from_element_iter).collect();
    DataElement::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::from(items)))
}

/// What a file says of one image or of many: all pixels of an image have the number that it is given.
fn common(class: &str, instance: usize, images: &[u16]) -> Vec<Element> {
    let numbers: Vec<u16> = images.iter().flat_map(|&number| [number; SIDE * SIDE]).collect();
    vec![
        text(tags::SOP_CLASS_UID, VR::UI, class),
        text(tags::SOP_INSTANCE_UID, VR::UI, &format!("1.2.3.{instance}")),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.4"),
        text(tags::MODALITY, VR::CS, "MR"),
        text(tags::SERIES_DESCRIPTION, VR::LO, "T2"),
        text(tags::INSTANCE_NUMBER, VR::IS, &instance.to_string()),
        short(tags::ROWS, SIDE as u16),
        short(tags::COLUMNS, SIDE as u16),
        short(tags::SAMPLES_PER_PIXEL, 1),
        short(tags::BITS_ALLOCATED, 16),
        short(tags::BITS_STORED, 16),
        short(tags::HIGH_BIT, 15),
        short(tags::PIXEL_REPRESENTATION, 0),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(numbers.into())),
    ]
}

fn file(elements: Vec<Element>) -> Vec<u8> {
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(uids::MR_IMAGE_STORAGE)
        .media_storage_sop_instance_uid("1.2.3");
    let mut bytes = Vec::new();
    InMemDicomObject::from_element_iter(elements).with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
    bytes
}

fn read(elements: Vec<Element>) -> Instance {
    match read_dicom("IM1", &file(elements)) {
        Ok(Reading::Image(instance)) => *instance,
        other => panic!("{other:?}"),
    }
}

const AXIAL: [f64; 6] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];

/// A file of one image at a place, by the number of its kind.
fn single(instance: usize, place: usize, kind: u16, further: Vec<Element>) -> Instance {
    let own = [
        decimals(tags::IMAGE_POSITION_PATIENT, &[0.0, 0.0, 4.0 * place as f64]),
        decimals(tags::IMAGE_ORIENTATION_PATIENT, &AXIAL),
        decimals(tags::PIXEL_SPACING, &[1.0, 1.0]),
    ];
    read([common(uids::MR_IMAGE_STORAGE, instance, &[kind]), own.into(), further].concat())
}

/// The number of every place of every volume.
fn numbers(instances: Vec<Instance>) -> Vec<Vec<f64>> {
    let all = stack(instances);
    assert_eq!(all[0].1, [SeriesWarning::Repeated(all.len())]);
    let places = |values: &study::Values| (0..PLACES).map(|at| values.get(at * SIDE * SIDE)).collect();
    all.iter().map(|(series, _)| places(&series.volume.values)).collect()
}

/// Kinds at every place, in an order that differs from place to place; instances are numbered in that order.
fn mixed(kinds: usize) -> Vec<(usize, usize, usize)> {
    let places = (0..PLACES).flat_map(|place| (0..kinds).map(move |at| (place, (at + place) % kinds)));
    places.enumerate().map(|(instance, (place, kind))| (instance + 1, place, kind)).collect()
}

#[test]
fn files_of_one_image_are_sorted_by_what_they_say_of_it() {
    let decimal = |tag, values: [f64; 2]| values.map(|value| decimals(tag, &[value]));
    let types = ["ORIGINAL\\PRIMARY\\M\\NONE", "ORIGINAL\\PRIMARY\\P\\NONE"];
    let kinds: [(&str, [Element; 2]); 7] = [
        ("echo time", decimal(tags::ECHO_TIME, [9.84, 102.5])),
        ("inversion time", decimal(tags::INVERSION_TIME, [700.0, 2500.0])),
        ("flip angle", decimal(tags::FLIP_ANGLE, [5.0, 20.0])),
        ("diffusion weight", [0.0, 1000.0].map(|value| double(tags::DIFFUSION_B_VALUE, value))),
        ("part of the signal", types.map(|value| text(tags::IMAGE_TYPE, VR::CS, value))),
        ("acquisition time", ["095959.5", "100000.25"].map(|value| text(tags::ACQUISITION_TIME, VR::TM, value))),
        ("temporal position", ["1", "2"].map(|value| text(tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, value))),
    ];
    for (what, elements) in kinds {
        let images = mixed(2)
            .into_iter()
            .map(|(instance, place, kind)| single(instance, place, kind as u16, vec![elements[kind].clone()]));
        assert_eq!(numbers(images.collect()), [[0.0; PLACES], [1.0; PLACES]], "{what}");
    }
}

/// A file of many images, each with a functional group of its own.
fn enhanced(group: impl Fn(usize) -> Element) -> Vec<Vec<f64>> {
    let order = mixed(3);
    let images: Vec<u16> = order.iter().map(|&(_, _, kind)| kind as u16).collect();
    let groups = order.iter().map(|&(_, place, kind)| {
        let position = decimals(tags::IMAGE_POSITION_PATIENT, &[0.0, 0.0, 4.0 * place as f64]);
        vec![sequence(tags::PLANE_POSITION_SEQUENCE, vec![vec![position]]), group(kind)]
    });
    let shared = vec![
        sequence(tags::PLANE_ORIENTATION_SEQUENCE, vec![vec![decimals(tags::IMAGE_ORIENTATION_PATIENT, &AXIAL)]]),
        sequence(tags::PIXEL_MEASURES_SEQUENCE, vec![vec![decimals(tags::PIXEL_SPACING, &[1.0, 1.0])]]),
    ];
    let own = vec![
        text(tags::NUMBER_OF_FRAMES, VR::IS, &images.len().to_string()),
        sequence(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]),
        sequence(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups.collect()),
    ];
    numbers(vec![read([common(uids::ENHANCED_MR_IMAGE_STORAGE, 1, &images), own].concat())])
}

#[test]
fn images_of_one_file_are_sorted_by_their_functional_groups() {
    let expected = [[0.0; PLACES], [1.0; PLACES], [2.0; PLACES]];
    let times = [12.5, 80.0, 140.0];
    let echo = |kind: usize| vec![double(tags::EFFECTIVE_ECHO_TIME, times[kind])];
    assert_eq!(enhanced(|kind| sequence(tags::MR_ECHO_SEQUENCE, vec![echo(kind)])), expected);
    let weight = |kind: usize| vec![double(tags::DIFFUSION_B_VALUE, 500.0 * kind as f64)];
    assert_eq!(enhanced(|kind| sequence(tags::MR_DIFFUSION_SEQUENCE, vec![weight(kind)])), expected);
    let index = |tag, values: Vec<u32>| vec![DataElement::new(tag, VR::UL, PrimitiveValue::U32(values.into()))];
    let content = |item| sequence(tags::FRAME_CONTENT_SEQUENCE, vec![item]);
    assert_eq!(enhanced(|kind| content(index(tags::TEMPORAL_POSITION_INDEX, vec![kind as u32 + 1]))), expected);
    let dimensions = |kind: usize| index(tags::DIMENSION_INDEX_VALUES, vec![1, kind as u32 + 1]);
    assert_eq!(enhanced(|kind| content(dimensions(kind))), expected);
    let part = ["MAGNITUDE", "PHASE", "REAL"];
    let part = |kind: usize| vec![text(tags::COMPLEX_IMAGE_COMPONENT, VR::CS, part[kind])];
    assert_eq!(enhanced(|kind| sequence(tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, vec![part(kind)])), expected);
}

#[test]
fn numbers_of_colours_are_no_intensities() {
    let mut palette = common(uids::MR_IMAGE_STORAGE, 1, &[7]);
    palette.retain(|element| element.header().tag != tags::PHOTOMETRIC_INTERPRETATION);
    palette.push(text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "PALETTE COLOR"));
    assert!(matches!(read_dicom("IM1", &file(palette)), Ok(Reading::LeftOut(LeftOut::Colour))));
}

#[test]
fn directions_are_of_length_one_whatever_the_header_says() {
    for (length, spacing_mm) in [(10.0, 1.0), (1.001, 1.001)] {
        let turn = DataElement::new(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, {
            let values: Vec<String> = AXIAL.iter().map(|v| (v * length).to_string()).collect();
            PrimitiveValue::Strs(values.into())
        });
        let images = (0..PLACES).map(|place| single(place, place, 1, vec![turn.clone()])).collect();
        let Placement::Patient(affine) = stack(images)[0].0.volume.geometry.placement else { panic!("no place") };
        assert_eq!(affine.spacing_mm(), [spacing_mm, spacing_mm, 4.0].into());
    }
}

#[test]
fn a_table_of_intensities_is_used() {
    let table = |descriptor: [u16; 3], values: &[u16]| {
        let words = |tag, values: Vec<u16>| DataElement::new(tag, VR::US, PrimitiveValue::U16(values.into()));
        let item = vec![words(tags::LUT_DESCRIPTOR, descriptor.to_vec()), words(tags::LUT_DATA, values.to_vec())];
        sequence(tags::MODALITY_LUT_SEQUENCE, vec![item])
    };
    let value = |stored: u16, table: Element| {
        let padding = short(tags::PIXEL_PADDING_VALUE, 11);
        let image = single(1, 1, stored, vec![table, padding]);
        assert_eq!(image.padding, Some([500, 500]));
        stack(vec![image])[0].0.volume.values.get(0)
    };
    let whole = || table([3, 10, 16], &[900, 500, 40_000]);
    let values = [0, 10, 11, 12, 4000].map(|stored| value(stored, whole()));
    assert_eq!(values, [900.0, 900.0, 500.0, 40_000.0, 40_000.0]);
    // A table that is cut is none.
    let cut = single(1, 1, 12, vec![table([9, 10, 16], &[900, 500, 40_000])]);
    assert_eq!(stack(vec![cut])[0].0.volume.values.get(0), 12.0);
}

//! Segmentations written and read again, and damaged on the way.

use super::*;
use crate::composite::Composite;
use crate::derived::made::{enhanced, identity, sagittal};
use crate::derived::{Algorithm, Identity, Secret, WriteError, elements};
use crate::dicom::{Reading, integer, read_dicom, text};
use crate::series::Origin;
use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};

/// The file that this program writes of some content, read as DICOM.
fn file_of(study: &Composite, content: Content, identity: &Identity) -> DicomFile {
    let bytes = write_segmentation(study, content, Algorithm::SemiAutomatic, identity).unwrap();
    match read_dicom("seg.dcm", &bytes) {
        Ok(Reading::Segmentation(file)) => *file,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mask_comes_back_to_the_bit() {
    let study = sagittal();
    let mut marked = vec![0; study.geometry.voxels()];
    // The first slice of the file stays empty and so becomes no frame.
    (0..marked.len()).filter(|at| at % 3 == 0).for_each(|at| marked[at] = 1);
    let mut source = study.to_source(&marked);
    source[..15].fill(0);
    let marked = study.from_source(&source);
    let bytes = write_segmentation(&study, Content::Binary(&marked), Algorithm::SemiAutomatic, &identity()).unwrap();
    let Ok(Reading::Segmentation(file)) = read_dicom("seg.dcm", &bytes) else { panic!("no segmentation") };
    assert_eq!(integer(&file, tags::NUMBER_OF_FRAMES), Some(3));
    let read = read_segmentation(&file, &study).unwrap();
    assert_eq!(read.on(&study).unwrap(), marked);
}

#[test]
fn the_threshold_is_there_in_words_and_as_a_parameter_of_the_algorithm() {
    let study = sagittal();
    let marked = vec![1; study.geometry.voxels()];
    let count = |thresholds: Vec<f32>, words: &str| {
        let identity = Identity { thresholds, ..identity() };
        let bytes = write_segmentation(&study, Content::Binary(&marked), Algorithm::SemiAutomatic, &identity).unwrap();
        bytes.windows(words.len()).filter(|bytes| *bytes == words.as_bytes()).count()
    };
    for threshold in [0.25, 0.0474, 0.00105] {
        assert_eq!(count(vec![threshold], &format!("Probability threshold {threshold}")), 2);
    }
    assert_eq!(count(Vec::new(), "Probability threshold"), 0, "it is not known");
}

#[test]
fn an_empty_mask_and_a_study_without_dicom_are_refused() {
    let mut study = sagittal();
    let empty = vec![0; study.geometry.voxels()];
    let written =
        |study: &Composite| write_segmentation(study, Content::Binary(&empty), Algorithm::Automatic, &identity());
    assert_eq!(written(&study), Err(WriteError::Empty));
    study.origin = Origin::File;
    assert_eq!(written(&study), Err(WriteError::NoReference));
}

/// A segmentation of the study by some change to the file that this program writes of it.
fn changed(study: &Composite, marked: &[u8], change: impl Fn(&mut DicomFile)) -> Result<Marked, SegmentationError> {
    let bytes = write_segmentation(study, Content::Binary(marked), Algorithm::Automatic, &identity()).unwrap();
    let Ok(Reading::Segmentation(mut file)) = read_dicom("seg.dcm", &bytes) else { panic!("no segmentation") };
    change(&mut file);
    read_segmentation(&file, study)
}

/// Numbers of 8 bit instead of bits, all slices of the study being frames.
fn with_numbers(file: &mut DicomFile, kind: &str, numbers: Vec<u8>) {
    file.put(elements::string(tags::SEGMENTATION_TYPE, VR::CS, kind));
    file.put(elements::string(tags::MANUFACTURER, VR::LO, "another program"));
    for tag in [tags::BITS_ALLOCATED, tags::BITS_STORED] {
        file.put(elements::short(tag, 8));
    }
    file.put(elements::short(tags::HIGH_BIT, 7));
    file.put(elements::short(tags::MAXIMUM_FRACTIONAL_VALUE, 200));
    file.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::U8(numbers.into())));
}

fn segment(number: u16, label: &str) -> dicom_object::InMemDicomObject {
    elements::item([
        elements::short(tags::SEGMENT_NUMBER, number),
        elements::string(tags::SEGMENT_LABEL, VR::LO, label),
    ])
}

#[test]
fn half_of_the_maximal_value_marks_and_is_said() {
    let study = sagittal();
    let full = vec![1; study.geometry.voxels()];
    let numbers: Vec<u8> = (0..60).map(|at| [0, 99, 100, 200][at % 4]).collect();
    let read = changed(&study, &full, |file| with_numbers(file, "FRACTIONAL", numbers.clone())).unwrap();
    let expected: Vec<u8> = (0..60).map(|at| u8::from(at % 4 > 1)).collect();
    assert_eq!(read.map.marked, expected);
    assert_eq!(read.assumed, [Assumption::Half(200.0)]);
}

#[test]
fn of_a_label_map_tumours_count_or_all_where_none_is_named() {
    let study = sagittal();
    let full = vec![1; study.geometry.voxels()];
    let numbers: Vec<u8> = (0..60).map(|at| (at % 3) as u8).collect();
    let read = |first: &str, second: &str| {
        let segments = vec![segment(1, first), segment(2, second)];
        let change = |file: &mut DicomFile| {
            with_numbers(file, "LABELMAP", numbers.clone());
            file.put(elements::items(tags::SEGMENT_SEQUENCE, segments.clone()));
        };
        changed(&study, &full, change).unwrap()
    };
    let tumour = read("Brain", "Enhancing tumour");
    assert_eq!(tumour.map.marked, (0..60).map(|at| u8::from(at % 3 == 2)).collect::<Vec<_>>());
    assert_eq!(tumour.assumed, [Assumption::Chosen { taken: "Enhancing tumour".into(), left: "Brain".into() }]);
    let all = read("one", "two");
    assert_eq!(all.map.marked, (0..60).map(|at| u8::from(at % 3 > 0)).collect::<Vec<_>>());
    assert_eq!(all.assumed, [Assumption::Together("one, two".into())]);
}

#[test]
fn packed_frames_are_even_and_clear_where_slices_allow_it() {
    for (area, slices) in [(15, 40), (24, 3), (35, 4), (44863, 20), (65536, 5)] {
        let bytes = |count: usize| (count * area).div_ceil(8);
        let clear = |count: usize| {
            bytes(count).is_multiple_of(2) && (count == 1 || area % 8 == 0 || bytes(count) != count * bytes(1))
        };
        for first in 0..slices {
            for end in first + 1..=slices {
                match write::packed_frames(first..end, slices, area) {
                    Some(frames) => {
                        assert!(frames.start <= first && frames.end >= end && frames.end <= slices);
                        assert!(clear(frames.len()), "{frames:?} of {area}");
                    }
                    None => assert!(!(end - first..=slices).any(clear), "{first}..{end} of {area}"),
                }
            }
        }
    }
}

#[test]
fn bits_that_readers_would_doubt_become_bytes_and_come_back() {
    // Frames of 15 pixels: 1 to 7 of them are as long as if each began at a byte.
    let study = sagittal();
    let marked: Vec<u8> = (0..study.geometry.voxels()).map(|at| u8::from(at % 7 == 2)).collect();
    let bytes = write_segmentation(&study, Content::Binary(&marked), Algorithm::Automatic, &identity()).unwrap();
    let Ok(Reading::Segmentation(file)) = read_dicom("seg.dcm", &bytes) else { panic!("no segmentation") };
    assert_eq!(text(&file, tags::SEGMENTATION_TYPE), "FRACTIONAL");
    let pixels = file.get(tags::PIXEL_DATA).unwrap().to_bytes().unwrap().into_owned();
    assert_eq!(pixels, study.to_source(&marked).iter().map(|&mark| mark * 255).collect::<Vec<_>>());
    let read = read_segmentation(&file, &study).unwrap();
    assert_eq!((read.on(&study).unwrap(), read.assumed), (marked, vec![]));
}

#[test]
fn damaged_segmentations_are_refused() {
    let study = sagittal();
    let full = vec![1; study.geometry.voxels()];
    let damaged: [&dyn Fn(&mut DicomFile); 5] = [
        &|file| file.put(elements::short(tags::COLUMNS, u16::MAX)).map_or((), drop),
        &|file| file.put(elements::string(tags::NUMBER_OF_FRAMES, VR::IS, "2147483647")).map_or((), drop),
        &|file| file.put(elements::short(tags::ROWS, 0)).map_or((), drop),
        &|file| with_numbers(file, "LABELMAP", vec![1; 8]),
        &|file| file.put(elements::string(tags::SEGMENTATION_TYPE, VR::CS, "OTHER")).map_or((), drop),
    ];
    for damage in damaged {
        assert!(changed(&study, &full, damage).is_err());
    }
}

/// Marks in a pattern that is the same in no two directions.
fn pattern(study: &Composite) -> Vec<u8> {
    (0..study.geometry.voxels()).map(|at| u8::from(at % 7 == 2 || at > 50)).collect()
}

#[test]
fn a_label_map_comes_back_and_says_what_its_numbers_are() {
    for study in [sagittal(), enhanced()] {
        let marked = pattern(&study);
        let file = file_of(&study, Content::LabelMap(&marked), &identity());
        assert_eq!(text(&file, tags::SOP_CLASS_UID), uids::LABEL_MAP_SEGMENTATION_STORAGE);
        assert_eq!(text(&file, tags::SEGMENTATION_TYPE), "LABELMAP");
        assert_eq!(
            (integer(&file, tags::BITS_ALLOCATED), integer(&file, tags::PIXEL_PADDING_VALUE)),
            (Some(8), Some(0))
        );
        let read = read_segmentation(&file, &study).unwrap();
        assert_eq!((read.on(&study).unwrap(), read.assumed), (marked, vec![]));
    }
}

#[test]
fn probabilities_come_back_at_the_threshold_beside_them() {
    for study in [sagittal(), enhanced()] {
        let levels: Vec<u8> = (0..study.geometry.voxels()).map(|at| (at * 4 % 256) as u8).collect();
        let at = |thresholds: Vec<f32>| {
            let file = file_of(&study, Content::Probabilities(&levels), &Identity { thresholds, ..identity() });
            assert_eq!(text(&file, tags::SEGMENTATION_TYPE), "FRACTIONAL");
            assert_eq!(text(&file, tags::SEGMENTATION_FRACTIONAL_TYPE), "PROBABILITY");
            assert_eq!(integer(&file, tags::MAXIMUM_FRACTIONAL_VALUE), Some(255));
            let read = read_segmentation(&file, &study).unwrap();
            (read.on(&study).unwrap(), read.assumed)
        };
        let from = |least: u8| levels.iter().map(|&level| u8::from(level >= least)).collect::<Vec<_>>();
        let (marked, assumed) = at(vec![0.05]);
        assert_eq!(marked, from(13), "12 / 255 is less");
        assert_eq!(assumed, [Assumption::Threshold(0.05)]);
        assert_eq!(at(vec![]).0, from(128), "half where nothing is said");
        assert_eq!(at(vec![0.1, 0.2]).0, from(128), "no one threshold holds");
    }
}

#[test]
fn frames_of_one_file_are_referred_to_by_their_numbers() {
    let study = enhanced();
    let marked = vec![1; study.geometry.voxels()];
    let certain = vec![255; marked.len()];
    for content in [Content::Binary(&marked), Content::LabelMap(&marked), Content::Probabilities(&certain)] {
        let file = file_of(&study, content, &identity());
        let of_series = file.get(tags::REFERENCED_SERIES_SEQUENCE).unwrap().items().unwrap();
        let images = of_series[0].get(tags::REFERENCED_INSTANCE_SEQUENCE).unwrap().items().unwrap();
        assert_eq!(images.len(), 1, "one file, named once");
        let frames = file.get(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).unwrap().items().unwrap();
        let named = frames.iter().map(|frame| {
            let derived = &frame.get(tags::DERIVATION_IMAGE_SEQUENCE).unwrap().items().unwrap()[0];
            let image = &derived.get(tags::SOURCE_IMAGE_SEQUENCE).unwrap().items().unwrap()[0];
            assert_eq!(text(image, tags::REFERENCED_SOP_CLASS_UID), uids::ENHANCED_MR_IMAGE_STORAGE);
            integer(image, tags::REFERENCED_FRAME_NUMBER).unwrap()
        });
        assert_eq!(named.collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(read_segmentation(&file, &study).unwrap().on(&study).unwrap(), marked);
    }
}

#[test]
fn names_beyond_ascii_arrive() {
    let study = sagittal();
    let file = file_of(&study, Content::Binary(&pattern(&study)), &identity());
    assert_eq!(text(&file, tags::PATIENT_NAME), "Müller^Jörg");
}

#[test]
fn frames_do_not_overlap_and_are_sorted_by_place_in_every_kind() {
    let study = sagittal();
    let marked = pattern(&study);
    for content in [Content::Binary(&marked), Content::LabelMap(&marked), Content::Probabilities(&marked)] {
        let file = file_of(&study, content, &identity());
        assert_eq!(text(&file, tags::SEGMENTS_OVERLAP), "NO");
        assert_eq!(text(&file, tags::DIMENSION_ORGANIZATION_TYPE), "3D");
        let pixels = file.get(tags::PIXEL_DATA).unwrap().to_bytes().unwrap();
        assert!(pixels.len().is_multiple_of(2), "{content:?}");
    }
}

#[test]
fn without_patient_data_nothing_of_the_patient_is_left_and_the_study_stays_one() {
    let study = sagittal();
    let marked = pattern(&study);
    let with = |random: u128| {
        let identity = Identity {
            random: [random, random + 1, random + 2, random + 3],
            deidentified: Some(Secret([3; 32])),
            ..identity()
        };
        file_of(&study, Content::Binary(&marked), &identity)
    };
    let (one, other) = (with(10), with(20));
    assert!(text(&one, tags::PATIENT_NAME).starts_with("Anonymous^"));
    assert_eq!(text(&one, tags::PATIENT_IDENTITY_REMOVED), "YES");
    let methods = one.get(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE).unwrap().items().unwrap();
    assert_eq!(text(&methods[0], tags::CODE_VALUE), "113100");
    for tag in [tags::STUDY_INSTANCE_UID, tags::FRAME_OF_REFERENCE_UID, tags::PATIENT_ID] {
        assert_eq!(text(&one, tag), text(&other, tag));
        assert!(!text(&one, tag).starts_with("1.2.3"));
    }
    assert_ne!(text(&one, tags::SOP_INSTANCE_UID), text(&other, tags::SOP_INSTANCE_UID));
    assert!(one.get(tags::SERIES_DATE).is_none());
    assert_eq!(read_segmentation(&one, &study), Err(SegmentationError::OtherStudy), "nobody can tell whose it is");
}

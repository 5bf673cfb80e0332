//! A mask into a DICOM segmentation of the series that it was drawn on, and such a file back into a mask.
//!
//! Attributes and their places: DICOM PS3.3 A.51 (Segmentation IOD), C.8.20 (segmentation modules) and C.7.6.16
//! (functional groups); codes from SNOMED CT and PS3.16.

mod elements;
mod read;
mod write;

use dicom_dictionary_std::tags;
use thiserror::Error;

use crate::dicom::{DicomFile, text};

pub use read::{Marked, read_segmentation};
pub use write::write_segmentation;

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
    #[error("it is a segmentation of type {0}, which is not read; save it as BINARY, LABELMAP or FRACTIONAL")]
    Kind(String),
    /// The file contradicts itself.
    #[error("the DICOM segmentation is damaged ({0})")]
    Damaged(&'static str),
    /// Its pixels cannot be read.
    #[error("the DICOM segmentation cannot be read: {0}")]
    Pixels(String),
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
    /// Probabilities from which pixels count as tumour: one, several where slices differ, none where it is not known.
    pub thresholds: Vec<f32>,
}

/// Whether this program wrote the segmentation.
pub fn is_own_segmentation(file: &DicomFile) -> bool {
    text(file, tags::MANUFACTURER) == MANUFACTURER
}

#[cfg(test)]
mod tests {
    use super::elements::decimal;
    use super::*;
    use crate::composite::Composite;
    use crate::dicom::{Instance, Pixels, Plane, Reading, Reference, integer, read_dicom};
    use crate::series::Origin;
    use crate::stack::stack;
    use dicom_core::{DataElement, PrimitiveValue, VR};
    use dicom_dictionary_std::uids;

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
                kind: Vec::new(),
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
            thresholds: vec![0.25],
        }
    }

    #[test]
    fn a_mask_comes_back_to_the_bit() {
        let study = study();
        let mut marked = vec![0; study.geometry.voxels()];
        // The first slice of the file stays empty and so becomes no frame.
        (0..marked.len()).filter(|at| at % 3 == 0).for_each(|at| marked[at] = 1);
        let mut source = study.to_source(&marked);
        source[..15].fill(0);
        let marked = study.from_source(&source);
        let bytes = write_segmentation(&study, &marked, Algorithm::SemiAutomatic, &identity()).unwrap();
        let Ok(Reading::Segmentation(file)) = read_dicom("seg.dcm", &bytes) else { panic!("no segmentation") };
        assert_eq!(integer(&file, tags::NUMBER_OF_FRAMES), Some(3));
        let read = read_segmentation(&file, &study).unwrap();
        assert_eq!(read.on(&study).unwrap(), marked);
    }

    #[test]
    fn the_threshold_is_there_in_words_and_as_a_parameter_of_the_algorithm() {
        let study = study();
        let marked = vec![1; study.geometry.voxels()];
        let count = |thresholds: Vec<f32>, words: &str| {
            let identity = Identity { thresholds, ..identity() };
            let bytes = write_segmentation(&study, &marked, Algorithm::SemiAutomatic, &identity).unwrap();
            bytes.windows(words.len()).filter(|bytes| *bytes == words.as_bytes()).count()
        };
        for threshold in [0.25, 0.0474, 0.00105] {
            assert_eq!(count(vec![threshold], &format!("Probability threshold {threshold}")), 2);
        }
        assert_eq!(count(Vec::new(), "Probability threshold"), 0, "it is not known");
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

    /// A segmentation of the study by some change to the file that this program writes of it.
    fn changed(study: &Composite, marked: &[u8], change: impl Fn(&mut DicomFile)) -> Result<Marked, SegmentationError> {
        let bytes = write_segmentation(study, marked, Algorithm::Automatic, &identity()).unwrap();
        let Ok(Reading::Segmentation(mut file)) = read_dicom("seg.dcm", &bytes) else { panic!("no segmentation") };
        change(&mut file);
        read_segmentation(&file, study)
    }

    /// Numbers of 8 bit instead of bits, all slices of the study being frames.
    fn with_numbers(file: &mut DicomFile, kind: &str, numbers: Vec<u8>) {
        file.put(elements::string(tags::SEGMENTATION_TYPE, VR::CS, kind));
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
        let study = study();
        let full = vec![1; study.geometry.voxels()];
        let numbers: Vec<u8> = (0..60).map(|at| [0, 99, 100, 200][at % 4]).collect();
        let read = changed(&study, &full, |file| with_numbers(file, "FRACTIONAL", numbers.clone())).unwrap();
        let expected: Vec<u8> = (0..60).map(|at| u8::from(at % 4 > 1)).collect();
        assert_eq!(read.map.marked, expected);
        assert!(read.assumed[0].contains("half its maximal value 200"), "{:?}", read.assumed);
    }

    #[test]
    fn of_a_label_map_tumours_count_or_all_where_none_is_named() {
        let study = study();
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
        assert_eq!(tumour.assumed, ["its segments counted as tumour: Enhancing tumour; not counted: Brain"]);
        let all = read("one", "two");
        assert_eq!(all.map.marked, (0..60).map(|at| u8::from(at % 3 > 0)).collect::<Vec<_>>());
        assert_eq!(all.assumed, ["its segments are taken together as tumour: one, two"]);
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
        let study = study();
        let marked: Vec<u8> = (0..study.geometry.voxels()).map(|at| u8::from(at % 7 == 2)).collect();
        let bytes = write_segmentation(&study, &marked, Algorithm::Automatic, &identity()).unwrap();
        let Ok(Reading::Segmentation(file)) = read_dicom("seg.dcm", &bytes) else { panic!("no segmentation") };
        assert_eq!(text(&file, tags::SEGMENTATION_TYPE), "FRACTIONAL");
        let pixels = file.get(tags::PIXEL_DATA).unwrap().to_bytes().unwrap().into_owned();
        assert_eq!(pixels, study.to_source(&marked).iter().map(|&mark| mark * 255).collect::<Vec<_>>());
        let read = read_segmentation(&file, &study).unwrap();
        assert_eq!((read.on(&study).unwrap(), read.assumed), (marked, vec![]));
    }

    #[test]
    fn damaged_segmentations_are_refused() {
        let study = study();
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

    #[test]
    fn decimal_strings_fit() {
        for value in [0.0f64, -0.123456789012345, 1234.567890123, -1e12, 1e300] {
            let text = decimal(value);
            assert!(text.len() <= 16, "{text}");
            let back: f64 = text.parse().unwrap();
            assert!((back - value).abs() <= 1e-7 * value.abs().max(1.0), "{text}");
        }
    }
}

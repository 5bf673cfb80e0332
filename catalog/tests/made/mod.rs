//! Small files made in code, and a desk on which they are dropped.
#![allow(dead_code, reason = "each test program uses its part")]

use std::cell::Cell;
use std::io::{Cursor, Write};

use catalog::{Catalog, Host};
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use protocol::{Export, FileId, FromWorker, Numbers, Pieces, Problem, Remark, SeriesId, StudyId, StudyInfo, ToWorker};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A file that is dropped.
pub type File = (String, Vec<u8>);

/// Columns, rows and slices of the volumes that are made here.
pub const SIZE: [usize; 3] = [6, 5, 4];

/// A catalog, and a page that remembers what it hears.
#[derive(Default)]
pub struct Desk {
    pub catalog: Catalog,
    page: Page,
    files: u32,
    /// The study on screen.
    pub on_screen: Option<StudyId>,
}

#[derive(Default)]
struct Page {
    clock: Cell<f64>,
    random: u128,
    heard: Vec<FromWorker<Pieces>>,
}

impl Host for Page {
    fn now_ms(&self) -> f64 {
        self.clock.set(self.clock.get() + 0.5);
        self.clock.get()
    }

    fn random(&mut self) -> u128 {
        self.random += 1;
        self.random
    }

    fn reply(&mut self, message: FromWorker<Pieces>) {
        self.heard.push(message);
    }
}

impl Desk {
    /// Sends a message; what the page hears of it.
    pub fn say(&mut self, message: ToWorker<Vec<u8>>) -> Heard {
        self.catalog.handle(message, &mut self.page);
        Heard(std::mem::take(&mut self.page.heard))
    }

    /// Hands one file over.
    pub fn open(&mut self, (name, bytes): File) -> (FileId, Heard) {
        self.files += 1;
        let file = FileId(self.files);
        (file, self.say(ToWorker::Open { file, name, bytes: bytes.into() }))
    }

    /// Drops files together.
    pub fn drop(&mut self, files: impl IntoIterator<Item = File>) -> Heard {
        let mut heard = Vec::new();
        files.into_iter().for_each(|file| heard.extend(self.open(file).1.0));
        let on_screen = self.on_screen;
        heard.extend(self.say(ToWorker::Settle { on_screen }).0);
        Heard(heard)
    }

    /// Drops files that make one study.
    pub fn study(&mut self, files: impl IntoIterator<Item = File>) -> StudyInfo {
        let heard = self.drop(files);
        let [info] = &heard.studies()[..] else { panic!("{heard:?}") };
        (*info).clone()
    }

    pub fn close(&mut self, study: StudyId) {
        assert!(self.say(ToWorker::CloseStudy { study }).0.is_empty());
    }

    /// Lets random numbers go on from this one.
    pub fn chance(&mut self, from: u128) {
        self.page.random = from;
    }

    /// Asks for files of a study.
    pub fn export(&mut self, study: StudyId, export: Export<Vec<u8>>, deidentified: bool) -> Heard {
        let (now, model) = (["20260101".into(), "120000".into()], "m".into());
        let (corrected, threshold) = (true, Some(0.03));
        self.say(ToWorker::Export { study, export, deidentified, corrected, threshold, now, model })
    }

    pub fn compose(&mut self, study: StudyId, series: [Option<SeriesId>; 3]) -> Heard {
        self.say(ToWorker::Compose { study, series })
    }
}

/// What the page heard.
#[derive(Debug)]
pub struct Heard(pub Vec<FromWorker<Pieces>>);

/// A label that the page heard of.
#[derive(Debug, PartialEq)]
pub struct Label {
    pub study: StudyId,
    pub own: bool,
    pub also_fits: usize,
    pub marks: Vec<u8>,
}

impl Heard {
    pub fn studies(&self) -> Vec<&StudyInfo> {
        let mut studies = Vec::new();
        for message in &self.0 {
            if let FromWorker::StudyOpened { info, .. } = message {
                studies.push(&**info);
            }
        }
        studies
    }

    pub fn remarks(&self) -> Vec<&Remark> {
        self.0
            .iter()
            .filter_map(|message| if let FromWorker::Noted(remark) = message { Some(remark) } else { None })
            .collect()
    }

    pub fn problems(&self) -> Vec<&Problem> {
        let mut problems = Vec::new();
        for message in &self.0 {
            if let FromWorker::Refused(problem) | FromWorker::Rejected { problem, .. } = message {
                problems.push(problem);
            }
        }
        problems
    }

    pub fn labels(&self) -> Vec<Label> {
        let label = |message: &FromWorker<Pieces>| match message {
            FromWorker::Marked { study, own, also_fits, marks, .. } => {
                Some(Label { study: *study, own: *own, also_fits: *also_fits, marks: marks.buffer.to_vec() })
            }
            _ => None,
        };
        self.0.iter().filter_map(label).collect()
    }

    pub fn pictures(&self) -> Vec<FileId> {
        self.0
            .iter()
            .filter_map(|message| if let FromWorker::Opened { file, .. } = message { Some(*file) } else { None })
            .collect()
    }

    /// Everything that was said, as text, in which no name may be empty.
    pub fn text(&self) -> String {
        format!("{:?} {:?}", self.remarks(), self.problems())
    }
}

/// The intensities of a sequence of a study, slice by slice; none if it is not there.
pub fn intensities(info: &StudyInfo, stored: &[Option<Numbers<u16, Pieces>>; 3], at: usize) -> Option<Vec<f64>> {
    let (sequence, bytes) = (info.sequences[at].as_ref()?, stored[at].as_ref()?.buffer.to_vec());
    let numbers = bytes.as_chunks().0.iter().map(|&bytes| f64::from(u16::from_le_bytes(bytes)));
    Some(numbers.map(|number| sequence.intercept + sequence.slope * number).collect())
}

/// Names of what a study can choose from.
pub fn choices(info: &StudyInfo) -> Vec<&str> {
    info.choices.iter().map(|(_, name)| name.as_str()).collect()
}

/// The volumes that a study's sequences are.
pub fn chosen(info: &StudyInfo) -> [Option<SeriesId>; 3] {
    info.sequences.clone().map(|sequence| Some(sequence?.series))
}

/// The name of the volume that a sequence is.
pub fn sequence(info: &StudyInfo, at: usize) -> Option<&str> {
    let series = chosen(info)[at]?;
    info.choices.iter().find(|(id, _)| *id == series).map(|(_, name)| name.as_str())
}

/// A series of DICOM images.
#[derive(Clone, Debug)]
pub struct Series {
    pub patient: &'static str,
    /// Patient ID and birth date.
    pub id: &'static str,
    pub born: &'static str,
    pub study: &'static str,
    pub series: &'static str,
    pub description: &'static str,
    pub slices: usize,
    pub columns: usize,
    /// Place of the first slice, in mm towards the head.
    pub bottom: f64,
    pub modality: &'static str,
}

impl Series {
    pub fn new(patient: &'static str, series: &'static str, description: &'static str) -> Self {
        Self {
            patient,
            id: "",
            born: "",
            study: patient,
            series,
            description,
            slices: SIZE[2],
            columns: SIZE[0],
            bottom: 0.0,
            modality: "MR",
        }
    }

    /// Its files.
    pub fn files(&self) -> Vec<File> {
        (0..self.slices).map(|at| self.file(at)).collect()
    }

    /// The file of a slice.
    pub fn file(&self, at: usize) -> File {
        let rows = SIZE[1];
        let text = |tag: Tag, vr: VR, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
        let short = |tag: Tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
        let decimals = |tag: Tag, values: &[f64]| {
            let values: Vec<String> = values.iter().map(f64::to_string).collect();
            DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values.into()))
        };
        // Letters are none of a UID.
        let study = self.study.bytes().fold("1.2".to_owned(), |uid, letter| format!("{uid}.{letter}"));
        let series = format!("{study}.1.{}", self.series);
        let instance = format!("{series}.{at}");
        let pixels: Vec<u16> = (0..self.columns * rows).map(|pixel| (1 + at * 100 + pixel * pixel) as u16).collect();
        let sop_class = if self.modality == "MR" { uids::MR_IMAGE_STORAGE } else { uids::CT_IMAGE_STORAGE };
        let object = InMemDicomObject::from_element_iter([
            text(tags::SOP_CLASS_UID, VR::UI, sop_class),
            text(tags::SOP_INSTANCE_UID, VR::UI, &instance),
            text(tags::STUDY_INSTANCE_UID, VR::UI, &study),
            text(tags::SERIES_INSTANCE_UID, VR::UI, &series),
            text(tags::FRAME_OF_REFERENCE_UID, VR::UI, &format!("{study}.9")),
            text(tags::MODALITY, VR::CS, self.modality),
            text(tags::PATIENT_NAME, VR::PN, self.patient),
            text(tags::PATIENT_ID, VR::LO, self.id),
            text(tags::PATIENT_BIRTH_DATE, VR::DA, self.born),
            text(tags::SERIES_DESCRIPTION, VR::LO, self.description),
            text(tags::INSTANCE_NUMBER, VR::IS, &(at + 1).to_string()),
            short(tags::ROWS, rows as u16),
            short(tags::COLUMNS, self.columns as u16),
            decimals(tags::PIXEL_SPACING, &[1.0, 1.0]),
            decimals(tags::SLICE_THICKNESS, &[4.0]),
            decimals(tags::IMAGE_ORIENTATION_PATIENT, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
            decimals(tags::IMAGE_POSITION_PATIENT, &[-3.0, -2.0, self.bottom + 4.0 * at as f64]),
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
            .media_storage_sop_class_uid(sop_class)
            .media_storage_sop_instance_uid(instance);
        let mut bytes = Vec::new();
        object.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
        (format!("{}_{}_{at}.dcm", self.patient, self.series), bytes)
    }
}

/// FLAIR, T1 and T1 with contrast agent of a patient.
pub fn examination(patient: &'static str) -> Vec<File> {
    let series = [("1", "AX T1 PRE"), ("2", "AX FLAIR"), ("3", "AX T1 POST")];
    series.into_iter().flat_map(|(series, description)| Series::new(patient, series, description).files()).collect()
}

/// A NIfTI volume of 16 bit, placed or not; `offset` tells volumes apart.
pub fn nifti(name: &str, placed: bool, volumes: usize, offset: u16) -> File {
    let [columns, rows, slices] = SIZE;
    let values = (0..columns * rows * slices * volumes).map(|at| 7 + offset + (at * at % 997) as u16);
    (name.into(), nifti_bytes([columns, rows, slices], volumes, placed, values.collect()))
}

/// The same as a header and voxels in files of their own.
pub fn pair(stem: &str, mut whole: Vec<u8>) -> [File; 2] {
    let voxels = whole.split_off(352);
    whole.truncate(348);
    whole[344..348].copy_from_slice(b"ni1\0");
    whole[108..112].copy_from_slice(&0f32.to_le_bytes());
    [(format!("{stem}.hdr"), whole), (format!("{stem}.img"), voxels)]
}

/// A NIfTI label map, 1 at some voxels.
pub fn label(name: &str, placed: bool, at: &[usize]) -> File {
    let mut marks = vec![0; SIZE.iter().product()];
    at.iter().for_each(|&at| marks[at] = 1);
    (name.into(), nifti_bytes(SIZE, 1, placed, marks))
}

/// A NIfTI file of these numbers.
pub fn nifti_bytes(size: [usize; 3], volumes: usize, placed: bool, values: Vec<u16>) -> Vec<u8> {
    let mut header = vec![0u8; 352];
    let mut put = |place: usize, bytes: &[u8]| header[place..place + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    let dim = [if volumes > 1 { 4 } else { 3 }, size[0], size[1], size[2], volumes, 1, 1, 1];
    dim.iter().enumerate().for_each(|(at, &v)| put(40 + 2 * at, &(v as i16).to_le_bytes()));
    put(70, &512i16.to_le_bytes());
    put(72, &16i16.to_le_bytes());
    [1f32, 1.0, 1.0, 4.0].iter().enumerate().for_each(|(at, v)| put(76 + 4 * at, &v.to_le_bytes()));
    put(108, &352f32.to_le_bytes());
    put(123, &[2]);
    if placed {
        put(254, &1i16.to_le_bytes());
        // RAS: the same grid as the DICOM series.
        let rows = [[-1f32, 0.0, 0.0, 3.0], [0.0, -1.0, 0.0, 2.0], [0.0, 0.0, 4.0, 0.0]];
        rows.as_flattened().iter().enumerate().for_each(|(at, v)| put(280 + 4 * at, &v.to_le_bytes()));
    }
    put(344, b"n+1\0");
    header.extend(values.into_iter().flat_map(u16::to_le_bytes));
    header
}

/// A grey picture; `seed` tells pictures apart.
pub fn png(name: &str, width: u32, height: u32, seed: u8) -> File {
    let grey = |x: u32, y: u32| image::Luma([(x * 7 + y * 13) as u8 ^ seed]);
    encoded(name, image::ImageBuffer::from_fn(width, height, grey))
}

/// A picture of two grey levels.
pub fn binary_png(name: &str, width: u32, height: u32) -> File {
    encoded(name, image::ImageBuffer::from_fn(width, height, |x, y| image::Luma([if x > y { 255 } else { 0 }])))
}

fn encoded(name: &str, picture: image::ImageBuffer<image::Luma<u8>, Vec<u8>>) -> File {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    (name.into(), bytes.into_inner())
}

/// A zip of files.
pub fn zipped(name: &str, files: impl IntoIterator<Item = File>) -> File {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    (name.into(), writer.finish().unwrap().into_inner())
}

/// Bytes in a layer of gzip.
pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    file.write_all(bytes).unwrap();
    file.finish().unwrap()
}

/// A file with this text.
pub fn text(name: &str, text: &str) -> File {
    (name.into(), text.as_bytes().to_vec())
}

//! Bytes of a DICOM file into the images of a series, or the reason why it holds none.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use dicom_core::{DicomValue, Tag};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::adapters::PixelDataObject;
use dicom_encoding::{Codec, TransferSyntaxIndex};
use dicom_object::{FileDicomObject, FileMetaTable, FileMetaTableBuilder, InMemDicomObject, OpenFileOptions};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use dicom_transfer_syntax_registry::entries::{EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN};
use flate2::read::DeflateDecoder;
use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use thiserror::Error;

use crate::lengths::{self, Encoding};
use crate::run_length;

/// Bytes that the pixels of one file may take once decoded: an Enhanced MR of 1,000 frames of 512 × 512.
const PIXEL_BYTES: usize = 1 << 29;
/// Bytes that a deflated data set may inflate to.
const INFLATED_BYTES: u64 = 1 << 30;
/// Longest side of an image that is read, in pixels.
const LONGEST_SIDE: usize = 4096;

/// The transfer syntax of numbers that begin with their highest byte, retired and still met.
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
/// Transfer syntaxes of JPEG 2000.
const JPEG_2000: [&str; 2] = [uids::JPEG2000_LOSSLESS, uids::JPEG2000];

/// A data set with its header.
pub type DicomFile = FileDicomObject<InMemDicomObject>;

/// Why a DICOM file cannot be read.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum DicomError {
    /// The file ends early or contradicts itself.
    #[error("the DICOM file is damaged or cut short ({0})")]
    Damaged(String),
    /// The pixels are encoded in a way that is not read.
    #[error("its pixels are in the transfer syntax {0}, which is not supported; export it uncompressed")]
    TransferSyntax(String),
    /// There are fewer or more pixels than the header says.
    #[error("the pixel data has {found} bytes where the header promises {expected}")]
    PixelLength {
        /// Bytes by the header.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The header claims more than can be read.
    #[error("the header claims {frames} images of {columns} × {rows} pixels, more than can be read")]
    TooLarge {
        /// Claimed pixels along a row.
        columns: usize,
        /// Claimed pixels along a column.
        rows: usize,
        /// Claimed images.
        frames: usize,
    },
    /// A number that the pixels cannot be read without is missing or makes no sense.
    #[error("the header has no usable {0}")]
    Header(&'static str),
}

/// Why a readable file has no place in a volume.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LeftOut {
    /// A planning image.
    #[error("a localiser")]
    Localiser,
    /// Many slices side by side on one image.
    #[error("a mosaic of slices; convert it to single slices or NIfTI")]
    Mosaic,
    /// Three colours a pixel.
    #[error("a colour capture, not MR intensities")]
    Colour,
    /// Another kind of examination.
    #[error("no MR image but {0}")]
    NotMr(String),
    /// No pixels at all.
    #[error("no image but {0}")]
    NoPixels(String),
}

/// What a DICOM file holds.
#[derive(Debug)]
pub enum Reading {
    /// Images of a series.
    Image(Box<Instance>),
    /// A segmentation of some series.
    Segmentation(Box<DicomFile>),
    /// Nothing for a volume.
    LeftOut(LeftOut),
}

/// What a derived file says of the images that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// Study Instance UID.
    pub study: String,
    /// Series Instance UID.
    pub series: String,
    /// Frame of Reference UID, empty where there is none.
    pub frame_of_reference: String,
    /// Study attributes that a derived file repeats: tag and value.
    pub study_attributes: Vec<(Tag, String)>,
}

/// Who was examined; never shown unasked.
pub type PatientData = Vec<(&'static str, String)>;

/// The images of one file.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Name of the file.
    pub name: String,
    /// Where the images belong.
    pub reference: Reference,
    /// SOP Class UID.
    pub sop_class: String,
    /// SOP Instance UID.
    pub sop_instance: String,
    /// Series Description, or what comes closest.
    pub description: String,
    /// Who was examined.
    pub patient: PatientData,
    /// Pixels along rows.
    pub columns: usize,
    /// Pixels along columns.
    pub rows: usize,
    /// Whether low values are bright (MONOCHROME1).
    pub inverted: bool,
    /// Centre and width of the window that the file asks for, in intensities.
    pub window: Option<[f64; 2]>,
    /// The images.
    pub planes: Vec<Plane>,
}

/// One image and its place.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Number within the file, from 1.
    pub frame: usize,
    /// What tells images at the same place apart: time, echo, b-value and number.
    pub order: Vec<i64>,
    /// Middle of the first pixel, in mm (LPS).
    pub position: Option<[f64; 3]>,
    /// Directions of rows and columns (LPS), unit vectors.
    pub orientation: Option<[[f64; 3]; 2]>,
    /// Distance of neighbouring columns and rows, in mm.
    pub spacing_mm: Option<[f64; 2]>,
    /// Distance to the next slice where only the header says it, in mm.
    pub step_mm: Option<f64>,
    /// Intensity per stored unit, and of a stored zero.
    pub rescale: (f64, f64),
    /// The stored numbers.
    pub pixels: Pixels,
}

/// Numbers as they are stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    /// Whole numbers from 0.
    Unsigned(Vec<u16>),
    /// Whole numbers, raised by 32768.
    Signed(Vec<u16>),
    /// Whole numbers of 32 bit.
    Wide(Vec<f32>),
}

/// What is in the DICOM file of this name.
///
/// # Errors
///
/// [`DicomError`] says what is wrong with the file.
pub fn read_dicom(name: &str, bytes: &[u8]) -> Result<Reading, DicomError> {
    let file = parse(bytes)?;
    let text = |tag| text(&file, tag);
    let sop_class = text(tags::SOP_CLASS_UID);
    let modality = text(tags::MODALITY);
    if sop_class == uids::SEGMENTATION_STORAGE {
        return Ok(Reading::Segmentation(Box::new(file)));
    }
    let image_type = text(tags::IMAGE_TYPE).to_uppercase();
    let has_pixels = file.get(tags::PIXEL_DATA).is_some();
    let left_out = if !has_pixels {
        let what = if modality.is_empty() { "other data".into() } else { format!("{modality} data") };
        Some(LeftOut::NoPixels(what))
    } else if integer(&file, tags::SAMPLES_PER_PIXEL).unwrap_or(1) != 1 {
        Some(LeftOut::Colour)
    } else if modality != "MR" && !is_mr(&sop_class) {
        let what = if modality.is_empty() { "an image of unknown kind".into() } else { modality };
        Some(LeftOut::NotMr(what))
    } else if image_type.contains("LOCALIZER") {
        Some(LeftOut::Localiser)
    } else if image_type.contains("MOSAIC") {
        Some(LeftOut::Mosaic)
    } else {
        None
    };
    match left_out {
        Some(why) => Ok(Reading::LeftOut(why)),
        None => Ok(Reading::Image(Box::new(instance(name, sop_class, file)?))),
    }
}

fn is_mr(sop_class: &str) -> bool {
    [uids::MR_IMAGE_STORAGE, uids::ENHANCED_MR_IMAGE_STORAGE, uids::LEGACY_CONVERTED_ENHANCED_MR_IMAGE_STORAGE]
        .contains(&sop_class)
}

fn damaged(error: impl std::error::Error) -> DicomError {
    // The cause at the end of the chain says most.
    let mut deepest: &dyn std::error::Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    DicomError::Damaged(deepest.to_string())
}

fn too_long() -> DicomError {
    DicomError::Damaged("an element claims to be longer than the file".into())
}

fn parse(bytes: &[u8]) -> Result<DicomFile, DicomError> {
    /// Bytes before the header's first element: the preamble and the magic word.
    const START: usize = 132;
    if bytes.get(START - 4..START) == Some(b"DICM") {
        let header = lengths::header_length(&bytes[START..]).ok_or_else(too_long)?;
        let meta = FileMetaTable::from_reader(Cursor::new(&bytes[START - 4..])).map_err(damaged)?;
        let dataset = &bytes[START + header..];
        if meta.transfer_syntax() == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
            return inflated(meta, dataset);
        }
        let encoding = Encoding {
            explicit: meta.transfer_syntax() != uids::IMPLICIT_VR_LITTLE_ENDIAN,
            big_endian: meta.transfer_syntax() == BIG_ENDIAN,
        };
        if !lengths::fit(dataset, encoding) {
            return Err(too_long());
        }
        return OpenFileOptions::new().from_reader(Cursor::new(bytes)).map_err(damaged);
    }
    // Old archives leave the header out: the data set begins at once, implicit or not.
    let explicit = bytes.get(4..6).is_some_and(|vr| vr.iter().all(u8::is_ascii_uppercase));
    let syntax = if explicit { EXPLICIT_VR_LITTLE_ENDIAN.erased() } else { IMPLICIT_VR_LITTLE_ENDIAN.erased() };
    if !lengths::fit(bytes, Encoding { explicit, big_endian: false }) {
        return Err(too_long());
    }
    let dataset = InMemDicomObject::read_dataset_with_ts(Cursor::new(bytes), &syntax).map_err(damaged)?;
    dataset.with_meta(FileMetaTableBuilder::new().transfer_syntax(syntax.uid())).map_err(damaged)
}

/// A deflated data set, inflated up to a limit.
fn inflated(mut meta: FileMetaTable, deflated: &[u8]) -> Result<DicomFile, DicomError> {
    let mut dataset = Vec::new();
    DeflateDecoder::new(deflated).take(INFLATED_BYTES + 1).read_to_end(&mut dataset).map_err(damaged)?;
    if dataset.len() as u64 > INFLATED_BYTES {
        return Err(DicomError::Damaged(format!("it inflates to more than {} MiB", INFLATED_BYTES >> 20)));
    }
    if !lengths::fit(&dataset, Encoding { explicit: true, big_endian: false }) {
        return Err(too_long());
    }
    let syntax = EXPLICIT_VR_LITTLE_ENDIAN.erased();
    let dataset = InMemDicomObject::read_dataset_with_ts(Cursor::new(dataset), &syntax).map_err(damaged)?;
    meta.set_transfer_syntax(&syntax);
    Ok(dataset.with_exact_meta(meta))
}

fn instance(name: &str, sop_class: String, mut file: DicomFile) -> Result<Instance, DicomError> {
    let count = |tag, what| match integer(&file, tag) {
        Some(count) if count > 0 => Ok(count as usize),
        _ => Err(DicomError::Header(what)),
    };
    let (columns, rows) = (count(tags::COLUMNS, "number of columns")?, count(tags::ROWS, "number of rows")?);
    let frames = integer(&file, tags::NUMBER_OF_FRAMES).unwrap_or(1).max(1) as usize;
    let bits = count(tags::BITS_ALLOCATED, "number of bits")?;
    let bytes = columns.checked_mul(rows).and_then(|n| n.checked_mul(frames)).and_then(|n| n.checked_mul(bits / 8));
    if columns.max(rows) > LONGEST_SIDE || bytes.is_none_or(|bytes| bytes > PIXEL_BYTES) {
        return Err(DicomError::TooLarge { columns, rows, frames });
    }
    if !matches!(bits, 8 | 16 | 32) {
        return Err(DicomError::Header("number of bits"));
    }
    let pixels = pixels(&mut file, [columns, rows, frames], bits)?;
    let planes = pixels.into_iter().enumerate().map(|(frame, pixels)| plane(&file, frame, pixels)).collect();

    let window = match (numbers(&file, tags::WINDOW_CENTER), numbers(&file, tags::WINDOW_WIDTH)) {
        (Some(center), Some(width)) if width.first().is_some_and(|&width| width > 0.0) => {
            center.first().map(|&center| [center, width[0]])
        }
        _ => None,
    };
    let described = [tags::SERIES_DESCRIPTION, tags::PROTOCOL_NAME, tags::SEQUENCE_NAME, tags::MODALITY];
    Ok(Instance {
        name: name.into(),
        reference: reference(&file),
        sop_instance: text(&file, tags::SOP_INSTANCE_UID),
        sop_class,
        description: described.into_iter().map(|tag| text(&file, tag)).find(|t| !t.is_empty()).unwrap_or_default(),
        patient: patient(&file),
        columns,
        rows,
        inverted: text(&file, tags::PHOTOMETRIC_INTERPRETATION) == "MONOCHROME1",
        window,
        planes,
    })
}

/// What a file derived from this one says of it.
pub(crate) fn reference(file: &DicomFile) -> Reference {
    const STUDY: [Tag; 9] = [
        tags::STUDY_DATE,
        tags::STUDY_TIME,
        tags::ACCESSION_NUMBER,
        tags::REFERRING_PHYSICIAN_NAME,
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::PATIENT_SEX,
        tags::STUDY_ID,
    ];
    Reference {
        study: text(file, tags::STUDY_INSTANCE_UID),
        series: text(file, tags::SERIES_INSTANCE_UID),
        frame_of_reference: text(file, tags::FRAME_OF_REFERENCE_UID),
        study_attributes: STUDY.into_iter().map(|tag| (tag, text(file, tag))).collect(),
    }
}

fn patient(file: &DicomFile) -> PatientData {
    let shown = [
        ("Name", tags::PATIENT_NAME),
        ("ID", tags::PATIENT_ID),
        ("Born", tags::PATIENT_BIRTH_DATE),
        ("Sex", tags::PATIENT_SEX),
        ("Study date", tags::STUDY_DATE),
        ("Study", tags::STUDY_DESCRIPTION),
    ];
    let values = shown.into_iter().map(|(name, tag)| (name, text(file, tag)));
    values.filter(|(_, value)| !value.is_empty()).collect()
}

/// The numbers of every frame.
fn pixels(file: &mut DicomFile, [columns, rows, frames]: [usize; 3], bits: usize) -> Result<Vec<Pixels>, DicomError> {
    let area = columns * rows;
    let stored = integer(file, tags::BITS_STORED).map_or(bits, |stored| (stored.max(1) as usize).min(bits));
    let high = integer(file, tags::HIGH_BIT).map_or(stored - 1, |high| (high.max(0) as usize).min(bits - 1));
    let signed = integer(file, tags::PIXEL_REPRESENTATION) == Some(1);
    let unpack = Unpack { bits, stored, shift: (high + 1).saturating_sub(stored), signed };

    let uid = file.meta().transfer_syntax().to_owned();
    let unsupported = || DicomError::TransferSyntax(syntax_name(&uid));
    let syntax = TransferSyntaxRegistry.get(&uid).ok_or_else(unsupported)?;
    let data: Cow<[u8]> = if uid == uids::JPEGLS_LOSSLESS || uid == uids::JPEGLS_NEAR_LOSSLESS {
        streams(file, frames, bits, |stream| jpeg_ls(stream, columns, rows))?.into()
    } else if JPEG_2000.contains(&uid.as_str()) {
        streams(file, frames, bits, |stream| jpeg_2000(stream, columns, rows))?.into()
    } else if uid == uids::RLE_LOSSLESS {
        let decoded = (0..frames).map(|frame| run_length::decode(&file.fragment(frame)?, area, bits / 8));
        let decoded: Option<Vec<Vec<u8>>> = decoded.collect();
        decoded.ok_or_else(|| DicomError::Damaged("its run lengths do not add up".into()))?.concat().into()
    } else if let Codec::EncapsulatedPixelData(decoder, _) = syntax.codec() {
        let mut data = Vec::new();
        decoder.as_ref().ok_or_else(unsupported)?.decode(file, &mut data).map_err(damaged)?;
        data.into()
    } else {
        match file.get(tags::PIXEL_DATA).map(|element| element.value()) {
            Some(DicomValue::Primitive(value)) => value.to_bytes(),
            _ => return Err(unsupported()),
        }
    };
    let expected = area * frames * bits / 8;
    // Some archives pad the last frame; a whole frame too many is no padding.
    if data.len() < expected || data.len() - expected >= area * bits / 8 {
        return Err(DicomError::PixelLength { expected, found: data.len() });
    }
    Ok(data[..expected].chunks_exact(area * bits / 8).map(|frame| unpack.frame(frame)).collect())
}

/// How numbers lie in their bytes.
struct Unpack {
    bits: usize,
    stored: usize,
    shift: usize,
    signed: bool,
}

impl Unpack {
    fn frame(&self, bytes: &[u8]) -> Pixels {
        let raised = |value: u16| {
            // The sign is the highest stored bit.
            let left = 16 - self.stored.min(16);
            let value = ((value << left) as i16) >> left;
            (value as u16) ^ 0x8000
        };
        let mask = if self.stored >= 16 { u16::MAX } else { (1 << self.stored) - 1 };
        let clean =
            |value: u16| if self.signed { raised((value >> self.shift) & mask) } else { (value >> self.shift) & mask };
        let words: Vec<u16> = match self.bits {
            8 => bytes.iter().map(|&byte| clean(byte.into())).collect(),
            16 => bytes.chunks_exact(2).map(|b| clean(u16::from_le_bytes([b[0], b[1]]))).collect(),
            _ => {
                let wide = bytes.chunks_exact(4).map(|b| {
                    let value = i32::from_le_bytes([b[0], b[1], b[2], b[3]]);
                    if self.signed { value as f32 } else { value as u32 as f32 }
                });
                return Pixels::Wide(wide.collect());
            }
        };
        if self.signed { Pixels::Signed(words) } else { Pixels::Unsigned(words) }
    }
}

/// The pixels of every frame, each of which `decode` turns from a stream into numbers.
fn streams(
    file: &DicomFile,
    frames: usize,
    bits: usize,
    decode: impl Fn(&[u8]) -> Result<Vec<u16>, DicomError>,
) -> Result<Vec<u8>, DicomError> {
    let fragments = file.number_of_fragments().unwrap_or(0) as usize;
    let mut data = Vec::new();
    for frame in 0..frames {
        // One fragment a frame, unless there is one frame only.
        let parts = if frames == 1 { 0..fragments } else { frame..frame + 1 };
        let parts = parts.map(|at| file.fragment(at).ok_or(DicomError::Header("fragment for every frame")));
        let stream: Vec<u8> = parts.collect::<Result<Vec<_>, _>>()?.concat();
        let numbers = decode(&stream)?;
        match bits {
            8 => data.extend(numbers.into_iter().map(|v| v as u8)),
            _ => data.extend(numbers.into_iter().flat_map(u16::to_le_bytes)),
        }
    }
    Ok(data)
}

fn jpeg_ls(stream: &[u8], columns: usize, rows: usize) -> Result<Vec<u16>, DicomError> {
    jpegls::decode(stream, columns as u32, rows as u32).map(|(numbers, ..)| numbers).map_err(damaged)
}

fn jpeg_2000(stream: &[u8], columns: usize, rows: usize) -> Result<Vec<u16>, DicomError> {
    /// Place of the first component's precision and sign in a stream (ISO 15444-1, A.5.1).
    const SIGN: usize = 42;
    let image = Image::new(stream, &DecodeSettings { strict: true, ..DecodeSettings::default() }).map_err(damaged)?;
    if (image.width() as usize, image.height() as usize) != (columns, rows) {
        return Err(DicomError::Damaged(format!("its stream has {} × {} pixels", image.width(), image.height())));
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(damaged)?;
    let [component] = decoded.components() else { return Err(DicomError::Header("single component")) };
    let depth = component.bit_depth().clamp(1, 16);
    let signed = stream.get(SIGN).is_some_and(|sign| sign & 0x80 != 0);
    // The decoder raises signed numbers to positive ones.
    let raised = if signed { 1u16 << (depth - 1) } else { 0 };
    let highest = f32::from(u16::MAX >> (16 - depth));
    Ok(component.samples().iter().map(|v| (v.round().clamp(0.0, highest) as u16).wrapping_sub(raised)).collect())
}

fn plane(file: &DicomFile, frame: usize, pixels: Pixels) -> Plane {
    let groups = Groups::of(file, frame);
    let numbers = |sequence, tag| groups.numbers(sequence, tag);
    let vector = |values: &[f64]| <[f64; 3]>::try_from(values).ok();
    let orientation = numbers(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT)
        .and_then(|v| Some([vector(v.get(..3)?)?, vector(v.get(3..6)?)?]));
    let spacing = numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
    let positive = |v: &f64| v.is_finite() && *v > 0.0;
    let first = |sequence, tag| numbers(sequence, tag).and_then(|v| v.first().copied());
    let step = first(tags::PIXEL_MEASURES_SEQUENCE, tags::SPACING_BETWEEN_SLICES)
        .or_else(|| first(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS));
    let order =
        [tags::TEMPORAL_POSITION_IDENTIFIER, tags::ECHO_NUMBERS, tags::ACQUISITION_NUMBER, tags::INSTANCE_NUMBER];
    let slope = first(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE);
    let intercept = first(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_INTERCEPT);
    Plane {
        frame: frame + 1,
        order: order.into_iter().map(|tag| integer(file, tag).unwrap_or(0)).collect(),
        position: numbers(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT).as_deref().and_then(vector),
        orientation,
        // The first number is the distance of rows.
        spacing_mm: spacing.filter(|v| v.len() == 2 && v.iter().all(positive)).map(|v| [v[1], v[0]]),
        step_mm: step.filter(positive),
        rescale: (slope.filter(|slope| *slope != 0.0).unwrap_or(1.0), intercept.unwrap_or(0.0)),
        pixels,
    }
}

/// Where an attribute of a frame stands: in its functional groups, in the shared ones, or at the top.
struct Groups<'a> {
    places: Vec<&'a InMemDicomObject>,
    top: &'a DicomFile,
}

impl<'a> Groups<'a> {
    fn of(file: &'a DicomFile, frame: usize) -> Self {
        let item = |tag, at: usize| file.get(tag).and_then(|element| element.items()?.get(at));
        let own = item(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frame);
        let shared = item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0);
        Self { places: own.into_iter().chain(shared).collect(), top: file }
    }

    fn numbers(&self, sequence: Tag, tag: Tag) -> Option<Vec<f64>> {
        let inside = self.places.iter().find_map(|group| {
            let item = group.get(sequence)?.items()?.first()?;
            numbers(item, tag)
        });
        inside.or_else(|| numbers(self.top, tag))
    }
}

pub(crate) fn numbers(object: &InMemDicomObject, tag: Tag) -> Option<Vec<f64>> {
    let values = object.get(tag)?.to_multi_float64().ok()?;
    (!values.is_empty() && values.iter().all(|v| v.is_finite())).then_some(values)
}

pub(crate) fn integer(object: &InMemDicomObject, tag: Tag) -> Option<i64> {
    object.get(tag)?.to_int().ok()
}

pub(crate) fn text(object: &InMemDicomObject, tag: Tag) -> String {
    let value = object.get(tag).and_then(|element| element.to_str().ok().map(|text| text.into_owned()));
    value.unwrap_or_default().trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned()
}

fn syntax_name(uid: &str) -> String {
    TransferSyntaxRegistry.get(uid).map_or_else(|| uid.to_owned(), |syntax| syntax.name().to_owned())
}

//! Bytes of a DICOM file into the images of a series, or the reason why it holds none.

mod attributes;
mod codecs;
mod data_set;
mod jpeg;
mod kinds;
mod parse;
mod pixels;
mod streams;
mod table;
mod tiles;
mod values;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::{FileDicomObject, InMemDicomObject};
use imaging::Patient;
use thiserror::Error;

use kinds::{images, is_mr, is_palette, is_segmentation, objects};
use table::Table;
use tiles::{Tiling, tiling};

pub(crate) use attributes::{Groups, integer, numbers, text};
pub use parse::examination;

/// Bytes that the pixels of one file may take once decoded: an Enhanced MR of 1,000 frames of 512 × 512.
const PIXEL_BYTES: usize = 1 << 29;
/// Longest side of an image that is read, in pixels.
const LONGEST_SIDE: usize = 4096;

/// A data set with its header.
pub type DicomFile = FileDicomObject<InMemDicomObject>;

/// Why a DICOM file cannot be read.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum DicomError {
    /// The file ends early or contradicts itself.
    #[error("the DICOM file is damaged or cut short; copy or export it again ({0})")]
    Damaged(String),
    /// The pixels are encoded in a way that is not read.
    #[error("its pixels are in the transfer syntax {0}, which is not supported; export it uncompressed")]
    TransferSyntax(String),
    /// There are fewer or more pixels than the header says.
    #[error("the pixel data has {found} bytes where the header promises {expected}; copy or export it again")]
    PixelLength {
        /// Bytes by the header.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The header claims more than can be read.
    #[error(
        "the header claims {columns} × {rows} × {frames} pixels, more than can be read; export it smaller or in parts"
    )]
    TooLarge {
        /// Claimed pixels along a row.
        columns: usize,
        /// Claimed pixels along a column.
        rows: usize,
        /// Claimed images.
        frames: usize,
    },
    /// A codec went astray, or the header is that of another image.
    #[error("its pixels do not decode to the values that the header states; export it uncompressed")]
    Values,
    /// A number that the pixels cannot be read without is missing or makes no sense.
    #[error("the header has no usable {0}; export it again")]
    Header(&'static str),
}

/// Why a readable file has no place in a volume.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LeftOut {
    /// A planning image.
    #[error("a localiser")]
    Localiser,
    /// Many slices side by side on one image.
    #[error(
        "many slices side by side on one image, and its header does not say where they lie; convert it to NIfTI, by \
         dcm2niix for example"
    )]
    Mosaic,
    /// Three colours a pixel, or numbers of colours in a palette.
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

impl Reference {
    /// What tells the patient from others.
    pub fn patient(&self) -> Patient {
        let of = |wanted: Tag| {
            self.study_attributes.iter().find(|(tag, _)| *tag == wanted).map_or("", |(_, text)| text.as_str())
        };
        Patient::new(of(tags::PATIENT_ID), of(tags::PATIENT_NAME), of(tags::PATIENT_BIRTH_DATE))
    }
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
    /// The stored numbers, from the first to the last, that fill an image up to a rectangle and are no signal.
    pub padding: Option<[i64; 2]>,
    /// The images.
    pub planes: Vec<Plane>,
}

/// One image and its place.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Number within the file, from 1.
    pub frame: usize,
    /// What makes it another image than others at its place: part of the signal, time, echo, diffusion weight, acquisition.
    pub kind: Vec<i64>,
    /// What images of one kind at one place are sorted by; the last is the number within the series.
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
    let file = parse::parse(bytes)?;
    let text = |tag| text(&file, tag);
    let sop_class = text(tags::SOP_CLASS_UID);
    let modality = text(tags::MODALITY);
    if is_segmentation(&sop_class) {
        return Ok(Reading::Segmentation(Box::new(file)));
    }
    let image_type = text(tags::IMAGE_TYPE).to_uppercase();
    let has_pixels = pixels::has_pixels(&file);
    if !has_pixels && is_mr(&sop_class) {
        // Spectra and raw data are of other classes: an image without pixels ends before them.
        return Err(DicomError::Damaged("it ends before its pixels".into()));
    }
    let left_out = if !has_pixels {
        Some(LeftOut::NoPixels(objects(&modality)))
    } else if integer(&file, tags::SAMPLES_PER_PIXEL).unwrap_or(1) != 1 || is_palette(&file) {
        Some(LeftOut::Colour)
    } else if modality != "MR" && !is_mr(&sop_class) {
        Some(LeftOut::NotMr(images(&modality)))
    } else if image_type.contains("LOCALIZER") {
        Some(LeftOut::Localiser)
    } else {
        None
    };
    match left_out {
        Some(why) => Ok(Reading::LeftOut(why)),
        None => image(name, sop_class, &image_type, file),
    }
}

fn image(name: &str, sop_class: String, image_type: &str, file: DicomFile) -> Result<Reading, DicomError> {
    let count = |tag, what| match integer(&file, tag) {
        Some(count) if count > 0 => Ok(count as usize),
        _ => Err(DicomError::Header(what)),
    };
    let (columns, rows) = (count(tags::COLUMNS, "number of columns")?, count(tags::ROWS, "number of rows")?);
    let frames = integer(&file, tags::NUMBER_OF_FRAMES).unwrap_or(1).max(1) as usize;
    let bits = bits(&file, [columns, rows, frames])?;
    let pixels = pixels::pixels(&file, [columns, rows, frames], bits)?;
    let table = Table::of(&file);
    let planes = pixels.into_iter().enumerate().map(|(frame, pixels)| {
        let plane = attributes::plane(&file, frame, pixels);
        match &table {
            Some(table) => table.apply(plane),
            None => plane,
        }
    });
    let planes: Vec<Plane> = planes.collect();
    let inverted = text(&file, tags::PHOTOMETRIC_INTERPRETATION) == "MONOCHROME1";
    let size = [columns, rows];
    let (size, planes) = match (tiling(&file, image_type, frames), &planes[..]) {
        (Tiling::Known(tiles), [image]) => {
            let slices = tiles.size(size).and_then(|tile| Some((tile, tiles.split(image, columns, tile)?)));
            let Some(slices) = slices else { return Ok(Reading::LeftOut(LeftOut::Mosaic)) };
            slices
        }
        (Tiling::Unknown, _) => return Ok(Reading::LeftOut(LeftOut::Mosaic)),
        (named, [image]) if matches!(named, Tiling::Named) || image.position.is_none() => {
            let is_named = matches!(named, Tiling::Named);
            if tiles::is_grid(&image.pixels, size, inverted) || is_named && tiles::repeats(&image.pixels, size) {
                return Ok(Reading::LeftOut(LeftOut::Mosaic));
            }
            (size, planes)
        }
        _ => (size, planes),
    };
    let mut instance = instance(name, sop_class, &file, size, inverted, planes);
    if let (Some(table), Some(padding)) = (table, &mut instance.padding) {
        *padding = padding.map(|stored| table.get(stored).into());
        padding.sort_unstable();
    }
    Ok(Reading::Image(Box::new(instance)))
}

/// The numbers of every frame of a file that is no image of a series.
pub(crate) fn decoded(file: &DicomFile, size: [usize; 3]) -> Result<Vec<Pixels>, DicomError> {
    let bits = bits(file, size)?;
    pixels::pixels(file, size, bits)
}

/// Bits of a number, if it can be read and all numbers together are not too many.
fn bits(file: &DicomFile, [columns, rows, frames]: [usize; 3]) -> Result<usize, DicomError> {
    let bits = integer(file, tags::BITS_ALLOCATED).filter(|bits| matches!(bits, 8 | 16 | 32 | 64));
    let bits = bits.ok_or(DicomError::Header("number of bits"))? as usize;
    let bytes = columns.checked_mul(rows).and_then(|n| n.checked_mul(frames)).and_then(|n| n.checked_mul(bits / 8));
    if columns.max(rows) > LONGEST_SIDE || bytes.is_none_or(|bytes| bytes > PIXEL_BYTES) {
        return Err(DicomError::TooLarge { columns, rows, frames });
    }
    Ok(bits)
}

fn instance(
    name: &str,
    sop_class: String,
    file: &DicomFile,
    [columns, rows]: [usize; 2],
    inverted: bool,
    planes: Vec<Plane>,
) -> Instance {
    let window = match (numbers(file, tags::WINDOW_CENTER), numbers(file, tags::WINDOW_WIDTH)) {
        (Some(center), Some(width)) if width.first().is_some_and(|&width| width > 0.0) => {
            center.first().map(|&center| [center, width[0]])
        }
        _ => None,
    };
    let described = [tags::SERIES_DESCRIPTION, tags::PROTOCOL_NAME, tags::SEQUENCE_NAME, tags::MODALITY];
    Instance {
        name: name.into(),
        reference: reference(file),
        sop_instance: text(file, tags::SOP_INSTANCE_UID),
        sop_class,
        description: described.into_iter().map(|tag| text(file, tag)).find(|t| !t.is_empty()).unwrap_or_default(),
        patient: patient(file),
        columns,
        rows,
        inverted,
        window,
        padding: attributes::padding(file),
        planes,
    }
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

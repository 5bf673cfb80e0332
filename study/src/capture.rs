//! A picture of the page into a DICOM secondary capture of the series that it shows (DICOM PS3.3 A.8.1).

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};

use crate::composite::Composite;
use crate::derived::codes::PROCESSED_IMAGE;
use crate::derived::elements::{bytes, code, items, short, string, texts};
use crate::derived::{Identity, Kind, Source, WriteError, written};

/// A picture of three colours, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// Pixels along rows and columns.
    pub size: [u16; 2],
    /// Red, green and blue of each pixel.
    pub rgb: Vec<u8>,
    /// Whether it says what the study is called.
    pub is_named: bool,
}

/// The bytes of a secondary capture with references to all images of the study.
///
/// # Errors
///
/// [`WriteError`] if the study is not DICOM, or the picture has not three bytes a pixel.
pub fn write_capture(study: &Composite, capture: &Capture, identity: &Identity) -> Result<Vec<u8>, WriteError> {
    let source = Source::of(study, identity)?;
    let Capture { size: [columns, rows], rgb, is_named } = capture;
    if rgb.len() != 3 * usize::from(*columns) * usize::from(*rows) || rgb.is_empty() {
        return Err(WriteError::Write("the picture has another size than its pixels".into()));
    }
    let mut images = source.images();
    images.iter_mut().for_each(|image| {
        image.put(code(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, PROCESSED_IMAGE));
    });
    let elements = [
        texts(tags::IMAGE_TYPE, &["DERIVED", "SECONDARY"]),
        string(tags::CONVERSION_TYPE, VR::CS, "WSD"),
        string(tags::DERIVATION_DESCRIPTION, VR::ST, "Slices with a tumour mask, research use, not a medical device"),
        items(tags::SOURCE_IMAGE_SEQUENCE, images),
        string(tags::PATIENT_ORIENTATION, VR::CS, ""),
        // Of a part that comes in pairs the side would have to be named.
        string(tags::BODY_PART_EXAMINED, VR::CS, "BRAIN"),
        string(tags::BURNED_IN_ANNOTATION, VR::CS, if *is_named { "YES" } else { "NO" }),
        string(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00"),
        short(tags::SAMPLES_PER_PIXEL, 3),
        string(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "RGB"),
        short(tags::PLANAR_CONFIGURATION, 0),
        short(tags::ROWS, *rows),
        short(tags::COLUMNS, *columns),
        short(tags::BITS_ALLOCATED, 8),
        short(tags::BITS_STORED, 8),
        short(tags::HIGH_BIT, 7),
        short(tags::PIXEL_REPRESENTATION, 0),
        bytes(tags::PIXEL_DATA, rgb.clone()),
    ];
    let kind = Kind {
        sop_class: uids::SECONDARY_CAPTURE_IMAGE_STORAGE,
        modality: "OT",
        series_number: "9003",
        description: "Tumour mask, picture (research use)",
    };
    written(&source, identity, &kind, elements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derived::made::{enhanced, identity};
    use crate::dicom::{LeftOut, Reading, read_dicom};

    #[test]
    fn a_picture_is_no_slice_and_one_of_another_size_is_refused() {
        let picture = Capture { size: [3, 5], rgb: (0..45).collect(), is_named: true };
        let bytes = write_capture(&enhanced(), &picture, &identity()).unwrap();
        assert!(matches!(read_dicom("a.dcm", &bytes), Ok(Reading::LeftOut(LeftOut::Colour))));
        let cut = Capture { rgb: vec![0; 44], ..picture };
        assert!(matches!(write_capture(&enhanced(), &cut, &identity()), Err(WriteError::Write(_))));
    }
}

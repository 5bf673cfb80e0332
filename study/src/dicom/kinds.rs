//! What kind of object a DICOM file is, by its class and its modality.

use dicom_dictionary_std::{tags, uids};

use super::{DicomFile, text};

/// Label Map Segmentation Storage (DICOM Supplement 243).
const LABEL_MAP_SEGMENTATION: &str = "1.2.840.10008.5.1.4.1.1.66.7";

/// What files without pixels hold, by the code of the modality (PS3.3 C.7.3.1.1.1).
pub fn objects(modality: &str) -> String {
    let plain = match modality {
        "" => return "other data".into(),
        "MR" => "spectra or raw data",
        "SR" => "a report",
        "KO" => "a list of key images",
        "PR" => "a way of showing other images",
        "DOC" => "a document",
        "REG" => "a registration of images",
        "RTSTRUCT" => "contours of radiotherapy",
        "RTPLAN" => "a plan of radiotherapy",
        _ => return format!("{modality} data"),
    };
    format!("{plain} ({modality})")
}

/// What images are, by the code of the modality.
pub fn images(modality: &str) -> String {
    let plain = match modality {
        "" => return "an image of unknown kind".into(),
        "PT" => "PET",
        "NM" => "nuclear medicine",
        "US" => "ultrasound",
        "CR" | "DX" => "an X-ray",
        "XA" => "an angiogram",
        "OT" | "SC" => "a capture of a screen",
        "RTDOSE" => "a dose of radiotherapy",
        _ => return modality.into(),
    };
    format!("{plain} ({modality})")
}

/// Whether objects of this class mark other images.
pub fn is_segmentation(sop_class: &str) -> bool {
    [uids::SEGMENTATION_STORAGE, LABEL_MAP_SEGMENTATION].contains(&sop_class)
}

/// Whether the stored numbers are those of colours (PS3.3 C.7.6.3.1.2).
pub fn is_palette(file: &DicomFile) -> bool {
    text(file, tags::PHOTOMETRIC_INTERPRETATION) == "PALETTE COLOR"
}

/// Whether objects of this class are images of magnetic resonance.
pub fn is_mr(sop_class: &str) -> bool {
    [uids::MR_IMAGE_STORAGE, uids::ENHANCED_MR_IMAGE_STORAGE, uids::LEGACY_CONVERTED_ENHANCED_MR_IMAGE_STORAGE]
        .contains(&sop_class)
}

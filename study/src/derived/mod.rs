//! What all DICOM files have in common that this program writes of a study: patient and study, equipment, and the images that
//! they come from, with patient data or without.

pub(crate) mod codes;
mod deidentify;
pub(crate) mod elements;
#[cfg(test)]
pub(crate) mod made;

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use thiserror::Error;

pub use deidentify::Secret;
use elements::{Element, item, string, uid};

use crate::composite::Composite;
use crate::dicom::{DicomFile, Reference, text};
use crate::geometry::{Affine, Placement};
use crate::series::Origin;

/// What marks a file that this program wrote.
const MANUFACTURER: &str = "Gliolens";
/// What marked one before the program had its name.
const EARLIER_MANUFACTURER: &str = "ResUnet++ in the browser";
/// This program's version.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Why no file can be written.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WriteError {
    /// The study is no DICOM series.
    #[error("DICOM files of a mask refer to DICOM images, and this study has none; save NIfTI instead")]
    NoReference,
    /// Nothing is marked.
    #[error("the mask is empty, and a DICOM segmentation cannot be; there is nothing to save")]
    Empty,
    /// The file could not be put together.
    #[error("the DICOM file could not be written ({0})")]
    Write(String),
}

/// Who drew a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// The network alone.
    Automatic,
    /// The network and a person.
    SemiAutomatic,
}

impl Algorithm {
    /// In words.
    pub(crate) fn by_whom(self) -> &'static str {
        match self {
            Self::Automatic => "Drawn by the network alone",
            Self::SemiAutomatic => "Drawn by the network and corrected by a person",
        }
    }
}

/// What a new file needs from outside: this crate has no clock and no chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Four random numbers, for the identifiers of series, file, dimensions and what is marked.
    pub random: [u128; 4],
    /// Today, as `YYYYMMDD`.
    pub date: String,
    /// Now, as `HHMMSS`.
    pub time: String,
    /// Name of the network.
    pub model: String,
    /// Probabilities from which pixels count as tumour: one, several where slices differ, none where it is not known.
    pub thresholds: Vec<f32>,
    /// Whether patient data is left out, and what its identifiers are hashed with.
    pub deidentified: Option<Secret>,
}

impl Identity {
    pub(crate) fn series_uid(&self) -> String {
        uid(self.random[0])
    }

    pub(crate) fn instance_uid(&self) -> String {
        uid(self.random[1])
    }

    pub(crate) fn dimension_uid(&self) -> String {
        uid(self.random[2])
    }

    pub(crate) fn tracking_uid(&self) -> String {
        uid(self.random[3])
    }

    /// What the mask's threshold is, in words, where it is known.
    pub(crate) fn threshold(&self) -> Option<String> {
        let listed = self.thresholds.iter().map(f32::to_string).collect::<Vec<_>>().join(", ");
        match &self.thresholds[..] {
            [] => None,
            [_] => Some(format!("{ONE_THRESHOLD}{listed}")),
            _ => Some(format!("Probability thresholds {listed}, differing between slices")),
        }
    }
}

/// What stands before a threshold that holds for all slices.
pub(crate) const ONE_THRESHOLD: &str = "Probability threshold ";

/// The images that a file comes from, as it names them.
pub(crate) struct Source {
    pub reference: Reference,
    pub sop_class: String,
    /// SOP Instance UID of each slice, and its frame in a file with several.
    pub slices: Vec<(String, Option<usize>)>,
    pub affine: Affine,
}

impl Source {
    /// The images of a study.
    pub fn of(study: &Composite, identity: &Identity) -> Result<Self, WriteError> {
        let (Origin::Dicom { reference, sop_class, slices }, Placement::Patient(affine)) =
            (&study.origin, study.source.placement)
        else {
            return Err(WriteError::NoReference);
        };
        let (reference, slices) = match &identity.deidentified {
            Some(secret) => (secret.reference(reference), secret.slices(slices)),
            None => ((**reference).clone(), slices.clone()),
        };
        Ok(Self { reference, sop_class: sop_class.clone(), slices, affine })
    }

    /// All images, each once.
    pub fn images(&self) -> Vec<InMemDicomObject> {
        let mut known: Vec<&str> = Vec::new();
        for (instance, _) in &self.slices {
            if !known.contains(&instance.as_str()) {
                known.push(instance);
            }
        }
        known.into_iter().map(|instance| referenced(&self.sop_class, instance)).collect()
    }

    /// The image of a slice, by frame where it has several.
    pub fn image(&self, slice: usize) -> InMemDicomObject {
        let (instance, frame) = &self.slices[slice];
        let mut image = referenced(&self.sop_class, instance);
        if let Some(frame) = frame {
            image.put(string(tags::REFERENCED_FRAME_NUMBER, VR::IS, frame.to_string()));
        }
        image
    }
}

/// A reference to a file.
pub(crate) fn referenced(sop_class: &str, instance: &str) -> InMemDicomObject {
    item([
        string(tags::REFERENCED_SOP_CLASS_UID, VR::UI, sop_class),
        string(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, instance),
    ])
}

/// What a kind of file is.
pub(crate) struct Kind {
    pub sop_class: &'static str,
    pub modality: &'static str,
    /// Behind those of scanners.
    pub series_number: &'static str,
    pub description: &'static str,
}

/// The bytes of a file of a study: what all have in common, and what this one holds.
pub(crate) fn written(
    source: &Source,
    identity: &Identity,
    kind: &Kind,
    elements: impl IntoIterator<Item = Element>,
) -> Result<Vec<u8>, WriteError> {
    // Attributes that may be empty are written so; all others of the study are repeated as they are.
    let study = source.reference.study_attributes.iter().map(|(tag, value)| {
        let vr = match *tag {
            tags::STUDY_DATE | tags::PATIENT_BIRTH_DATE => VR::DA,
            tags::STUDY_TIME => VR::TM,
            tags::REFERRING_PHYSICIAN_NAME | tags::PATIENT_NAME => VR::PN,
            tags::PATIENT_ID => VR::LO,
            tags::PATIENT_SEX => VR::CS,
            _ => VR::SH,
        };
        string(*tag, vr, value.clone())
    });
    let fixed = [
        string(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        string(tags::SOP_CLASS_UID, VR::UI, kind.sop_class),
        string(tags::SOP_INSTANCE_UID, VR::UI, identity.instance_uid()),
        string(tags::STUDY_INSTANCE_UID, VR::UI, source.reference.study.clone()),
        string(tags::SERIES_INSTANCE_UID, VR::UI, identity.series_uid()),
        string(tags::MODALITY, VR::CS, kind.modality),
        string(tags::SERIES_NUMBER, VR::IS, kind.series_number),
        string(tags::SERIES_DESCRIPTION, VR::LO, kind.description),
        string(tags::MANUFACTURER, VR::LO, MANUFACTURER),
        string(tags::MANUFACTURER_MODEL_NAME, VR::LO, MANUFACTURER),
        string(tags::DEVICE_SERIAL_NUMBER, VR::LO, "none"),
        string(tags::SOFTWARE_VERSIONS, VR::LO, VERSION),
        string(tags::INSTANCE_NUMBER, VR::IS, "1"),
    ];
    let dates = match &identity.deidentified {
        Some(_) => deidentify::elements(),
        None => vec![
            string(tags::CONTENT_DATE, VR::DA, identity.date.clone()),
            string(tags::CONTENT_TIME, VR::TM, identity.time.clone()),
            string(tags::SERIES_DATE, VR::DA, identity.date.clone()),
            string(tags::SERIES_TIME, VR::TM, identity.time.clone()),
        ],
    };
    let dataset = InMemDicomObject::from_element_iter(study.chain(fixed).chain(dates).chain(elements));
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(kind.sop_class)
        .media_storage_sop_instance_uid(identity.instance_uid());
    let problem = |error: &dyn std::error::Error| WriteError::Write(error.to_string());
    let file = dataset.with_meta(meta).map_err(|error| problem(&error))?;
    let mut bytes = Vec::new();
    file.write_all(&mut bytes).map_err(|error| problem(&error))?;
    Ok(bytes)
}

/// Whether this program wrote the file.
pub(crate) fn is_own(file: &DicomFile) -> bool {
    [MANUFACTURER, EARLIER_MANUFACTURER].contains(&text(file, tags::MANUFACTURER).as_str())
}

#[cfg(test)]
mod tests {
    use super::elements::{decimal, uid};

    #[test]
    fn decimal_strings_fit() {
        for value in [0.0f64, -0.123456789012345, 1234.567890123, -1e12, 1e300] {
            let text = decimal(value);
            assert!(text.len() <= 16, "{text}");
            let back: f64 = text.parse().unwrap();
            assert!((back - value).abs() <= 1e-7 * value.abs().max(1.0), "{text}");
        }
    }

    #[test]
    fn identifiers_are_those_of_uuids() {
        for bits in [0, 7, u128::MAX] {
            let number: u128 = uid(bits).strip_prefix("2.25.").unwrap().parse().unwrap();
            assert_eq!((number >> 76 & 0xf, number >> 62 & 3), (8, 2), "{number:x}");
        }
        assert_ne!(uid(7), uid(8));
    }
}

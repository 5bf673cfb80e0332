//! Codes that files of a mask say what they hold with, from SNOMED CT, DICOM (PS3.16), LOINC and UCUM.

use super::elements::Code;

pub(crate) const ABNORMAL_STRUCTURE: Code = ("49755003", "SCT", "Morphologically Abnormal Structure");
pub(crate) const NEOPLASM: Code = ("108369006", "SCT", "Neoplasm");
pub(crate) const BRAIN: Code = ("12738006", "SCT", "Brain");
pub(crate) const BACKGROUND: Code = ("125040", "DCM", "Background");
pub(crate) const ARTIFICIAL_INTELLIGENCE: Code = ("123109", "DCM", "Artificial Intelligence");
pub(crate) const PROCESSED_IMAGE: Code = ("121322", "DCM", "Source image for image processing operation");
pub(crate) const SEGMENTATION: Code = ("113076", "DCM", "Segmentation");

/// What the tumour is called in files.
pub(crate) const LABEL: &str = "Tumour";

//! Measures of a mask into a DICOM structured report, beside the segmentation that it measures.
//!
//! DICOM PS3.3 A.35.13 (Comprehensive 3D SR IOD); PS3.16 TID 1500 (measurement report) with TID 1411 (volumetric region),
//! 1004 (device), 1204 (language), 1419 (measures), 1502 (time point) and 4019 (algorithm).

mod content;
mod follow_up;

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

use content::{Relation, coded, container, identifier, image, number, related, text};

use crate::composite::Composite;
use crate::derived::codes::{ABNORMAL_STRUCTURE, BRAIN, LABEL, NEOPLASM};
use crate::derived::elements::{Code, item, items, short, string};
use crate::derived::{Algorithm, Identity, Kind, Source, VERSION, WriteError, referenced, written};
use crate::seg::{Content, SEGMENT, write_segmentation};
pub use follow_up::Since;

/// Names this program among devices: a random UUID.
const DEVICE_UID: &str = "2.25.215713047526089318290135417340938128077";
/// What it is called.
const DEVICE: &str = "Gliolens";

const MILLILITRE: Code = ("ml", "UCUM", "milliliter");
const MILLIMETRE: Code = ("mm", "UCUM", "millimeter");
const SQUARE_MILLIMETRE: Code = ("mm2", "UCUM", "square millimeter");

/// What was measured, in the order of the study's slices.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Marked volume.
    pub volume_ml: f64,
    /// The slice with the largest marked area, and that.
    pub area_mm2: Option<(usize, f64)>,
    /// The slice with the largest product of diameters, and the longest and the one across.
    pub axes_mm: Option<(usize, [f64; 2])>,
    /// The side of the head that the mask is on, where that is known.
    pub laterality: Option<Laterality>,
    /// Whether every slice has an answer.
    pub is_complete: bool,
    /// What changed since the study before, where there is one.
    pub since: Option<Box<Since>>,
}

/// A side of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Laterality {
    /// The left.
    Left,
    /// The right.
    Right,
    /// Both.
    Both,
}

impl Laterality {
    /// Its code (PS3.16, CID 244).
    fn code(self) -> Code {
        match self {
            Self::Left => ("7771000", "SCT", "Left"),
            Self::Right => ("24028007", "SCT", "Right"),
            Self::Both => ("51440002", "SCT", "Right and left"),
        }
    }
}

/// A segmentation and the report of what was measured on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// Bytes of the segmentation.
    pub segmentation: Vec<u8>,
    /// Bytes of the report.
    pub report: Vec<u8>,
}

/// The bytes of a segmentation with these pixels marked, and of a report that refers to it; each has an identity of its own.
///
/// # Errors
///
/// [`WriteError`] if the study is not DICOM or nothing is marked.
///
/// # Panics
///
/// If there is not one mark a voxel.
pub fn write_report(
    study: &Composite,
    marked: &[u8],
    figures: &Figures,
    algorithm: Algorithm,
    [of_segmentation, of_report]: [&Identity; 2],
) -> Result<Reported, WriteError> {
    let segmentation = write_segmentation(study, Content::Binary(marked), algorithm, of_segmentation)?;
    let source = Source::of(study, of_report)?;
    let since = figures.since.as_deref();
    let context = since.map(|since| follow_up::context(since, of_report.deidentified.is_some()));
    let context = context.unwrap_or_default();
    let group = group(study, marked, figures, algorithm, of_segmentation, &source, context);
    let measurements = container(("126010", "DCM", "Imaging Measurements"), None, vec![group]);
    let device = |name, value: &str| text(Relation::HasObservationContext, name, value);
    let content = vec![
        coded(
            Relation::HasConceptModifier,
            ("121049", "DCM", "Language of Content Item and Descendants"),
            ("en", "RFC5646", "English"),
        ),
        coded(Relation::HasObservationContext, ("121005", "DCM", "Observer Type"), ("121007", "DCM", "Device")),
        identifier(Relation::HasObservationContext, ("121012", "DCM", "Device Observer UID"), DEVICE_UID.into()),
        device(("121013", "DCM", "Device Observer Name"), DEVICE),
        device(("121014", "DCM", "Device Observer Manufacturer"), DEVICE),
        device(("121015", "DCM", "Device Observer Model Name"), &of_report.model),
        coded(Relation::HasConceptModifier, ("121058", "DCM", "Procedure reported"), ("24590-2", "LN", "Brain MRI")),
        related(Relation::Contains, measurements),
    ];
    let mut elements = container(("126000", "DCM", "Imaging Measurement Report"), Some("1500"), content);
    elements.extend([
        items(tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE, Vec::new()),
        items(tags::PERFORMED_PROCEDURE_CODE_SEQUENCE, Vec::new()),
        items(tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, vec![evidence(&source, of_segmentation)]),
        string(tags::COMPLETION_FLAG, VR::CS, if figures.is_complete { "COMPLETE" } else { "PARTIAL" }),
        string(tags::VERIFICATION_FLAG, VR::CS, "UNVERIFIED"),
        string(tags::PRELIMINARY_FLAG, VR::CS, "PRELIMINARY"),
    ]);
    elements.extend(since.map(|_| follow_up::scheme()));
    let kind = Kind {
        sop_class: uids::COMPREHENSIVE3_DSR_STORAGE,
        modality: "SR",
        series_number: "9002",
        description: "Tumour measurements (research use)",
    };
    Ok(Reported { segmentation, report: written(&source, of_report, &kind, elements)? })
}

/// The measures of the one segment.
fn group(
    study: &Composite,
    marked: &[u8],
    figures: &Figures,
    algorithm: Algorithm,
    of_segmentation: &Identity,
    source: &Source,
    time_point: Vec<InMemDicomObject>,
) -> InMemDicomObject {
    let mut segment = referenced(uids::SEGMENTATION_STORAGE, &of_segmentation.instance_uid());
    segment.put(short(tags::REFERENCED_SEGMENT_NUMBER, SEGMENT));
    let context = Relation::HasObservationContext;
    let modifier = Relation::HasConceptModifier;
    let mut content = vec![
        text(context, ("112039", "DCM", "Tracking Identifier"), LABEL),
        identifier(context, ("112040", "DCM", "Tracking Unique Identifier"), of_segmentation.tracking_uid()),
        coded(Relation::Contains, ("276214006", "SCT", "Finding category"), ABNORMAL_STRUCTURE),
        coded(Relation::Contains, ("121071", "DCM", "Finding"), NEOPLASM),
    ];
    content.extend(time_point);
    content.push(image(Relation::Contains, ("121191", "DCM", "Referenced Segment"), segment));
    content.extend(marked_slices(study, marked).into_iter().map(|slice| {
        image(Relation::Contains, ("121233", "DCM", "Source image for segmentation"), source.image(slice))
    }));
    let mut site = coded(modifier, ("363698007", "SCT", "Finding Site"), BRAIN);
    if let Some(side) = figures.laterality {
        let side = coded(modifier, ("272741003", "SCT", "Laterality"), side.code());
        site.put(items(tags::CONTENT_SEQUENCE, vec![side]));
    }
    content.extend([
        site,
        text(modifier, ("111001", "DCM", "Algorithm Name"), &of_segmentation.model),
        text(modifier, ("111003", "DCM", "Algorithm Version"), VERSION),
    ]);
    let parameters: Vec<String> =
        [algorithm.by_whom().to_owned()].into_iter().chain(of_segmentation.threshold()).collect();
    // One text: readers take the first of several.
    content.push(text(modifier, ("111002", "DCM", "Algorithm Parameters"), &parameters.join(". ")));
    let on = |slice: usize| {
        let image_of = image_of(study, slice).map(|at| source.image(at));
        image_of.map(|of| image(Relation::InferredFrom, ("121112", "DCM", "Source of Measurement"), of))
    };
    content.push(number(("118565006", "SCT", "Volume"), figures.volume_ml, MILLILITRE, Vec::new()));
    if let Some((slice, area)) = figures.area_mm2 {
        let largest = coded(modifier, ("121401", "DCM", "Derivation"), ("56851009", "SCT", "Maximum"));
        let more = [largest].into_iter().chain(on(slice)).collect();
        content.push(number(("42798000", "SCT", "Area"), area, SQUARE_MILLIMETRE, more));
    }
    if let Some((slice, axes)) = figures.axes_mm {
        let names = [("103339001", "SCT", "Long axis"), ("103340004", "SCT", "Short axis")];
        let image: Vec<_> = on(slice).into_iter().collect();
        let axes = names.into_iter().zip(axes);
        content.extend(axes.map(|(name, length)| number(name, length, MILLIMETRE, image.clone())));
    }
    content.extend(figures.since.as_deref().map(follow_up::changes).unwrap_or_default());
    related(Relation::Contains, container(("125007", "DCM", "Measurement Group"), Some("1411"), content))
}

/// All files that the report refers to.
fn evidence(source: &Source, of_segmentation: &Identity) -> InMemDicomObject {
    let series = |uid: String, files: Vec<InMemDicomObject>| {
        item([items(tags::REFERENCED_SOP_SEQUENCE, files), string(tags::SERIES_INSTANCE_UID, VR::UI, uid)])
    };
    let segmentation = vec![referenced(uids::SEGMENTATION_STORAGE, &of_segmentation.instance_uid())];
    item([
        items(
            tags::REFERENCED_SERIES_SEQUENCE,
            vec![
                series(source.reference.series.clone(), source.images()),
                series(of_segmentation.series_uid(), segmentation),
            ],
        ),
        string(tags::STUDY_INSTANCE_UID, VR::UI, source.reference.study.clone()),
    ])
}

/// Slices of the file with marks.
fn marked_slices(study: &Composite, marked: &[u8]) -> Vec<usize> {
    let area = study.source.slice_pixels();
    let slices = study.to_source(marked);
    let slices = slices.chunks(area).enumerate().filter(|(_, slice)| slice.contains(&1));
    slices.map(|(at, _)| at).collect()
}

/// The slice of the file that a slice of the study is; none where it crosses several.
fn image_of(study: &Composite, slice: usize) -> Option<usize> {
    let mut only = vec![0; study.geometry.voxels()];
    let area = study.geometry.slice_pixels();
    only.get_mut(slice * area..(slice + 1) * area)?.fill(1);
    match marked_slices(study, &only)[..] {
        [image] => Some(image),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

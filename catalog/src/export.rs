//! A study's mask into files for other programs.

use protocol::{Export, ExportFormat, FromWorker, Pieces, Problem, Why};
use study::{
    Algorithm, Capture, Composite, Content, Figures, Identity, Laterality, Reported, Secret, Since, SurfaceError,
    WriteError, pack, write_capture, write_nifti, write_report, write_segmentation,
};
use thiserror::Error;

use crate::Host;
use crate::reasons::{Explained, Values, keyed, why, word};
use crate::studies::Study;
use crate::surfaces;

/// What is asked of the files.
pub struct Request {
    /// What to write.
    pub export: Export<Vec<u8>>,
    /// Whether a person corrected the mask.
    pub corrected: bool,
    /// Probability from which a pixel is tumour.
    pub threshold: Option<f32>,
    /// The date and time to write into them.
    pub now: [String; 2],
    /// What the model is called.
    pub model: String,
    /// What identifiers are hashed with where patient data is left out.
    pub deidentified: Option<Secret>,
}

/// Why a file was not written.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum NotWritten {
    /// A file of DICOM.
    #[error(transparent)]
    Dicom(#[from] WriteError),
    /// A surface.
    #[error(transparent)]
    Surface(#[from] SurfaceError),
}

impl Explained for NotWritten {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Dicom(error) => error.key(),
            Self::Surface(error) => error.key(),
        }
    }
}

/// Files by their kinds.
pub type Files = Vec<(ExportFormat, Vec<u8>)>;

/// The one file that a person saves: browsers ask before a second one. Several are a zip archive of the kind of the last.
fn together(mut files: Files) -> Result<(ExportFormat, Vec<u8>), Why> {
    let (format, bytes) = files.pop().ok_or_else(|| why(&WriteError::Empty))?;
    if files.is_empty() {
        return Ok((format, bytes));
    }
    files.push((format, bytes));
    let name = |format: &ExportFormat| match format {
        ExportFormat::DicomReport => "report.dcm",
        _ => "mask.dcm",
    };
    let named: Vec<_> = files.iter().map(|(format, bytes)| (name(format), &bytes[..])).collect();
    Ok((format, pack(&named).map_err(|detail| not_packed(&detail))?))
}

/// What the page is told where an archive could not be written.
pub(crate) fn not_packed(detail: &str) -> Why {
    let english = format!("the archive could not be written ({detail})");
    keyed("archive-not-written", vec![word("detail", detail)], english)
}

impl Request {
    /// Writes the files and replies.
    pub(crate) fn write(self, study: &Study, host: &mut dyn Host) {
        let voxels = study.composite.geometry.voxels();
        let is_whole = match &self.export {
            Export::Nifti(marks) | Export::DicomSeg(marks) | Export::DicomLabelMap(marks) => {
                marks.buffer.len() == voxels
            }
            Export::DicomProbabilities(levels) => levels.buffer.len() == voxels,
            Export::DicomReport { marks, .. } | Export::Surface { marks, .. } => marks.buffer.len() == voxels,
            Export::DicomPicture { .. } => true,
        };
        if !is_whole {
            return host.reply(FromWorker::Refused(Problem::MaskSize));
        }
        let files = self.files(&study.composite, &mut || host.random()).map_err(|error| why(&error));
        host.reply(match files.and_then(together) {
            Ok((format, bytes)) => FromWorker::Exported { study: study.id, format, bytes: Pieces::from(bytes).into() },
            Err(why) => FromWorker::Refused(Problem::NotWritten { study: study.name.clone(), why }),
        });
    }

    /// The files, each with its kind.
    ///
    /// # Errors
    ///
    /// Why not: [`WriteError`] if a file of DICOM is asked for and the study is not of DICOM files or nothing is marked,
    /// [`SurfaceError`] if there is no surface.
    ///
    /// # Panics
    ///
    /// If there is not one mark a voxel.
    pub fn files(self, composite: &Composite, random: &mut dyn FnMut() -> u128) -> Result<Files, NotWritten> {
        let [date, time] = self.now;
        let mut identity = || Identity {
            random: std::array::from_fn(|_| random()),
            date: date.clone(),
            time: time.clone(),
            model: self.model.clone(),
            thresholds: self.threshold.into_iter().collect(),
            deidentified: self.deidentified.clone(),
        };
        let algorithm = if self.corrected { Algorithm::SemiAutomatic } else { Algorithm::Automatic };
        let mut segmentation = |content: Content| write_segmentation(composite, content, algorithm, &identity());
        let (format, bytes) = match self.export {
            Export::Nifti(marks) => {
                (ExportFormat::Nifti, write_nifti(&composite.source, &composite.to_source(&marks.buffer)))
            }
            Export::DicomSeg(marks) => (ExportFormat::DicomSeg, segmentation(Content::Binary(&marks.buffer))?),
            Export::DicomLabelMap(marks) => {
                (ExportFormat::DicomLabelMap, segmentation(Content::LabelMap(&marks.buffer))?)
            }
            Export::DicomProbabilities(levels) => {
                (ExportFormat::DicomProbabilities, segmentation(Content::Probabilities(&levels.buffer))?)
            }
            Export::DicomReport { marks, figures } => {
                let protocol::Figures { volume_ml, area_mm2, axes_mm, laterality, is_complete, since } = figures;
                let since = since.map(|since| Box::new(changes(*since)));
                let laterality = laterality.map(side);
                let figures = Figures { volume_ml, area_mm2, axes_mm, laterality, is_complete, since };
                let (of_segmentation, of_report) = (identity(), identity());
                let identities = [&of_segmentation, &of_report];
                let Reported { segmentation, report } =
                    write_report(composite, &marks.buffer, &figures, algorithm, identities)?;
                return Ok(vec![(ExportFormat::DicomSeg, segmentation), (ExportFormat::DicomReport, report)]);
            }
            Export::Surface { marks, format } => {
                (ExportFormat::Surface(format), surfaces::file(composite, &marks.buffer, format)?)
            }
            Export::DicomPicture { size, rgba, named } => {
                let rgb = rgba.buffer.chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect();
                let capture = Capture { size, rgb, is_named: named };
                (ExportFormat::DicomPicture, write_capture(composite, &capture, &identity())?)
            }
        };
        Ok(vec![(format, bytes)])
    }
}

/// A side, as a report has it.
fn side(side: protocol::Laterality) -> Laterality {
    match side {
        protocol::Laterality::Left => Laterality::Left,
        protocol::Laterality::Right => Laterality::Right,
        protocol::Laterality::Both => Laterality::Both,
    }
}

/// What changed since the study before, as a report has it.
fn changes(since: protocol::Since) -> Since {
    let protocol::Since {
        date,
        days,
        ml,
        percent,
        mean_diameter_mm,
        mm_per_year,
        product_percent,
        new_lesions,
        response,
    } = since;
    Since { date, days, ml, percent, mean_diameter_mm, mm_per_year, product_percent, new_lesions, response }
}

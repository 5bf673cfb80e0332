//! A study's mask into a file for other programs.

use protocol::{ExportFormat, FromWorker, Pieces, Problem};
use study::{Algorithm, Composite, Identity, SegmentationError, write_nifti, write_segmentation};

use crate::Host;
use crate::studies::Study;

/// What is asked of the file.
pub struct Export {
    /// Of which kind it is.
    pub format: ExportFormat,
    /// Whether a person corrected the mask.
    pub corrected: bool,
    /// Probability from which a pixel is tumour.
    pub threshold: Option<f32>,
    /// The date and time to write into it.
    pub now: [String; 2],
    /// What the model is called.
    pub model: String,
}

impl Export {
    /// Writes the file of a mask, slice by slice.
    pub(crate) fn write(self, study: &Study, marks: &[u8], host: &mut dyn Host) {
        let composite = &study.composite;
        if marks.len() != composite.geometry.voxels() {
            return host.reply(FromWorker::Refused(Problem::MaskSize));
        }
        let format = self.format;
        let written = self.bytes(composite, marks, || host.random());
        host.reply(match written {
            Ok(bytes) => FromWorker::Exported { study: study.id, format, bytes: Pieces::from(bytes).into() },
            Err(error) => {
                FromWorker::Refused(Problem::NotWritten { study: study.name.clone(), why: error.to_string() })
            }
        });
    }

    /// The bytes of the file of a mask, slice by slice.
    ///
    /// # Errors
    ///
    /// [`SegmentationError`] if the study is not of DICOM files, or nothing is marked, and a segmentation is asked for.
    ///
    /// # Panics
    ///
    /// If there is not one mark a voxel.
    pub fn bytes(
        self,
        composite: &Composite,
        marks: &[u8],
        mut random: impl FnMut() -> u128,
    ) -> Result<Vec<u8>, SegmentationError> {
        let Self { format, corrected, threshold, now: [date, time], model } = self;
        match format {
            ExportFormat::Nifti => Ok(write_nifti(&composite.source, &composite.to_source(marks))),
            ExportFormat::DicomSeg => {
                let algorithm = if corrected { Algorithm::SemiAutomatic } else { Algorithm::Automatic };
                let random = std::array::from_fn(|_| random());
                let identity = Identity { random, date, time, model, thresholds: threshold.into_iter().collect() };
                write_segmentation(composite, marks, algorithm, &identity)
            }
        }
    }
}

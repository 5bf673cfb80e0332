//! Label files to the studies that they mark.
//!
//! A label goes to a study that was dropped together with it, else to the one on screen, else to the newest that it fits;
//! the page is told to which, and whether it fits others as well.

use protocol::{FromWorker, Pieces, Problem, Remark, StudyId, Why};
use study::{Composite, DicomFile, LabelMap, is_own_segmentation, read_segmentation};

use crate::Host;
use crate::reasons::why;
use crate::studies::{Studies, Study};
use crate::subjects::Subject;

/// A file that marks voxels.
pub(crate) struct Label {
    /// Name of the file.
    pub name: String,
    /// Whether this program wrote it, as a mask.
    own: bool,
    source: Source,
}

/// What a label is read from.
enum Source {
    /// Marked voxels of a NIfTI file.
    Map(LabelMap),
    /// A DICOM segmentation, which is read against its study.
    Segmentation(Box<DicomFile>),
}

impl Label {
    /// A NIfTI label map.
    pub fn map(name: &str, map: LabelMap, own: bool) -> Self {
        Self { name: name.into(), own, source: Source::Map(map) }
    }

    /// A DICOM segmentation.
    pub fn segmentation(name: &str, file: Box<DicomFile>) -> Self {
        let own = is_own_segmentation(&file);
        Self { name: name.into(), own, source: Source::Segmentation(file) }
    }

    /// What it marks on a study's slices and what was assumed for that, or why nothing.
    fn on(&self, study: &Composite) -> Result<(Vec<u8>, Vec<Why>), Why> {
        match &self.source {
            Source::Map(map) => map.on(study).map(|marks| (marks, Vec::new())).map_err(|error| why(&error)),
            Source::Segmentation(file) => {
                let marked = read_segmentation(file, study).map_err(|error| why(&error))?;
                let marks = marked.on(study).map_err(|error| why(&error))?;
                Ok((marks, marked.assumed.iter().map(|assumed| why(assumed)).collect()))
            }
        }
    }

    /// Gives it to a study: of those that were dropped `together` with it the one of the same subject.
    pub fn give(
        self,
        subject: &Subject,
        studies: &Studies,
        together: &[StudyId],
        on_screen: Option<StudyId>,
        host: &mut dyn Host,
    ) {
        let rank = |study: &Study| {
            let is_own = |of: &Subject| of == subject || *of == subject.without_suffix();
            let is_anothers = !study.subject().is_some_and(is_own);
            (!together.contains(&study.id), is_anothers, Some(study.id) != on_screen)
        };
        let mut open: Vec<&Study> = studies.open().iter().rev().collect();
        open.sort_by_key(|study| rank(study)); // Stable: the newest first.
        let mut fits = open.iter().filter_map(|study| Some((study.id, self.on(&study.composite).ok()?)));
        let name = self.name.clone();
        let reply = match fits.next() {
            Some((study, (marks, assumed))) => {
                let (own, also_fits) = (self.own, fits.count());
                for what in assumed {
                    host.reply(FromWorker::Noted(Remark::Assumed { name: name.clone(), what }));
                }
                FromWorker::Marked { study, name, own, also_fits, marks: Pieces::from(marks).into() }
            }
            None => FromWorker::Refused(match open.first().map(|study| self.on(&study.composite)) {
                Some(Err(why)) => Problem::LabelFitsNone { name, why },
                _ => Problem::LabelWithoutStudy { name },
            }),
        };
        host.reply(reply);
    }
}

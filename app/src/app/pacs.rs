//! The PACS of the site's host and the other stores: a study from there on screen, the mask of one there.

use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ExportFormat, StudyId};

use super::App;
use crate::language::text;
use crate::notices::Severity;
use crate::owner::Owner;
use crate::pacs::Retrieved;
use crate::results::saving::Save;

impl App {
    /// Opens the chosen series of a study of the PACS, or all that the page can use, once all of them have come.
    pub fn open_from_pacs(self, study: String, chosen: Option<Vec<String>>) {
        spawn_local(async move {
            let Some(Retrieved { files, left_out }) = self.pacs.retrieve(study, chosen).await else { return };
            self.pacs.choosing.set(false);
            self.open_files(files);
            if !left_out.is_empty() {
                let text = text!("pacs-left-out", count = left_out.len(), kinds = left_out.join(", "));
                self.notices.latest_drop(Severity::Info, text);
            }
        });
    }

    /// Opens the study of the PACS that the page's address names.
    pub(super) fn open_linked_in_pacs(self) {
        if let Some(study) = self.pacs.linked() {
            self.pacs.show(self.pacs.choosing);
            self.open_from_pacs(study, None);
        }
    }

    /// Whether the study on screen can be sent: a mask of it refers to DICOM images.
    pub fn can_send_to_pacs(self) -> bool {
        self.documents.study_on_screen().is_some_and(|study| study.info.dicom)
    }

    /// Sends the mask of the study on screen, and a structured report where that is wanted.
    pub fn send_to_pacs(self, with_report: bool) {
        let Some(study) = untrack(move || self.documents.study_on_screen()) else { return };
        let format = if with_report { ExportFormat::DicomReport } else { ExportFormat::DicomSeg };
        self.pacs.expect(study.info.study, format);
        self.results.save(Save::Files(format));
    }

    /// Files are written: they are saved, or go to the PACS.
    pub(super) fn written(self, study: StudyId, format: ExportFormat, bytes: Uint8Array) {
        if !self.pacs.expected(study, format) {
            return self.results.save_export(study, format, &bytes);
        }
        spawn_local(async move {
            let Some(count) = self.pacs.send(format, bytes).await else { return };
            self.pacs.asking.set(false);
            self.results.is_saved(study, ExportFormat::DicomSeg);
            self.results.is_saved(study, format);
            self.notices.of(Some(Owner::Study(study)), Severity::Info, text!("pacs-sent", count));
        });
    }
}

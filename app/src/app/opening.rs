//! What a person hands over, from store to store.

use imaging::Mask;
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, Numbers, Point, StudyId, StudyInfo, ToWorker, View};

use super::App;
use crate::address;
use crate::documents::files::Own;
use crate::documents::linked::Linked;
use crate::documents::picture::Picture;
use crate::documents::reading::Arrived;
use crate::documents::samples::Sample;
use crate::documents::study::Study;
use crate::inference::Event;
use crate::notices::{Severity, told};
use crate::owner::Owner;

impl App {
    /// Opens files that a person handed over.
    pub fn open_files(self, files: Vec<Own>) {
        if files.is_empty() {
            return;
        }
        // A label among them must not find a study that is no longer on screen.
        self.finish_all_closing();
        self.documents.read_files(files);
    }

    /// Opens a slice or a study that comes with the page, and its label.
    pub fn open_sample(self, sample: Sample) {
        self.finish_all_closing();
        self.documents.read_sample(sample);
    }

    /// Opens the files of this site that the page's address names, `study=` for each of them, and the study of its PACS.
    pub fn open_linked(self) {
        let (linked, refused): (Vec<_>, Vec<_>) =
            address::parameters("study").iter().map(|written| Linked::at(written)).partition(Result::is_ok);
        refused.into_iter().filter_map(Result::err).for_each(|why| self.notices.page(Severity::Error, why));
        let linked: Vec<Linked> = linked.into_iter().filter_map(Result::ok).collect();
        if !linked.is_empty() {
            self.documents.read_linked(linked);
        }
        self.open_linked_in_pacs();
    }

    /// Opens pictures as one volume in their place; those that were corrected stay as well.
    pub fn stack(self, files: &[FileId], name: &str) {
        let open: Vec<FileId> = files.iter().copied().filter(|&id| self.documents.entry(id).is_some()).collect();
        self.documents.expect_a_slice();
        self.documents.send(&ToWorker::Stack { files: open.clone(), name: name.into() });
        if open.len() > 1 {
            let corrected = |id: &FileId| untrack(|| self.annotation.is_corrected(*id));
            open.into_iter().filter(|id| !corrected(id)).for_each(|id| self.close(id));
        }
    }

    /// A file is a slice, or the label of one.
    pub(super) fn opened(self, id: FileId, picture: Picture, others: Vec<Point>, marked: &[u8]) {
        let single = picture.info.single_sequence;
        if self.documents.take_picture(id, picture, others, marked) {
            if single {
                self.viewport.show_single();
            }
            self.annotation.recall(id);
            self.recall(vec![id]);
            self.documents.show_first(id);
        }
        self.documents.adopt_orphans();
    }

    /// The network looks at another part of a picture: what it found before is no answer any more.
    pub(super) fn framed(self, file: FileId, view: View) {
        self.documents.framed(file, view);
        self.outdate(&[file]);
    }

    /// A study is put together, or put together anew from other volumes.
    pub(super) fn opened_study(self, info: StudyInfo, stored: [Option<Numbers<u16, Uint8Array>>; 3]) {
        let study = Study::new(info, stored);
        let owner = Owner::Study(study.info.study);
        let arrived = self.documents.take_study(&study);
        self.viewport.forget_levels(owner);
        if study.is_single() {
            self.viewport.show_single();
        }
        let middle = study.slice_id(study.slices() / 2);
        match arrived {
            Arrived::OnSameGrid => {
                // What was corrected stays; what the network found, or is finding, is asked again.
                self.notices.outdated(owner);
                self.documents.rename_slices(&study);
                self.outdate(&study.slice_ids().collect::<Vec<_>>());
            }
            Arrived::OnOtherGrid(slices) => {
                self.forget(&slices, Some(study.info.study));
                self.list_slices(&study);
                self.documents.select(middle);
            }
            Arrived::New => {
                self.list_slices(&study);
                self.documents.show_first(middle);
            }
        }
    }

    /// Lists the slices of a study, with what was kept of each.
    fn list_slices(self, study: &Study) {
        self.documents.list_slices(study);
        study.slice_ids().for_each(|id| self.annotation.recall(id));
        self.recall(study.slice_ids().collect());
    }

    /// Slices have other numbers: what the network found on them, or is finding, is asked again.
    fn outdate(self, slices: &[FileId]) {
        self.inference.happened(Event::Outdated(slices.to_vec()));
        self.annotation.outdate(slices);
        self.results.outdate(slices);
        self.annotation.attend();
    }

    /// A file marks voxels of a study: this program's own masks are taken up as corrections, others are labels.
    pub(super) fn marked(self, id: StudyId, name: &str, own: bool, also_fits: usize, marks: &[u8]) {
        let Some(study) = self.documents.study(id) else { return };
        let [width, height, _] = study.info.size;
        let slices = marks.chunks_exact(width * height);
        let masks = slices.map(|marks| Mask::new(width, height, marks.iter().map(|&mark| mark == 1).collect()));
        if own {
            self.annotation.take_from_file(&study, masks);
        } else {
            self.documents.label_slices(study.slice_ids().zip(masks));
        }
        let text = told::label(name, &study.info.name, own, also_fits);
        self.notices.of(Some(Owner::Study(id)), Severity::Info, text);
        self.annotation.attend();
    }
}

//! Files that a person hands over, on their way into slices, studies and labels.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use imaging::Mask;
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, Numbers, SeriesId, StudyId, StudyInfo, ToWorker, View};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::edits::{Clicks, Edit, Edits, What};
use crate::files::Handed;
use crate::inference::Event;
use crate::notice::{About, Severity};
use crate::pairing::{labelled_stem, stem};
use crate::picture::{Owner, Picture};
use crate::samples::Sample;
use crate::session::{Content, Entry, Sequences, Session};
use crate::study::Study;
use crate::told;
use crate::undo;
use crate::words::counted;

/// Files that one drop may hold: a study of several series.
const FILES_AT_ONCE: usize = 3000;

impl Session {
    /// Opens files that a person handed over.
    pub fn open_files(self, mut files: Vec<File>) {
        if files.len() > FILES_AT_ONCE {
            let text = format!("{} at once: the first {FILES_AT_ONCE} are opened.", counted(files.len(), "file"));
            self.notify(Severity::Info, text);
            files.truncate(FILES_AT_ONCE);
        }
        files.sort_by_cached_key(|file| natural(&file.name()));
        self.hand_over(files.into_iter().map(Handed::Own).collect());
    }

    /// Opens a slice or a study that comes with the page, and its label.
    pub fn open_sample(self, sample: Sample) {
        self.hand_over(sample.files.iter().copied().map(Handed::Sample).collect());
    }

    pub(crate) fn hand_over(self, files: Vec<Handed>) {
        // A label among them must not find a study that is no longer on screen.
        self.finish_all_closing();
        self.notices.dropped();
        self.expect_a_slice();
        spawn_local(async move {
            for file in files {
                match file.bytes().await {
                    Ok(bytes) => self.open(&file.name(), bytes),
                    Err(why) => self.notify_of_drop(Severity::Error, why),
                }
            }
            let on_screen = untrack(move || self.study_on_screen()).map(|study| study.info.study);
            self.send(&ToWorker::Settle { on_screen });
        });
    }

    /// Opens pictures as one volume in their place; those that were corrected stay as well.
    pub(crate) fn stack(self, files: &[FileId], name: &str) {
        let open: Vec<FileId> = files.iter().copied().filter(|&id| self.entry(id).is_some()).collect();
        self.expect_a_slice();
        self.send(&ToWorker::Stack { files: open.clone(), name: name.into() });
        if open.len() > 1 {
            let corrected = |id: &FileId| self.edits.with_untracked(|all| all.get(id).is_some_and(Edits::is_corrected));
            open.into_iter().filter(|id| !corrected(id)).for_each(|id| self.close(id));
        }
    }

    /// The next slice that is decoded comes on screen.
    fn expect_a_slice(self) {
        self.fresh_drop.set_value(true);
    }

    fn open(self, name: &str, bytes: Uint8Array) {
        let id = FileId(self.fresh_id());
        self.opening.update(|opening| drop(opening.insert(id, name.into())));
        self.send(&ToWorker::Open { file: id, name: name.into(), bytes: bytes.into() });
    }

    /// A slice was found inside a file.
    pub(crate) fn found(self, id: FileId, name: String) {
        self.opening.update(|opening| drop(opening.insert(id, name)));
    }

    /// A file was read; its name, if it was being waited for.
    pub(crate) fn read(self, id: FileId) -> Option<String> {
        let mut name = None;
        self.opening.update(|opening| name = opening.remove(&id));
        name
    }

    /// A file is a slice, or the label of one.
    pub(crate) fn opened(self, id: FileId, picture: Picture, others: Vec<(f32, f32)>, marked: &[u8]) {
        let Some(name) = self.read(id) else { return };
        let stem_of_slice = labelled_stem(&name);
        if stem_of_slice.is_some() || picture.info.binary {
            let mask = Mask::new(picture.info.width, picture.info.height, marked.iter().map(|&m| m == 1).collect());
            let stem_of_slice = stem_of_slice.unwrap_or_else(|| stem(&name)).to_owned();
            self.send(&ToWorker::Close { file: id });
            self.orphans.update_value(|orphans| orphans.push((stem_of_slice, Arc::new(mask))));
        } else {
            if picture.info.single_sequence {
                self.sequences.set(Sequences::One(1));
            }
            if let Some([left, top, width, height]) = picture.info.view.part
                && !others.is_empty()
            {
                // The first again after all others.
                let first = ((left + width / 2) as f32, (top + height / 2) as f32);
                let places = others.into_iter().chain([first]).collect();
                self.unseen_heads.update_value(|all| drop(all.insert(id, places)));
            }
            self.entries.update(|entries| {
                entries.push(Entry { id, name, content: Content::Lone(Arc::new(picture)) });
            });
            self.notices.opened(Owner::File(id));
            self.recall(id);
            self.show_first(id);
        }
        self.adopt_orphans();
    }

    /// Whether a pixel of the picture on screen lies beside what the network looks at.
    pub(crate) fn is_beside_view(self, (x, y): (usize, usize)) -> bool {
        let part = self.picture.with_untracked(|picture| picture.as_ref().and_then(|picture| picture.info.view.part));
        part.is_some_and(|[left, top, width, height]| {
            !(left..left + width).contains(&x) || !(top..top + height).contains(&y)
        })
    }

    /// Lets the network look at the head at a pixel of the picture on screen, unless that would cost corrections.
    pub(crate) fn look_at(self, (x, y): (usize, usize)) {
        let Some(file) = self.selected.get_untracked() else { return };
        if self.edits.with_untracked(|all| all.get(&file).is_some_and(Edits::is_corrected)) {
            let text =
                "The network looks at the part in the frame. To let it look elsewhere, first undo the corrections.";
            return self.notify_here(Severity::Info, text.into());
        }
        self.unseen_heads.update_value(|all| drop(all.remove(&file)));
        self.send(&ToWorker::LookAt { file, at: (x as f32, y as f32) });
    }

    /// The network has looked at a head of a picture: if it marks nothing, it looks at the next one, until a tumour is found
    /// or all have been seen.
    pub(crate) fn look_on(self, file: FileId) {
        let marked = self.masks.with_untracked(|all| all.get(&file).is_some_and(|found| found.area_px > 0));
        let corrected = self.edits.with_untracked(|all| all.get(&file).is_some_and(Edits::is_corrected));
        if marked || corrected {
            return self.unseen_heads.update_value(|all| drop(all.remove(&file)));
        }
        let next = |all: &mut HashMap<FileId, VecDeque<(f32, f32)>>| all.get_mut(&file)?.pop_front();
        if let Some(at) = self.unseen_heads.try_update_value(next).flatten() {
            self.send(&ToWorker::LookAt { file, at });
        }
    }

    /// The network looks at another part of a picture: what it found before is no answer any more.
    pub(crate) fn framed(self, file: FileId, view: View) {
        self.entries.update(|entries| {
            let entry = entries.iter_mut().find(|entry| entry.id == file);
            if let Some(Entry { content: Content::Lone(picture), .. }) = entry {
                Arc::make_mut(picture).look(view);
            }
        });
        self.segmentations.update(|all| drop(all.remove(&file)));
        self.inference.happened(self, Event::Outdated(vec![file]));
        self.refresh(file);
        self.attend();
    }

    /// A study is put together, or put together anew from other volumes.
    pub(crate) fn opened_study(self, info: StudyInfo, stored: [Option<Numbers<u16, Uint8Array>>; 3]) {
        let study = Study::new(info, stored);
        let (id, first) = (study.info.study, study.info.first);
        let known = self.study(id).map(|known| known.info.first);
        self.studies.update(|studies| match studies.iter_mut().find(|known| known.info.study == id) {
            Some(known) => *known = study.clone(),
            None => studies.push(study.clone()),
        });
        self.notices.opened(Owner::Study(id));
        self.levels.update(|levels| {
            levels.remove(&Owner::Study(id));
        });
        if study.is_single() {
            self.sequences.set(Sequences::One(1));
        }
        if known == Some(first) {
            // The same grid: what was corrected stays, what the network found, or is finding, is asked again.
            self.inference.happened(self, Event::Outdated(study.slice_ids().collect()));
            self.segmentations.update(|all| study.slice_ids().for_each(|id| drop(all.remove(&id))));
            // What the program did with the former answers, and said of them, goes with them.
            self.edits.update(|all| {
                study.slice_ids().for_each(|id| {
                    all.entry(id).and_modify(Edits::forget_the_programs);
                });
            });
            self.notices.outdated(Owner::Study(id));
            self.refresh_all(&study.slice_ids().collect::<Vec<_>>());
            return self.attend();
        }
        if known.is_some() {
            self.forget_slices(id);
        }
        let name = study.info.name.clone();
        self.entries.update(|entries| {
            entries.extend((0..study.slices()).map(|index| Entry {
                id: study.slice_id(index),
                name: format!("{name}, slice {}", index + 1),
                content: Content::Slice { study: id, index },
            }));
        });
        study.slice_ids().for_each(|id| self.recall(id));
        let middle = study.slice_id(study.slices() / 2);
        if known.is_some() {
            self.select(middle);
        } else {
            self.show_first(middle);
        }
    }

    /// A study has other volumes to choose from.
    pub(crate) fn offered(self, id: StudyId, choices: Vec<(SeriesId, String)>, volumes: usize) {
        self.studies.update(|studies| {
            if let Some(study) = studies.iter_mut().find(|study| study.info.study == id) {
                let info = Arc::make_mut(&mut study.info);
                (info.choices, info.volumes) = (choices, volumes);
            }
        });
    }

    /// A file marks voxels of a study: this program's own masks are taken up as corrections, others are labels.
    pub(crate) fn marked(self, id: StudyId, name: &str, own: bool, also_fits: usize, marks: &[u8]) {
        let Some(study) = self.study(id) else { return };
        let [width, height, _] = study.info.size;
        let slices = marks.chunks_exact(width * height);
        let masks = slices.map(|marks| Mask::new(width, height, marks.iter().map(|&mark| mark == 1).collect()));
        if own {
            let given = |mask: Mask| Some(Edit::Clicks(Clicks::given(&mask, Vec::new())));
            self.take_on_many(What::FromFile, study.slice_ids().zip(masks.map(given)));
        } else {
            self.labels.update(|labels| labels.extend(study.slice_ids().zip(masks.map(Arc::new))));
        }
        let text = told::label(name, &study.info.name, own, also_fits);
        self.notify_about(About::Of(Owner::Study(id)), Severity::Info, text);
        self.attend();
    }

    /// Makes a mask that of a slice, as one step.
    fn take_as_mask(self, file: FileId, wanted: &Mask) {
        let edit = Edit::Clicks(Clicks::given(wanted, Vec::new()));
        self.edits.update(|all| undo::change(all, file, |edits| edits.take(edit)));
        self.closing.touched(&[file]);
        self.refresh(file);
    }

    /// Takes the label of the slice on screen for its mask, as one step.
    pub fn take_label_as_mask(self) {
        if let (Some(file), Some(label)) = (self.selected.get_untracked(), self.label.get_untracked()) {
            self.take_as_mask(file, &label);
            self.attend();
        }
    }

    /// The first slice of a drop comes on screen; the rest wait in the strip.
    fn show_first(self, id: FileId) {
        if self.fresh_drop.get_value() || self.selected.get_untracked().is_none() {
            self.fresh_drop.set_value(false);
            self.select(id);
        }
    }

    /// Gives every label to the slice of its name, or to the one on screen once all files are read.
    pub(crate) fn adopt_orphans(self) {
        let all_read = self.opening.with_untracked(|opening| opening.is_empty());
        let orphans = self.orphans.get_value();
        let remaining = orphans.into_iter().filter(|(wanted, mask)| {
            let by_name = self.entries.with_untracked(|entries| {
                entries.iter().rev().find(|entry| stem(&entry.name) == wanted).map(|entry| entry.id)
            });
            match by_name.or_else(|| self.selected.get_untracked().filter(|_| all_read)) {
                Some(id) => {
                    self.attach(id, mask, wanted);
                    false
                }
                None if all_read => {
                    let text =
                        format!("{wanted}: looks like a label, but no slice is open. Drop its slice, then the label.");
                    self.notify_of_drop(Severity::Error, text);
                    false
                }
                None => true,
            }
        });
        self.orphans.set_value(remaining.collect());
    }

    fn attach(self, id: FileId, mask: &Arc<Mask>, name: &str) {
        let Some((width, height)) = self.size_of(id) else { return };
        if (width, height) == (mask.width(), mask.height()) {
            self.labels.update(|labels| drop(labels.insert(id, mask.clone())));
        } else {
            let text = format!(
                "{name}: the label is {} × {} pixels, the slice {width} × {height}. Export the label on the slice's own \
                 grid.",
                mask.width(),
                mask.height(),
            );
            self.notify_of_drop(Severity::Error, text);
        }
    }
}

/// A key by which `slice_2` comes before `slice_10`.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut key = vec![(0u64, String::new())];
    let mut digits = false;
    for c in name.chars() {
        if c.is_ascii_digit() != digits {
            digits = c.is_ascii_digit();
            if digits {
                key.push((0, String::new()));
            }
        }
        let last = key.last_mut().expect("the key begins with one part");
        match c.to_digit(10) {
            Some(digit) => last.0 = last.0.saturating_mul(10).saturating_add(u64::from(digit)),
            None => last.1.push(c),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_sort_as_numbers() {
        let mut names = ["s_10.png", "s_2.png", "a_3.png", "s_1.png"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["a_3.png", "s_1.png", "s_2.png", "s_10.png"]);
    }
}

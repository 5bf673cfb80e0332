//! Files that a person hands over, on their way into slices and studies.

use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, Point, SeriesId, StudyId, ToWorker};
use std::sync::Arc;

use imaging::Mask;
use wasm_bindgen_futures::spawn_local;

use super::Documents;
use super::entry::{Content, Entry};
use super::files::{Handed, Own};
use super::linked::Linked;
use super::pairing::{labelled_stem, stem};
use super::picture::Picture;
use super::samples::Sample;
use super::study::Study;
use crate::language::text;
use crate::notices::Severity;
use crate::owner::Owner;

/// Files that one drop may hold: a study of several series.
const FILES_AT_ONCE: usize = 3000;

/// What a study that was put together is to what was open.
pub enum Arrived {
    /// It is new.
    New,
    /// It takes the place of one on the same grid.
    OnSameGrid,
    /// It takes the place of one on another grid, whose slices these were.
    OnOtherGrid(Vec<FileId>),
}

impl Documents {
    /// Reads files that a person handed over.
    pub fn read_files(self, mut files: Vec<Own>) {
        if files.len() > FILES_AT_ONCE {
            let text = text!("files-at-once", count = files.len(), most = FILES_AT_ONCE);
            self.notices.page(Severity::Info, text);
            files.truncate(FILES_AT_ONCE);
        }
        files.sort_by_cached_key(|own| order(&own.path));
        self.read_all(files.into_iter().map(Handed::Own).collect());
    }

    /// Reads a slice or a study that comes with the page, and its label.
    pub fn read_sample(self, sample: Sample) {
        self.read_all(sample.files.iter().copied().map(Handed::Sample).collect());
    }

    /// Reads files of this site.
    pub fn read_linked(self, files: Vec<Linked>) {
        self.read_all(files.into_iter().map(Handed::Linked).collect());
    }

    fn read_all(self, files: Vec<Handed>) {
        self.notices.dropped();
        self.expect_a_slice();
        self.arriving.update(|arriving| *arriving += 1);
        spawn_local(async move {
            for file in files {
                match file.bytes().await {
                    Ok(bytes) => self.send_file(&file.path(), bytes),
                    Err(why) => self.notices.latest_drop(Severity::Error, why),
                }
            }
            let on_screen = untrack(move || self.study_on_screen()).map(|study| study.info.study);
            self.send(&ToWorker::Settle { on_screen });
            self.arriving.update(|arriving| *arriving -= 1);
        });
    }

    fn send_file(self, path: &str, bytes: Uint8Array) {
        let id = FileId(self.fresh_id());
        let name = path.rsplit('/').next().unwrap_or(path);
        self.opening.update(|opening| drop(opening.insert(id, name.into())));
        self.send(&ToWorker::Open { file: id, name: path.into(), bytes: bytes.into() });
    }

    /// A slice was found inside a file.
    pub fn unpacked(self, id: FileId, name: String) {
        self.opening.update(|opening| drop(opening.insert(id, name)));
    }

    /// A file was read; its name, if it was being waited for.
    pub fn read(self, id: FileId) -> Option<String> {
        let mut name = None;
        self.opening.update(|opening| name = opening.remove(&id));
        name
    }

    /// A file is a slice, or the label of one; whether it is a slice.
    pub fn take_picture(self, id: FileId, picture: Picture, others: Vec<Point>, marked: &[u8]) -> bool {
        let Some(name) = self.read(id) else { return false };
        let stem_of_slice = labelled_stem(&name);
        if stem_of_slice.is_some() || picture.info.binary {
            let mask = Mask::new(picture.info.width, picture.info.height, marked.iter().map(|&m| m == 1).collect());
            let stem_of_slice = stem_of_slice.unwrap_or_else(|| stem(&name)).to_owned();
            self.send(&ToWorker::Close { file: id });
            self.expect_slice_of(stem_of_slice, mask);
            return false;
        }
        self.expect_heads(id, &picture, others);
        self.entries.update(|entries| {
            entries.push(Entry { id, name, content: Content::Lone(Arc::new(picture)) });
        });
        self.notices.opened(Owner::File(id));
        true
    }

    /// A study is put together, or put together anew from other volumes. Slices of another grid are left to the caller to
    /// forget before [`Self::list_slices`].
    pub fn take_study(self, study: &Study) -> Arrived {
        let id = study.info.study;
        let known = self.study(id);
        self.studies.update(|studies| match studies.iter_mut().find(|known| known.info.study == id) {
            Some(known) => *known = study.clone(),
            None => studies.push(study.clone()),
        });
        self.notices.opened(Owner::Study(id));
        match known {
            None => Arrived::New,
            Some(known) if known.info.first == study.info.first => Arrived::OnSameGrid,
            Some(_) => Arrived::OnOtherGrid(self.entries.with_untracked(|entries| {
                entries.iter().filter(|entry| entry.study() == Some(id)).map(|entry| entry.id).collect()
            })),
        }
    }

    /// Lists the slices of a study among what is open.
    pub fn list_slices(self, study: &Study) {
        let name = &study.info.name;
        self.entries.update(|entries| {
            entries.extend((0..study.slices()).map(|index| Entry {
                id: study.slice_id(index),
                name: slice_name(name, index),
                content: Content::Slice { study: study.info.study, index },
            }));
        });
    }

    /// Calls the slices of a study on the same grid by its name, which is another where its FLAIR is.
    pub fn rename_slices(self, study: &Study) {
        let name = &study.info.name;
        self.entries.update(|entries| {
            for entry in entries.iter_mut().filter(|entry| entry.study() == Some(study.info.study)) {
                if let Content::Slice { index, .. } = entry.content {
                    entry.name = slice_name(name, index);
                }
            }
        });
    }

    /// A study has other volumes to choose from.
    pub fn offered(self, id: StudyId, choices: Vec<(SeriesId, String)>, volumes: usize) {
        self.studies.update(|studies| {
            if let Some(study) = studies.iter_mut().find(|study| study.info.study == id) {
                let info = Arc::make_mut(&mut study.info);
                (info.choices, info.volumes) = (choices, volumes);
            }
        });
    }

    /// The next slice that is decoded comes on screen.
    pub fn expect_a_slice(self) {
        self.fresh_drop.set_value(true);
    }

    /// The first slice of a drop comes on screen; the rest wait in the strip.
    pub fn show_first(self, id: FileId) {
        if self.fresh_drop.get_value() || self.selected.get_untracked().is_none() {
            self.fresh_drop.set_value(false);
            self.select(id);
        }
    }
}

/// What a slice of a study of this name is called, by its number from 0.
fn slice_name(study: &str, index: usize) -> String {
    format!("{study}, slice {}", index + 1)
}

/// A key by which files are handed on: by name, after the headers that say which of them hold their numbers.
fn order(path: &str) -> (bool, Vec<(u64, String)>) {
    let lower = path.to_lowercase();
    let is_header = [".nhdr", ".mhd"].iter().any(|ending| lower.ends_with(ending));
    (!is_header, natural(path))
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
    fn numbers_in_names_sort_as_numbers_behind_headers() {
        let mut names = ["s_10.png", "s_2.png", "a_3.png", "s_1.png"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["a_3.png", "s_1.png", "s_2.png", "s_10.png"]);
        let mut names = ["a/s_10.raw", "a/s_9.raw", "a/t.MHD", "b.nhdr"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["a/t.MHD", "b.nhdr", "a/s_9.raw", "a/s_10.raw"]);
    }
}

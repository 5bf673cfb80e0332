//! Session files: what was done with everything that is open, to go on from on another computer beside the same images.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use imaging::ProbabilityMap;
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::payload::{bytes_of_floats, floats};
use protocol::session::{FORMAT, SessionRecord, SliceRecord, VERSION};
use protocol::{FileId, Names, ToWorker};
use wasm_split_helpers::wasm_split;

use super::App;
use crate::annotation::record::Maps;
use crate::clock;
use crate::language::{Text, text};
use crate::notices::{Severity, told};
use crate::owner::Owner;
use crate::parts::{self, Fetched};

/// What of a session has still to find its images.
#[derive(Clone, Default)]
pub(super) struct Waiting {
    /// Name of the file.
    name: String,
    /// By the digests of their slices.
    slices: HashMap<String, SliceRecord>,
    comments: HashMap<String, String>,
    maps: Maps,
    /// Numbers here of the steps over many slices there.
    groups: HashMap<u32, u32>,
    /// Whether another network than this page's answered: then masks count as they are, since another would not agree with its
    /// own part of the histories.
    other_model: bool,
}

/// What came of slices that a session file knows.
#[derive(Default)]
struct Recalled {
    back: usize,
    /// They have corrections of their own.
    corrected: usize,
    damaged: usize,
}

impl App {
    /// Asks the worker for a session file of everything that is open.
    pub fn save_session(self) {
        parts::perform(self.notices, save_session(self));
    }

    fn pack_session(self) {
        self.annotation.catch_up();
        let mut maps = Maps::default();
        let (slices, comments) = untrack(|| {
            let entries = self.documents.entries.get();
            let recorded =
                entries.iter().filter_map(|entry| Some((entry.owner(), self.annotation.record(entry.id, &mut maps)?)));
            let slices: Vec<(Owner, SliceRecord)> = recorded.collect();
            let digests =
                entries.iter().filter_map(|entry| Some((self.documents.digest_of(entry.owner())?, entry.owner())));
            let comments: HashMap<_, _> =
                digests.map(|(digest, owner)| (digest, self.results.comments_on(owner))).collect();
            (slices, comments.into_iter().filter(|(_, text)| !text.is_empty()).collect())
        });
        // Without patient data nothing has a date.
        let begun_ms = slices.iter().filter_map(|(_, slice)| slice.begun_ms()).fold(clock::now_ms(), f64::min);
        let begun_ms = self.results.without_patient.get_untracked().then_some(begun_ms);
        let slices = slices.into_iter().map(|(owner, slice)| match begun_ms {
            Some(begun_ms) => slice.without_patient(untrack(|| self.results.owner_name(owner)), begun_ms),
            None => slice,
        });
        let session = SessionRecord {
            format: FORMAT.into(),
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").into(),
            saved_at_ms: clock::now_ms() - begun_ms.unwrap_or_default(),
            model: self.results.made_by().map(|(model, _)| model),
            threshold: self.annotation.own_threshold.get_untracked(),
            maps: maps.0.iter().map(|map| (map.width(), map.height())).collect(),
            slices: slices.collect(),
            comments,
        };
        let values = bytes_of_floats(maps.0.iter().flat_map(|map| map.values()).copied());
        let [maps, measures] =
            [values, self.results.measures_json().unwrap_or_default()].map(|bytes| Uint8Array::from(&bytes[..]).into());
        self.documents.send(&ToWorker::PackSession { session: Box::new(session), maps, measures });
    }

    /// Hands a session file over that the worker wrote: everything is saved.
    pub(super) fn save_packed_session(self, bytes: &Uint8Array) {
        self.results.save_session(bytes);
    }

    /// Takes a session file up: slices that are open get their histories back at once, others as soon as they are opened.
    pub(super) fn take_session(self, name: String, session: SessionRecord, maps: Vec<u8>) {
        parts::perform(self.notices, take_session(self, name, session, maps));
    }

    fn take_up(self, name: String, session: SessionRecord, maps: &[u8]) {
        let waiting = match read_maps(&session.maps, maps) {
            Some(maps) => {
                let own = self.results.made_by().map(|(model, _)| model);
                let other_model = own.zip(session.model.as_ref()).is_some_and(|(own, its)| *its != own);
                let with_history = session.slices.into_iter().filter(|slice| !slice.steps.is_empty());
                let slices = with_history.map(|slice| (slice.digest.clone(), slice)).collect();
                let comments = session.comments.into_iter().collect();
                Waiting { name: name.clone(), slices, comments, maps, groups: HashMap::new(), other_model }
            }
            None => return self.notices.latest_drop(Severity::Error, text!("session-damaged", name)),
        };
        let (empty, other_model) = (waiting.slices.is_empty(), waiting.other_model);
        self.waiting.set_value(waiting);
        let open = self.documents.entries.with_untracked(|all| all.iter().map(|entry| entry.id).collect::<Vec<_>>());
        let recalled = self.recall_slices(&open);
        let mut said = match empty {
            true => text!("session-empty", name = &name),
            false => text!("session-back", name = &name, count = recalled.back),
        };
        if other_model && recalled.back > 0 {
            said = text!("two-sentences", first = said, second = text!("session-other-model"));
        }
        if let Some(missing) = self.waiting.with_value(missing) {
            said = text!("two-sentences", first = said, second = missing);
        }
        self.notices.latest_drop(Severity::Info, said);
        self.tell_kept(&name, &recalled);
        self.annotation.attend();
    }

    /// Gives slices that were just opened what a session file has of them.
    pub(super) fn recall(self, files: Vec<FileId>) {
        if self.waiting.with_value(|waiting| !waiting.slices.is_empty() || !waiting.comments.is_empty()) {
            parts::perform(self.notices, recall(self, files));
        }
    }

    fn recall_now(self, files: &[FileId]) {
        let recalled = self.recall_slices(files);
        let name = self.waiting.with_value(|waiting| waiting.name.clone());
        if recalled.back > 0 {
            self.notices.latest_drop(Severity::Info, text!("session-back", name = &name, count = recalled.back));
        }
        self.tell_kept(&name, &recalled);
    }

    /// Says what a session file has of slices and was not taken.
    fn tell_kept(self, name: &str, recalled: &Recalled) {
        if recalled.corrected > 0 {
            let text = text!("session-corrected", name, count = recalled.corrected);
            self.notices.latest_drop(Severity::Error, text);
        }
        if recalled.damaged > 0 {
            let text = text!("session-slices-damaged", name, count = recalled.damaged);
            self.notices.latest_drop(Severity::Error, text);
        }
    }

    fn recall_slices(self, files: &[FileId]) -> Recalled {
        let mut recalled = Recalled::default();
        let mut back = Vec::new();
        self.waiting.update_value(|waiting| {
            for &file in files {
                self.recall_comments(file, waiting);
                let digest = untrack(|| self.documents.digest(file));
                let Some(record) = digest.and_then(|digest| waiting.slices.remove(&digest)) else { continue };
                if untrack(|| self.annotation.is_touched(file)) {
                    recalled.corrected += 1;
                    waiting.slices.insert(record.digest.clone(), record);
                    continue;
                }
                let (groups, as_masks) = (&mut waiting.groups, waiting.other_model);
                let group = |number| *groups.entry(number).or_insert_with(|| self.annotation.fresh_number());
                match self.annotation.restore(file, &record, &waiting.maps, as_masks, group) {
                    Some(()) => back.push(file),
                    None => recalled.damaged += 1,
                }
            }
        });
        recalled.back = back.len();
        self.annotation.refresh_all(&back);
        recalled
    }

    fn recall_comments(self, file: FileId, waiting: &mut Waiting) {
        let Some(owner) = self.documents.entry(file).map(|entry| entry.owner()) else { return };
        let Some(digest) = self.documents.digest_of(owner).filter(|digest| waiting.comments.contains_key(digest))
        else {
            return;
        };
        // What a person has written here stays.
        if untrack(|| self.results.comments_on(owner)).is_empty()
            && let Some(text) = waiting.comments.remove(&digest)
        {
            self.results.comment_on(owner, text);
        }
    }
}

#[wasm_split(saving, fallible)]
fn save_session(app: App) -> Fetched<()> {
    app.pack_session();
    Ok(())
}

#[wasm_split(saving, fallible)]
fn take_session(app: App, name: String, session: SessionRecord, maps: Vec<u8>) -> Fetched<()> {
    app.take_up(name, session, &maps);
    Ok(())
}

#[wasm_split(saving, fallible)]
fn recall(app: App, files: Vec<FileId>) -> Fetched<()> {
    app.recall_now(&files);
    Ok(())
}

/// The maps of these sizes; none if there are others.
fn read_maps(sizes: &[(usize, usize)], bytes: &[u8]) -> Option<Maps> {
    let mut values = floats(bytes).into_iter();
    let mut read = Maps::default();
    for &(width, height) in sizes {
        let area = width.checked_mul(height).filter(|area| *area <= bytes.len() / 4)?;
        let map: Vec<f32> = values.by_ref().take(area).collect();
        if map.len() != area || !map.iter().all(|p| (0.0..=1.0).contains(p)) {
            return None;
        }
        read.0.push(Arc::new(ProbabilityMap::new(width, height, map)));
    }
    Some(read)
}

/// What to open for the rest of a session, if anything is missing.
fn missing(waiting: &Waiting) -> Option<Text> {
    let images: BTreeSet<&str> = waiting.slices.values().map(|slice| slice.image.as_str()).collect();
    let names: Names = images.into_iter().collect();
    (names.count() > 0).then(|| text!("session-missing", count = waiting.slices.len(), images = told::listed(&names)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_read_if_they_are_as_large_as_they_should_be() {
        let values = bytes_of_floats([0.25, 0.5, 1.0]);
        let maps = read_maps(&[(1, 1), (2, 1)], &values).unwrap();
        assert_eq!((maps.0.len(), maps.0[1].values()), (2, &[0.5, 1.0][..]));
        for (sizes, bytes) in
            [(&[(1, 1)][..], &[][..]), (&[(1, 1)], &[0, 0, 0, 0x40]), (&[(4_294_967_295, 4_294_967_295)], &[0; 8])]
        {
            assert!(read_maps(sizes, bytes).is_none(), "{sizes:?}");
        }
    }

    #[test]
    fn images_that_are_missing_are_named_once() {
        let slice = |image: &str, digest: &str| {
            let slice = SliceRecord {
                image: image.into(),
                slice: None,
                digest: digest.into(),
                width: 1,
                height: 1,
                mask: vec![1],
                presence: None,
                map: None,
                steps: Vec::new(),
            };
            (digest.to_owned(), slice)
        };
        let missing = |slices: &[(&str, &str)]| {
            let slices = slices.iter().map(|(image, digest)| slice(image, digest)).collect();
            missing(&Waiting { slices, ..Waiting::default() }).map(|text| text.written())
        };
        assert_eq!(missing(&[]), None);
        let said = missing(&[("FLAIR", "1"), ("FLAIR", "2"), ("b.png", "3")]).unwrap();
        assert!(said.contains("3 slices") && said.contains("FLAIR, b.png"), "{said}");
        let said = missing(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]).unwrap();
        assert!(said.contains("a, b, c and 1 more"), "{said}");
    }
}

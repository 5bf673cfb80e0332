//! What is closed waits a while for its way back, and the page says so before it takes corrections with it.

use std::time::Duration;

use leptos::prelude::*;
use protocol::{FileId, StudyId, ToWorker};

use crate::edits::Edits;
use crate::inference::Event;
use crate::picture::Owner;
use crate::session::{Content, Entry, Session};

/// Time in which a person can bring back what was closed.
const OFFERED: Duration = Duration::from_secs(10);

/// What was closed, and slices with corrections that are in no file. Copies are the same.
#[derive(Clone, Copy, Default)]
pub struct Closing {
    closed: RwSignal<Vec<Closed>>,
    /// Slices that were corrected since they were saved last.
    unsaved: StoredValue<Vec<FileId>>,
}

/// A slice or a study that left the screen; all that is known of it is still there.
#[derive(Clone, Debug, PartialEq)]
struct Closed {
    id: u32,
    name: String,
    /// Its slices, with their places among all.
    entries: Vec<(usize, Entry)>,
    study: Option<StudyId>,
    /// Its slice that was on screen.
    selected: Option<FileId>,
}

impl Closing {
    /// Name of what was closed last and can come back.
    pub fn offered(self) -> Option<String> {
        self.closed.with(|closed| closed.last().map(|closed| closed.name.clone()))
    }

    /// The histories of slices have changed.
    pub fn touched(self, files: &[FileId]) {
        self.unsaved.update_value(|unsaved| {
            unsaved.retain(|file| !files.contains(file));
            unsaved.extend(files);
        });
    }

    /// The masks of slices are in a file.
    pub fn saved(self, files: impl Iterator<Item = FileId>) {
        let files: Vec<FileId> = files.collect();
        self.unsaved.update_value(|unsaved| unsaved.retain(|file| !files.contains(file)));
    }
}

impl Session {
    /// Closes a slice, with its study where it has one; a neighbour takes its place. For a while it can come back.
    pub fn close(self, id: FileId) {
        let Some(entry) = self.entry(id) else { return };
        self.stop_carrying();
        let study = entry.study();
        let (taken, neighbour) = self.entries.with_untracked(|all| {
            let closes = |entry: &Entry| entry.id == id || study.is_some() && entry.study() == study;
            taken_out(all, closes)
        });
        let ids: Vec<FileId> = taken.iter().map(|(_, entry)| entry.id).collect();
        let selected = self.selected.get_untracked().filter(|selected| ids.contains(selected));
        self.entries.update(|all| all.retain(|entry| !ids.contains(&entry.id)));
        self.inference.happened(self, Event::Closed(ids.clone(), study));
        let name = study.and_then(|study| self.study(study)).map_or(entry.name, |study| study.info.name.clone());
        let closed = Closed { id: self.fresh_id(), name, entries: taken, study, selected };
        let number = closed.id;
        self.closing.closed.update(|all| all.push(closed));
        self.notices.closed(study.map_or(Owner::File(id), Owner::Study));
        if selected.is_some() {
            self.selected.set(neighbour);
        }
        set_timeout(move || self.finish_closing(|closed| closed.id == number), OFFERED);
    }

    /// Brings back what was closed last.
    pub fn reopen(self) {
        let Some(Closed { entries, selected, .. }) = self.closing.closed.try_update(Vec::pop).flatten() else { return };
        let ids: Vec<FileId> = entries.iter().map(|(_, entry)| entry.id).collect();
        self.entries.update(|all| put_back(all, entries));
        self.refresh_all(&ids);
        if let Some(id) = selected.or(ids.first().copied().filter(|_| self.selected.get_untracked().is_none())) {
            self.select(id);
        }
        self.attend();
    }

    /// Forgets for good whatever was closed.
    pub(crate) fn finish_all_closing(self) {
        self.finish_closing(|_| true);
    }

    fn finish_closing(self, which: impl Fn(&Closed) -> bool) {
        if !self.closing.closed.with_untracked(|all| all.iter().any(&which)) {
            return;
        }
        let gone = self.closing.closed.try_update(|all| all.extract_if(.., |closed| which(closed)).collect::<Vec<_>>());
        for Closed { entries, study, .. } in gone.unwrap_or_default() {
            let ids: Vec<FileId> = entries.iter().map(|(_, entry)| entry.id).collect();
            self.closing.saved(ids.iter().copied());
            match study {
                Some(study) => {
                    self.forget_all(&ids, Some(study));
                    self.studies.update(|studies| studies.retain(|known| known.info.study != study));
                    self.send(&ToWorker::CloseStudy { study });
                }
                None => ids.into_iter().for_each(|id| self.forget(id)),
            }
        }
    }

    /// Whether the page would take corrections with it that are neither saved nor kept on this computer.
    pub fn would_lose_corrections(self) -> bool {
        let counts = |edits: &Edits| edits.is_corrected() || edits.diameters().is_some();
        !self.kept.wanted.get_untracked()
            && self.closing.unsaved.with_value(|unsaved| {
                self.edits.with_untracked(|all| unsaved.iter().any(|file| all.get(file).is_some_and(counts)))
            })
    }
}

/// Slices that are closed, with their places, and the one that takes their place on screen.
fn taken_out(all: &[Entry], closes: impl Fn(&Entry) -> bool) -> (Vec<(usize, Entry)>, Option<FileId>) {
    let taken: Vec<(usize, Entry)> =
        all.iter().enumerate().filter(|(_, entry)| closes(entry)).map(|(at, entry)| (at, entry.clone())).collect();
    let behind = taken.last().and_then(|(last, _)| all.get(last + 1));
    let before = taken.first().and_then(|(first, _)| all.get(first.checked_sub(1)?));
    (taken, behind.or(before).map(|entry| entry.id))
}

/// Puts slices back where they were, as far as their neighbours are still there.
fn put_back(all: &mut Vec<Entry>, taken: Vec<(usize, Entry)>) {
    for (at, entry) in taken {
        let mut at = at.min(all.len());
        // What closed meanwhile has moved the places: never into the middle of another study.
        let splits = |at: usize| at > 0 && at < all.len() && same_study(&all[at - 1], &all[at]);
        while splits(at) && !same_study(&all[at - 1], &entry) {
            at += 1;
        }
        all.insert(at, entry);
    }
}

fn same_study(a: &Entry, b: &Entry) -> bool {
    match (&a.content, &b.content) {
        (Content::Slice { study: a, .. }, Content::Slice { study: b, .. }) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(studies: &[u32]) -> Vec<Entry> {
        let entry = |(id, study): (u32, &u32)| Entry {
            id: FileId(id),
            name: format!("slice {id}"),
            content: Content::Slice { study: StudyId(*study), index: 0 },
        };
        (0..).zip(studies).map(entry).collect()
    }

    fn close(all: &mut Vec<Entry>, study: u32) -> (Vec<(usize, Entry)>, Option<FileId>) {
        let (taken, neighbour) = taken_out(all, |entry| entry.study() == Some(StudyId(study)));
        all.retain(|entry| entry.study() != Some(StudyId(study)));
        (taken, neighbour)
    }

    #[test]
    fn what_was_closed_comes_back_to_its_place() {
        let before = entries(&[1, 1, 2, 2, 2, 3]);
        for (study, neighbour) in [(1, Some(FileId(2))), (2, Some(FileId(5))), (3, Some(FileId(4)))] {
            let mut all = before.clone();
            let (taken, next) = close(&mut all, study);
            assert_eq!(next, neighbour);
            put_back(&mut all, taken);
            assert_eq!(all, before);
        }
        let mut only = entries(&[1, 1]);
        assert_eq!(close(&mut only, 1).1, None);
    }

    #[test]
    fn it_never_comes_back_into_the_middle_of_another_study() {
        let mut all = entries(&[1, 2, 2, 3, 3, 3]);
        let (second, _) = close(&mut all, 2);
        let (_first, _) = close(&mut all, 1);
        put_back(&mut all, second);
        let order: Vec<u32> = all.iter().filter_map(|entry| entry.study()).map(|study| study.0).collect();
        assert_eq!(order, [3, 3, 3, 2, 2]);
    }
}

//! What is closed waits a while for its way back.

use std::time::Duration;

use leptos::prelude::*;
use protocol::{FileId, StudyId, ToWorker};

use super::App;
use crate::documents::closed::{put_back, taken_out};
use crate::documents::entry::Entry;
use crate::inference::Event;
use crate::owner::Owner;

/// Time in which a person can bring back what was closed.
const OFFERED: Duration = Duration::from_secs(10);

/// A slice or a study that left the screen; all that is known of it is still there.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    number: u32,
    name: String,
    /// Its slices, with their places among all.
    entries: Vec<(usize, Entry)>,
    study: Option<StudyId>,
    /// Its slice that was on screen.
    selected: Option<FileId>,
}

impl App {
    /// Name of what was closed last and can come back.
    pub fn offered_again(self) -> Option<String> {
        self.closed.with(|closed| closed.last().map(|closed| closed.name.clone()))
    }

    /// Closes a slice, with its study where it has one; a neighbour takes its place. For a while it can come back.
    pub fn close(self, id: FileId) {
        let Some(entry) = self.documents.entry(id) else { return };
        self.annotation.stop_carrying();
        let (owner, study) = (entry.owner(), entry.study());
        let (entries, neighbour) =
            self.documents.entries.with_untracked(|all| taken_out(all, |entry| entry.owner() == owner));
        let ids: Vec<FileId> = entries.iter().map(|(_, entry)| entry.id).collect();
        let selected = self.documents.selected.get_untracked().filter(|selected| ids.contains(selected));
        self.documents.entries.update(|all| all.retain(|entry| !ids.contains(&entry.id)));
        let name = study.and_then(|study| self.documents.study(study));
        let name = name.map_or(entry.name, |study| study.info.name.clone());
        self.closings.update_value(|count| *count += 1);
        let number = self.closings.get_value();
        self.inference.happened(Event::Closed(ids, study));
        self.closed.update(|all| all.push(Closed { number, name, entries, study, selected }));
        self.notices.closed(owner);
        if selected.is_some() {
            self.documents.selected.set(neighbour);
        }
        set_timeout(move || self.finish_closing(|closed| closed.number == number), OFFERED);
    }

    /// Closes a slice, with its study where it has one, for good.
    pub fn discard(self, id: FileId) {
        self.close(id);
        let latest = self.closings.get_value();
        self.finish_closing(|closed| closed.number == latest);
    }

    /// Brings back what was closed last.
    pub fn reopen(self) {
        let Some(Closed { entries, selected, .. }) = self.closed.try_update(Vec::pop).flatten() else { return };
        let ids: Vec<FileId> = entries.iter().map(|(_, entry)| entry.id).collect();
        self.documents.entries.update(|all| put_back(all, entries));
        self.annotation.refresh_all(&ids);
        let on_screen = self.documents.selected.get_untracked();
        if let Some(id) = selected.or(ids.first().copied().filter(|_| on_screen.is_none())) {
            self.documents.select(id);
        }
        self.annotation.attend();
    }

    /// Forgets for good whatever was closed.
    pub(super) fn finish_all_closing(self) {
        self.finish_closing(|_| true);
    }

    fn finish_closing(self, which: impl Fn(&Closed) -> bool) {
        if !self.closed.with_untracked(|all| all.iter().any(&which)) {
            return;
        }
        let gone = self.closed.try_update(|all| all.extract_if(.., |closed| which(closed)).collect::<Vec<_>>());
        for Closed { entries, study, .. } in gone.unwrap_or_default() {
            let ids: Vec<FileId> = entries.iter().map(|(_, entry)| entry.id).collect();
            self.forget(&ids, study);
            let owner = study.map(Owner::Study).or(ids.first().copied().map(Owner::File));
            owner.into_iter().for_each(|owner| self.results.forget_comments(owner));
            match study {
                Some(study) => {
                    self.results.compared.unlink(study);
                    self.documents.studies.update(|studies| studies.retain(|known| known.info.study != study));
                    self.documents.send(&ToWorker::CloseStudy { study });
                }
                None => ids.into_iter().for_each(|file| self.documents.send(&ToWorker::Close { file })),
            }
        }
    }

    /// Forgets slices everywhere.
    pub(super) fn forget(self, slices: &[FileId], study: Option<StudyId>) {
        self.documents.forget(slices);
        self.annotation.forget(slices);
        self.inference.happened(Event::Closed(slices.to_vec(), study));
    }
}

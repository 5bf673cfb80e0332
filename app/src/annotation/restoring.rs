//! Slices with their histories into records of a session file, and back.

use std::sync::Arc;

use imaging::{Mask, Size};
use leptos::prelude::*;
use protocol::session::SliceRecord;
use protocol::{FileId, Times};

use super::edits::Edits;
use super::record::{self, Maps};
use super::step::{Edit, Prompts};
use super::{Annotation, Segmentation};
use crate::documents::entry::Content;

impl Annotation {
    /// The record of a slice; none where nothing was said of it.
    pub fn record(self, file: FileId, maps: &mut Maps) -> Option<SliceRecord> {
        let entry = self.documents.entry(file)?;
        let (image, slice) = match entry.content {
            Content::Lone(_) => (entry.name, None),
            Content::Slice { study, index } => (self.documents.study(study)?.info.name.clone(), Some(index + 1)),
        };
        let mask = self.masks.with_untracked(|masks| masks.get(&file).map(|found| found.mask.clone()))?;
        let found = self.segmentations.with_untracked(|all| all.get(&file).cloned());
        let steps = self.edits.with_untracked(|all| all.get(&file).map(|edits| record::steps(edits, maps)));
        let steps = steps.unwrap_or_default();
        // What nobody touched, the network says again.
        let map = found.as_ref().and_then(|found| found.map.as_ref()).filter(|_| !steps.is_empty());
        Some(SliceRecord {
            image,
            slice,
            digest: self.documents.digest(file)?,
            width: mask.width(),
            height: mask.height(),
            mask: mask.runs(),
            presence: found.as_ref().map(|found| found.presence),
            map: map.map(|map| maps.number(map)),
            steps,
        })
    }

    /// Gives a slice that nobody has corrected the history of a record, or its mask alone if `as_mask`; [`Self::refresh`] follows.
    /// None if the record is damaged or of another slice.
    pub fn restore(
        self,
        file: FileId,
        record: &SliceRecord,
        maps: &Maps,
        as_mask: bool,
        group: impl FnMut(u32) -> u32,
    ) -> Option<()> {
        let size = Size::new(record.width, record.height);
        if self.documents.size_of(file) != Some(size) {
            return None;
        }
        let edits = if as_mask {
            let mut edits = Edits::default();
            let mask = Mask::of_runs(size.width, size.height, &record.mask)?;
            edits.take(Edit::Prompts(Prompts::given(&mask, Vec::new())));
            edits
        } else {
            record::history(&record.steps, maps, size, group)?
        };
        let map = match record.map {
            Some(number) => Some(maps.get(number, size)?),
            None => None,
        };
        if let Some(presence) = record.presence.filter(|_| !as_mask) {
            let found = Arc::new(Segmentation { presence, map, times: Times::default() });
            self.segmentations.update(|all| {
                all.entry(file).or_insert(found);
            });
        }
        self.edits.update(|all| drop(all.insert(file, edits)));
        Some(())
    }

    /// Whether a person did anything with a slice, or with many of which it is one.
    pub fn is_touched(self, file: FileId) -> bool {
        let by_person = |edits: &Edits| edits.steps().iter().any(|step| !step.is_by_program());
        self.edits.with(|all| all.get(&file).is_some_and(by_person))
    }

    /// Everything that was done with slices is in a file.
    pub fn all_saved(self) {
        self.unsaved.update_value(|unsaved| *unsaved = super::Unsaved::default());
    }
}

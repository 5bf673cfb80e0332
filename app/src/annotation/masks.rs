//! Masks: each follows from the network's answer and the history of its slice, and is kept until one of them changes.

use std::sync::Arc;

use imaging::Mask;
use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;
use super::edits::Edits;
use crate::documents::study::Study;
use crate::inference::{Engine, REST};

/// The mask of a slice, with every correction.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceMask {
    /// The mask.
    pub mask: Arc<Mask>,
    /// Its marked pixels.
    pub area_px: usize,
}

impl Annotation {
    /// Computes the mask of a slice anew, after something was said of it.
    pub fn refresh(self, file: FileId) {
        self.refresh_all(&[file]);
    }

    /// As [`Self::refresh`], of many slices.
    pub fn refresh_all(self, files: &[FileId]) {
        if files.is_empty() {
            return;
        }
        self.stale.update_value(|stale| stale.retain(|file| !files.contains(file)));
        self.foresee_nothing();
        let masks: Vec<(FileId, Option<Mask>)> = files.iter().map(|&file| (file, self.mask_of(file))).collect();
        self.masks.update(|all| {
            for (file, mask) in masks {
                match mask {
                    Some(mask) => {
                        let area_px = mask.area_px();
                        all.insert(file, SliceMask { mask: Arc::new(mask), area_px });
                    }
                    None => drop(all.remove(&file)),
                }
            }
        });
        self.keep(files);
    }

    /// As [`Self::refresh_all`], once no more is asked for in a while.
    pub fn refresh_later(self, files: Vec<FileId>) {
        if files.is_empty() {
            return;
        }
        self.stale.update_value(|stale| {
            stale.retain(|file| !files.contains(file));
            stale.extend(files);
        });
        let asked = self.fresh_number();
        self.last_later.set_value(asked);
        set_timeout(
            move || {
                if self.last_later.get_value() == asked {
                    self.catch_up();
                }
            },
            REST,
        );
    }

    /// Computes the mask of a slice that came on screen, if it has still to follow its history.
    pub fn freshen(self, file: FileId) {
        if self.stale.with_value(|stale| stale.contains(&file)) {
            self.refresh(file);
        }
    }

    /// Computes all masks that have still to follow their history.
    pub fn catch_up(self) {
        self.refresh_all(&self.stale.get_value());
    }

    /// The mask that follows from the network's answer and the history; none where nothing was said of the slice.
    fn mask_of(self, file: FileId) -> Option<Mask> {
        let found = self.segmentations.with_untracked(|all| all.get(&file).cloned());
        let size = self.documents.size_of(file)?;
        self.edits.with_untracked(|all| {
            let none = Edits::default();
            let edits = all.get(&file).unwrap_or(&none);
            if found.is_none() && !edits.is_corrected() {
                return None;
            }
            Some(edits.mask(found.as_ref().and_then(|found| found.map.as_ref()), self.threshold_of(edits), size))
        })
    }

    /// The threshold of a history: the one that was set in it, or the model's own.
    pub(super) fn threshold_of(self, edits: &Edits) -> f32 {
        edits.threshold().unwrap_or_else(|| self.inference.engine.with_untracked(Engine::threshold))
    }

    /// Marked pixels of a slice.
    pub fn area_px(self, file: FileId) -> usize {
        self.masks.with(|masks| masks.get(&file).map_or(0, |slice| slice.area_px))
    }

    /// Whether all of a slice has an answer; a stroke on it is none.
    pub fn is_segmented(self, file: FileId) -> bool {
        self.segmentations.with(|all| all.contains_key(&file))
            || self.edits.with(|all| all.get(&file).is_some_and(Edits::holds_answer))
    }

    /// Slices of a study of which all has an answer.
    pub fn segmented_slices(self, study: &Study) -> usize {
        study.slice_ids().filter(|id| self.is_segmented(*id)).count()
    }

    /// The mask of a whole study, slice by slice, and how many slices have no answer.
    pub fn study_mask(self, study: &Study) -> (Vec<bool>, usize) {
        let [width, height, depth] = study.info.size;
        let mut marked = vec![false; width * height * depth];
        let unknown = depth - untrack(|| self.segmented_slices(study));
        self.masks.with_untracked(|masks| {
            for (slice, id) in marked.chunks_exact_mut(width * height).zip(study.slice_ids()) {
                if let Some(found) = masks.get(&id) {
                    slice.copy_from_slice(found.mask.pixels());
                }
            }
        });
        (marked, unknown)
    }

    /// The probabilities of a whole study in 0..=255, slice by slice: zero where the network saw no tumour or has not answered.
    pub fn study_levels(self, study: &Study) -> Vec<u8> {
        let [width, height, depth] = study.info.size;
        let threshold = self.threshold.get_untracked();
        let mut levels = vec![0; width * height * depth];
        for (slice, id) in levels.chunks_exact_mut(width * height).zip(study.slice_ids()) {
            if let Some(map) = untrack(|| self.map_of(id)) {
                slice.iter_mut().zip(map.levels(threshold)).for_each(|(at, level)| *at = level);
            }
        }
        levels
    }

    /// Slices of a study that the network has answered for.
    pub fn answered_slices(self, study: &Study) -> usize {
        self.segmentations.with(|known| study.slice_ids().filter(|id| known.contains_key(id)).count())
    }
}

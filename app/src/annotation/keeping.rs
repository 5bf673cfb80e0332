//! Corrections in the browser's own storage, where a person wants them kept: they come back with their slices.

use gloo::storage::{LocalStorage, Storage};
use imaging::{Click, ClickKind, Mask};
use leptos::prelude::*;
use protocol::FileId;
use serde::{Deserialize, Serialize};

use super::Annotation;
use super::step::{Clicks, Edit};
use crate::documents::entry::Content;
use crate::language::text;
use crate::notices::Severity;

/// Under which it stands whether corrections are kept.
const WANTED: &str = "keep-corrections";
/// Before the digest of a slice.
const PREFIX: &str = "corrections-";

/// What is kept. Copies are the same.
#[derive(Clone, Copy)]
pub struct Kept {
    /// Whether corrections are kept from now on.
    pub wanted: RwSignal<bool>,
    /// Slices of which there are.
    pub slices: RwSignal<usize>,
}

/// The corrections of a slice.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Corrections {
    width: usize,
    height: usize,
    /// Lengths of alternating runs, the first of background.
    runs: Vec<usize>,
    /// Column, row, and whether there is tumour.
    clicks: Vec<(f32, f32, bool)>,
}

impl Kept {
    /// What the storage holds; nothing where the browser has none.
    pub fn open() -> Self {
        let wanted = LocalStorage::get(WANTED).unwrap_or(false);
        Self { wanted: RwSignal::new(wanted), slices: RwSignal::new(keys().len()) }
    }
}

impl Annotation {
    /// Keeps corrections from now on, those on screen too, or keeps no more.
    pub fn set_keeping(self, wanted: bool) {
        if LocalStorage::set(WANTED, wanted).is_err() {
            return self.notices.page(Severity::Error, text!("keeps-nothing"));
        }
        self.kept.wanted.set(wanted);
        if wanted {
            let open: Vec<FileId> = self.edits.with_untracked(|all| all.keys().copied().collect());
            self.keep(&open);
        }
    }

    /// Erases everything that is kept; what is on screen stays.
    pub fn forget_kept(self) {
        keys().into_iter().for_each(LocalStorage::delete);
        LocalStorage::delete(WANTED);
        self.kept.wanted.set(false);
        self.kept.slices.set(0);
    }

    /// Keeps the corrections of slices, if that is wanted.
    pub fn keep(self, files: &[FileId]) {
        if !self.kept.wanted.get_untracked() {
            return;
        }
        let full = files.iter().any(|&file| !self.keep_one(file));
        self.kept.slices.set(keys().len());
        if full {
            self.kept.wanted.set(false);
            self.notices.page(Severity::Error, text!("storage-full"));
        }
    }

    /// Keeps the corrections of a slice; whether there was room for them.
    fn keep_one(self, file: FileId) -> bool {
        let Some(key) = self.key(file) else { return true };
        let clicks = self.edits.with_untracked(|all| {
            let edits = all.get(&file).filter(|edits| edits.is_corrected())?;
            Some(edits.clicks().iter().map(|c| (c.x, c.y, c.kind == ClickKind::Tumor)).collect::<Vec<_>>())
        });
        let mask = self.masks.with_untracked(|masks| masks.get(&file).map(|found| found.mask.clone()));
        match (clicks, mask) {
            (Some(clicks), Some(mask)) => LocalStorage::set(&key, Corrections::new(&mask, clicks)).is_ok(),
            _ => {
                LocalStorage::delete(&key);
                true
            }
        }
    }

    /// Brings back what was kept of a slice that was just opened.
    pub fn recall(self, file: FileId) {
        let kept = self.kept.wanted.get_untracked().then(|| self.key(file)).flatten();
        let Some(corrections) = kept.and_then(|key| LocalStorage::get::<Corrections>(key).ok()) else { return };
        let Some(mask) =
            corrections.mask().filter(|mask| self.documents.size_of(file) == Some((mask.width(), mask.height())))
        else {
            return;
        };
        let kind = |tumor| if tumor { ClickKind::Tumor } else { ClickKind::Background };
        let clicks = corrections.clicks.iter().map(|&(x, y, tumor)| Click { x, y, kind: kind(tumor) }).collect();
        let edit = Edit::Clicks(Clicks::given(&mask, clicks));
        self.edits.update(|all| all.entry(file).or_default().take(edit));
        self.refresh(file);
    }

    fn key(self, file: FileId) -> Option<String> {
        let digest = match self.documents.entry(file)?.content {
            Content::Lone(picture) => picture.info.digest,
            Content::Slice { study, index } => self.documents.study(study)?.info.digest.wrapping_add(index as u64),
        };
        Some(format!("{PREFIX}{digest:016x}"))
    }
}

fn keys() -> Vec<String> {
    let Some(storage) = window().local_storage().ok().flatten() else { return Vec::new() };
    let all = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    all.filter(|key| key.starts_with(PREFIX)).collect()
}

impl Corrections {
    fn new(mask: &Mask, clicks: Vec<(f32, f32, bool)>) -> Self {
        let mut runs = vec![0];
        let mut last = false;
        for &marked in mask.pixels() {
            if marked != last {
                runs.push(0);
                last = marked;
            }
            *runs.last_mut().expect("there is a first run") += 1;
        }
        Self { width: mask.width(), height: mask.height(), runs, clicks }
    }

    /// The mask; none if the runs do not fill it.
    fn mask(&self) -> Option<Mask> {
        let area = self.width.checked_mul(self.height)?;
        let filled = self.runs.iter().try_fold(0usize, |sum, &run| sum.checked_add(run))?;
        let inside = |click: &(f32, f32, bool)| {
            (0.0..self.width as f32).contains(&click.0) && (0.0..self.height as f32).contains(&click.1)
        };
        if filled != area || !self.clicks.iter().all(inside) {
            return None;
        }
        let runs = self.runs.iter().enumerate();
        let pixels = runs.flat_map(|(at, &length)| std::iter::repeat_n(at % 2 == 1, length)).collect();
        Some(Mask::new(self.width, self.height, pixels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_survives_its_runs() {
        for pixels in [[false; 6], [true; 6], [true, false, false, true, true, false]] {
            let mask = Mask::new(3, 2, pixels.to_vec());
            let kept = Corrections::new(&mask, vec![(1.0, 1.0, true)]);
            let json = serde_json::to_string(&kept).unwrap();
            assert_eq!(serde_json::from_str::<Corrections>(&json).unwrap().mask(), Some(mask));
        }
    }

    #[test]
    fn damaged_storage_is_no_mask() {
        let kept = |width, runs: &[usize], x| Corrections {
            width,
            height: 2,
            runs: runs.to_vec(),
            clicks: vec![(x, 0.0, true)],
        };
        assert_eq!(kept(3, &[2, 5], 0.0).mask(), None);
        assert_eq!(kept(usize::MAX, &[6], 0.0).mask(), None);
        assert_eq!(kept(3, &[6], 7.0).mask(), None);
        assert!(kept(3, &[2, 4], 2.0).mask().is_some());
    }
}

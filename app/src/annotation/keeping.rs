//! Corrections in the browser's own storage, where a person wants them kept: they come back with their slices.

use gloo::storage::{LocalStorage, Storage};
use imaging::{Mask, Prompt, PromptKind};
use leptos::prelude::*;
use protocol::FileId;
use protocol::session::PromptRecord;
use serde::{Deserialize, Serialize};

use super::Annotation;
use super::record::{prompt, prompt_record};
use super::step::{Edit, Prompts};
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
    /// Column, row, and whether there is tumour: clicks of a page that knew no other prompts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    clicks: Vec<(f32, f32, bool)>,
    #[serde(default)]
    prompts: Vec<PromptRecord>,
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
        let prompts = self.edits.with_untracked(|all| {
            let edits = all.get(&file).filter(|edits| edits.is_corrected())?;
            Some(edits.prompts().iter().map(prompt_record).collect::<Vec<_>>())
        });
        let mask = self.masks.with_untracked(|masks| masks.get(&file).map(|found| found.mask.clone()));
        match (prompts, mask) {
            (Some(prompts), Some(mask)) => LocalStorage::set(&key, Corrections::new(&mask, prompts)).is_ok(),
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
        let fits = |mask: &Mask| self.documents.size_of(file) == Some(mask.size());
        let Some((mask, prompts)) = corrections.mask().filter(fits).zip(corrections.prompts()) else { return };
        let edit = Edit::Prompts(Prompts::given(&mask, prompts));
        self.edits.update(|all| all.entry(file).or_default().take(edit));
        self.refresh(file);
    }

    fn key(self, file: FileId) -> Option<String> {
        Some(format!("{PREFIX}{}", self.documents.digest(file)?))
    }
}

fn keys() -> Vec<String> {
    let Some(storage) = window().local_storage().ok().flatten() else { return Vec::new() };
    let all = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    all.filter(|key| key.starts_with(PREFIX)).collect()
}

impl Corrections {
    fn new(mask: &Mask, prompts: Vec<PromptRecord>) -> Self {
        Self { width: mask.width(), height: mask.height(), runs: mask.runs(), clicks: Vec::new(), prompts }
    }

    /// The mask; none if the runs do not fill it.
    fn mask(&self) -> Option<Mask> {
        Mask::of_runs(self.width, self.height, &self.runs)
    }

    /// The prompts; none if one of them is damaged.
    fn prompts(&self) -> Option<Vec<Prompt>> {
        let clicks = self.clicks.iter().map(|&(x, y, tumor)| {
            let inside = (0.0..self.width as f32).contains(&x) && (0.0..self.height as f32).contains(&y);
            inside.then(|| Prompt::click(x, y, PromptKind::of(tumor)))
        });
        clicks.chain(self.prompts.iter().map(prompt)).collect()
    }
}

#[cfg(test)]
mod tests {
    use imaging::Point;

    use super::*;

    #[test]
    fn damaged_storage_brings_no_prompts_back() {
        let read = |click: &str| {
            let json = format!(r#"{{"width":3,"height":2,"runs":[2,4],"clicks":[[{click},0.0,false]]}}"#);
            serde_json::from_str::<Corrections>(&json).unwrap().prompts()
        };
        assert!(read("2.0").is_some());
        assert_eq!(read("7.0"), None);
    }

    #[test]
    fn what_an_earlier_page_kept_comes_back_with_its_clicks() {
        let kept: Corrections =
            serde_json::from_str(r#"{"width":3,"height":2,"runs":[2,4],"clicks":[[1.0,0.0,false]]}"#).unwrap();
        assert_eq!(kept.prompts().unwrap(), [Prompt::click(1.0, 0.0, PromptKind::Background)]);
        let around = Prompt::boxed(Point::new(0.0, 0.0), Point::new(2.0, 1.0), PromptKind::Tumor);
        let kept = Corrections::new(&kept.mask().unwrap(), vec![prompt_record(&around)]);
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Corrections>(&json).unwrap().prompts().unwrap(), [around]);
    }
}

//! Corrections in the browser's own storage, where a person wants them kept: they come back with their slices.

use gloo::storage::{LocalStorage, Storage};
use imaging::{Mask, Point, Prompt, PromptKind};
use leptos::prelude::*;
use protocol::FileId;
use serde::{Deserialize, Serialize};

use super::Annotation;
use super::step::{Edit, Prompts};
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
    /// Column, row, and whether there is tumour: clicks of a page that knew no other prompts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    clicks: Vec<(f32, f32, bool)>,
    #[serde(default)]
    prompts: Vec<KeptPrompt>,
}

/// A prompt.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct KeptPrompt {
    /// Columns and rows of its line.
    line: Vec<(f32, f32)>,
    /// Whether that goes round a region.
    closed: bool,
    /// Whether there is tumour.
    tumor: bool,
}

impl KeptPrompt {
    fn of(prompt: &Prompt) -> Self {
        let line = prompt.line().iter().map(|at| (at.x, at.y)).collect();
        Self { line, closed: prompt.is_loop(), tumor: prompt.is_tumor() }
    }

    fn prompt(&self) -> Prompt {
        Prompt::new(self.line.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>(), self.closed, self.tumor)
    }
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
            Some(edits.prompts().iter().map(KeptPrompt::of).collect::<Vec<_>>())
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
        let Some(mask) =
            corrections.mask().filter(|mask| self.documents.size_of(file) == Some((mask.width(), mask.height())))
        else {
            return;
        };
        let edit = Edit::Prompts(Prompts::given(&mask, corrections.prompts()));
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
    fn new(mask: &Mask, prompts: Vec<KeptPrompt>) -> Self {
        let mut runs = vec![0];
        let mut last = false;
        for &marked in mask.pixels() {
            if marked != last {
                runs.push(0);
                last = marked;
            }
            *runs.last_mut().expect("there is a first run") += 1;
        }
        Self { width: mask.width(), height: mask.height(), runs, clicks: Vec::new(), prompts }
    }

    fn prompts(&self) -> Vec<Prompt> {
        let clicks = self.clicks.iter().map(|&(x, y, tumor)| Prompt::click(x, y, PromptKind::of(tumor)));
        clicks.chain(self.prompts.iter().map(KeptPrompt::prompt)).collect()
    }

    /// The mask; none if the runs do not fill it.
    fn mask(&self) -> Option<Mask> {
        let area = self.width.checked_mul(self.height)?;
        let filled = self.runs.iter().try_fold(0usize, |sum, &run| sum.checked_add(run))?;
        let inside = |click: &(f32, f32, bool)| {
            (0.0..self.width as f32).contains(&click.0) && (0.0..self.height as f32).contains(&click.1)
        };
        let is_line = |prompt: &KeptPrompt| {
            !prompt.line.is_empty() && prompt.line.iter().all(|(x, y)| x.is_finite() && y.is_finite())
        };
        if filled != area || !self.clicks.iter().all(inside) || !self.prompts.iter().all(is_line) {
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
            let kept = Corrections::new(&mask, vec![KeptPrompt { line: vec![(1.0, 1.0)], closed: false, tumor: true }]);
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
            prompts: Vec::new(),
        };
        assert_eq!(kept(3, &[2, 5], 0.0).mask(), None);
        assert_eq!(kept(usize::MAX, &[6], 0.0).mask(), None);
        assert_eq!(kept(3, &[6], 7.0).mask(), None);
        assert!(kept(3, &[2, 4], 2.0).mask().is_some());
    }

    #[test]
    fn what_an_earlier_page_kept_comes_back_with_its_clicks() {
        let kept: Corrections =
            serde_json::from_str(r#"{"width":3,"height":2,"runs":[2,4],"clicks":[[1.0,0.0,false]]}"#).unwrap();
        assert_eq!(kept.prompts(), [Prompt::click(1.0, 0.0, PromptKind::Background)]);
        assert!(kept.mask().is_some());
        let around = Prompt::boxed(Point::new(0.0, 0.0), Point::new(2.0, 1.0), PromptKind::Tumor);
        let kept = Corrections::new(&kept.mask().unwrap(), vec![KeptPrompt::of(&around)]);
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Corrections>(&json).unwrap().prompts(), [around]);
    }
}

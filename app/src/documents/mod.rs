//! What is open: slices, studies and labels, and which slice is on screen.

pub mod closed;
pub mod doubt;
pub mod entry;
pub mod fetched;
pub mod files;
mod heads;
mod labels;
pub mod linked;
pub mod oblique;
pub mod pairing;
pub mod picture;
pub mod reading;
pub mod registering;
pub mod samples;
pub mod study;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use imaging::{GridSize, Mask, Size, click_scale};
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, Motion, SeriesId, StudyId, ToWorker};

use crate::inference::Inference;
use crate::language::Text;
use crate::notices::{Notices, Severity};
use crate::owner::Owner;
use entry::{Content, Entry};
use picture::Picture;
use registering::{Of, Registering};
use study::{FLAIR, Study};

/// The store of what is open. Copies are the same.
#[derive(Clone, Copy)]
pub struct Documents {
    inference: Inference,
    notices: Notices,
    /// Everything opened, in order.
    pub entries: RwSignal<Vec<Entry>>,
    /// Files that are being read, by name.
    pub opening: RwSignal<BTreeMap<FileId, String>>,
    /// How often files were handed over of which not all have gone to the worker.
    arriving: RwSignal<usize>,
    /// The studies among it.
    pub studies: RwSignal<Vec<Study>, LocalStorage>,
    /// The slice on screen.
    pub selected: RwSignal<Option<FileId>>,
    /// The slice on screen, decoded.
    pub picture: Memo<Option<Arc<Picture>>>,
    /// Its label.
    pub label: Memo<Option<Arc<Mask>>>,
    labels: RwSignal<HashMap<FileId, Arc<Mask>>>,
    /// What a person wants segmented although it is doubted.
    accepted: RwSignal<HashSet<Owner>>,
    /// Labels whose slice is not open yet, by the slice's stem.
    orphans: StoredValue<Vec<(String, Arc<Mask>)>>,
    /// Places in heads of a picture that the network has not looked at yet, for as long as it has found no tumour there.
    unseen_heads: StoredValue<HashMap<FileId, VecDeque<protocol::Point>>>,
    /// Whether no slice of the latest drop is on screen yet.
    fresh_drop: StoredValue<bool>,
    last_id: StoredValue<u32>,
    /// The registration that is on its way.
    pub registering: Registering,
}

impl Documents {
    /// A store with nothing in it.
    pub fn new(inference: Inference, notices: Notices) -> Self {
        let entries = RwSignal::new(Vec::<Entry>::new());
        let studies = RwSignal::new_local(Vec::<Study>::new());
        let labels = RwSignal::new(HashMap::<FileId, Arc<Mask>>::new());
        let selected = RwSignal::new(None);
        let picture = Memo::new(move |_| {
            let id = selected.get()?;
            let content =
                entries.with(|entries| entries.iter().find(|entry| entry.id == id).map(|entry| entry.content.clone()));
            match content? {
                Content::Lone(picture) => Some(picture),
                Content::Slice { study, index } => studies.with(|studies| {
                    let study = studies.iter().find(|known| known.info.study == study)?;
                    Some(Arc::new(study.picture(index)))
                }),
            }
        });
        let label = Memo::new(move |_| labels.with(|all| all.get(&selected.get()?).cloned()));
        Self {
            inference,
            notices,
            entries,
            opening: RwSignal::new(BTreeMap::new()),
            arriving: RwSignal::new(0),
            studies,
            selected,
            picture,
            label,
            labels,
            accepted: RwSignal::new(HashSet::new()),
            orphans: StoredValue::new(Vec::new()),
            unseen_heads: StoredValue::new(HashMap::new()),
            fresh_drop: StoredValue::new(false),
            last_id: StoredValue::new(0),
            registering: Registering::new(),
        }
    }

    /// Puts a slice on screen.
    pub fn select(self, id: FileId) {
        self.selected.set(Some(id));
    }

    /// Puts a study on screen, at the slice as far up as the one that is.
    pub fn show_study(self, study: StudyId) {
        let share = untrack(|| {
            let here = self.study_on_screen()?;
            self.picture.with(|picture| Some(picture.as_ref()?.index as f64 / here.slices() as f64))
        });
        if let Some(study) = self.study(study) {
            self.select(study.slice_id((share.unwrap_or(0.5) * study.slices() as f64) as usize));
        }
    }

    /// Puts the slice `step` places further on screen.
    pub fn step(self, step: isize) {
        let id = self.entries.with_untracked(|entries| {
            let at = entries.iter().position(|entry| Some(entry.id) == self.selected.get_untracked())?;
            entries.get(at.checked_add_signed(step)?).map(|entry| entry.id)
        });
        if let Some(id) = id {
            self.select(id);
        }
    }

    /// Puts the slice so many places further on screen, within its study; lone slices are one pile.
    pub fn scroll(self, steps: isize) {
        let id = self.entries.with_untracked(|entries| {
            let at = entries.iter().position(|entry| Some(entry.id) == self.selected.get_untracked())?;
            let alike = |entry: &Entry| entry.study() == entries[at].study();
            let first = entries[..at].iter().rposition(|entry| !alike(entry)).map_or(0, |before| before + 1);
            let behind = entries[at..].iter().position(|entry| !alike(entry)).map_or(entries.len(), |after| at + after);
            let to = at.saturating_add_signed(steps).clamp(first, behind - 1);
            (to != at).then(|| entries[to].id)
        });
        if let Some(id) = id {
            self.select(id);
        }
    }

    /// The slice `step` places after the one on screen, if it has the same size and so can take its mask.
    pub fn neighbour_of_same_size(self, step: isize) -> Option<FileId> {
        let selected = self.selected.get()?;
        let (here, next) = self.entries.with(|entries| {
            let at = entries.iter().position(|entry| entry.id == selected)?;
            let next = entries.get(at.checked_add_signed(step)?)?;
            Some((entries[at].clone(), next.clone()))
        })?;
        // From one study to the next there is no going on.
        let alike = here.study() == next.study() && self.size_of(here.id)? == self.size_of(next.id)?;
        alike.then_some(next.id)
    }

    /// A slice that is open.
    pub fn entry(self, id: FileId) -> Option<Entry> {
        self.entries.with_untracked(|entries| entries.iter().find(|entry| entry.id == id).cloned())
    }

    /// A study that is open.
    pub fn study(self, id: StudyId) -> Option<Study> {
        self.studies.with_untracked(|studies| studies.iter().find(|study| study.info.study == id).cloned())
    }

    /// The study of a slice, if it has one.
    pub fn study_of(self, id: FileId) -> Option<Study> {
        self.study(self.entry(id)?.study()?)
    }

    /// The study of the slice on screen.
    pub fn study_on_screen(self) -> Option<Study> {
        let owner = self.picture.with(|picture| picture.as_ref().map(|picture| picture.owner))?;
        match owner {
            Owner::File(_) => None,
            Owner::Study(id) => self.studies.with(|studies| studies.iter().find(|s| s.info.study == id).cloned()),
        }
    }

    /// What the slice on screen belongs to.
    pub fn owner_on_screen(self) -> Option<Owner> {
        self.picture.with(|picture| picture.as_ref().map(|picture| picture.owner))
    }

    /// Name of the slice on screen.
    pub fn name(self) -> Option<String> {
        let id = self.selected.get()?;
        self.entries.with(|entries| entries.iter().find(|entry| entry.id == id).map(|entry| entry.name.clone()))
    }

    /// The size of the slice on screen.
    pub fn size(self) -> Option<Size> {
        self.picture.with_untracked(|picture| picture.as_ref().map(|picture| picture.size()))
    }

    /// The size of a slice.
    pub fn size_of(self, id: FileId) -> Option<Size> {
        match self.entry(id)?.content {
            Content::Lone(picture) => Some(picture.size()),
            Content::Slice { study, .. } => self.study(study).map(|study| GridSize::from(study.info.size).slice()),
        }
    }

    /// FLAIR of a slice, row by row, in stored numbers.
    pub fn flair(self, id: FileId) -> Option<Vec<f32>> {
        let numbers = match self.entry(id)?.content {
            Content::Lone(picture) => picture.plane(FLAIR).to_vec(),
            Content::Slice { study, index } => self.study(study)?.slice_of(FLAIR, index),
        };
        Some(numbers.into_iter().map(f32::from).collect())
    }

    /// Distinguishes the intensities of a slice from those of all others, the same for the same file; as 16 hexadecimal digits,
    /// since JSON has no whole numbers of that size.
    pub fn digest(self, id: FileId) -> Option<String> {
        let digest = match self.entry(id)?.content {
            Content::Lone(picture) => picture.info.digest,
            Content::Slice { study, index } => self.study(study)?.info.digest.wrapping_add(index as u64),
        };
        Some(format!("{digest:016x}"))
    }

    /// The same of a study, which is that of its first slice, or of a slice that is open alone.
    pub fn digest_of(self, owner: Owner) -> Option<String> {
        match owner {
            Owner::Study(study) => self.digest(self.study(study)?.info.first),
            Owner::File(file) => self.digest(file),
        }
    }

    /// How large everything about a click is on a slice, see [`imaging::click_scale`].
    pub fn click_scale_of(self, id: FileId) -> Option<f32> {
        match self.entry(id)?.content {
            Content::Lone(picture) => Some(picture.info.view.click_scale),
            Content::Slice { .. } => self.size_of(id).map(|size| click_scale(size.width, size.height)),
        }
    }

    /// Takes other volumes for the sequences of a study.
    pub fn compose(self, study: StudyId, series: [Option<SeriesId>; 3]) {
        self.registering.end_all();
        self.send(&ToWorker::Compose { study, series });
    }

    /// Takes a volume by its number for a sequence of a study.
    pub fn take_volume(self, study: StudyId, sequence: usize, number: usize) {
        self.registering.end_all();
        self.send(&ToWorker::TakeVolume { study, sequence, number });
    }

    /// Begins to register a sequence to the FLAIR of its study.
    pub fn register_sequence(self, study: StudyId, sequence: usize) {
        self.registering.begin(Of::Sequence(study, sequence));
        self.send(&ToWorker::RegisterSequence { study, sequence });
    }

    /// A sequence was registered: from now on it is shown, and read by the network, where it was found.
    pub fn sequence_registered(self, study: StudyId, sequence: usize, motion: Box<Motion>) {
        if self.registering.end(Of::Sequence(study, sequence)) {
            self.send(&ToWorker::PlaceSequence { study, sequence, motion: Some(motion) });
        }
    }

    /// Takes up that a sequence was registered elsewhere; whether it was not here.
    pub fn register_sequence_again(self, study: StudyId, sequence: usize, motion: Motion) -> bool {
        let by_header = |study: Study| Some(study.info.sequences.get(sequence)?.as_ref()?.motion.is_none());
        let taken = self.study(study).and_then(by_header) == Some(true);
        if taken {
            self.send(&ToWorker::PlaceSequence { study, sequence, motion: Some(Box::new(motion)) });
        }
        taken
    }

    /// Sequences that are registered, and how they lie.
    pub fn registered_sequences(self) -> Vec<(StudyId, usize, Motion)> {
        self.studies.with(|studies| {
            let of = |study: &Study| {
                let id = study.info.study;
                std::array::from_fn::<_, 3, _>(|at| Some((id, at, study.info.motion(at)?)))
            };
            studies.iter().flat_map(of).flatten().collect()
        })
    }

    /// Calls the registration of a sequence off, or takes it back.
    pub fn unregister_sequence(self, study: StudyId, sequence: usize) {
        self.registering.end_all();
        self.send(&ToWorker::PlaceSequence { study, sequence, motion: None });
    }

    /// Sends a message about files to the worker that has them.
    pub fn send(self, message: &ToWorker<Uint8Array>) {
        self.inference.send(message);
    }

    /// Where messages are told.
    pub fn notices(self) -> Notices {
        self.notices
    }

    /// Shows a message about the slice or study on screen.
    pub fn notify_here(self, severity: Severity, text: impl Into<Text>) {
        self.notices.of(untrack(|| self.owner_on_screen()), severity, text);
    }

    /// Whether nothing is open and nothing on its way.
    pub fn is_empty(self) -> bool {
        self.selected.with(Option::is_none) && !self.is_reading()
    }

    /// Whether something is on its way.
    pub fn is_reading(self) -> bool {
        self.arriving.get() > 0 || self.opening.with(|opening| !opening.is_empty())
    }

    /// Forgets slices and their labels.
    pub fn forget(self, ids: &[FileId]) {
        let closed = |entry: &&Entry| ids.contains(&entry.id);
        let owners: Vec<Owner> =
            self.entries.with_untracked(|entries| entries.iter().filter(closed).map(Entry::owner).collect());
        self.forget_accepted(&owners);
        self.entries.update(|entries| entries.retain(|entry| !ids.contains(&entry.id)));
        self.labels.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.unseen_heads.update_value(|all| all.retain(|id, _| !ids.contains(id)));
    }

    /// A number that no file has had.
    pub fn fresh_id(self) -> u32 {
        self.last_id.update_value(|id| *id += 1);
        self.last_id.get_value()
    }
}

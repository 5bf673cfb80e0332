//! The single store of the page: what is open, what was found, what is shown, and everything a person can do to it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use imaging::{Diameters, Mask, Overlap, ProbabilityMap, click_scale};
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, Gate, SeriesId, StudyId, Times, ToWorker};

use crate::brush::Point;
use crate::closing::Closing;
use crate::editing::{Carrying, Tool};
use crate::edits::Edits;
use crate::inference::{Engine, Event, Inference, Progress, Question};
use crate::keeping::Kept;
use crate::measures::computed_diameters;
use crate::notice::{About, Action, Notice, Notices, Severity};
use crate::picture::{Levels, Owner, Picture};
use crate::study::Study;

/// Time without another change after which the masks that are not on screen follow.
const REST: Duration = Duration::from_millis(120);

/// One slice that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Names it in messages.
    pub id: FileId,
    /// Name of its file, or of its study with its number.
    pub name: String,
    /// Where its numbers are.
    pub content: Content,
}

/// Where the numbers of a slice are.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Here: it is a slice by itself.
    Lone(Arc<Picture>),
    /// In a study.
    Slice {
        /// Which.
        study: StudyId,
        /// Its number there, from 0.
        index: usize,
    },
}

impl Entry {
    /// The study that it belongs to.
    pub fn study(&self) -> Option<StudyId> {
        match self.content {
            Content::Lone(_) => None,
            Content::Slice { study, .. } => Some(study),
        }
    }
}

/// The mask of a slice, with every correction.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The mask.
    pub mask: Arc<Mask>,
    /// Its marked pixels.
    pub area_px: usize,
}

/// What the network said of a slice.
#[derive(Debug, PartialEq)]
pub struct Segmentation {
    /// Probability that there is tumour at all.
    pub presence: f32,
    /// Probabilities of the pixels; none where the presence head called the slice empty.
    pub map: Option<Arc<ProbabilityMap>>,
    /// How long it took.
    pub times: Times,
}

/// What of a slice is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequences {
    /// One sequence: pre-contrast (0), FLAIR (1) or post-contrast (2).
    One(usize),
    /// All three as red, green and blue.
    Composite,
}

impl Sequences {
    /// The sequence whose levels stand for all.
    pub fn leading(self) -> usize {
        match self {
            Self::One(index) => index,
            Self::Composite => 1,
        }
    }
}

/// What lies over the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    None,
    /// The mask, filled and outlined.
    Mask,
    /// The probabilities, as a heat map.
    Heat,
}

/// The store. Copies are the same store.
#[derive(Clone, Copy)]
pub struct Session {
    /// The network.
    pub inference: Inference,
    /// Everything opened, in order.
    pub entries: RwSignal<Vec<Entry>>,
    /// Files that are being read, by name.
    pub opening: RwSignal<BTreeMap<FileId, String>>,
    /// The studies among it.
    pub studies: RwSignal<Vec<Study>, LocalStorage>,
    /// Levels that a person set.
    pub levels: RwSignal<HashMap<Owner, [Levels; 3]>>,
    /// The masks of all slices that the network or a person has said something of.
    pub masks: RwSignal<HashMap<FileId, Found>>,
    /// The slice on screen.
    pub selected: RwSignal<Option<FileId>>,
    /// Messages on screen.
    pub notices: Notices,
    /// What was closed and can come back, and what would be lost with the page.
    pub closing: Closing,
    /// What the pointer does on the slice.
    pub tool: RwSignal<Tool>,
    /// Radius of brush and eraser, in pixels of the slice.
    pub brush_px: RwSignal<f64>,
    /// Where the pointer is on the slice on screen.
    pub pointer: RwSignal<Option<Point>>,
    /// The mask that is being carried through the slices.
    pub carrying: RwSignal<Option<Carrying>>,
    /// Whether the network's own mask is shown in place of the corrected one.
    pub before: RwSignal<bool>,
    /// Opacity of the overlay's fill, 0..=1.
    pub opacity: RwSignal<f32>,
    /// What of the slice is shown.
    pub sequences: RwSignal<Sequences>,
    /// What lies over it.
    pub overlay: RwSignal<Overlay>,
    /// Whether the label's outline is shown.
    pub label_shown: RwSignal<bool>,
    /// The slice on screen, decoded.
    pub picture: Memo<Option<Arc<Picture>>>,
    /// What was found in it.
    pub segmentation: Memo<Option<Arc<Segmentation>>>,
    /// Its label.
    pub label: Memo<Option<Arc<Mask>>>,
    /// Probability from which a pixel is tumour.
    pub threshold: Memo<f32>,
    /// Its probabilities, after the clicks.
    pub map: Memo<Option<Arc<ProbabilityMap>>>,
    /// Its mask at the threshold, with every correction.
    pub mask: Memo<Option<Arc<Mask>>>,
    /// The diameters computed of it, and of which slice they are; while the network answers a click they stay as they were,
    /// since they take longer than all else that a click changes.
    pub(crate) computed_diameters: Memo<(Option<FileId>, Option<Diameters>)>,
    /// The mask on screen: the corrected one, or the network's own while that is asked for.
    pub shown_mask: Memo<Option<Arc<Mask>>>,
    /// The mask without corrections.
    pub automatic_mask: Memo<Option<Arc<Mask>>>,
    /// The mask against the label.
    pub overlap: Memo<Option<Overlap>>,
    pub(crate) segmentations: RwSignal<HashMap<FileId, Arc<Segmentation>>>,
    pub(crate) edits: RwSignal<HashMap<FileId, Edits>>,
    pub(crate) labels: RwSignal<HashMap<FileId, Arc<Mask>>>,
    /// Labels whose slice is not open yet, by the slice's stem.
    pub(crate) orphans: StoredValue<Vec<(String, Arc<Mask>)>>,
    /// Places in heads of a picture that the network has not looked at yet, for as long as it has found no tumour there.
    pub(crate) unseen_heads: StoredValue<HashMap<FileId, VecDeque<(f32, f32)>>>,
    /// Slices whose mask has still to follow their history.
    pub(crate) stale: StoredValue<Vec<FileId>>,
    last_later: StoredValue<u32>,
    next_id: StoredValue<u32>,
    /// Whether no slice of the latest drop is on screen yet.
    pub(crate) fresh_drop: StoredValue<bool>,
    /// What is kept on this computer.
    pub(crate) kept: Kept,
}

impl Session {
    /// A fresh store with its workers starting.
    pub fn start() -> Self {
        let entries = RwSignal::new(Vec::<Entry>::new());
        let selected = RwSignal::new(None);
        let segmentations = RwSignal::new(HashMap::<FileId, Arc<Segmentation>>::new());
        let labels = RwSignal::new(HashMap::<FileId, Arc<Mask>>::new());
        let edits = RwSignal::new(HashMap::<FileId, Edits>::new());
        let inference = Inference::new();
        let Inference { engine, running, .. } = inference;
        let before = RwSignal::new(false);

        let studies = RwSignal::new_local(Vec::<Study>::new());
        let masks = RwSignal::new(HashMap::<FileId, Found>::new());

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
        let segmentation = Memo::new(move |_| segmentations.with(|all| all.get(&selected.get()?).cloned()));
        let label = Memo::new(move |_| labels.with(|all| all.get(&selected.get()?).cloned()));
        let own_threshold = Memo::new(move |_| engine.with(Engine::threshold));
        let threshold =
            Memo::new(move |_| with_edits_of(edits, selected, Edits::threshold).unwrap_or_else(|| own_threshold.get()));
        let map = Memo::new(move |_| {
            let found = segmentation.get();
            let automatic = found.as_ref().and_then(|found| found.map.as_ref());
            with_edits_of(edits, selected, |edits| edits.map(automatic).cloned())
        });
        let mask = Memo::new(move |_| masks.with(|masks| Some(masks.get(&selected.get()?)?.mask.clone())));
        let answering = Memo::new(move |_| {
            let running = running.get();
            running.is_some_and(|r| r.question == Question::Prompts && Some(r.file) == selected.get())
        });
        let diameters = Memo::new(move |before: Option<&(Option<FileId>, Option<Diameters>)>| {
            let file = selected.get();
            match before {
                Some(before) if answering.get() && before.0 == file => *before,
                _ => (file, mask.get().zip(picture.get()).and_then(|(m, p)| computed_diameters(&m, p.spacing_mm))),
            }
        });
        let automatic_mask = Memo::new(move |_| {
            let (picture, found) = (picture.get()?, segmentation.get()?);
            Some(Arc::new(Edits::default().mask(found.map.as_ref(), own_threshold.get(), picture.size())))
        });
        let shown_mask = Memo::new(move |_| if before.get() { automatic_mask.get() } else { mask.get() });
        let overlap = Memo::new(move |_| Overlap::between(&*mask.get()?, &*label.get()?).ok());

        let session = Self {
            inference,
            entries,
            opening: RwSignal::new(BTreeMap::new()),
            studies,
            levels: RwSignal::new(HashMap::new()),
            masks,
            kept: Kept::open(),
            selected,
            notices: Notices::default(),
            closing: Closing::default(),
            stale: StoredValue::new(Vec::new()),
            last_later: StoredValue::new(0),
            tool: RwSignal::new(Tool::Add),
            brush_px: RwSignal::new(6.0),
            pointer: RwSignal::new(None),
            carrying: RwSignal::new(None),
            before,
            threshold,
            map,
            automatic_mask,
            computed_diameters: diameters,
            shown_mask,
            opacity: RwSignal::new(0.35),
            sequences: RwSignal::new(Sequences::One(1)),
            overlay: RwSignal::new(Overlay::Mask),
            label_shown: RwSignal::new(true),
            picture,
            segmentation,
            label,
            mask,
            overlap,
            segmentations,
            edits,
            labels,
            orphans: StoredValue::new(Vec::new()),
            unseen_heads: StoredValue::new(HashMap::new()),
            next_id: StoredValue::new(0),
            fresh_drop: StoredValue::new(false),
        };
        inference.happened(session, Event::Opened);
        // The slice on screen is always the one being computed, or has its answer.
        Effect::new(move |_| {
            session.picture.track();
            session.selected.track();
            inference.happened(session, Event::Looked);
        });
        session
    }

    /// Puts a slice on screen, because a person wants it.
    pub fn select(self, id: FileId) {
        self.stop_carrying();
        self.show(id);
    }

    /// Puts a slice on screen.
    pub(crate) fn show(self, id: FileId) {
        self.selected.set(Some(id));
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

    /// Forgets the slices of a study.
    pub(crate) fn forget_slices(self, study: StudyId) {
        let slices: Vec<FileId> = self.entries.with_untracked(|entries| {
            entries.iter().filter(|entry| entry.study() == Some(study)).map(|entry| entry.id).collect()
        });
        self.forget_all(&slices, Some(study));
    }

    /// A slice that is open.
    pub fn entry(self, id: FileId) -> Option<Entry> {
        self.entries.with_untracked(|entries| entries.iter().find(|entry| entry.id == id).cloned())
    }

    /// Width and height of a slice.
    pub(crate) fn size_of(self, id: FileId) -> Option<(usize, usize)> {
        match self.entry(id)?.content {
            Content::Lone(picture) => Some(picture.size()),
            Content::Slice { study, .. } => self.study(study).map(|study| (study.info.size[0], study.info.size[1])),
        }
    }

    /// How large everything about a click is on a slice, see [`imaging::click_scale`].
    pub(crate) fn click_scale_of(self, id: FileId) -> Option<f32> {
        match self.entry(id)?.content {
            Content::Lone(picture) => Some(picture.info.view.click_scale),
            Content::Slice { .. } => self.size_of(id).map(|(width, height)| click_scale(width, height)),
        }
    }

    /// A study that is open.
    pub fn study(self, id: StudyId) -> Option<Study> {
        self.studies.with_untracked(|studies| studies.iter().find(|study| study.info.study == id).cloned())
    }

    /// The study of the slice on screen.
    pub fn study_on_screen(self) -> Option<Study> {
        let owner = self.picture.with(|picture| picture.as_ref().map(|picture| picture.owner))?;
        match owner {
            Owner::File(_) => None,
            Owner::Study(id) => self.studies.with(|studies| studies.iter().find(|s| s.info.study == id).cloned()),
        }
    }

    /// Takes other volumes for the sequences of the study on screen.
    pub fn compose(self, study: StudyId, series: [Option<SeriesId>; 3]) {
        self.send(&ToWorker::Compose { study, series });
    }

    /// Takes a volume by its number for a sequence of the study on screen.
    pub fn take_volume(self, study: StudyId, sequence: usize, number: usize) {
        self.send(&ToWorker::TakeVolume { study, sequence, number });
    }

    /// Levels that the sequences of a picture are shown with.
    pub fn levels_of(self, picture: &Picture) -> [Levels; 3] {
        self.levels.with(|levels| levels.get(&picture.owner).copied()).unwrap_or(picture.levels)
    }

    /// Levels of the sequence that is shown of the slice on screen.
    pub fn shown_levels(self) -> Option<Levels> {
        let picture = self.picture.get()?;
        Some(self.levels_of(&picture)[self.sequences.get().leading()])
    }

    /// Sets the levels of the sequence that is shown, of all where they are shown as colours.
    pub fn set_levels(self, set: impl Fn(Levels) -> Levels) {
        let Some(picture) = self.picture.get_untracked() else { return };
        let mut all = untrack(move || self.levels_of(&picture));
        match self.sequences.get_untracked() {
            Sequences::One(index) => all[index] = set(all[index]),
            Sequences::Composite => all = all.map(set),
        }
        if let Some(owner) = self.picture.with_untracked(|picture| picture.as_ref().map(|p| p.owner)) {
            self.levels.update(|levels| {
                levels.insert(owner, all);
            });
        }
    }

    /// Computes the mask of a slice anew, after something was said of it.
    pub(crate) fn refresh(self, file: FileId) {
        self.refresh_all(&[file]);
    }

    /// As [`Self::refresh`], of many slices.
    pub(crate) fn refresh_all(self, files: &[FileId]) {
        if files.is_empty() {
            return;
        }
        self.stale.update_value(|stale| stale.retain(|file| !files.contains(file)));
        let masks: Vec<(FileId, Option<Mask>)> = files.iter().map(|&file| (file, self.mask_of(file))).collect();
        self.masks.update(|all| {
            for (file, mask) in masks {
                match mask {
                    Some(mask) => {
                        let area_px = mask.area_px();
                        all.insert(file, Found { mask: Arc::new(mask), area_px });
                    }
                    None => drop(all.remove(&file)),
                }
            }
        });
        self.keep(files);
    }

    /// As [`Self::refresh_all`], once no more is asked for in a while.
    pub(crate) fn refresh_later(self, files: Vec<FileId>) {
        if files.is_empty() {
            return;
        }
        self.stale.update_value(|stale| {
            stale.retain(|file| !files.contains(file));
            stale.extend(files);
        });
        let asked = self.fresh_id();
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

    /// Computes all masks that have still to follow their history.
    pub(crate) fn catch_up(self) {
        self.refresh_all(&self.stale.get_value());
    }

    /// The mask that follows from the network's answer and the history; none where nothing was said of the slice.
    fn mask_of(self, file: FileId) -> Option<Mask> {
        let found = self.segmentations.with_untracked(|all| all.get(&file).cloned());
        let size = self.size_of(file)?;
        self.edits.with_untracked(|all| {
            let none = Edits::default();
            let edits = all.get(&file).unwrap_or(&none);
            if found.is_none() && !edits.is_corrected() {
                return None;
            }
            let threshold =
                edits.threshold().unwrap_or_else(|| self.inference.engine.with_untracked(Engine::threshold));
            Some(edits.mask(found.as_ref().and_then(|found| found.map.as_ref()), threshold, size))
        })
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

    /// Runs the decoder on the slice on screen although the presence head calls it empty.
    pub fn segment_anyway(self) {
        if let Some(file) = self.selected.get_untracked() {
            self.inference.happened(self, Event::Wanted(file, Gate::Always));
        }
    }

    /// Stops the computation in progress; a prompt that it was for is undone.
    pub fn cancel(self) {
        self.inference.happened(self, Event::Stopped);
    }

    /// Lets the network be asked what the slice on screen still needs.
    pub(crate) fn attend(self) {
        self.inference.happened(self, Event::Attend);
    }

    /// Sends a message about files to the worker that has them.
    pub(crate) fn send(self, message: &ToWorker<Uint8Array>) {
        self.inference.send(message);
    }

    /// Segments every slice of the study on screen that has no answer yet.
    pub fn segment_whole(self) {
        match untrack(move || self.study_on_screen()) {
            Some(study) => self.inference.happened(self, Event::WholeWanted(study.info.study, now_ms())),
            None if self.selected.with_untracked(Option::is_some) => {
                let text = "This slice is open by itself, so there is no volume to segment. Open its study: a folder of \
                            DICOM files, a zip, or NIfTI.";
                self.notify_here(Severity::Info, text.into());
            }
            None => {}
        }
    }

    /// How far the study that is being segmented is.
    pub fn whole_progress(self) -> Option<Progress> {
        let whole = self.inference.whole.get()?;
        let study = self.study(whole.study)?;
        let done = self.answered_slices(&study);
        Some(Progress::of(whole, done, study.slices(), now_ms(), self.inference.cores()))
    }

    /// Slices of a study that the network has answered for.
    pub fn answered_slices(self, study: &Study) -> usize {
        self.segmentations.with(|known| study.slice_ids().filter(|id| known.contains_key(id)).count())
    }

    /// Computes the slice on screen again.
    pub fn segment_again(self) {
        if let Some(file) = self.selected.get_untracked() {
            self.inference.happened(self, Event::Wanted(file, Gate::Presence));
        }
    }

    /// What `read` says of the corrections of the slice on screen.
    pub fn with_edits<T>(self, read: impl FnOnce(&Edits) -> T) -> T {
        with_edits_of(self.edits, self.selected, read)
    }

    /// Shows a message about the page.
    pub fn notify(self, severity: Severity, text: String) {
        self.notify_about(About::Page, severity, text);
    }

    /// Shows a message about the slice or study on screen.
    pub fn notify_here(self, severity: Severity, text: String) {
        self.notify_about(self.owner_on_screen().map_or(About::Page, About::Of), severity, text);
    }

    /// Shows a message about files that were handed over last.
    pub(crate) fn notify_of_drop(self, severity: Severity, text: String) {
        self.notify_about(self.notices.of_latest_drop(), severity, text);
    }

    /// Shows a message, in place of the same one if that is still there.
    pub(crate) fn notify_about(self, about: About, severity: Severity, text: String) {
        self.notices.show(Notice { id: self.fresh_id(), severity, text, action: None, about, folded: false });
    }

    /// Shows a message about files that were handed over last, which offers to do something with them.
    pub(crate) fn notify_with(self, severity: Severity, text: String, action: Option<Action>) {
        let about = self.notices.of_latest_drop();
        self.notices.show(Notice { id: self.fresh_id(), severity, text, action, about, folded: false });
    }

    /// Whose slice is on screen.
    pub(crate) fn owner_on_screen(self) -> Option<Owner> {
        self.picture.with_untracked(|picture| picture.as_ref().map(|picture| picture.owner))
    }

    /// Name of the slice on screen.
    pub fn name(self) -> Option<String> {
        let id = self.selected.get()?;
        self.entries.with(|entries| entries.iter().find(|entry| entry.id == id).map(|entry| entry.name.clone()))
    }

    pub(crate) fn forget(self, id: FileId) {
        self.forget_all(&[id], None);
        self.send(&ToWorker::Close { file: id });
    }

    pub(crate) fn forget_all(self, ids: &[FileId], study: Option<StudyId>) {
        self.entries.update(|entries| entries.retain(|entry| !ids.contains(&entry.id)));
        self.segmentations.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.labels.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.edits.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.masks.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.unseen_heads.update_value(|all| all.retain(|id, _| !ids.contains(id)));
        self.inference.happened(self, Event::Closed(ids.to_vec(), study));
    }

    pub(crate) fn fresh_id(self) -> u32 {
        self.next_id.update_value(|id| *id += 1);
        self.next_id.get_value()
    }
}

/// What `read` says of the corrections of the selected slice; the history is not copied, since it grows.
fn with_edits_of<T>(
    edits: RwSignal<HashMap<FileId, Edits>>,
    selected: RwSignal<Option<FileId>>,
    read: impl FnOnce(&Edits) -> T,
) -> T {
    let id = selected.get();
    edits.with(|all| match id.and_then(|id| all.get(&id)) {
        Some(edits) => read(edits),
        None => read(&Edits::default()),
    })
}

/// The page's clock.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

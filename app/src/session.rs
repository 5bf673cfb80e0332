//! The single store of the page: what is open, what was found, what is shown, and everything a person can do to it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use imaging::{Diameters, Mask, Overlap, ProbabilityMap, click_scale};
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{FileId, Gate, SeriesId, StudyId, Times, ToWorker};

use crate::brush::Point;
use crate::editing::{Carrying, Tool};
use crate::edits::Edits;
use crate::inference::{Engine, Event, Inference, Progress, Question};
use crate::keeping::Kept;
use crate::measures::computed_diameters;
use crate::notice::{Action, Notice, Severity};
use crate::picture::{Levels, Owner, Picture};
use crate::study::Study;

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
    /// Lines that a person put in place of the computed diameters.
    pub drawn_diameters: RwSignal<HashMap<FileId, Diameters>>,
    /// The slice on screen.
    pub selected: RwSignal<Option<FileId>>,
    /// Messages on screen.
    pub notices: RwSignal<Vec<Notice>>,
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
            drawn_diameters: RwSignal::new(HashMap::new()),
            kept: Kept::open(),
            selected,
            notices: RwSignal::new(Vec::new()),
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

    /// Closes a slice, with its study where it has one; a neighbour takes its place.
    pub fn close(self, id: FileId) {
        let (neighbour, study) = self.entries.with_untracked(|entries| {
            let study = entries.iter().find(|entry| entry.id == id).and_then(Entry::study);
            let closes = |entry: &Entry| entry.id == id || study.is_some() && entry.study() == study;
            let first = entries.iter().position(closes);
            let behind = entries.iter().rposition(closes).and_then(|last| entries.get(last + 1));
            let before = first.and_then(|first| entries.get(first.checked_sub(1)?));
            (behind.or(before).map(|entry| entry.id), study)
        });
        let on_screen = self.selected.get_untracked().is_some_and(|selected| {
            selected == id || study.is_some() && self.entry(selected).and_then(|entry| entry.study()) == study
        });
        match study {
            Some(study) => {
                self.forget_slices(study);
                self.studies.update(|studies| studies.retain(|known| known.info.study != study));
                self.send(&ToWorker::CloseStudy { study });
            }
            None => self.forget(id),
        }
        if on_screen {
            self.selected.set(neighbour);
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
        let found = self.segmentations.with_untracked(|all| all.get(&file).cloned());
        let mask = self.size_of(file).and_then(|size| {
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
        });
        self.masks.update(|masks| match mask {
            Some(mask) => {
                let area_px = mask.area_px();
                masks.insert(file, Found { mask: Arc::new(mask), area_px });
            }
            None => drop(masks.remove(&file)),
        });
        self.keep(file);
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
        if let Some(study) = untrack(move || self.study_on_screen()) {
            self.inference.happened(self, Event::WholeWanted(study.info.study, now_ms()));
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

    /// Shows a message, in place of the same one if that is still there.
    pub fn notify(self, severity: Severity, text: String) {
        self.notify_with(severity, text, None);
    }

    /// Shows a message that offers to do something.
    pub(crate) fn notify_with(self, severity: Severity, text: String, action: Option<Action>) {
        let id = self.fresh_id();
        self.notices.update(|notices| {
            notices.retain(|notice| notice.text != text);
            notices.push(Notice { id, severity, text, action });
        });
    }

    /// Takes a message away.
    pub fn dismiss(self, id: u32) {
        self.notices.update(|notices| notices.retain(|notice| notice.id != id));
    }

    /// Name of the slice on screen.
    pub fn name(self) -> Option<String> {
        let id = self.selected.get()?;
        self.entries.with(|entries| entries.iter().find(|entry| entry.id == id).map(|entry| entry.name.clone()))
    }

    fn forget(self, id: FileId) {
        self.forget_all(&[id], None);
        self.send(&ToWorker::Close { file: id });
    }

    fn forget_all(self, ids: &[FileId], study: Option<StudyId>) {
        self.entries.update(|entries| entries.retain(|entry| !ids.contains(&entry.id)));
        self.segmentations.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.labels.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.edits.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.masks.update(|all| all.retain(|id, _| !ids.contains(id)));
        self.drawn_diameters.update(|all| all.retain(|id, _| !ids.contains(id)));
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

//! The single store of the page: what is open, what was found, what is shown, and everything a person can do to it.

use std::collections::HashMap;
use std::sync::Arc;

use imaging::{ClickKind, Mask, Overlap, ProbabilityMap};
use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{
    Click, DeviceKind, FileId, FromWorker, Gate, Ready, Refusal, RequestId, SliceInfo, StartFailure, Times, ToWorker,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::brush::Point;
use crate::editing::{Carrying, Tool};
use crate::edits::{Clicks, Edits, Scope};
use crate::files;
use crate::notice::{self, Notice, Severity};
use crate::pairing::{labelled_stem, stem};
use crate::samples::Sample;
use crate::worker_client::{Heard, WorkerClient};

/// Files that one drop may hold; a whole study of single slices has fewer.
const FILES_AT_ONCE: usize = 500;
/// Model that is loaded unless the address names another.
const MODEL: &str = "lgg-resunetpp";

/// How far the engine is.
#[derive(Clone, Debug, PartialEq)]
pub enum Engine {
    /// Bytes arrive; a total of zero is not known yet.
    Loading { loaded: usize, total: usize },
    /// A device is tried.
    Probing(DeviceKind),
    /// Slices can be segmented.
    Ready(Ready),
    /// They cannot.
    Failed(String),
}

impl Engine {
    /// Probability from which a pixel is tumour, unless a person says otherwise.
    pub fn threshold(&self) -> f32 {
        match self {
            Self::Ready(ready) => ready.threshold,
            _ => 0.5,
        }
    }
}

/// A slice that can be shown.
#[derive(Debug, PartialEq)]
pub struct Picture {
    /// Size and kind.
    pub info: SliceInfo,
    /// Grey levels of the three sequences, one plane after the other.
    pub planes: Vec<u8>,
}

impl Picture {
    /// Width and height, in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.info.width, self.info.height)
    }
}

/// One place in the strip.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Names it in messages.
    pub id: FileId,
    /// Name of its file.
    pub name: String,
    /// The slice, once it is decoded.
    pub picture: Option<Arc<Picture>>,
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

/// What the network was asked of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What it finds on its own.
    Automatic,
    /// What it makes of the clicks.
    Clicks,
}

/// A question that is being computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Names the answer.
    pub request: RequestId,
    /// The slice.
    pub file: FileId,
    /// What was asked.
    pub question: Question,
}

/// What of a slice is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequences {
    /// One sequence: pre-contrast (0), FLAIR (1) or post-contrast (2).
    One(usize),
    /// All three as red, green and blue.
    Composite,
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
    /// How far the engine is.
    pub engine: RwSignal<Engine>,
    /// Everything opened, in order.
    pub entries: RwSignal<Vec<Entry>>,
    /// The slice on screen.
    pub selected: RwSignal<Option<FileId>>,
    /// What is being computed.
    pub running: RwSignal<Option<Running>>,
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
    /// The mask on screen: the corrected one, or the network's own while that is asked for.
    pub shown_mask: Memo<Option<Arc<Mask>>>,
    /// The mask without corrections.
    pub automatic_mask: Memo<Option<Arc<Mask>>>,
    /// The mask against the label.
    pub overlap: Memo<Option<Overlap>>,
    segmentations: RwSignal<HashMap<FileId, Arc<Segmentation>>>,
    pub(crate) edits: RwSignal<HashMap<FileId, Edits>>,
    labels: RwSignal<HashMap<FileId, Arc<Mask>>>,
    /// Labels whose slice is not open yet, by the slice's stem.
    orphans: StoredValue<Vec<(String, Arc<Mask>)>>,
    next_id: StoredValue<u32>,
    /// Smallest id of the latest drop, until its first slice is on screen.
    drop_from: StoredValue<Option<u32>>,
    worker: StoredValue<Option<WorkerClient>, LocalStorage>,
}

impl Session {
    /// A fresh store with its worker starting.
    pub fn start() -> Self {
        let entries = RwSignal::new(Vec::<Entry>::new());
        let selected = RwSignal::new(None);
        let segmentations = RwSignal::new(HashMap::<FileId, Arc<Segmentation>>::new());
        let labels = RwSignal::new(HashMap::<FileId, Arc<Mask>>::new());
        let edits = RwSignal::new(HashMap::<FileId, Edits>::new());
        let engine = RwSignal::new(Engine::Loading { loaded: 0, total: 0 });
        let before = RwSignal::new(false);

        let picture = Memo::new(move |_| {
            let id = selected.get()?;
            entries.with(|entries| entries.iter().find(|entry| entry.id == id)?.picture.clone())
        });
        let segmentation = Memo::new(move |_| segmentations.with(|all| all.get(&selected.get()?).cloned()));
        let label = Memo::new(move |_| labels.with(|all| all.get(&selected.get()?).cloned()));
        let own_threshold = Memo::new(move |_| engine.with(Engine::threshold));
        let threshold =
            Memo::new(move |_| with_edits_of(edits, selected, Edits::threshold).unwrap_or_else(|| own_threshold.get()));
        let map = Memo::new(move |_| {
            let found = segmentation.get()?;
            with_edits_of(edits, selected, |edits| edits.map(found.map.as_ref()).cloned())
        });
        let corrected = move |edits: &Edits, threshold: f32| {
            let (picture, found) = (picture.get()?, segmentation.get()?);
            Some(Arc::new(edits.mask(found.map.as_ref(), threshold, picture.size())))
        };
        let mask = Memo::new(move |_| with_edits_of(edits, selected, |edits| corrected(edits, threshold.get())));
        let automatic_mask = Memo::new(move |_| corrected(&Edits::default(), own_threshold.get()));
        let shown_mask = Memo::new(move |_| if before.get() { automatic_mask.get() } else { mask.get() });
        let overlap = Memo::new(move |_| Overlap::between(&*mask.get()?, &*label.get()?).ok());

        let session = Self {
            engine,
            entries,
            selected,
            running: RwSignal::new(None),
            notices: RwSignal::new(Vec::new()),
            tool: RwSignal::new(Tool::Add),
            brush_px: RwSignal::new(6.0),
            pointer: RwSignal::new(None),
            carrying: RwSignal::new(None),
            before,
            threshold,
            map,
            automatic_mask,
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
            next_id: StoredValue::new(0),
            drop_from: StoredValue::new(None),
            worker: StoredValue::new_local(None),
        };
        match WorkerClient::start(move |heard| session.hear(heard)) {
            Ok(worker) => {
                worker.send(&ToWorker::Start { model: model_folder(), only: device_in_address() });
                session.worker.set_value(Some(worker));
            }
            Err(why) => session.engine.set(Engine::Failed(why)),
        }
        // The slice on screen is always the one being computed, or has its answer.
        Effect::new(move |_| {
            session.engine.track();
            session.picture.track();
            session.selected.track();
            session.attend();
        });
        session
    }

    /// Opens files that a person handed over.
    pub fn open_files(self, mut files: Vec<File>) {
        if files.len() > FILES_AT_ONCE {
            let text = format!("{} files at once: the first {FILES_AT_ONCE} are opened.", files.len());
            self.notify(Severity::Info, text);
            files.truncate(FILES_AT_ONCE);
        }
        files.sort_by_key(|file| natural(&file.name()));
        self.expect_a_slice();
        spawn_local(async move {
            for file in files {
                match files::bytes(&file).await {
                    Ok(bytes) => self.open(&file.name(), bytes),
                    Err(why) => self.notify(Severity::Error, format!("{}: cannot be read ({why}).", file.name())),
                }
            }
        });
    }

    /// Opens a slice that comes with the page, and its label.
    pub fn open_sample(self, sample: Sample) {
        self.expect_a_slice();
        spawn_local(async move {
            for name in [sample.slice, sample.label] {
                match files::fetched(&format!("./samples/{name}")).await {
                    Ok(bytes) => self.open(name, bytes),
                    Err(why) => self.notify(Severity::Error, format!("The sample {name} did not load: {why}.")),
                }
            }
        });
    }

    /// The next slice that is decoded comes on screen.
    fn expect_a_slice(self) {
        self.drop_from.set_value(Some(self.next_id.get_value() + 1));
    }

    fn open(self, name: &str, bytes: Uint8Array) {
        let id = FileId(self.fresh_id());
        self.entries.update(|entries| entries.push(Entry { id, name: name.into(), picture: None }));
        self.send(&ToWorker::Open { file: id }, Some(bytes));
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

    /// Closes a slice; its neighbour takes its place.
    pub fn close(self, id: FileId) {
        let neighbour = self.entries.with_untracked(|entries| {
            let at = entries.iter().position(|entry| entry.id == id)?;
            entries.get(at + 1).or_else(|| entries.get(at.checked_sub(1)?)).map(|entry| entry.id)
        });
        self.forget(id);
        if self.selected.get_untracked() == Some(id) {
            self.selected.set(neighbour);
        }
    }

    /// Runs the decoder on the slice on screen although the presence head calls it empty.
    pub fn segment_anyway(self) {
        if let Some(file) = self.selected.get_untracked() {
            self.ask(file, Gate::Always);
        }
    }

    /// Stops the computation in progress; a click that it was for is undone.
    pub fn cancel(self) {
        self.stop_carrying();
        let Some(running) = self.running.get_untracked() else { return };
        self.drop_question();
        if running.question == Question::Clicks {
            self.edits.update(|all| {
                all.get_mut(&running.file).map(Edits::undo);
            });
        }
    }

    /// Stops the computation in progress and changes nothing else.
    pub(crate) fn drop_question(self) {
        if self.running.get_untracked().is_some() {
            self.running.set(None);
            self.send(&ToWorker::Cancel, None);
        }
    }

    /// Computes the slice on screen again.
    pub fn segment_again(self) {
        if let Some(file) = self.selected.get_untracked() {
            self.ask(file, Gate::Presence);
        }
    }

    /// What `read` says of the corrections of the slice on screen.
    pub fn with_edits<T>(self, read: impl FnOnce(&Edits) -> T) -> T {
        with_edits_of(self.edits, self.selected, read)
    }

    /// Shows a message.
    pub fn notify(self, severity: Severity, text: String) {
        let id = self.fresh_id();
        self.notices.update(|notices| notices.push(Notice { id, severity, text }));
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

    /// Asks what the slice on screen still needs, once there is an engine; drops what it does not.
    pub(crate) fn attend(self) {
        let ready = self.engine.with_untracked(|engine| matches!(engine, Engine::Ready(_)));
        let Some(file) =
            self.selected.get_untracked().filter(|_| ready && self.picture.with_untracked(Option::is_some))
        else {
            return;
        };
        let known = self.segmentations.with_untracked(|all| all.contains_key(&file));
        let unanswered = self.edits.with_untracked(|all| all.get(&file).is_some_and(|e| e.unanswered().is_some()));
        let wanted = match (known, unanswered) {
            (false, _) => Some(Question::Automatic),
            (true, true) => Some(Question::Clicks),
            (true, false) => None,
        };
        let running =
            self.running.get_untracked().filter(|running| running.file == file).map(|running| running.question);
        match wanted {
            _ if running.is_some() && running == wanted => {}
            Some(Question::Automatic) => self.ask(file, Gate::Presence),
            Some(Question::Clicks) => self.ask_by_clicks(file),
            // The decoder may be at work on a slice that the presence head calls empty.
            None if running == Some(Question::Automatic) => {}
            None => self.drop_question(),
        }
    }

    fn ask(self, file: FileId, gate: Gate) {
        let request = RequestId(self.fresh_id());
        self.running.set(Some(Running { request, file, question: Question::Automatic }));
        self.send(&ToWorker::Segment { request, file, gate }, None);
    }

    fn ask_by_clicks(self, file: FileId) {
        let unanswered = self.edits.with_untracked(|all| all.get(&file).and_then(|edits| edits.unanswered().cloned()));
        let Some(Clicks { clicks, previous, scope, .. }) = unanswered else { return };
        let request = RequestId(self.fresh_id());
        self.running.set(Some(Running { request, file, question: Question::Clicks }));
        let tumor = |kind| kind == ClickKind::Tumor;
        let clicks =
            clicks.into_iter().map(|click| Click { x: click.x, y: click.y, tumor: tumor(click.kind) }).collect();
        let pixels: Vec<u8> = previous.iter().flat_map(|mask| mask.pixels()).map(|&marked| u8::from(marked)).collect();
        let fresh = match scope {
            Scope::Around(clicks, _) => clicks.len(),
            Scope::Whole => 0,
        };
        self.send(&ToWorker::Refine { request, file, clicks, fresh }, Some(Uint8Array::from(&pixels[..])));
    }

    fn hear(self, heard: Heard) {
        match heard {
            Heard::Died(why) => {
                self.running.set(None);
                self.engine.set(Engine::Failed(format!(
                    "The engine stopped ({why}). What is on screen stays; reload the page to segment again."
                )));
            }
            Heard::Message(message, buffers) => self.hear_message(message, &buffers),
        }
    }

    fn hear_message(self, message: FromWorker, buffers: &[Uint8Array]) {
        match message {
            FromWorker::Hello => {}
            FromWorker::Loading { loaded, total } => self.engine.set(Engine::Loading { loaded, total }),
            FromWorker::Probing { device } => self.engine.set(Engine::Probing(device)),
            FromWorker::Refused { device, why } => {
                let severity = match why {
                    Refusal::Absent(_) => Severity::Info,
                    Refusal::SelfTest(_) => Severity::Error,
                };
                self.notify(severity, notice::refusal(device, &why));
            }
            FromWorker::Ready(ready) => self.engine.set(Engine::Ready(ready)),
            FromWorker::Failed(failure) => self.fail(&failure),
            FromWorker::Opened { file, info } => {
                let [planes, marked] = buffers else { return };
                self.opened(file, Picture { info, planes: planes.to_vec() }, &marked.to_vec());
            }
            FromWorker::Rejected { file, why } => {
                let name = self.forget(file).map_or_else(|| "A file".into(), |entry| entry.name);
                self.notify(Severity::Error, format!("{name}: {why}."));
            }
            FromWorker::Segmented { request, file, presence, decoded, times } => {
                let Some(running) = self.running.get_untracked().filter(|running| running.request == request) else {
                    return; // Superseded on the way.
                };
                self.running.set(None);
                let Some(info) = self.info(file) else { return };
                let values = || {
                    let bytes = buffers.first().map(Uint8Array::to_vec).unwrap_or_default();
                    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
                };
                let map = decoded.then(|| ProbabilityMap::new(info.width, info.height, values()));
                match (running.question, map) {
                    (Question::Clicks, Some(map)) => self.answered(file, map),
                    (_, map) => {
                        let found = Arc::new(Segmentation { presence, map: map.map(Arc::new), times });
                        self.segmentations.update(|all| drop(all.insert(file, found)));
                    }
                }
                // Clicks may have been waiting for the network's own answer.
                self.attend();
                self.carry_onward();
            }
            FromWorker::SegmentFailed { request, why, .. } => {
                if self.running.get_untracked().is_some_and(|running| running.request == request) {
                    self.cancel();
                    self.notify(Severity::Error, format!("The slice could not be segmented: {why}. Try again."));
                }
            }
        }
    }

    fn fail(self, failure: &StartFailure) {
        self.engine.set(Engine::Failed(notice::start_failure(failure)));
    }

    fn opened(self, id: FileId, picture: Picture, marked: &[u8]) {
        let name = self.entries.with_untracked(|entries| {
            entries.iter().find(|entry| entry.id == id).map(|entry| entry.name.clone()).unwrap_or_default()
        });
        let stem_of_slice = labelled_stem(&name);
        if stem_of_slice.is_some() || picture.info.binary {
            let mask = Mask::new(picture.info.width, picture.info.height, marked.iter().map(|&m| m == 1).collect());
            let stem_of_slice = stem_of_slice.unwrap_or_else(|| stem(&name)).to_owned();
            self.forget(id);
            self.send(&ToWorker::Close { file: id }, None);
            self.orphans.update_value(|orphans| orphans.push((stem_of_slice, Arc::new(mask))));
        } else {
            let single = picture.info.single_sequence;
            self.entries.update(|entries| {
                if let Some(entry) = entries.iter_mut().find(|entry| entry.id == id) {
                    entry.picture = Some(Arc::new(picture));
                }
            });
            if single {
                self.sequences.set(Sequences::One(1));
            }
            // The first slice of a drop comes on screen; the rest wait in the strip.
            if self.drop_from.get_value().is_some_and(|from| id.0 >= from) {
                self.drop_from.set_value(None);
                self.select(id);
            }
        }
        self.adopt_orphans();
    }

    /// Gives every label to the slice of its name, or to the one on screen once all files are read.
    fn adopt_orphans(self) {
        let all_read = self.entries.with_untracked(|entries| entries.iter().all(|entry| entry.picture.is_some()));
        let orphans = self.orphans.get_value();
        let remaining = orphans.into_iter().filter(|(wanted, mask)| {
            let by_name = self.entries.with_untracked(|entries| {
                entries.iter().rev().find(|entry| stem(&entry.name) == wanted).map(|entry| entry.id)
            });
            match by_name.or_else(|| self.selected.get_untracked().filter(|_| all_read)) {
                Some(id) => {
                    self.attach(id, mask, wanted);
                    false
                }
                None if all_read => {
                    let text =
                        format!("{wanted}: looks like a label, but no slice is open. Drop its slice, then the label.");
                    self.notify(Severity::Error, text);
                    false
                }
                None => true,
            }
        });
        self.orphans.set_value(remaining.collect());
    }

    fn attach(self, id: FileId, mask: &Arc<Mask>, name: &str) {
        let Some(info) = self.info(id) else { return };
        if (info.width, info.height) == (mask.width(), mask.height()) {
            self.labels.update(|labels| drop(labels.insert(id, mask.clone())));
        } else {
            let text = format!(
                "{name}: the label is {} × {} pixels, the slice {} × {}. Export the label on the slice's own grid.",
                mask.width(),
                mask.height(),
                info.width,
                info.height
            );
            self.notify(Severity::Error, text);
        }
    }

    fn info(self, id: FileId) -> Option<SliceInfo> {
        self.entries.with_untracked(|entries| {
            entries.iter().find(|entry| entry.id == id)?.picture.as_ref().map(|picture| picture.info)
        })
    }

    fn forget(self, id: FileId) -> Option<Entry> {
        let mut forgotten = None;
        self.entries.update(|entries| {
            if let Some(at) = entries.iter().position(|entry| entry.id == id) {
                forgotten = Some(entries.remove(at));
            }
        });
        self.segmentations.update(|all| drop(all.remove(&id)));
        self.labels.update(|all| drop(all.remove(&id)));
        self.edits.update(|all| drop(all.remove(&id)));
        if self.running.get_untracked().is_some_and(|running| running.file == id) {
            self.drop_question();
        }
        self.send(&ToWorker::Close { file: id }, None);
        forgotten
    }

    fn send(self, message: &ToWorker, bytes: Option<Uint8Array>) {
        self.worker.with_value(|worker| {
            if let Some(worker) = worker {
                worker.send_with(message, bytes);
            }
        });
    }

    fn fresh_id(self) -> u32 {
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

/// Folder of the model that the address asks for; only names of folders beside the page are let through.
fn model_folder() -> String {
    let plain = |id: &String| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    format!("./models/{}", files::address_parameter("model").filter(plain).unwrap_or_else(|| MODEL.into()))
}

/// The device that the address asks for.
fn device_in_address() -> Option<DeviceKind> {
    match files::address_parameter("device")?.as_str() {
        "webgpu" => Some(DeviceKind::WebGpu),
        "cpu" => Some(DeviceKind::Cpu),
        _ => None,
    }
}

/// A key by which `slice_2` comes before `slice_10`.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut key = vec![(0u64, String::new())];
    let mut digits = false;
    for c in name.chars() {
        if c.is_ascii_digit() != digits {
            digits = c.is_ascii_digit();
            if digits {
                key.push((0, String::new()));
            }
        }
        let last = key.last_mut().expect("the key begins with one part");
        match c.to_digit(10) {
            Some(digit) => last.0 = last.0.saturating_mul(10).saturating_add(u64::from(digit)),
            None => last.1.push(c),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_sort_as_numbers() {
        let mut names = ["s_10.png", "s_2.png", "a_3.png", "s_1.png"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["a_3.png", "s_1.png", "s_2.png", "s_10.png"]);
    }
}

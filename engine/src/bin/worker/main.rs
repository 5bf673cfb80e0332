//! The browser's worker program: messages from the page into engine calls, and their answers back. A worker has one device.
//!
//! One question at a time is computed; a newer one takes its place at the next step, and what was superseded or
//! cancelled is never answered.

mod device;
mod download;
mod inbox;
mod lending;
mod library;
mod post;

use std::cell::RefCell;
use std::rc::Rc;

use engine::{EngineError, Manifest, Prepared, Segmenter, SelfTest};
use gloo::timers::future::TimeoutFuture;
use imaging::{Click, ClickKind, Guidance, Mask, reach_px};
use protocol::{DeviceKind, FileId, FromWorker, Gate, Ready, RequestId, StartFailure, Times, ToWorker};
use wasm_bindgen_futures::spawn_local;

use crate::device::Model;
use crate::download::Download;
use crate::inbox::{Inbox, Turn};
use crate::library::{Library, Page};
use crate::post::{now_ms, post, post_with};

unsafe extern "C" {
    /// Made by the linker: runs what registers itself before `main`, as burn's shader compiler does a few thousand times.
    fn __wasm_call_ctors();
}

fn main() {
    // SAFETY: nothing else has run. A program that never calls it is taken for one that is entered once and left for good,
    // and the linker then calls it at each of the browser's calls: three seconds a slice on WebGPU.
    unsafe { __wasm_call_ctors() };
    console_error_panic_hook::set_once();
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    inbox::listen(inbox.clone());
    post(&FromWorker::Hello);
    spawn_local(run(inbox));
}

async fn run(inbox: Rc<RefCell<Inbox>>) {
    let mut library = Library::default();
    let place = Place::default();
    loop {
        let (message, buffers) = inbox::next(&inbox).await;
        let mut buffers = buffers.into_iter();
        let mut buffer = || buffers.next().unwrap_or_default();
        match message {
            // Slices are decoded while the model is on its way.
            ToWorker::Start { model, device, limit_ms } => spawn_local(start(model, device, limit_ms, place.clone())),
            ToWorker::Open { file, name } => library.open(file, &name, buffer()),
            ToWorker::Settle => library.settle(),
            ToWorker::Compose { study, series } => library.compose(study, series),
            ToWorker::Export { study, format, corrected, now, model } => {
                library.export(study, format, corrected, now, model, &buffer());
            }
            ToWorker::Borrow { file } => {
                if let Some(page) = library.page(file) {
                    let (width, height) = (page.slice.width(), page.slice.height());
                    let [intensities, numbers] = lending::to_buffers(&page);
                    post_with(&FromWorker::Lent { file, width, height }, &[&intensities, &numbers]);
                }
            }
            ToWorker::Lend { file, width, height } => {
                library.lend(file, lending::from_buffers(width, height, [&buffer(), &buffer()]));
            }
            ToWorker::Close { file } => library.close(file),
            ToWorker::CloseStudy { study } => library.close_study(study),
            ToWorker::Segment { request, file, gate } => {
                let question = Question { request, file, gate, guidance: Guidance::default(), fresh: 0 };
                answer(question, &place, library.page(file), Inbox::turn(&inbox)).await;
            }
            ToWorker::Refine { request, file, clicks, fresh } => {
                let clicks = clicks.into_iter().map(click).collect();
                let page = library.page(file);
                let previous = page.as_ref().and_then(|page| previous_mask(page, &buffer()));
                let guidance = Guidance { clicks, previous };
                let question = Question { request, file, gate: Gate::Always, guidance, fresh };
                answer(question, &place, page, Inbox::turn(&inbox)).await;
            }
            ToWorker::Cancel => {} // Reaching this far, nothing is being computed.
        }
    }
}

/// Puts a model into the place for it and says so, or why not.
async fn start(folder: String, kind: DeviceKind, limit_ms: Option<f64>, place: Place) {
    match Engine::start(folder, kind, limit_ms).await {
        Ok(engine) => drop(place.replace(Some(Rc::new(engine)))),
        Err(failure) => post(&FromWorker::Failed(failure)),
    }
}

/// Loads a model's files.
async fn load(folder: &str) -> Result<Model, StartFailure> {
    let mut download = Download::new(folder);
    let json = download.file("manifest.json").await?;
    let manifest = Manifest::parse(&json).map_err(|error| StartFailure::Model(error.to_string()))?;
    download.announce(manifest.weights.bytes);
    let weights = download.file(&manifest.weights.file).await?;
    let test = download.file(&manifest.self_test.file).await?;
    let test = SelfTest::parse(&test).map_err(|error| StartFailure::Model(error.to_string()))?;
    Ok(Model { manifest, weights, test })
}

fn click(click: protocol::Click) -> Click {
    let kind = if click.tumor { ClickKind::Tumor } else { ClickKind::Background };
    Click { x: click.x, y: click.y, kind }
}

/// The mask in a buffer, if it is as large as the slice.
fn previous_mask(page: &Page, bytes: &[u8]) -> Option<Mask> {
    let (width, height) = (page.slice.width(), page.slice.height());
    (bytes.len() == width * height).then(|| Mask::new(width, height, bytes.iter().map(|&byte| byte == 1).collect()))
}

/// What is asked of the network.
struct Question {
    request: RequestId,
    file: FileId,
    gate: Gate,
    guidance: Guidance,
    /// See [`ToWorker::Refine`].
    fresh: usize,
}

/// Where the engine stands, once it does.
type Place = Rc<RefCell<Option<Rc<Engine>>>>;

/// A model on a device.
struct Engine {
    segmenter: Segmenter,
    device: DeviceKind,
}

impl Engine {
    /// Puts a model on a device that passes the self-test, and says so.
    async fn start(folder: String, kind: DeviceKind, limit_ms: Option<f64>) -> Result<Self, StartFailure> {
        // Where there is none, no model has to come.
        let (device, adapter) = device::open(kind).await.map_err(StartFailure::Device)?;
        let model = load(&folder).await?;
        post(&FromWorker::Probing);
        let (segmenter, passed) = device::put(model, kind, device, limit_ms).await?;
        let Manifest { name, threshold, presence_threshold, metrics, missing_sequences, .. } =
            segmenter.manifest().clone();
        post(&FromWorker::Ready(Ready {
            device: kind,
            adapter,
            model: name,
            folder,
            threshold,
            presence_threshold,
            mean_volume_dice: metrics.map(|metrics| metrics.mean_volume_dice),
            mean_volume_dice_without: missing_sequences.map(|without| [without.pre, without.post, without.both]),
            self_test_difference: passed.difference,
            slice_ms: passed.slice_ms,
        }));
        Ok(Self { segmenter, device: kind })
    }

    /// The slice as the network is to read it: on the CPU just a window where one click asks for no more. A graphics
    /// card prepares its programs for one size, and computes the whole as fast.
    fn prepare(&self, page: &Page, Question { guidance, fresh, .. }: &Question) -> Prepared {
        let whole = self.segmenter.prepare_in_volume(&page.slice, page.volume.as_ref());
        let window = match (self.device, guidance.clicks.last(), &guidance.previous) {
            (DeviceKind::Cpu, Some(click), Some(shown)) if *fresh == 1 => whole.window(click, reach_px(click, shown)),
            _ => None,
        };
        window.unwrap_or(whole)
    }
}

async fn answer(question: Question, place: &Place, page: Option<Page<'_>>, turn: Turn) {
    let Question { request, file, .. } = question;
    let engine = place.borrow().clone();
    let (Some(engine), Some(page)) = (engine, page) else {
        let why = "the slice or the model is not loaded".to_owned();
        return post(&FromWorker::SegmentFailed { request, file, why });
    };
    let answer = segment(&engine, &page, &question, &turn).await;
    if turn.is_over().await {
        return;
    }
    match answer {
        Ok(None) => {}
        Ok(Some((message, values))) => {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            post_with(&message, &[&bytes]);
        }
        Err(error) => post(&FromWorker::SegmentFailed { request, file, why: error.to_string() }),
    }
}

/// The answer with its probabilities; nothing if the turn ended on the way.
async fn segment(
    engine: &Engine,
    page: &Page<'_>,
    question: &Question,
    turn: &Turn,
) -> Result<Option<(FromWorker, Vec<f32>)>, EngineError> {
    let &Question { request, file, gate, ref guidance, .. } = question;
    let segmenter = &engine.segmenter;
    let started = now_ms();
    let prepared = engine.prepare(page, question);
    let normalized = now_ms();
    if turn.is_over().await {
        return Ok(None);
    }
    let encoded = segmenter.encode_guided(&prepared, guidance).await?;
    let encode_ms = now_ms() - normalized;
    let presence = encoded.presence();
    let decoded = gate == Gate::Always || !segmenter.is_empty(presence);
    if turn.is_over().await {
        return Ok(None);
    }
    let values = if decoded { segmenter.decode(encoded).await?.values().to_vec() } else { Vec::new() };
    let times = Times { normalize_ms: normalized - started, forward_ms: now_ms() - normalized, encode_ms };
    Ok(Some((FromWorker::Segmented { request, file, presence, decoded, times }, values)))
}

/// Lets messages in that arrived while the processor was busy.
async fn breathe() {
    TimeoutFuture::new(0).await;
}

//! The browser's worker program: messages from the page into engine calls, and their answers back.
//!
//! One question at a time is computed; a newer one takes its place at the next step, and what was superseded or
//! cancelled is never answered.

mod device;
mod download;
mod inbox;
mod library;
mod post;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use engine::{EngineError, Manifest, Prepared, Segmenter, SelfTest};
use gloo::timers::future::TimeoutFuture;
use imaging::{Click, ClickKind, Guidance, Mask, reach_px};
use protocol::{DeviceKind, FileId, FromWorker, Gate, Ready, RequestId, StartFailure, Times, ToWorker};
use wasm_bindgen_futures::spawn_local;

use crate::download::Download;
use crate::inbox::{Inbox, Turn};
use crate::library::{Library, Page};
use crate::post::{now_ms, post, post_with};

fn main() {
    console_error_panic_hook::set_once();
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    inbox::listen(inbox.clone());
    post(&FromWorker::Hello);
    spawn_local(run(inbox));
}

async fn run(inbox: Rc<RefCell<Inbox>>) {
    let mut library = Library::default();
    let engine = Rc::new(OnceCell::new());
    loop {
        let (message, mut buffers) = inbox::next(&inbox).await;
        let mut buffer = || buffers.pop().unwrap_or_default();
        match message {
            // Slices are decoded while the model is on its way.
            ToWorker::Start { model, only } => spawn_local(start(model, only, engine.clone())),
            ToWorker::Open { file, name } => library.open(file, &name, buffer()),
            ToWorker::Settle => library.settle(),
            ToWorker::Compose { study, series } => library.compose(study, series),
            ToWorker::Export { study, format, corrected, now } => {
                let model = engine.get().map_or("ResUnet++", |engine: &Engine| &engine.segmenter.manifest().name);
                library.export(study, format, corrected, now, model, &buffer());
            }
            ToWorker::Close { file } => library.close(file),
            ToWorker::CloseStudy { study } => library.close_study(study),
            ToWorker::Segment { request, file, gate } => {
                let question = Question { request, file, gate, guidance: Guidance::default(), fresh: 0 };
                answer(question, engine.get(), library.page(file), Inbox::turn(&inbox)).await;
            }
            ToWorker::Refine { request, file, clicks, fresh } => {
                let clicks = clicks.into_iter().map(click).collect();
                let page = library.page(file);
                let previous = page.as_ref().and_then(|page| previous_mask(page, &buffer()));
                let guidance = Guidance { clicks, previous };
                let question = Question { request, file, gate: Gate::Always, guidance, fresh };
                answer(question, engine.get(), page, Inbox::turn(&inbox)).await;
            }
            ToWorker::Cancel => {} // Reaching this far, nothing is being computed.
        }
    }
}

/// Puts a model into the place for it and says so, or why not.
async fn start(model: String, only: Option<DeviceKind>, engine: Rc<OnceCell<Engine>>) {
    match load(model, only).await {
        Ok((loaded, ready)) => {
            // The page asks once; a second model would be ignored.
            drop(engine.set(loaded));
            post(&FromWorker::Ready(ready));
        }
        Err(failure) => post(&FromWorker::Failed(failure)),
    }
}

/// Loads a model and takes the first device that passes its self-test.
async fn load(folder: String, only: Option<DeviceKind>) -> Result<(Engine, Ready), StartFailure> {
    let mut download = Download::new(&folder);
    let json = download.file("manifest.json").await?;
    let manifest = Manifest::parse(&json).map_err(|error| StartFailure::Model(error.to_string()))?;
    download.announce(manifest.weights.bytes);
    let weights = download.file(&manifest.weights.file).await?;
    let test = download.file(&manifest.self_test.file).await?;
    let test = SelfTest::parse(&test).map_err(|error| StartFailure::Model(error.to_string()))?;

    let (segmenter, taken) = device::first_that_works(&manifest, &weights, &test, only).await?;
    let ready = Ready {
        device: taken.kind,
        adapter: taken.adapter,
        model: manifest.name,
        folder,
        threshold: manifest.threshold,
        presence_threshold: manifest.presence_threshold,
        mean_volume_dice: manifest.metrics.map(|metrics| metrics.mean_volume_dice),
        mean_volume_dice_without: manifest.missing_sequences.map(|without| [without.pre, without.post, without.both]),
        self_test_difference: taken.difference,
    };
    Ok((Engine { segmenter, device: taken.kind }, ready))
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

/// A model on a device.
struct Engine {
    segmenter: Segmenter,
    device: DeviceKind,
}

impl Engine {
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

async fn answer(question: Question, engine: Option<&Engine>, page: Option<Page<'_>>, turn: Turn) {
    let Question { request, file, .. } = question;
    let (Some(engine), Some(page)) = (engine, page) else {
        let why = "the slice or the model is not loaded".to_owned();
        return post(&FromWorker::SegmentFailed { request, file, why });
    };
    let answer = segment(engine, &page, &question, &turn).await;
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

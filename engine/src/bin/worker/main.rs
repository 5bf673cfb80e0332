//! The browser's worker program: messages from the page into engine calls, and their answers back.
//!
//! One question at a time is computed; a newer one takes its place at the next step, and what was superseded or
//! cancelled is never answered.

mod device;
mod download;
mod inbox;
mod post;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use engine::{Manifest, Segmenter, SelfTest};
use gloo::timers::future::TimeoutFuture;
use imaging::{SEQUENCES, Slice, decode};
use protocol::{DeviceKind, FileId, FromWorker, Gate, Ready, RequestId, SliceInfo, StartFailure, Times, ToWorker};
use wasm_bindgen_futures::spawn_local;

use crate::download::Download;
use crate::inbox::{Inbox, Turn};
use crate::post::{now_ms, post, post_with};

fn main() {
    console_error_panic_hook::set_once();
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    inbox::listen(inbox.clone());
    post(&FromWorker::Hello);
    spawn_local(run(inbox));
}

async fn run(inbox: Rc<RefCell<Inbox>>) {
    let mut slices = HashMap::new();
    let mut segmenter = None;
    loop {
        match inbox::next(&inbox).await {
            (ToWorker::Start { model, only }, _) => match start(model, only).await {
                Ok((started, ready)) => {
                    segmenter = Some(started);
                    post(&FromWorker::Ready(ready));
                }
                Err(failure) => post(&FromWorker::Failed(failure)),
            },
            (ToWorker::Open { file }, buffers) => {
                open(file, buffers.first().map_or(&[][..], Vec::as_slice), &mut slices)
            }
            (ToWorker::Close { file }, _) => drop(slices.remove(&file)),
            (ToWorker::Segment { request, file, gate }, _) => {
                let turn = Inbox::turn(&inbox);
                let (Some(segmenter), Some(slice)) = (&segmenter, slices.get(&file)) else {
                    let why = "the slice or the model is not loaded".to_owned();
                    post(&FromWorker::SegmentFailed { request, file, why });
                    continue;
                };
                segment(segmenter, slice, request, file, gate, turn).await;
            }
            (ToWorker::Cancel, _) => {} // Reaching this far, nothing is being computed.
        }
    }
}

/// Loads a model and takes the first device that passes its self-test.
async fn start(folder: String, only: Option<DeviceKind>) -> Result<(Segmenter, Ready), StartFailure> {
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
        self_test_difference: taken.difference,
    };
    Ok((segmenter, ready))
}

fn open(file: FileId, bytes: &[u8], slices: &mut HashMap<FileId, Slice>) {
    let started = now_ms();
    let slice = match decode(bytes) {
        Ok(slice) => slice,
        Err(error) => return post(&FromWorker::Rejected { file, why: error.to_string() }),
    };
    let decode_us = ((now_ms() - started) * 1000.0) as u32;
    let brightest = slice.sequence(0).iter().copied().fold(0.0, f32::max);
    let binary =
        slice.is_single_sequence() && brightest > 0.0 && slice.sequence(0).iter().all(|&v| v == 0.0 || v == brightest);
    let info = SliceInfo {
        width: slice.width(),
        height: slice.height(),
        single_sequence: slice.is_single_sequence(),
        binary,
        decode_us,
    };
    // What `decode_label` would say of the same pixels.
    let marked: Vec<u8> = slice.sequence(0).iter().map(|&v| u8::from(v > brightest / 2.0)).collect();
    post_with(&FromWorker::Opened { file, info }, &[&for_display(&slice), &marked]);
    slices.insert(file, slice);
}

/// Three planes of grey levels, each stretched to its brightest pixel.
fn for_display(slice: &Slice) -> Vec<u8> {
    let planes = (0..SEQUENCES).flat_map(|index| {
        let plane = slice.sequence(index);
        let brightest = plane.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        plane.iter().map(move |v| (v / brightest * 255.0 + 0.5) as u8)
    });
    planes.collect()
}

async fn segment(segmenter: &Segmenter, slice: &Slice, request: RequestId, file: FileId, gate: Gate, turn: Turn) {
    let started = now_ms();
    let prepared = segmenter.prepare(slice);
    let normalized = now_ms();
    let answer = async {
        if turn.is_over().await {
            return Ok(None);
        }
        let encoded = segmenter.encode(&prepared).await?;
        let encode_ms = now_ms() - normalized;
        let presence = encoded.presence();
        let decoded = gate == Gate::Always || !segmenter.is_empty(presence);
        if turn.is_over().await {
            return Ok(None);
        }
        let values = if decoded { segmenter.decode(encoded).await?.values().to_vec() } else { Vec::new() };
        let times = Times { normalize_ms: normalized - started, forward_ms: now_ms() - normalized, encode_ms };
        Ok::<_, engine::EngineError>(Some((FromWorker::Segmented { request, file, presence, decoded, times }, values)))
    };
    let answer = answer.await;
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

/// Lets messages in that arrived while the processor was busy.
async fn breathe() {
    TimeoutFuture::new(0).await;
}

//! Questions of the page into what the network says of its slices.
//!
//! One question at a time is computed; a newer one takes its place at the next step, and what was superseded or
//! cancelled is never answered.

use std::cell::RefCell;
use std::rc::Rc;

use engine::{EngineError, Prepared, Segmenter};
use imaging::{Guidance, Mask, Point, Prompt, reach_px};
use protocol::{FileId, FromWorker, Gate, Pieces, RequestId, SegmentFailure, Times, ToWorker};

use crate::KnownSlice;
use crate::inbox::Turn;
use crate::post::{now_ms, post};

/// The engine with its model, once that is loaded.
pub type Loaded = Rc<RefCell<Option<Rc<Segmenter>>>>;

/// What is asked of the network.
struct Question {
    request: RequestId,
    file: FileId,
    gate: Gate,
    guidance: Guidance,
    /// See [`ToWorker::Refine`].
    fresh: usize,
}

impl Question {
    /// The question in a message; nothing if the message is none.
    fn of(message: ToWorker<Vec<u8>>, slice: Option<&KnownSlice>) -> Option<Self> {
        match message {
            ToWorker::Segment { request, file, gate } => {
                Some(Self { request, file, gate, guidance: Guidance::default(), fresh: 0 })
            }
            ToWorker::Refine { request, file, prompts, fresh, previous } => {
                let prompts = prompts.into_iter().map(prompt).collect();
                let previous = slice.zip(previous).and_then(|(slice, marks)| previous_mask(slice, &marks.buffer));
                let guidance = Guidance { prompts, previous };
                Some(Self { request, file, gate: Gate::Always, guidance, fresh })
            }
            _ => None,
        }
    }
}

fn prompt(protocol::Prompt { line, closed, tumor }: protocol::Prompt) -> Prompt {
    Prompt::new(line.into_iter().map(|at| Point::new(at.x, at.y)).collect::<Vec<_>>(), closed, tumor)
}

/// The mask in a buffer, if it is as large as the slice.
fn previous_mask(KnownSlice { slice, .. }: &KnownSlice, bytes: &[u8]) -> Option<Mask> {
    let (width, height) = (slice.width(), slice.height());
    (bytes.len() == width * height).then(|| Mask::new(width, height, bytes.iter().map(|&byte| byte == 1).collect()))
}

/// The slice as the network is to read it: just a window where one prompt asks for no more.
fn prepare(segmenter: &Segmenter, known: &KnownSlice, Question { guidance, fresh, .. }: &Question) -> Prepared {
    let whole = segmenter.prepare_in(&known.slice, &known.surroundings);
    let window = match (guidance.prompts.last(), &guidance.previous) {
        (Some(prompt), Some(shown)) if *fresh == 1 => {
            whole.window(prompt, reach_px(prompt, shown, whole.click_scale()))
        }
        _ => None,
    };
    window.unwrap_or(whole)
}

/// Answers a question of the page, if that is what the message is; `slice` is the one that it is about.
pub async fn answer(message: ToWorker<Vec<u8>>, loaded: &Loaded, slice: Option<KnownSlice<'_>>, turn: Turn) {
    let Some(question) = Question::of(message, slice.as_ref()) else { return };
    let Question { request, file, .. } = question;
    let segmenter = loaded.borrow().clone();
    let (Some(segmenter), Some(known)) = (segmenter, slice) else {
        return post(&FromWorker::SegmentFailed { request, file, failure: SegmentFailure::NotLoaded });
    };
    let answer = segment(&segmenter, &known, &question, &turn).await;
    if turn.is_over().await {
        return;
    }
    match answer {
        Ok(None) => {}
        Ok(Some(message)) => post(&message),
        Err(error) => {
            let failure = SegmentFailure::Device(error.to_string());
            post(&FromWorker::SegmentFailed { request, file, failure });
        }
    }
}

/// The answer with its probabilities; nothing if the turn ended on the way.
async fn segment(
    segmenter: &Segmenter,
    known: &KnownSlice<'_>,
    question: &Question,
    turn: &Turn,
) -> Result<Option<FromWorker<Pieces>>, EngineError> {
    let &Question { request, file, gate, ref guidance, .. } = question;
    let started = now_ms();
    let prepared = prepare(segmenter, known, question);
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
    let map = if decoded { Some(segmenter.decode(encoded).await?) } else { None };
    let times = Times { normalize_ms: normalized - started, forward_ms: now_ms() - normalized, encode_ms };
    let probabilities = map.map(|map| Pieces::floats(map.values().iter().copied()).into());
    Ok(Some(FromWorker::Segmented { request, file, presence, probabilities, times }))
}

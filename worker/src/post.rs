//! Answers to the page, big arrays transferred.

use js_sys::{Array, Uint8Array};
use protocol::{FromWorker, to_json};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// Sends a message without buffers.
pub fn post(message: &FromWorker) {
    post_with(message, &[]);
}

/// Sends a message with its buffers.
pub fn post_with(message: &FromWorker, buffers: &[&[u8]]) {
    send(message, buffers.iter().map(|bytes| Uint8Array::from(*bytes)));
}

/// Sends a message with buffers that lie in pieces; on the page each is one.
pub fn post_pieces(message: &FromWorker, buffers: &[Vec<&[u8]>]) {
    send(
        message,
        buffers.iter().map(|pieces| {
            let whole = Uint8Array::new_with_length(pieces.iter().map(|piece| piece.len() as u32).sum());
            let mut from = 0;
            for piece in pieces {
                let to = from + piece.len() as u32;
                whole.subarray(from, to).copy_from(piece);
                from = to;
            }
            whole
        }),
    );
}

fn send(message: &FromWorker, buffers: impl Iterator<Item = Uint8Array>) {
    let parts = Array::of1(&JsValue::from_str(&to_json(message)));
    let transfer = Array::new();
    for bytes in buffers {
        parts.push(&bytes.buffer());
        transfer.push(&bytes.buffer());
    }
    scope().post_message_with_transfer(&parts, &transfer).expect("strings and buffers can always be sent");
}

/// Milliseconds on the worker's clock.
pub fn now_ms() -> f64 {
    scope().performance().expect("a worker has a clock").now()
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

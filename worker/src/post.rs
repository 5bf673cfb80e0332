//! Answers to the page, big arrays transferred.

use js_sys::{Array, Uint8Array};
use protocol::envelope::pack;
use protocol::{FromWorker, Pieces};
use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Sends a message. A buffer that lies in pieces is put together in the browser's memory only.
pub fn post(message: &FromWorker<Pieces>) {
    let (message, buffers) = pack::<Pieces>(message);
    let parts = Array::of1(&Uint8Array::from(&message[..]));
    let transfer = Array::new();
    for pieces in buffers {
        let whole = Uint8Array::new_with_length(pieces.len() as u32);
        let mut from = 0;
        for piece in pieces.bytes() {
            let to = from + piece.len() as u32;
            whole.subarray(from, to).copy_from(piece);
            from = to;
        }
        parts.push(&whole.buffer());
        transfer.push(&whole.buffer());
    }
    scope().post_message_with_transfer(&parts, &transfer).expect("bytes and buffers can always be sent");
}

/// Milliseconds on the worker's clock.
pub fn now_ms() -> f64 {
    scope().performance().expect("a worker has a clock").now()
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

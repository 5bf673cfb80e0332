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
    let parts = Array::of1(&JsValue::from_str(&to_json(message)));
    let transfer = Array::new();
    for bytes in buffers {
        let buffer = Uint8Array::from(*bytes).buffer();
        parts.push(&buffer);
        transfer.push(&buffer);
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

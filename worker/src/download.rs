//! The files of a model over the network, with progress in bytes.

use js_sys::{Reflect, Uint8Array};
use protocol::{FromWorker, StartFailure};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, ReadableStreamDefaultReader, Response};

use crate::post::post;

/// The files of one model.
pub struct Download {
    base: String,
    loaded: usize,
    total: usize,
}

impl Download {
    /// The files below `folder`, an address relative to the worker's.
    pub fn new(folder: &str) -> Self {
        Self { base: folder.trim_end_matches('/').to_owned(), loaded: 0, total: 0 }
    }

    /// Bytes that are still to come, for the progress bar.
    pub fn announce(&mut self, bytes: usize) {
        self.total = self.loaded + bytes;
    }

    /// One file, whole.
    pub async fn file(&mut self, name: &str) -> Result<Vec<u8>, StartFailure> {
        let url = format!("{}/{name}", self.base);
        self.read(&url).await.map_err(|error| StartFailure::Download { url, why: describe(&error) })
    }

    async fn read(&mut self, url: &str) -> Result<Vec<u8>, JsValue> {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let response: Response = JsFuture::from(scope.fetch_with_str(url)).await?.unchecked_into();
        if !response.ok() {
            return Err(JsValue::from_str(&format!("the server answered {}", response.status())));
        }
        let body = response.body().ok_or("the answer is empty")?;
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut bytes = Vec::new();
        loop {
            let chunk = JsFuture::from(reader.read()).await?;
            if Reflect::get(&chunk, &"done".into())?.is_truthy() {
                return Ok(bytes);
            }
            let chunk: Uint8Array = Reflect::get(&chunk, &"value".into())?.unchecked_into();
            bytes.extend(chunk.to_vec());
            self.loaded += chunk.length() as usize;
            post(&FromWorker::Loading { loaded: self.loaded, total: self.total.max(self.loaded) });
        }
    }
}

fn describe(error: &JsValue) -> String {
    error
        .as_string()
        .or_else(|| error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())))
        .unwrap_or_else(|| "the connection failed".into())
}

//! Requests to the DICOMweb of the site's own host, into answers or why there are none.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Object, Promise, Reflect, SyntaxError};
use leptos::prelude::{set_timeout, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, RequestCache, RequestInit, Response};

use crate::clock;
use crate::documents::fetched::describe;
use crate::language::{Text, text};

/// Where the host offers it, relative to the page.
const ROOT: &str = "./dicom-web/";
/// The form of answers that are no images.
pub const JSON: &str = "application/dicom+json";
/// Time without a byte after which nothing more is waited for.
const PATIENCE_MS: f64 = 60_000.0;
/// How often that is looked at.
const TICK: Duration = Duration::from_secs(5);

/// What is sent, and its Content-Type.
pub type Sent<'a> = (&'a Blob, &'a str);

/// One or several requests for one thing, which end together.
pub struct Call {
    controller: AbortController,
    /// When something came last.
    heard_ms: Cell<f64>,
}

impl Call {
    /// Begins; it is ended when nothing comes for a minute.
    pub fn begin() -> Rc<Self> {
        let controller = AbortController::new().expect("browsers with WebAssembly have it");
        let call = Rc::new(Self { controller, heard_ms: Cell::new(clock::now_ms()) });
        call.watch();
        call
    }

    fn watch(self: &Rc<Self>) {
        let call = Rc::downgrade(self);
        let look = move || match call.upgrade() {
            Some(call) if clock::now_ms() - call.heard_ms.get() >= PATIENCE_MS => call.end(),
            Some(call) => call.watch(),
            None => {}
        };
        set_timeout(look, TICK);
    }

    /// Something came.
    pub fn heard(&self) {
        self.heard_ms.set(clock::now_ms());
    }

    /// Ends it: nothing more comes.
    pub fn end(&self) {
        self.controller.abort();
    }

    /// What the host answers to a request; one that sends something is answered too where that was refused as a whole.
    ///
    /// # Errors
    ///
    /// What to tell the person.
    pub async fn ask(&self, path: &str, accept: &str, sent: Option<Sent<'_>>) -> Result<Response, Text> {
        self.heard();
        let headers = Object::new();
        let set = |name: &str, value: &str| drop(Reflect::set(&headers, &name.into(), &value.into()));
        set("Accept", accept);
        let request = RequestInit::new();
        request.set_signal(Some(&self.controller.signal()));
        // The browser's own store would keep the images of a patient.
        request.set_cache(RequestCache::NoStore);
        if let Some((bytes, kind)) = sent {
            set("Content-Type", kind);
            request.set_method("POST");
            request.set_body(bytes);
        }
        request.set_headers(&headers);
        let asked = window().fetch_with_str_and_init(&format!("{ROOT}{path}"), &request);
        let answer = done(asked).await.map_err(|error| match sent {
            Some(_) => text!("two-sentences", first = self.why(&error), second = text!("pacs-perhaps-stored")),
            None => self.why(&error),
        })?;
        self.heard();
        let answer: Response = answer.unchecked_into();
        match answer.status() {
            200..300 => Ok(answer),
            409 if sent.is_some() => Ok(answer),
            status @ (401 | 403) => Err(text!("pacs-locked", status = u32::from(status))),
            404 => Err(text!("pacs-missing")),
            status => Err(text!("pacs-status", status = u32::from(status))),
        }
    }

    /// The JSON of an answer; nothing of an empty one.
    ///
    /// # Errors
    ///
    /// What to tell the person.
    pub async fn json(&self, answer: &Response) -> Result<JsValue, Text> {
        if answer.status() == 204 {
            return Ok(JsValue::UNDEFINED);
        }
        let kind = kind(answer);
        // Orthanc does not say it of the JSON that tells why it stored nothing.
        if !kind.is_empty() && !kind.contains("json") {
            return Err(text!("pacs-other-answer", kind));
        }
        let json = answer.json().map_err(|error| self.why(&error))?;
        done(json).await.map_err(|error| match error.is_instance_of::<SyntaxError>() {
            true => text!("pacs-other-answer", kind),
            false => self.why(&error),
        })
    }

    /// Why something did not come.
    pub fn why(&self, error: &JsValue) -> Text {
        match self.controller.signal().aborted() {
            true => text!("pacs-silent"),
            false => text!("pacs-unreachable", why = describe(error)),
        }
    }
}

/// The form of an answer.
pub fn kind(answer: &Response) -> String {
    answer.headers().get("Content-Type").ok().flatten().unwrap_or_default()
}

/// What comes of a promise; boxed, so that each place that waits for one is small.
pub fn done(promise: Promise) -> Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> {
    Box::pin(JsFuture::from(promise))
}

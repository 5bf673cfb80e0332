//! What the site itself answers.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Why there is no answer to read.
#[derive(Debug)]
pub enum NoAnswer {
    /// The site refuses, with this status of HTTP.
    Status(u16),
    /// The browser could not ask, or not read.
    Browser(JsValue),
}

impl From<JsValue> for NoAnswer {
    fn from(error: JsValue) -> Self {
        Self::Browser(error)
    }
}

/// The answer at an address of the site.
///
/// # Errors
///
/// [`NoAnswer`].
pub async fn answer(url: &str) -> Result<Response, NoAnswer> {
    let response: Response = JsFuture::from(window().fetch_with_str(url)).await?.unchecked_into();
    if response.ok() { Ok(response) } else { Err(NoAnswer::Status(response.status())) }
}

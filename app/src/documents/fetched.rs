//! What comes from the site itself.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::language::{Text, text};
use crate::site::{self, NoAnswer};

/// The bytes of a sample.
///
/// # Errors
///
/// Why they did not come.
pub async fn sample(name: &str) -> Result<Uint8Array, Text> {
    fetched(&format!("./samples/{name}")).await
}

/// The bytes at an address of this site.
pub async fn fetched(url: &str) -> Result<Uint8Array, Text> {
    let response = site::answer(url).await.map_err(|refused| match refused {
        NoAnswer::Status(status) => text!("why-server", status = u32::from(status)),
        NoAnswer::Browser(error) => describe(&error),
    })?;
    let body = response.array_buffer().map_err(|error| describe(&error))?;
    let buffer = JsFuture::from(body).await.map_err(|error| describe(&error))?;
    Ok(Uint8Array::new(&buffer))
}

/// Why the browser did not do something.
pub fn describe(error: &JsValue) -> Text {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| Text::from(String::from(error.message())));
    message.unwrap_or_else(|| text!("why-unknown"))
}

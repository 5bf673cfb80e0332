//! Files that a person hands over, by dropping, picking or pasting, and files that come with the page.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList, Response};

/// The files of a drop, a paste or a picker, in order.
pub fn listed(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect()).unwrap_or_default()
}

/// The files of a drop or a paste.
pub fn transferred(transfer: Option<DataTransfer>) -> Vec<File> {
    listed(transfer.and_then(|transfer| transfer.files()))
}

/// The bytes of a file.
pub async fn bytes(file: &File) -> Result<Uint8Array, String> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|error| describe(&error))?;
    Ok(Uint8Array::new(&buffer))
}

/// The bytes of a file that comes with the page.
pub async fn fetched(url: &str) -> Result<Uint8Array, String> {
    let window = web_sys::window().expect("the page has a window");
    let response = JsFuture::from(window.fetch_with_str(url)).await.map_err(|error| describe(&error))?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    let body = response.array_buffer().map_err(|error| describe(&error))?;
    let buffer = JsFuture::from(body).await.map_err(|error| describe(&error))?;
    Ok(Uint8Array::new(&buffer))
}

/// The value of a parameter in the page's address.
pub fn address_parameter(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

fn describe(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.unwrap_or_else(|| "the browser gave no reason".into())
}

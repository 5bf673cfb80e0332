//! The page's address into its parameters.

/// The value of a parameter in the page's address.
pub fn parameter(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Takes a parameter out of the page's address, without a new load.
pub fn drop_parameter(name: &str) {
    let Some(window) = web_sys::window() else { return };
    let (Ok(address), Ok(history)) = (window.location().href(), window.history()) else { return };
    let Ok(address) = web_sys::Url::new(&address) else { return };
    address.search_params().delete(name);
    drop(history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address.href())));
}

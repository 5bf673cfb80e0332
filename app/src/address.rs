//! The page's address into its parameters.

/// The value of a parameter in the page's address.
pub fn parameter(name: &str) -> Option<String> {
    all()?.get(name)
}

/// The values of a parameter that may stand there several times, in order.
pub fn parameters(name: &str) -> Vec<String> {
    let values = all().map(|all| all.get_all(name)).unwrap_or_default();
    values.iter().filter_map(|value| value.as_string()).collect()
}

fn all() -> Option<web_sys::UrlSearchParams> {
    let search = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()
}

/// Loads the page with one parameter changed and all others as they are.
pub fn load_with(name: &str, value: &str) {
    let Some(window) = web_sys::window() else { return };
    let Ok(search) = window.location().search() else { return };
    let Ok(parameters) = web_sys::UrlSearchParams::new_with_str(&search) else { return };
    parameters.set(name, value);
    drop(window.location().set_search(&String::from(parameters.to_string())));
}

/// Takes a parameter out of the page's address, without a new load.
pub fn drop_parameter(name: &str) {
    let Some(window) = web_sys::window() else { return };
    let (Ok(address), Ok(history)) = (window.location().href(), window.history()) else { return };
    let Ok(address) = web_sys::Url::new(&address) else { return };
    address.search_params().delete(name);
    drop(history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address.href())));
}

//! The time of day.

/// Milliseconds since the beginning of 1970; zero where there is no browser, as in tests.
pub fn now_ms() -> f64 {
    if cfg!(target_family = "wasm") { js_sys::Date::now() } else { 0.0 }
}

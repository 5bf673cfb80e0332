//! The time of day, and the time since the page was opened.

/// Milliseconds since the beginning of 1970; zero where there is no browser, as in tests.
pub fn now_ms() -> f64 {
    if cfg!(target_family = "wasm") { js_sys::Date::now() } else { 0.0 }
}

/// The page's clock, which begins at navigation and never goes back, in milliseconds.
pub fn since_navigation_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

//! The page: what the clinician sees and does. The network runs in the workers; nothing that is dropped leaves the browser.

mod address;
mod annotation;
mod app;
mod clock;
mod commands;
mod demo;
mod documents;
mod inference;
mod language;
mod notices;
mod offline;
mod owner;
mod pacs;
mod parts;
mod preview;
mod results;
mod screen;
mod site;
mod tour;
mod viewport;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    language::open(|| {
        leptos::mount::mount_to_body(screen::Screen);
        // Until the page speaks, the splash is there.
        if let Some(splash) = leptos::prelude::document().query_selector(".splash").ok().flatten() {
            splash.remove();
        }
    });
}

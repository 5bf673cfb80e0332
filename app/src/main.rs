//! The page: what the clinician sees and does. The network runs in the workers; nothing that is dropped leaves the browser.

mod address;
mod annotation;
mod app;
mod commands;
mod demo;
mod documents;
mod inference;
mod notices;
mod offline;
mod owner;
mod preview;
mod results;
mod screen;
mod tour;
mod viewport;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(screen::Screen);
}

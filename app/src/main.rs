//! The page: what the clinician sees and does. The network runs in the worker; nothing that is dropped leaves the browser.

mod brush;
mod canvas;
mod editing;
mod edits;
mod figure;
mod files;
mod notice;
mod pairing;
mod samples;
mod screen;
mod session;
mod tour;
mod worker_client;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(screen::Screen);
}

//! The page: what the clinician sees and does. The network runs in the worker; nothing that is dropped leaves the browser.

mod answers;
mod brush;
mod calipers;
mod canvas;
mod closing;
mod editing;
mod edits;
mod exporting;
mod figure;
mod files;
mod inference;
mod keeping;
mod levels;
mod measures;
mod notice;
mod offline;
mod opening;
mod pairing;
mod picture;
mod presence;
mod samples;
mod screen;
mod session;
mod study;
mod told;
mod tour;
mod undo;
mod wheel;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(screen::Screen);
}

//! Keys into commands, unless the control that has the focus uses them itself.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::app::App;
use crate::commands;

/// Listens to the keys of the whole page, for as long as the component that asks for it is there.
pub fn listen(app: App) {
    let pressed = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.alt_key() || is_controls(&event) {
            return;
        }
        let ctrl = event.ctrl_key() || event.meta_key();
        let Some(command) = commands::asked_by(&event.key(), ctrl, event.shift_key()) else { return };
        event.prevent_default();
        if untrack(|| (command.can)(app)) {
            (command.run)(app);
        }
    });
    let released = window_event_listener(ev::keyup, move |event: KeyboardEvent| {
        let command = commands::asked_by(&event.key(), false, false);
        if let Some(release) = command.and_then(|command| command.release) {
            release(app);
        }
    });
    on_cleanup(move || {
        pressed.remove();
        released.remove();
    });
}

/// Whether a key belongs to the control that has the focus, to an open menu, which Escape closes, or to an open dialog, behind
/// which all stays as it is; `?` closes that again. All others are the page's: who has just moved the threshold may want to undo it.
fn is_controls(event: &KeyboardEvent) -> bool {
    let key = event.key();
    if key != "?" && document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some()) {
        return true;
    }
    if key == "Escape" && document().query_selector(":popover-open").is_ok_and(|menu| menu.is_some()) {
        return true;
    }
    let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return false };
    match target.tag_name().as_str() {
        "SELECT" => !event.ctrl_key() && !event.meta_key() && key != "Escape",
        "INPUT" if target.get_attribute("type").as_deref() == Some("range") => {
            key.starts_with("Arrow") || key.starts_with("Page") || key == "Home" || key == "End"
        }
        // Digits and arrows are the field's.
        "INPUT" if matches!(target.get_attribute("type").as_deref(), Some("date" | "number")) => {
            !event.ctrl_key() && !event.meta_key() && key != "Escape"
        }
        "INPUT" => key == " ",
        // Only of who came there by keys.
        "BUTTON" | "SUMMARY" | "A" => {
            (key == " " || key == "Enter") && target.matches(":focus-visible").unwrap_or(true)
        }
        _ => false,
    }
}

//! The whole page takes files: dropped, pasted; and keys that work everywhere.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, DragEvent, HtmlElement, KeyboardEvent, MouseEvent};

use crate::editing::Tool;
use crate::files;
use crate::levels::Preset;
use crate::session::{Overlay, Session};

/// Takes files and keys for everything inside it.
#[component]
pub fn DropZone(help_shown: RwSignal<bool>, children: Children) -> impl IntoView {
    let session = expect_context::<Session>();
    let hovering = RwSignal::new(false);

    let over = move |event: DragEvent| {
        event.prevent_default();
        hovering.set(true);
    };
    let leave = move |event: DragEvent| {
        if event.related_target().is_none() {
            hovering.set(false);
        }
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        hovering.set(false);
        // The browser forgets what was dropped once this returns: what folders hold is read afterwards.
        let dropped = files::dropped(event.data_transfer());
        spawn_local(async move {
            let files = files::within(dropped).await;
            if !files.is_empty() {
                session.open_files(files);
            }
        });
    };
    let paste = window_event_listener(ev::paste, move |event: ClipboardEvent| {
        let files = files::transferred(event.clipboard_data());
        if !files.is_empty() {
            event.prevent_default();
            session.open_files(files);
        }
    });
    let keys = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let key = event.key();
        if is_controls(&event) {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            match (key.to_lowercase().as_str(), event.shift_key()) {
                ("z", false) => session.undo(),
                ("z", true) | ("y", _) => session.redo(),
                _ => return,
            }
            return event.prevent_default();
        }
        if event.alt_key() {
            return;
        }
        match key.as_str() {
            "c" => session.tool.set(Tool::Add),
            "x" => session.tool.set(Tool::Remove),
            "b" => session.tool.set(Tool::Brush),
            "e" => session.tool.set(Tool::Eraser),
            "o" => session.tool.set(Tool::Lasso),
            "v" => session.tool.set(Tool::Move),
            "w" => session.tool.set(Tool::Levels),
            "d" => session.tool.set(Tool::Measure),
            "i" => session.invert(),
            "1" => session.take_preset(Preset::Usual),
            "2" => session.take_preset(Preset::Full),
            "3" => session.take_preset(Preset::Hard),
            "4" => session.take_preset(Preset::Soft),
            "a" => session.segment_whole(),
            "[" => session.resize_brush(-1),
            "]" => session.resize_brush(1),
            "n" => session.carry_to_next(),
            "N" => session.carry_through(),
            "Delete" | "Backspace" => {
                if let Some(point) = session.pointer.get_untracked() {
                    session.remove_click(point);
                }
            }
            " " => session.before.set(true),
            "ArrowDown" | "j" => session.step(1),
            "ArrowUp" | "k" => session.step(-1),
            "PageDown" => session.scroll(10),
            "PageUp" => session.scroll(-10),
            "m" => toggle(session, Overlay::Mask),
            "h" => toggle(session, Overlay::Heat),
            "l" => session.label_shown.update(|shown| *shown = !*shown),
            "?" => help_shown.update(|shown| *shown = !*shown),
            "Escape" => session.cancel(),
            _ => return,
        }
        event.prevent_default();
    });
    let released = window_event_listener(ev::keyup, move |event: KeyboardEvent| {
        if event.key() == " " {
            session.before.set(false);
        }
    });
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if session.would_lose_corrections() {
            // The browser asks, in its own words.
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        leaving.remove();
        released.remove();
        paste.remove();
        keys.remove();
    });

    view! {
        <div class="page" class:hovering=hovering on:dragover=over on:dragleave=leave on:drop=drop on:mousedown=keep_focus>
            {children()}
            <div class="drop-hint" aria-hidden="true">"Drop studies, slices or labels anywhere"</div>
        </div>
    }
}

/// A button that is pressed with the pointer takes no focus: the next Space is the page's, not the button's.
fn keep_focus(event: MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    // The enlarged comparison is closed by a key of its own.
    let button = target.and_then(|target| target.closest("button:not(.comparison), summary").ok().flatten());
    if button.is_some() {
        event.prevent_default();
    }
}

/// Switches an overlay on, or off if it is.
pub fn toggle(session: Session, overlay: Overlay) {
    session.overlay.update(|current| *current = if *current == overlay { Overlay::None } else { overlay });
}

/// Whether a key belongs to the control that has the focus, or to an open dialog, behind which all stays as it is; `?` closes
/// that again. All others are the page's: who has just moved the threshold may want to undo it.
pub(super) fn is_controls(event: &KeyboardEvent) -> bool {
    let key = event.key();
    if key != "?" && document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some()) {
        return true;
    }
    let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return false };
    match target.tag_name().as_str() {
        "SELECT" => !event.ctrl_key() && !event.meta_key() && key != "Escape",
        "INPUT" if target.get_attribute("type").as_deref() == Some("range") => {
            key.starts_with("Arrow") || key.starts_with("Page") || key == "Home" || key == "End"
        }
        "INPUT" => key == " ",
        // Only of who came there by keys.
        "BUTTON" | "SUMMARY" => key == " " && target.matches(":focus-visible").unwrap_or(true),
        _ => false,
    }
}

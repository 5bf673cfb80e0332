//! The whole page takes files: dropped or pasted; and asks before it takes corrections or comments with it.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, DragEvent, MouseEvent};

use crate::annotation::Annotation;
use crate::app::App;
use crate::documents::files;
use crate::language::text;
use crate::results::Results;

/// Takes files for everything inside it.
#[component]
pub fn DropZone(children: Children) -> impl IntoView {
    let app = expect_context::<App>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
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
            app.open_files(files);
        });
    };
    let paste = window_event_listener(ev::paste, move |event: ClipboardEvent| {
        let files = files::transferred(event.clipboard_data());
        if !files.is_empty() {
            event.prevent_default();
            app.open_files(files);
        }
    });
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if annotation.would_lose_corrections() || results.would_lose_comments() {
            // The browser asks, in its own words.
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        leaving.remove();
        paste.remove();
    });

    view! {
        <div class="page" data-page="" class:hovering=hovering on:dragover=over on:dragleave=leave on:drop=drop on:mousedown=keep_focus>
            {children()}
            <div class="drop-hint" aria-hidden="true">{text!("drop-hint")}</div>
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

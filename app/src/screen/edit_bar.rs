//! Tools that correct the mask, and the way back.

use leptos::prelude::*;

use crate::annotation::Annotation;
use crate::commands::{self, Group};
use crate::documents::Documents;
use crate::screen::command_button::CommandButton;
use crate::screen::slider::{Scale, Slider};

/// Controls below the display's.
#[component]
pub fn EditBar() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let empty = move || documents.selected.get().is_none();
    let buttons = |group| commands::of(group).map(|command| view! { <CommandButton command/> }).collect_view();
    let history = ["undo", "redo", "reset"].map(commands::command);
    view! {
        <div class="tools" role="toolbar" aria-label="Corrections" hidden=empty>
            <div class="group" role="group" aria-label="Tool">{buttons(Group::Tool)}</div>
            // Always in its place: were it hidden, the bar might wrap when it comes and move the slice.
            <Slider
                name="Brush" label="Brush radius" scale=Scale::RADIUS
                value=Signal::derive(move || annotation.brush_px.get() as f32)
                set=move |radius| annotation.brush_px.set(radius.into())
                disabled=Signal::derive(move || !annotation.tool.get().has_radius())
            />
            <div class="group" role="group" aria-label="History">
                {history.map(|command| view! { <CommandButton command/> })}
            </div>
            {buttons(Group::Compare)}
            <div class="group" role="group" aria-label="Carry the mask">{buttons(Group::Propagate)}</div>
        </div>
    }
}

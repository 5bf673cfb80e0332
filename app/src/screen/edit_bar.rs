//! Tools that correct the mask, and the way back.

use leptos::prelude::*;

use crate::editing::Tool;
use crate::edits::Edits;
use crate::screen::slider::{Scale, Slider};
use crate::session::Session;

/// Tools with what they are called, do, and which key takes them.
const TOOLS: [(Tool, &str, &str); 8] = [
    (Tool::Add, "+ click", "Click on tumour that the mask misses; right click or Alt on what is none (C)"),
    (Tool::Remove, "− click", "Click on what the mask marks wrongly; right click or Alt on tumour (X)"),
    (Tool::Brush, "Brush", "Paint tumour; right button or Alt erases (B)"),
    (Tool::Eraser, "Eraser", "Erase what is no tumour (E)"),
    (Tool::Lasso, "Lasso", "Go round tumour; right button or Alt erases (O)"),
    (Tool::Move, "Move", "Move the image (V; with Shift, any tool does)"),
    (
        Tool::Levels,
        "W/L",
        "Window and level: drag sideways for contrast, up and down for brightness (W; with the right or middle button, any tool does)",
    ),
    (Tool::Measure, "Measure", "Longest diameter and the longest perpendicular one; drag their ends (D)"),
];

/// Controls below the display's.
#[component]
pub fn EditBar() -> impl IntoView {
    let session = expect_context::<Session>();
    let empty = move || session.selected.get().is_none();
    let tool = move |(tool, name, title): (Tool, &'static str, &'static str)| {
        view! {
            <button
                title=title
                class:on=move || session.tool.get() == tool
                aria-pressed=move || (session.tool.get() == tool).to_string()
                on:click=move |_| session.tool.set(tool)
            >{name}</button>
        }
    };
    let title = move |at: usize, what: &'static str, key: &'static str| {
        move || match &session.next_steps()[at] {
            Some(step) => format!("{what}: {step} ({key})"),
            None => format!("{what} ({key})"),
        }
    };
    let cannot = move |can: fn(&Edits) -> bool| move || session.with_edits(|edits| !can(edits));
    view! {
        <div class="tools" role="toolbar" aria-label="Corrections" hidden=empty>
            <div class="group" role="group" aria-label="Tool">{TOOLS.map(tool)}</div>
            // Always in its place: were it hidden, the bar might wrap when it comes and move the slice.
            <Slider
                name="Brush" label="Brush radius" scale=Scale::RADIUS
                value=Signal::derive(move || session.brush_px.get() as f32)
                set=move |radius| session.brush_px.set(radius.into())
                disabled=Signal::derive(move || !session.tool.get().has_radius())
            />
            <div class="group" role="group" aria-label="History">
                <button data-history="undo" title=title(0, "Undo", "Ctrl Z") disabled=cannot(Edits::can_undo) on:click=move |_| session.undo()>"Undo"</button>
                <button data-history="redo" title=title(1, "Redo", "Ctrl Y") disabled=cannot(Edits::can_redo) on:click=move |_| session.redo()>"Redo"</button>
                <button data-history="reset" title="Undo every correction of this slice" disabled=cannot(Edits::can_undo_all) on:click=move |_| session.undo_all()>"Reset"</button>
            </div>
            <button
                title="The network's own mask, while it is held (Space)"
                aria-pressed=move || session.before.get().to_string()
                class:on=session.before
                disabled=cannot(Edits::is_corrected)
                on:pointerdown=move |_| session.before.set(true)
                on:pointerup=move |_| session.before.set(false)
                on:pointerleave=move |_| session.before.set(false)
                on:keydown=move |event| session.before.set(matches!(event.key().as_str(), " " | "Enter"))
                on:keyup=move |_| session.before.set(false)
                on:blur=move |_| session.before.set(false)
            >"Before"</button>
            <div class="group" role="group" aria-label="Carry the mask">
                <button
                    title="Open the next slice and start it from this mask (N)"
                    disabled=move || session.neighbour_of_same_size(1).is_none()
                    on:click=move |_| session.carry_to_next()
                >"To next"</button>
                <button
                    title="Carry this mask down and up through the slices, until it is empty or meets a corrected slice (Shift N)"
                    disabled=move || [1, -1].iter().all(|&step| session.neighbour_of_same_size(step).is_none())
                    on:click=move |_| session.carry_through()
                >"Through all"</button>
            </div>
        </div>
    }
}

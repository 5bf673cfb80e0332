//! What the tool in hand does and its settings, on one line over the lower edge of the slice.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::annotation::Annotation;
use crate::annotation::tool::Tool;
use crate::app::App;
use crate::commands::{self, Group};
use crate::documents::Documents;
use crate::language::{Text, text};
use crate::screen::command_button::CommandButton;
use crate::screen::fit::fits;
use crate::screen::slider::{Scale, Slider};

/// With what the tool does, and words on buttons; with icons in place of these; with the settings alone.
const FORMS: [&str; 4] = ["words", "icons", "bare", "narrow"];

/// Buttons of the mouse and what they do with a tool, in a few words.
fn hints(tool: Tool) -> Vec<(Text, Text)> {
    let (click, right_click) = (text!("pointer-click"), text!("pointer-right-click"));
    let (drag, right_drag) = (text!("pointer-drag"), text!("pointer-right-drag"));
    match tool {
        Tool::Add => vec![(click, text!("hint-adds")), (right_click, text!("hint-removes"))],
        Tool::Remove => vec![(click, text!("hint-removes")), (right_click, text!("hint-adds"))],
        Tool::Scribble => vec![(drag, text!("hint-scribbles")), (right_drag, text!("hint-scribbles-out"))],
        Tool::Around => vec![(drag, text!("hint-surrounds")), (right_drag, text!("hint-denies"))],
        Tool::Brush => vec![(drag, text!("hint-paints")), (right_drag, text!("hint-erases"))],
        Tool::Eraser => vec![(drag, text!("hint-erases")), (right_drag, text!("hint-paints"))],
        Tool::Lasso => vec![(drag, text!("hint-encircles")), (right_drag, text!("hint-cuts-out"))],
        Tool::Pointer => vec![
            (click, text!("hint-aims")),
            (drag, text!("hint-pans")),
            (text!("pointer-ctrl-wheel"), text!("hint-zooms")),
        ],
        Tool::Levels => vec![(drag, text!("hint-windows"))],
        Tool::Measure => vec![(drag, text!("hint-measures"))],
    }
}

/// The bar; nothing while no slice is open.
#[component]
pub fn ToolOptions() -> impl IntoView {
    let app = expect_context::<App>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let hint = move || {
        let hints = hints(annotation.tool.get()).into_iter();
        hints.map(|(button, does)| view! { <span class="hint"><kbd>{button}</kbd>" "{does}</span> }).collect_view()
    };
    let buttons = |group| commands::of(group).map(|command| view! { <CommandButton command/> }).collect_view();
    let says = move || matches!(annotation.tool.get(), Tool::Scribble | Tool::Around);
    let propagating = || commands::of(Group::Propagate);
    let propagates = Memo::new(move |_| {
        let tool = annotation.tool.get();
        // Scribbles and loops need the room for what they say.
        let corrects = tool.has_radius() || matches!(tool, Tool::Add | Tool::Remove | Tool::Lasso);
        corrects && propagating().any(|command| (command.can)(app))
    });
    let bar = NodeRef::<html::Div>::new();
    fits(
        move || bar.get().map(|bar| bar.unchecked_into()),
        &FORMS,
        move || {
            annotation.tool.track();
            propagates.track();
            documents.selected.track();
            drop(text!("radius").written());
        },
    );
    let propagate = propagating().map(|command| view! { <CommandButton command words=true/> });
    view! {
        <div class="tool-options" data-panel="tool-options" node_ref=bar hidden=move || documents.selected.get().is_none()>
            <Show when=move || annotation.tool.get().has_radius()>
                <Slider
                    name=text!("radius") label=text!("radius.name") scale=Scale::RADIUS
                    value=Signal::derive(move || annotation.brush_px.get() as f32)
                    set=move |radius| annotation.brush_px.set(radius.into())
                />
            </Show>
            <div class="choices" role="group" aria-label=text!("said") hidden=move || !says()>{buttons(Group::Said)}</div>
            <div class="choices" role="group" aria-label=text!("around-shape") hidden=move || annotation.tool.get() != Tool::Around>
                {buttons(Group::Around)}
            </div>
            <span class="hints">{hint}</span>
            <div class="propagate" role="group" aria-label=text!("propagate") hidden=move || !propagates.get()>{propagate.collect_view()}</div>
        </div>
    }
}

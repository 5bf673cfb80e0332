//! What the tool in hand does and its settings, over the lower edge of the slice.

use leptos::prelude::*;

use crate::annotation::Annotation;
use crate::annotation::tool::Tool;
use crate::commands::{self, Group};
use crate::documents::Documents;
use crate::screen::command_button::CommandButton;
use crate::screen::slider::{Scale, Slider};

/// Buttons of the mouse and what they do with a tool, in a few words.
fn hints(tool: Tool) -> &'static [(&'static str, &'static str)] {
    match tool {
        Tool::Add => &[("Click", "tumour that the mask misses"), ("Right click", "no tumour")],
        Tool::Remove => &[("Click", "no tumour"), ("Right click", "tumour that the mask misses")],
        Tool::Brush => &[("Drag", "paints"), ("Right drag", "erases")],
        Tool::Eraser => &[("Drag", "erases"), ("Right drag", "paints")],
        Tool::Lasso => &[("Go round", "tumour"), ("With the right button", "no tumour")],
        Tool::Pointer => {
            &[("Click", "cuts the other views here"), ("Drag", "moves the image"), ("Ctrl and wheel", "zooms")]
        }
        Tool::Levels => &[("Drag", "sideways contrast, up and down brightness")],
        Tool::Measure => &[("Drag", "an end of a diameter")],
    }
}

/// The bar; nothing while no slice is open.
#[component]
pub fn ToolOptions() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let hint = move || {
        let hints = hints(annotation.tool.get()).iter();
        hints.map(|(button, does)| view! { <span class="hint"><kbd>{*button}</kbd>" "{*does}</span> }).collect_view()
    };
    let propagates = move || matches!(annotation.tool.get(), Tool::Pointer | Tool::Levels | Tool::Measure);
    let propagate = commands::of(Group::Propagate).map(|command| view! { <CommandButton command words=true/> });
    view! {
        <div class="tool-options" data-panel="tool-options" hidden=move || documents.selected.get().is_none()>
            <Show when=move || annotation.tool.get().has_radius()>
                <Slider
                    name="Radius" label="Brush radius" scale=Scale::RADIUS
                    value=Signal::derive(move || annotation.brush_px.get() as f32)
                    set=move |radius| annotation.brush_px.set(radius.into())
                />
            </Show>
            {hint}
            <div class="propagate" role="group" aria-label="Propagate the mask" hidden=propagates>{propagate.collect_view()}</div>
        </div>
    }
}

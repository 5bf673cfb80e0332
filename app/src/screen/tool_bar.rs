//! What is shown and how: sequence, overlay, opacity, threshold.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::annotation::Annotation;
use crate::app::App;
use crate::commands;
use crate::documents::Documents;
use crate::documents::files;
use crate::screen::command_button::CommandButton;
use crate::screen::slider::{Scale, Slider};
use crate::viewport::Sequences;
use crate::viewport::Viewport;
use crate::viewport::levels::Preset;

/// Controls above the viewer.
#[component]
pub fn ToolBar() -> impl IntoView {
    let app = expect_context::<App>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let viewport = expect_context::<Viewport>();
    let pick = move |event: web_sys::Event| {
        let input: HtmlInputElement = event.target().expect("a change has a target").unchecked_into();
        app.open_files(files::listed(input.files()));
        input.set_value("");
    };
    let sequence = move |sequences: Sequences, name: &'static str| {
        view! {
            <button
                class:on=move || viewport.sequences.get() == sequences
                aria-pressed=move || (viewport.sequences.get() == sequences).to_string()
                on:click=move |_| viewport.sequences.set(sequences)
            >{name}</button>
        }
    };
    // Without a slice there is nothing to set.
    let empty = move || documents.selected.get().is_none();
    let single = move || documents.picture.get().is_none_or(|picture| picture.info.single_sequence);
    let preset = move |event: web_sys::Event| {
        let name = event_target_value(&event);
        if let Some(&(preset, _)) = Preset::ALL.iter().find(|(_, known)| *known == name) {
            viewport.take_preset(preset);
        }
    };
    let kept_preset = move || viewport.preset().unwrap_or("By hand");
    let labelled = move || documents.label.with(Option::is_some);
    view! {
        <div class="tools" role="toolbar" aria-label="Display">
            <label class="open">
                "Open …"
                <input type="file" data-open="files" multiple aria-label="Open files" on:change=pick/>
            </label>
            <label class="open" title="All files of a folder, DICOM without an extension too">
                "Folder …"
                <input type="file" data-open="folder" multiple prop:webkitdirectory=true aria-label="Open a folder" on:change=pick/>
            </label>
            <div class="group" role="group" aria-label="Sequence" hidden=single>
                {sequence(Sequences::One(0), "Pre")}
                {sequence(Sequences::One(1), "FLAIR")}
                {sequence(Sequences::One(2), "Post")}
                {sequence(Sequences::Composite, "RGB")}
            </div>
            <div class="group" role="group" aria-label="Overlay" hidden=empty>
                <CommandButton command=commands::command("mask")/>
                <CommandButton command=commands::command("heat")/>
                <Show when=labelled><CommandButton command=commands::command("label")/></Show>
            </div>
            <div class="group" role="group" aria-label="Window" hidden=empty>
                <select aria-label="Window" title="Window (1 to 4)" on:change=preset prop:value=kept_preset>
                    {Preset::ALL.map(|(_, name)| view! { <option>{name}</option> })}
                    <option hidden>"By hand"</option>
                </select>
                <CommandButton command=commands::command("invert")/>
            </div>
            <Slider name="Opacity" scale=Scale::SHARE value=viewport.opacity set=move |v| viewport.opacity.set(v) hidden=Signal::derive(empty)/>
            <Slider name="Threshold" scale=Scale::LOG_ODDS value=annotation.threshold set=move |v| annotation.set_threshold(v) hidden=Signal::derive(empty)/>
        </div>
    }
}

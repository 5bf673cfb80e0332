//! What is shown and how: sequence, overlay, opacity, threshold.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::files;
use crate::levels::Preset;
use crate::screen::drop_zone::toggle;
use crate::screen::slider::{Scale, Slider};
use crate::session::{Overlay, Sequences, Session};

/// Controls above the viewer.
#[component]
pub fn ToolBar() -> impl IntoView {
    let session = expect_context::<Session>();
    let pick = move |event: web_sys::Event| {
        let input: HtmlInputElement = event.target().expect("a change has a target").unchecked_into();
        session.open_files(files::listed(input.files()));
        input.set_value("");
    };
    let sequence = move |sequences: Sequences, name: &'static str| {
        view! {
            <button
                class:on=move || session.sequences.get() == sequences
                aria-pressed=move || (session.sequences.get() == sequences).to_string()
                on:click=move |_| session.sequences.set(sequences)
            >{name}</button>
        }
    };
    let overlay = move |overlay: Overlay, name: &'static str, title: &'static str| {
        view! {
            <button
                title=title
                class:on=move || session.overlay.get() == overlay
                aria-pressed=move || (session.overlay.get() == overlay).to_string()
                on:click=move |_| toggle(session, overlay)
            >{name}</button>
        }
    };
    // Without a slice there is nothing to set.
    let empty = move || session.selected.get().is_none();
    let single = move || session.picture.get().is_none_or(|picture| picture.info.single_sequence);
    let preset = move |event: web_sys::Event| {
        let name = event_target_value(&event);
        if let Some(&(preset, _)) = Preset::ALL.iter().find(|(_, known)| *known == name) {
            session.take_preset(preset);
        }
    };
    let kept_preset = move || session.preset().unwrap_or("By hand");
    let labelled = move || session.label.with(Option::is_some);
    view! {
        <div class="tools" role="toolbar" aria-label="Display">
            <label class="open">
                "Open …"
                <input type="file" multiple aria-label="Open files" on:change=pick/>
            </label>
            <label class="open" title="All files of a folder, DICOM without an extension too">
                "Folder …"
                <input type="file" multiple prop:webkitdirectory=true aria-label="Open a folder" on:change=pick/>
            </label>
            <div class="group" role="group" aria-label="Sequence" hidden=single>
                {sequence(Sequences::One(0), "Pre")}
                {sequence(Sequences::One(1), "FLAIR")}
                {sequence(Sequences::One(2), "Post")}
                {sequence(Sequences::Composite, "RGB")}
            </div>
            <div class="group" role="group" aria-label="Overlay" hidden=empty>
                {overlay(Overlay::Mask, "Mask", "Mask on or off (M)")}
                {overlay(Overlay::Heat, "Heat map", "Probabilities on or off (H)")}
                <button
                    title="Label on or off (L)"
                    hidden=move || !labelled()
                    class:on=session.label_shown
                    aria-pressed=move || session.label_shown.get().to_string()
                    on:click=move |_| session.label_shown.update(|shown| *shown = !*shown)
                >"Label"</button>
            </div>
            <div class="group" role="group" aria-label="Window" hidden=empty>
                <select aria-label="Window" title="Window (1 to 4)" on:change=preset prop:value=kept_preset>
                    {Preset::ALL.map(|(_, name)| view! { <option>{name}</option> })}
                    <option hidden>"By hand"</option>
                </select>
                <button title="Black and white the other way round (I)" on:click=move |_| session.invert()>"Invert"</button>
            </div>
            <Slider name="Opacity" scale=Scale::SHARE value=session.opacity set=move |v| session.opacity.set(v) hidden=Signal::derive(empty)/>
            <Slider name="Threshold" scale=Scale::LOG_ODDS value=session.threshold set=move |v| session.set_threshold(v) hidden=Signal::derive(empty)/>
        </div>
    }
}

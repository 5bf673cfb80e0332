//! The bar at the top: what to open, what is shown and how, the engine, help.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::app::App;
use crate::commands::{self, Group};
use crate::documents::Documents;
use crate::documents::files;
use crate::screen::command_button::CommandButton;
use crate::screen::engine_status::EngineStatus;
use crate::screen::icon::Icon;
use crate::viewport::levels::Preset;
use crate::viewport::{Sequences, Viewport};

/// The bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let app = expect_context::<App>();
    let documents = expect_context::<Documents>();
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
    let labelled = move || documents.label.with(Option::is_some);
    let several = move || viewport.has_reformats() || viewport.has_sequences();
    let preset = move |event: web_sys::Event| {
        let name = event_target_value(&event);
        if let Some(&(preset, _)) = Preset::ALL.iter().find(|(_, known)| *known == name) {
            viewport.take_preset(preset);
        }
    };
    let kept_preset = move || viewport.preset().unwrap_or("By hand");
    let layouts = commands::of(Group::Layout).map(|command| view! { <CommandButton command/> }).collect_view();
    view! {
        <header class="bar">
            <h1>"Gliolens"<span class="tagline">" tumour segmentation in your browser"</span></h1>
            <p class="disclaimer" role="note">"Research use, not a medical device"</p>
            <div class="bar-tools" role="toolbar" aria-label="Display" hidden=empty>
                <label class="open" title="Open files">
                    <Icon drawing=icondata_lu::LuFilePlus/><span class="word">"Open"</span>
                    <input type="file" data-open="files" multiple aria-label="Open files" on:change=pick/>
                </label>
                <label class="open" title="All files of a folder, DICOM without an extension too">
                    <Icon drawing=icondata_lu::LuFolderOpen/><span class="word">"Folder"</span>
                    <input type="file" data-open="folder" multiple prop:webkitdirectory=true aria-label="Open a folder" on:change=pick/>
                </label>
                <div class="group" role="group" aria-label="Sequence" hidden=single>
                    {sequence(Sequences::One(0), "Pre")}
                    {sequence(Sequences::One(1), "FLAIR")}
                    {sequence(Sequences::One(2), "Post")}
                    {sequence(Sequences::Composite, "RGB")}
                </div>
                <div class="group" role="group" aria-label="Overlay" hidden=empty>
                    <CommandButton command=commands::command("mask") words=true/>
                    <CommandButton command=commands::command("outline") words=true/>
                    <CommandButton command=commands::command("heat") words=true/>
                    <Show when=labelled><CommandButton command=commands::command("label") words=true/></Show>
                </div>
                <div class="group" role="group" aria-label="Window" hidden=empty>
                    <select aria-label="Window" title="Window (1 to 4)" on:change=preset prop:value=kept_preset>
                        {Preset::ALL.map(|(_, name)| view! { <option>{name}</option> })}
                        <option hidden>"By hand"</option>
                    </select>
                    <CommandButton command=commands::command("invert") words=true/>
                </div>
                <div class="group" role="group" aria-label="Layout" hidden=move || !several()>{layouts}</div>
            </div>
            <EngineStatus/>
            <button class="quiet" data-command="help" title="Keys and help (?)" aria-label="Help" on:click=move |_| app.help_shown.set(true)>"?"</button>
        </header>
    }
}

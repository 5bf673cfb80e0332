//! The bar at the top: what to open, what is shown and how, the engine, help.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::app::App;
use crate::commands::{self, Group};
use crate::documents::Documents;
use crate::documents::files;
use crate::inference::Inference;
use crate::language::{Text, text};
use crate::offline::Offline;
use crate::screen::command_button::CommandButton;
use crate::screen::engine_status::EngineStatus;
use crate::screen::fit::fits;
use crate::screen::icon::Icon;
use crate::viewport::levels::Preset;
use crate::viewport::{Sequences, Viewport};

/// In words; with icons to open files; with icons wherever there are some; with what has no room in a menu.
const FORMS: [&str; 4] = ["words", "short", "icons", "menu"];
/// Names the menu for its button.
const MORE: &str = "more";

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
    let sequence = move |sequences: Sequences, id: &'static str, name: Text| {
        view! {
            <button
                data-show=id
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
        let id = event_target_value(&event);
        if let Some(preset) = Preset::ALL.into_iter().find(|preset| preset.command() == id) {
            viewport.take_preset(preset);
        }
    };
    let kept_preset = move || viewport.preset().map_or("", Preset::command);
    let presets = Preset::ALL.map(|preset| {
        let command = commands::command(preset.command());
        view! { <option value=command.id>{command.label()}</option> }
    });
    let help = commands::command("help");
    let bar = NodeRef::<html::Header>::new();
    let (inference, offline) = (expect_context::<Inference>(), expect_context::<Offline>());
    fits(
        move || bar.get().map(|bar| bar.unchecked_into()),
        &FORMS,
        move || {
            inference.engine.track();
            inference.trial.track();
            let _ = (empty(), single(), labelled(), several(), offline.kept());
            drop(text!("open").written());
        },
    );
    let layouts = commands::of(Group::Layout).map(|command| view! { <CommandButton command/> }).collect_view();
    view! {
        <header class="bar" data-panel="top-bar" node_ref=bar>
            <h1>"Gliolens"<span class="tagline">" "{text!("tagline")}</span></h1>
            <p class="disclaimer" role="note" data-short=text!("research-use.short")>{text!("research-use")}</p>
            <div class="bar-tools" role="toolbar" aria-label=text!("display") hidden=empty>
                <label class="open" title=text!("open.help")>
                    <Icon drawing=icondata_lu::LuFilePlus/><span class="word">{text!("open")}</span>
                    <input type="file" data-open="files" multiple aria-label=text!("open.name") on:change=pick/>
                </label>
                <div class="group" role="group" aria-label=text!("sequence") hidden=single>
                    {sequence(Sequences::One(0), "pre", text!("sequence-pre-short"))}
                    {sequence(Sequences::One(1), "flair", text!("sequence-flair"))}
                    {sequence(Sequences::One(2), "post", text!("sequence-post-short"))}
                    {sequence(Sequences::Composite, "composite", text!("sequence-composite"))}
                </div>
                <div class="group" role="group" aria-label=text!("overlay") hidden=empty>
                    <CommandButton command=commands::command("mask") words=true/>
                    <CommandButton command=commands::command("outline") words=true/>
                </div>
                // In their own line where there is room, in a menu where there is not.
                <button class="more-button" data-action="more" popovertarget=MORE aria-label=text!("more") title=text!("more")>
                    <Icon drawing=icondata_lu::LuEllipsis/>
                </button>
                <div class="more" id=MORE popover="auto">
                <label class="open folder" title=text!("open-folder.help")>
                    <Icon drawing=icondata_lu::LuFolderOpen/><span class="word">{text!("open-folder")}</span>
                    <input type="file" data-open="folder" multiple prop:webkitdirectory=true aria-label=text!("open-folder.name") on:change=pick/>
                </label>
                {app.pacs.offered.then(|| view! { <CommandButton command=commands::command("pacs-open") words=true/> })}
                <div class="group" role="group" aria-label=text!("overlay")>
                    <CommandButton command=commands::command("heat") words=true/>
                    <Show when=labelled><CommandButton command=commands::command("label") words=true/></Show>
                </div>
                <div class="group" role="group" aria-label=text!("window") hidden=empty>
                    <select data-menu="window" aria-label=text!("window") title=text!("window.help") on:change=preset prop:value=kept_preset>
                        {presets}
                        <option value="" hidden>{text!("window-manual")}</option>
                    </select>
                    <CommandButton command=commands::command("invert") words=true/>
                </div>
                <div class="group" role="group" aria-label=text!("layout") hidden=move || !several()>{layouts}</div>
                </div>
            </div>
            <EngineStatus/>
            <button class="quiet" data-command="help" title=move || help.title(app) aria-label=text!("command-help") on:click=move |_| app.help_shown.set(true)>"?"</button>
        </header>
    }
}

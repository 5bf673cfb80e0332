//! Keys, and what the page does with what it is given.

use leptos::html;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::commands::{self, Group};
use crate::language::{Text, text};
use crate::notices::Notices;
use crate::offline::Offline;
use crate::pacs::Pacs;
use crate::parts::Fetched;
use crate::results::Results;
use crate::screen::language_menu::LanguageMenu;
use crate::screen::modal;
use crate::tour::Tour;

/// A heading with its commands, and what is done with the pointer beside them.
type Section = (Text, Vec<Group>, Vec<(Text, Text)>);

/// All keys and gestures.
fn sections() -> [Section; 3] {
    let correct = vec![Group::Tool, Group::Keyed, Group::Brush, Group::History, Group::Compare, Group::Propagate];
    let look = vec![Group::Slices, Group::Zoom, Group::Window, Group::Overlay, Group::Layout, Group::Space];
    [
        (
            text!("help-correct"),
            correct,
            vec![
                (text!("gesture-part"), text!("gesture-part.help")),
                (text!("gesture-beside-frame"), text!("gesture-beside-frame.help")),
            ],
        ),
        (text!("help-segment"), vec![Group::Network, Group::Page], Vec::new()),
        (
            text!("help-view"),
            look,
            vec![
                (text!("gesture-wheel"), text!("gesture-wheel.help")),
                (text!("gesture-zoom"), text!("gesture-zoom.help")),
                (text!("gesture-drag"), text!("gesture-drag.help")),
                (text!("gesture-right-drag"), text!("gesture-right-drag.help")),
                ("← →".into(), text!("gesture-arrows.help")),
            ],
        ),
    ]
}

/// The sheet under `?`.
#[wasm_split(guidance, fallible)]
pub fn help(shown: RwSignal<bool>) -> Fetched<AnyView> {
    Ok(view! { <Help shown/> }.into_any())
}

#[component]
fn Help(shown: RwSignal<bool>) -> impl IntoView {
    let tour = expect_context::<Tour>();
    let offline = expect_context::<Offline>();
    let results = expect_context::<Results>();
    let notices = expect_context::<Notices>();
    let pacs = expect_context::<Pacs>();
    let sheet = NodeRef::<html::Dialog>::new();
    modal::opens_while(sheet, shown);
    let section = move |(name, groups, gestures): Section| {
        let commands = groups.iter().flat_map(|group| commands::of(*group)).filter(|command| !command.keys.is_empty());
        let commands = commands.map(|command| {
            view! { <dt>{move || command.keys_written()}</dt><dd>{command.help()}</dd> }
        });
        let commands = commands.collect_view();
        let gestures = gestures.into_iter().map(|(gesture, what)| view! { <dt>{gesture}</dt><dd>{what}</dd> });
        let gestures = gestures.collect_view();
        view! { <section><h3>{name}</h3><dl>{commands}{gestures}</dl></section> }
    };
    view! {
        <dialog
            node_ref=sheet
            class="sheet"
            data-panel="help"
            aria-label=text!("command-help")
            on:close=move |_| shown.set(false)
            on:click=move |_| shown.set(false)
        >
            // It has the focus first, so that the arrow keys scroll it.
            <div class="sheet-body" tabindex="-1" autofocus on:click=|event| event.stop_propagation()>
                <LanguageMenu/>
                <h2>{text!("help-keys")}</h2>
                <div class="keys">{sections().map(section)}</div>
                <h2>{text!("help-files")}</h2>
                <p>{text!("help-files-study")}</p>
                <p>{text!("help-files-slice")}</p>
                <p>{text!("help-files-label")}</p>
                <h2>{text!("help-privacy")}</h2>
                <p data-privacy=move || if offline.kept() { "kept" } else { "loaded" }>
                    {text!("privacy")}" "
                    {move || if offline.kept() { text!("privacy-kept") } else { text!("privacy-loaded") }.written()}
                    {pacs.offered.then(|| view! { " "<span data-privacy-pacs="">{text!("privacy-pacs")}</span> })}
                </p>
                <div class="guide-buttons">
                    <button data-action="restart-tour" on:click=move |_| { shown.set(false); tour.start() }>{text!("tour-start")}</button>
                    <button
                        data-action="diagnostics"
                        title=text!("diagnostics-copy.help")
                        on:click=move |_| { shown.set(false); results.copy_diagnostics(notices) }
                    >{text!("diagnostics-copy")}</button>
                </div>
            </div>
            <button class="quiet close" aria-label=text!("close") on:click=move |_| shown.set(false)>"×"</button>
        </dialog>
    }
}

//! The tools and the way back, as a column of icons; a bar under the thumb on a phone.

use leptos::prelude::*;

use crate::commands::{self, Group};
use crate::documents::Documents;
use crate::language::text;
use crate::screen::command_button::CommandButton;
use crate::screen::icon::Icon;

/// Leads to what can be saved, which on a phone lies below the image and its result.
fn to_saving(_: web_sys::MouseEvent) {
    if let Some(saving) = document().query_selector("[data-panel=saving]").ok().flatten() {
        saving.scroll_into_view();
    }
}

/// The rail; empty while nothing is open.
#[component]
pub fn Rail() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let empty = move || documents.selected.get().is_none();
    let buttons = |group| commands::of(group).map(|command| view! { <CommandButton command/> }).collect_view();
    let history = ["undo", "redo", "reset"].map(commands::command);
    view! {
        <div class="rail" data-panel="tools" role="toolbar" aria-label=text!("tools") aria-orientation="vertical" hidden=empty>
            <div class="rail-group" role="group" aria-label=text!("tool")>{buttons(Group::Tool)}</div>
            <div class="rail-group" role="group" aria-label=text!("history")>
                {history.map(|command| view! { <CommandButton command/> })}
                {buttons(Group::Compare)}
                <button class="with-icon to-saving" data-action="to-saving" title=text!("save") aria-label=text!("save") on:click=to_saving>
                    <Icon drawing=icondata_lu::LuDownload/>
                </button>
            </div>
        </div>
    }
}

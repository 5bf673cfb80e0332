//! What is asked before the report is printed: comments.

use leptos::html;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::language::text;
use crate::parts::Fetched;
use crate::results::Results;
use crate::results::comments::ROOM;
use crate::screen::modal;
use crate::screen::report::Sheet;

/// The dialog, and the page to print.
#[wasm_split(saving, fallible, preload(fetch_saving))]
pub fn report() -> Fetched<AnyView> {
    Ok(view! { <ReportDialog/><Sheet/> }.into_any())
}

/// The dialog; `Escape` closes it, what was written stays.
#[component]
fn ReportDialog() -> impl IntoView {
    let results = expect_context::<Results>();
    let shown = results.report_shown;
    let sheet = NodeRef::<html::Dialog>::new();
    modal::opens_while(sheet, shown);
    view! {
        <dialog
            node_ref=sheet
            class="sheet"
            data-panel="report-dialog"
            aria-label=text!("save-report")
            on:close=move |_| shown.set(false)
            // A press beside the sheet: a selection of text may end there.
            on:mousedown=move |event| {
                if event.target() == event.current_target() {
                    shown.set(false);
                }
            }
        >
            <div class="sheet-body report-dialog">
                <h2>{text!("save-report")}</h2>
                <p>{text!("report-explained")}</p>
                <label>
                    {text!("report-comments")}
                    <textarea
                        data-field="comments"
                        rows="6"
                        maxlength=ROOM
                        autofocus
                        prop:value=move || results.comments()
                        on:input=move |event| results.comment(event_target_value(&event))
                    ></textarea>
                </label>
                <div class="guide-buttons">
                    <button class="primary" data-action="print" on:click=move |_| results.print()>{text!("report-print")}</button>
                    <button data-action="close-report" on:click=move |_| shown.set(false)>{text!("close")}</button>
                </div>
            </div>
        </dialog>
    }
}

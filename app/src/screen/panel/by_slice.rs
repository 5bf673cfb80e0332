//! Figures slice by slice.

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::documents::Documents;
use crate::language::{decimal, text};
use crate::parts::{self, Content, Fetched};
use crate::results::Results;

/// The figures; nothing while no study of several slices is on screen.
#[component]
pub fn SliceBySlice() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let several = Memo::new(move |_| documents.study_on_screen().is_some_and(|study| study.slices() > 1));
    parts::view_while(several, by_slice)
}

#[wasm_split(study, fallible)]
fn by_slice() -> Fetched<Content> {
    Ok(|| view! { <Figures/> }.into_any())
}

/// Figures of every slice with tumour; computed while they are looked at only.
#[component]
fn Figures() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let results = expect_context::<Results>();
    let open = RwSignal::new(false);
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| decimal(value, 1));
    let rows = move || {
        let measures = open.get().then(|| results.measures()).flatten();
        let study = documents.study_on_screen();
        let rows = measures.into_iter().flat_map(|measures| measures.per_slice).filter(|row| row.area_px > 0);
        rows.map(|row| {
            let id = study.as_ref().map(|study| study.slice_id(row.slice - 1));
            let area = row.area_mm2.map_or_else(|| row.area_px.to_string(), |mm2| decimal(mm2, 0));
            view! {
                <tr data-slice=row.slice>
                    <td><button class="quiet" on:click=move |_| id.into_iter().for_each(|id| documents.select(id))>{row.slice}</button></td>
                    <td>{area}</td>
                    <td>{number(row.longest)}</td>
                    <td>{number(row.perpendicular)}</td>
                    <td>{if row.corrected { "✎" } else { "" }}</td>
                </tr>
            }
        })
        .collect_view()
    };
    let unit = move || {
        if documents.picture.with(|p| p.as_ref().is_some_and(|p| p.spacing_mm.is_some())) { "mm" } else { "px" }
    };
    view! {
        <details class="by-slice" data-panel="by-slice" prop:open=open on:toggle=move |event| open.set(event_target::<web_sys::HtmlElement>(&event).has_attribute("open"))>
            <summary>{text!("by-slice")}</summary>
            <table>
                <tr><th>{text!("by-slice-slice")}</th><th>{move || text!("by-slice-area", unit = unit()).written()}</th><th>{move || text!("by-slice-longest", unit = unit()).written()}</th><th>{text!("by-slice-across")}</th><th></th></tr>
                {rows}
            </table>
        </details>
    }
}

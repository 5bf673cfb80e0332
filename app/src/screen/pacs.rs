//! The studies of the PACS of the site's host, to find one and to open it; and what is asked before a mask goes there.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_split_helpers::wasm_split;
use web_sys::{FormData, HtmlFormElement};

use crate::annotation::Annotation;
use crate::app::App;
use crate::documents::Documents;
use crate::language::{self, Text, text};
use crate::pacs::{AT_A_TIME, FoundStudy, Listed, Pacs, Query, Series, Unfolded};
use crate::parts::Fetched;
use crate::results::Results;
use crate::screen::modal;
use crate::words::patient_value;

/// Both dialogs.
#[wasm_split(pacs, fallible)]
pub fn pacs_dialogs() -> Fetched<AnyView> {
    Ok(view! { <PacsDialogs/> }.into_any())
}

#[component]
fn PacsDialogs() -> impl IntoView {
    let pacs = expect_context::<Pacs>();
    let studies = view! { <Studies/> }.into_any();
    let sending = view! { <Sending/> }.into_any();
    view! {
        {dialog("pacs", text!("pacs-open"), pacs.choosing, studies)}
        {dialog("pacs-send", text!("pacs-send"), pacs.asking, sending)}
    }
}

/// A dialog; `Escape` closes it and ends what is being done.
fn dialog(panel: &'static str, name: Text, shown: RwSignal<bool>, content: AnyView) -> impl IntoView {
    let pacs = expect_context::<Pacs>();
    let sheet = NodeRef::<html::Dialog>::new();
    modal::opens_while(sheet, shown);
    let close = move || {
        pacs.cancel();
        shown.set(false);
    };
    view! {
        <dialog node_ref=sheet class="sheet" data-panel=panel aria-label=name on:close=move |_| close()>
            <div class="sheet-body report-dialog">
                <h2>{name.clone()}</h2>
                {content}
                <p class="pacs-doing" role="status" data-pacs-doing=move || pacs.doing.with(Option::is_some).to_string()>
                    {move || pacs.doing.get().map(|doing| doing.written())}
                </p>
                <p class="caution" role="alert" data-pacs-failed="">{move || pacs.failed.get().map(|why| why.written())}</p>
                <div class="guide-buttons">
                    <button data-action="pacs-cancel" hidden=move || pacs.doing.with(Option::is_none) on:click=move |_| pacs.cancel()>{text!("pacs-cancel")}</button>
                    <button data-action="pacs-close" on:click=move |_| shown.set(false)>{text!("close")}</button>
                </div>
            </div>
        </dialog>
    }
}

/// What a person knows of a study, and the studies that were found.
#[component]
fn Studies() -> impl IntoView {
    let pacs = expect_context::<Pacs>();
    let search = move |query: Query, from: usize| spawn_local(pacs.search(query, from));
    let asked = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(Ok(form)) = form.map(|form| FormData::new_with_form(&form)) else { return };
        let given = |name: &str| form.get(name).as_string().unwrap_or_default();
        search(Query { patient: given("patient"), id: given("id"), date: given("date") }, 0);
    };
    let field = |name: &'static str, kind: &'static str, label: Text| {
        view! { <label>{label}<input name=name type=kind data-field=name autocomplete="off"/></label> }
    };
    let turn = move |step: isize| {
        if let Some(listed) = pacs.listed.get_untracked() {
            search(listed.query, listed.from.saturating_add_signed(step));
        }
    };
    let has = move |what: fn(&Listed) -> bool| pacs.listed.with(|listed| listed.as_ref().is_some_and(what));
    let step = AT_A_TIME as isize;
    let is_empty = move || has(|listed| listed.studies.is_empty());
    view! {
        <form class="pacs-search" on:submit=asked>
            {field("patient", "text", text!("pacs-patient"))}
            {field("id", "text", text!("pacs-id"))}
            {field("date", "date", text!("pacs-date"))}
            <button class="primary" data-action="pacs-search">{text!("pacs-search")}</button>
        </form>
        <ul class="pacs-studies">
            {move || pacs.listed.get().map(|listed| listed.studies.into_iter().map(row).collect_view())}
        </ul>
        <p data-pacs-none="" hidden=move || !is_empty()>{text!("pacs-none")}</p>
        <div class="guide-buttons">
            <button data-action="pacs-previous" hidden=move || !has(|listed| listed.from > 0) on:click=move |_| turn(-step)>{text!("pacs-previous")}</button>
            <button data-action="pacs-next" hidden=move || !has(|listed| listed.more) on:click=move |_| turn(step)>{text!("pacs-next")}</button>
        </div>
    }
}

/// A study, to be opened as a whole or by its series.
fn row(study: FoundStudy) -> impl IntoView {
    let app = expect_context::<App>();
    let pacs = app.pacs;
    let FoundStudy { uid, patient, id, date, description, modalities, images } = study;
    let date = language::date(&date);
    let facts = text!("pacs-study", id, date, modalities, count = images);
    let [opened, unfolded, asked, shown] = std::array::from_fn(|_| uid.clone());
    let series = move || pacs.unfolded.get().filter(|unfolded| unfolded.study == shown).map(chosen_series);
    view! {
        <li>
            <div class="pacs-study">
                <button data-study=uid on:click=move |_| app.open_from_pacs(opened.clone(), None)>
                    <b>{patient}</b>" "<span>{description}</span><small>{facts}</small>
                </button>
                <button
                    data-action="pacs-series"
                    title=text!("pacs-series.help")
                    aria-expanded=move || pacs.is_unfolded(&unfolded).to_string()
                    on:click=move |_| spawn_local(pacs.unfold(asked.clone()))
                >
                    {text!("pacs-series")}
                </button>
            </div>
            {series}
        </li>
    }
}

/// The series of a study, each with a tick, and what opens those that are ticked.
fn chosen_series(unfolded: Unfolded) -> impl IntoView {
    let app = expect_context::<App>();
    let pacs = app.pacs;
    let study = unfolded.study.clone();
    let series = unfolded.series.clone();
    let counted = move || pacs.chosen.with(|chosen| unfolded.counted(chosen));
    let open = {
        let counted = counted.clone();
        move || match counted() {
            Some((count, images)) => text!("pacs-open-series", count, images).written(),
            None => text!("pacs-open-none").written(),
        }
    };
    view! {
        <fieldset class="pacs-series">
            <legend>{text!("pacs-series-of")}</legend>
            {series.into_iter().map(tick).collect_view()}
            <button
                class="primary"
                data-action="pacs-open-series"
                disabled=move || counted().is_none()
                on:click=move |_| app.open_from_pacs(study.clone(), Some(pacs.chosen.get_untracked()))
            >
                {open}
            </button>
        </fieldset>
    }
}

/// A series with its tick; one that the page cannot use has none.
fn tick(series: Series) -> impl IntoView {
    let pacs = expect_context::<Pacs>();
    let is_used = series.is_used();
    let Series { uid, modality, description, images } = series;
    let facts = text!("pacs-series-facts", modality, count = images);
    let [shown, chosen] = std::array::from_fn(|_| uid.clone());
    view! {
        <label>
            <input
                type="checkbox"
                data-series=uid
                disabled=!is_used
                prop:checked=move || pacs.chosen.with(|chosen| chosen.contains(&shown))
                on:change=move |event| pacs.choose(&chosen, event_target_checked(&event))
            />
            <span>{description}<small>{facts}</small></span>
        </label>
    }
}

/// What is sent, and to which study.
#[component]
fn Sending() -> impl IntoView {
    let app = expect_context::<App>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let report = RwSignal::new(false);
    // Only what the dialog is opened for: names of patients are not put on the page before.
    let whose = move || app.pacs.asking.get().then(|| documents.study_on_screen()).flatten();
    let what = move || {
        whose().map(|study| {
            let patient = study
                .info
                .patient
                .iter()
                .map(|(name, value)| patient_value(name, value))
                .collect::<Vec<_>>()
                .join(", ");
            text!("pacs-send-what", study = &study.info.name, patient).written()
        })
    };
    let incomplete = move || {
        let study = whose()?;
        let (slices, segmented) = (study.slices(), annotation.segmented_slices(&study));
        (segmented < slices).then(|| text!("saved-incomplete", unknown = slices - segmented, slices).written())
    };
    let without = move || results.without_patient.get();
    view! {
        <p data-pacs-send="" hidden=without>{what}</p>
        <p class="caution" data-pacs-incomplete="" hidden=without>{incomplete}</p>
        <p class="caution" data-pacs-without="" hidden=move || !without()>{text!("pacs-without-patient")}</p>
        <label class="without-patient" hidden=without>
            <input type="checkbox" data-action="pacs-report" prop:checked=report on:change=move |event| report.set(event_target_checked(&event))/>
            {text!("pacs-with-report")}
        </label>
        <button class="primary" data-action="pacs-send" hidden=without disabled=move || app.pacs.doing.with(Option::is_some) on:click=move |_| app.send_to_pacs(report.get_untracked())>{text!("pacs-send-now")}</button>
    }
}

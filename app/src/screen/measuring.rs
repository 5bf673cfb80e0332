//! The page measures itself on the visitor's device, with `?bench` in its address, and gives a text to copy: device, browser and
//! times; nothing of a patient, since it runs on the sample study.

use std::time::Duration;

use gloo::timers::future::sleep;
use imaging::PromptKind;
use js_sys::Reflect;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlTextAreaElement;

use crate::address;
use crate::annotation::tool::Tool;
use crate::app::App;
use crate::clock::since_navigation_ms;
use crate::documents::samples::STUDY;
use crate::inference::Trial;
use crate::language::{Text, Value, text};
use crate::parts::{self, Fetched};
use crate::screen::modal;
use crate::tour::worst_place_of;

/// How often it looks whether what it waits for has happened.
const TICK: Duration = Duration::from_millis(4);
/// So long it waits for the network at most.
const PATIENCE_MS: f64 = 600_000.0;
/// Clicks that are timed, after one that is not.
const CLICKS: usize = 7;

/// The sheet, where the address asks for it.
#[component]
pub fn Measuring() -> impl IntoView {
    let wanted = address::parameter("bench").is_some();
    parts::view_when(move || wanted, measuring)
}

#[wasm_split(guidance, fallible)]
fn measuring() -> Fetched<AnyView> {
    Ok(view! { <Sheet/> }.into_any())
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Running(Text),
    Done(String),
    Failed,
}

#[component]
fn Sheet() -> impl IntoView {
    let app = expect_context::<App>();
    let (sheet, lines) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Textarea>::new());
    let shown = RwSignal::new(true);
    let stage = RwSignal::new(Stage::Running(text!("bench-loading")));
    modal::opens_while(sheet, shown);
    spawn_local(async move {
        let found = measure(app, &move |text| drop(stage.try_set(Stage::Running(text)))).await;
        stage.try_set(found.map_or(Stage::Failed, |found| Stage::Done(found.written(app))));
    });
    let name = move || match stage.get() {
        Stage::Running(_) => "running",
        Stage::Done(_) => "done",
        Stage::Failed => "failed",
    };
    let said = move || match stage.get() {
        Stage::Running(what) => what.written(),
        Stage::Done(_) => text!("bench-done").written(),
        Stage::Failed => text!("bench-failed").written(),
    };
    let result = move || match stage.get() {
        Stage::Done(lines) => lines,
        _ => String::new(),
    };
    let is_open = move || !matches!(stage.get(), Stage::Done(_));
    // Browsers that let no page copy leave it selected.
    let copy = move |_| {
        let Some(lines) = lines.get_untracked() else { return };
        lines.unchecked_ref::<HtmlTextAreaElement>().select();
        drop(window().navigator().clipboard().write_text(&lines.value()));
    };
    view! {
        <dialog node_ref=sheet class="sheet" data-panel="bench" data-bench=name aria-label=text!("bench") on:close=move |_| shown.set(false)>
            <div class="sheet-body report-dialog">
                <h2>{text!("bench")}</h2>
                <p role="status">{said}</p>
                <textarea node_ref=lines data-field="bench" rows="12" readonly aria-label=text!("bench") hidden=is_open prop:value=result></textarea>
                <div class="guide-buttons">
                    <button class="primary" data-action="bench-copy" hidden=is_open on:click=copy>{text!("bench-copy")}</button>
                    <button data-action="bench-close" on:click=move |_| shown.set(false)>{text!("close")}</button>
                </div>
            </div>
        </dialog>
    }
}

/// Times in milliseconds.
struct Measured {
    /// First paint and readiness, after navigation.
    paint: Option<f64>,
    ready: f64,
    /// Medians over the slices of the study: normalising, encoder, network.
    slice: [f64; 3],
    slices: usize,
    whole: f64,
    /// Cores that worked on it.
    cores: usize,
    click: f64,
}

impl Measured {
    fn written(&self, app: App) -> String {
        let Self { paint, ready, slice: [normalize, encode, forward], slices, whole, cores, click } = self;
        let paint = paint.map_or("unknown".to_owned(), |ms| format!("{ms:.0} ms"));
        let times = [
            format!("first paint after navigation: {paint}, ready: {ready:.0} ms"),
            format!(
                "slice (median of {slices}): normalise {normalize:.1} ms, encoder {encode:.1} ms, network {forward:.1} ms"
            ),
            format!(
                "volume: {slices} slices in {whole:.0} ms on {cores} cores, {:.1} ms a slice",
                whole / *slices as f64
            ),
            format!("click: {click:.1} ms (median of {CLICKS})"),
        ];
        format!("{}\n{}", app.results.diagnostics(), times.join("\n"))
    }
}

/// Opens the sample study, segments it, clicks on it and closes it again; none if the network never answers.
async fn measure(app: App, say: &dyn Fn(Text)) -> Option<Measured> {
    let App { documents, annotation, inference, .. } = app;
    until(|| inference.engine.with(|engine| engine.is_ready())).await?;
    let ready = since_navigation_ms();
    // Another device may be on trial, which would take the time of this one.
    until(|| inference.trial.get() != Trial::Running).await?;
    say(text!("bench-study"));
    app.open_sample(STUDY);
    until(|| documents.study_on_screen().is_some() && !documents.is_reading()).await?;
    let study = untrack(|| documents.study_on_screen())?;
    // What is built at the first slice is not measured with the others.
    until(|| annotation.segmentation.with(Option::is_some)).await?;
    let slices = study.slices();
    let begun = since_navigation_ms();
    annotation.segment_whole();
    let mut cores = 1;
    while untrack(|| inference.whole.with(Option::is_some)) {
        if let Some(progress) = untrack(|| annotation.whole_progress()) {
            cores = cores.max(progress.cores);
            say(text!("bench-slices", done = progress.done, total = progress.total));
        }
        sleep(TICK).await;
    }
    let whole = since_navigation_ms() - begun;
    let mut times = [const { Vec::new() }; 3];
    for id in study.slice_ids() {
        documents.select(id);
        until(|| documents.selected.get() == Some(id) && annotation.segmentation.with(Option::is_some)).await?;
        let found = annotation.segmentation.get_untracked()?.times;
        let found = [found.normalize_ms, found.encode_ms, found.forward_ms];
        times.iter_mut().zip(found).for_each(|(times, ms)| times.push(ms));
    }
    say(text!("bench-clicks", count = Value::from(CLICKS)));
    let click = click(app).await?;
    for id in study.slice_ids() {
        app.discard(id);
    }
    Some(Measured { paint: first_paint_ms(), ready, slice: times.map(median), slices, whole, cores, click })
}

/// The median time of clicks, each where the mask of the slice with the largest one is most wrong; in milliseconds.
async fn click(app: App) -> Option<f64> {
    let App { documents, annotation, .. } = app;
    annotation.to_largest_slice();
    until(|| documents.label.with(Option::is_some) && annotation.mask.with(Option::is_some)).await?;
    let mut times = Vec::new();
    for at in 0..=CLICKS {
        let (label, mask) = untrack(|| documents.label.get().zip(annotation.mask.get()))?;
        let Some((point, tool)) = worst_place_of(&mask, &label) else { break };
        let begun = since_navigation_ms();
        annotation.click(point, PromptKind::of(tool == Tool::Add));
        until(|| annotation.with_edits(|edits| edits.unanswered().is_none())).await?;
        if at > 0 {
            times.push(since_navigation_ms() - begun);
        }
    }
    (!times.is_empty()).then(|| median(times))
}

async fn until(holds: impl Fn() -> bool) -> Option<()> {
    let begun = since_navigation_ms();
    while since_navigation_ms() - begun < PATIENCE_MS {
        if untrack(&holds) {
            return Some(());
        }
        sleep(TICK).await;
    }
    None
}

/// When the browser first painted something of the page, in milliseconds after navigation.
fn first_paint_ms() -> Option<f64> {
    let clock = window().performance()?;
    let entries = clock.get_entries_by_name("first-contentful-paint");
    Reflect::get(&entries.get(0), &"startTime".into()).ok()?.as_f64()
}

/// Of the two in the middle the later.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_one() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![]), 0.0);
    }
}

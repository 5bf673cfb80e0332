//! What was found on the slice on screen: presence, area, diameters; the threshold; how long it took.

use leptos::prelude::*;

use super::Section;
use crate::annotation::Annotation;
use crate::annotation::edits::Edits;
use crate::documents::Documents;
use crate::inference::Engine;
use crate::inference::Inference;
use crate::language::{Text, Value, text};
use crate::results::Results;
use crate::results::presence::{self, Said};
use crate::results::written;
use crate::screen::slider::{Scale, Slider, sensitivity_title};
use crate::viewport::Viewport;

/// The section.
#[component]
pub fn ThisSlice() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let title = move || match documents.picture.with(|picture| picture.as_ref().map(|picture| picture.index + 1)) {
        Some(number) if documents.study_on_screen().is_some() => text!("this-slice-numbered", number),
        _ => text!("this-slice"),
    };
    view! {
        <Section id="slice" title=title>
            <Show when=move || annotation.segmentation.with(Option::is_some) && documents.doubt().is_none() fallback=Waiting>
                <Figures/>
            </Show>
        </Section>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    let inference = expect_context::<Inference>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let state = move || match (documents.selected.get(), inference.engine.get(), inference.running.get()) {
        _ if documents.doubt().is_some() => ("doubted", "".into()),
        (None, ..) => ("slice", text!("waiting-slice")),
        (_, Engine::Failed(_), _) => ("failed", text!("waiting-failed")),
        (_, Engine::Ready(_), Some(_)) => ("running", text!("waiting-running")),
        (_, Engine::Ready(_), None) => ("stopped", text!("waiting-stopped")),
        _ => ("engine", text!("waiting-engine")),
    };
    let stopped = move || {
        inference.running.get().is_none()
            && documents.doubt().is_none()
            && documents.picture.with(Option::is_some)
            && inference.engine.with(Engine::is_ready)
    };
    view! {
        <p class="waiting" data-waiting=move || state().0>{move || state().1.written()}</p>
        <Show when=stopped>
            <button data-action="segment" on:click=move |_| annotation.segment_again()>{text!("segment")}</button>
        </Show>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let inference = expect_context::<Inference>();
    let viewport = expect_context::<Viewport>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let presence = move || annotation.segmentation.get().map_or(0.0, |found| found.presence);
    let marked = move || annotation.mask.with(|mask| mask.as_ref().is_some_and(|mask| mask.area_px() > 0));
    let said = Memo::new(move |_| Said::of(presence(), inference.engine.with(Engine::presence_borders), marked()));
    let told = move || presence::told(presence(), marked(), annotation.with_edits(Edits::is_corrected)).written();
    let skipped = move || annotation.map.with(Option::is_none) && annotation.with_edits(|edits| !edits.is_corrected());
    let area = move || annotation.mask.get().map_or(0, |mask| mask.area_px());
    let spacing = move || documents.picture.with(|picture| picture.as_ref().and_then(|picture| picture.spacing_mm));
    let area_shown = move || written::area(area(), spacing().map(|[x, y]| area() as f64 * x * y)).written();
    let share = move || {
        let pixels = annotation.mask.get().map_or(1, |mask| mask.pixels().len().max(1));
        let percent = Value::fixed(100.0 * area() as f64 / pixels as f64, 1);
        match spacing() {
            Some(_) => text!("share-with-pixels", percent, pixels = area()).written(),
            None => text!("share", percent).written(),
        }
    };
    let diameters = move || {
        let found = results.shown_diameters()?;
        let (unit, spacing) = spacing().map_or(("px", [1.0; 2]), |spacing| ("mm", spacing));
        let lengths =
            written::diameters(found.longest.length(spacing), found.perpendicular.length(spacing), unit).written();
        Some((lengths, text!("product", product = written::product(found.product(spacing), unit)).written()))
    };
    let drawn = move || annotation.with_edits(|edits| edits.diameters().is_some());
    // Thresholding is so short that it is measured where it is shown, for the mask on screen.
    let mask_ms = Memo::new(move |_| {
        let clock = window().performance()?;
        let found = annotation.segmentation.get()?;
        let started = clock.now();
        found.map.as_ref()?.mask(annotation.threshold.get());
        Some(clock.now() - started)
    });
    let time = move || {
        let (Some(found), Some(picture)) = (annotation.segmentation.get(), documents.picture.get()) else {
            return Vec::new();
        };
        let times = found.times;
        vec![
            (text!("time-decode"), f64::from(picture.info.decode_us) / 1000.0),
            (text!("time-normalise"), times.normalize_ms),
            (text!("time-encoder"), times.encode_ms),
            (text!("time-decoder"), times.forward_ms - times.encode_ms),
            (text!("time-mask"), mask_ms.get().unwrap_or(0.0)),
        ]
    };
    view! {
        <div class="figure-row">
            <div class="fact">
                <span class="fact-name">{text!("tumour-present")}</span>
                <output
                    class="fact-value" class:doubt=move || said.get() == Said::Unsure
                    title=told
                    data-fact="presence" data-said=move || said.get().name() data-value=move || presence().to_string()
                >{move || said.get().words().written()}</output>
            </div>
            <div class="fact">
                <span class="fact-name">{text!("tumour-area")}</span>
                <output class="fact-value" data-fact="area">{area_shown}</output>
                <span class="fact-note">{share}</span>
            </div>
        </div>
        {move || diameters().map(|(lengths, product)| view! {
            <div class="fact">
                <span class="fact-name">{if drawn() { text!("diameters-drawn") } else { text!("diameters") }}</span>
                <output class="fact-value small" data-fact="diameters">{lengths}</output>
                <span class="fact-note">{product}</span>
                {drawn().then(|| view! { <button class="quiet" data-action="compute-diameters" on:click=move |_| annotation.draw_diameters(None, annotation.fresh_number())>{text!("compute-again")}</button> })}
            </div>
        })}
        <div class="sliders">
            <Slider name=text!("sensitivity") key="threshold" scale=Scale::SENSITIVITY value=annotation.threshold default=annotation.own_threshold title=sensitivity_title(annotation) set=move |v| annotation.set_threshold(v)/>
            <Slider name=text!("opacity") scale=Scale::SHARE value=viewport.opacity set=move |v| viewport.opacity.set(v)/>
        </div>
        <Show when=skipped>
            <p class="empty-slice">
                {text!("skipped")}" "
                <button data-action="segment-anyway" on:click=move |_| annotation.segment_anyway()>{text!("segment-anyway")}</button>
            </p>
        </Show>
        <details class="times" data-panel="times">
            <summary>{text!("time")}" "<output data-fact="time">{move || milliseconds(time().iter().map(|t| t.1).sum(), 0).written()}</output></summary>
            <table>
                {move || time().into_iter().map(|(stage, ms)| view! {
                    <tr><th>{stage}</th><td>{milliseconds(ms, 1)}</td></tr>
                }).collect_view()}
            </table>
        </details>
    }
}

/// A time as the language writes it.
fn milliseconds(ms: f64, digits: usize) -> Text {
    text!("amount", value = Value::fixed(ms, digits), unit = "ms")
}

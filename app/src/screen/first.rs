//! The first screen, while nothing is open: what the page does in a sentence, shown on a slice; what to open; the samples.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::App;
use crate::commands::command;
use crate::documents::Documents;
use crate::documents::samples::{CREDIT, SAMPLES, Sample};
use crate::inference::{Engine, Inference};
use crate::language::{Value, text};
use crate::pacs::Pacs;
use crate::preview::Preview;
use crate::screen::command_button::CommandButton;
use crate::tour::Tour;
use crate::viewport::Sequences;
use crate::viewport::canvas::{self, Canvas};
use crate::viewport::projection::CanvasFromSlice;
use crate::viewport::theme::{self, MASK};

/// Opacity of the mask's fill on the slice.
const OPACITY: f32 = 0.45;
/// Side of a sample's picture, in pixels.
const PICTURE_PX: usize = 192;

/// The first screen.
#[component]
pub fn First() -> impl IntoView {
    let tour = expect_context::<Tour>();
    let pacs = expect_context::<Pacs>();
    view! {
        <section class="first" data-panel="first" aria-labelledby="first-heading">
            <div class="first-words">
                <h2 id="first-heading" data-heading="">{text!("first-heading")}</h2>
                <p class="first-promise">{text!("first-promise")}</p>
                <div class="first-buttons">
                    <button class="primary" data-action="try" on:click=move |_| tour.try_it()>{text!("first-try")}</button>
                    <button data-action="open-files" on:click=|_| pick("files")>{text!("first-files")}</button>
                    <button data-action="open-folder" on:click=|_| pick("folder")>{text!("first-folder")}</button>
                    {pacs.offered.then(|| view! { <CommandButton command=command("pacs-open") words=true/> })}
                </div>
                <p class="first-drop">{text!("first-drop")}</p>
            </div>
            <Slice/>
            <div class="first-samples">
                <h3>{text!("samples")}</h3>
                <div class="samples">{SAMPLES.map(|sample| view! { <SampleCard sample/> })}</div>
                <p class="credit">{CREDIT} ". " <a href="./samples/LICENCE.md" target="_blank">{text!("samples-terms")}</a></p>
            </div>
        </section>
    }
}

#[component]
fn SampleCard(sample: Sample) -> impl IntoView {
    let app = expect_context::<App>();
    let picture = format!("./samples/{}", sample.picture);
    view! {
        <button class="sample" data-sample=sample.files[0] on:click=move |_| app.open_sample(sample)>
            <img src=picture alt="" width=PICTURE_PX height=PICTURE_PX/>
            <span>{sample.title()}</span>
        </button>
    }
}

/// The slice that the network has just outlined, or how far it is.
#[component]
fn Slice() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let inference = expect_context::<Inference>();
    let preview = expect_context::<Preview>();
    let tour = expect_context::<Tour>();
    let surface = NodeRef::<html::Canvas>::new();
    let shown = Memo::new(move |_| !documents.is_reading());
    let size = RwSignal::new(0_u32);
    let resized = window_event_listener(leptos::ev::resize, move |_| size.update(|count| *count += 1));
    on_cleanup(move || resized.remove());
    Effect::new(move |_| {
        size.track();
        let (Some(element), Some(picture)) = (surface.get(), preview.picture.get()) else { return };
        let view = Canvas::of(element);
        let (width, height, density) = view.fit();
        view.clear(theme::AROUND_SLICE);
        let place = CanvasFromSlice::within(picture.size(), picture.aspect(), (0.0, 0.0), (width, height));
        view.stamp_image(&canvas::slice(&picture, Sequences::One(1), picture.levels), place);
        if let Some(outlined) = preview.outlined.get() {
            view.stamp(&canvas::fill(&outlined.mask, MASK, OPACITY), place);
            view.trace(&outlined.mask, place, MASK, 2.0 * density);
        }
    });
    let time_ms = move || preview.outlined.with(|outlined| outlined.as_ref().map(|outlined| outlined.time_ms));
    let area_px = move || preview.outlined.with(|outlined| outlined.as_ref().map(|outlined| outlined.mask.area_px()));
    let state = move || match (shown.get(), time_ms(), inference.engine.get()) {
        (false, ..) => ("reading", text!("first-reading", files = documents.opening.with(|all| all.len()).max(1))),
        (_, Some(ms), _) => ("outlined", text!("first-outlined", seconds = Value::fixed(ms / 1000.0, 2))),
        (.., Engine::Failed(_)) => ("failed", text!("first-failed")),
        (.., Engine::Ready(_)) => ("outlining", text!("first-outlining")),
        _ => ("loading", text!("first-loading")),
    };
    let works = move || matches!(state().0, "reading" | "outlining" | "loading");
    view! {
        <figure class="first-slice" data-preview=move || state().0 data-time-ms=time_ms data-area=area_px>
            <canvas
                node_ref=surface
                aria-label=text!("first-slice")
                role="img"
                hidden=move || !shown.get()
                on:click=move |_| tour.try_it()
            ></canvas>
            <figcaption aria-live="polite">
                <span class="spinner" hidden=move || !works()></span>
                <span>{move || state().1.written()}</span>
                <span class="hint" hidden=move || state().0 != "outlined">{text!("first-click")}</span>
            </figcaption>
        </figure>
    }
}

/// Lets a person choose files, as the button of the bar does.
fn pick(what: &str) {
    let input = document().query_selector(&format!("[data-open={what}]")).ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
        input.click();
    }
}

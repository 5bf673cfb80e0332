//! What was found: presence, area, agreement with the label, time, device.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlAnchorElement;

use crate::canvas::{self, Canvas};
use crate::figure;
use crate::pairing::stem;
use crate::session::{Engine, Session};

/// The panel beside the viewer.
#[component]
pub fn Results() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <aside class="results" aria-label="Results">
            <h2>{move || session.name().unwrap_or_else(|| "Nothing open".into())}</h2>
            <Show when=move || session.segmentation.with(Option::is_some) fallback=Waiting>
                <Findings/>
            </Show>
            <Show when=move || session.label.with(Option::is_some) && session.mask.with(Option::is_some)>
                <Comparison/>
            </Show>
            <Model/>
        </aside>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    let session = expect_context::<Session>();
    let text = move || match (session.selected.get(), session.engine.get(), session.running.get()) {
        (None, ..) => "Open a slice to see what the network finds.",
        (_, Engine::Failed(_), _) => "There is no engine to segment with.",
        (_, Engine::Ready(_), Some(_)) => "Segmenting …",
        (_, Engine::Ready(_), None) => "Stopped.",
        _ => "The slice is segmented as soon as the engine is ready.",
    };
    let stopped = move || {
        session.running.get().is_none()
            && session.picture.with(Option::is_some)
            && matches!(session.engine.get(), Engine::Ready(_))
    };
    view! {
        <p class="waiting">{text}</p>
        <Show when=stopped>
            <button on:click=move |_| session.segment_again()>"Segment"</button>
        </Show>
    }
}

#[component]
fn Findings() -> impl IntoView {
    let session = expect_context::<Session>();
    let presence = move || session.segmentation.get().map_or(0.0, |found| found.presence);
    let skipped = move || session.map.with(Option::is_none) && session.with_edits(|edits| !edits.is_corrected());
    let area = move || session.mask.get().map_or(0, |mask| mask.area_px());
    let share = move || {
        let pixels = session.mask.get().map_or(1, |mask| mask.pixels().len().max(1));
        format!("{:.1} % of the slice", 100.0 * area() as f64 / pixels as f64)
    };
    // Thresholding is so short that it is measured where it is shown, for the mask on screen.
    let mask_ms = Memo::new(move |_| {
        let clock = window().performance()?;
        let found = session.segmentation.get()?;
        let started = clock.now();
        found.map.as_ref()?.mask(session.threshold.get());
        Some(clock.now() - started)
    });
    let time = move || {
        let (Some(found), Some(picture)) = (session.segmentation.get(), session.picture.get()) else {
            return Vec::new();
        };
        let times = found.times;
        vec![
            ("Decode", f64::from(picture.info.decode_us) / 1000.0),
            ("Normalise", times.normalize_ms),
            ("Encoder, presence", times.encode_ms),
            ("Decoder", times.forward_ms - times.encode_ms),
            ("Mask", mask_ms.get().unwrap_or(0.0)),
        ]
    };
    view! {
        <div class="figure-row">
            <div class="fact">
                <span class="fact-name">"Tumour present"</span>
                <output class="fact-value" data-fact="presence">{move || format!("{:.1} %", 100.0 * presence())}</output>
                <meter min="0" max="1" prop:value=presence></meter>
            </div>
            <div class="fact">
                <span class="fact-name">"Tumour area"</span>
                <output class="fact-value" data-fact="area">{move || format!("{} px", area())}</output>
                <span class="fact-note">{share}</span>
            </div>
        </div>
        <Show when=skipped>
            <p class="empty-slice">
                "No tumour found in this slice, so its outline was not computed. "
                <button on:click=move |_| session.segment_anyway()>"Segment anyway"</button>
            </p>
        </Show>
        <details>
            <summary>"Time "<output data-fact="time">{move || format!("{:.0} ms", time().iter().map(|t| t.1).sum::<f64>())}</output></summary>
            <table>
                {move || time().into_iter().map(|(stage, ms)| view! {
                    <tr><th>{stage}</th><td>{format!("{ms:.1} ms")}</td></tr>
                }).collect_view()}
            </table>
        </details>
        <button on:click=move |_| save_mask(session)>"Save mask (PNG)"</button>
    }
}

#[component]
fn Comparison() -> impl IntoView {
    let session = expect_context::<Session>();
    let surface = NodeRef::<html::Canvas>::new();
    let large = RwSignal::new(false);
    let score = |value: Option<f64>| value.map_or("n/a".into(), |value| format!("{value:.3}"));
    let dice = move || score(session.overlap.get().and_then(|overlap| overlap.dice()));
    let iou = move || score(session.overlap.get().and_then(|overlap| overlap.iou()));
    Effect::new(move |_| {
        let (Some(element), Some(picture), Some(label), Some(mask), Some(overlap)) =
            (surface.get(), session.picture.get(), session.label.get(), session.mask.get(), session.overlap.get())
        else {
            return;
        };
        let line = figure::line(&session.name().unwrap_or_default(), overlap);
        figure::draw(&Canvas::of(element), &picture, session.sequences.get(), &label, &mask, &line);
    });
    let save = move |_| {
        if let Some(element) = surface.get_untracked() {
            save(&Canvas::of(element), session, "comparison");
        }
    };
    view! {
        <div class="figure-row">
            <div class="fact">
                <span class="fact-name">"Dice"</span>
                <output class="fact-value" data-fact="dice">{dice}</output>
            </div>
            <div class="fact">
                <span class="fact-name">"IoU (Jaccard)"</span>
                <output class="fact-value" data-fact="iou">{iou}</output>
            </div>
        </div>
        <button
            class="comparison"
            class:large=large
            title=move || if large.get() { "Back to the panel" } else { "Enlarge" }
            aria-pressed=move || large.get().to_string()
            on:click=move |_| large.update(|large| *large = !*large)
            on:keydown=move |event| {
                if event.key() == "Escape" && large.get_untracked() {
                    event.stop_propagation();
                    large.set(false);
                }
            }
        >
            <canvas node_ref=surface aria-label="Comparison of label and prediction"></canvas>
        </button>
        <button on:click=save>"Save comparison (PNG)"</button>
    }
}

#[component]
fn Model() -> impl IntoView {
    let session = expect_context::<Session>();
    move || {
        let Engine::Ready(ready) = session.engine.get() else { return ().into_any() };
        let measured = ready.mean_volume_dice.map(|dice| {
            view! { <span>{format!("Mean volume Dice on unseen patients {dice:.2}. ")}</span> }
        });
        view! {
            <footer class="model">
                <p>
                    {ready.model.clone()} " on " {ready.device.to_string()} ", " {ready.adapter.clone()} ". "
                    {measured}
                    <a href=format!("{}/README.md", ready.folder) target="_blank">"Model card"</a>
                </p>
                <p>"Research use, not a medical device. Areas are in pixels: these files carry no spacing."</p>
            </footer>
        }
        .into_any()
    }
}

/// Offers the mask on screen as a PNG on the slice's own grid, 255 where there is tumour.
fn save_mask(session: Session) {
    if let Some(mask) = session.mask.get_untracked() {
        let black = Canvas::detached(mask.width(), mask.height());
        black.clear("#000");
        let place = canvas::Place { x: 0.0, y: 0.0, scale: 1.0 };
        black.stamp(&canvas::fill(&mask, [255; 3], 1.0), place);
        save(&black, session, "mask");
    }
}

fn save(canvas: &Canvas, session: Session, what: &str) {
    let name = untrack(move || session.name()).unwrap_or_default();
    let url = canvas.element().to_data_url().expect("the canvas holds only the user's own pixels");
    let link: HtmlAnchorElement = document().create_element("a").expect("the name is valid").unchecked_into();
    link.set_href(&url);
    link.set_download(&format!("{}_{what}.png", stem(&name)));
    link.click();
}

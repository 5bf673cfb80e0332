//! The mask beside the label that came with the slice or the study.

use leptos::html;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::Section;
use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::language::{decimal, text};
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::results::figure;
use crate::screen::volume_agreement::VolumeAgreement;
use crate::viewport::Viewport;
use crate::viewport::canvas::Canvas;

/// The section; nothing while the slice on screen has no label.
#[component]
pub fn Comparison() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let any = Memo::new(move |_| {
        (has_both(documents, annotation) || results.volume_overlap.with(Option::is_some)) && documents.doubt().is_none()
    });
    parts::view_while(any, comparison)
}

/// Whether the slice on screen has a mask and a label.
fn has_both(documents: Documents, annotation: Annotation) -> bool {
    documents.label.with(Option::is_some) && annotation.mask.with(Option::is_some)
}

#[wasm_split(study, fallible)]
fn comparison() -> Fetched<Content> {
    Ok(|| view! { <Compared/> }.into_any())
}

#[component]
fn Compared() -> impl IntoView {
    let (documents, annotation) = (expect_context::<Documents>(), expect_context::<Annotation>());
    let slice = Memo::new(move |_| has_both(documents, annotation));
    view! {
        <Section id="compare" title=text!("compare")>
            <VolumeAgreement/>
            <Show when=move || slice.get()><SliceComparison/></Show>
        </Section>
    }
}

#[component]
fn SliceComparison() -> impl IntoView {
    let results = expect_context::<Results>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let viewport = expect_context::<Viewport>();
    let surface = NodeRef::<html::Canvas>::new();
    let large = RwSignal::new(false);
    let score = |value: Option<f64>| value.map_or(String::new(), |value| decimal(value, 3));
    // Of two empty masks there is no share that overlaps.
    let both_empty = move || annotation.overlap.get().is_some_and(|overlap| overlap.dice().is_none());
    let dice = move || score(annotation.overlap.get().and_then(|overlap| overlap.dice()));
    let iou = move || score(annotation.overlap.get().and_then(|overlap| overlap.iou()));
    Effect::new(move |_| {
        let (Some(element), Some(picture), Some(label), Some(mask), Some(overlap)) = (
            surface.get(),
            documents.picture.get(),
            documents.label.get(),
            annotation.mask.get(),
            annotation.overlap.get(),
        ) else {
            return;
        };
        let line = figure::line(&results.slice_name(), overlap);
        let shown = (viewport.sequences.get(), viewport.levels_of(&picture));
        figure::draw(&Canvas::of(element), &picture, shown, &label, &mask, &line);
    });
    let save = move |_| {
        if let Some(element) = surface.get_untracked() {
            results.save_canvas(&Canvas::of(element), "comparison");
        }
    };
    view! {
        <p data-fact="agreement" hidden=move || !both_empty()>{move || both_empty().then(|| figure::both_empty().written())}</p>
        <div class="figure-row" hidden=both_empty>
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
            data-action="enlarge-comparison"
            class:large=large
            title=move || if large.get() { text!("comparison-back").written() } else { text!("comparison-enlarge").written() }
            aria-pressed=move || large.get().to_string()
            on:click=move |_| large.update(|large| *large = !*large)
            on:keydown=move |event| {
                if event.key() == "Escape" && large.get_untracked() {
                    event.stop_propagation();
                    large.set(false);
                }
            }
        >
            <canvas node_ref=surface aria-label=text!("comparison")></canvas>
        </button>
        <button data-save="comparison" on:click=save>{text!("save-comparison")}</button>
        <button data-action="use-label" title=text!("use-label.help") on:click=move |_| annotation.take_label_as_mask()>{text!("use-label")}</button>
    }
}

//! What was found in the study as a whole.

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::Section;
use crate::annotation::Annotation;
use crate::app::App;
use crate::commands;
use crate::documents::Documents;
use crate::inference::Progress;
use crate::language::text;
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::results::finding::{Finding, Largest};
use crate::results::written;
use crate::words::slices_named;

/// The section; nothing while a slice is open by itself.
#[component]
pub fn FindingSection() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let several = move || documents.study_on_screen().is_some_and(|study| study.slices() > 1);
    let is_shown = Memo::new(move |_| several() && documents.doubt().is_none());
    parts::view_while(is_shown, finding)
}

#[wasm_split(study, fallible)]
fn finding() -> Fetched<Content> {
    Ok(|| view! { <Whole/> }.into_any())
}

#[component]
fn Whole() -> impl IntoView {
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let documents = expect_context::<Documents>();
    let app = expect_context::<App>();
    let progress = Memo::new(move |_| {
        let here = documents.study_on_screen()?.info.study;
        annotation
            .whole_progress()
            .filter(|progress| progress.study == here)
            .map(|Progress { done, total, .. }| (done, total))
    });
    let open = move || results.finding().is_some_and(|found| found.segmented < found.slices);
    let whole = move || match (progress.get(), results.finding()) {
        (Some((done, total)), _) => text!("segmenting-all", done, total).written(),
        (None, Some(found)) => text!("segment-all", slices = found.slices).written(),
        (None, None) => String::new(),
    };
    let figures = move || results.finding().map(|found| view! { <Figures found=(*found).clone()/> });
    // Where the whole tumour is known, it is said where it lies.
    Effect::new(move |_| {
        if results.finding().is_some_and(|found| found.segmented == found.slices && found.voxels > 0) {
            results.ask_for_midline();
        }
    });
    let midlines = results.midlines;
    let location = move || {
        results.location_written().map(|written| view! {
        <div class="fact">
            <span class="fact-name">{text!("location-name")}</span>
            <span data-fact="location">{written}</span>
            <span class="fact-note">
                <button class="link" data-action="midline" aria-pressed=move || midlines.shown.get().to_string() title=text!("midline.help") on:click=move |_| midlines.shown.update(|shown| *shown = !*shown)>{text!("midline")}</button>
                <span hidden=move || !midlines.shown.get()>
                    <button data-action="midline-left" aria-label=text!("midline-left") on:click=move |_| results.move_midline(-1.0)>"←"</button>
                    <button data-action="midline-right" aria-label=text!("midline-right") on:click=move |_| results.move_midline(1.0)>"→"</button>
                </span>
            </span>
        </div>
    })
    };
    let parts = move || results.finding().is_some_and(|found| found.voxels > 0);
    view! {
        <Section id="finding" title=text!("finding")>
            {figures}
            {location}
            <div class="section-buttons">
                <button
                    data-command="whole-volume"
                    class:primary=open
                    disabled=move || !open() && progress.get().is_none()
                    title=move || commands::command("whole-volume").title(app)
                    on:click=move |_| annotation.segment_whole()
                >{whole}</button>
                <button
                    data-action="keep-largest"
                    hidden=move || !parts()
                    title=text!("keep-largest.help")
                    on:click=move |_| annotation.keep_largest_part()
                >{text!("keep-largest")}</button>
            </div>
        </Section>
    }
}

#[component]
fn Figures(found: Finding) -> impl IntoView {
    let documents = expect_context::<Documents>();
    let Finding { voxels, volume_ml, marked, segmented, slices, largest } = found;
    let complete = segmented == slices;
    let note = match (complete, marked.len()) {
        (false, _) => text!("segmented-so-far", segmented, slices),
        (true, 0) => text!("marked-on-none", slices),
        (true, count) => text!("marked-on", count, slices, named = slices_named(&marked)),
    };
    view! {
        <div class="fact">
            <span class="fact-name">{text!("tumour-volume")}</span>
            <output class="fact-value" data-fact="volume" data-segmented=segmented data-of=slices data-marked=marked.len()>
                {written::volume(voxels, volume_ml)}
            </output>
            <span class="fact-note">{note}</span>
        </div>
        {largest.map(|largest| {
            let Largest { file, index, .. } = largest;
            let (longest, perpendicular, unit) = largest.lengths();
            view! {
                <div class="fact">
                    <span class="fact-name">{text!("largest-product")}</span>
                    <output class="fact-value small" data-fact="largest" data-slice=index + 1>
                        {written::diameters(longest, perpendicular, unit)}
                    </output>
                    <span class="fact-note">
                        {written::product(largest.product(), unit)} ", "
                        <button class="link" data-action="show-largest" on:click=move |_| documents.select(file)>
                            {slices_named(&[index])}
                        </button>
                    </span>
                </div>
            }
        })}
    }
}

//! What was found: presence, area, agreement with the label, time, device.

use leptos::html;
use leptos::prelude::*;
use protocol::ExportFormat;

use crate::annotation::Annotation;
use crate::annotation::edits::Edits;
use crate::documents::Documents;
use crate::inference::Engine;
use crate::inference::Inference;
use crate::results::Results;
use crate::results::figure;
use crate::results::measures::with_unit;
use crate::results::presence::{self, Said};
use crate::screen::doubt::Doubted;
use crate::screen::slider::{Scale, Slider};
use crate::screen::study_panel::StudyPanel;
use crate::viewport::Viewport;
use crate::viewport::canvas::Canvas;
use crate::words::counted;

/// The panel beside the viewer.
#[component]
pub fn ResultsPanel() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    view! {
        <aside class="results" data-panel="results" aria-label="Results">
            <h2 data-shown=move || documents.name().unwrap_or_default()>{move || documents.name().unwrap_or_else(|| "Nothing open".into())}</h2>
            <StudyPanel/>
            <Doubted/>
            <Show when=move || annotation.segmentation.with(Option::is_some) && documents.doubt().is_none() fallback=Waiting>
                <Findings/>
            </Show>
            <Show when=move || documents.label.with(Option::is_some) && annotation.mask.with(Option::is_some) && documents.doubt().is_none()>
                <Comparison/>
            </Show>
            <Show when=move || documents.study_on_screen().is_some_and(|study| study.slices() > 1)>
                <SliceBySlice/>
            </Show>
            <Show when=move || documents.study_on_screen().is_some() && annotation.mask.with(Option::is_some)>
                <button data-action="keep-largest" title="Erase what is not connected with the largest part, in all slices" on:click=move |_| annotation.keep_largest_part()>"Keep largest part only"</button>
            </Show>
            <Keeping/>
            <Model/>
        </aside>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    let inference = expect_context::<Inference>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let state = move || match (documents.selected.get(), inference.engine.get(), inference.running.get()) {
        _ if documents.doubt().is_some() => ("doubted", ""),
        (None, ..) => ("slice", "Open a slice to see what the network finds."),
        (_, Engine::Failed(_), _) => ("failed", "There is no engine to segment with."),
        (_, Engine::Ready(_), Some(_)) => ("running", "Segmenting …"),
        (_, Engine::Ready(_), None) => ("stopped", "Stopped."),
        _ => ("engine", "The slice is segmented as soon as the engine is ready."),
    };
    let stopped = move || {
        inference.running.get().is_none()
            && documents.doubt().is_none()
            && documents.picture.with(Option::is_some)
            && inference.engine.with(Engine::is_ready)
    };
    view! {
        <p class="waiting" data-waiting=move || state().0>{move || state().1}</p>
        <Show when=stopped>
            <button data-action="segment" on:click=move |_| annotation.segment_again()>"Segment"</button>
        </Show>
    }
}

#[component]
fn Findings() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let viewport = expect_context::<Viewport>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let presence = move || annotation.segmentation.get().map_or(0.0, |found| found.presence);
    let inference = expect_context::<Inference>();
    let marked = move || annotation.mask.with(|mask| mask.as_ref().is_some_and(|mask| mask.area_px() > 0));
    let said = Memo::new(move |_| Said::of(presence(), inference.engine.with(Engine::presence_borders), marked()));
    let told = move || presence::told(presence(), marked(), annotation.with_edits(Edits::is_corrected));
    let skipped = move || annotation.map.with(Option::is_none) && annotation.with_edits(|edits| !edits.is_corrected());
    let area = move || annotation.mask.get().map_or(0, |mask| mask.area_px());
    let spacing = move || documents.picture.with(|picture| picture.as_ref().and_then(|picture| picture.spacing_mm));
    let area_shown = move || match spacing() {
        Some([x, y]) => with_unit(area() as f64 * x * y, "mm²"),
        None => format!("{} px", area()),
    };
    let share = move || {
        let pixels = annotation.mask.get().map_or(1, |mask| mask.pixels().len().max(1));
        let share = format!("{:.1} % of the slice", 100.0 * area() as f64 / pixels as f64);
        if spacing().is_some() { format!("{} px, {share}", area()) } else { share }
    };
    let diameters = move || {
        let found = results.shown_diameters()?;
        let (unit, spacing) = spacing().map_or(("px", [1.0; 2]), |spacing| ("mm", spacing));
        let (longest, across) = (found.longest.length(spacing), found.perpendicular.length(spacing));
        Some((format!("{longest:.1} × {across:.1} {unit}"), format!("product {:.0} {unit}²", found.product(spacing))))
    };
    let drawn = move || annotation.with_edits(|edits| edits.diameters().is_some());
    let volume = move || {
        let study = documents.study_on_screen().filter(|study| study.slices() > 1)?;
        let voxels: usize = study.slice_ids().map(|id| annotation.area_px(id)).sum();
        let known = annotation.segmented_slices(&study);
        let size = match study.info.voxel_mm3 {
            Some(mm3) => with_unit(voxels as f64 * mm3 / 1000.0, "ml"),
            None => counted(voxels, "voxel"),
        };
        let name = if known < study.slices() { "Tumour volume so far" } else { "Tumour volume" };
        let note = format!("{known} of {} segmented", counted(study.slices(), "slice"));
        Some((name, size, note, [known, study.slices()]))
    };
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
                <span class="fact-name">"This slice"</span>
                <output class="fact-value" class:doubt=move || said.get() == Said::Unsure title=told data-fact="presence" data-said=move || said.get().name() data-value=move || presence().to_string()>{move || said.get().words()}</output>
            </div>
            <div class="fact">
                <span class="fact-name">"Tumour area"</span>
                <output class="fact-value" data-fact="area">{area_shown}</output>
                <span class="fact-note">{share}</span>
            </div>
        </div>
        {move || volume().map(|(name, size, note, [known, slices])| view! {
            <div class="fact">
                <span class="fact-name">{name}</span>
                <output class="fact-value" data-fact="volume" data-segmented=known data-of=slices>{size}</output>
                <span class="fact-note">{note}</span>
            </div>
        })}
        {move || diameters().map(|(lengths, product)| view! {
            <div class="fact">
                <span class="fact-name">{if drawn() { "Diameters (drawn by hand)" } else { "Longest diameter × perpendicular" }}</span>
                <output class="fact-value small" data-fact="diameters">{lengths}</output>
                <span class="fact-note">{product}</span>
                {drawn().then(|| view! { <button class="quiet" data-action="compute-diameters" on:click=move |_| annotation.draw_diameters(None, annotation.fresh_number())>"Compute again"</button> })}
            </div>
        })}
        <div class="sliders">
            <Slider name="Threshold" scale=Scale::LOG_ODDS value=annotation.threshold set=move |v| annotation.set_threshold(v)/>
            <Slider name="Opacity" scale=Scale::SHARE value=viewport.opacity set=move |v| viewport.opacity.set(v)/>
        </div>
        <Show when=skipped>
            <p class="empty-slice">
                "No tumour found in this slice, so its outline was not computed. "
                <button data-action="segment-anyway" on:click=move |_| annotation.segment_anyway()>"Segment anyway"</button>
            </p>
        </Show>
        <details class="times" data-panel="times">
            <summary>"Time "<output data-fact="time">{move || format!("{:.0} ms", time().iter().map(|t| t.1).sum::<f64>())}</output></summary>
            <table>
                {move || time().into_iter().map(|(stage, ms)| view! {
                    <tr><th>{stage}</th><td>{format!("{ms:.1} ms")}</td></tr>
                }).collect_view()}
            </table>
        </details>
    }
}

/// Figures of every slice with tumour; computed while they are looked at only.
#[component]
fn SliceBySlice() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let results = expect_context::<Results>();
    let open = RwSignal::new(false);
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.1}"));
    let rows = move || {
        let measures = open.get().then(|| results.measures()).flatten();
        let study = documents.study_on_screen();
        let rows = measures.into_iter().flat_map(|measures| measures.per_slice).filter(|row| row.area_px > 0);
        rows.map(|row| {
            let id = study.as_ref().map(|study| study.slice_id(row.slice - 1));
            let area = row.area_mm2.map_or_else(|| row.area_px.to_string(), |mm2| format!("{mm2:.0}"));
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
            <summary>"Slice by slice"</summary>
            <table>
                <tr><th>"slice"</th><th>{move || format!("area {}²", unit())}</th><th>{move || format!("longest {}", unit())}</th><th>"across"</th><th></th></tr>
                {rows}
            </table>
        </details>
    }
}

/// Everything that can be taken along, always in view.
#[component]
pub fn Saving() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let study = move || documents.study_on_screen();
    let in_study = move || study().is_some();
    let dicom = move || study().is_some_and(|study| study.info.dicom);
    view! {
        <section class="saving" data-panel="saving" aria-label="Save" hidden=move || annotation.mask.with(Option::is_none) || documents.doubt().is_some()>
            <Show when=dicom>
                <button class="primary" data-save="seg" title="DICOM segmentation with references to the images" on:click=move |_| results.export(ExportFormat::DicomSeg)>"DICOM SEG"</button>
            </Show>
            <Show when=in_study>
                <button class:primary=move || !dicom() data-save="nifti" title="Label map on the grid of the study's file" on:click=move |_| results.export(ExportFormat::Nifti)>"NIfTI mask"</button>
            </Show>
            <button data-save="report" title="One page to print or to save as PDF" on:click=move |_| results.print()>"Report"</button>
            <div class="saves">
                <button data-save="mask" title="This slice's mask, black and white" on:click=move |_| results.save_mask()>"Mask (PNG)"</button>
                <button data-save="picture" title="This slice with its mask" on:click=move |_| results.save_overlay()>"Picture (PNG)"</button>
                <button data-save="csv" title="Measurements of every slice as a table" on:click=move |_| results.save_measures(true)>"CSV"</button>
                <button data-save="json" title="Measurements of every slice, with model and device" on:click=move |_| results.save_measures(false)>"JSON"</button>
            </div>
        </section>
    }
}

/// What is kept on this computer, and the way to forget it.
#[component]
fn Keeping() -> impl IntoView {
    let annotation = expect_context::<Annotation>();
    let kept = annotation.kept;
    view! {
        <section class="keeping">
            <label>
                <input type="checkbox" data-action="keep" prop:checked=kept.wanted on:change=move |event| annotation.set_keeping(event_target_checked(&event))/>
                "Keep corrections on this computer"
            </label>
            <Show when=move || kept.slices.get() != 0>
                <p class="fact-note" data-kept-slices=move || kept.slices.get()>
                    {move || format!("{} kept; corrections come back when their files are opened. ", counted(kept.slices.get(), "slice"))}
                    <button class="quiet" data-action="forget" on:click=move |_| annotation.forget_kept()>"Forget"</button>
                </p>
            </Show>
        </section>
    }
}

#[component]
fn Comparison() -> impl IntoView {
    let results = expect_context::<Results>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let viewport = expect_context::<Viewport>();
    let surface = NodeRef::<html::Canvas>::new();
    let large = RwSignal::new(false);
    let score = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
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
        let line = figure::line(&documents.name().unwrap_or_default(), overlap);
        let shown = (viewport.sequences.get(), viewport.levels_of(&picture));
        figure::draw(&Canvas::of(element), &picture, shown, &label, &mask, &line);
    });
    let save = move |_| {
        if let Some(element) = surface.get_untracked() {
            results.save_canvas(&Canvas::of(element), "comparison");
        }
    };
    view! {
        <p data-fact="agreement" hidden=move || !both_empty()>{move || both_empty().then_some(figure::BOTH_EMPTY)}</p>
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
        <button data-save="comparison" on:click=save>"Save comparison (PNG)"</button>
        <button data-action="use-label" title="From here on the label is corrected, as one step that can be undone" on:click=move |_| annotation.take_label_as_mask()>"Use label as mask"</button>
    }
}

#[component]
fn Model() -> impl IntoView {
    let inference = expect_context::<Inference>();
    move || {
        let Engine::Ready(ready) = inference.engine.get() else { return ().into_any() };
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
                <p>"Research use, not a medical device. Where a file carries no spacing, measures are in pixels."</p>
            </footer>
        }
        .into_any()
    }
}

//! The slice on screen, with what was found in it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{PointerEvent, ResizeObserver, WheelEvent};

use crate::annotation::Annotation;
use crate::annotation::brush;
use crate::annotation::tool::Tool;
use crate::app::App;
use crate::documents::Documents;
use crate::documents::samples::{CREDIT, SAMPLES};
use crate::inference::Inference;
use crate::inference::Progress;
use crate::results::Results;
use crate::screen::gestures::{Gestures, Movement};
use crate::screen::marks::Marks;
use crate::screen::tool_options::ToolOptions;
use crate::viewport::Overlay;
use crate::viewport::Viewport;
use crate::viewport::canvas::{self, Canvas};
use crate::viewport::look::{ZOOM, ZOOM_STEP};
use crate::viewport::scale_bar::scale_bar;
use crate::viewport::theme::{self, LABEL};
use crate::viewport::wheel::{Wheel, notches};

/// The image, its overlays, zoom and pan; an invitation while nothing is open.
#[component]
pub fn Viewer() -> impl IntoView {
    let inference = expect_context::<Inference>();
    let results = expect_context::<Results>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let viewport = expect_context::<Viewport>();
    let surface = NodeRef::<html::Canvas>::new();
    let Viewport { canvas_px: size, look, canvas_from_slice, .. } = viewport;

    // Redrawn layers are kept: moving the image or the threshold repaints only what changed.
    let image = Memo::new_with_compare(
        move |_| {
            let picture = documents.picture.get()?;
            Some(SendCanvas(canvas::slice(&picture, viewport.sequences.get(), viewport.levels_of(&picture))))
        },
        |_, _| true,
    );
    let colour = Memo::new(move |_| theme::mask(documents.doubt().is_some()));
    let layer = Memo::new_with_compare(
        move |_| {
            let opacity = viewport.opacity.get();
            match viewport.overlay.get() {
                Overlay::None => None,
                Overlay::Mask => {
                    annotation.shown_mask.get().map(|mask| SendCanvas(canvas::fill(&mask, colour.get(), opacity)))
                }
                Overlay::Heat => annotation.map.get().map(|map| SendCanvas(canvas::heat(&map, opacity))),
            }
        },
        |_, _| true,
    );

    Effect::new(move |_| {
        let Some(element) = surface.get() else { return };
        let observed = element.clone();
        let resized = Closure::<dyn FnMut()>::new(move || {
            let bounds = observed.get_bounding_client_rect();
            size.set((bounds.width(), bounds.height()));
        });
        let observer =
            ResizeObserver::new(resized.as_ref().unchecked_ref()).expect("browsers with WebAssembly have it");
        observer.observe(&element);
        resized.forget();
    });
    Effect::new(move |_| {
        let (Some(element), (width, height)) = (surface.get(), size.get()) else { return };
        let density = window().device_pixel_ratio();
        let view = Canvas::of(element);
        view.resize((width * density) as usize, (height * density) as usize);
        view.clear(theme::AROUND_SLICE);
        let Some(place) = canvas_from_slice.get().map(|place| place.enlarged(density)) else { return };
        image.with(|image| image.iter().for_each(|image| view.stamp_image(&image.0, place)));
        layer.with(|layer| layer.iter().for_each(|layer| view.stamp(&layer.0, place)));
        // Over the probabilities too, so that the threshold is seen there.
        if viewport.overlay.get() != Overlay::None {
            annotation
                .shown_mask
                .with(|mask| mask.iter().for_each(|mask| view.trace(mask, place, colour.get(), 2.0 * density)));
        }
        if viewport.label_shown.get() {
            documents.label.with(|label| label.iter().for_each(|label| view.trace(label, place, LABEL, 1.5 * density)));
        }
    });

    let from_centre = move |x: i32, y: i32| {
        let (width, height) = size.get_untracked();
        (f64::from(x) - width / 2.0, f64::from(y) - height / 2.0)
    };
    let wheel = StoredValue::new(Wheel::default());
    let turned = move |event: WheelEvent| {
        event.prevent_default();
        // A pinch on a touchpad comes as a turned wheel with Ctrl.
        if !event.ctrl_key() {
            let turn = |wheel: &mut Wheel| wheel.turn(notches(&event), event.time_stamp());
            return documents.scroll(wheel.try_update_value(turn).unwrap_or_default());
        }
        let turn = notches(&event);
        let factor = ZOOM_STEP.powf(-turn.signum() * turn.abs().clamp(0.1, 1.0));
        look.update(|look| *look = look.zoomed(factor, from_centre(event.offset_x(), event.offset_y())));
    };
    let gestures = Gestures::new(documents, annotation, viewport, results);
    let down = move |event: PointerEvent| {
        if let Some(element) = surface.get_untracked() {
            // A pointer that is already gone cannot be held; then there is nothing to move.
            drop(element.set_pointer_capture(event.pointer_id()));
        }
        gestures.down(&event);
    };
    let moved = move |event: PointerEvent| match gestures.moved(&event) {
        Some(Movement::Zoom(factor)) => {
            look.update(|look| *look = look.zoomed(factor, from_centre(event.offset_x(), event.offset_y())));
        }
        Some(Movement::Pan(dx, dy)) if look.get_untracked().zoom > ZOOM.0 => {
            look.update(|look| (look.x, look.y) = (look.x + dx, look.y + dy));
        }
        _ => {}
    };
    let whole = move |_| {
        if annotation.tool.get_untracked() == Tool::Move {
            viewport.fit();
        }
    };
    let running = move || inference.running.get().is_some() || inference.whole.get().is_some();
    let doing = move || match (annotation.carrying.get(), annotation.whole_progress()) {
        (Some(carrying), _) => format!("Carrying, slice {} …", carrying.slices),
        (None, Some(Progress { done, total, left_secs, cores, .. })) => {
            let left = left_secs.map_or(String::new(), |secs| format!(", {} left", duration(secs)));
            let cores = if cores > 1 { format!(" on {cores} cores") } else { String::new() };
            format!("Whole volume, {done} of {total}{cores}{left}")
        }
        (None, None) => "Segmenting …".into(),
    };
    let kind = move || match (annotation.carrying.get(), inference.whole.get()) {
        (Some(_), _) => "carrying",
        (None, Some(_)) => "volume",
        (None, None) => "slice",
    };
    let number = move || documents.picture.get().map(|picture| picture.index + 1);
    let slices = move || documents.study_on_screen().map(|study| study.slices());
    let sides = move || documents.study_on_screen().map(|study| study.info.placed);
    // Slope and intercept of what is shown; pictures have none.
    let intensities =
        move || documents.study_on_screen().map_or((1.0, 0.0), |study| study.scale(viewport.sequences.get().leading()));
    let corner = move || {
        let picture = documents.picture.get()?;
        let study = documents.study_on_screen();
        let place = study.as_ref().map(|study| format!("Slice {} of {}", picture.index + 1, study.slices()));
        let (black, white) = viewport.shown_levels()?;
        let (slope, intercept) = intensities();
        let window = format!("W {:.0} L {:.0}", (white - black) * slope, (black + white) / 2.0 * slope + intercept);
        Some(place.into_iter().chain([window]).collect::<Vec<_>>().join("   "))
    };
    // The number under the pointer, as the file gives it, and where it is.
    let probe = Memo::new(move |_| {
        let (picture, (x, y)) = (documents.picture.get()?, viewport.pointer.get()?);
        let (x, y) = brush::pixel((x, y), picture.size())?;
        let (slope, intercept) = intensities();
        let plane = picture.plane(viewport.sequences.get().leading());
        let number = f64::from(plane[y * picture.info.width + x]) * slope + intercept;
        Some(format!("column {}, row {}: {number:.0}", x + 1, y + 1))
    });
    let bar = Memo::new(move |_| {
        let spacing_mm = documents.picture.with(|picture| picture.as_ref()?.spacing_mm)?;
        scale_bar(canvas_from_slice.get()?.scale / spacing_mm[0])
    });
    let empty = move || documents.selected.get().is_none();
    let threshold = move || format!("{:.1}%", 100.0 * annotation.threshold.get());
    view! {
        <div class="viewer" data-panel="viewer">
            <canvas
                node_ref=surface
                tabindex="0"
                data-view="main"
                aria-label="Slice with overlays"
                on:wheel=turned
                data-tool=move || annotation.tool.get().name()
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=move |event| gestures.up(&event)
                on:pointercancel=move |event| gestures.cancel(&event)
                on:pointerleave=move |_| viewport.pointer.set(None)
                on:contextmenu=move |event| event.prevent_default()
                on:dblclick=whole
            ></canvas>
            <Marks gestures/>
            <ToolOptions/>
            <Show when=running>
                <div
                    class="running" role="status"
                    data-running=kind
                    data-progress=move || annotation.whole_progress().map(|progress| progress.done)
                    data-of=move || annotation.whole_progress().map(|progress| progress.total)
                    data-cores=move || annotation.whole_progress().map(|progress| progress.cores)
                >
                    <span class="spinner"></span>{doing}
                    <button data-command="stop" on:click=move |_| annotation.cancel()>"Stop"</button>
                </div>
            </Show>
            <Show when=empty>
                <Invitation/>
            </Show>
            <div class="sides" data-sides="" hidden=empty aria-label="Sides">
                {move || match sides() {
                    Some(true) => [("left", "R"), ("right", "L"), ("top", "A"), ("bottom", "P")]
                        .map(|(class, letter)| view! { <span class=class>{letter}</span> })
                        .into_any(),
                    _ => view! { <span class="unknown">"side unknown"</span> }.into_any(),
                }}
            </div>
            <p class="corner" data-corner="" data-place=number data-of=slices hidden=empty>{corner}</p>
            <p class="probe" data-probe="" hidden=move || probe.with(Option::is_none)>{move || probe.get()}</p>
            <div
                class="scale-bar" aria-hidden="true"
                data-scale-mm=move || bar.get().map(|(mm, _)| mm)
                hidden=move || bar.get().is_none()
                style:width=move || format!("{:.1}px", bar.get().map_or(0.0, |(_, px)| px))
            >{move || bar.get().map(|(mm, _)| format!("{mm} mm"))}</div>
            <div class="legend" hidden=empty>
                <span class="key mask" hidden=move || viewport.overlay.get() == Overlay::None>"prediction"</span>
                <span class="key heat" data-legend="heat" hidden=move || viewport.overlay.get() != Overlay::Heat>
                    "0"<span class="scale"><i data-threshold=threshold style:left=threshold></i></span>"100 %"
                </span>
                <span class="key view" hidden=move || viewport.region.get().is_none()>
                    "looked at"<span class="hint">"; a click on another picture moves the frame"</span>
                </span>
                <span class="key label" hidden=move || documents.label.with(Option::is_none)>"label"</span>
            </div>
        </div>
    }
}

#[component]
fn Invitation() -> impl IntoView {
    let app = expect_context::<App>();
    view! {
        <div class="invitation" data-panel="invitation">
            <h2>"Drop an MR study or slice here"</h2>
            <p>
                "or open, or paste one: a folder of DICOM, NIfTI, a zip, PNG, JPEG, WebP, TIFF. Nothing is uploaded: the "
                "network runs on this computer."
            </p>
            <div class="samples">
                {SAMPLES.map(|sample| view! {
                    <button data-sample=sample.files[0] on:click=move |_| app.open_sample(sample)>{sample.title}</button>
                })}
            </div>
            <p class="credit">"Samples: " {CREDIT} ". " <a href="./samples/LICENCE.md" target="_blank">"Terms"</a></p>
        </div>
    }
}

/// A time as people say it.
fn duration(secs: f64) -> String {
    if secs < 90.0 { format!("{secs:.0} s") } else { format!("{:.0} min", secs / 60.0) }
}

/// A canvas in a signal.
pub struct SendCanvas(pub Canvas);

// The page has one thread; signals ask for more than that.
unsafe impl Send for SendCanvas {}
unsafe impl Sync for SendCanvas {}

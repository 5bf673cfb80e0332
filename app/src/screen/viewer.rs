//! The slice on screen, with what was found in it.

use imaging::{Point, contour};
use leptos::html;
use leptos::prelude::*;
use web_sys::{PointerEvent, WheelEvent};

use crate::annotation::Annotation;
use crate::annotation::brush;
use crate::annotation::tool::Tool;
use crate::documents::Documents;
use crate::inference::Inference;
use crate::inference::Progress;
use crate::language::{Text, Value, text};
use crate::results::Results;
use crate::screen::gestures::{Gestures, Movement};
use crate::screen::marks::Marks;
use crate::screen::scroll::scrolls;
use crate::screen::tool_options::ToolOptions;
use crate::viewport::canvas::{self, Canvas, MaskStyle, SendCanvas};
use crate::viewport::look::ZOOM_STEP;
use crate::viewport::scale_bar::scale_bar;
use crate::viewport::theme::{self, LABEL};
use crate::viewport::wheel::notches;
use crate::viewport::{Layout, Overlay, Sequences, Viewport};

/// The image, its overlays, zoom and pan.
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
            Some(SendCanvas::new(canvas::slice(&picture, viewport.sequences.get(), viewport.levels_of(&picture))))
        },
        |_, _| true,
    );
    let colour = Memo::new(move |_| theme::mask(documents.doubt().is_some()));
    let heat = Memo::new_with_compare(
        move |_| match viewport.overlay.get() {
            Overlay::Heat => {
                annotation.map.get().map(|map| SendCanvas::new(canvas::heat(&map, viewport.opacity.get())))
            }
            Overlay::None | Overlay::Mask | Overlay::Outline => None,
        },
        |_, _| true,
    );
    let outline = Memo::new_with_compare(move |_| annotation.shown_contour(), |_, _| true);
    let other_shown = Memo::new(move |_| viewport.layout.get() == Layout::FollowUp || viewport.fade.get() > 0.0);
    let label_outline =
        Memo::new_with_compare(move |_| documents.label.get().map(|label| contour(&label, None)), |_, _| true);

    canvas::keep_size(surface, size);
    Effect::new(move |_| {
        let (Some(element), (width, height)) = (surface.get(), size.get()) else { return };
        let density = window().device_pixel_ratio();
        let view = Canvas::of(element);
        view.resize((width * density) as usize, (height * density) as usize);
        view.clear(theme::AROUND_SLICE);
        let Some(place) = canvas_from_slice.get().map(|place| place.enlarged(density)) else { return };
        image.with(|image| image.iter().for_each(|image| view.stamp_image(image, place)));
        let fade = viewport.fade.get();
        viewport.faded.with(|faded| faded.iter().for_each(|faded| view.fade_in(faded, place, fade)));
        heat.with(|heat| heat.iter().for_each(|heat| view.stamp(heat, place)));
        outline.with(|outline| {
            let Some(outline) = outline else { return };
            let (overlay, opacity) = (viewport.overlay.get(), viewport.opacity.get());
            view.draw_mask(outline, place, MaskStyle { overlay, colour: colour.get(), opacity, line: 2.0 * density });
        });
        if other_shown.get()
            && viewport.overlay.get() != Overlay::None
            && let Some(other) = results.compared.other_contour()
        {
            view.trace_contour(&other, place, theme::EARLIER, 1.5 * density);
        }
        if viewport.label_shown.get() {
            label_outline
                .with(|label| label.iter().for_each(|label| view.trace_contour(label, place, LABEL, 1.5 * density)));
        }
    });

    let from_centre = move |x: i32, y: i32| {
        let (width, height) = size.get_untracked();
        (f64::from(x) - width / 2.0, f64::from(y) - height / 2.0)
    };
    let scrolled = scrolls(documents);
    let turned = move |event: WheelEvent| {
        // A pinch on a touchpad comes as a turned wheel with Ctrl.
        if !event.ctrl_key() {
            return scrolled(event);
        }
        event.prevent_default();
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
        Some(Movement::Pan(dx, dy)) => viewport.pan((dx, dy)),
        None => {}
    };
    // With other tools a double click is a prompt.
    let maximise = move |_| {
        if annotation.tool.get_untracked() == Tool::Pointer {
            viewport.maximise(Layout::One);
        }
    };
    let running = move || inference.running.get().is_some() || inference.whole.get().is_some();
    let doing = move || match (annotation.carrying.get(), annotation.whole_progress()) {
        (Some(carrying), _) => text!("propagating", slice = carrying.slices).written(),
        (None, Some(Progress { done, total, left_secs, cores, .. })) => {
            let left = left_secs.map_or(String::new(), |secs| text!("time-left", time = duration(secs)).written());
            text!("segmenting-volume", done, total, cores, left).written()
        }
        (None, None) => text!("waiting-running").written(),
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
        let place = study
            .as_ref()
            .map(|study| text!("slice-of", number = picture.index + 1, slices = study.slices()).written());
        let (black, white) = viewport.shown_levels()?;
        let (slope, intercept) = intensities();
        let window = format!("W {:.0} L {:.0}", (white - black) * slope, (black + white) / 2.0 * slope + intercept);
        Some(place.into_iter().chain([window]).collect::<Vec<_>>().join("   "))
    };
    // The number under the pointer, as the file gives it, and where it is.
    let probe = Memo::new(move |_| {
        let (picture, (x, y)) = (documents.picture.get()?, viewport.pointer.get()?);
        let Point { x, y } = brush::pixel((x, y), picture.size())?;
        let (slope, intercept) = intensities();
        let plane = picture.plane(viewport.sequences.get().leading());
        let number = f64::from(plane[y * picture.info.width + x]) * slope + intercept;
        Some(text!("probe", column = x + 1, row = y + 1, value = Value::fixed(number, 0)))
    });
    let bar = Memo::new(move |_| {
        let spacing_mm = documents.picture.with(|picture| picture.as_ref()?.spacing_mm)?;
        scale_bar(canvas_from_slice.get()?.scale / spacing_mm[0])
    });
    let empty = move || documents.selected.get().is_none();
    let threshold = move || format!("{:.1}%", 100.0 * annotation.threshold.get());
    view! {
        <div class="viewer" data-panel="viewer" data-order=move || viewport.sequences.get().leading().to_string()>
            <canvas
                node_ref=surface
                tabindex="0"
                data-view="main"
                aria-label=text!("slice-with-overlays")
                on:wheel=turned
                data-tool=move || annotation.tool.get().name()
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=move |event| gestures.up(&event)
                on:pointercancel=move |event| gestures.cancel(&event)
                on:pointerleave=move |_| {
                    viewport.point_by_hand(None);
                    viewport.aiming.set(false);
                    annotation.foresee_nothing();
                }
                on:contextmenu=move |event| event.prevent_default()
                on:dblclick=maximise
            ></canvas>
            // Under the marks: lengths are read wherever the pointer rests.
            <p class="probe" data-probe="" hidden=move || probe.with(Option::is_none)>{move || probe.get().map(|probe| probe.written())}</p>
            <Marks/>
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
                    <button data-command="stop" on:click=move |_| annotation.cancel()>{text!("command-stop")}</button>
                </div>
            </Show>
            <div class="sides" data-sides="" hidden=empty aria-label=text!("sides")>
                {move || match sides() {
                    Some(true) => [("left", "R"), ("right", "L"), ("top", "A"), ("bottom", "P")]
                        .map(|(class, letter)| view! { <span class=class>{letter}</span> })
                        .into_any(),
                    _ => view! { <span class="unknown">{text!("side-unknown")}</span> }.into_any(),
                }}
            </div>
            <p class="sequence-name" hidden=move || viewport.shown_layout() != Layout::Sequences>
                {move || Sequences::name(viewport.sequences.get().leading()).written()}
            </p>
            <p class="corner" data-corner="" data-place=number data-of=slices hidden=empty>{corner}</p>
            <div
                class="scale-bar" aria-hidden="true"
                data-scale-mm=move || bar.get().map(|(mm, _)| mm)
                hidden=move || bar.get().is_none()
                style:width=move || format!("{:.1}px", bar.get().map_or(0.0, |(_, px)| px))
            >{move || bar.get().map(|(mm, _)| format!("{mm} mm"))}</div>
            <div class="legend" hidden=empty>
                <span class="key mask" hidden=move || viewport.overlay.get() == Overlay::None>{text!("legend-mask")}</span>
                <span class="key heat" data-legend="heat" hidden=move || viewport.overlay.get() != Overlay::Heat>
                    "0"<span class="scale"><i data-threshold=threshold style:left=threshold></i></span>"100 %"
                </span>
                <span class="key view" hidden=move || viewport.region.get().is_none()>
                    {text!("legend-region")}<span class="hint">{text!("legend-region.help")}</span>
                </span>
                <span class="key other" data-legend="other" hidden=move || !(other_shown.get() && results.compared.other_contour().is_some())>
                    {text!("legend-other")}
                </span>
                <span class="key label" hidden=move || documents.label.with(Option::is_none)>{text!("legend-label")}</span>
            </div>
        </div>
    }
}

/// A time as people say it.
fn duration(secs: f64) -> Text {
    match secs {
        secs if secs < 90.0 => text!("seconds", count = Value::fixed(secs, 0)),
        secs => text!("minutes", count = Value::fixed(secs / 60.0, 0)),
    }
}

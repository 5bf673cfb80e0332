//! The slice on screen, with what was found in it.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{KeyboardEvent, PointerEvent, ResizeObserver, WheelEvent};

use crate::canvas::{self, Canvas, LABEL, MASK, Place};
use crate::editing::Tool;
use crate::inference::Progress;
use crate::samples::{CREDIT, SAMPLES};
use crate::screen::drop_zone::is_controls;
use crate::screen::gestures::{Gestures, Movement};
use crate::screen::marks::Marks;
use crate::session::{Overlay, Session};
use crate::wheel::{Wheel, notches};

/// Change of the enlargement for one notch of the wheel or one key press.
const ZOOM_STEP: f64 = 1.2;
/// Smallest and largest enlargement relative to the whole slice on screen.
const ZOOM: (f64, f64) = (1.0, 40.0);

/// What part of the slice is shown: enlargement and shift relative to the slice fitted to the window.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    zoom: f64,
    /// Shift in CSS pixels.
    x: f64,
    y: f64,
}

impl Look {
    const WHOLE: Self = Self { zoom: 1.0, x: 0.0, y: 0.0 };

    /// The look at which a part of a slice fills a window of some size, all of the slice lying at `whole` in it: left and
    /// upper edge, width and height in pixels of the slice.
    fn at(part: [usize; 4], whole: Place, (width, height): (f64, f64)) -> Self {
        let [left, top, across, down] = part.map(|number| number as f64);
        let filled = Place::within((part[2], part[3]), whole.aspect, (0.0, 0.0), (width, height));
        let zoom = (filled.scale / whole.scale).clamp(ZOOM.0, ZOOM.1);
        let (x, y) = whole.surface_point((left + across / 2.0, top + down / 2.0));
        Self { zoom, x: zoom * (width / 2.0 - x), y: zoom * (height / 2.0 - y) }
    }

    /// The same look, enlarged by `factor` around a point given relative to the window's centre.
    fn zoomed(self, factor: f64, (x, y): (f64, f64)) -> Self {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        if zoom == ZOOM.0 {
            return Self::WHOLE;
        }
        let factor = zoom / self.zoom;
        Self { zoom, x: x - (x - self.x) * factor, y: y - (y - self.y) * factor }
    }
}

/// The image, its overlays, zoom and pan; an invitation while nothing is open.
#[component]
pub fn Viewer() -> impl IntoView {
    let session = expect_context::<Session>();
    let surface = NodeRef::<html::Canvas>::new();
    let size = RwSignal::new((0.0, 0.0));
    let look = RwSignal::new(Look::WHOLE);

    // Redrawn layers are kept: moving the image or the threshold repaints only what changed.
    let image = Memo::new_with_compare(
        move |_| {
            let picture = session.picture.get()?;
            Some(SendCanvas(canvas::slice(&picture, session.sequences.get(), session.levels_of(&picture))))
        },
        |_, _| true,
    );
    let layer = Memo::new_with_compare(
        move |_| {
            let opacity = session.opacity.get();
            match session.overlay.get() {
                Overlay::None => None,
                Overlay::Mask => session.shown_mask.get().map(|mask| SendCanvas(canvas::fill(&mask, MASK, opacity))),
                Overlay::Heat => session.map.get().map(|map| SendCanvas(canvas::heat(&map, opacity))),
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
    // A slice of another size begins whole; one of the same size keeps the look, so that neighbours can be compared.
    let shape = Memo::new(move |_| session.picture.get().map(|p| (p.size(), p.aspect())));
    Effect::new(move |_| {
        shape.track();
        look.set(Look::WHOLE);
    });
    let view = Memo::new(move |_| session.picture.with(|picture| picture.as_ref()?.info.view.part));
    // All of the slice; if that is shown already, what of it the network looks at.
    let fit = move || {
        let part = view.get_untracked().filter(|_| look.get_untracked() == Look::WHOLE);
        let size = size.get_untracked();
        look.set(match (part, shape.get_untracked()) {
            (Some(part), Some((slice, aspect))) => Look::at(part, Place::within(slice, aspect, (0.0, 0.0), size), size),
            _ => Look::WHOLE,
        });
    };

    // Where the slice lies, in CSS pixels of the window.
    let place = Memo::new(move |_| {
        let ((slice, aspect), (width, height), look) = (shape.get()?, size.get(), look.get());
        let whole = Place::within(slice, aspect, (0.0, 0.0), (width, height));
        let about = |at: f64, middle: f64, shift: f64| middle + (at - middle) * look.zoom + shift;
        let (x, y) = (about(whole.x, width / 2.0, look.x), about(whole.y, height / 2.0, look.y));
        Some(Place { x, y, scale: whole.scale * look.zoom, aspect })
    });
    Effect::new(move |_| {
        let (Some(element), (width, height)) = (surface.get(), size.get()) else { return };
        let density = window().device_pixel_ratio();
        let view = Canvas::of(element);
        view.resize((width * density) as usize, (height * density) as usize);
        view.clear("#05070a");
        let Some(place) = place.get().map(|place| place.enlarged(density)) else { return };
        image.with(|image| image.iter().for_each(|image| view.stamp_image(&image.0, place)));
        layer.with(|layer| layer.iter().for_each(|layer| view.stamp(&layer.0, place)));
        // Over the probabilities too, so that the threshold is seen there.
        if session.overlay.get() != Overlay::None {
            session.shown_mask.with(|mask| mask.iter().for_each(|mask| view.trace(mask, place, MASK, 2.0 * density)));
        }
        if session.label_shown.get() {
            session.label.with(|label| label.iter().for_each(|label| view.trace(label, place, LABEL, 1.5 * density)));
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
            return session.scroll(wheel.try_update_value(turn).unwrap_or_default());
        }
        let turn = notches(&event);
        let factor = ZOOM_STEP.powf(-turn.signum() * turn.abs().clamp(0.1, 1.0));
        look.update(|look| *look = look.zoomed(factor, from_centre(event.offset_x(), event.offset_y())));
    };
    let gestures = Gestures::new(session, place);
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
        if session.tool.get_untracked() == Tool::Move {
            fit();
        }
    };
    let keys = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        // With Ctrl they enlarge the whole page.
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_controls(&event) {
            return;
        }
        match event.key().as_str() {
            "0" => fit(),
            "+" | "=" => look.update(|look| *look = look.zoomed(ZOOM_STEP, (0.0, 0.0))),
            "-" => look.update(|look| *look = look.zoomed(1.0 / ZOOM_STEP, (0.0, 0.0))),
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());

    let running = move || session.inference.running.get().is_some() || session.inference.whole.get().is_some();
    let doing = move || match (session.carrying.get(), session.whole_progress()) {
        (Some(carrying), _) => format!("Carrying, slice {} …", carrying.slices),
        (None, Some(Progress { done, total, left_secs, cores, .. })) => {
            let left = left_secs.map_or(String::new(), |secs| format!(", {} left", duration(secs)));
            let cores = if cores > 1 { format!(" on {cores} cores") } else { String::new() };
            format!("Whole volume, {done} of {total}{cores}{left}")
        }
        (None, None) => "Segmenting …".into(),
    };
    let sides = move || session.study_on_screen().map(|study| study.info.placed);
    let corner = move || {
        let picture = session.picture.get()?;
        let study = session.study_on_screen();
        let place = study.as_ref().map(|study| format!("Slice {} of {}", picture.index + 1, study.slices()));
        let (black, white) = session.shown_levels()?;
        let (slope, intercept) =
            study.as_ref().map_or((1.0, 0.0), |study| study.scale(session.sequences.get().leading()));
        let window = format!("W {:.0} L {:.0}", (white - black) * slope, (black + white) / 2.0 * slope + intercept);
        Some(place.into_iter().chain([window]).collect::<Vec<_>>().join("   "))
    };
    let empty = move || session.selected.get().is_none();
    let threshold = move || format!("{:.1}%", 100.0 * session.threshold.get());
    view! {
        <div class="viewer">
            <canvas
                node_ref=surface
                tabindex="0"
                aria-label="Slice with overlays"
                on:wheel=turned
                data-tool=move || session.tool.get().name()
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=move |event| gestures.up(&event)
                on:pointercancel=move |event| gestures.cancel(&event)
                on:pointerleave=move |_| session.pointer.set(None)
                on:contextmenu=move |event| event.prevent_default()
                on:dblclick=whole
            ></canvas>
            <Marks place gestures/>
            <Show when=running>
                <div class="running" role="status">
                    <span class="spinner"></span>{doing}
                    <button on:click=move |_| session.cancel()>"Stop"</button>
                </div>
            </Show>
            <Show when=empty>
                <Invitation/>
            </Show>
            <div class="sides" hidden=empty aria-label="Sides">
                {move || match sides() {
                    Some(true) => [("left", "R"), ("right", "L"), ("top", "A"), ("bottom", "P")]
                        .map(|(class, letter)| view! { <span class=class>{letter}</span> })
                        .into_any(),
                    _ => view! { <span class="unknown">"side unknown"</span> }.into_any(),
                }}
            </div>
            <p class="corner" hidden=empty>{corner}</p>
            <div class="legend" hidden=empty>
                <span class="key mask" hidden=move || session.overlay.get() == Overlay::None>"prediction"</span>
                <span class="key heat" data-legend="heat" hidden=move || session.overlay.get() != Overlay::Heat>
                    "0"<span class="scale"><i data-threshold=threshold style:left=threshold></i></span>"100 %"
                </span>
                <span class="key view" hidden=move || view.get().is_none()>
                    "looked at"<span class="hint">"; a click on another picture moves the frame"</span>
                </span>
                <span class="key label" hidden=move || session.label.with(Option::is_none)>"label"</span>
            </div>
        </div>
    }
}

#[component]
fn Invitation() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <div class="invitation">
            <h2>"Drop an MR study or slice here"</h2>
            <p>
                "or open, or paste one: a folder of DICOM, NIfTI, a zip, PNG, JPEG, WebP, TIFF. Nothing is uploaded: the "
                "network runs on this computer."
            </p>
            <div class="samples">
                {SAMPLES.map(|sample| view! {
                    <button on:click=move |_| session.open_sample(sample)>{sample.title}</button>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let look = Look { zoom: 2.0, x: 10.0, y: -5.0 };
        let point = (37.0, 21.0);
        let before = ((point.0 - look.x) / look.zoom, (point.1 - look.y) / look.zoom);
        let look = look.zoomed(1.7, point);
        let after = ((point.0 - look.x) / look.zoom, (point.1 - look.y) / look.zoom);
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
    }

    #[test]
    fn zooming_out_all_the_way_shows_the_whole_slice() {
        assert_eq!(Look { zoom: 1.1, x: 30.0, y: 9.0 }.zoomed(0.5, (3.0, 4.0)), Look::WHOLE);
    }

    #[test]
    fn what_is_looked_at_fills_the_window() {
        let (slice, window) = ((560, 340), (900.0, 600.0));
        let whole = Place::within(slice, 1.0, (0.0, 0.0), window);
        for part in [[30, 40, 160, 206], [300, 50, 211, 120], [0, 0, 560, 100]] {
            let Look { zoom, x, y } = Look::at(part, whole, window);
            let about = |at: f64, middle: f64, shift: f64| middle + (at - middle) * zoom + shift;
            let place =
                Place { x: about(whole.x, 450.0, x), y: about(whole.y, 300.0, y), scale: whole.scale * zoom, ..whole };
            let [left, top, width, height] = part.map(|number| number as f64);
            let (first, last) = (place.surface_point((left, top)), place.surface_point((left + width, top + height)));
            let margins = [first.0, 900.0 - last.0, first.1, 600.0 - last.1];
            assert!(margins.iter().all(|margin| *margin > -1e-9), "{part:?}: {margins:?}");
            assert!((margins[0] - margins[1]).abs() < 1e-9 && (margins[2] - margins[3]).abs() < 1e-9, "centred");
            assert!(margins[0].min(margins[2]) < 1e-9, "as large as it can be");
        }
    }
}

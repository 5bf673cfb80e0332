//! The tumour in three dimensions, in the faint shell of the head, with the planes of the other views.

use std::sync::Arc;

use js_sys::{Float32Array, Uint32Array};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::wasm_split;
use web_sys::{KeyboardEvent, PointerEvent, WheelEvent};

use crate::annotation::Annotation;
use crate::commands::{self, Group};
use crate::documents::Documents;
use crate::documents::study::Cut;
use crate::language::{Text, text};
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::results::surfaces::{Shape, Surfaces};
use crate::screen::command_button::CommandButton;
use crate::screen::reformats::column_or_row;
use crate::viewport::canvas;
use crate::viewport::space::{self, Plane, Space};
use crate::viewport::wheel::notches;
use crate::viewport::{Layout, Viewport, theme};

/// Turn by an arrow key, in CSS pixels of a movement.
const STEP: f64 = 12.0;
/// Enlargement by a key or a notch of the wheel.
const ZOOM: f64 = 1.15;
/// Opacity of the head's shell.
const SHELL: f64 = 0.2;
/// Opacity of the larger of two tumours: the smaller one is likely inside.
const AROUND: f64 = 0.5;

/// How far the view is.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Loading,
    Open,
    Failed(Text),
}

/// The view, while it is asked for and a study is on screen.
#[component]
pub fn SpaceView() -> impl IntoView {
    let viewport = expect_context::<Viewport>();
    let shown = Memo::new(move |_| viewport.shown_layout().has_space());
    parts::view_while(shown, space_view)
}

#[wasm_split(volumes, fallible)]
fn space_view() -> Fetched<Content> {
    Ok(|| view! { <Turning/> }.into_any())
}

#[component]
fn Turning() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let viewport = expect_context::<Viewport>();
    let results = expect_context::<Results>();
    let surface = NodeRef::<html::Canvas>::new();
    let state = RwSignal::new(State::Loading);
    let space = StoredValue::new_local(None::<Space>);
    let spins = RwSignal::new(!prefers_stillness());
    let with_space = move |act: &dyn Fn(&Space)| space.with_value(|space| space.iter().for_each(act));

    Effect::new(move |_| {
        let Some(element) = surface.get() else { return };
        spawn_local(async move {
            match space::open(element).await {
                Ok(opened) => {
                    // It may have been put away meanwhile.
                    if space.try_set_value(Some(opened)).is_none() {
                        state.set(State::Open);
                    }
                }
                Err(why) => state.set(State::Failed(text!("space-failed", why))),
            }
        });
    });
    on_cleanup(move || {
        if let Some(Some(opened)) = space.try_update_value(Option::take) {
            opened.close();
        }
    });
    let is_open = move || state.get() == State::Open;

    let study = Memo::new(move |_| documents.study_on_screen().map(|study| study.info.study));
    let unscaled = move || documents.study_on_screen().is_some_and(|study| study.info.spacing_mm.is_none());
    let planes = Memo::new(move |_| {
        let (study, cross) = (documents.study_on_screen()?, viewport.cross.get());
        let at = |cut: Cut| column_or_row(&study, cut, cross);
        let index = documents.picture.with(|picture| picture.as_ref().map_or(0, |picture| picture.index));
        Some([Plane::Axial(index), Plane::Sagittal(at(Cut::Sagittal)), Plane::Coronal(at(Cut::Coronal))])
    });
    let grid = Memo::new(move |_| {
        results.surfaces.with(|found| Some(found.as_ref().filter(|found| Some(found.study) == study.get())?.grid))
    });
    for which in 0..3 {
        let plane = Memo::new(move |_| Some(planes.get()?[which]));
        Effect::new(move |_| {
            let (true, Some(plane), Some(study), Some(levels), Some(grid)) = (
                is_open(),
                plane.get(),
                study.get().and_then(|id| documents.study(id)),
                viewport.shown_levels(),
                grid.get(),
            ) else {
                return;
            };
            let sequence = viewport.sequences.get().leading();
            let [width, height, _] = study.info.size;
            let (width, height, numbers) = match plane {
                Plane::Axial(at) => (width, height, study.slice_of(sequence, at)),
                Plane::Sagittal(at) => study.cut(Cut::Sagittal, at, sequence),
                Plane::Coronal(at) => study.cut(Cut::Coronal, at, sequence),
            };
            let picture = canvas::grey(&numbers, width, height, levels);
            with_space(&|space| space.show(plane, picture.element(), study.info.size, &grid));
        });
    }
    // The surfaces follow the masks, once they come to rest.
    Effect::new(move |_| {
        annotation.masks.track();
        if is_open() && study.get().is_some() && !unscaled() {
            results.ask_for_surfaces();
        }
    });
    let drawn = move |read: fn(&Surfaces) -> Option<Arc<Shape>>| {
        Memo::new(move |_| {
            results.surfaces.with(|found| found.as_ref().filter(|f| Some(f.study) == study.get()).and_then(read))
        })
    };
    let put = move |name: &str, shape: Option<Arc<Shape>>, colour: &str, opacity: f64| match shape {
        Some(shape) => {
            let (positions, corners) =
                (Float32Array::from(&shape.positions[..]), Uint32Array::from(&shape.corners[..]));
            with_space(&|space| space.surface(name, &positions, &corners, colour, opacity));
        }
        None => with_space(&|space| space.remove(name)),
    };
    let [tumor, head] = [drawn(|found| found.tumor.clone()), drawn(|found| found.head.clone())];
    // The other time point, where it is wanted and known how it lies.
    let both = Memo::new(move |_| viewport.both_times.get() && results.compared.registered_back().is_some());
    Effect::new(move |_| {
        annotation.masks.track();
        results.compared.link();
        if is_open() && both.get() {
            results.ask_for_other_surface();
        }
    });
    let other = Memo::new(move |_| results.other_tumor().filter(|_| both.get()));
    // Both, that on screen first.
    let times = Memo::new(move |_| {
        let (here, other) = results.compared.pair().filter(|_| both.get())?;
        let timeline = results.timeline()?;
        let of = |study| timeline.visits.iter().find(|visit| visit.study == study).cloned();
        Some([of(here)?, of(other)?])
    });
    let is_larger = Memo::new(move |_| {
        times.with(|times| times.as_ref().is_none_or(|[here, other]| here.point.volume_ml >= other.point.volume_ml))
    });
    let opacity = move |larger: bool| if larger && other.with(Option::is_some) { AROUND } else { 1.0 };
    let colour = move || theme::css(theme::mask(documents.doubt().is_some()));
    Effect::new(move |_| {
        if is_open() {
            put("tumor", tumor.get(), &colour(), opacity(is_larger.get()));
        }
    });
    Effect::new(move |_| {
        if is_open() {
            put("earlier", other.get(), &theme::css(theme::EARLIER), opacity(!is_larger.get()));
        }
    });
    Effect::new(move |_| {
        if is_open() {
            put("head", head.get(), &theme::css(theme::SHELL), SHELL);
        }
    });
    Effect::new(move |_| {
        let spins = spins.get() && is_open();
        with_space(&|space| space.spin(spins));
    });

    let dragged = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            spins.set(false);
            let (dx, dy) = (event.movement_x().into(), event.movement_y().into());
            with_space(&|space| space.turn(dx, dy));
        }
    };
    let held = move |event: PointerEvent| {
        if let Some(element) = surface.get_untracked() {
            drop(element.set_pointer_capture(event.pointer_id()));
        }
    };
    let turned = move |event: WheelEvent| {
        event.prevent_default();
        let factor = ZOOM.powf(-notches(&event).clamp(-2.0, 2.0));
        with_space(&|space| space.zoom(factor));
    };
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.stop_propagation();
            return viewport.maximise(Layout::Space);
        }
        let (turn, zoom) = match event.key().as_str() {
            "ArrowLeft" => ((-STEP, 0.0), 1.0),
            "ArrowRight" => ((STEP, 0.0), 1.0),
            "ArrowUp" => ((0.0, -STEP), 1.0),
            "ArrowDown" => ((0.0, STEP), 1.0),
            "+" | "=" => ((0.0, 0.0), ZOOM),
            "-" => ((0.0, 0.0), 1.0 / ZOOM),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        spins.set(false);
        with_space(&|space| {
            space.turn(turn.0, turn.1);
            space.zoom(zoom);
        });
    };
    let maximise = move |_| viewport.maximise(Layout::Space);
    let told = move || match state.get() {
        State::Loading => Some(text!("space-loading")),
        State::Failed(why) => Some(why),
        State::Open if unscaled() => Some(text!("space-unscaled")),
        State::Open => tumor.with(Option::is_none).then(|| text!("space-empty")),
    };
    let legend = move || {
        let [here, other] = times.get()?;
        let key = |name: &'static str, colour: String, said: String| {
            view! { <span class="time" data-time=name><i style:background=colour></i>{said}</span> }
        };
        let earlier = theme::css(theme::EARLIER);
        Some(view! { {key("here", colour(), here.shown_name())} {key("other", earlier, other.shown_name())} })
    };
    let buttons = move || {
        let buttons = || commands::of(Group::Space).map(|command| view! { <CommandButton command/> }).collect_view();
        results.compared.other().is_some().then(buttons)
    };
    view! {
        <figure class="space" data-space=move || if is_open() { "open" } else { "closed" }>
            <canvas
                node_ref=surface
                data-view="space"
                tabindex="0"
                aria-label=text!("space")
                title=text!("space.help")
                on:pointerdown=held
                on:pointermove=dragged
                on:wheel=turned
                on:keydown=pressed
                on:dblclick=maximise
            ></canvas>
            <p class="told" data-told="" role="status" hidden=move || told().is_none()>{move || told().map(|text| text.written())}</p>
            <figcaption>
                <span>{text!("space-caption")}</span>
                {legend}
                {buttons}
                <button
                    data-action="spin"
                    aria-pressed=move || spins.get().to_string()
                    hidden=move || !is_open()
                    on:click=move |_| spins.update(|spins| *spins = !*spins)
                >{text!("space-turn")}</button>
            </figcaption>
        </figure>
    }
}

/// Whether a person asked for less movement.
fn prefers_stillness() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}

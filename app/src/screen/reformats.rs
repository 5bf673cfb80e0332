//! The study from the side and from the front, with the same mask and the lengths measured there, at the places last pointed at.

use imaging::{Point, Size, contour};
use leptos::html;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;
use web_sys::{KeyboardEvent, PointerEvent, WheelEvent};

use crate::annotation::Annotation;
use crate::annotation::step::Plane;
use crate::annotation::tool::Tool;
use crate::documents::Documents;
use crate::documents::study::{Cut, HEIGHT_WITHOUT_SCALE, Study};
use crate::language::text;
use crate::parts::{self, Content, Fetched};
use crate::results::lengths::spacing_of;
use crate::results::ruler::Ruling;
use crate::results::{Results, cuts};
use crate::screen::gestures::{DRAG, is_second};
use crate::screen::marks::length_mark;
use crate::viewport::Viewport;
use crate::viewport::canvas::{self, Canvas, MaskStyle, SendCanvas};
use crate::viewport::levels::Preset;
use crate::viewport::projection::CanvasFromSlice;
use crate::viewport::theme;
use crate::viewport::wheel::{Wheel, notches};
use crate::viewport::{Layout, Overlay};

/// Pixels that an arrow key with Shift goes.
const FAST_PX: f64 = 10.0;

/// Both reformats; nothing while the study has one slice or none is on screen.
#[component]
pub fn Reformats() -> impl IntoView {
    let viewport = expect_context::<Viewport>();
    let shown = Memo::new(move |_| viewport.has_reformats());
    parts::view_while(shown, reformats)
}

#[wasm_split(study, fallible)]
fn reformats() -> Fetched<Content> {
    Ok(|| {
        let cross = expect_context::<Viewport>().cross;
        let both = view! {
            <div class="reformats" aria-label=text!("reformats")>
                <Reformat cut=Cut::Sagittal cross/>
                <Reformat cut=Cut::Coronal cross/>
            </div>
        };
        both.into_any()
    })
}

#[component]
fn Reformat(cut: Cut, cross: RwSignal<(f64, f64)>) -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let viewport = expect_context::<Viewport>();
    let results = expect_context::<Results>();
    let surface = NodeRef::<html::Canvas>::new();
    let number = Memo::new(move |_| documents.study_on_screen().map(|study| study.info.study));
    let at = Memo::new(move |_| documents.study_on_screen().map_or(0, |study| column_or_row(&study, cut, cross.get())));
    let levels = Memo::new(move |_| viewport.shown_levels());
    let index =
        Memo::new(move |_| documents.picture.with(|picture| picture.as_ref().map_or(0, |picture| picture.index)));
    let study = move || number.get().and_then(|id| documents.study(id));

    // The image is cut anew when the place moves, not when slices are scrolled.
    let image = Memo::new_with_compare(
        move |_| {
            let (study, levels) = (study()?, levels.get()?);
            let (width, height, numbers) = study.cut(cut, at.get(), viewport.sequences.get().leading());
            Some(SendCanvas::new(canvas::grey(&numbers, width, height, levels)))
        },
        |_, _| true,
    );
    let heat = Memo::new_with_compare(
        move |_| {
            let study = study().filter(|_| viewport.overlay.get() == Overlay::Heat)?;
            Some(SendCanvas::new(canvas::heat(&cuts::map(annotation, &study, cut, at.get()), viewport.opacity.get())))
        },
        |_, _| true,
    );
    let outline = Memo::new_with_compare(
        move |_| {
            let study = study().filter(|_| viewport.overlay.get() != Overlay::None)?;
            let (mask, map) =
                (cuts::mask(annotation, &study, cut, at.get()), cuts::map(annotation, &study, cut, at.get()));
            Some(contour(&mask, Some((&map, annotation.threshold.get()))))
        },
        |_, _| true,
    );
    let shown_px = RwSignal::new((0.0, 0.0));
    canvas::keep_size(surface, shown_px);
    Effect::new(move |_| {
        shown_px.track();
        let (Some(element), Some(study)) = (surface.get(), study()) else { return };
        let view = Canvas::of(element);
        let (width, height, density) = view.fit();
        view.clear(theme::AROUND_SLICE);
        let place = place(&study, cut, (width, height));
        image.with(|image| image.iter().for_each(|image| view.stamp_image(image, place)));
        heat.with(|heat| heat.iter().for_each(|heat| view.stamp(heat, place)));
        outline.with(|outline| {
            let Some(outline) = outline else { return };
            let colour = theme::mask(documents.doubt().is_some());
            let style = MaskStyle {
                overlay: viewport.overlay.get(),
                colour,
                opacity: viewport.opacity.get(),
                line: 1.5 * density,
            };
            view.draw_mask(outline, place, style);
        });
        // Where the slice on screen and the other cut lie.
        let (width, depth) = (study.across(cut) as f64, study.slices() as f64);
        let (column, row) = crossing(&study, cut, cross.get(), index.get());
        let ((x, y), first, last) =
            (place.canvas_point((column, row)), place.canvas_corner((0.0, 0.0)), place.canvas_corner((width, depth)));
        for (from, to) in [((first.0, y), (last.0, y)), ((x, first.1), (x, last.1))] {
            view.context().begin_path();
            view.context().move_to(from.0, from.1);
            view.context().line_to(to.0, to.1);
            view.context().set_stroke_style_str(theme::CROSSHAIR);
            view.context().set_line_width(density);
            view.context().stroke();
        }
    });
    let alone = if cut == Cut::Sagittal { Layout::Sagittal } else { Layout::Coronal };
    let point = move |event: PointerEvent| {
        let (Some(element), Some(study)) = (surface.get_untracked(), untrack(study)) else { return };
        let size = (f64::from(element.client_width()), f64::from(element.client_height()));
        let (x, y) = place(&study, cut, size).offset_px(event.offset_x().into(), event.offset_y().into());
        let share = (x / study.across(cut) as f64).clamp(0.0, 1.0);
        cross.update(|cross| *other_cut(cut, cross) = share);
        let slice = (study.slices() as f64 - y).clamp(0.0, study.slices() as f64 - 1.0) as usize;
        documents.select(study.slice_id(slice));
    };
    // Where a view lies that the ruler can be used on: one of which it is known how large a pixel is.
    let ruled = move || {
        if annotation.tool.get_untracked() != Tool::Measure {
            return None;
        }
        let (element, study) = (surface.get_untracked()?, untrack(study)?);
        study.info.spacing_mm?;
        let size = (f64::from(element.client_width()), f64::from(element.client_height()));
        Some((Plane::Cut(cut, at.get_untracked()), place(&study, cut, size)))
    };
    // Where it was pressed, in the window and in the plane, and whether that has become a drag.
    let ruling = StoredValue::new(None::<((f64, f64), Point<f64>, bool)>);
    let in_window = |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let in_plane = |event: &PointerEvent, view: CanvasFromSlice| {
        let (x, y) = view.slice_point(event.offset_x().into(), event.offset_y().into());
        Point::new(x, y)
    };
    // Where the pointer was last, in the window, while the right button changes the levels.
    let windowing = StoredValue::new(None::<(f64, f64)>);
    let right_pressed = StoredValue::new(None);
    let down = move |event: PointerEvent| {
        match event.button() {
            0 => {}
            2 => {
                if is_second(right_pressed, &event) {
                    viewport.take_preset(Preset::Auto);
                }
                windowing.set_value(Some(in_window(&event)));
                return hold(surface, &event);
            }
            // A reformat is never enlarged: there is nothing to move.
            _ => return,
        }
        let Some((_, view)) = ruled() else { return point(event) };
        ruling.set_value(Some((in_window(&event), in_plane(&event, view), false)));
        hold(surface, &event);
    };
    let moved = move |event: PointerEvent| {
        if let Some((from_x, from_y)) = windowing.get_value() {
            let (x, y) = in_window(&event);
            windowing.set_value(Some((x, y)));
            return viewport.drag_levels((x - from_x, y - from_y));
        }
        let Some((from, at, drags)) = ruling.get_value() else {
            if event.buttons() & 1 == 1 {
                point(event);
            }
            return;
        };
        let Some((plane, view)) = ruled() else { return };
        let (x, y) = in_window(&event);
        let begins = !drags && (x - from.0).hypot(y - from.1) > DRAG;
        if begins {
            results.rule(Ruling::TakeUp(plane, at, view));
            ruling.set_value(Some((from, at, true)));
        }
        if drags || begins {
            results.rule(Ruling::To(plane, in_plane(&event, view)));
        }
    };
    let up = move |event: PointerEvent| {
        windowing.set_value(None);
        let was = ruling.get_value();
        ruling.set_value(None);
        match was {
            Some((.., true)) => results.rule(Ruling::LetGo),
            Some((.., false)) if event.type_() == "pointerup" => point(event),
            _ => {}
        }
    };
    let wheel = StoredValue::new(Wheel::default());
    let turned = move |event: WheelEvent| {
        event.prevent_default();
        let Some(study) = untrack(study) else { return };
        let turn = |wheel: &mut Wheel| wheel.turn(notches(&event), event.time_stamp());
        let steps = wheel.try_update_value(turn).unwrap_or_default() as f64;
        cross.update(|cross| {
            let (share, length) = own_place(&study, cut, cross);
            *share = (*share + steps / length).clamp(0.0, 1.0);
        });
    };
    let pressed = move |event: KeyboardEvent| {
        if let (Some((plane, view)), Some(study)) = (ruled(), untrack(study)) {
            let (x, y) = crossing(&study, cut, cross.get_untracked(), index.get_untracked());
            let ruling = match event.key().as_str() {
                "Enter" => Some(Ruling::Press(plane, Point::new(x, y), view)),
                "Delete" | "Backspace" if !event.shift_key() => Some(Ruling::Delete(plane, Point::new(x, y))),
                _ => None,
            };
            if let Some(ruling) = ruling {
                event.prevent_default();
                event.stop_propagation();
                return results.rule(ruling);
            }
        }
        let step = match event.key().as_str() {
            "Enter" => {
                event.stop_propagation();
                return viewport.maximise(alone);
            }
            "ArrowLeft" => -1.0,
            "ArrowRight" => 1.0,
            _ => return,
        };
        let Some(study) = untrack(study) else { return };
        event.prevent_default();
        event.stop_propagation();
        let pixel = 1.0 / study.across(cut) as f64;
        let pixels = if event.shift_key() { FAST_PX } else { 1.0 };
        cross.update(|cross| {
            let share = other_cut(cut, cross);
            *share = (*share + step * pixels * pixel).clamp(0.0, 1.0);
        });
    };
    let lengths = move || {
        shown_px.track();
        let (element, study, plane) = (surface.get()?, study()?, Plane::Cut(cut, at.get()));
        let size = (f64::from(element.client_width()), f64::from(element.client_height()));
        let (place, spacing_mm) = (place(&study, cut, size), spacing_of(plane, study.info.spacing_mm));
        let all = results.lengths_in(plane).into_iter();
        Some(all.map(|found| length_mark(place, found, spacing_mm)).collect_view())
    };
    let (id, name, letters) = match cut {
        Cut::Sagittal => ("Sagittal", text!("sagittal"), ["A", "P"]),
        Cut::Coronal => ("Coronal", text!("coronal"), ["R", "L"]),
    };
    let placed = move || study().is_some_and(|study| study.info.placed);
    let scale =
        move || study().filter(|study| study.info.spacing_mm.is_none()).map(|_| view! { ", "{text!("not-to-scale")} });
    view! {
        <figure class="reformat" data-cut-of=id>
            <canvas
                node_ref=surface
                tabindex="0"
                aria-label=name.clone()
                title=text!("reformat-help")
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=up
                on:keydown=pressed
                on:wheel=turned
                on:contextmenu=move |event| event.prevent_default()
                on:dblclick=move |_| viewport.maximise(alone)
                data-cut=id
                data-at=move || at.get().to_string()
            ></canvas>
            <svg class="marks" aria-hidden="true">{lengths}</svg>
            <figcaption>
                <span>{move || placed().then_some(letters[0])}</span>
                <span>{name}{scale}</span>
                <span>{move || placed().then_some(letters[1])}</span>
            </figcaption>
        </figure>
    }
}

/// Lets all that a pressed pointer does reach the view, beside it too.
fn hold(surface: NodeRef<html::Canvas>, event: &PointerEvent) {
    if let Some(element) = surface.get_untracked() {
        // A pointer that is already gone cannot be held.
        drop(element.set_pointer_capture(event.pointer_id()));
    }
}

/// Where the other cut and a slice cross in this one: a column and a row of it.
fn crossing(study: &Study, cut: Cut, mut cross: (f64, f64), slice: usize) -> (f64, f64) {
    let (width, depth) = (study.across(cut) as f64, study.slices() as f64);
    let column = (*other_cut(cut, &mut cross) * width).floor().min(width - 1.0);
    (column, depth - slice as f64 - 1.0)
}

/// Where the other cut lies along a row of this one, as a share of its width.
fn other_cut(cut: Cut, (column, row): &mut (f64, f64)) -> &mut f64 {
    match cut {
        Cut::Sagittal => row,
        Cut::Coronal => column,
    }
}

/// Where this cut lies, as a share, and of how many pixels.
fn own_place<'a>(study: &Study, cut: Cut, (column, row): &'a mut (f64, f64)) -> (&'a mut f64, f64) {
    let [width, height, _] = study.info.size;
    match cut {
        Cut::Sagittal => (column, width as f64),
        Cut::Coronal => (row, height as f64),
    }
}

/// The column that a sagittal cut shows, or the row that a coronal one does.
pub(super) fn column_or_row(study: &Study, cut: Cut, (column, row): (f64, f64)) -> usize {
    let [width, height, _] = study.info.size;
    let (share, length) = if cut == Cut::Sagittal { (column, width) } else { (row, height) };
    ((share * length as f64) as usize).min(length - 1)
}

fn place(study: &Study, cut: Cut, size: (f64, f64)) -> CanvasFromSlice {
    let (width, depth) = (study.across(cut), study.slices());
    let aspect = match study.info.spacing_mm {
        Some([x, y, z]) => z / if cut == Cut::Coronal { x } else { y },
        None => (HEIGHT_WITHOUT_SCALE * width as f64 / depth as f64).max(1.0),
    };
    CanvasFromSlice::within(Size::new(width, depth), aspect, (0.0, 0.0), size)
}

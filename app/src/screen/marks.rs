//! What lies over the slice as lines rather than pixels: what the network looks at, clicks, what is being drawn, the brush, diameters,
//! lengths, the tour's ring.
//!
//! They are elements of an SVG in CSS pixels of the window, not a canvas, so that a movement of the pointer repaints no more
//! than what it changes.

use imaging::{Diameter, Prompt, PromptKind};
use leptos::prelude::*;
use protocol::Region;

use crate::annotation::Annotation;
use crate::annotation::brush::Point;
use crate::annotation::step::Plane;
use crate::annotation::tool::Tool;
use crate::documents::Documents;
use crate::results::lengths::Measured;
use crate::results::{Results, written};
use crate::tour::Tour;
use crate::viewport::Viewport;
use crate::viewport::projection::CanvasFromSlice;

/// Half of the crosshair's gap, in CSS pixels.
const GAP: f64 = 16.0;
/// Width of a scribble while it is drawn, in CSS pixels.
const SCRIBBLE: f64 = 4.0;
/// Radius of the tour's ring, in CSS pixels.
const RING: f64 = 14.0;

/// The marks on the slice.
#[component]
pub fn Marks() -> impl IntoView {
    let annotation = expect_context::<Annotation>();
    let documents = expect_context::<Documents>();
    let viewport = expect_context::<Viewport>();
    let results = expect_context::<Results>();
    let tour = expect_context::<Tour>();
    let place = viewport.canvas_from_slice;
    let shown = Memo::new(move |_| place.with(Option::is_some) && !annotation.before.get());
    let place = move || place.get().unwrap_or_default();

    let lasso = move || matches!(annotation.tool.get(), Tool::Lasso | Tool::Around);
    let path = move || {
        let open = annotation.with_drawing(|path, _| path_data(place(), path))?;
        Some(if lasso() { open + "Z" } else { open })
    };
    let erases = move || annotation.with_drawing(|_, kind| kind) == Some(PromptKind::Background);
    let radius = move || annotation.brush_px.get() * place().scale;
    let width = move || match annotation.tool.get() {
        Tool::Lasso | Tool::Around => 1.5,
        Tool::Brush | Tool::Eraser => (2.0 * radius()).max(1.0),
        _ => SCRIBBLE,
    };

    // Each with whether the network has still to answer it.
    let prompts = Memo::new(move |_| {
        annotation.with_edits(|edits| {
            let waits = |prompt: &Prompt| edits.waiting_prompts().contains(prompt);
            edits.prompts().iter().map(|prompt| (prompt.clone(), waits(prompt))).collect::<Vec<_>>()
        })
    });
    let prompts = move || {
        prompts
            .with(|prompts| prompts.iter().map(|(prompt, waits)| prompt_mark(place(), prompt, *waits)).collect_view())
    };

    let foreseen = move || {
        annotation.with_foreseen(|change, kind| {
            let lines = change.lines.iter().map(|line| {
                let points: Vec<Point> = line.iter().map(|at| place().canvas_point((at.x, at.y))).collect();
                path_data_of(&points) + "Z"
            });
            let class = if kind == PromptKind::Tumor { "foreseen tumor" } else { "foreseen background" };
            let lines: String = lines.collect();
            view! { <path class=class data-mark="foreseen" d=lines/> }
        })
    };

    let view = viewport.region;
    let frame = move || view.get().map(|part| frame_mark(place(), part));

    let target = move || tour.target.get().filter(|_| tour.shown().is_some());
    let ring = move || {
        let at = shift(place().canvas_point(target()?.0));
        // Each has a class of its own: how they are nested is up to the view.
        Some(
            view! { <g class="ring" data-mark="ring" transform=at><circle class="shade" r=RING/><circle class="line" r=RING/></g> },
        )
    };
    let diameters = move || {
        let diameters = (annotation.tool.get() == Tool::Measure).then(|| results.shown_diameters())??;
        let spacing_mm = documents.picture.with(|picture| picture.as_ref()?.spacing_mm);
        Some(
            [("longest", diameters.longest), ("perpendicular", diameters.perpendicular)]
                .map(|(name, diameter)| line_mark(place(), name, None, diameter, spacing_mm)),
        )
    };
    let lengths = move || {
        let all = results.lengths_in(Plane::Slice);
        let spacing_mm = documents.picture.with(|picture| picture.as_ref()?.spacing_mm);
        all.into_iter().map(|found| length_mark(place(), found, spacing_mm)).collect_view()
    };
    let aims = move || (annotation.tool.get() == Tool::Pointer || viewport.aiming.get()) && viewport.has_reformats();
    let crosshair = move || {
        let at = place().canvas_point(viewport.cross_point().filter(|_| aims())?);
        Some(crosshair_mark(at, viewport.canvas_px.get()))
    };
    let midline = move || {
        let ends = results.midline_on_slice()?.map(|end| place().canvas_point((end.x, end.y)));
        Some(view! { <path class="crosshair midline" data-mark="midline" d=path_data_of(&ends)/> })
    };
    let keyed = move || {
        let at = viewport.pointer.get().filter(|_| viewport.keyed.get())?;
        let at = shift(place().canvas_point(at));
        Some(
            view! { <g class="keyed" data-mark="keyed" transform=at><circle r="9"/><path d="M-14 0H-4M4 0H14M0-14V-4M0 4V14"/></g> },
        )
    };
    let has_brush = Memo::new(move |_| annotation.tool.get().has_radius() && viewport.pointer.with(Option::is_some));
    let brush_at = move || viewport.pointer.get().map(|point| shift(place().canvas_point(point)));

    view! {
        <svg class="marks" aria-hidden="true">
            <Show when=move || shown.get()>
                {frame}
                {crosshair}
                {midline}
                <path class="path" data-mark="stroke" class:lasso=lasso class:erases=erases d=path stroke-width=width/>
                {foreseen}
                {prompts}
                {keyed}
                {ring}
                {diameters}
                {lengths}
                <Show when=move || has_brush.get()>
                    <g class="brush" data-mark="brush" transform=brush_at><circle r=radius/><circle r=radius/></g>
                </Show>
            </Show>
        </svg>
    }
}

/// A disk with a plus or a minus, at the end of a scribble's or a loop's line where it is one: the sign tells, not the colour
/// alone. A ring turns round it while the network answers it.
fn prompt_mark(place: CanvasFromSlice, prompt: &Prompt, waits: bool) -> impl IntoView + use<> {
    let points: Vec<Point> = prompt.line().iter().map(|at| place.canvas_point((at.x.into(), at.y.into()))).collect();
    let at = shift(points.last().copied().unwrap_or_default());
    let shape = match prompt.click_at() {
        Some(_) => "click",
        None if prompt.is_loop() => "loop",
        None => "scribble",
    };
    let close = if prompt.is_loop() { "Z" } else { "" };
    let line = (points.len() > 1).then(|| path_data_of(&points) + close);
    let line = line.map(|line| view! { <path class="said-line" class:loop=shape == "loop" d=line/> });
    let (class, kind, sign) = match prompt.kind {
        PromptKind::Tumor => ("click tumor", "tumour", "M-4 0H4M0-4V4"),
        PromptKind::Background => ("click background", "background", "M-4 0H4"),
    };
    let turning = waits.then(|| view! { <circle class="waits" r="11"/> });
    view! {
        <g class=class data-mark=shape data-kind=kind data-pending=waits.then_some("")>
            {line}
            <g transform=at><circle r="7"/><path d=sign/>{turning}</g>
        </g>
    }
}

/// The edge of a part of the slice.
fn frame_mark(place: CanvasFromSlice, part: Region) -> impl IntoView {
    let corners = [(part.left, part.top), (part.left + part.width, part.top + part.height)];
    let [(x, y), (right, bottom)] = corners.map(|(x, y)| place.canvas_corner((x as f64, y as f64)));
    let edge = move || view! { <rect x=x y=y width=right - x height=bottom - y/> };
    view! { <g class="view" data-mark="region">{edge()}{edge()}</g> }
}

/// Where the reformats cut, with room in the middle for what lies there.
fn crosshair_mark((x, y): Point, (width, height): (f64, f64)) -> impl IntoView {
    let (left, right, top, bottom) = (x - GAP, x + GAP, y - GAP, y + GAP);
    let lines =
        format!("M0 {y:.1}H{left:.1}M{right:.1} {y:.1}H{width:.1}M{x:.1} 0V{top:.1}M{x:.1} {bottom:.1}V{height:.1}");
    view! { <path class="crosshair" data-mark="crosshair" d=lines/> }
}

/// A length that a person measured, as [`line_mark`].
pub(super) fn length_mark(place: CanvasFromSlice, found: Measured, spacing_mm: Option<[f64; 2]>) -> impl IntoView {
    line_mark(place, "length", Some(found.number), found.length.line, spacing_mm)
}

/// A line with handles at its ends, and its length beside the end that is farther to the right.
fn line_mark(
    place: CanvasFromSlice,
    name: &'static str,
    number: Option<u32>,
    diameter: Diameter,
    spacing_mm: Option<[f64; 2]>,
) -> impl IntoView {
    let length = diameter.length(spacing_mm.unwrap_or([1.0; 2]));
    let length = written::length(length, if spacing_mm.is_some() { "mm" } else { "px" });
    let ends = diameter.ends.map(|end| place.canvas_point((end.x, end.y)));
    let line = path_data_of(&ends);
    let handles = ends.map(|end| view! { <circle r="4" transform=shift(end)/> });
    let (x, y) = if ends[0].0 > ends[1].0 { ends[0] } else { ends[1] };
    view! {
        <g class=format!("diameter {name}") data-mark=name data-length=number>
            <path d=line.clone()/><path d=line/>{handles}
            <text x=format!("{:.1}", x + 9.0) y=format!("{:.1}", y + 4.0)>{length}</text>
        </g>
    }
}

/// A path of the pointer on the slice, in the window; a single point is a dot.
fn path_data(place: CanvasFromSlice, path: &[Point]) -> String {
    let points: Vec<_> = path.iter().chain(path.last()).map(|&point| place.canvas_point(point)).collect();
    path_data_of(&points)
}

fn path_data_of(points: &[Point]) -> String {
    let mut data = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let command = if at == 0 { 'M' } else { 'L' };
        data += &format!("{command}{x:.1} {y:.1}");
    }
    data
}

fn shift((x, y): Point) -> String {
    format!("translate({x:.1} {y:.1})")
}

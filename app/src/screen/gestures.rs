//! What the pointer does on the slice: clicks, strokes, lassos and moves, and the marks that they leave on screen.

use imaging::{Click, ClickKind};
use leptos::prelude::*;
use web_sys::PointerEvent;

use crate::brush::{self, Point};
use crate::canvas::{Canvas, MASK, Place, css};
use crate::editing::Tool;
use crate::session::Session;
use crate::tour::Tour;

/// Way from which a press is a drag, in CSS pixels.
const DRAG: f64 = 5.0;
/// Radius of a click's mark, in CSS pixels.
const MARK: f64 = 7.0;

/// What a movement of the pointer means for the image.
pub enum Movement {
    /// It is enlarged by a factor around the pointer.
    Zoom(f64),
    /// It moves by so many CSS pixels.
    Pan(f64, f64),
}

/// What is going on between press and release.
#[derive(Clone, Debug, PartialEq)]
enum Gesture {
    /// A press that is a click if it ends where it began, in the window.
    Press { x: f64, y: f64, kind: ClickKind },
    /// The image moves.
    Pan,
    /// The pointer draws, on the slice.
    Draw { path: Vec<Point>, kind: ClickKind },
}

/// The pointers on the slice. Copies are the same.
#[derive(Clone, Copy)]
pub struct Gestures {
    session: Session,
    tour: Tour,
    /// Where the slice lies in the window, in CSS pixels.
    place: RwSignal<Option<Place>>,
    /// Pressed pointers and where they are in the window.
    pressed: StoredValue<Vec<(i32, f64, f64)>>,
    gesture: RwSignal<Option<Gesture>>,
}

impl Gestures {
    /// No pointer is pressed.
    pub fn new(session: Session, tour: Tour, place: RwSignal<Option<Place>>) -> Self {
        Self { session, tour, place, pressed: StoredValue::new(Vec::new()), gesture: RwSignal::new(None) }
    }

    /// A pointer is pressed.
    pub fn down(self, event: &PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.pressed.update_value(|all| all.push((event.pointer_id(), x, y)));
        if self.pressed.with_value(Vec::len) > 1 {
            return self.gesture.set(None); // A second finger: the first one drew nothing.
        }
        let other_side = event.button() == 2 || event.alt_key();
        let side = |kind: ClickKind| match (kind, other_side) {
            (ClickKind::Tumor, false) | (ClickKind::Background, true) => ClickKind::Tumor,
            _ => ClickKind::Background,
        };
        let draw = |kind| self.point(event).map(|point| Gesture::Draw { path: vec![point], kind: side(kind) });
        let gesture = match self.session.tool.get_untracked() {
            _ if event.button() == 1 => Some(Gesture::Pan),
            Tool::Move => Some(Gesture::Pan),
            Tool::Add => Some(Gesture::Press { x, y, kind: side(ClickKind::Tumor) }),
            Tool::Remove => Some(Gesture::Press { x, y, kind: side(ClickKind::Background) }),
            Tool::Brush | Tool::Lasso => draw(ClickKind::Tumor),
            Tool::Eraser => draw(ClickKind::Background),
        };
        self.gesture.set(gesture);
    }

    /// A pointer moved, pressed or not.
    pub fn moved(self, event: &PointerEvent) -> Option<Movement> {
        let point = self.point(event);
        self.session.pointer.set(point);
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let mut all = self.pressed.get_value();
        let at = all.iter().position(|pointer| pointer.0 == event.pointer_id())?;
        let (_, old_x, old_y) = std::mem::replace(&mut all[at], (event.pointer_id(), x, y));
        self.pressed.set_value(all.clone());
        if let [a, b] = all[..] {
            let (_, other_x, other_y) = if at == 0 { b } else { a };
            let distance = |x: f64, y: f64| (x - other_x).hypot(y - other_y).max(1.0);
            return Some(Movement::Zoom(distance(x, y) / distance(old_x, old_y)));
        }
        match self.gesture.get_untracked()? {
            Gesture::Pan => Some(Movement::Pan(x - old_x, y - old_y)),
            Gesture::Press { x: from_x, y: from_y, .. } => {
                if (x - from_x).hypot(y - from_y) > DRAG {
                    self.gesture.set(Some(Gesture::Pan));
                }
                None
            }
            Gesture::Draw { .. } => {
                self.gesture.update(|gesture| {
                    if let (Some(Gesture::Draw { path, .. }), Some(point)) = (gesture, point) {
                        path.push(point);
                    }
                });
                None
            }
        }
    }

    /// A pointer is released: what it did counts.
    pub fn up(self, event: &PointerEvent) {
        let gesture = self.gesture.get_untracked();
        self.cancel(event);
        match gesture {
            Some(Gesture::Press { kind, .. }) => {
                if let Some(point) = self.point(event) {
                    self.session.click(point, kind);
                }
            }
            Some(Gesture::Draw { path, kind }) => {
                let Some(size) = self.session.size() else { return };
                let pixels = match self.session.tool.get_untracked() {
                    Tool::Lasso => brush::inside(&path, size),
                    _ => brush::along(&path, self.session.brush_px.get_untracked(), size),
                };
                self.session.stroke(pixels, kind);
            }
            Some(Gesture::Pan) | None => {}
        }
    }

    /// A pointer is gone: what it did does not count.
    pub fn cancel(self, event: &PointerEvent) {
        self.pressed.update_value(|all| all.retain(|pointer| pointer.0 != event.pointer_id()));
        self.gesture.set(None);
    }

    /// Draws clicks, the brush and what is being drawn, where the slice lies at `place` in the window.
    pub fn draw(self, canvas: &Canvas, place: Place) {
        let density = window().device_pixel_ratio();
        let place = place.enlarged(density);
        canvas.wipe();
        if self.session.before.get() {
            return;
        }
        let tool = self.session.tool.get();
        let radius = self.session.brush_px.get() * place.scale;
        self.gesture.with(|gesture| {
            if let Some(Gesture::Draw { path, kind }) = gesture {
                draw_path(canvas, place, path, *kind, (tool != Tool::Lasso).then_some(radius));
            }
        });
        self.session.with_edits(|edits| {
            edits.clicks().iter().for_each(|click| draw_click(canvas, place, click, density));
        });
        if let Some((point, _)) = self.tour.target.get().filter(|_| self.tour.shown().is_some()) {
            ring(canvas, place.surface_point(point), density);
        }
        // Asked last: with other tools the pointer's way redraws nothing.
        if tool.has_radius()
            && let Some(point) = self.session.pointer.get()
        {
            let (x, y) = place.surface_point(point);
            circle(canvas, (x, y), radius);
            line(canvas, "rgba(0, 0, 0, 0.8)", 3.0 * density);
            line(canvas, "#fff", density);
        }
    }

    /// Where the pointer is on the slice, or beside it.
    fn point(self, event: &PointerEvent) -> Option<Point> {
        Some(self.place.get_untracked()?.slice_point(event.offset_x().into(), event.offset_y().into()))
    }
}

/// A stroke of a brush of a radius, or a lasso if there is none.
fn draw_path(canvas: &Canvas, place: Place, path: &[Point], kind: ClickKind, radius: Option<f64>) {
    let context = canvas.context();
    context.begin_path();
    for &point in path.iter().chain(path.last()) {
        let (x, y) = place.surface_point(point);
        context.line_to(x, y);
    }
    let colour = match kind {
        ClickKind::Tumor => css(MASK, 0.5),
        ClickKind::Background => "rgba(255, 255, 255, 0.35)".into(),
    };
    context.set_line_cap("round");
    context.set_line_join("round");
    match radius {
        Some(radius) => line(canvas, &colour, (2.0 * radius).max(1.0)),
        None => {
            context.set_fill_style_str(&colour);
            context.fill();
            context.close_path();
            line(canvas, "#fff", 1.5);
        }
    }
}

/// A disk with a plus or a minus: the sign tells, not the colour alone.
fn draw_click(canvas: &Canvas, place: Place, click: &Click, density: f64) {
    let (x, y) = place.surface_point((f64::from(click.x) + 0.5, f64::from(click.y) + 0.5));
    let (mark, arm) = (MARK * density, 0.55 * MARK * density);
    let colour = if click.kind == ClickKind::Tumor { "#1a7f4b" } else { "#b3263a" };
    let context = canvas.context();
    circle(canvas, (x, y), mark);
    context.set_fill_style_str(colour);
    context.fill();
    line(canvas, "#fff", 1.5 * density);
    context.begin_path();
    context.move_to(x - arm, y);
    context.line_to(x + arm, y);
    if click.kind == ClickKind::Tumor {
        context.move_to(x, y - arm);
        context.line_to(x, y + arm);
    }
    line(canvas, "#fff", 2.0 * density);
}

/// Points at a place.
fn ring(canvas: &Canvas, point: Point, density: f64) {
    circle(canvas, point, 2.0 * MARK * density);
    line(canvas, "rgba(0, 0, 0, 0.8)", 5.0 * density);
    line(canvas, "#ffe14d", 2.5 * density);
}

fn circle(canvas: &Canvas, (x, y): Point, radius: f64) {
    canvas.context().begin_path();
    canvas.context().arc(x, y, radius, 0.0, std::f64::consts::TAU).expect("the radius is positive");
}

fn line(canvas: &Canvas, colour: &str, width: f64) {
    canvas.context().set_stroke_style_str(colour);
    canvas.context().set_line_width(width);
    canvas.context().stroke();
}

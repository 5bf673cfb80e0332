//! What the pointer does on the slice: clicks, drawings and moves.

use imaging::PromptKind;
use leptos::prelude::*;
use web_sys::PointerEvent;

use crate::annotation::Annotation;
use crate::annotation::brush::Point;
use crate::annotation::step::Plane;
use crate::annotation::tool::Tool;
use crate::documents::Documents;
use crate::results::Results;
use crate::results::ruler::Ruling;
use crate::viewport::levels::Preset;
use crate::viewport::look::Look;
use crate::viewport::{Overlay, Viewport};

/// Way from which a press is a drag, in CSS pixels.
pub const DRAG: f64 = 5.0;
/// Time within which a click at the same place is the second half of a double click, in milliseconds.
const DOUBLE_MS: f64 = 400.0;
/// Way of a finger that goes a slice further, in CSS pixels.
const SWIPE: f64 = 28.0;
/// Distance up to which two places are the same to a hand, in CSS pixels: with a mouse or a pen, and with a finger.
const SAME_PLACE: (f64, f64) = (5.0, 24.0);

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
    /// A press that is a click if it ends where it began, in the window: a prompt, or else the place where the reformats cut.
    Press { x: f64, y: f64, prompt: Option<PromptKind>, drags: Drags },
    /// A part of the mask goes if the press ends where it began.
    Part,
    /// The image moves.
    Pan,
    /// A finger goes through the slices; so much of its way has gone nowhere yet.
    Swipe { way: f64 },
    /// The reformats follow the pointer.
    Aim,
    /// Its levels change.
    Levels,
    /// The end of a line moves.
    Ruler,
    /// The pointer draws.
    Draw,
}

/// What a press becomes that does not end where it began.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Drags {
    Image,
    Slices,
    Levels,
    Scribble(Option<Point>, PromptKind),
    Ruler(Option<Point>),
}

/// When and where something was pressed, in the page's milliseconds and in the window.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Press {
    at_ms: f64,
    x: f64,
    y: f64,
}

/// The pointers on the slice. Copies are the same.
#[derive(Clone, Copy)]
pub struct Gestures {
    documents: Documents,
    annotation: Annotation,
    viewport: Viewport,
    results: Results,
    /// Pressed pointers and where they are in the window.
    pressed: StoredValue<Vec<(i32, f64, f64)>>,
    gesture: RwSignal<Option<Gesture>>,
    /// When the last click was made, in the page's milliseconds, and where in the window.
    clicked: StoredValue<Option<Press>>,
    /// When the right button was pressed last for levels, likewise.
    right_pressed: StoredValue<Option<f64>>,
}

impl Gestures {
    /// No pointer is pressed.
    pub fn new(documents: Documents, annotation: Annotation, viewport: Viewport, results: Results) -> Self {
        let (pressed, clicked, right_pressed) =
            (StoredValue::new(Vec::new()), StoredValue::new(None), StoredValue::new(None));
        Self { documents, annotation, viewport, results, right_pressed, pressed, gesture: RwSignal::new(None), clicked }
    }

    /// A pointer is pressed.
    pub fn down(self, event: &PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.pressed.update_value(|all| all.push((event.pointer_id(), x, y)));
        if self.pressed.with_value(Vec::len) > 1 {
            // A second finger: the first one drew nothing.
            self.annotation.drop_drawing();
            self.let_go();
            return self.gesture.set(None);
        }
        let other_side = event.button() == 2 || event.alt_key();
        let side = self.annotation.side(other_side);
        let right = event.button() == 2;
        let tool = self.annotation.tool.get_untracked();
        let touch = event.pointer_type() == "touch";
        // A finger on a slice that fits its window has nothing to move there.
        let swipes = touch && self.viewport.look.get_untracked() == Look::WHOLE;
        let drags = match right {
            true => Drags::Levels,
            false if tool == Tool::Measure => Drags::Ruler(self.point(event)),
            false if swipes => Drags::Slices,
            false if !touch && tool.prompts() => Drags::Scribble(self.point(event), side),
            false => Drags::Image,
        };
        let press = |prompt| Some(Gesture::Press { x, y, prompt, drags });
        let gesture = match tool {
            _ if event.button() == 1 => Some(Gesture::Pan),
            _ if event.shift_key() && right => Some(Gesture::Part),
            _ if event.shift_key() => Some(Gesture::Aim),
            Tool::Pointer | Tool::Levels | Tool::Measure if right => Some(Gesture::Levels),
            Tool::Levels => Some(Gesture::Levels),
            Tool::Pointer | Tool::Measure => press(None),
            Tool::Add | Tool::Remove => press(Some(side)),
            _ => self.point(event).map(|point| {
                self.annotation.begin_drawing(point, side);
                Gesture::Draw
            }),
        };
        if right && gesture == Some(Gesture::Levels) && is_second(self.right_pressed, event) {
            self.viewport.take_preset(Preset::Auto);
        }
        self.gesture.set(gesture);
    }

    /// A pointer moved, pressed or not.
    pub fn moved(self, event: &PointerEvent) -> Option<Movement> {
        let point = self.point(event);
        self.viewport.point_by_hand(point);
        let aims =
            event.shift_key() && self.gesture.with_untracked(|gesture| matches!(gesture, None | Some(Gesture::Aim)));
        if self.viewport.aiming.get_untracked() != aims {
            self.viewport.aiming.set(aims);
        }
        if let Some(point) = point.filter(|_| aims) {
            self.viewport.aim(point);
        }
        self.look_ahead(event, point);
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
            Gesture::Press { x: from_x, y: from_y, drags, .. } => {
                if (x - from_x).hypot(y - from_y) > DRAG {
                    match drags {
                        Drags::Scribble(Some(from), kind) => {
                            self.annotation.begin_drawing(from, kind);
                            point.into_iter().for_each(|point| self.annotation.draw_to(point));
                        }
                        Drags::Ruler(Some(from)) => {
                            let view = self.viewport.canvas_from_slice.get_untracked()?;
                            self.results.rule(Ruling::TakeUp(Plane::Slice, place(from), view));
                            point
                                .into_iter()
                                .for_each(|point| self.results.rule(Ruling::To(Plane::Slice, place(point))));
                        }
                        _ => {}
                    }
                    self.gesture.set(Some(match drags {
                        Drags::Scribble(..) => Gesture::Draw,
                        Drags::Ruler(_) => Gesture::Ruler,
                        Drags::Image => Gesture::Pan,
                        Drags::Slices => Gesture::Swipe { way: y - from_y },
                        Drags::Levels => Gesture::Levels,
                    }));
                }
                None
            }
            Gesture::Swipe { way } => {
                let way = way + y - old_y;
                let slices = (way / SWIPE).trunc();
                self.gesture.set(Some(Gesture::Swipe { way: way - slices * SWIPE }));
                // Upwards goes on, as it does on a page.
                self.documents.scroll(-slices as isize);
                None
            }
            Gesture::Levels => {
                self.viewport.drag_levels((x - old_x, y - old_y));
                None
            }
            Gesture::Ruler => {
                point.into_iter().for_each(|point| self.results.rule(Ruling::To(Plane::Slice, place(point))));
                None
            }
            Gesture::Draw => {
                point.into_iter().for_each(|point| self.annotation.draw_to(point));
                None
            }
            Gesture::Aim | Gesture::Part => None,
        }
    }

    /// Shows what a click would change, while nothing is pressed and masks are shown at all.
    fn look_ahead(self, event: &PointerEvent, point: Option<Point>) {
        let clicks = matches!(self.annotation.tool.get_untracked(), Tool::Add | Tool::Remove);
        let idle = event.buttons() == 0 && !event.shift_key() && event.pointer_type() != "touch";
        let shown = self.viewport.overlay.get_untracked() != Overlay::None && !self.annotation.before.get_untracked();
        match point.filter(|_| clicks && idle && shown) {
            Some(point) => self.annotation.hover(point, self.annotation.side(event.alt_key())),
            // While a click is made, what was foreseen for it holds.
            None if event.buttons() == 0 => self.annotation.foresee_nothing(),
            None => {}
        }
    }

    /// A pointer is released: what it did counts.
    pub fn up(self, event: &PointerEvent) {
        let gesture = self.gesture.get_untracked();
        self.release(event);
        match gesture {
            Some(Gesture::Press { prompt: None, .. } | Gesture::Aim) => {
                self.point(event).into_iter().for_each(|point| self.viewport.aim(point));
            }
            Some(Gesture::Press { prompt: Some(kind), .. }) => {
                if let Some(point) = self.point(event) {
                    self.viewport.aim(point);
                    // A double click is one click.
                    if !(self.is_double(event) && self.annotation.is_newest_click(kind)) {
                        self.annotation.click(point, kind);
                    }
                }
            }
            Some(Gesture::Draw) => self.annotation.end_drawing(),
            Some(Gesture::Part) => {
                self.point(event).into_iter().for_each(|point| self.annotation.remove_part(point));
            }
            Some(Gesture::Ruler) => self.results.rule(Ruling::LetGo),
            Some(Gesture::Pan | Gesture::Swipe { .. } | Gesture::Levels) | None => {}
        }
    }

    /// A pointer is gone: what it did does not count.
    pub fn cancel(self, event: &PointerEvent) {
        self.annotation.drop_drawing();
        self.let_go();
        self.release(event);
    }

    /// What the ruler has in hand stays where it is.
    fn let_go(self) {
        if self.gesture.get_untracked() == Some(Gesture::Ruler) {
            self.results.rule(Ruling::LetGo);
        }
    }

    fn release(self, event: &PointerEvent) {
        self.pressed.update_value(|all| all.retain(|pointer| pointer.0 != event.pointer_id()));
        self.gesture.set(None);
    }

    /// Whether a click is the second half of a double one: soon after the last, and where a hand does not tell it from that.
    fn is_double(self, event: &PointerEvent) -> bool {
        let press = Press { at_ms: event.time_stamp(), x: event.client_x().into(), y: event.client_y().into() };
        let before = self.clicked.get_value();
        self.clicked.set_value(Some(press));
        let same = if event.pointer_type() == "touch" { SAME_PLACE.1 } else { SAME_PLACE.0 };
        before.is_some_and(|before| is_repeated(before, press, same))
    }

    /// Where the pointer is on the slice, or beside it.
    fn point(self, event: &PointerEvent) -> Option<Point> {
        Some(
            self.viewport
                .canvas_from_slice
                .get_untracked()?
                .slice_point(event.offset_x().into(), event.offset_y().into()),
        )
    }
}

/// A point of the slice as the ruler takes it.
fn place((x, y): Point) -> imaging::Point<f64> {
    imaging::Point::new(x, y)
}

/// Whether an event comes so soon after the one before of its kind, whose time is kept in `latest`, that both are a double one.
pub fn is_second(latest: StoredValue<Option<f64>>, event: &PointerEvent) -> bool {
    let now = event.time_stamp();
    let before = latest.get_value();
    latest.set_value(Some(now));
    before.is_some_and(|before| now - before <= DOUBLE_MS)
}

/// Whether a press repeats the one before, within a distance.
fn is_repeated(before: Press, now: Press, same_place: f64) -> bool {
    now.at_ms - before.at_ms <= DOUBLE_MS && (now.x - before.x).hypot(now.y - before.y) <= same_place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_click_need_not_hit_the_same_pixel() {
        let first = Press { at_ms: 1000.0, x: 200.0, y: 100.0 };
        let (mouse, finger) = SAME_PLACE;
        let second = |at_ms, x, y, same| is_repeated(first, Press { at_ms, x, y }, same);
        assert!(second(1150.0, 200.0, 100.0, mouse) && second(1150.0, 202.0, 99.0, mouse));
        assert!(!second(1150.0, 206.0, 100.0, mouse), "that is another place");
        assert!(second(1150.0, 212.0, 112.0, finger) && !second(1150.0, 230.0, 100.0, finger));
        assert!(!second(1500.0, 200.0, 100.0, mouse), "that is another time");
    }
}

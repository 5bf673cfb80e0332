//! The list of all commands, in the order in which bars and help show them.

use imaging::PromptKind;
use leptos::prelude::*;

use super::Key::{Ctrl, CtrlShift, Plain, Shift};
use super::{Command, Group, always};
use crate::annotation::edits::Edits;
use crate::annotation::step::Plane;
use crate::annotation::tool::Tool;
use crate::app::App;
use crate::inference::Engine;
use crate::results::ruler::Ruling;
use crate::viewport::levels::Preset;
use crate::viewport::{Layout, Overlay};

/// Slices that Page Down goes.
const PAGE: isize = 10;

/// Pixels that a key moves the pointer.
const KEYED_PX: f64 = 2.0;

/// CSS pixels that a key moves the image, or counts for in a drag that windows.
const DRAG_PX: f64 = 40.0;

/// Moves the pointer by keys, and what is being drawn or measured with it.
fn keyed(app: App, (x, y): (f64, f64)) {
    if let Some(point) = app.viewport.point_by_keys((x * KEYED_PX, y * KEYED_PX)) {
        app.annotation.draw_to(point);
        if has_ruler(app) {
            app.results.rule(Ruling::To(Plane::Slice, imaging::Point::new(point.0, point.1)));
        }
    }
}

/// Does what a press of the pointer would.
fn press(app: App) {
    let Some(point) = app.viewport.pointer.get_untracked() else { return };
    match (app.annotation.tool.get_untracked(), app.viewport.canvas_from_slice.get_untracked()) {
        (Tool::Measure, Some(view)) => {
            app.results.rule(Ruling::Press(Plane::Slice, imaging::Point::new(point.0, point.1), view));
        }
        (Tool::Pointer, _) => app.viewport.aim(point),
        _ => app.annotation.press_at(point),
    }
}

/// Takes back what is nearest to the pointer: a length with the ruler, a prompt otherwise.
fn delete(app: App) {
    match app.viewport.pointer.get_untracked() {
        Some((x, y)) if has_ruler(app) => {
            app.results.rule(Ruling::Delete(Plane::Slice, imaging::Point::new(x, y)));
        }
        Some(point) => app.annotation.remove_prompt(point),
        None => {}
    }
}

fn has_ruler(app: App) -> bool {
    app.annotation.tool.with_untracked(|tool| *tool == Tool::Measure)
}

/// Whether the model at work can be told anything.
fn takes_prompts(app: App) -> bool {
    app.inference.engine.with(Engine::takes_prompts)
}

/// All of them.
pub static COMMANDS: &[Command] = &[
    Command::tool(
        "add",
        &[Plain("c")],
        |app| app.annotation.tool.set(Tool::Add),
        |app| app.annotation.tool.get() == Tool::Add,
    )
    .drawn(icondata_lu::LuCirclePlus)
    .when(takes_prompts),
    Command::tool(
        "remove",
        &[Plain("x")],
        |app| app.annotation.tool.set(Tool::Remove),
        |app| app.annotation.tool.get() == Tool::Remove,
    )
    .drawn(icondata_lu::LuCircleMinus)
    .when(takes_prompts),
    Command::tool(
        "scribble",
        &[Plain("s")],
        |app| app.annotation.tool.set(Tool::Scribble),
        |app| app.annotation.tool.get() == Tool::Scribble,
    )
    .drawn(icondata_lu::LuPenLine)
    .when(takes_prompts),
    Command::tool(
        "around",
        &[Plain("u")],
        |app| app.annotation.tool.set(Tool::Around),
        |app| app.annotation.tool.get() == Tool::Around,
    )
    .drawn(icondata_lu::LuCircleDashed)
    .when(takes_prompts),
    Command::tool(
        "brush",
        &[Plain("b")],
        |app| app.annotation.tool.set(Tool::Brush),
        |app| app.annotation.tool.get() == Tool::Brush,
    )
    .drawn(icondata_lu::LuBrush),
    Command::tool(
        "eraser",
        &[Plain("e")],
        |app| app.annotation.tool.set(Tool::Eraser),
        |app| app.annotation.tool.get() == Tool::Eraser,
    )
    .drawn(icondata_lu::LuEraser),
    Command::tool(
        "lasso",
        &[Plain("o")],
        |app| app.annotation.tool.set(Tool::Lasso),
        |app| app.annotation.tool.get() == Tool::Lasso,
    )
    .drawn(icondata_lu::LuLasso),
    Command::tool(
        "pointer",
        &[Plain("v")],
        |app| app.annotation.tool.set(Tool::Pointer),
        |app| app.annotation.tool.get() == Tool::Pointer,
    )
    .drawn(icondata_lu::LuMousePointer2),
    Command::tool(
        "levels",
        &[Plain("w")],
        |app| app.annotation.tool.set(Tool::Levels),
        |app| app.annotation.tool.get() == Tool::Levels,
    )
    .drawn(icondata_lu::LuContrast),
    Command::tool(
        "measure",
        &[Plain("d")],
        |app| app.annotation.tool.set(Tool::Measure),
        |app| app.annotation.tool.get() == Tool::Measure,
    )
    .drawn(icondata_lu::LuRuler),
    Command::new("say-tumour", &[], Group::Said, |app| app.annotation.said.set(PromptKind::Tumor))
        .drawn(icondata_lu::LuPlus)
        .on(|app| app.annotation.said.get() == PromptKind::Tumor),
    Command::new("say-background", &[], Group::Said, |app| app.annotation.said.set(PromptKind::Background))
        .drawn(icondata_lu::LuMinus)
        .on(|app| app.annotation.said.get() == PromptKind::Background),
    Command::new("around-loop", &[], Group::Around, |app| app.annotation.boxed.set(false))
        .drawn(icondata_lu::LuCircleDashed)
        .on(|app| !app.annotation.boxed.get()),
    Command::new("around-box", &[], Group::Around, |app| app.annotation.boxed.set(true))
        .drawn(icondata_lu::LuSquareDashed)
        .on(|app| app.annotation.boxed.get()),
    Command::new("point-left", &[Ctrl("ArrowLeft"), CtrlShift("ArrowLeft")], Group::Keyed, |app| {
        keyed(app, (-1.0, 0.0))
    }),
    Command::new("point-right", &[Ctrl("ArrowRight"), CtrlShift("ArrowRight")], Group::Keyed, |app| {
        keyed(app, (1.0, 0.0))
    }),
    Command::new("point-up", &[Ctrl("ArrowUp"), CtrlShift("ArrowUp")], Group::Keyed, |app| keyed(app, (0.0, -1.0))),
    Command::new("point-down", &[Ctrl("ArrowDown"), CtrlShift("ArrowDown")], Group::Keyed, |app| {
        keyed(app, (0.0, 1.0))
    }),
    Command::new("press", &[Plain("Enter")], Group::Keyed, press),
    Command::new("next-end", &[Plain("q")], Group::Keyed, |app| app.results.rule(Ruling::NextEnd)).when(has_ruler),
    Command::new("smaller-brush", &[Plain("[")], Group::Brush, |app| {
        app.annotation.resize_brush(-1);
    }),
    Command::new("larger-brush", &[Plain("]")], Group::Brush, |app| {
        app.annotation.resize_brush(1);
    }),
    Command::new("undo", &[Ctrl("z")], Group::History, |app| app.annotation.undo())
        .drawn(icondata_lu::LuUndo2)
        .when(|app| app.annotation.with_edits(Edits::can_undo))
        .now(|app| app.annotation.next_steps()[0].clone()),
    Command::new("redo", &[Ctrl("y"), CtrlShift("z")], Group::History, |app| app.annotation.redo())
        .drawn(icondata_lu::LuRedo2)
        .when(|app| app.annotation.with_edits(Edits::can_redo))
        .now(|app| app.annotation.next_steps()[1].clone()),
    Command::new("reset", &[], Group::History, |app| {
        app.annotation.undo_all();
    })
    .drawn(icondata_lu::LuRotateCcw)
    .when(|app| app.annotation.with_edits(Edits::can_undo_all)),
    Command::new("remove-click", &[Plain("Delete"), Plain("Backspace")], Group::History, delete),
    Command::new("remove-part", &[Shift("Delete"), Shift("Backspace")], Group::History, |app| {
        app.viewport.pointer.get_untracked().into_iter().for_each(|point| app.annotation.remove_part(point));
    }),
    Command::new("before", &[Plain(" ")], Group::Compare, |app| app.annotation.before.set(true))
        .drawn(icondata_lu::LuEye)
        .until(|app| app.annotation.before.set(false))
        .on(|app| app.annotation.before.get())
        .when(|app| app.annotation.with_edits(Edits::can_undo)),
    Command::new("to-next", &[Plain("n")], Group::Propagate, |app| app.annotation.carry_to_next())
        .drawn(icondata_lu::LuStepForward)
        .when(|app| takes_prompts(app) && app.documents.neighbour_of_same_size(1).is_some()),
    Command::new("through-all", &[Plain("N")], Group::Propagate, |app| app.annotation.carry_through())
        .drawn(icondata_lu::LuLayers)
        .when(|app| {
            let to = |step: &isize| app.documents.neighbour_of_same_size(*step).is_some();
            takes_prompts(app) && [1, -1].iter().any(to)
        }),
    Command::new("fill-between", &[Plain("t")], Group::Propagate, |app| app.annotation.fill_gap())
        .drawn(icondata_lu::LuBetweenHorizontalStart)
        .when(|app| takes_prompts(app) && app.annotation.gap().is_some()),
    Command::new("whole-volume", &[Plain("a")], Group::Network, |app| {
        app.annotation.segment_whole();
    }),
    Command::new("stop", &[Plain("Escape")], Group::Network, |app| {
        app.annotation.cancel();
    }),
    Command::new("mask", &[Plain("m")], Group::Overlay, |app| {
        app.viewport.next_mask_overlay();
    })
    .drawn(icondata_lu::LuBlend)
    .on(|app| app.viewport.overlay.get() == Overlay::Mask),
    Command::new("outline", &[], Group::Overlay, |app| {
        app.viewport.toggle(Overlay::Outline);
    })
    .drawn(icondata_lu::LuCircleDashed)
    .on(|app| app.viewport.overlay.get() == Overlay::Outline),
    Command::new("heat", &[Plain("h")], Group::Overlay, |app| {
        app.viewport.toggle(Overlay::Heat);
    })
    .drawn(icondata_lu::LuFlame)
    .on(|app| app.viewport.overlay.get() == Overlay::Heat),
    Command::new("label", &[Plain("l")], Group::Overlay, |app| {
        app.viewport.label_shown.update(|shown| *shown = !*shown);
    })
    .drawn(icondata_lu::LuTag)
    .on(|app| app.viewport.label_shown.get())
    .when(|app| app.documents.label.with(Option::is_some)),
    Command::new("window-auto", &[Plain("1")], Group::Window, |app| {
        app.viewport.take_preset(Preset::Auto);
    }),
    Command::new("window-full", &[Plain("2")], Group::Window, |app| {
        app.viewport.take_preset(Preset::Full);
    }),
    Command::new("window-high", &[Plain("3")], Group::Window, |app| {
        app.viewport.take_preset(Preset::HighContrast);
    }),
    Command::new("window-low", &[Plain("4")], Group::Window, |app| {
        app.viewport.take_preset(Preset::LowContrast);
    }),
    Command::new("invert", &[Plain("i")], Group::Window, |app| {
        app.viewport.invert();
    })
    .drawn(icondata_lu::LuSunMoon),
    Command::new("window-wider", &[Plain("W")], Group::Levels, |app| app.viewport.drag_levels((DRAG_PX, 0.0))),
    Command::new("window-narrower", &[Plain("E")], Group::Levels, |app| app.viewport.drag_levels((-DRAG_PX, 0.0))),
    Command::new("window-brighter", &[Plain("B")], Group::Levels, |app| app.viewport.drag_levels((0.0, -DRAG_PX))),
    Command::new("window-darker", &[Plain("D")], Group::Levels, |app| app.viewport.drag_levels((0.0, DRAG_PX))),
    Command::new("layout-one", &[Plain("5")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::One);
    })
    .drawn(icondata_lu::LuSquare)
    .on(|app| app.viewport.layout.get() == Layout::One),
    Command::new("layout-main", &[Plain("6")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::MainAndTwo);
    })
    .drawn(icondata_lu::LuLayoutPanelLeft)
    .on(|app| app.viewport.layout.get() == Layout::MainAndTwo),
    Command::new("layout-sequences", &[Plain("7")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::Sequences);
    })
    .drawn(icondata_lu::LuColumns3)
    .when(|app| app.viewport.has_sequences())
    .on(|app| app.viewport.shown_layout() == Layout::Sequences),
    Command::new("layout-four", &[Plain("8")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::Four);
    })
    .drawn(icondata_lu::LuGrid2x2)
    .when(|app| app.viewport.has_reformats())
    .on(|app| app.viewport.layout.get().has_space()),
    Command::new("layout-follow-up", &[Plain("9")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::FollowUp);
    })
    .drawn(icondata_lu::LuHistory)
    .when(|app| app.results.compared.other().is_some())
    .on(|app| app.viewport.layout.get() == Layout::FollowUp),
    Command::new("both-times", &[Plain("p")], Group::Space, |app| {
        app.viewport.both_times.update(|both| *both = !*both);
    })
    .when(|app| app.viewport.shown_layout().has_space() && app.results.compared.registered_back().is_some())
    .on(|app| app.viewport.both_times.get()),
    Command::new("fit", &[Plain("0")], Group::Zoom, |app| app.viewport.fit()),
    Command::new("zoom-in", &[Plain("+"), Plain("=")], Group::Zoom, |app| {
        app.viewport.zoom(1.0);
    }),
    Command::new("zoom-out", &[Plain("-")], Group::Zoom, |app| app.viewport.zoom(-1.0)),
    Command::new("pan-left", &[Shift("ArrowLeft")], Group::Zoom, |app| app.viewport.pan((-DRAG_PX, 0.0))),
    Command::new("pan-right", &[Shift("ArrowRight")], Group::Zoom, |app| app.viewport.pan((DRAG_PX, 0.0))),
    Command::new("pan-up", &[Shift("ArrowUp")], Group::Zoom, |app| app.viewport.pan((0.0, -DRAG_PX))),
    Command::new("pan-down", &[Shift("ArrowDown")], Group::Zoom, |app| app.viewport.pan((0.0, DRAG_PX))),
    Command::new("next", &[Plain("ArrowDown"), Plain("j")], Group::Slices, |app| {
        app.documents.step(1);
    }),
    Command::new("previous", &[Plain("ArrowUp"), Plain("k")], Group::Slices, |app| {
        app.documents.step(-1);
    }),
    Command::new("next-tumour", &[Plain(".")], Group::Slices, |app| {
        app.annotation.to_marked_slice(1);
    }),
    Command::new("previous-tumour", &[Plain(",")], Group::Slices, |app| {
        app.annotation.to_marked_slice(-1);
    }),
    Command::new("largest", &[Plain("g")], Group::Slices, |app| {
        app.annotation.to_largest_slice();
    }),
    Command::new("next-review", &[Plain("r")], Group::Slices, |app| {
        app.results.to_next_review();
    })
    .when(|app| app.results.review.with(|all| all.iter().any(|item| !item.accepted))),
    Command::new("accept", &[Plain("y")], Group::Slices, |app| app.results.accept_slice())
        .when(|app| app.results.is_to_review()),
    Command::new("ten-on", &[Plain("PageDown")], Group::Slices, |app| {
        app.documents.scroll(PAGE);
    }),
    Command::new("ten-back", &[Plain("PageUp")], Group::Slices, |app| {
        app.documents.scroll(-PAGE);
    }),
    Command::new("pacs-open", &[], Group::Page, |app| app.pacs.show(app.pacs.choosing))
        .drawn(icondata_lu::LuServer)
        .when(always),
    Command::new("pacs-send", &[], Group::Page, |app| app.pacs.show(app.pacs.asking))
        .drawn(icondata_lu::LuSend)
        .when(App::can_send_to_pacs),
    Command::new("help", &[Plain("?")], Group::Page, |app| {
        app.help_shown.update(|shown| *shown = !*shown);
    })
    .when(always),
];

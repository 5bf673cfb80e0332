//! The list of all commands, in the order in which bars and help show them.

use leptos::prelude::*;

use super::Key::{Ctrl, CtrlShift, Plain};
use super::{Command, Group, always};
use crate::annotation::edits::Edits;
use crate::annotation::tool::Tool;
use crate::viewport::levels::Preset;
use crate::viewport::{Layout, Overlay};

/// Slices that Page Down goes.
const PAGE: isize = 10;

/// All of them.
pub static COMMANDS: &[Command] = &[
    Command::tool(
        "add",
        "+ click",
        "Click on tumour that the mask misses; right click or Alt on what is none",
        &[Plain("c")],
        |app| app.annotation.tool.set(Tool::Add),
        |app| app.annotation.tool.get() == Tool::Add,
    )
    .drawn(icondata_lu::LuCirclePlus),
    Command::tool(
        "remove",
        "− click",
        "Click on what the mask marks wrongly; right click or Alt on tumour",
        &[Plain("x")],
        |app| app.annotation.tool.set(Tool::Remove),
        |app| app.annotation.tool.get() == Tool::Remove,
    )
    .drawn(icondata_lu::LuCircleMinus),
    Command::tool(
        "brush",
        "Brush",
        "Paint tumour; right button or Alt erases",
        &[Plain("b")],
        |app| app.annotation.tool.set(Tool::Brush),
        |app| app.annotation.tool.get() == Tool::Brush,
    )
    .drawn(icondata_lu::LuBrush),
    Command::tool(
        "eraser",
        "Eraser",
        "Erase what is no tumour; right button or Alt paints",
        &[Plain("e")],
        |app| app.annotation.tool.set(Tool::Eraser),
        |app| app.annotation.tool.get() == Tool::Eraser,
    )
    .drawn(icondata_lu::LuEraser),
    Command::tool(
        "lasso",
        "Lasso",
        "Go round tumour; right button or Alt erases",
        &[Plain("o")],
        |app| app.annotation.tool.set(Tool::Lasso),
        |app| app.annotation.tool.get() == Tool::Lasso,
    )
    .drawn(icondata_lu::LuLasso),
    Command::tool(
        "pointer",
        "Pointer",
        "Click to cut the other views there, as Shift and a movement do with any tool; drag to move the image, as the middle button does",
        &[Plain("v")],
        |app| app.annotation.tool.set(Tool::Pointer),
        |app| app.annotation.tool.get() == Tool::Pointer,
    )
    .drawn(icondata_lu::LuMousePointer2),
    Command::tool(
        "levels",
        "W/L",
        "Window and level: drag sideways for contrast, up and down for brightness; the right button does so with most tools",
        &[Plain("w")],
        |app| app.annotation.tool.set(Tool::Levels),
        |app| app.annotation.tool.get() == Tool::Levels,
    )
    .drawn(icondata_lu::LuContrast),
    Command::tool(
        "measure",
        "Measure",
        "Longest diameter and the longest perpendicular one; drag their ends",
        &[Plain("d")],
        |app| app.annotation.tool.set(Tool::Measure),
        |app| app.annotation.tool.get() == Tool::Measure,
    )
    .drawn(icondata_lu::LuRuler),
    Command::new("smaller-brush", "Smaller", "Smaller brush", &[Plain("[")], Group::Brush, |app| {
        app.annotation.resize_brush(-1);
    }),
    Command::new("larger-brush", "Larger", "Larger brush", &[Plain("]")], Group::Brush, |app| {
        app.annotation.resize_brush(1);
    }),
    Command::new("undo", "Undo", "Undo", &[Ctrl("z")], Group::History, |app| app.annotation.undo())
        .drawn(icondata_lu::LuUndo2)
        .when(|app| app.annotation.with_edits(Edits::can_undo))
        .now(|app| app.annotation.next_steps()[0].clone()),
    Command::new("redo", "Redo", "Redo", &[Ctrl("y"), CtrlShift("z")], Group::History, |app| app.annotation.redo())
        .drawn(icondata_lu::LuRedo2)
        .when(|app| app.annotation.with_edits(Edits::can_redo))
        .now(|app| app.annotation.next_steps()[1].clone()),
    Command::new("reset", "Reset", "Undo every correction of this slice", &[], Group::History, |app| {
        app.annotation.undo_all();
    })
    .drawn(icondata_lu::LuRotateCcw)
    .when(|app| app.annotation.with_edits(Edits::can_undo_all)),
    Command::new(
        "remove-click",
        "Take back",
        "Take back the click nearest to the pointer",
        &[Plain("Delete"), Plain("Backspace")],
        Group::History,
        |app| {
            if let Some(point) = app.viewport.pointer.get_untracked() {
                app.annotation.remove_click(point);
            }
        },
    ),
    Command::new(
        "before",
        "Before",
        "The network's own mask, while it is held",
        &[Plain(" ")],
        Group::Compare,
        |app| app.annotation.before.set(true),
    )
    .drawn(icondata_lu::LuEye)
    .until(|app| app.annotation.before.set(false))
    .on(|app| app.annotation.before.get())
    .when(|app| app.annotation.with_edits(Edits::can_undo)),
    Command::new(
        "to-next",
        "To next",
        "Open the next slice and start it from this mask",
        &[Plain("n")],
        Group::Propagate,
        |app| app.annotation.carry_to_next(),
    )
    .when(|app| app.documents.neighbour_of_same_size(1).is_some()),
    Command::new(
        "through-all",
        "Through all",
        "Carry this mask down and up through the slices, until it is empty or meets a corrected slice",
        &[Plain("N")],
        Group::Propagate,
        |app| app.annotation.carry_through(),
    )
    .when(|app| [1, -1].iter().any(|&step| app.documents.neighbour_of_same_size(step).is_some())),
    Command::new("whole-volume", "Whole volume", "Segment every slice", &[Plain("a")], Group::Network, |app| {
        app.annotation.segment_whole();
    }),
    Command::new("stop", "Stop", "Stop computing", &[Plain("Escape")], Group::Network, |app| {
        app.annotation.cancel();
    }),
    Command::new("mask", "Mask", "Filled mask, its outline, nothing", &[Plain("m")], Group::Overlay, |app| {
        app.viewport.next_mask_overlay();
    })
    .on(|app| app.viewport.overlay.get() == Overlay::Mask),
    Command::new("outline", "Outline", "Outline of the mask on or off", &[], Group::Overlay, |app| {
        app.viewport.toggle(Overlay::Outline);
    })
    .on(|app| app.viewport.overlay.get() == Overlay::Outline),
    Command::new("heat", "Heat map", "Probabilities on or off", &[Plain("h")], Group::Overlay, |app| {
        app.viewport.toggle(Overlay::Heat);
    })
    .on(|app| app.viewport.overlay.get() == Overlay::Heat),
    Command::new("label", "Label", "Label on or off", &[Plain("l")], Group::Overlay, |app| {
        app.viewport.label_shown.update(|shown| *shown = !*shown);
    })
    .on(|app| app.viewport.label_shown.get())
    .when(|app| app.documents.label.with(Option::is_some)),
    Command::new(
        "window-auto",
        "Auto",
        "Automatic window; with Pointer, W/L and Measure also a double right click",
        &[Plain("1")],
        Group::Window,
        |app| {
            app.viewport.take_preset(Preset::Auto);
        },
    ),
    Command::new("window-full", "Full range", "Window over the full range", &[Plain("2")], Group::Window, |app| {
        app.viewport.take_preset(Preset::Full);
    }),
    Command::new("window-high", "High contrast", "High contrast", &[Plain("3")], Group::Window, |app| {
        app.viewport.take_preset(Preset::HighContrast);
    }),
    Command::new("window-low", "Low contrast", "Low contrast", &[Plain("4")], Group::Window, |app| {
        app.viewport.take_preset(Preset::LowContrast);
    }),
    Command::new("invert", "Invert", "Black and white the other way round", &[Plain("i")], Group::Window, |app| {
        app.viewport.invert();
    }),
    Command::new("layout-one", "One view", "The slice alone", &[Plain("5")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::One);
    })
    .drawn(icondata_lu::LuSquare)
    .on(|app| app.viewport.layout.get() == Layout::One),
    Command::new("layout-main", "Main and two", "The slice with cuts from the side and the front", &[Plain("6")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::MainAndTwo);
    })
    .drawn(icondata_lu::LuLayoutPanelLeft)
    .on(|app| app.viewport.layout.get() == Layout::MainAndTwo),
    Command::new("layout-sequences", "Sequences", "The slice in each of its sequences, side by side", &[Plain("7")], Group::Layout, |app| {
        app.viewport.layout.set(Layout::Sequences);
    })
    .drawn(icondata_lu::LuColumns3)
    .when(|app| app.viewport.has_sequences())
    .on(|app| app.viewport.shown_layout() == Layout::Sequences),
    Command::new(
        "fit",
        "Fit",
        "Fit to the window; again: to what the network looks at",
        &[Plain("0")],
        Group::Zoom,
        |app| app.viewport.fit(),
    ),
    Command::new("zoom-in", "Enlarge", "Enlarge", &[Plain("+"), Plain("=")], Group::Zoom, |app| {
        app.viewport.zoom(1.0);
    }),
    Command::new("zoom-out", "Reduce", "Reduce", &[Plain("-")], Group::Zoom, |app| app.viewport.zoom(-1.0)),
    Command::new("next", "Next", "Next slice", &[Plain("ArrowDown"), Plain("j")], Group::Slices, |app| {
        app.documents.step(1);
    }),
    Command::new("previous", "Previous", "Previous slice", &[Plain("ArrowUp"), Plain("k")], Group::Slices, |app| {
        app.documents.step(-1);
    }),
    Command::new("next-tumour", "Next tumour", "Next slice with a mask", &[Plain(".")], Group::Slices, |app| {
        app.annotation.to_marked_slice(1);
    }),
    Command::new("previous-tumour", "Previous tumour", "Previous slice with a mask", &[Plain(",")], Group::Slices, |app| {
        app.annotation.to_marked_slice(-1);
    }),
    Command::new("largest", "Largest", "The slice with the largest mask", &[Plain("g")], Group::Slices, |app| {
        app.annotation.to_largest_slice();
    }),
    Command::new("next-review", "Next to review", "The next slice to look at", &[Plain("r")], Group::Slices, |app| {
        app.results.to_next_review();
    })
    .when(|app| app.results.review.with(|all| all.iter().any(|item| !item.accepted))),
    Command::new(
        "accept",
        "Looks right",
        "This slice is right; on to the next to review",
        &[Plain("y")],
        Group::Slices,
        |app| app.results.accept_slice(),
    )
    .when(|app| app.results.is_to_review()),
    Command::new("ten-on", "Ten on", "Ten slices on", &[Plain("PageDown")], Group::Slices, |app| {
        app.documents.scroll(PAGE);
    }),
    Command::new("ten-back", "Ten back", "Ten slices back", &[Plain("PageUp")], Group::Slices, |app| {
        app.documents.scroll(-PAGE);
    }),
    Command::new("help", "?", "Keys and help", &[Plain("?")], Group::Page, |app| {
        app.help_shown.update(|shown| *shown = !*shown);
    })
    .when(always),
];

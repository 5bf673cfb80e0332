//! Keys, and what the page does with what it is given.

use leptos::html;
use leptos::prelude::*;

use crate::commands::{self, Group};
use crate::notices::Notices;
use crate::offline::Offline;
use crate::results::Results;
use crate::tour::Tour;

/// What is done with the pointer, beside the commands of the same heading.
type Gestures = &'static [(&'static str, &'static str)];

/// Headings with their commands and gestures.
const KEYS: [(&str, &[Group], Gestures); 3] = [
    (
        "Correct",
        &[Group::Tool, Group::Brush, Group::History, Group::Compare, Group::Propagate],
        &[("click beside the frame", "Look at another picture of the page")],
    ),
    ("Segment", &[Group::Network, Group::Page], &[]),
    (
        "Look",
        &[Group::Slices, Group::Zoom, Group::Window, Group::Overlay, Group::Layout],
        &[
            ("wheel", "Next, previous slice; over a reformat: the next cut"),
            ("Ctrl wheel, two fingers", "Zoom"),
            ("drag", "With a click tool: move the image"),
            ("right or middle drag", "Window and level"),
            ("← →", "In a reformat: the other one moves"),
        ],
    ),
];

/// The sheet under `?`.
#[component]
pub fn Help(shown: RwSignal<bool>) -> impl IntoView {
    let tour = expect_context::<Tour>();
    let offline = expect_context::<Offline>();
    let results = expect_context::<Results>();
    let notices = expect_context::<Notices>();
    let sheet = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(sheet) = sheet.get() else { return };
        match (shown.get(), sheet.open()) {
            (true, false) => sheet.show_modal().expect("a closed dialog of the page opens"),
            (false, true) => sheet.close(),
            _ => {}
        }
    });
    let row = |key: String, what: &'static str| view! { <dt>{key}</dt><dd>{what}</dd> };
    let section = move |(name, groups, gestures): (&'static str, &'static [Group], Gestures)| {
        let commands = groups.iter().flat_map(|group| commands::of(*group)).filter(|command| !command.keys.is_empty());
        let commands = commands.map(|command| row(command.keys_written(), command.help)).collect_view();
        let gestures = gestures.iter().map(|&(gesture, what)| row(gesture.to_owned(), what)).collect_view();
        view! { <section><h3>{name}</h3><dl>{commands}{gestures}</dl></section> }
    };
    view! {
        <dialog
            node_ref=sheet
            class="sheet"
            aria-label="Help"
            on:close=move |_| shown.set(false)
            on:click=move |_| shown.set(false)
        >
            // It has the focus first, so that the arrow keys scroll it.
            <div class="sheet-body" tabindex="-1" autofocus on:click=|event| event.stop_propagation()>
                <h2>"Keys and gestures"</h2>
                <div class="keys">{KEYS.map(section)}</div>
                <h2>"Files"</h2>
                <p>
                    "A study: DICOM (a folder, many files, a zip or tar, tar.gz, tgz; MR images, single or multi-frame), NIfTI "
                    "(nii, nii.gz; hdr and img together) or a TIFF of several pages. FLAIR, pre- and "
                    "post-contrast series are told apart by their descriptions and can be chosen anew beside the image. "
                    "A NIfTI label map or a DICOM segmentation is laid over its study."
                </p>
                <p>
                    "A slice: PNG, JPEG, WebP or TIFF, 8 or 16 bit. In colour images red, green and blue are pre-contrast, "
                    "FLAIR and post-contrast; a grey image is taken for all three. A file whose name ends in "
                    <code>"_mask"</code>", "<code>"_label"</code>" or "<code>"_seg"</code>
                    ", or that has only two grey levels, is the label of the slice of that name or of the one on screen."
                </p>
                <h2>"Privacy"</h2>
                <p data-privacy=move || if offline.kept() { "kept" } else { "loaded" }>
                    "Everything is computed on this computer. No image leaves the page; the page can reach no other server. "
                    {move || if offline.kept() {
                        "The site itself is kept in this browser: switch the network off, and it opens and works all the same."
                    } else {
                        "Once it has loaded, it needs no network."
                    }}
                </p>
                <div class="guide-buttons">
                    <button data-action="restart-tour" on:click=move |_| { shown.set(false); tour.start() }>"Guided tour"</button>
                    <button
                        data-action="diagnostics"
                        title="Version, device, times and browser; nothing of a patient"
                        on:click=move |_| { shown.set(false); results.copy_diagnostics(notices) }
                    >"Copy diagnostics"</button>
                </div>
            </div>
            <button class="quiet close" aria-label="Close" on:click=move |_| shown.set(false)>"×"</button>
        </dialog>
    }
}

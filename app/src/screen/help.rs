//! Keys, and what the page does with what it is given.

use leptos::html;
use leptos::prelude::*;

use crate::offline::Offline;
use crate::tour::Tour;

/// Keys and gestures by what they are for.
const KEYS: [(&str, &[(&str, &str)]); 3] = [
    (
        "Correct",
        &[
            ("C, X", "click on missing tumour, on false tumour; right click or Alt turns one into the other"),
            ("B, E", "brush, eraser; right button or Alt turns one into the other"),
            ("[ ]", "smaller, larger brush"),
            ("O", "lasso: fill what it goes round"),
            ("Ctrl Z, Ctrl Y", "undo, redo"),
            ("Del", "take back the click nearest to the pointer"),
            ("Space", "the network's own mask, while held"),
            ("N", "carry the mask to the next slice"),
            ("Shift N", "carry it through all slices, down and up"),
        ],
    ),
    (
        "Work",
        &[
            ("A", "segment the whole volume"),
            ("D", "diameters: drag their ends"),
            ("click beside the frame", "look at another picture of the page"),
            ("Esc", "stop computing, close this"),
            ("?", "this sheet"),
        ],
    ),
    (
        "Look",
        &[
            ("wheel, ↓ ↑ or J K", "next, previous slice; over a reformat: the next cut"),
            ("Page ↓ ↑", "ten slices on, back"),
            ("Ctrl wheel, + −", "zoom"),
            ("two fingers", "zoom"),
            ("drag", "with a click tool: move the image"),
            ("V", "move the image; with Shift, every tool does"),
            ("0", "fit to the window; again: to what is looked at"),
            ("W", "window and level; with the right or middle button, every tool does"),
            ("1 to 4, I", "usual, full, hard, soft window; invert"),
            ("M, H, L", "mask, heat map, label on or off"),
            ("← →", "in a reformat: the other one moves"),
        ],
    ),
];

/// The sheet under `?`.
#[component]
pub fn Help(shown: RwSignal<bool>) -> impl IntoView {
    let tour = expect_context::<Tour>();
    let offline = expect_context::<Offline>();
    let sheet = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(sheet) = sheet.get() else { return };
        match (shown.get(), sheet.open()) {
            (true, false) => sheet.show_modal().expect("a closed dialog of the page opens"),
            (false, true) => sheet.close(),
            _ => {}
        }
    });
    let group = |(name, keys): (&'static str, &'static [(&str, &str)])| {
        let keys = keys.iter().map(|&(key, what)| view! { <dt>{key}</dt><dd>{what}</dd> }).collect_view();
        view! { <section><h3>{name}</h3><dl>{keys}</dl></section> }
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
                <div class="keys">{KEYS.map(group)}</div>
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
                <p>
                    "Everything is computed on this computer. No image leaves the page; the page can reach no other server. "
                    {move || if offline.kept() {
                        "The site itself is kept in this browser: switch the network off, and it opens and works all the same."
                    } else {
                        "Once it has loaded, it needs no network."
                    }}
                </p>
                <button on:click=move |_| { shown.set(false); tour.restart() }>"Guided tour"</button>
            </div>
            <button class="quiet close" aria-label="Close" on:click=move |_| shown.set(false)>"×"</button>
        </dialog>
    }
}

//! Keys, and what the page does with what it is given.

use leptos::prelude::*;

use crate::offline::Offline;
use crate::tour::Tour;

const KEYS: [(&str, &str); 28] = [
    ("C, X", "click on missing tumour, on false tumour; right click or Alt turns one into the other"),
    ("B, E", "brush, eraser; right button or Alt turns one into the other"),
    ("O", "lasso: fill what it goes round"),
    ("V", "move the image; with Shift, every tool does"),
    ("W", "window and level; with the right or middle button, every tool does"),
    ("1 to 4, I", "usual, full, hard, soft window; invert"),
    ("D", "diameters: drag their ends"),
    ("A", "segment the whole volume"),
    ("[ ]", "smaller, larger brush"),
    ("Ctrl Z, Ctrl Y", "undo, redo"),
    ("Del", "take back the click nearest to the pointer"),
    ("click beside the frame", "look at another picture of the page"),
    ("Space", "the network's own mask, while held"),
    ("N", "carry the mask to the next slice"),
    ("Shift N", "carry it through all slices, down and up"),
    ("wheel, ↓ ↑ or J K", "next, previous slice"),
    ("Page ↓ ↑", "ten slices on, back"),
    ("← →", "in a reformat: the other one moves"),
    ("M", "mask on or off"),
    ("H", "heat map on or off"),
    ("L", "label on or off"),
    ("Ctrl wheel", "zoom"),
    ("drag", "with a click tool: move the image"),
    ("two fingers", "zoom"),
    ("0", "fit to the window; again: to what is looked at"),
    ("+ −", "zoom in, out"),
    ("Esc", "stop computing, close this"),
    ("?", "this sheet"),
];

/// The sheet under `?`.
#[component]
pub fn Help(shown: RwSignal<bool>) -> impl IntoView {
    let tour = expect_context::<Tour>();
    let offline = expect_context::<Offline>();
    view! {
        <Show when=move || shown.get()>
            <div class="sheet" role="dialog" aria-label="Help" on:click=move |_| shown.set(false)>
                <div class="sheet-body" on:click=|event| event.stop_propagation()>
                    <h2>"Keys"</h2>
                    <dl>{KEYS.map(|(key, what)| view! { <dt>{key}</dt><dd>{what}</dd> })}</dl>
                    <h2>"Files"</h2>
                    <p>
                        "A study: DICOM (a folder, many files, a zip; MR images, single or multi-frame) or NIfTI. FLAIR, pre- and "
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
                    <div class="guide-buttons">
                        <button on:click=move |_| { shown.set(false); tour.restart() }>"Guided tour"</button>
                        <button on:click=move |_| shown.set(false)>"Close"</button>
                    </div>
                </div>
            </div>
        </Show>
    }
}

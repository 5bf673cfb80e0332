//! An icon of the Lucide set, in the colour of the text beside it.

use icondata_core::Icon as Drawing;
use leptos::prelude::*;

/// An icon, of no meaning to who does not see it: its button has the name.
#[component]
pub fn Icon(drawing: Drawing) -> impl IntoView {
    view! {
        <svg
            class="icon"
            aria-hidden="true"
            viewBox=drawing.view_box
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            inner_html=drawing.data
        ></svg>
    }
}

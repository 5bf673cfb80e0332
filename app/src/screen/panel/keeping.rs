//! What is kept on this computer.

use leptos::prelude::*;

use crate::annotation::Annotation;
use crate::words::counted;

/// What is kept on this computer, and the way to forget it.
#[component]
pub fn Keeping() -> impl IntoView {
    let annotation = expect_context::<Annotation>();
    let kept = annotation.kept;
    view! {
        <section class="keeping">
            <label>
                <input type="checkbox" data-action="keep" prop:checked=kept.wanted on:change=move |event| annotation.set_keeping(event_target_checked(&event))/>
                "Keep corrections on this computer"
            </label>
            <Show when=move || kept.slices.get() != 0>
                <p class="fact-note" data-kept-slices=move || kept.slices.get()>
                    {move || format!("{} kept; corrections come back when their files are opened. ", counted(kept.slices.get(), "slice"))}
                    <button class="quiet" data-action="forget" on:click=move |_| annotation.forget_kept()>"Forget"</button>
                </p>
            </Show>
        </section>
    }
}

//! What is kept on this computer.

use leptos::prelude::*;

use crate::annotation::Annotation;
use crate::language::text;

/// What is kept on this computer, and the way to forget it.
#[component]
pub fn Keeping() -> impl IntoView {
    let annotation = expect_context::<Annotation>();
    let kept = annotation.kept;
    view! {
        <section class="keeping">
            <label>
                <input type="checkbox" data-action="keep" prop:checked=kept.wanted on:change=move |event| annotation.set_keeping(event_target_checked(&event))/>
                {text!("keep")}
            </label>
            <Show when=move || kept.slices.get() != 0>
                <p class="fact-note" data-kept-slices=move || kept.slices.get()>
                    {move || text!("kept", slices = kept.slices.get()).written()}" "
                    <button class="quiet" data-action="forget" on:click=move |_| annotation.forget_kept()>{text!("forget")}</button>
                </p>
            </Show>
        </section>
    }
}

//! The card of the guided tour.

use leptos::prelude::*;

use crate::annotation::tool::Tool;
use crate::tour::{Step, Tour};

/// What to do next, beside the slice.
#[component]
pub fn Guide() -> impl IntoView {
    let tour = expect_context::<Tour>();
    let card = move |step: Step| {
        let (number, title, text) = match step {
            Step::Look => (
                1,
                "The network looks",
                "Open a sample slice. On this computer, and nowhere else, the network outlines in orange what it takes for tumour.",
            ),
            Step::Correct => (2, "You correct", correction(tour)),
            Step::Compare => (
                3,
                "Compare, go back, go on",
                "Around your click the mask was drawn anew. Hold Space to see the mask before; Ctrl Z undoes. Brush, eraser and lasso outrank the network. Now drop a slice of your own.",
            ),
        };
        view! {
            <aside class="guide" data-tour=number aria-label="Guided tour" aria-live="polite">
                <p class="guide-step">{format!("Tour, {number} of 3")}</p>
                <h2>{title}</h2>
                <p>{text}</p>
                <div class="guide-buttons">
                    {(step == Step::Look).then(|| view! {
                        <button
                            class="primary"
                            data-action="open-sample"
                            disabled=move || tour.is_on_its_slice()
                            on:click=move |_| tour.open_slice()
                        >{move || if tour.is_on_its_slice() { "The network looks …" } else { "Open the sample" }}</button>
                    })}
                    <button data-action="end-tour" class:primary=(step == Step::Compare) on:click=move |_| tour.end()>
                        {if step == Step::Compare { "Done" } else { "Skip the tour" }}
                    </button>
                </div>
            </aside>
        }
    };
    move || tour.shown().map(card)
}

fn correction(tour: Tour) -> &'static str {
    match tour.target.get() {
        Some((_, Tool::Remove)) => {
            "The blue outline is an expert's. In the ring the network marked too much: click there with the “− click” tool, or with the right button of the mouse."
        }
        Some(_) => "The blue outline is an expert's. In the ring the network missed tumour: click there.",
        None => "Here the network agrees with the expert's blue outline. Click anywhere to correct it all the same.",
    }
}

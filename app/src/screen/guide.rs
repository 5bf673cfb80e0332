//! The card of the guided tour.

use leptos::prelude::*;

use crate::annotation::tool::Tool;
use crate::tour::{Step, Tour};

/// What to do next, beside the slice.
#[component]
pub fn Guide() -> impl IntoView {
    let tour = expect_context::<Tour>();
    let shown = Memo::new(move |_| tour.shown());
    let card = move |step: Step| {
        let (number, title) = match step {
            Step::Look => (1, "See it"),
            Step::Correct => (2, "Fix it"),
            Step::Compare => (3, "Compare"),
        };
        let text = move || match step {
            _ if !tour.is_outlined() => "The model looks at this slice …".into(),
            Step::Look => "The model outlined the tumour in orange, on this computer. See one that it missed.".into(),
            Step::Correct => correction(tour).into(),
            Step::Compare => comparison(tour),
        };
        let dice =
            move |which: fn((f64, f64)) -> f64| (step == Step::Compare).then(|| tour.gain()).flatten().map(which);
        view! {
            <aside
                class="guide"
                data-tour=number
                data-dice-before=move || dice(|(before, _)| before)
                data-dice-after=move || dice(|(_, after)| after)
                aria-label="Guided tour"
                aria-live="polite"
            >
                <p class="guide-step">{format!("Tour, {number} of 3")}</p>
                <h2>{title}</h2>
                <p>{text}</p>
                <div class="guide-buttons">
                    {(step == Step::Look).then(|| view! {
                        <button class="primary" data-action="next-step" on:click=move |_| tour.correct()>"Show me"</button>
                    })}
                    <button data-action="end-tour" class:primary=(step == Step::Compare) on:click=move |_| tour.end()>
                        {if step == Step::Compare { "Done" } else { "Skip the tour" }}
                    </button>
                </div>
            </aside>
        }
    };
    move || shown.get().map(card)
}

fn correction(tour: Tour) -> &'static str {
    match tour.target.get() {
        Some((_, Tool::Remove)) => {
            "The dashed outline is an expert’s. In the yellow ring the model marked too much: click there."
        }
        Some(_) => "The dashed outline is an expert’s. The model missed this tumour. Click in the yellow ring.",
        None => "Here the model agrees with the expert’s dashed outline. Click anywhere to correct it all the same.",
    }
}

fn comparison(tour: Tour) -> String {
    let gain = tour.gain().map_or(String::new(), |(before, after)| {
        format!("One click took the agreement with the expert (Dice) from {before:.2} to {after:.2}. ")
    });
    format!("{gain}Hold Space, or the eye, to see the mask before; Ctrl Z undoes. Now drop a scan of your own.")
}

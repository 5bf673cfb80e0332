//! The card of the guided tour.

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::annotation::tool::Tool;
use crate::language::{Text, Value, text};
use crate::parts::{self, Fetched};
use crate::tour::{Step, Tour};

/// What to do next, beside the slice.
#[component]
pub fn Guide() -> impl IntoView {
    let tour = expect_context::<Tour>();
    let shown = Memo::new(move |_| tour.shown());
    parts::view_when(move || shown.with(Option::is_some), move || guide(tour, shown))
}

#[wasm_split(guidance, fallible)]
fn guide(tour: Tour, shown: Memo<Option<Step>>) -> Fetched<AnyView> {
    let card = move |step: Step| {
        let (number, title) = match step {
            Step::Look => (1_usize, text!("tour-see")),
            Step::Correct => (2, text!("tour-fix")),
            Step::Compare => (3, text!("tour-compare")),
        };
        let said = move || match step {
            _ if !tour.is_outlined() => text!("tour-waiting"),
            Step::Look => text!("tour-outlined"),
            Step::Correct => correction(tour),
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
                aria-label=text!("tour-start")
                aria-live="polite"
            >
                <p class="guide-step">{text!("tour-step", number)}</p>
                <h2>{title}</h2>
                <p>{move || said().written()}</p>
                <div class="guide-buttons">
                    {(step == Step::Look).then(|| view! {
                        <button class="primary" data-action="next-step" on:click=move |_| tour.correct()>{text!("tour-next")}</button>
                    })}
                    <button data-action="end-tour" class:primary=(step == Step::Compare) on:click=move |_| tour.end()>
                        {if step == Step::Compare { text!("tour-done") } else { text!("tour-skip") }}
                    </button>
                </div>
            </aside>
        }
    };
    Ok((move || shown.get().map(card)).into_any())
}

fn correction(tour: Tour) -> Text {
    match tour.target.get() {
        Some((_, Tool::Remove)) => text!("tour-too-much"),
        Some(_) => text!("tour-missed"),
        None => text!("tour-agrees"),
    }
}

fn comparison(tour: Tour) -> Text {
    let Some((before, after)) = tour.gain() else { return text!("tour-keys") };
    let [before, after] = [before, after].map(|dice| Value::fixed(dice, 2));
    text!("two-sentences", first = text!("tour-gain", before, after), second = text!("tour-keys"))
}

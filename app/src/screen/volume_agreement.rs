//! Agreement of a whole study's mask with its label, once every labelled slice has its answer.

use leptos::prelude::*;

use crate::language::{decimal, text};
use crate::results::Results;
use crate::results::figure;

/// Two figures in a row; nothing until then.
#[component]
pub fn VolumeAgreement() -> impl IntoView {
    let results = expect_context::<Results>();
    let overlap = results.volume_overlap;
    let score = |value: Option<f64>| value.map_or_else(String::new, |value| decimal(value, 3));
    let both_empty = move || overlap.get().is_some_and(|overlap| overlap.dice().is_none());
    view! {
        <Show when=move || overlap.with(Option::is_some)>
            <p data-fact="volume-agreement" hidden=move || !both_empty()>{move || both_empty().then(|| figure::both_empty().written())}</p>
            <div class="figure-row" hidden=both_empty>
                <div class="fact">
                    <span class="fact-name">{text!("dice-of-volume")}</span>
                    <output class="fact-value" data-fact="volume-dice">{move || score(overlap.get().and_then(|o| o.dice()))}</output>
                </div>
                <div class="fact">
                    <span class="fact-name">{text!("iou-of-volume")}</span>
                    <output class="fact-value" data-fact="volume-iou">{move || score(overlap.get().and_then(|o| o.iou()))}</output>
                </div>
            </div>
        </Show>
    }
}

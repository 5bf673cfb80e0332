//! The network that is at work.

use leptos::prelude::*;

use crate::inference::Engine;
use crate::inference::Inference;

/// A line about it, with the way to its card.
#[component]
pub fn Model() -> impl IntoView {
    let inference = expect_context::<Inference>();
    move || {
        let Engine::Ready(ready) = inference.engine.get() else { return ().into_any() };
        let measured = ready.mean_volume_dice.map(|dice| {
            view! { <span>{format!("Mean volume Dice on unseen patients {dice:.2}. ")}</span> }
        });
        view! {
            <footer class="model">
                <p>
                    {ready.model.clone()} " on " {ready.device.to_string()} ", " {ready.adapter.clone()} ". "
                    {measured}
                    <a href=format!("{}/README.md", ready.folder) target="_blank">"Model card"</a>
                </p>
                <p>"Research use, not a medical device. Where a file carries no spacing, measures are in pixels."</p>
            </footer>
        }
        .into_any()
    }
}

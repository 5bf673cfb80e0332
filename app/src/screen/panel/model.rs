//! The network that is at work.

use leptos::prelude::*;

use crate::inference::Engine;
use crate::inference::Inference;
use crate::language::{Value, text};

/// A line about it, with the way to its card.
#[component]
pub fn Model() -> impl IntoView {
    let inference = expect_context::<Inference>();
    move || {
        let Engine::Ready(ready) = inference.engine.get() else { return ().into_any() };
        let measured = ready.mean_volume_dice.map(|dice| {
            view! { <span>{text!("model-dice", dice = Value::fixed(dice, 2))}" "</span> }
        });
        view! {
            <footer class="model">
                <p>
                    {text!("model", model = &ready.model, device = ready.device.to_string(), adapter = &ready.adapter)}" "
                    {measured}
                    <a href=format!("{}/README.md", ready.folder) target="_blank">{text!("model-card")}</a>
                </p>
                <p>{text!("research-use")}". "{text!("pixels-without-spacing")}</p>
            </footer>
        }
        .into_any()
    }
}

//! The network that is at work, and the others that the site offers.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::inference::models::{self, Offered};
use crate::inference::{Engine, Inference};
use crate::language::{Value, text};

/// A line about it, with the way to its card, and a menu where there are several.
#[component]
pub fn Model() -> impl IntoView {
    let inference = expect_context::<Inference>();
    let offered = RwSignal::new(Vec::new());
    // After what a mask needs.
    inference.once_ready(move || spawn_local(async move { drop(offered.try_set(models::offered().await)) }));
    view! {
        <footer class="model">
            {move || line(&inference.engine.get())}
            <Show when=move || offered.with(|all| all.len() > 1)>{move || menu(&offered.get())}</Show>
        </footer>
    }
}

fn line(engine: &Engine) -> AnyView {
    let Engine::Ready(ready) = engine else { return ().into_any() };
    let measured = ready.mean_volume_dice.map(|dice| {
        view! { <span>{text!("model-dice", dice = Value::fixed(dice, 2))}" "</span> }
    });
    let takes_none = (!ready.prompts).then(|| view! { <p data-prompts="none">{text!("no-prompts")}</p> });
    view! {
        <p>
            {text!("model", model = &ready.model, device = ready.device.to_string(), adapter = &ready.adapter)}" "
            {measured}
            <a href=format!("{}/README.md", ready.folder) target="_blank">{text!("model-card")}</a>
        </p>
        {takes_none}
        <p>{text!("research-use")}". "{text!("pixels-without-spacing")}</p>
    }
    .into_any()
}

fn menu(offered: &[Offered]) -> impl IntoView + use<> {
    let wanted = models::wanted();
    let options = offered.iter().map(|Offered { id, name }| {
        view! { <option value=id.clone() data-model=id.clone() selected=*id == wanted>{name.clone()}</option> }
    });
    let options = options.collect_view();
    let pick = move |event: web_sys::Event| {
        models::choose(&event_target_value(&event));
        // Who would rather stay stays with the model at work.
        event_target::<web_sys::HtmlSelectElement>(&event).set_value(&models::wanted());
    };
    view! {
        <label class="models">{text!("models")}" "<select data-menu="model" on:change=pick>{options}</select></label>
    }
}

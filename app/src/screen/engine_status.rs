//! Which device computes, or how far its loading is.

use leptos::prelude::*;

use crate::inference::Engine;
use crate::inference::Inference;
use crate::inference::Trial;
use crate::language::{Text, Value, text};
use crate::notices::Notices;
use crate::notices::Severity;
use crate::offline::Offline;

/// Device, or progress in bytes.
#[component]
pub fn EngineStatus() -> impl IntoView {
    let inference = expect_context::<Inference>();
    let notices = expect_context::<Notices>();
    let offline = expect_context::<Offline>();
    view! {
        <div class="engine" role="status" aria-live="polite">
            {move || match inference.engine.get() {
                Engine::Loading { loaded, total } => view! {
                    <span class="engine-text">{progress(loaded, total)}</span>
                    <progress max=total.max(1) prop:value=(total > 0).then_some(loaded)/>
                }.into_any(),
                Engine::Probing(device) => view! {
                    <span class="engine-text">{text!("engine-testing", device = device.to_string())}</span>
                    <progress/>
                }.into_any(),
                Engine::Ready(ready) => {
                    let device = ready.device.to_string();
                    let detail = text!(
                        "engine-ready.help",
                        model = ready.model,
                        device = &device,
                        adapter = ready.adapter,
                        difference = format!("{:.1e}", ready.self_test_difference),
                    );
                    view! {
                        <span class="engine-text ready" data-device=device.clone() title=detail>
                            <span class="lamp"></span>
                            <span class="word">{text!("engine-ready", device = &device)}</span>
                        </span>
                        {move || match inference.trial.get() {
                            Trial::None => ().into_any(),
                            Trial::Running => view! {
                                <span data-trial="running" title=text!("webgpu-testing.help")>
                                    {text!("webgpu-testing")}
                                </span>
                            }.into_any(),
                            // On a click and not by itself: a message moves the slice, on which a person may be at work.
                            Trial::Over(why) => view! {
                                <button
                                    class="quiet"
                                    data-trial="over"
                                    title=why.clone()
                                    on:click=move |_| notices.page(Severity::Info, why.clone())
                                >{text!("webgpu-refused")}</button>
                            }.into_any(),
                        }}
                    }.into_any()
                }
                Engine::Failed(_) => view! { <span class="engine-text failed">{text!("engine-none")}</span> }.into_any(),
            }}
            <Show when=move || offline.kept()>
                <span class="kept" data-kept="" title=text!("works-offline.help")>
                    {text!("works-offline")}
                </span>
            </Show>
        </div>
    }
}

fn progress(loaded: usize, total: usize) -> Text {
    let megabytes = |bytes: usize| Value::fixed(bytes as f64 / 1e6, 1);
    match (loaded, total) {
        (0, _) => text!("engine-loading"),
        (_, 0) => text!("engine-loading-part", loaded = megabytes(loaded)),
        _ => text!("model-loading", loaded = megabytes(loaded), total = megabytes(total)),
    }
}

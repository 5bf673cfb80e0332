//! Which device computes, or how far its loading is.

use leptos::prelude::*;

use crate::inference::Engine;
use crate::inference::Inference;
use crate::inference::Trial;
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
                    <span class="engine-text">{format!("Testing {device} …")}</span>
                    <progress/>
                }.into_any(),
                Engine::Ready(ready) => {
                    let detail = format!(
                        "{} on {} ({}). Self-test: largest difference of a logit {:.1e}.",
                        ready.model, ready.device, ready.adapter, ready.self_test_difference
                    );
                    view! {
                        <span class="engine-text ready" data-device=ready.device.to_string() title=detail.clone()>
                            <span class="lamp"></span>
                            {format!("Ready on {}", ready.device)}
                        </span>
                        {move || match inference.trial.get() {
                            Trial::None => ().into_any(),
                            Trial::Running => view! {
                                <span data-trial="running" title="The CPU answers meanwhile. WebGPU takes over if it is right and faster.">
                                    "testing WebGPU …"
                                </span>
                            }.into_any(),
                            // On a click and not by itself: a message moves the slice, on which a person may be at work.
                            Trial::Over(why) => view! {
                                <button
                                    class="quiet"
                                    data-trial="over"
                                    title=why.clone()
                                    on:click=move |_| notices.page(Severity::Info, why.clone())
                                >"why not WebGPU?"</button>
                            }.into_any(),
                        }}
                    }.into_any()
                }
                Engine::Failed(_) => view! { <span class="engine-text failed">"No engine"</span> }.into_any(),
            }}
            <Show when=move || offline.kept()>
                <span class="kept" data-kept="" title="The site is kept on this computer: it opens and works without a network.">
                    "works offline"
                </span>
            </Show>
        </div>
    }
}

fn progress(loaded: usize, total: usize) -> String {
    let megabytes = |bytes: usize| bytes as f64 / 1e6;
    match (loaded, total) {
        (0, _) => "Loading engine …".into(),
        (_, 0) => format!("Loading engine {:.1} MB", megabytes(loaded)),
        _ => format!("Loading model {:.1} of {:.1} MB", megabytes(loaded), megabytes(total)),
    }
}

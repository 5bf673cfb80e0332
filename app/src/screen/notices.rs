//! Messages: what went wrong, and what to do.

use leptos::prelude::*;

use crate::inference::Engine;
use crate::notice::{Action, Severity};
use crate::session::Session;

/// Messages shown at once; older ones are counted.
const SHOWN: usize = 4;

/// All messages, newest first.
#[component]
pub fn Notices() -> impl IntoView {
    let session = expect_context::<Session>();
    let newest = move || session.notices.with(|notices| notices.iter().rev().take(SHOWN).cloned().collect::<Vec<_>>());
    let hidden = move || session.notices.with(|notices| notices.len().saturating_sub(SHOWN));
    let failure = move || match session.inference.engine.get() {
        Engine::Failed(why) => Some(why),
        _ => None,
    };
    view! {
        <div class="notices" aria-live="assertive">
            {move || failure().map(|why| view! { <div class="notice error">{why}</div> })}
            <For each=newest key=|notice| notice.id let:notice>
                <div class="notice" class:error=notice.severity == Severity::Error>
                    <span>{notice.text.clone()}</span>
                    {notice.action.clone().map(|action| {
                        let label = action.label();
                        let run = move |_| {
                            session.dismiss(notice.id);
                            match &action {
                                Action::Stack { files, name } => session.stack(files, name),
                            }
                        };
                        view! { <button on:click=run>{label}</button> }
                    })}
                    <button class="quiet" aria-label="Dismiss" on:click=move |_| session.dismiss(notice.id)>"×"</button>
                </div>
            </For>
            <Show when=move || hidden() != 0>
                <div class="notice more">
                    <span>{move || format!("and {} more", hidden())}</span>
                    <button class="quiet" on:click=move |_| session.notices.set(Vec::new())>"Dismiss all"</button>
                </div>
            </Show>
        </div>
    }
}

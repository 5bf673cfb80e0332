//! Messages: what went wrong, and what to do.

use leptos::prelude::*;

use crate::inference::Engine;
use crate::notice::{Action, Notice, Severity};
use crate::session::Session;

/// Messages shown at once; older ones are counted.
const SHOWN: usize = 4;

/// All messages about what is on screen, newest first; those that were read long enough are put away.
#[component]
pub fn Notices() -> impl IntoView {
    let session = expect_context::<Session>();
    let on_screen = Memo::new(move |_| session.picture.with(|picture| picture.as_ref().map(|picture| picture.owner)));
    let all = Memo::new(move |_| session.notices.shown(on_screen.get()));
    let open = move || all.with(|all| all.iter().filter(|notice| !notice.folded).cloned().collect::<Vec<_>>());
    let folded = move || all.with(|all| all.iter().filter(|notice| notice.folded).cloned().collect::<Vec<_>>());
    let newest = move || open().into_iter().take(SHOWN).collect::<Vec<_>>();
    let hidden = move || open().len().saturating_sub(SHOWN);
    let failure = move || match session.inference.engine.get() {
        Engine::Failed(why) => Some(why),
        _ => None,
    };
    let message = move |notice: Notice| {
        view! {
            <div class="notice" class:error=notice.severity == Severity::Error>
                <span>{notice.text}</span>
                {notice.action.map(|action| {
                    let label = action.label();
                    let run = move |_| {
                        session.notices.dismiss(notice.id);
                        match &action {
                            Action::Stack { files, name } => session.stack(files, name),
                        }
                    };
                    view! { <button on:click=run>{label}</button> }
                })}
                <button class="quiet" aria-label="Dismiss" on:click=move |_| session.notices.dismiss(notice.id)>"×"</button>
            </div>
        }
    };
    view! {
        <div class="notices" aria-live="assertive">
            {move || failure().map(|why| view! { <div class="notice error">{why}</div> })}
            {move || session.closing.offered().map(|name| view! {
                <div class="notice" data-closed=name.clone()>
                    <span>{format!("Closed {name}.")}</span>
                    <button class="quiet" data-reopen="" on:click=move |_| session.reopen()>"Undo closing"</button>
                </div>
            })}
            <For each=newest key=|notice| notice.id let:notice>{message(notice)}</For>
            <Show when=move || hidden() != 0>
                <div class="notice more">
                    <span>{move || format!("and {} more", hidden())}</span>
                    <button class="quiet" on:click=move |_| session.notices.dismiss_all()>"Dismiss all"</button>
                </div>
            </Show>
            <Show when=move || !folded().is_empty()>
                <details class="folded" aria-live="off">
                    <summary>{move || format!("Messages ({})", folded().len())}</summary>
                    <For each=folded key=|notice| notice.id let:notice>{message(notice)}</For>
                </details>
            </Show>
        </div>
    }
}

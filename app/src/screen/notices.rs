//! Messages: what went wrong, and what to do.

use leptos::prelude::*;

use crate::app::App;
use crate::documents::Documents;
use crate::inference::Engine;
use crate::inference::Inference;
use crate::language::text;
use crate::notices::Notices;
use crate::notices::{Action, Notice, Severity};

/// Messages shown at once; older ones are counted.
const SHOWN: usize = 4;

/// All messages about what is on screen, newest first; those that were read long enough are put away.
#[component]
pub fn Notices() -> impl IntoView {
    let app = expect_context::<App>();
    let inference = expect_context::<Inference>();
    let notices = expect_context::<Notices>();
    let documents = expect_context::<Documents>();
    let on_screen = Memo::new(move |_| documents.picture.with(|picture| picture.as_ref().map(|picture| picture.owner)));
    let all = Memo::new(move |_| notices.shown(on_screen.get()));
    let open = move || all.with(|all| all.iter().filter(|notice| !notice.folded).cloned().collect::<Vec<_>>());
    let folded = move || all.with(|all| all.iter().filter(|notice| notice.folded).cloned().collect::<Vec<_>>());
    let newest = move || open().into_iter().take(SHOWN).collect::<Vec<_>>();
    let hidden = move || open().len().saturating_sub(SHOWN);
    let failure = move || match inference.engine.get() {
        Engine::Failed(why) => Some(why),
        _ => None,
    };
    let message = move |notice: Notice| {
        let (key, text) = (notice.text.key(), notice.text);
        // Who hears the page hears English as such.
        let said = move || {
            let written = text.written();
            let english = text.english().and_then(|english| {
                let (before, after) = written.split_once(&english)?;
                Some((before.to_owned(), english.clone(), after.to_owned()))
            });
            match english {
                Some((before, english, after)) => view! { {before}<span lang="en">{english}</span>{after} }.into_any(),
                None => written.into_any(),
            }
        };
        view! {
            <div class="notice" data-notice=kind(notice.severity) data-text=key class:error=notice.severity == Severity::Error>
                <span>{said}</span>
                {notice.action.map(|action| {
                    let label = action.label();
                    let run = move |_| {
                        notices.dismiss(notice.id);
                        match &action {
                            Action::Stack { files, name } => app.stack(files, name),
                        }
                    };
                    view! { <button data-action="accept" on:click=run>{label}</button> }
                })}
                <button class="quiet" data-dismiss="one" aria-label=text!("dismiss") on:click=move |_| notices.dismiss(notice.id)>"×"</button>
            </div>
        }
    };
    view! {
        <div class="notices" aria-live="assertive">
            {move || failure().map(|why| view! { <div class="notice error" data-notice="error">{why}</div> })}
            {move || app.offered_again().map(|name| view! {
                <div class="notice" data-notice="closed" data-closed=name.clone()>
                    <span>{text!("closed", name = &name)}</span>
                    <button class="quiet" data-reopen="" on:click=move |_| app.reopen()>{text!("closed-undo")}</button>
                </div>
            })}
            <For each=newest key=|notice| notice.id let:notice>{message(notice)}</For>
            <Show when=move || hidden() != 0>
                <div class="notice more" data-notice="more">
                    <span>{move || text!("messages-more", count = hidden()).written()}</span>
                    <button class="quiet" data-dismiss="all" on:click=move |_| notices.dismiss_all()>{text!("dismiss-all")}</button>
                </div>
            </Show>
            <Show when=move || !folded().is_empty()>
                <details class="folded" data-panel="messages" data-count=move || folded().len() aria-live="off">
                    <summary>{move || text!("messages", count = folded().len()).written()}</summary>
                    <For each=folded key=|notice| notice.id let:notice>{message(notice)}</For>
                </details>
            </Show>
        </div>
    }
}

/// Name of a severity in the page's attributes.
fn kind(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Error => "error",
    }
}

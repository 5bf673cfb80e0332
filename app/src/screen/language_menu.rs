//! The language of the page, to be chosen.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::language::{self, LANGUAGES, text};
use crate::notices::{Notices, Severity};
use crate::screen::icon::Icon;

/// The menu; each language is called by its own name, and says so if nobody has read its translation.
#[component]
pub fn LanguageMenu() -> impl IntoView {
    let notices = expect_context::<Notices>();
    let pick = move |event: web_sys::Event| {
        let tag = event_target_value(&event);
        let Some(wanted) = LANGUAGES.iter().find(|language| language.tag == tag) else { return };
        spawn_local(async move {
            if language::choose(wanted).await.is_err() {
                notices.page(Severity::Error, text!("language-failed", name = wanted.name));
            }
        });
    };
    let options = LANGUAGES.iter().map(|language| {
        let chosen = move || *language::chosen() == *language;
        view! { <option value=language.tag lang=language.tag selected=chosen>{language.label()}</option> }
    });
    view! {
        <label class="language">
            <Icon drawing=icondata_lu::LuLanguages/>
            <select
                data-menu="language"
                aria-label=text!("language")
                title=text!("language")
                on:change=pick
                prop:value=|| language::chosen().tag
            >{options.collect_view()}</select>
        </label>
    }
}

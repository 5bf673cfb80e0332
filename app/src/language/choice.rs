//! Which language the page is in: by the address, by an earlier choice, or by the browser; its file comes when it is wanted.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use leptos::reactive::signal::ArcTrigger;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::conventions::{Conventions, Plain};
use super::intl::Intl;
use super::list::{LANGUAGES, Language};
use super::translation::{Given, Translation};
use crate::address;
use crate::site::{self, NoAnswer};

/// Under which the browser keeps the choice.
const KEPT: &str = "language";
/// The parameter of the address.
const PARAMETER: &str = "lang";
/// The language that has every text; it comes with the page.
const ENGLISH: &str = include_str!("../../locales/en.ftl");

/// What the page speaks just now.
#[derive(Clone)]
pub(super) struct Spoken {
    language: &'static Language,
    english: Rc<Translation>,
    /// None in English.
    translation: Option<Rc<Translation>>,
    conventions: Rc<dyn Conventions>,
}

impl Spoken {
    /// English, without a browser's conventions.
    fn english() -> Self {
        let english = Rc::new(Translation::read(ENGLISH));
        Self { language: &LANGUAGES[0], english, translation: None, conventions: Rc::new(Plain) }
    }

    /// Another language, likewise.
    #[cfg(test)]
    pub fn in_language(language: &'static Language, translation: Translation) -> Self {
        Self { language, translation: Some(Rc::new(translation)), ..Self::english() }
    }
}

thread_local! {
    static SPOKEN: RefCell<Spoken> = RefCell::new(Spoken::english());
    static SWITCHED: ArcTrigger = ArcTrigger::new();
}

/// Lets the page speak the language that the address, an earlier choice or the browser names, then calls `then`: at once where
/// that is English.
pub fn open(then: impl FnOnce() + 'static) {
    let named = [address::parameter(PARAMETER), LocalStorage::get(KEPT).ok()];
    let languages = browser_languages();
    let wanted = named.iter().flatten().chain(&languages).map(String::as_str);
    let language = Language::among(wanted).unwrap_or(&LANGUAGES[0]);
    if *language == LANGUAGES[0] {
        speak(language, None);
        return then();
    }
    // Leptos runs nothing before the page is mounted.
    spawn_local(async move {
        // Without its file the page opens in English.
        match fetched(language).await {
            Ok(translation) => speak(language, Some(translation)),
            Err(_) => speak(&LANGUAGES[0], None),
        }
        then();
    });
}

/// Lets the page speak another language from now on, here and at later visits.
///
/// # Errors
///
/// Where its file does not come; the language stays.
pub async fn choose(language: &'static Language) -> Result<(), NoAnswer> {
    let translation = if *language == LANGUAGES[0] { None } else { Some(fetched(language).await?) };
    speak(language, translation);
    // A browser that keeps nothing asks its own settings next time.
    drop(LocalStorage::set(KEPT, language.tag));
    // What the address named no longer holds, at the next load either.
    if address::parameter(PARAMETER).is_some() {
        address::drop_parameter(PARAMETER);
    }
    Ok(())
}

/// The language that the page is in; who asks in a view follows it.
pub fn chosen() -> &'static Language {
    spoken().language
}

/// A number as the language writes it, with so many digits behind the point.
pub fn decimal(value: f64, digits: usize) -> String {
    spoken().conventions.number(value, digits)
}

/// A day ("1960-05-01") as the language writes it; what is none as it is.
pub fn date(iso: &str) -> String {
    spoken().conventions.date(iso).unwrap_or_else(|| iso.into())
}

/// A message in the language of the page.
pub(super) fn look_up(key: &str, values: &[(&str, Given)]) -> String {
    said(&spoken(), key, values)
}

/// A message in a language, or in English where its file lacks it.
pub(super) fn said(spoken: &Spoken, key: &str, values: &[(&str, Given)]) -> String {
    let Spoken { english, translation, conventions, .. } = spoken;
    let own = translation.as_ref().and_then(|translation| translation.message(key, values, &**conventions));
    own.or_else(|| english.message(key, values, &**conventions)).unwrap_or_else(|| key.into())
}

/// What is spoken; who asks in a view is told when that changes.
fn spoken() -> Spoken {
    // Who asks from elsewhere means the language of this moment, of which leptos would warn.
    if Observer::get().is_some() {
        SWITCHED.with(|switched| switched.track());
    }
    SPOKEN.with_borrow(Spoken::clone)
}

fn speak(language: &'static Language, translation: Option<Translation>) {
    let locale = browser_languages().into_iter().find(|wanted| language.is(wanted));
    let conventions = Rc::new(Intl::of(locale.as_deref().unwrap_or(language.tag)));
    SPOKEN.with_borrow_mut(|spoken| {
        (spoken.language, spoken.translation) = (language, translation.map(Rc::new));
        spoken.conventions = conventions;
    });
    if let Some(page) = document().document_element() {
        drop(page.set_attribute("lang", language.tag));
    }
    document().set_title(&look_up("page-title", &[]));
    SWITCHED.with(Notify::notify);
}

/// The languages that the browser asks for, the best first.
fn browser_languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|language| language.as_string()).collect()
}

async fn fetched(language: &Language) -> Result<Translation, NoAnswer> {
    let answer = site::answer(&format!("./locales/{}.ftl", language.tag)).await?;
    let source = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    // For as long as the page is open, as the English text.
    Ok(Translation::read(source.leak()))
}

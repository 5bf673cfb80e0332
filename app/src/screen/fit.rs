//! A bar in the widest of some forms in which it has room: which one depends on the window and on the language.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Names in `data-fit` the first of some forms in which neither a bar nor a toolbar in it is wider than its room: once it is on
/// the page, whenever its surroundings change their size, and after `changes`, which reads all that the bar's width follows.
pub fn fits(
    bar: impl Fn() -> Option<Element> + Copy + 'static,
    forms: &'static [&'static str],
    changes: impl Fn() + 'static,
) {
    Effect::new(move |observed: Option<bool>| {
        changes();
        let Some(bar) = bar() else { return false };
        if observed != Some(true)
            && let Some(around) = bar.parent_element()
        {
            let bar = bar.clone();
            let resized = Closure::<dyn FnMut()>::new(move || fit_soon(&bar, forms));
            let observer =
                ResizeObserver::new(resized.as_ref().unchecked_ref()).expect("browsers with WebAssembly have it");
            observer.observe(&around);
            resized.forget();
        }
        fit_soon(&bar, forms);
        true
    });
}

/// Once what changed is on the page.
fn fit_soon(bar: &Element, forms: &'static [&'static str]) {
    let bar = bar.clone();
    request_animation_frame(move || {
        let fits = |form: &&&str| {
            // A failure to set it leaves the form as it was.
            drop(bar.set_attribute("data-fit", form));
            let inner = bar.query_selector("[role=toolbar]").ok().flatten();
            [Some(&bar), inner.as_ref()]
                .into_iter()
                .flatten()
                .all(|part| part.scroll_width() <= part.client_width() + 1)
        };
        // The last is the narrowest there is.
        let _ = forms.iter().find(fits);
    });
}

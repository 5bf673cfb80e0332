//! A slider that fades the same place at another time point into the slice on screen, once their studies are registered.

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::language::text;
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::screen::other_view::{name_of_other, other_image};
use crate::screen::slider::{Scale, Slider};
use crate::viewport::{Layout, Viewport};

/// The slider, below the views that show the slice.
#[component]
pub fn Fade() -> impl IntoView {
    let viewport = expect_context::<Viewport>();
    let results = expect_context::<Results>();
    let shown = Memo::new(move |_| {
        let shows_slice = !matches!(viewport.shown_layout(), Layout::Space | Layout::Sagittal | Layout::Coronal);
        shows_slice && results.compared.registered_back().is_some()
    });
    parts::view_while(shown, fade)
}

#[wasm_split(volumes, fallible)]
fn fade() -> Fetched<Content> {
    Ok(|| view! { <Fading/> }.into_any())
}

#[component]
fn Fading() -> impl IntoView {
    let viewport = expect_context::<Viewport>();
    // It is cut out only while it is seen.
    let seen = Memo::new(move |_| viewport.fade.get() > 0.0);
    let image = other_image();
    Effect::new(move |_| viewport.faded.set(if seen.get() { image() } else { None }));
    on_cleanup(move || {
        viewport.fade.try_set(0.0);
        viewport.faded.try_set(None);
    });
    let results = expect_context::<Results>();
    let name = Memo::new(move |_| name_of_other(results));
    let slider = move || {
        view! {
            <Slider
                name=text!("fade", name = name.get()) key="fade" scale=Scale::PERCENT
                value=viewport.fade
                default=Signal::derive(|| 0.0_f32)
                set=move |share| viewport.fade.set(share)
            />
        }
    };
    view! { <div class="fade" data-panel="fade" title=text!("fade.help")>{slider}</div> }
}

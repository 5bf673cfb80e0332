//! Another time point beside the slice on screen, at the same place in the patient and the same enlargement.

use imaging::Size;
use leptos::html;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::language::text;
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::screen::scroll::scrolls;
use crate::screen::sequence_views::begun;
use crate::viewport::canvas::{self, SendCanvas};
use crate::viewport::theme;
use crate::viewport::{Layout, Overlay, Viewport};

/// The view, while it is asked for and there is another time point.
#[component]
pub fn OtherView() -> impl IntoView {
    let viewport = expect_context::<Viewport>();
    let results = expect_context::<Results>();
    let shown = Memo::new(move |_| viewport.layout.get() == Layout::FollowUp && results.compared.other().is_some());
    // Until a person registers them, headers link the two.
    Effect::new(move |_| {
        if shown.get() && results.compared.link().is_none() {
            results.compared.ask_for_link(false);
        }
    });
    parts::view_while(shown, other_view)
}

#[wasm_split(volumes, fallible)]
fn other_view() -> Fetched<Content> {
    Ok(|| view! { <Beside/> }.into_any())
}

#[component]
fn Beside() -> impl IntoView {
    let annotation = expect_context::<Annotation>();
    let documents = expect_context::<Documents>();
    let viewport = expect_context::<Viewport>();
    let results = expect_context::<Results>();
    let surface = NodeRef::<html::Canvas>::new();
    let image = other_image();
    let image = Memo::new_with_compare(move |_| image(), |_, _| true);
    let own = Memo::new_with_compare(move |_| annotation.shown_contour(), |_, _| true);
    Effect::new(move |_| {
        let (Some(element), Some(place)) = (surface.get(), viewport.canvas_from_slice.get()) else { return };
        let (view, place, density) = image.with(|image| begun(element, place, image.as_ref()));
        if viewport.overlay.get() == Overlay::None {
            return;
        }
        own.with(|own| own.iter().for_each(|own| view.trace_contour(own, place, theme::MASK, 1.5 * density)));
        if let Some(other) = results.compared.other_contour() {
            view.trace_contour(&other, place, theme::EARLIER, 2.0 * density);
        }
    });
    let turned = scrolls(documents);
    let name = Memo::new(move |_| name_of_other(results));
    let linked = move || match results.compared.link() {
        None => String::new(),
        Some(link) if link.registration.is_some() => text!("registered").written(),
        Some(_) => text!("not-registered").written(),
    };
    view! {
        <figure class="sequence-view other" data-view="other" data-registered=move || {
            results.compared.link().map(|link| link.registration.is_some().to_string())
        }>
            <canvas
                node_ref=surface
                role="button"
                tabindex="0"
                aria-label=move || text!("work-on", name = name.get()).written()
                title=move || text!("work-on", name = name.get()).written()
                on:wheel=turned
                on:click=move |_| results.compared.swap()
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        results.compared.swap();
                    }
                }
            ></canvas>
            <figcaption>{name}" – "{linked}</figcaption>
        </figure>
    }
}

/// What the other time point shows on the slice on screen, in the sequence that is shown; black where it shows nothing.
pub(super) fn other_image() -> impl Fn() -> Option<SendCanvas> + Copy + Send + Sync + 'static {
    let documents = expect_context::<Documents>();
    let viewport = expect_context::<Viewport>();
    let results = expect_context::<Results>();
    move || {
        let sequence = viewport.sequences.get().leading();
        let study = documents.study(results.compared.other()?)?;
        let numbers = results.compared.other_slice(sequence);
        let Size { width, height } = documents.size()?;
        let numbers = numbers.unwrap_or_else(|| vec![0; width * height]);
        Some(SendCanvas::new(canvas::grey(&numbers, width, height, study.levels(sequence))))
    }
}

/// What the other time point is called: its date, or else the study's name.
pub(super) fn name_of_other(results: Results) -> String {
    let timeline = results.timeline();
    let other = results.compared.other();
    let visit = other.and_then(|other| timeline?.visits.iter().find(|visit| visit.study == other).cloned());
    visit.map_or_else(String::new, |visit| visit.shown_name())
}

//! The slices to look at before the mask is used.

use imaging::Reason;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::Section;
use crate::annotation::Annotation;
use crate::commands;
use crate::documents::Documents;
use crate::language::text;
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::results::review::ToReview;
use crate::results::written;
use crate::screen::command_button::CommandButton;

/// The section; nothing before every slice has an answer, nor where there is nothing to look at.
#[component]
pub fn ReviewSection() -> impl IntoView {
    let results = expect_context::<Results>();
    let documents = expect_context::<Documents>();
    let any = Memo::new(move |_| results.review.with(|all| !all.is_empty()) && documents.doubt().is_none());
    parts::view_while(any, review)
}

#[wasm_split(study, fallible)]
fn review() -> Fetched<Content> {
    Ok(|| view! { <Listed/> }.into_any())
}

#[component]
fn Listed() -> impl IntoView {
    let results = expect_context::<Results>();
    let open = Memo::new(move |_| results.review.with(|all| all.iter().filter(|item| !item.accepted).count()));
    let title = move || match open.get() {
        0 => text!("review-done"),
        count => text!("review", count),
    };
    view! {
        <Section id="review" title=title>
            <ul class="review" data-open=move || open.get()>
                <For each=move || results.review.get() key=|item| *item let:item><Row item/></For>
            </ul>
            <div class="section-buttons">
                <CommandButton command=commands::command("next-review") words=true/>
                <CommandButton command=commands::command("accept") words=true/>
            </div>
        </Section>
    }
}

#[component]
fn Row(item: ToReview) -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let ToReview { file, index, reason, accepted } = item;
    let (id, why) = match reason {
        Reason::Unsure => ("unsure", text!("review-unsure")),
        Reason::PartsRemoved => ("parts", text!("review-parts")),
        Reason::End => ("end", text!("review-end")),
    };
    let area = move || {
        let px = annotation.area_px(file);
        let spacing = documents.picture.with(|picture| picture.as_ref().and_then(|picture| picture.spacing_mm));
        if px == 0 {
            text!("nothing-outlined").written()
        } else {
            written::area(px, spacing.map(|[x, y]| px as f64 * x * y)).written()
        }
    };
    let here = move || documents.selected.get() == Some(file);
    view! {
        <li data-review=index + 1 data-reason=id data-accepted=accepted.then_some("") class:here=here>
            <button class="quiet go" data-action="show-slice" aria-current=move || here().to_string() on:click=move |_| documents.select(file)>
                <b>{text!("slice-numbered", number = index + 1)}</b>" "{area}
                <span class="why">{why}</span>
            </button>
            <button
                class="quiet tick"
                data-action="accept-slice"
                aria-pressed=accepted.to_string()
                aria-label=text!("slice-is-right", number = index + 1)
                title=text!("slice-is-right", number = index + 1)
                on:click=move |_| results.toggle_accepted(file)
            >"✓"</button>
        </li>
    }
}

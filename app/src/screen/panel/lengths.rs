//! The lengths that were measured with the ruler, each with the way to it.

use imaging::corner_from_middle;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::Section;
use crate::annotation::step::Plane;
use crate::documents::Documents;
use crate::documents::study::Cut;
use crate::language::text;
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::results::lengths::Measured;
use crate::results::saving::Save;
use crate::viewport::Viewport;

/// The section; nothing where nothing was measured.
#[component]
pub fn LengthsSection() -> impl IntoView {
    let results = expect_context::<Results>();
    let any = Memo::new(move |_| !results.lengths().is_empty());
    parts::view_while(any, lengths)
}

#[wasm_split(study, fallible)]
fn lengths() -> Fetched<Content> {
    Ok(|| view! { <Listed/> }.into_any())
}

#[component]
fn Listed() -> impl IntoView {
    let results = expect_context::<Results>();
    // The rows stay, and the focus in them, while other slices come on screen.
    let all = Memo::new(move |_| results.lengths());
    let rows = move || all.get().into_iter().map(|found| view! { <Row found/> }).collect_view();
    view! {
        <Section id="lengths" title=text!("lengths")>
            <ul class="review">{rows}</ul>
            // A slice may have lengths and no mask, of which all else is saved.
            <div class="section-buttons">
                <button data-action="save-lengths" title=text!("save-csv.help") on:click=move |_| results.save(Save::Measures { as_table: true })>{text!("save-csv")}</button>
            </div>
        </Section>
    }
}

#[component]
fn Row(found: Measured) -> impl IntoView {
    let results = expect_context::<Results>();
    let documents = expect_context::<Documents>();
    let viewport = expect_context::<Viewport>();
    let Measured { file, number, length } = found;
    let study = documents.study_of(file);
    let (plane, name) = match (length.plane, &study) {
        (Plane::Cut(Cut::Sagittal, column), _) => ("sagittal", text!("plane-sagittal", column = column + 1)),
        (Plane::Cut(Cut::Coronal, row), _) => ("coronal", text!("plane-coronal", row = row + 1)),
        (Plane::Slice, Some(study)) => {
            ("axial", text!("slice-numbered", number = (file.0 - study.info.first.0) as usize + 1))
        }
        (Plane::Slice, None) => ("axial", text!("this-slice")),
    };
    let deleted = text!("delete-length", name = name.clone());
    let go = move |_| match length.plane {
        Plane::Slice => documents.select(file),
        Plane::Cut(cut, at) => {
            let Some(study) = documents.study_of(file) else { return };
            let [width, height, _] = study.info.size;
            let share = |length: usize| corner_from_middle(at as f64) / length as f64;
            viewport.cross.update(|(x, y)| match cut {
                Cut::Sagittal => *x = share(width),
                Cut::Coronal => *y = share(height),
            });
        }
    };
    view! {
        <li data-length-row=number data-plane=plane>
            <button class="quiet go" data-action="show-length" on:click=go>
                <b>{name}</b>
                <span class="why" data-fact="length">{move || results.length_written(length).written()}</span>
            </button>
            <button
                class="quiet tick" data-action="delete-length" aria-label=deleted.clone() title=deleted
                on:click=move |_| results.delete_length(found)
            >"×"</button>
        </li>
    }
}

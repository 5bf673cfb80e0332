//! What the network was not made for, said beside it, and the way to have it segmented all the same.

use leptos::prelude::*;

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::documents::doubt::Doubt;
use crate::language::text;

/// A caution about the slice or study on screen; nothing where there is nothing to doubt.
#[component]
pub fn Doubted() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let doubt = Memo::new(move |_| documents.doubt());
    let accept = move |_| {
        documents.accept();
        annotation.attend();
    };
    let caution = move |doubt: Doubt| {
        let text = doubt.text(documents.study_on_screen().is_some());
        view! {
            <div class="doubted" data-doubt=doubt.name() role="status">
                <p class="caution">{text}</p>
                <button data-action="segment-doubted" on:click=accept>{text!("segment-anyway")}</button>
            </div>
        }
    };
    move || doubt.get().map(caution)
}

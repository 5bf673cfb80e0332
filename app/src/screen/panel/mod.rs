//! The panel beside the viewer: what was found, what to look at, how it compares, and what to take along.

mod by_slice;
mod comparison;
mod finding;
pub mod follow_up;
mod heights;
mod keeping;
mod lengths;
mod model;
mod review;
mod saving;
mod this_slice;

use leptos::prelude::*;

use crate::documents::Documents;
use crate::language::{Text, text};
use crate::screen::doubt::Doubted;
use crate::screen::study_panel::StudyPanel;
use by_slice::SliceBySlice;
use comparison::Comparison;
use finding::FindingSection;
use follow_up::FollowUp;
use keeping::Keeping;
use lengths::LengthsSection;
use model::Model;
use review::ReviewSection;
pub use saving::Saving;
use this_slice::ThisSlice;

/// The panel, what matters most first.
#[component]
pub fn ResultsPanel() -> impl IntoView {
    let documents = expect_context::<Documents>();
    // Which slice of a study is on screen stands at the slice.
    let title = move || match documents.study_on_screen() {
        Some(study) => study.info.name.clone(),
        None => documents.name().unwrap_or_else(|| text!("nothing-open").written()),
    };
    view! {
        <aside class="results" data-panel="results" aria-label=text!("results")>
            <h2 data-shown=move || documents.name().unwrap_or_default()>{title}</h2>
            <Doubted/>
            <FindingSection/>
            <FollowUp/>
            <ThisSlice/>
            <LengthsSection/>
            <ReviewSection/>
            <Comparison/>
            <StudyPanel/>
            <SliceBySlice/>
            <Keeping/>
            <Model/>
        </aside>
    }
}

/// Figures and controls that belong together, below a heading.
#[component]
fn Section(
    /// Names it in `data-section`.
    id: &'static str,
    #[prop(into)] title: Title,
    children: Children,
) -> impl IntoView {
    let title = move || title.0.get().written();
    view! {
        <section class="section" data-section=id aria-label=title>
            <h3>{title}</h3>
            {children()}
        </section>
    }
}

/// A heading, which may change.
#[derive(Clone, Copy)]
struct Title(Signal<Text>);

impl From<Text> for Title {
    fn from(text: Text) -> Self {
        Self(Signal::derive(move || text.clone()))
    }
}

impl<F: Fn() -> Text + Send + Sync + 'static> From<F> for Title {
    fn from(text: F) -> Self {
        Self(Signal::derive(text))
    }
}

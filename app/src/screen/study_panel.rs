//! The study on screen: its grid, which volume is which sequence, and who was examined, if asked.

use leptos::prelude::*;
use protocol::{SeriesId, StudyInfo};

use crate::session::Session;

/// Names of the sequences, in the network's order.
const SEQUENCES: [&str; 3] = ["Pre-contrast", "FLAIR", "Post-contrast"];

/// The panel; nothing while no study is on screen.
#[component]
pub fn StudyPanel() -> impl IntoView {
    let session = expect_context::<Session>();
    let info = Memo::new(move |_| session.study_on_screen().map(|study| study.info));
    move || info.get().map(|info| view! { <Panel info=(*info).clone()/> })
}

#[component]
fn Panel(info: StudyInfo) -> impl IntoView {
    let session = expect_context::<Session>();
    let study = info.study;
    let [width, height, slices] = info.size;
    let grid = match info.spacing_mm {
        Some([x, y, z]) => format!("{width} × {height} × {slices}, {x:.2} × {y:.2} × {z:.2} mm"),
        None => format!("{width} × {height} × {slices}, spacing unknown"),
    };
    let chosen = info.sequences.clone().map(|sequence| sequence.map(|sequence| sequence.series));
    let select = move |at: usize| {
        let choices = info.choices.clone();
        let pick = move |event: web_sys::Event| {
            let mut series = chosen;
            series[at] = event_target_value(&event).parse().ok().map(SeriesId);
            session.compose(study, series);
        };
        let missing =
            (at != 1).then(|| view! { <option value="" selected=chosen[at].is_none()>"none (FLAIR is used)"</option> });
        let resampled = info.sequences[at].as_ref().is_some_and(|sequence| sequence.resampled);
        view! {
            <label class="sequence">
                <span>{SEQUENCES[at]}</span>
                <select aria-label=SEQUENCES[at] on:change=pick>
                    {missing}
                    {choices
                        .into_iter()
                        .map(|(id, name)| {
                            view! { <option value=id.0.to_string() selected=chosen[at] == Some(id)>{name}</option> }
                        })
                        .collect_view()}
                </select>
                {resampled.then_some(view! { <small>"brought onto FLAIR's grid"</small> })}
            </label>
        }
    };
    let missing = match (chosen[0].is_none(), chosen[2].is_none()) {
        (true, true) => Some(MISSING_BOTH),
        (true, false) => Some(MISSING_PRE),
        (false, true) => Some(MISSING_POST),
        (false, false) => None,
    };
    let guessed =
        info.guessed.then_some("No description names FLAIR: this one is a guess. Choose the right one below.");
    let patient = info.patient.clone();
    view! {
        <section class="study" aria-label="Study">
            <p class="grid">{grid}</p>
            {guessed.map(|text| view! { <p class="caution">{text}</p> })}
            {(0..3).map(select).collect_view()}
            {missing.map(|text| view! { <p class="caution">{text}</p> })}
            {(!patient.is_empty()).then(|| view! {
                <details>
                    <summary>"Patient data (hidden)"</summary>
                    <table>
                        {patient
                            .into_iter()
                            .map(|(name, value)| view! { <tr><th>{name}</th><td>{value}</td></tr> })
                            .collect_view()}
                    </table>
                </details>
            })}
            <button on:click=move |_| session.segment_whole() title="Segment every slice (A)">"Whole volume"</button>
        </section>
    }
}

// Mean volume Dice of the shipped model on its 18 validation patients, with FLAIR in place of a sequence; with all three
// it is 0.82 (`train evaluate --without`, see README.md).
const MISSING_BOTH: &str = "Only FLAIR is there and stands in for the other two sequences. Masks are less accurate: mean \
                            volume Dice 0.71 in place of 0.82 on unseen patients.";
const MISSING_PRE: &str = "No pre-contrast volume: FLAIR stands in for it. Masks are less accurate: mean volume Dice 0.76 \
                           in place of 0.82 on unseen patients.";
const MISSING_POST: &str = "No post-contrast volume: FLAIR stands in for it. Masks were as accurate without it: mean volume \
                            Dice 0.83 in place of 0.82 on unseen patients.";

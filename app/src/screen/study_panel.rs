//! The study on screen: its grid, which volume is which sequence, and who was examined, if asked.

use leptos::prelude::*;
use protocol::{Ready, SeriesId, StudyInfo};

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::inference::Engine;
use crate::inference::Inference;
use crate::inference::Progress;
use crate::words::patient_value;

/// Names of the sequences, in the network's order.
const SEQUENCES: [&str; 3] = ["Pre-contrast", "FLAIR", "Post-contrast"];

/// Letters of a name that the panel has room for.
const NAME_ROOM: usize = 20;

/// Difference of the mean volume Dice that is spoken of as one.
const NOTICEABLE: f64 = 0.01;

/// The panel; nothing while no study is on screen.
#[component]
pub fn StudyPanel() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let info = Memo::new(move |_| documents.study_on_screen().map(|study| study.info));
    move || info.get().map(|info| view! { <Panel info=(*info).clone()/> })
}

#[component]
fn Panel(info: StudyInfo) -> impl IntoView {
    let inference = expect_context::<Inference>();
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let study = info.study;
    let [width, height, slices] = info.size;
    let whole = move || match annotation.whole_progress().filter(|progress| progress.study == study) {
        Some(Progress { done, total, .. }) => format!("Whole volume: {done} of {total}"),
        None => "Whole volume".into(),
    };
    let grid = match info.spacing_mm {
        Some([x, y, z]) => format!("{width} × {height} × {slices}, {x:.2} × {y:.2} × {z:.2} mm"),
        None => format!("{width} × {height} × {slices}, spacing unknown"),
    };
    let chosen = info.sequences.clone().map(|sequence| sequence.map(|sequence| sequence.series));
    let shared = shared_start(&info.choices.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>());
    let select = move |at: usize| {
        let choices = info.choices.clone();
        let pick = move |event: web_sys::Event| {
            let mut series = chosen;
            series[at] = event_target_value(&event).parse().ok().map(SeriesId);
            documents.compose(study, series);
        };
        let missing =
            (at != 1).then(|| view! { <option value="" selected=chosen[at].is_none()>"none (FLAIR is used)"</option> });
        // The whole of the chosen name, of which the select may show the end only.
        let name = choices.iter().find(|(id, _)| chosen[at] == Some(*id)).map(|(_, name)| name.clone());
        let resampled = info.sequences[at].as_ref().is_some_and(|sequence| sequence.resampled);
        view! {
            <label class="sequence">
                <span>{SEQUENCES[at]}</span>
                <select aria-label=SEQUENCES[at] title=name on:change=pick>
                    {missing}
                    {choices
                        .into_iter()
                        .map(|(id, name)| {
                            let short = if shared > 0 { format!("…{}", &name[shared..]) } else { name.clone() };
                            view! {
                                <option value=id.0.to_string() title=name selected=chosen[at] == Some(id)>{short}</option>
                            }
                        })
                        .collect_view()}
                </select>
                {resampled.then_some(view! { <small data-resampled="">"brought onto FLAIR's grid"</small> })}
            </label>
            {(info.volumes > info.choices.len()).then(|| {
                let (volumes, name) = (info.volumes, SEQUENCES[at]);
                let take = move |event: web_sys::Event| {
                    if let Ok(number) = event_target_value(&event).parse() {
                        documents.take_volume(study, at, number);
                    }
                };
                view! {
                    <label class="sequence">
                        <span>{format!("{name}, by number")}</span>
                        <input type="number" min="1" max=volumes placeholder=format!("1 to {volumes}") on:change=take/>
                    </label>
                }
            })}
        }
    };
    let lacks = [chosen[0].is_none(), chosen[2].is_none()];
    let missing = move || {
        let text = match lacks {
            // What stands in for FLAIR is said already.
            _ if info.stands_in => return None,
            [true, true] => "Only FLAIR is there and stands in for the other two sequences.",
            [true, false] => "No pre-contrast volume: FLAIR stands in for it.",
            [false, true] => "No post-contrast volume: FLAIR stands in for it.",
            [false, false] => return None,
        };
        let measured = inference.engine.with(|engine| match engine {
            Engine::Ready(ready) => measured(ready, lacks),
            _ => None,
        });
        Some(
            view! { <p class="caution" data-caution="missing">{text} {measured.map(|measured| format!(" {measured}"))}</p> },
        )
    };
    let guessed = (info.guessed && !info.stands_in)
        .then_some("No description names FLAIR: this one is a guess. Choose the right one below.");
    let patient = info.patient.clone();
    view! {
        <section class="study" data-panel="study" aria-label="Study">
            <p class="grid">{grid}</p>
            {guessed.map(|text| view! { <p class="caution" data-caution="guessed">{text}</p> })}
            {(0..3).map(select).collect_view()}
            {missing}
            {(!patient.is_empty()).then(|| view! {
                <details data-patient="">
                    <summary>"Patient data"</summary>
                    <table>
                        {patient
                            .into_iter()
                            .map(|(name, value)| {
                                let written = patient_value(&name, &value);
                                view! { <tr><th>{name}</th><td>{written}</td></tr> }
                            })
                            .collect_view()}
                    </table>
                </details>
            })}
            <button data-command="whole-volume" on:click=move |_| annotation.segment_whole() title="Segment every slice (A)">{whole}</button>
        </section>
    }
}

/// Bytes of whole words that all names begin with, where a name is too long for the panel.
fn shared_start(names: &[&str]) -> usize {
    let [first, others @ ..] = names else { return 0 };
    if names.iter().all(|name| name.chars().count() <= NAME_ROOM) {
        return 0;
    }
    let shared = |name: &&str| first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    // One name by itself shares nothing.
    let shared = others.iter().map(shared).min().unwrap_or(0);
    first.as_bytes()[..shared].iter().rposition(|byte| b" _-.".contains(byte)).map_or(0, |at| at + 1)
}

/// What was measured of the model with FLAIR in place of pre-contrast, of post-contrast or of both.
fn measured(ready: &Ready, lacks: [bool; 2]) -> Option<String> {
    let [pre, post, both] = ready.mean_volume_dice_without?;
    let with_all = ready.mean_volume_dice?;
    let without = match lacks {
        [true, true] => both,
        [true, false] => pre,
        [false, true] => post,
        [false, false] => return None,
    };
    Some(if without < with_all - NOTICEABLE {
        format!("Masks are less accurate: mean volume Dice {without:.2} in place of {with_all:.2} on unseen patients.")
    } else {
        format!(
            "Masks were about as accurate: mean volume Dice {without:.2}, with it {with_all:.2}, on unseen patients."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_the_words_that_all_begin_with() {
        assert_eq!(shared_start(&["TCGA_CS_4941_19960909_flair.nii.gz", "TCGA_CS_4941_19960909_t1_pre.nii.gz"]), 22);
        assert_eq!(
            shared_start(&["Müller_größer_als_das_Feld_a", "Müller_größer_als_das_Fenster"]),
            "Müller_größer_als_das_".len()
        );
        assert_eq!(shared_start(&["AX T1 PRE", "AX T1 POST"]), 0, "there is room for them");
        assert_eq!(shared_start(&["T1 before contrast agent, axial", "FLAIR"]), 0);
        assert_eq!(shared_start(&["TCGA_CS_4941_19960909_flair.nii.gz"]), 0);
        assert_eq!(shared_start(&[]), 0);
    }
}

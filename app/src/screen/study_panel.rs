//! The study on screen: its grid, which volume is which sequence, and who was examined, if asked.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Motion, Ready, SeriesId, StudyId, StudyInfo};
use wasm_split_helpers::wasm_split;

use crate::documents::Documents;
use crate::documents::registering::Of;
use crate::documents::study::FLAIR;
use crate::inference::Engine;
use crate::inference::Inference;
use crate::language::{Text, Value, text};
use crate::parts::{self, Fetched};
use crate::viewport::Sequences;
use crate::words::patient_value;

/// Letters of a name that the panel has room for.
const NAME_ROOM: usize = 20;

/// Difference of the mean volume Dice that is spoken of as one.
const NOTICEABLE: f64 = 0.01;

/// The panel; nothing while no study is on screen.
#[component]
pub fn StudyPanel() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let info = Memo::new(move |_| documents.study_on_screen().map(|study| study.info));
    parts::view_when(move || info.with(Option::is_some), move || study_panel(info))
}

#[wasm_split(study, fallible)]
fn study_panel(info: Memo<Option<Arc<StudyInfo>>>) -> Fetched<AnyView> {
    Ok((move || info.get().map(|info| view! { <Panel info=(*info).clone()/> })).into_any())
}

#[component]
fn Panel(info: StudyInfo) -> impl IntoView {
    let inference = expect_context::<Inference>();
    let documents = expect_context::<Documents>();
    let study = info.study;
    let [width, height, slices] = info.size;
    let grid = match info.spacing_mm {
        Some(spacing) => {
            let [x, y, z] = spacing.map(|mm| Value::fixed(mm, 2));
            text!("grid", width, height, slices, x, y, z)
        }
        None => text!("grid-without-spacing", width, height, slices),
    };
    let chosen = info.sequences.clone().map(|sequence| sequence.map(|sequence| sequence.series));
    let motions = [0, 1, 2].map(|at| info.motion(at));
    let shared = shared_start(&info.choices.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>());
    let select = move |at: usize| {
        let choices = info.choices.clone();
        let pick = move |event: web_sys::Event| {
            let mut series = chosen;
            series[at] = event_target_value(&event).parse().ok().map(SeriesId);
            documents.compose(study, series);
        };
        let missing = (at != 1)
            .then(|| view! { <option value="" selected=chosen[at].is_none()>{text!("sequence-none")}</option> });
        // The whole of the chosen name, of which the select may show the end only.
        let name = choices.iter().find(|(id, _)| chosen[at] == Some(*id)).map(|(_, name)| name.clone());
        let resampled = info.sequences[at].as_ref().is_some_and(|sequence| sequence.resampled);
        view! {
            <label class="sequence">
                <span>{Sequences::name(at)}</span>
                <select data-sequence=at aria-label=Sequences::name(at) title=name on:change=pick>
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
                {resampled.then_some(view! { <small data-resampled="">{text!("sequence-resampled")}</small> })}
            </label>
            {(at != FLAIR && chosen[at].is_some()).then(|| {
                view! { <Registered study at motion=motions[at]/> }
            })}
            {(info.volumes > info.choices.len()).then(|| {
                let volumes = info.volumes;
                let take = move |event: web_sys::Event| {
                    if let Ok(number) = event_target_value(&event).parse() {
                        documents.take_volume(study, at, number);
                    }
                };
                view! {
                    <label class="sequence">
                        <span>{text!("sequence-by-number", sequence = Sequences::name(at))}</span>
                        <input type="number" min="1" max=volumes placeholder=text!("sequence-numbers", volumes) on:change=take/>
                    </label>
                }
            })}
        }
    };
    let lacks = [chosen[0].is_none(), chosen[2].is_none()];
    let missing = move || {
        let missing = match lacks {
            // What stands in for FLAIR is said already.
            _ if info.stands_in => return None,
            [true, true] => text!("missing-both"),
            [true, false] => text!("missing-pre"),
            [false, true] => text!("missing-post"),
            [false, false] => return None,
        };
        let measured = inference.engine.with(|engine| match engine {
            Engine::Ready(ready) => measured(ready, lacks),
            _ => None,
        });
        let all = match measured {
            Some(measured) => text!("two-sentences", first = missing, second = measured),
            None => missing,
        };
        Some(view! { <p class="caution" data-caution="missing">{all}</p> })
    };
    let guessed = (info.guessed && !info.stands_in).then(|| text!("sequence-guessed"));
    let patient = info.patient.clone();
    view! {
        <section class="study" data-panel="study" aria-label=text!("study")>
            <p class="grid" data-grid="">{grid}</p>
            {guessed.map(|text| view! { <p class="caution" data-caution="guessed">{text}</p> })}
            {(0..3).map(select).collect_view()}
            {missing}
            {(!patient.is_empty()).then(|| view! {
                <details data-patient="">
                    <summary>{text!("patient-data")}</summary>
                    <table>
                        {patient
                            .into_iter()
                            .map(|(name, value)| {
                                let named = patient_name(&name);
                                let written = move || patient_value(&name, &value);
                                view! { <tr><th>{named}</th><td>{written}</td></tr> }
                            })
                            .collect_view()}
                    </table>
                </details>
            })}
        </section>
    }
}

/// Whether a sequence lies where its header says or where it was registered to, and the way from one to the other.
#[component]
fn Registered(study: StudyId, at: usize, motion: Option<Motion>) -> impl IntoView {
    let documents = expect_context::<Documents>();
    let of = Of::Sequence(study, at);
    let registration = motion.map(|motion| motion.registration);
    let is_on_its_way = move || documents.registering.share(of).is_some();
    let said = move || documents.registering.said(of, registration).map(|said| said.written());
    let is_registered = motion.is_some();
    let named = move |verb: Text| text!("of-sequence", what = verb, sequence = Sequences::name(at)).written();
    let take_back = move || if is_on_its_way() { text!("command-stop") } else { text!("unregister") };
    view! {
        <p class="fact-note" data-sequence-place=at data-registered=is_registered.to_string()>
            <span data-registration="" role="status">{said}</span>
            " "
            <button
                class="link"
                data-action="register-sequence"
                aria-label=move || named(text!("register-sequence"))
                title=text!("register-sequence.help")
                hidden=move || is_on_its_way() || is_registered
                on:click=move |_| documents.register_sequence(study, at)
            >{text!("register-sequence")}</button>
            <button
                class="link"
                data-action="unregister-sequence"
                aria-label=move || named(take_back())
                hidden=move || !(is_on_its_way() || is_registered)
                on:click=move |_| documents.unregister_sequence(study, at)
            >{move || take_back().written()}</button>
        </p>
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
fn measured(ready: &Ready, lacks: [bool; 2]) -> Option<Text> {
    let [pre, post, both] = ready.mean_volume_dice_without?;
    let with_all = ready.mean_volume_dice?;
    let without = match lacks {
        [true, true] => both,
        [true, false] => pre,
        [false, true] => post,
        [false, false] => return None,
    };
    let (worse, without, with) = (without < with_all - NOTICEABLE, Value::fixed(without, 2), Value::fixed(with_all, 2));
    Some(if worse { text!("missing-worse", without, with) } else { text!("missing-as-good", without, with) })
}

/// What a value of a patient's data is called; what the reader of files calls it where that is not known.
fn patient_name(name: &str) -> Text {
    match name {
        "Name" => text!("patient-name"),
        "ID" => text!("patient-id"),
        "Born" => text!("patient-born"),
        "Sex" => text!("patient-sex"),
        "Study" => text!("patient-study"),
        "Study date" => text!("patient-study-date"),
        other => other.into(),
    }
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

//! The studies of one patient as a timeline, what changed between them, and how fast.

use imaging::{
    Change, MEASURABLE_MM, MEASURABLE_SLICES, MINOR_PERCENT, MOST_LESIONS, NEW_LESION_MARGIN_MM, NEW_LESION_ML, NoRate,
    PARTIAL_PERCENT, PROGRESSION_PERCENT, Response, ResponseClass, Velocity,
};
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::Section;
use super::heights::Heights;
use crate::documents::Documents;
use crate::documents::registering::Of;
use crate::language::{self, Text, Value, text};
use crate::parts::{self, Content, Fetched};
use crate::results::Results;
use crate::results::follow_up::{NewLesions, Timeline, Visit};
use crate::results::saving::Save;
use crate::results::written;
use crate::viewport::{Layout, Viewport};

/// The section; nothing while fewer than two studies are open.
#[component]
pub fn FollowUp() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let several = Memo::new(move |_| documents.studies.with(Vec::len) > 1 && documents.study_on_screen().is_some());
    parts::view_while(several, follow_up)
}

#[wasm_split(volumes, fallible)]
fn follow_up() -> Fetched<Content> {
    expect_context::<Results>().compare();
    Ok(|| view! { <Visited/> }.into_any())
}

#[component]
fn Visited() -> impl IntoView {
    let results = expect_context::<Results>();
    let timeline = move || results.timeline().map(|timeline| view! { <Visits timeline=(*timeline).clone()/> });
    let others = Memo::new(move |_| results.patients.others());
    let unscaled = move || {
        let names = results.patients.unscaled();
        (!names.is_empty()).then(|| {
            let text = text!("follow-up-unscaled", names = names.join(", "));
            view! { <p class="caution" data-caution="unscaled">{text}</p> }
        })
    };
    let shares = Memo::new(move |_| results.patients.shares_identifier());
    let join = move || {
        others.get().into_iter().map(|(study, name)| {
            let label = text!("follow-up-join", name = &name);
            view! {
                <button data-join=study.0 title=text!("follow-up-join.help") on:click=move |_| results.patients.join(study)>{label}</button>
            }
        }).collect_view()
    };
    view! {
            <Section id="follow-up" title=text!("follow-up")>
                {timeline}
                <Heights/>
                {unscaled}
                <p class="caution" data-caution="identifier" hidden=move || !shares.get()>{text!("follow-up-identifier")}</p>
                <Show when=move || results.compared.other().is_some()><Pair/></Show>
                <div class="section-buttons">
                    <button
                        data-save="timeline"
                        hidden=move || results.timeline().is_none()
                        title=text!("save-timeline.help")
                        on:click=move |_| results.save(Save::Timeline)
                    >{text!("save-timeline")}</button>
                    {join}
                </div>
            </Section>
    }
}

#[component]
fn Visits(timeline: Timeline) -> impl IntoView {
    let complete = timeline.is_complete();
    let fast = timeline.velocity.as_ref().is_ok_and(Velocity::is_fast).then_some("");
    let rows = timeline.visits.iter().cloned().map(|visit| view! { <Row visit/> }).collect_view();
    view! {
        <table class="timeline" data-timeline="">
            <thead>
                <tr><th>{text!("follow-up-date")}</th><th>{text!("tumour-volume")}</th><th>{text!("follow-up-change")}</th></tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {(!complete).then(|| view! { <p class="caution" data-caution="incomplete">{text!("follow-up-incomplete")}</p> })}
        <p data-fact="velocity" data-fast=fast>{velocity(&timeline)}</p>
        {timeline.is_corrected().then(|| view! { <p class="caution" data-caution="corrected">{text!("follow-up-corrected")}</p> })}
        {timeline.visits.last().and_then(new_lesions)}
        {timeline.response.as_ref().map(|response| view! {
            <p data-fact="response">{class(response, &timeline)}</p>
            <details data-criteria="">
                <summary>{text!("follow-up-criteria")}</summary>
                <p>{criteria()}</p>
            </details>
        })}
    }
}

/// The lesions of a study that the one before it has not, each with the way to its slice.
fn new_lesions(visit: &Visit) -> Option<impl IntoView + use<>> {
    let documents = expect_context::<Documents>();
    let (study, found) = (visit.study, visit.new_lesions.clone()?);
    let (count, said) = (found.count(), found.written());
    let lesions = match found {
        NewLesions::Searched(lesions) => lesions,
        NewLesions::NotRegistered | NewLesions::Unsure | NewLesions::NotSegmented => Vec::new(),
    };
    let ways = lesions.into_iter().map(move |lesion| {
        let show = move |_| {
            if let Some(study) = documents.study(study) {
                documents.select(study.slice_id(lesion.slice));
            }
        };
        let (slice, volume) = (lesion.slice + 1, written::volume(0, Some(lesion.volume_ml)));
        view! {
            " "
            <button class="link" data-new-lesion=slice on:click=show>{text!("new-lesion-on", slice, volume)}</button>
        }
    });
    Some(view! { <p data-fact="new-lesions" data-count=count>{said}{ways.collect_view()}</p> })
}

/// How the study on screen and the one beside it lie in each other.
#[component]
fn Pair() -> impl IntoView {
    let viewport = expect_context::<Viewport>();
    let compared = expect_context::<Results>().compared;
    let beside = move || viewport.layout.get() == Layout::FollowUp;
    let compare = move |_| viewport.maximise(Layout::FollowUp);
    let registering = expect_context::<Documents>().registering;
    let of = move || compared.pair().map(|(here, other)| Of::Studies(here, other));
    let is_on_its_way = move || of().is_some_and(|of| registering.share(of).is_some());
    let is_registered = move || compared.link().is_some_and(|link| link.registration.is_some());
    let status = move || {
        let link = compared.link();
        let said = of().and_then(|of| registering.said(of, link.as_ref()?.registration));
        match (said, link) {
            (Some(said), _) => said.written(),
            (None, Some(link)) if link.placed => text!("linked-by-headers").written(),
            (None, Some(_)) => text!("linked-by-middles").written(),
            (None, None) => String::new(),
        }
    };
    view! {
        <div class="section-buttons">
            <button data-action="compare-studies" title=text!("compare-studies.help") aria-pressed=move || beside().to_string() on:click=compare>
                {text!("compare-studies")}
            </button>
            <button
                data-action="register"
                hidden=move || !beside() || is_on_its_way() || is_registered()
                title=text!("register.help")
                on:click=move |_| compared.ask_for_link(true)
            >{text!("register")}</button>
            <button
                data-action="unregister"
                hidden=move || !beside() || !(is_on_its_way() || is_registered())
                on:click=move |_| compared.part_ways()
            >{move || if is_on_its_way() { text!("command-stop").written() } else { text!("unregister").written() }}</button>
        </div>
        <p class="fact-note" role="status" data-link="" hidden=move || !beside()>{status}</p>
    }
}

#[component]
fn Row(visit: Visit) -> impl IntoView {
    let documents = expect_context::<Documents>();
    let results = expect_context::<Results>();
    let Visit { study, name, date, dated, point, segmented, change, new_lesions, .. } = visit.clone();
    let here = Memo::new(move |_| documents.study_on_screen().is_some_and(|shown| shown.info.study == study));
    let viewport = expect_context::<Viewport>();
    let is_beside =
        move || here.get() || viewport.layout.get() != Layout::FollowUp || results.compared.other() == Some(study);
    let show = move |_| documents.show_study(study);
    let given = date.clone().unwrap_or_default();
    let when = match (&date, dated) {
        (Some(date), true) => language::date(date),
        _ => String::new(),
    };
    let product = text!("product", product = written::product(point.product_mm2(), "mm"));
    let diameter = text!("follow-up-diameter", length = written::length(point.mean_diameter_mm(), "mm"));
    let part = move || {
        results.patients.is_joined(study).then(|| view! {
        <button class="link" data-part="" on:click=move |_| results.patients.part(study)>{text!("follow-up-part")}</button>
    })
    };
    let new = new_lesions
        .filter(|found| found.count() > Some(0))
        .map(|found| view! { <span class="fact-note">{found.written()}</span> });
    let so_far =
        (!visit.is_complete()).then(|| text!("segmented-so-far", segmented = segmented[0], slices = segmented[1]));
    view! {
        <tr data-visit=study.0 aria-current=move || here.get().then_some("true")>
            <td>
                <button class="link" title=name.clone() on:click=show>{if when.is_empty() { name.clone() } else { when }}</button>
                {(!dated).then(|| view! {
                    <input
                        type="date"
                        data-date=""
                        aria-label=text!("follow-up-date-of", name = &name)
                        prop:value=given
                        on:change=move |event| results.patients.set_date(study, event_target_value(&event))
                    />
                })}
                {part}
                <button class="link" data-beside="" hidden=is_beside on:click=move |_| results.compared.compare_with(study)>{text!("compare-with")}</button>
            </td>
            <td data-volume=format!("{:.3}", point.volume_ml)>
                {written::volume(0, Some(point.volume_ml))}
                <span class="fact-note">{match so_far { Some(so_far) => so_far, None => diameter }}</span>
                <span class="fact-note" data-product=format!("{:.1}", point.product_mm2()) data-lesions=point.targets>{product}</span>
            </td>
            <td>{change.as_ref().map(changed)}{new}</td>
        </tr>
    }
}

/// A volume's change, with its share and the product's.
fn changed(change: &Change) -> impl IntoView + use<> {
    let ml = written::change(change.ml, 1, "ml");
    let percent = change.percent.map(|percent| written::change(percent, 0, "%"));
    let product =
        change.product_percent.map(|percent| text!("follow-up-product", percent = written::change(percent, 0, "%")));
    let [low, high] = change.interval_ml.map(|ml| written::signed(ml, 1));
    view! {
        <span data-change=format!("{:.3}", change.ml)>{ml}</span>
        {percent.map(|percent| view! { ", "<span>{percent}</span> })}
        <span class="fact-note" data-interval="">{text!("follow-up-interval", low, high)}</span>
        {product.map(|product| view! { <span class="fact-note">{product}</span> })}
    }
}

/// How fast the mean diameter grows, or why that is not said.
pub fn velocity(timeline: &Timeline) -> Text {
    match &timeline.velocity {
        Ok(velocity) => {
            let [low, high] = velocity.interval_mm_per_year.map(|mm| written::signed(mm, 1));
            let rate = written::signed(velocity.mm_per_year, 1);
            let said = text!("follow-up-velocity", rate, low, high, days = velocity.days as usize);
            match (velocity.is_fast(), velocity.is_certain()) {
                (true, true) => text!("two-sentences", first = said, second = text!("follow-up-fast")),
                (true, false) => text!("two-sentences", first = said, second = text!("follow-up-fast-unsure")),
                (false, _) => said,
            }
        }
        Err(NoRate::DateMissing) => text!("follow-up-no-date"),
        Err(NoRate::SameDay) => text!("follow-up-same-day"),
        Err(NoRate::OneStudy) => text!("follow-up-one"),
    }
}

/// The class that the products and new lesions of a timeline give, as a figure.
pub fn class(response: &Response, timeline: &Timeline) -> Text {
    let Some(class) = response.class else { return text!("follow-up-no-class") };
    let class = match class {
        ResponseClass::Complete => text!("rano-complete"),
        ResponseClass::Partial => text!("rano-partial"),
        ResponseClass::Minor => text!("rano-minor"),
        ResponseClass::Stable => text!("rano-stable"),
        ResponseClass::Progressive => text!("rano-progressive"),
    };
    let percent = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| written::change(value, 0, "%"));
    let (first, least) = (percent(response.since_first_percent), percent(response.since_least_percent));
    let count = timeline.visits.last().map_or(1, |visit| visit.point.targets);
    let by = text!("follow-up-products", count);
    let said = match response.new_lesions {
        Some(new) if new > 0 => text!("follow-up-class-new", class, by, first, least),
        _ => text!("follow-up-class", class, by, first, least),
    };
    match response.is_measurable {
        [true, true] => said,
        _ => text!("two-sentences", first = said, second = text!("follow-up-not-measurable")),
    }
}

/// What the classes are, and what they do not tell.
pub fn criteria() -> Text {
    let percent = |value: f64| value as usize;
    text!(
        "follow-up-criteria-are",
        partial = percent(PARTIAL_PERCENT),
        minor = percent(MINOR_PERCENT),
        progression = percent(PROGRESSION_PERCENT),
        mm = percent(MEASURABLE_MM),
        slices = MEASURABLE_SLICES,
        most = MOST_LESIONS,
        ml = Value::fixed(NEW_LESION_ML, 2),
        margin = percent(NEW_LESION_MARGIN_MM)
    )
}

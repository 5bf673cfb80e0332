//! One page to print: the mask in three planes, figures, the area of each slice, comments, model, version and device.

use leptos::prelude::*;

use crate::language::{self, Text, Value, text};
use crate::results::Results;
use crate::results::export::Report;
use crate::results::follow_up::{FollowUp, StudyFigures, Timeline};
use crate::results::lengths::LengthMeasure;
use crate::results::measures::SliceMeasures;
use crate::results::planes::{GAP_MM, PAPER_MM, Plane};
use crate::results::written;
use crate::screen::area_curve::AreaCurve;
use crate::screen::panel::follow_up::{class, criteria, velocity};
use crate::words::slices_named;

/// Rows of the table that fit the page; the slices with the largest areas are taken.
const ROWS: usize = 20;
/// Tables beside each other that the rows are divided into.
const TABLES: usize = 2;

/// The page, seen on paper only.
#[component]
pub fn Sheet() -> impl IntoView {
    let results = expect_context::<Results>();
    move || {
        // Drawn anew in another language.
        language::chosen();
        results.printed.get().map(|report| view! { <Printed report/> })
    }
}

#[component]
fn Printed(report: Report) -> impl IntoView {
    let is_study = report.measures.slices > 1;
    let facts = facts(&report)
        .into_iter()
        .map(|Fact { key, name, value, raw }| {
            view! { <div><dt>{name}</dt><dd data-report=key data-raw=raw>{value}</dd></div> }
        })
        .collect_view();
    let Report { measures, planes, comments, follow_up, .. } = report;
    let follow_up = follow_up.map(|(timeline, figures)| follow_up_section(&timeline, &figures));
    // The curve is below the cuts, which are not as high as the slice.
    let beside = PAPER_MM.0 - planes.first().map_or(0.0, |axial| axial.paper_mm.0 + GAP_MM);
    let curve = is_study.then(|| view! { <AreaCurve measures=measures.clone() width_mm=beside/> });
    let planes = planes.into_iter().map(plane).collect_view();
    let mut rows: Vec<_> = measures.per_slice.into_iter().filter(|row| row.area_px > 0).collect();
    let more = rows.len().saturating_sub(ROWS);
    rows.sort_unstable_by_key(|row| (std::cmp::Reverse(row.area_px), row.slice));
    rows.truncate(ROWS);
    rows.sort_unstable_by_key(|row| row.slice);
    let each = rows.len().div_ceil(TABLES).max(1);
    let tables = is_study.then(|| rows.chunks(each).map(table).collect_view());
    view! {
        <section class="report" data-panel="report">
            <header>
                <h1>{text!("report-heading")}</h1>
                <p class="notice-line">{text!("research-use")}</p>
            </header>
            <dl class="report-facts">{facts}</dl>
            <div class="report-planes" class:lone=!is_study>{planes}{curve}</div>
            <div class="report-slices">{tables}</div>
            {follow_up}
            {(more > 0).then(|| view! { <p class="small">{text!("report-more", count = more)}</p> })}
            <div class="report-comments">
                <h2>{text!("report-comments")}</h2>
                <p data-report="comments">{comments}</p>
            </div>
            <footer>
                <span>{text!("report-patient")}</span><i></i><span>{text!("report-reader")}</span><i></i><span>{text!("report-day")}</span><i></i>
            </footer>
            <p class="small">{text!("report-check")}</p>
        </section>
    }
}

/// What holds of the whole study or slice, a line of the report.
struct Fact {
    key: &'static str,
    name: Text,
    value: Text,
    /// A day as files have it.
    raw: Option<String>,
}

/// The facts that are known.
fn facts(report: &Report) -> Vec<Fact> {
    let measures = &report.measures;
    let is_study = measures.slices > 1;
    let series = |at: usize| {
        let name = measures.series[at].clone()?;
        Some(if measures.series_registered[at] { text!("report-series-registered", name) } else { name.into() })
    };
    let [pre, flair, post] = std::array::from_fn(series);
    let left_out = measures.without_small_parts();
    let left_out_on = match (left_out.is_empty(), is_study) {
        (true, _) => None,
        (false, true) => Some(text!("report-left-out-on", slices = slices_named(&left_out))),
        (false, false) => Some(text!("report-left-out")),
    };
    let on_slice = |row: &SliceMeasures, what: Text| match is_study {
        true => text!("report-on-slice", number = row.slice, what),
        false => what,
    };
    let area = measures.largest().map(|row| on_slice(row, row.area_written()));
    let product = measures.largest_product().and_then(|row| {
        let lengths = row.diameters_written()?;
        Some(on_slice(row, if row.drawn { text!("report-drawn", lengths) } else { lengths }))
    });
    let lengths: Vec<String> = measures.lengths.iter().map(|length| length_written(length, is_study)).collect();
    let lengths = (!lengths.is_empty()).then(|| lengths.join("; ").into());
    let threshold = written::exact(measures.threshold);
    let threshold = match measures.threshold == report.own_threshold {
        true => text!("report-threshold-own", threshold),
        false => text!("report-threshold-other", threshold),
    };
    let voxel = measures.spacing_mm.map(|spacing| {
        let [x, y, z] = spacing.map(|mm| Value::fixed(mm, 2));
        text!("report-voxel-size", x, y, z)
    });
    let segmented =
        is_study.then(|| text!("report-segmented-of", segmented = measures.slices_segmented, slices = measures.slices));
    let (study, largest_area, largest_product) = match is_study {
        true => (text!("study"), text!("report-largest-area"), text!("report-largest-product")),
        false => (text!("report-slice"), text!("tumour-area"), text!("report-diameters")),
    };
    let (model, device) = match report.made_by.clone() {
        Some((model, device)) => (model.into(), device.into()),
        None => (text!("report-no-network"), text!("report-no-device")),
    };
    let volume = measures.voxels.map(|voxels| written::volume(voxels, measures.volume_ml));
    let dice = measures.volume_dice.map(|dice| language::decimal(dice, 3).into());
    // The day from the year on, which is read alike everywhere.
    let day = |iso: &String| Text::from(iso.as_str());
    let fact = |key, name, value: Option<Text>| Some(Fact { key, name, value: value?, raw: None });
    let version = env!("CARGO_PKG_VERSION");
    let facts = [
        fact("study", study, Some(measures.name.clone().into())),
        report.date.as_ref().map(|_| Fact {
            key: "study-date",
            name: text!("report-study-date"),
            value: measures.study_date.as_ref().map_or_else(|| text!("report-unknown"), day),
            raw: measures.study_date.clone(),
        }),
        fact("series-pre", text!("sequence-pre"), pre),
        fact("series-flair", text!("sequence-flair"), flair),
        fact("series-post", text!("sequence-post"), post),
        fact("voxel", text!("report-voxel"), Some(voxel.unwrap_or_else(|| text!("report-voxel-unknown")))),
        fact("segmented", text!("report-segmented"), segmented),
        fact("volume", text!("tumour-volume"), volume),
        fact("area", largest_area, Some(area.unwrap_or_else(|| text!("report-nothing-marked")))),
        fact("largest", largest_product, product),
        fact("lengths", text!("lengths"), lengths),
        fact("location", text!("location-name"), report.location.clone()),
        fact("volume-dice", text!("report-volume-dice"), dice),
        fact("threshold", text!("report-threshold"), Some(threshold)),
        fact("small-parts", text!("report-small-parts"), left_out_on),
        fact("corrected", text!("report-corrected"), Some(yes_or_no(measures.corrected))),
        fact("network", text!("report-network"), Some(text!("report-network-version", model, version))),
        fact("device", text!("report-device"), Some(device)),
        report.date.as_ref().map(|date| Fact {
            key: "date",
            name: text!("report-date"),
            value: day(date),
            raw: Some(date.clone()),
        }),
    ];
    facts.into_iter().flatten().collect()
}

/// A length with the slice or plane that it lies on.
fn length_written(length: &LengthMeasure, is_study: bool) -> String {
    let what = written::length(length.length, length.unit);
    let at = length.at;
    match length.plane {
        "sagittal" => format!("{}: {what}", text!("plane-sagittal", column = at)),
        "coronal" => format!("{}: {what}", text!("plane-coronal", row = at)),
        _ if is_study => text!("report-on-slice", number = at, what).written(),
        _ => what.written(),
    }
}

/// All studies of the patient, how fast the tumour grows, and the class that products give with its criteria.
fn follow_up_section(timeline: &Timeline, figures: &FollowUp) -> impl IntoView + use<> {
    let rows = figures.studies.iter().map(|study| {
        let StudyFigures {
            name, date, days, volume_ml, mean_diameter_mm, product_mm2, change_ml, change_percent, ..
        } = study;
        let when = date.clone().unwrap_or_else(|| name.clone());
        let days = days.map(|days| text!("report-days", days = written::signed(days as f64, 0)).written());
        let change = change_ml.map(|ml| written::change(ml, 1, "ml").written());
        let percent = change_percent.map(|percent| written::change(percent, 0, "%").written());
        view! {
            <tr>
                <td>{when}</td>
                <td>{days}</td>
                <td>{written::volume(0, Some(*volume_ml))}</td>
                <td>{written::length(*mean_diameter_mm, "mm")}</td>
                <td>{written::product(*product_mm2, "mm")}</td>
                <td>{change}</td>
                <td>{percent}</td>
            </tr>
        }
    });
    view! {
        <div class="report-follow-up" data-report="follow-up">
            <h2>{text!("follow-up")}</h2>
            <table>{rows.collect_view()}</table>
            <p class="small">{velocity(timeline)}</p>
            {timeline.is_corrected().then(|| view! { <p class="small" data-report="corrected-intervals">{text!("follow-up-corrected")}</p> })}
            {timeline.visits.last().and_then(|visit| visit.new_lesions.as_ref()).map(|found| view! {
                <p class="small" data-report="new-lesions">{found.written()}</p>
            })}
            {timeline.response.as_ref().map(|response| view! { <p class="small">{class(response, timeline)}" "{criteria()}</p> })}
        </div>
    }
}

fn yes_or_no(holds: bool) -> Text {
    if holds { text!("yes") } else { text!("no") }
}

fn plane(plane: Plane) -> impl IntoView {
    let Plane { key, caption, placed, to_scale, picture, paper_mm: (width, _) } = plane;
    let doubts = [(!placed).then(|| text!("side-unknown")), (!to_scale).then(|| text!("not-to-scale"))];
    let caption: Vec<String> =
        std::iter::once(caption).chain(doubts.into_iter().flatten()).map(|text| text.written()).collect();
    view! {
        <figure data-plane=key data-placed=placed.to_string() data-to-scale=to_scale.to_string() style:width=format!("{width:.1}mm")>
            <img src=picture alt=""/>
            <figcaption>{caption.join(" · ")}</figcaption>
        </figure>
    }
}

fn table(rows: &[SliceMeasures]) -> impl IntoView + use<> {
    let length = |value: Option<f64>, unit: &str| value.map_or("–".into(), |value| written::length(value, unit));
    let rows = rows.iter().map(|row| {
        view! {
            <tr data-report-slice=row.slice>
                <td>{row.slice}</td>
                <td>{row.area_written()}</td>
                <td>{length(row.longest, row.unit)}</td>
                <td>{length(row.perpendicular, row.unit)}</td>
                <td>{row.corrected.then(|| yes_or_no(true).written())}</td>
            </tr>
        }
    });
    view! {
        <table>
            <tr>
                <th>{text!("report-slice")}</th>
                <th>{text!("report-area")}</th>
                <th>{text!("report-longest")}</th>
                <th>{text!("report-across")}</th>
                <th>{text!("report-row-corrected")}</th>
            </tr>
            {rows.collect_view()}
        </table>
    }
}

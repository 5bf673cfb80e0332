//! One page to print: picture, figures, model, version and device.

use leptos::prelude::*;

use crate::results::Results;
use crate::results::export::{NOTICE, Report};
use crate::results::measures::{SliceMeasures, with_unit};
use crate::words::{counted, slices_named};

/// Rows of the table that fit the page; the slices with the largest areas are taken.
const ROWS: usize = 18;

/// The page, seen on paper only.
#[component]
pub fn Sheet() -> impl IntoView {
    let results = expect_context::<Results>();
    move || results.printed.get().map(|report| view! { <Printed report/> })
}

#[component]
fn Printed(report: Report) -> impl IntoView {
    let Report { measures, picture, slice, model, device, date } = report;
    let length = |value: Option<f64>, unit: &str| value.map_or("–".into(), |value| format!("{value:.1} {unit}"));
    let largest = measures.largest().map_or("–".into(), |row| {
        format!("{}: {} × {}", row.slice, length(row.longest, row.unit), length(row.perpendicular, row.unit))
    });
    let [pre, flair, post] = measures.series.clone();
    let is_study = measures.slices > 1;
    let area =
        |row: &SliceMeasures| row.area_mm2.map_or_else(|| counted(row.area_px, "pixel"), |mm2| with_unit(mm2, "mm²"));
    let left_out = measures.without_small_parts();
    let on =
        |slices: &[usize]| if is_study { format!("left out on {}", slices_named(slices)) } else { "left out".into() };
    let volume = measures
        .voxels
        .map(|voxels| measures.volume_ml.map_or_else(|| counted(voxels, "voxel"), |ml| with_unit(ml, "ml")));
    let summary = [
        ("study", if is_study { "Study" } else { "Slice" }, Some(measures.name.clone())),
        ("study-date", "Date of the study", measures.study_date.clone()),
        ("series-pre", "Pre-contrast", pre),
        ("series-flair", "FLAIR", flair),
        ("series-post", "Post-contrast", post),
        ("date", "Date of the report", Some(date)),
        (
            "segmented",
            "Slices segmented",
            is_study.then(|| format!("{} of {}", measures.slices_segmented, measures.slices)),
        ),
        ("volume", "Tumour volume", volume),
        ("area", "Tumour area", measures.per_slice.first().filter(|_| !is_study).map(area)),
        ("largest", if is_study { "Largest slice" } else { "Diameters" }, Some(largest)),
        ("threshold", "Threshold", Some(measures.threshold_written())),
        ("small-parts", "Small parts", (!left_out.is_empty()).then(|| on(&left_out))),
        ("corrected", "Corrected by hand", Some(if measures.corrected { "yes" } else { "no" }.into())),
        ("network", "Network", Some(format!("{model}, version {}", env!("CARGO_PKG_VERSION")))),
        ("device", "Device", Some(device)),
    ];
    let mut rows: Vec<_> = measures.per_slice.into_iter().filter(|row| row.area_px > 0).collect();
    let more = rows.len().saturating_sub(ROWS);
    rows.sort_by_key(|row| std::cmp::Reverse(row.area_px));
    rows.truncate(ROWS);
    rows.sort_by_key(|row| row.slice);
    view! {
        <section class="report" data-panel="report">
            <h1>"Gliolens · tumour segmentation"</h1>
            <p class="notice-line">{NOTICE}</p>
            <div class="report-top">
                <figure><img src=picture alt=""/><figcaption>{slice}</figcaption></figure>
                <table>
                    {summary
                        .into_iter()
                        .filter_map(|(key, name, value)| Some((key, name, value?)))
                        .map(|(key, name, value)| view! { <tr><th>{name}</th><td data-report=key>{value}</td></tr> })
                        .collect_view()}
                </table>
            </div>
            <table class="report-slices" hidden=!is_study>
                <tr><th>"Slice"</th><th>"Area"</th><th>"Longest"</th><th>"Perpendicular"</th><th>"Corrected"</th></tr>
                {rows
                    .into_iter()
                    .map(|row| view! {
                        <tr data-report-slice=row.slice>
                            <td>{row.slice}</td>
                            <td>{area(&row)}</td>
                            <td>{length(row.longest, row.unit)}</td>
                            <td>{length(row.perpendicular, row.unit)}</td>
                            <td>{if row.corrected { "yes" } else { "" }}</td>
                        </tr>
                    })
                    .collect_view()}
            </table>
            {(more > 0).then(|| format!("and {} with smaller areas", counted(more, "more slice")))}
        </section>
    }
}

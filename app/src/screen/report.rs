//! One page to print: the mask in three planes, figures, the area of each slice, comments, model, version and device.

use leptos::prelude::*;

use crate::results::Results;
use crate::results::export::{NOTICE, Report};
use crate::results::measures::SliceMeasures;
use crate::results::planes::{GAP_MM, PAPER_MM, Plane};
use crate::results::written;
use crate::screen::area_curve::AreaCurve;
use crate::words::{counted, slices_named};

/// Rows of the table that fit the page; the slices with the largest areas are taken.
const ROWS: usize = 20;
/// Tables beside each other that the rows are divided into.
const TABLES: usize = 2;

/// The page, seen on paper only.
#[component]
pub fn Sheet() -> impl IntoView {
    let results = expect_context::<Results>();
    move || results.printed.get().map(|report| view! { <Printed report/> })
}

#[component]
fn Printed(report: Report) -> impl IntoView {
    let is_study = report.measures.slices > 1;
    let facts = facts(&report)
        .into_iter()
        .map(|(key, name, value)| view! { <div><dt>{name}</dt><dd data-report=key>{value}</dd></div> })
        .collect_view();
    let Report { measures, planes, comments, .. } = report;
    // The curve is below the cuts, which are not as high as the slice.
    let beside = PAPER_MM.0 - planes.first().map_or(0.0, |axial| axial.paper_mm.0 + GAP_MM);
    let curve = is_study.then(|| view! { <AreaCurve measures=measures.clone() width_mm=beside/> });
    let planes = planes.into_iter().map(plane).collect_view();
    let mut rows: Vec<_> = measures.per_slice.into_iter().filter(|row| row.area_px > 0).collect();
    let more = rows.len().saturating_sub(ROWS);
    rows.sort_by_key(|row| std::cmp::Reverse(row.area_px));
    rows.truncate(ROWS);
    rows.sort_by_key(|row| row.slice);
    let each = rows.len().div_ceil(TABLES).max(1);
    let tables = is_study.then(|| rows.chunks(each).map(table).collect_view());
    view! {
        <section class="report" data-panel="report">
            <header>
                <h1>"Gliolens · tumour segmentation"</h1>
                <p class="notice-line">{NOTICE}</p>
            </header>
            <dl class="report-facts">{facts}</dl>
            <div class="report-planes" class:lone=!is_study>{planes}{curve}</div>
            <div class="report-slices">{tables}</div>
            {(more > 0).then(|| view! { <p class="small">{format!("and {} with smaller areas", counted(more, "more slice"))}</p> })}
            <div class="report-comments">
                <h2>"Comments"</h2>
                <p data-report="comments">{comments}</p>
            </div>
            <footer>
                <span>"Patient"</span><i></i><span>"Read by"</span><i></i><span>"Date"</span><i></i>
            </footer>
            <p class="small">"Orange: the mask. It is drawn by a network; a person has to check it. Patient data are not printed."</p>
        </section>
    }
}

/// Key, name and value of everything that holds of the whole study or slice, as far as it is known.
fn facts(report: &Report) -> Vec<(&'static str, &'static str, String)> {
    let measures = &report.measures;
    let is_study = measures.slices > 1;
    let [pre, flair, post] = measures.series.clone();
    let left_out = measures.without_small_parts();
    let left_out_on = match (left_out.is_empty(), is_study) {
        (true, _) => None,
        (false, true) => Some(format!("left out on {}", slices_named(&left_out))),
        (false, false) => Some("left out".into()),
    };
    let on_slice =
        |row: &SliceMeasures, what: String| if is_study { format!("slice {}: {what}", row.slice) } else { what };
    let area = measures.largest().map(|row| on_slice(row, row.area_written()));
    let product = measures.largest_product().and_then(|row| {
        let by_hand = if row.drawn { ", drawn by hand" } else { "" };
        Some(on_slice(row, row.diameters_written()? + by_hand))
    });
    let is_default = measures.threshold == report.own_threshold;
    let threshold = format!("{}{}", measures.threshold_written(), if is_default { " (default)" } else { "" });
    let spacing = measures.spacing_mm.map(|[x, y, z]| format!("{x:.2} × {y:.2} × {z:.2} mm"));
    let facts = [
        ("study", if is_study { "Study" } else { "Slice" }, Some(measures.name.clone())),
        ("study-date", "Date of the study", Some(measures.study_date.clone().unwrap_or("unknown".into()))),
        ("series-pre", "Pre-contrast", pre),
        ("series-flair", "FLAIR", flair),
        ("series-post", "Post-contrast", post),
        ("voxel", "Voxel", Some(spacing.unwrap_or("size unknown".into()))),
        (
            "segmented",
            "Slices segmented",
            is_study.then(|| format!("{} of {}", measures.slices_segmented, measures.slices)),
        ),
        ("volume", "Tumour volume", measures.voxels.map(|voxels| written::volume(voxels, measures.volume_ml))),
        (
            "area",
            if is_study { "Largest area" } else { "Tumour area" },
            Some(area.unwrap_or("no tumour marked".into())),
        ),
        ("largest", if is_study { "Largest product" } else { "Diameters" }, product),
        ("volume-dice", "Volume Dice", measures.volume_dice.map(|dice| format!("{dice:.3}"))),
        ("threshold", "Threshold", Some(threshold)),
        ("small-parts", "Small parts", left_out_on),
        ("corrected", "Corrected by hand", Some(if measures.corrected { "yes" } else { "no" }.into())),
        ("network", "Network", Some(format!("{}, version {}", report.model, env!("CARGO_PKG_VERSION")))),
        ("device", "Device", Some(report.device.clone())),
        ("date", "Date of the report", Some(report.date.clone())),
    ];
    facts.into_iter().filter_map(|(key, name, value)| Some((key, name, value?))).collect()
}

fn plane(plane: Plane) -> impl IntoView {
    let Plane { key, caption, placed, to_scale, picture, paper_mm: (width, _) } = plane;
    let doubts = [(!placed).then_some("side unknown"), (!to_scale).then_some("not to scale")];
    let caption = std::iter::once(caption).chain(doubts.into_iter().flatten().map(str::to_owned)).collect::<Vec<_>>();
    view! {
        <figure data-plane=key data-placed=placed.to_string() data-to-scale=to_scale.to_string() style:width=format!("{width:.1}mm")>
            <img src=picture alt=""/>
            <figcaption>{caption.join(" · ")}</figcaption>
        </figure>
    }
}

fn table(rows: &[SliceMeasures]) -> impl IntoView + use<> {
    let length = |value: Option<f64>, unit: &str| value.map_or("–".into(), |value| format!("{value:.1} {unit}"));
    let rows = rows.iter().map(|row| {
        view! {
            <tr data-report-slice=row.slice>
                <td>{row.slice}</td>
                <td>{row.area_written()}</td>
                <td>{length(row.longest, row.unit)}</td>
                <td>{length(row.perpendicular, row.unit)}</td>
                <td>{if row.corrected { "yes" } else { "" }}</td>
            </tr>
        }
    });
    view! {
        <table>
            <tr><th>"Slice"</th><th>"Area"</th><th>"Longest"</th><th>"Perpendicular"</th><th>"Corrected"</th></tr>
            {rows.collect_view()}
        </table>
    }
}

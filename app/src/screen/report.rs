//! One page to print: picture, figures, model, version and device.

use std::time::Duration;

use leptos::prelude::*;

use crate::exporting::{NOTICE, Report};
use crate::measures::with_unit;
use crate::session::Session;

/// Rows of the table that fit the page; the slices with the largest areas are taken.
const ROWS: usize = 18;
/// Time that the browser gets to decode the picture before it prints.
const DECODING: Duration = Duration::from_millis(150);

/// The report that is being printed. Copies are the same.
#[derive(Clone, Copy)]
pub struct Reporting(RwSignal<Option<Report>>);

impl Reporting {
    /// Nothing is printed.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Prints what is on screen.
    pub fn print(self, session: Session) {
        self.0.set(untrack(move || session.report()));
        set_timeout(
            || {
                // A browser that does not print says so itself.
                drop(window().print());
            },
            DECODING,
        );
    }
}

/// The page, seen on paper only.
#[component]
pub fn Sheet() -> impl IntoView {
    let reporting = expect_context::<Reporting>();
    move || reporting.0.get().map(|report| view! { <Printed report/> })
}

#[component]
fn Printed(report: Report) -> impl IntoView {
    let Report { measures, picture, slice, model, device, date } = report;
    let length = |value: Option<f64>, unit: &str| value.map_or("–".into(), |value| format!("{value:.1} {unit}"));
    let summary = [
        ("Study", measures.name.clone()),
        ("Date of the report", date),
        ("Slices segmented", format!("{} of {}", measures.slices_segmented, measures.slices)),
        (
            "Tumour volume",
            measures.volume_ml.map_or_else(|| format!("{} voxels", measures.voxels), |ml| with_unit(ml, "ml")),
        ),
        (
            "Largest slice",
            measures.largest().map_or("–".into(), |row| {
                format!("{}: {} × {}", row.slice, length(row.longest, row.unit), length(row.perpendicular, row.unit))
            }),
        ),
        ("Corrected by hand", if measures.per_slice.iter().any(|row| row.corrected) { "yes" } else { "no" }.into()),
        ("Network", format!("{model}, version {}", env!("CARGO_PKG_VERSION"))),
        ("Device", device),
    ];
    let mut rows: Vec<_> = measures.per_slice.into_iter().filter(|row| row.area_px > 0).collect();
    let more = rows.len().saturating_sub(ROWS);
    rows.sort_by_key(|row| std::cmp::Reverse(row.area_px));
    rows.truncate(ROWS);
    rows.sort_by_key(|row| row.slice);
    view! {
        <section class="report">
            <h1>"Tumour segmentation"</h1>
            <p class="notice-line">{NOTICE}</p>
            <div class="report-top">
                <figure><img src=picture alt=""/><figcaption>{slice}</figcaption></figure>
                <table>
                    {summary.into_iter().map(|(name, value)| view! { <tr><th>{name}</th><td>{value}</td></tr> }).collect_view()}
                </table>
            </div>
            <table class="report-slices">
                <tr><th>"Slice"</th><th>"Area"</th><th>"Longest"</th><th>"Perpendicular"</th><th>"Corrected"</th></tr>
                {rows
                    .into_iter()
                    .map(|row| view! {
                        <tr>
                            <td>{row.slice}</td>
                            <td>{row.area_mm2.map_or_else(|| format!("{} px", row.area_px), |mm2| with_unit(mm2, "mm²"))}</td>
                            <td>{length(row.longest, row.unit)}</td>
                            <td>{length(row.perpendicular, row.unit)}</td>
                            <td>{if row.corrected { "yes" } else { "" }}</td>
                        </tr>
                    })
                    .collect_view()}
            </table>
            {(more > 0).then(|| format!("and {more} more slices with smaller areas"))}
        </section>
    }
}

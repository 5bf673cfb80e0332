//! The areas of two studies along the head, one curve each, by the distance from the lowest slice of the one on screen.

use leptos::prelude::*;

use crate::documents::Documents;
use crate::documents::oblique::place;
use crate::language::{decimal, text};
use crate::results::Results;
use crate::results::follow_up::Visit;

/// Width and height of the plot, and the room above and below the curves, in its own unit.
const SIZE: [f64; 2] = [220.0, 54.0];
const ROOM: f64 = 2.0;
/// mm² in a cm².
const CM2: f64 = 100.0;

/// A study's areas: mm from the feet, and mm².
type Curve = Vec<[f64; 2]>;

/// The plot, once every slice of both studies has its answer.
#[component]
pub fn Heights() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let results = expect_context::<Results>();
    let both = move || {
        let timeline = results.timeline()?;
        let visit = |study| timeline.visits.iter().find(|visit| visit.study == study && visit.is_complete());
        let here = visit(documents.study_on_screen()?.info.study)?;
        let other = visit(results.compared.other()?)?;
        let [columns, rows, _] = documents.study(other.study)?.info.size;
        // Where the two are not linked yet, their lowest slices are put beside each other.
        let back = results.compared.link_back();
        let laid = |slice: f64| match &back {
            Some(link) => place(&link.voxels, [columns as f64 / 2.0, rows as f64 / 2.0, slice])[2] * here.slice_mm,
            None => slice * other.slice_mm,
        };
        let curves = [curve(here, |slice| slice * here.slice_mm), curve(other, laid)];
        Some((curves, other.shown_name()))
    };
    move || both().map(|(curves, name)| view! { <Drawn curves name/> })
}

fn curve(visit: &Visit, height_mm: impl Fn(f64) -> f64) -> Curve {
    visit.point.areas_mm2.iter().enumerate().map(|(slice, &mm2)| [height_mm(slice as f64), mm2]).collect()
}

#[component]
fn Drawn(curves: [Curve; 2], name: String) -> impl IntoView {
    let plot = Plot::of(&curves);
    let [own, other] = curves.map(|curve| plot.line(&curve));
    let [width, height] = SIZE;
    let largest = format!("{} cm²", decimal(plot.most_mm2 / CM2, 1));
    let [low, high] = [plot.low_mm, plot.high_mm].map(|mm| format!("{} mm", decimal(mm, 0)));
    view! {
        <figure class="heights" data-plot="heights">
            <p>{largest}</p>
            <svg viewBox=format!("0 0 {width} {height}") role="img" aria-label=text!("follow-up-areas", name = &name)>
                <polyline class="other" data-curve="other" points=other/>
                <polyline data-curve="own" points=own/>
            </svg>
            <p><span>{low}</span><span>{high}</span></p>
            <figcaption class="fact-note">{text!("follow-up-areas", name = &name)}</figcaption>
        </figure>
    }
}

/// Heights and areas into the plot's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plot {
    low_mm: f64,
    high_mm: f64,
    most_mm2: f64,
}

impl Plot {
    fn of(curves: &[Curve; 2]) -> Self {
        let points = || curves.iter().flatten();
        let low_mm = points().map(|[mm, _]| *mm).fold(f64::INFINITY, f64::min);
        let high_mm = points().map(|[mm, _]| *mm).fold(f64::NEG_INFINITY, f64::max);
        Self { low_mm, high_mm, most_mm2: points().map(|[_, mm2]| *mm2).fold(0.0, f64::max) }
    }

    fn line(self, curve: &Curve) -> String {
        let [width, height] = SIZE;
        let share = |value: f64, of: f64| if of > 0.0 { value / of } else { 0.0 };
        let point = |&[mm, mm2]: &[f64; 2]| {
            let x = width * share(mm - self.low_mm, self.high_mm - self.low_mm);
            let y = ROOM + (height - 2.0 * ROOM) * (1.0 - share(mm2, self.most_mm2));
            format!("{x:.1},{y:.1}")
        };
        curve.iter().map(point).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_curves_have_one_scale_and_lie_where_the_slices_lie() {
        // Slices of 5 mm, and of 10 mm that begin 5 mm below.
        let own: Curve = vec![[0.0, 0.0], [5.0, 200.0], [10.0, 0.0]];
        let other: Curve = vec![[-5.0, 0.0], [5.0, 400.0], [15.0, 0.0]];
        let plot = Plot::of(&[own.clone(), other.clone()]);
        assert_eq!((plot.low_mm, plot.high_mm, plot.most_mm2), (-5.0, 15.0, 400.0));
        assert_eq!(plot.line(&own), "55.0,52.0 110.0,27.0 165.0,52.0");
        assert_eq!(plot.line(&other), "0.0,52.0 110.0,2.0 220.0,52.0");
        let flat = vec![[0.0, 0.0]];
        assert_eq!(Plot::of(&[flat.clone(), flat.clone()]).line(&flat), "0.0,52.0");
    }
}

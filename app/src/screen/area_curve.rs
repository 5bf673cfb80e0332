//! The marked area slice by slice as a curve on paper, with numbers at both axes.

use leptos::prelude::*;

use crate::results::measures::{Measures, SliceMeasures};

/// Width and height of the plot, in mm of paper.
const SIZE_MM: (f64, f64) = (184.0, 30.0);
/// Room for the numbers to the left, above, below and to the right.
const ROOM_MM: [f64; 4] = [13.0, 4.0, 4.5, 3.0];
/// Numbers along the slices and along the areas, at most.
const NUMBERS: (usize, usize) = (16, 3);
/// mm² in a cm².
const CM2: f64 = 100.0;

/// The curve; slices without an answer leave gaps.
#[component]
pub fn AreaCurve(measures: Measures) -> impl IntoView {
    let known = measures.per_slice.iter().any(|row| row.area_mm2.is_some());
    let value = move |row: &SliceMeasures| row.area_mm2.map_or(row.area_px as f64, |mm2| mm2 / CM2);
    let unit = if known { "cm²" } else { "px" };
    let plot = Plot::of(measures.slices, measures.per_slice.iter().map(&value).fold(0.0, f64::max));
    let points: Vec<(usize, f64)> =
        measures.per_slice.iter().filter(|row| row.segmented).map(|row| (row.slice, value(row))).collect();
    let curves = points.chunk_by(|before, after| before.0 + 1 == after.0);
    let lines = curves.map(|run| view! { <polyline class="curve" points=plot.line(run)/> }).collect_view();
    let dots = points.iter().map(|&(slice, area)| {
        let (x, y) = plot.at(slice, area);
        view! { <circle class="dot" r="0.6" cx=mm(x) cy=mm(y) data-area-of=slice/> }
    });
    let across = plot.slices().into_iter().map(|slice| {
        let x = plot.at(slice, 0.0).0;
        view! { <text class="middle" x=mm(x) y=mm(SIZE_MM.1 - 0.8)>{slice}</text> }
    });
    let up = plot.areas().into_iter().map(|area| {
        let y = plot.at(1, area).1;
        let (left, right) = (ROOM_MM[0] - 1.5, SIZE_MM.0 - ROOM_MM[3]);
        view! {
            <line class="grid" x1=mm(left) x2=mm(right) y1=mm(y) y2=mm(y)/>
            <text class="end" x=mm(left - 1.0) y=mm(y + 0.9)>{area}</text>
        }
    });
    view! {
        <svg class="area-curve" data-plot="areas" viewBox=format!("0 0 {} {}", SIZE_MM.0, SIZE_MM.1) role="img" aria-label="Area of each slice">
            <text x="0" y="2.6">{format!("Area in {unit} by slice")}</text>
            {up.collect_view()}
            {across.collect_view()}
            {lines}
            {dots.collect_view()}
        </svg>
    }
}

/// Slices and areas into mm of paper.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plot {
    slices: usize,
    /// Distance of two numbers at the areas' axis, and the area at its end.
    step: f64,
    top: f64,
}

impl Plot {
    fn of(slices: usize, largest: f64) -> Self {
        let step = round_step(largest / NUMBERS.1 as f64);
        Self { slices, step, top: (largest / step).ceil().max(1.0) * step }
    }

    fn at(self, slice: usize, area: f64) -> (f64, f64) {
        let [left, above, below, right] = ROOM_MM;
        let share = (slice as f64 - 1.0) / (self.slices as f64 - 1.0).max(1.0);
        let (width, height) = (SIZE_MM.0 - left - right, SIZE_MM.1 - above - below);
        (left + share * width, above + height * (1.0 - area / self.top))
    }

    fn line(self, run: &[(usize, f64)]) -> String {
        let point = |&(slice, area): &(usize, f64)| {
            let (x, y) = self.at(slice, area);
            format!("{},{}", mm(x), mm(y))
        };
        run.iter().map(point).collect::<Vec<_>>().join(" ")
    }

    /// Areas that are numbered.
    fn areas(self) -> Vec<f64> {
        let count = (self.top / self.step).round() as usize;
        // Steps are 1, 2 or 5 of a power of ten: what is left of rounding goes.
        (0..=count).map(|at| (at as f64 * self.step * 1e6).round() / 1e6).collect()
    }

    /// Slices that are numbered: the first, and round ones.
    fn slices(self) -> Vec<usize> {
        let step = round_step(self.slices as f64 / NUMBERS.0 as f64).max(1.0) as usize;
        let rounds = (1..=self.slices).filter(|slice| slice % step == 0 && (*slice > step / 2 || step == 1));
        if step == 1 { rounds.collect() } else { std::iter::once(1).chain(rounds).collect() }
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is no smaller.
fn round_step(least: f64) -> f64 {
    if least <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(least)
}

/// A length in the plot's own unit.
fn mm(length: f64) -> String {
    format!("{length:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_numbers_that_reach_beyond_the_largest_area() {
        for (largest, areas) in [
            (19.1, vec![0.0, 10.0, 20.0]),
            (0.42, vec![0.0, 0.2, 0.4, 0.6]),
            (3763.0, vec![0.0, 2000.0, 4000.0]),
            (0.0, vec![0.0, 1.0]),
        ] {
            let plot = Plot::of(23, largest);
            assert_eq!(plot.areas(), areas);
            let (_, y) = plot.at(1, largest);
            assert!((ROOM_MM[1]..=SIZE_MM.1 - ROOM_MM[2]).contains(&y));
        }
        assert_eq!(Plot::of(23, 1.0).slices(), [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
        assert_eq!(Plot::of(5, 1.0).slices(), [1, 2, 3, 4, 5]);
        assert_eq!(Plot::of(155, 1.0).slices(), [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150]);
    }

    #[test]
    fn the_first_and_the_last_slice_are_at_the_ends_and_the_largest_area_is_on_top() {
        let plot = Plot::of(3, 4.0);
        assert_eq!(plot.at(1, 0.0), (13.0, 25.5));
        assert_eq!(plot.at(3, plot.top), (181.0, 4.0));
        assert_eq!(plot.line(&[(1, 0.0), (2, plot.top)]), "13.00,25.50 97.00,4.00");
    }
}

//! The marked area slice by slice as a curve on paper, with numbers at both axes.

use leptos::prelude::*;

use crate::language::{decimal, text};
use crate::results::measures::{Measures, SliceMeasures};

/// Height of the plot, in mm of paper.
const HEIGHT_MM: f64 = 30.0;
/// Room for the numbers to the left, above, below and to the right.
const ROOM_MM: [f64; 4] = [11.0, 6.0, 4.5, 3.0];
/// Room for a number along the slices, in mm of paper, and numbers along the areas, at most.
const NUMBERS: (f64, usize) = (9.0, 3);
/// mm² in a cm².
const CM2: f64 = 100.0;

/// The curve; slices without an answer leave gaps.
#[component]
pub fn AreaCurve(
    measures: Measures,
    /// Width on paper.
    width_mm: f64,
) -> impl IntoView {
    let known = measures.per_slice.iter().any(|row| row.area_mm2.is_some());
    let value = move |row: &SliceMeasures| row.area_mm2.map_or(row.area_px as f64, |mm2| mm2 / CM2);
    let unit = if known { "cm²" } else { "px" };
    let plot = Plot::of(width_mm, measures.slices, measures.per_slice.iter().map(&value).fold(0.0, f64::max));
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
        view! { <text class="middle" x=mm(x) y=mm(HEIGHT_MM - 0.8)>{slice}</text> }
    });
    let digits = plot.digits();
    let up = plot.areas().into_iter().map(|area| {
        let y = plot.at(1, area).1;
        let (left, right) = (ROOM_MM[0] - 1.5, width_mm - ROOM_MM[3]);
        view! {
            <line class="grid" x1=mm(left) x2=mm(right) y1=mm(y) y2=mm(y)/>
            <text class="end" x=mm(left - 1.0) y=mm(y + 0.9)>{decimal(area, digits)}</text>
        }
    });
    view! {
        <svg class="area-curve" data-plot="areas" viewBox=format!("0 0 {width_mm:.2} {HEIGHT_MM}") style:width=format!("{width_mm:.2}mm") role="img" aria-label=text!("area-by-slice")>
            <text x="0" y="2.6">{text!("area-in-unit", unit)}</text>
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
    width_mm: f64,
    slices: usize,
    /// Distance of two numbers at the areas' axis, and the area at its end.
    step: f64,
    top: f64,
}

impl Plot {
    fn of(width_mm: f64, slices: usize, largest: f64) -> Self {
        let step = round_step(largest / NUMBERS.1 as f64);
        Self { width_mm, slices, step, top: (largest / step).ceil().max(1.0) * step }
    }

    fn at(self, slice: usize, area: f64) -> (f64, f64) {
        let [left, above, below, right] = ROOM_MM;
        let share = (slice as f64 - 1.0) / (self.slices as f64 - 1.0).max(1.0);
        let (width, height) = (self.width_mm - left - right, HEIGHT_MM - above - below);
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

    /// Digits behind the point that tell them apart.
    fn digits(self) -> usize {
        (0..6).find(|&digits| self.step * 10f64.powi(digits as i32) >= 1.0 - 1e-9).unwrap_or(6)
    }

    /// Slices that are numbered: the first, and round ones.
    fn slices(self) -> Vec<usize> {
        let step = round_step(self.slices as f64 * NUMBERS.0 / self.width_mm).max(1.0) as usize;
        let rounds = (1..=self.slices).filter(|slice| slice % step == 0 && 4 * (slice - 1) >= 3 * step);
        std::iter::once(1).chain(rounds).collect()
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
            let plot = Plot::of(120.0, 23, largest);
            assert_eq!(plot.areas(), areas);
            assert_eq!(plot.digits(), usize::from(largest == 0.42), "{largest}");
            let (_, y) = plot.at(1, largest);
            assert!((ROOM_MM[1]..=HEIGHT_MM - ROOM_MM[2]).contains(&y));
        }
        assert_eq!(Plot::of(120.0, 23, 1.0).slices(), [1, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
        assert_eq!(Plot::of(120.0, 5, 1.0).slices(), [1, 2, 3, 4, 5]);
        assert_eq!(Plot::of(120.0, 155, 1.0).slices(), [1, 20, 40, 60, 80, 100, 120, 140]);
    }

    #[test]
    fn the_first_and_the_last_slice_are_at_the_ends_and_the_largest_area_is_on_top() {
        let plot = Plot::of(114.0, 3, 4.0);
        assert_eq!(plot.at(1, 0.0), (11.0, 25.5));
        assert_eq!(plot.at(3, plot.top), (111.0, 6.0));
        assert_eq!(plot.line(&[(1, 0.0), (2, plot.top)]), "11.00,25.50 61.00,6.00");
    }
}

//! Two or more studies into how much a tumour grew, and how fast.

use super::day::DAYS_OF_YEAR;
use super::time_point::TimePoint;

/// Growth above which a tumour grows fast, in mm of mean diameter a year.
///
/// # Source
///
/// Pallud et al. 2013, doi 10.1093/neuonc/nos331: survival differs most at this border.
pub const FAST_MM_PER_YEAR: f64 = 8.0;

/// Standard deviations on either side of a figure that hold it in 95 of 100 cases.
const TWO_SIDED_95: f64 = 1.96;

/// Why there is no rate of growth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRate {
    /// A study does not say when it was acquired.
    DateMissing,
    /// All are of one day.
    SameDay,
    /// There is nothing to compare with.
    OneStudy,
}

/// How fast the mean diameter grows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Velocity {
    /// Millimetres a year, below zero of a tumour that shrinks.
    pub mm_per_year: f64,
    /// The 95 % interval that the errors of the volumes give, which are taken as independent of each other.
    pub interval_mm_per_year: [f64; 2],
    /// Days from the first study to the last.
    pub days: i64,
}

impl Velocity {
    /// The velocity of diametric expansion: the slope of the line through the mean diameters of two or more studies, each of
    /// which weighs by its error.
    ///
    /// # Errors
    ///
    /// [`NoRate`] where dates give none.
    ///
    /// # Source
    ///
    /// Mandonnet et al. 2003, doi 10.1002/ana.10528.
    pub fn of(points: &[TimePoint]) -> Result<Self, NoRate> {
        let days: Option<Vec<_>> = points.iter().map(|point| point.day).collect();
        let days = days.ok_or(NoRate::DateMissing)?;
        let [Some(&first), Some(&last)] = [days.iter().min(), days.iter().max()] else { return Err(NoRate::OneStudy) };
        if points.len() < 2 {
            return Err(NoRate::OneStudy);
        }
        if first == last {
            return Err(NoRate::SameDay);
        }
        let years = days.iter().map(|&day| first.days_until(day) as f64 / DAYS_OF_YEAR);
        // A tumour that is gone has no diameter to be a share of; it still weighs no more than the most certain of the others.
        let errors: Vec<f64> = points.iter().map(TimePoint::mean_diameter_error_mm).collect();
        let least = errors.iter().copied().filter(|&error| error > 0.0).fold(f64::INFINITY, f64::min);
        let certain = if least.is_finite() { least } else { 1.0 };
        let weights = errors.iter().map(|error| error.max(certain).powi(-2));
        let rows: Vec<[f64; 3]> = years
            .zip(points)
            .zip(weights)
            .map(|((year, point), weight)| [year, point.mean_diameter_mm(), weight])
            .collect();
        let total: f64 = rows.iter().map(|[_, _, weight]| weight).sum();
        let mean = |at: usize| rows.iter().map(|row| row[at] * row[2]).sum::<f64>() / total;
        let (year, diameter) = (mean(0), mean(1));
        let spread: f64 = rows.iter().map(|row| row[2] * (row[0] - year).powi(2)).sum();
        let slope = rows.iter().map(|row| row[2] * (row[0] - year) * (row[1] - diameter)).sum::<f64>() / spread;
        let variance: f64 = rows
            .iter()
            .zip(&errors)
            .map(|(row, error)| {
                let share = row[2] * (row[0] - year) / spread;
                (share * error).powi(2)
            })
            .sum();
        let half = TWO_SIDED_95 * variance.sqrt();
        Ok(Self {
            mm_per_year: slope,
            interval_mm_per_year: [slope - half, slope + half],
            days: first.days_until(last),
        })
    }

    /// Whether the tumour grows by more than [`FAST_MM_PER_YEAR`].
    pub fn is_fast(&self) -> bool {
        self.mm_per_year > FAST_MM_PER_YEAR
    }

    /// Whether the whole interval says the same of that.
    pub fn is_certain(&self) -> bool {
        self.interval_mm_per_year.iter().all(|&end| (end > FAST_MM_PER_YEAR) == self.is_fast())
    }
}

/// What changed from one study to a later one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Days between them, if both say when they were acquired.
    pub days: Option<i64>,
    /// Millilitres more.
    pub ml: f64,
    /// The 95 % interval of that, from the errors of both volumes.
    pub interval_ml: [f64; 2],
    /// The same in per cent of the earlier volume; none if that is empty.
    pub percent: Option<f64>,
    /// Per cent by which the product of diameters changed, the sum of those that count; none if the earlier one is empty.
    pub product_percent: Option<f64>,
    /// Millimetres by which the mean diameter grew.
    pub mean_diameter_mm: f64,
    /// How fast that was, or why it is not said.
    pub velocity: Result<Velocity, NoRate>,
}

impl Change {
    /// What changed from `earlier` to `later`.
    pub fn between(earlier: &TimePoint, later: &TimePoint) -> Self {
        let percent = |from: f64, to: f64| (from > 0.0).then(|| 100.0 * (to - from) / from);
        let ml = later.volume_ml - earlier.volume_ml;
        let error = (earlier.volume_ml * earlier.volume_error).hypot(later.volume_ml * later.volume_error);
        Self {
            days: earlier.day.zip(later.day).map(|(from, to)| from.days_until(to)),
            ml,
            interval_ml: [ml - TWO_SIDED_95 * error, ml + TWO_SIDED_95 * error],
            percent: percent(earlier.volume_ml, later.volume_ml),
            product_percent: percent(earlier.product_mm2(), later.product_mm2()),
            mean_diameter_mm: later.mean_diameter_mm() - earlier.mean_diameter_mm(),
            velocity: Velocity::of(&[earlier.clone(), later.clone()]),
        }
    }
}

/// The order in which studies are compared: by day, those without one last, all others as they came.
pub fn in_order(points: &[TimePoint]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|&at| (points[at].day.is_none(), points[at].day));
    order
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::super::time_point::tests::{THIN, ball};
    use super::*;
    use crate::grid::SpacingMm;

    fn ml(radius_mm: f64) -> f64 {
        4.0 / 3.0 * PI * radius_mm.powi(3) / 1000.0
    }

    #[test]
    fn a_ball_that_grows_by_known_amounts_changes_and_grows_by_them() {
        // Half a leap year, a whole one and two and a half years.
        for (from, to, days) in
            [("20240101", "20240701", 182), ("20240228", "20250228", 366), ("20230815", "20260215", 915)]
        {
            for [r0, r1] in [[12.0, 15.0], [20.0, 26.0], [18.0, 14.0]] {
                let change = Change::between(&ball(r0, THIN, 0.1, from), &ball(r1, THIN, 0.1, to));
                let expected = ml(r1) - ml(r0);
                assert!((change.ml / expected - 1.0).abs() < 0.01, "{} ml, {expected}", change.ml);
                let percent = change.percent.unwrap();
                assert!((percent / (100.0 * expected / ml(r0)) - 1.0).abs() < 0.01, "{percent} %");
                let rate = 2.0 * (r1 - r0) / (f64::from(days) / 365.25);
                let velocity = change.velocity.unwrap();
                assert_eq!((velocity.days, change.days), (days.into(), Some(days.into())));
                assert!((velocity.mm_per_year / rate - 1.0).abs() < 0.02, "{velocity:?}, {rate}");
                assert_eq!(velocity.is_fast(), rate > 8.0);
            }
        }
    }

    #[test]
    fn the_interval_is_what_the_volumes_errors_give() {
        // Diameters of 40 and 50 mm, each with a deviation of a third of 0.15, a year of 365.25 days.
        let [a, b] = [ball(20.0, THIN, 0.15, "20230101"), ball(25.0, THIN, 0.15, "20240101")];
        let velocity = Velocity::of(&[a.clone(), b.clone()]).unwrap();
        let half = 1.96 * 0.05 * 40f64.hypot(50.0) * 365.25 / 365.0;
        let [low, high] = velocity.interval_mm_per_year;
        assert!(((high - low) / 2.0 / half - 1.0).abs() < 0.01, "{velocity:?}, {half}");
        assert!(velocity.is_fast() && !velocity.is_certain(), "the interval holds both");
        let [a, b] = [a, b].map(|point| TimePoint { volume_error: 0.01, ..point });
        assert!(Velocity::of(&[a, b]).unwrap().is_certain());
    }

    #[test]
    fn three_studies_lie_on_their_line_and_more_certain_ones_draw_it() {
        let at = |diameter: f64, error: f64, day: &str| ball(diameter / 2.0, THIN, error, day);
        let on_a_line = [at(30.0, 0.1, "20230101"), at(36.0, 0.1, "20240101"), at(42.0, 0.1, "20241231")];
        let velocity = Velocity::of(&on_a_line).unwrap();
        assert!((velocity.mm_per_year / 6.0 - 1.0).abs() < 0.02, "{velocity:?}");
        let pair = Velocity::of(&[on_a_line[0].clone(), on_a_line[2].clone()]).unwrap();
        let width = |velocity: &Velocity| velocity.interval_mm_per_year[1] - velocity.interval_mm_per_year[0];
        assert!(width(&velocity) <= width(&pair) * 1.001, "a third study makes it no worse");
        // One that is far off but hardly certain changes little.
        let mut off = on_a_line;
        off[1] = at(50.0, 2.0, "20240201");
        assert!((Velocity::of(&off).unwrap().mm_per_year / 6.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn without_dates_no_rate_is_invented() {
        let [a, b] = ["20240101", "20250101"].map(|day| ball(10.0, THIN, 0.1, day));
        let undated = TimePoint { day: None, ..b.clone() };
        let change = Change::between(&a, &undated);
        assert_eq!((change.days, change.velocity), (None, Err(NoRate::DateMissing)));
        assert_eq!(change.percent, Some(0.0), "volumes are compared all the same");
        assert_eq!(Change::between(&a, &a).velocity, Err(NoRate::SameDay));
        assert_eq!(Velocity::of(std::slice::from_ref(&a)), Err(NoRate::OneStudy));
        assert_eq!(Velocity::of(&[]), Err(NoRate::OneStudy));
        assert_eq!(in_order(&[undated, b, a]), [2, 1, 0]);
    }

    #[test]
    fn an_empty_mask_gives_no_share_and_no_nonsense() {
        let unit = SpacingMm { x: 1.0, y: 1.0, z: 1.0 };
        let day = |text| super::super::Day::parse(text);
        let gone = TimePoint::of(&[], unit, day("20240101"), 0.1);
        let there = ball(10.0, THIN, 0.1, "20250101");
        let change = Change::between(&gone, &there);
        assert_eq!((change.percent, change.product_percent), (None, None));
        assert!((change.ml / ml(10.0) - 1.0).abs() < 0.01);
        assert!(change.velocity.unwrap().interval_mm_per_year.iter().all(|end| end.is_finite()));
        let both = [gone.clone(), TimePoint { day: day("20250101"), ..gone }];
        assert_eq!(Velocity::of(&both).unwrap().mm_per_year, 0.0);
    }
}

//! Six numbers into those of the largest value nearby, without derivatives.
//!
//! # Source
//!
//! Powell 1964, doi 10.1093/comjnl/7.2.155, with steps that shrink.

use super::rigid::Parameters;

/// A step grows by this as long as it leads upwards.
const GROW: f64 = 1.6;
/// Steps along one line at most.
const MOST_STEPS: usize = 12;
/// Rounds at most; each goes along all directions.
const MOST_ROUNDS: usize = 16;

/// A search, one line at a time.
#[derive(Clone, Debug)]
pub(super) struct Powell {
    /// The best place yet.
    pub point: Parameters,
    /// Its value.
    pub value: f64,
    directions: [Parameters; 6],
    /// First step of each line, in the parameters' unit.
    step: f64,
    least_step: f64,
    /// The direction that is next, and where this round began.
    next: usize,
    began: (Parameters, f64),
    /// The direction along which the value rose most in this round.
    steepest: (usize, f64),
    rounds: usize,
}

impl Powell {
    /// A search from a place, with steps from `step` down to `least_step`.
    pub fn new(point: Parameters, step: f64, least_step: f64, mut value_of: impl FnMut(&Parameters) -> f64) -> Self {
        let value = value_of(&point);
        Self {
            point,
            value,
            directions: std::array::from_fn(|row| std::array::from_fn(|column| f64::from(u8::from(row == column)))),
            step,
            least_step,
            next: 0,
            began: (point, value),
            steepest: (0, 0.0),
            rounds: 0,
        }
    }

    /// Goes along one line; true once there is nothing left to gain.
    pub fn line(&mut self, mut value_of: impl FnMut(&Parameters) -> f64) -> bool {
        let before = self.value;
        self.climb(self.directions[self.next], &mut value_of);
        if self.value - before > self.steepest.1 {
            self.steepest = (self.next, self.value - before);
        }
        self.next += 1;
        if self.next < self.directions.len() {
            return false;
        }
        let way: Parameters = std::array::from_fn(|at| self.point[at] - self.began.0[at]);
        let length = way.iter().map(|v| v * v).sum::<f64>().sqrt();
        if length > self.least_step {
            // The way of the whole round takes the place of the direction that it resembles most.
            let way = way.map(|v| v / length);
            self.directions[self.steepest.0] = way;
            self.climb(way, &mut value_of);
        }
        self.rounds += 1;
        let is_done = (length <= self.step && self.step <= self.least_step) || self.rounds >= MOST_ROUNDS;
        if length <= 2.0 * self.step {
            self.step = (self.step / 2.0).max(self.least_step);
        }
        (self.next, self.began, self.steepest) = (0, (self.point, self.value), (0, 0.0));
        is_done
    }

    /// The largest value along a direction.
    fn climb(&mut self, direction: Parameters, value_of: &mut impl FnMut(&Parameters) -> f64) {
        let from = self.point;
        let place = |by: f64| -> Parameters { std::array::from_fn(|at| from[at] + by * direction[at]) };
        let mut tried = |by: f64| (by, value_of(&place(by)));
        let here = (0.0, self.value);
        let forth = tried(self.step);
        let back = (forth.1 <= here.1).then(|| tried(-self.step));
        // Two places on either side of the best, and their values.
        let (mut behind, mut best, mut ahead) = match back {
            Some(back) if back.1 <= here.1 => (back, here, forth),
            back => (here, back.unwrap_or(forth), here),
        };
        if best.0 != 0.0 {
            let mut step = best.0;
            for _ in 0..MOST_STEPS {
                step *= GROW;
                ahead = tried(best.0 + step);
                if ahead.1 <= best.1 {
                    break;
                }
                (behind, best) = (best, ahead);
            }
        }
        for _ in 0..2 {
            let Some(top) = vertex(behind, best, ahead) else { break };
            let found = tried(top);
            if found.1 <= best.1 {
                break;
            }
            *if (top > best.0) == (ahead.0 > best.0) { &mut behind } else { &mut ahead } = best;
            best = found;
        }
        (self.point, self.value) = (place(best.0), best.1);
    }
}

/// Where the parabola through three places is highest, if that is between the outer two and apart from the middle one.
fn vertex(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> Option<f64> {
    let (left, right) = (b.0 - a.0, b.0 - c.0);
    let (p, q) = (left * (b.1 - c.1), right * (b.1 - a.1));
    let below = p - q;
    if below.abs() < 1e-15 {
        return None;
    }
    let top = b.0 - 0.5 * (left * p - right * q) / below;
    let (low, high) = (a.0.min(c.0), a.0.max(c.0));
    let apart = 0.02 * (high - low);
    (top > low && top < high && (top - b.0).abs() > apart).then_some(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_slanted_hill_is_climbed() {
        let top = [3.0, -2.0, 5.0, -7.0, 1.0, 4.0];
        let mut asked = 0;
        let mut hill = |p: &Parameters| {
            asked += 1;
            let d: Parameters = std::array::from_fn(|at| p[at] - top[at]);
            let slanted =
                (d[0] + d[4]).powi(2) + 30.0 * (d[0] - d[4]).powi(2) + d[1] * d[1] + (d[2] - 2.0 * d[3]).powi(2) * 10.0;
            -(slanted + d[2] * d[2] + d[5] * d[5]).sqrt()
        };
        let mut search = Powell::new([0.0; 6], 4.0, 0.05, &mut hill);
        while !search.line(&mut hill) {}
        for (found, expected) in search.point.iter().zip(top) {
            assert!((found - expected).abs() < 0.1, "{:?}", search.point);
        }
        assert!(asked < 1500, "{asked}");
    }

    #[test]
    fn nothing_is_gained_on_a_plain_and_the_search_ends() {
        let mut search = Powell::new([1.0; 6], 4.0, 0.05, |_| 0.0);
        while !search.line(|_| 0.0) {}
        assert_eq!((search.point, search.value), ([1.0; 6], 0.0));
    }
}

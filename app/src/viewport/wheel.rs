//! The wheel's turns in notches, and the slices that they go through, whichever mouse, touchpad and browser counts them.

use web_sys::WheelEvent;

/// Pixels of a notch, in browsers that count pixels: 100 to 120 at a page zoom of one.
const NOTCH_PX: f64 = 100.0;
/// A turn of at least so many notches within one event is a mouse's; a touchpad's are smaller, unless it is swiped.
const MOUSE: f64 = 0.4;
/// Time without a turn after which the next one is a movement of its own, in milliseconds.
const REST_MS: f64 = 200.0;

/// How far an event turns the wheel, in notches; downwards is positive.
pub fn notches(event: &WheelEvent) -> f64 {
    match event.delta_mode() {
        WheelEvent::DOM_DELTA_PIXEL => event.delta_y() / NOTCH_PX,
        // Firefox counts a mouse's notch in lines, in as many as the system is set to: two, three, six.
        _ if event.delta_y() == 0.0 => 0.0,
        _ => event.delta_y().signum(),
    }
}

/// What a movement of the wheel has come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wheel {
    /// Notches turned that have moved no slice yet.
    turned: f64,
    /// When it was turned last, in milliseconds.
    at: Option<f64>,
}

impl Wheel {
    /// Slices to go on by after a turn of some notches at a time in milliseconds.
    ///
    /// A notch of a mouse is one slice, and a movement begins with one at once: a Mac reports a slow notch as a
    /// twenty-fifth of a notch. After that a touchpad goes on by a slice for every notch that its turns add up to.
    pub fn turn(&mut self, notches: f64, now: f64) -> isize {
        if notches == 0.0 {
            return 0;
        }
        let begins = self.at.is_none_or(|at| now - at > REST_MS);
        self.at = Some(now);
        if begins || notches.abs() >= MOUSE {
            self.turned = 0.0;
            return (notches.abs().round().max(1.0) * notches.signum()) as isize;
        }
        self.turned += notches;
        let whole = self.turned.trunc();
        self.turned -= whole;
        whole as isize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slices after turns of `notches` each, `gap` milliseconds apart.
    fn slices(notches: &[f64], gap: f64) -> Vec<isize> {
        let mut wheel = Wheel::default();
        notches.iter().zip(0..).map(|(&notches, count)| wheel.turn(notches, gap * f64::from(count))).collect()
    }

    #[test]
    fn every_notch_of_a_mouse_is_one_slice() {
        // 120, 100, 80 and 67 pixels: systems and page zooms.
        for notch in [1.2, 1.0, 0.8, 0.67] {
            for gap in [30.0, 1000.0] {
                assert_eq!(slices(&[notch, notch, notch, -notch], gap), [1, 1, 1, -1], "{notch} every {gap} ms");
            }
        }
    }

    #[test]
    fn notches_that_a_browser_adds_up_are_as_many_slices() {
        assert_eq!(slices(&[2.0, 3.0], 16.0), [2, 3]);
    }

    #[test]
    fn a_slow_notch_on_a_mac_is_one_slice() {
        assert_eq!(slices(&[0.04, 0.04, -0.04], 300.0), [1, 1, -1]);
    }

    #[test]
    fn a_touchpad_goes_on_by_the_sum_of_its_turns() {
        let stroke = [0.05; 100];
        assert_eq!(slices(&stroke, 8.0).iter().sum::<isize>(), 1 + 4);
        // A finger that trembles stays.
        assert_eq!(slices(&[0.05, -0.02, 0.02, -0.02], 8.0), [1, 0, 0, 0]);
    }
}

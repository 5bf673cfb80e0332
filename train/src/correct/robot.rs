//! Robots that prompt as a clinician would: where the mask is most wrong, or around the tumour.

use imaging::{Along, Hand, Mask, Point, Prompt, careless, deepest_error, path, scribble, surround};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Margin of a box or loop that is made with care, in pixels of a grid of scale 1.
const MARGIN: f32 = 3.0;
/// Margins of one that is not.
const CARELESS_MARGINS: std::ops::Range<f32> = 0.5..9.0;
/// Area of an error, as a multiple of the disk that its depth allows, up to which a click says all of it.
const ROUND: f64 = 2.0;
/// Share of an error's depth by which a careless scribble bends.
const BEND: f32 = 0.4;
/// Pixels by which its places jump, on a grid of scale 1.
const JITTER: f32 = 0.7;
/// Shares of its length that are drawn.
const DRAWN: std::ops::Range<f32> = 0.5..1.0;

/// How a robot prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Robot {
    /// Clicks in the middle of the deepest error (Sofiiuk et al. 2021, arXiv 2102.06583).
    #[serde(alias = "standard")]
    Click,
    /// Clicks anywhere in the error.
    #[serde(alias = "sloppy")]
    SloppyClick,
    /// Scribbles through the middle of the deepest error.
    Scribble,
    /// Scribbles through a part of it, and not well.
    SloppyScribble,
    /// Draws a box around the tumour, then scribbles.
    Box,
    /// Draws a loop around the tumour, then scribbles.
    Loop,
    /// Draws the loop with little care, then scribbles so.
    SloppyLoop,
    /// Takes what says the error at the least cost: a loop where all of the tumour is missed, a click on a round error, a scribble
    /// along any other.
    Mixed,
}

impl Robot {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Click,
        Self::SloppyClick,
        Self::Scribble,
        Self::SloppyScribble,
        Self::Box,
        Self::Loop,
        Self::SloppyLoop,
        Self::Mixed,
    ];

    /// What it is called, for people and for the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::SloppyClick => "sloppy-click",
            Self::Scribble => "scribble",
            Self::SloppyScribble => "sloppy-scribble",
            Self::Box => "box",
            Self::Loop => "loop",
            Self::SloppyLoop => "sloppy-loop",
            Self::Mixed => "mixed",
        }
    }

    /// The robot of a name.
    ///
    /// # Errors
    ///
    /// All names, where there is none of this one.
    pub fn of(name: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|robot| robot.name() == name).ok_or_else(|| format!("the robots are {names}"))
    }

    /// Its next prompt on a mask, the `made`-th; nothing where the mask is the label. `scale` is the slice's
    /// [`imaging::click_scale`].
    pub fn prompt(self, mask: &Mask, label: &Mask, made: usize, scale: f32, rng: &mut impl Rng) -> Option<Prompt> {
        let (width, pixels) = (mask.width(), label.pixels());
        let error = deepest_error(mask.pixels(), pixels, width)?;
        let around = |hand| surround(pixels, width, hand);
        let line = || scribble(&error, pixels, Along::Middle);
        Some(match self {
            Self::Click => error.click(),
            Self::SloppyClick => clicked(&error, 0.0, rng),
            Self::Scribble => line(),
            Self::SloppyScribble => drawn(&line(), error.depth_px() as f32, scale, rng),
            Self::Box if made == 0 => around(Hand::Box([MARGIN * scale; 4])).unwrap_or_else(line),
            Self::Loop if made == 0 => around(Hand::Loop([MARGIN * scale; 8])).unwrap_or_else(line),
            Self::SloppyLoop if made == 0 => around(careless_loop(scale, rng)).unwrap_or_else(line),
            Self::Box | Self::Loop => line(),
            Self::SloppyLoop => drawn(&line(), error.depth_px() as f32, scale, rng),
            Self::Mixed => {
                let overlaps = mask.pixels().iter().zip(pixels).any(|(&mask, &label)| mask && label);
                let area = error.part().iter().filter(|&&wrong| wrong).count() as f64;
                let disk = std::f64::consts::PI * error.depth_px().powi(2);
                match (overlaps, area <= ROUND * disk) {
                    (false, _) if made == 0 => around(Hand::Loop([MARGIN * scale; 8])).unwrap_or_else(line),
                    (_, true) => error.click(),
                    (_, false) => line(),
                }
            }
        })
    }
}

/// What a network in training is told, as shares of its prompts that are no clicks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mixture {
    /// Scribbles.
    pub scribbles: f64,
    /// Boxes and loops.
    pub loops: f64,
}

/// A prompt on the larger error for a network in training; nothing where the mask is the label.
///
/// Masks are row by row, `width` pixels a row, on a grid of a `scale` ([`imaging::click_scale`]). A click is, with even odds, in the
/// middle of the error or near it; a scribble goes through its middle, straight, or along the label's border, and is drawn with
/// little care.
pub fn teach(
    mask: &[bool],
    label: &[bool],
    width: usize,
    scale: f32,
    mixture: Mixture,
    rng: &mut impl Rng,
) -> Option<Prompt> {
    let error = deepest_error(mask, label, width)?;
    let draw: f64 = rng.random();
    if draw < mixture.loops
        && let Some(around) = surround(label, width, careless_hand(scale, rng))
    {
        return Some(around);
    }
    if draw < mixture.loops + mixture.scribbles {
        let way = [Along::Middle, Along::Middle, Along::Chord, Along::Border][rng.random_range(0..4)];
        return Some(drawn(&scribble(&error, label, way), error.depth_px() as f32, scale, rng));
    }
    Some(if rng.random_bool(IN_THE_MIDDLE) { error.click() } else { clicked(&error, 0.5, rng) })
}

/// Share of the clicks in the very middle of an error, which say the most of its size; the rest are near it.
const IN_THE_MIDDLE: f64 = 0.5;

/// A click on any pixel of an error that is at least so deep, as a share of the deepest.
fn clicked(error: &imaging::DeepestError, share: f64, rng: &mut impl Rng) -> Prompt {
    let candidates = error.at_least(share);
    error.click_on(candidates[rng.random_range(0..candidates.len())])
}

/// A scribble as it is drawn with little care.
fn drawn(line: &Prompt, depth_px: f32, scale: f32, rng: &mut impl Rng) -> Prompt {
    let part = rng.random_range(DRAWN);
    careless(line, part, BEND * depth_px, JITTER * scale, &mut || rng.random_range(-1.0..1.0))
}

fn careless_loop(scale: f32, rng: &mut impl Rng) -> Hand {
    Hand::Loop(std::array::from_fn(|_| rng.random_range(CARELESS_MARGINS) * scale))
}

fn careless_hand(scale: f32, rng: &mut impl Rng) -> Hand {
    if rng.random_bool(0.5) {
        careless_loop(scale, rng)
    } else {
        Hand::Box(std::array::from_fn(|_| rng.random_range(CARELESS_MARGINS) * scale))
    }
}

/// Way of the pointer for a prompt, from where the one before ended, in pixels.
pub fn travel_px(from: Option<Point>, prompt: &Prompt) -> f64 {
    let line = prompt.line();
    let there = from.zip(line.first()).map_or(0.0, |(from, to)| (to.x - from.x).hypot(to.y - from.y));
    let back = if prompt.is_loop() { path::length_px(&[line[line.len() - 1], line[0]]) } else { 0.0 };
    f64::from(there + path::length_px(line) + back)
}

#[cfg(test)]
mod tests {
    use imaging::PromptKind;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    const WIDTH: usize = 60;

    fn mask(inside: impl Fn(usize, usize) -> bool) -> Mask {
        Mask::new(WIDTH, 40, (0..WIDTH * 40).map(|at| inside(at % WIDTH, at / WIDTH)).collect())
    }

    fn next(robot: Robot, shown: &Mask, label: &Mask, made: usize) -> Option<Prompt> {
        robot.prompt(shown, label, made, 1.0, &mut StdRng::seed_from_u64(2))
    }

    #[test]
    fn every_robot_has_a_name_of_its_own_and_nothing_to_say_of_a_perfect_mask() {
        let label = mask(|x, y| x > 20 && x < 30 && y > 10 && y < 20);
        for robot in Robot::ALL {
            assert_eq!(Robot::of(robot.name()), Ok(robot));
            assert_eq!(next(robot, &label, &label, 0), None);
        }
        assert!(Robot::of("drill").is_err_and(|names| names.contains("mixed")));
    }

    #[test]
    fn clicks_and_scribbles_are_made_in_the_error() {
        let label = mask(|x, y| (10..50).contains(&x) && (10..19).contains(&y));
        for robot in [Robot::Click, Robot::SloppyClick, Robot::Scribble] {
            let prompt = next(robot, &mask(|_, _| false), &label, 0).unwrap();
            assert_eq!(prompt.kind, PromptKind::Tumor);
            assert!(prompt.line().iter().all(|p| label.contains(p.x as usize, p.y as usize)), "{robot:?}");
        }
    }

    #[test]
    fn the_mixed_robot_takes_what_says_the_error() {
        let nothing = mask(|_, _| false);
        let label = mask(|x, y| (10..30).contains(&x) && (10..30).contains(&y));
        assert!(next(Robot::Mixed, &nothing, &label, 0).unwrap().is_loop());
        // A square that is missed but for a corner, then a long band.
        let most = mask(|x, y| (10..30).contains(&x) && (10..30).contains(&y) && !(x > 23 && y > 23));
        assert!(next(Robot::Mixed, &most, &label, 1).unwrap().click_at().is_some());
        let half = mask(|x, y| (10..30).contains(&x) && (10..25).contains(&y));
        assert!(next(Robot::Mixed, &half, &label, 1).unwrap().line().len() > 3);
    }

    #[test]
    fn a_mixture_says_what_a_network_is_told() {
        let (nothing, label) = (mask(|_, _| false), mask(|x, y| (10..50).contains(&x) && (10..19).contains(&y)));
        let mut rng = StdRng::seed_from_u64(5);
        let mut told = |mixture| teach(nothing.pixels(), label.pixels(), WIDTH, 1.0, mixture, &mut rng).unwrap();
        for _ in 0..20 {
            assert!(told(Mixture::default()).click_at().is_some());
            assert!(told(Mixture { scribbles: 0.0, loops: 1.0 }).is_loop());
            let scribble = told(Mixture { scribbles: 1.0, loops: 0.0 });
            assert!(!scribble.is_loop() && scribble.line().len() > 3);
        }
    }

    #[test]
    fn a_pointers_way_is_to_the_prompt_and_along_it() {
        let line = [Point::new(3.0, 4.0), Point::new(3.0, 14.0)];
        let scribble = Prompt::scribble(line, PromptKind::Tumor);
        assert_eq!(travel_px(None, &scribble), 10.0);
        assert_eq!(travel_px(Some(Point::new(0.0, 0.0)), &scribble), 15.0);
        assert_eq!(travel_px(None, &Prompt::around(line, PromptKind::Tumor)), 20.0);
    }
}

//! How well the network is corrected: robots click on its errors until the mask is good.

use std::time::Instant;

use engine::{EngineError, Prepared, Segmenter};
use imaging::{Click, ClickKind, Guidance, Mask, Overlap, ProbabilityMap, confine, connected, reach_px};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::correct::robot::{Aim, next_click};
use crate::data::patient::{LabelledSlice, Patient};
use crate::measure::report::LARGE_PX;
use crate::measure::score::Context;
use crate::measure::statistics::mean;

/// Clicks after which a slice counts as failed.
const MOST_CLICKS: usize = 20;
/// Clicks up to which the mean IoU is reported.
const CURVE: usize = 10;
/// IoU goals of the number of clicks.
const GOALS: [f64; 3] = [0.80, 0.85, 0.90];

/// How a robot clicks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Robot {
    /// In the middle of the deepest error (Sofiiuk et al. 2021).
    Standard,
    /// Anywhere in the error.
    Sloppy,
}

/// What the first click meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The network's own mask, as the page shows it.
    Automatic,
    /// No mask.
    Nothing,
}

/// What clicks achieved, over all tumour slices of at least [`LARGE_PX`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refinement {
    /// Who clicked.
    pub robot: Robot,
    /// On what.
    pub start: Start,
    /// Slices clicked on.
    pub slices: usize,
    /// Mean IoU after 0, 1, 2 … clicks; a slice that is perfect is clicked no more.
    pub mean_iou: Vec<f64>,
    /// The same if every click mended all of the error that it hits, and nothing else.
    pub mean_iou_of_whole_errors: Vec<f64>,
    /// Mean number of clicks to each goal, failures counted as all clicks.
    pub clicks_to_goal: Vec<Goal>,
    /// Share of the clicks whose pixel the network itself put on the side that was asked for.
    pub obeyed_by_network: f64,
    /// Share of the clicks whose pixel ended on that side, as the page shows it.
    pub obeyed: f64,
    /// Share of the clicks that did not lower the IoU.
    pub not_lowering: f64,
    /// Seconds from click to mask, natively on one core.
    pub seconds_per_click: f64,
    /// What it would be if clicks were computed on a window where there is one, as the page does on the CPU.
    pub windows: Windows,
}

/// Clicks computed on a window around them, against the same on the whole slice.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Windows {
    /// Share of the clicks that have a window.
    pub share: f64,
    /// Mean Dice of the two masks after the click.
    pub mean_dice: f64,
    /// The least.
    pub least_dice: f64,
    /// Share of those clicks with a Dice of 0.99 or more.
    pub same: f64,
    /// Seconds from click to mask, natively on one core.
    pub seconds_per_click: f64,
}

impl Robot {
    /// Its next click on a mask; nothing where the mask is the label.
    fn click(self, mask: &Mask, label: &Mask, rng: &mut StdRng) -> Option<Click> {
        let aim = match self {
            Self::Standard => Aim::Deepest,
            Self::Sloppy => Aim::Anywhere(rng),
        };
        next_click(mask.pixels(), label.pixels(), mask.width(), aim)
    }
}

impl Refinement {
    /// Who clicked on what, for people.
    pub fn name(&self) -> &'static str {
        match (self.robot, self.start) {
            (Robot::Standard, Start::Automatic) => "standard robot, from the automatic mask",
            (Robot::Standard, Start::Nothing) => "standard robot, from nothing",
            (Robot::Sloppy, Start::Automatic) => "sloppy robot, from the automatic mask",
            (Robot::Sloppy, Start::Nothing) => "sloppy robot, from nothing",
        }
    }
}

/// Clicks that a goal took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Goal {
    /// Intersection over union to reach.
    pub iou: f64,
    /// Mean clicks to it.
    pub mean_clicks: f64,
    /// Slices that did not reach it.
    pub failures: usize,
}

/// One slice's way.
struct Course {
    /// IoU before the first click and after each.
    ious: Vec<f64>,
    /// The same if every click mended all of the error that it hits.
    ious_of_whole_errors: Vec<f64>,
    obeyed_by_network: usize,
    obeyed: usize,
    seconds: f64,
    /// Of every click that has a window: Dice of the masks, and seconds.
    windows: Vec<(f64, f64)>,
}

/// Lets a robot correct every tumour slice of at least [`LARGE_PX`], on every core.
///
/// # Errors
///
/// The first [`EngineError`].
pub fn refine(
    segmenter: &Segmenter,
    patients: &[Patient],
    robot: Robot,
    start: Start,
    context: Context,
) -> Result<Refinement, EngineError> {
    let slices: Vec<(&Patient, &LabelledSlice)> = patients
        .iter()
        .flat_map(|patient| patient.slices.iter().map(move |slice| (patient, slice)))
        .filter(|(_, slice)| slice.label.area_px() >= LARGE_PX)
        .collect();
    let courses = slices.par_iter().enumerate().map(|(index, (patient, slice))| {
        let prepared = segmenter.prepare_in(&slice.slice, &context.surroundings(patient, &slice.slice));
        course(segmenter, &prepared, &slice.label, robot, start, index as u64)
    });
    Ok(summary(robot, start, &courses.collect::<Result<Vec<_>, _>>()?))
}

fn course(
    segmenter: &Segmenter,
    prepared: &Prepared,
    label: &Mask,
    robot: Robot,
    start: Start,
    seed: u64,
) -> Result<Course, EngineError> {
    let mut rng = StdRng::seed_from_u64(seed);
    let threshold = segmenter.manifest().threshold;
    let mut map = match start {
        Start::Automatic => pollster::block_on(segmenter.segment_prepared(prepared))?.1,
        Start::Nothing => ProbabilityMap::empty(label.width(), label.height()),
    };
    let mut mask = map.mask(threshold);
    let mut guidance = Guidance::default();
    let ious = vec![iou(&mask, label)];
    let ious_of_whole_errors = whole_errors(mask.clone(), label, robot, seed);
    let mut course =
        Course { ious, ious_of_whole_errors, obeyed_by_network: 0, obeyed: 0, seconds: 0.0, windows: Vec::new() };
    // The curve and the goals need no click after both.
    while course.ious.len() <= MOST_CLICKS
        && (course.ious.len() <= CURVE || course.ious.iter().all(|&iou| iou < GOALS[GOALS.len() - 1]))
    {
        let Some(click) = robot.click(&mask, label, &mut rng) else { break };
        guidance.clicks.push(click);
        guidance.previous = Some(mask.clone());
        let on_its_side =
            |mask: &Mask| mask.contains(click.x as usize, click.y as usize) == (click.kind == ClickKind::Tumor);
        // The map and the mask that the page shows after the click.
        let after = |prepared: &Prepared| -> Result<_, EngineError> {
            let clock = Instant::now();
            let answer = pollster::block_on(segmenter.refine(prepared, &guidance))?;
            let obeyed = on_its_side(&answer.mask(threshold));
            let map = confine(&map, &answer, &mask, threshold, &[click], prepared.click_scale());
            let mask = guidance.obey(map.mask(threshold));
            Ok((map, mask, obeyed, clock.elapsed().as_secs_f64()))
        };
        let (new_map, new_mask, obeyed, seconds) = after(prepared)?;
        if let Some(window) = prepared.window(&click, reach_px(&click, &mask, prepared.click_scale())) {
            let (_, windowed, _, seconds) = after(&window)?;
            course.windows.push((overlap(&windowed, &new_mask).dice().unwrap_or(1.0), seconds));
        }
        (map, mask) = (new_map, new_mask);
        course.seconds += seconds;
        course.obeyed_by_network += usize::from(obeyed);
        course.obeyed += usize::from(on_its_side(&mask));
        course.ious.push(iou(&mask, label));
    }
    Ok(course)
}

/// IoU before the first click and after each, if every click mended all of the error that is connected with it.
fn whole_errors(mut mask: Mask, label: &Mask, robot: Robot, seed: u64) -> Vec<f64> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut ious = vec![iou(&mask, label)];
    while ious.len() <= CURVE
        && let Some(click) = robot.click(&mask, label, &mut rng)
    {
        let (width, height) = (mask.width(), mask.height());
        let tumor = click.kind == ClickKind::Tumor;
        let hit = click.y as usize * width + click.x as usize;
        let wrong = |at: usize| label.pixels()[at] == tumor && mask.pixels()[at] != tumor;
        let error = connected(width, height, std::iter::once(hit), wrong);
        let mended = mask.pixels().iter().zip(&error).map(|(&marked, &error)| if error { tumor } else { marked });
        mask = Mask::new(width, height, mended.collect());
        ious.push(iou(&mask, label));
    }
    ious
}

fn summary(robot: Robot, start: Start, courses: &[Course]) -> Refinement {
    let clicks: usize = courses.iter().map(|course| course.ious.len() - 1).sum();
    let share = |count: usize| count as f64 / clicks.max(1) as f64;
    let curve = |ious: fn(&Course) -> &[f64]| -> Vec<f64> {
        let after = |course, clicks: usize| ious(course)[clicks.min(ious(course).len() - 1)];
        let mean_after = |clicks| mean(&courses.iter().map(|course| after(course, clicks)).collect::<Vec<_>>());
        (0..=CURVE).map(mean_after).collect()
    };
    let goal = |iou: f64| {
        let reached = courses.iter().map(|course| course.ious.iter().position(|&reached| reached >= iou));
        let clicks: Vec<f64> = reached.clone().map(|clicks| clicks.unwrap_or(MOST_CLICKS) as f64).collect();
        Goal { iou, mean_clicks: mean(&clicks), failures: reached.filter(Option::is_none).count() }
    };
    let not_lowering =
        courses.iter().flat_map(|course| course.ious.windows(2)).filter(|pair| pair[1] >= pair[0]).count();
    Refinement {
        robot,
        start,
        slices: courses.len(),
        mean_iou: curve(|course| &course.ious),
        mean_iou_of_whole_errors: curve(|course| &course.ious_of_whole_errors),
        clicks_to_goal: GOALS.map(goal).to_vec(),
        obeyed_by_network: share(courses.iter().map(|course| course.obeyed_by_network).sum()),
        obeyed: share(courses.iter().map(|course| course.obeyed).sum()),
        not_lowering: share(not_lowering),
        seconds_per_click: courses.iter().map(|course| course.seconds).sum::<f64>() / clicks.max(1) as f64,
        windows: windows(courses, clicks),
    }
}

fn windows(courses: &[Course], clicks: usize) -> Windows {
    let (dices, seconds): (Vec<f64>, Vec<f64>) = courses.iter().flat_map(|course| course.windows.clone()).unzip();
    if dices.is_empty() {
        return Windows::default();
    }
    Windows {
        share: dices.len() as f64 / clicks as f64,
        mean_dice: mean(&dices),
        least_dice: dices.iter().copied().fold(1.0, f64::min),
        same: dices.iter().filter(|&&dice| dice >= 0.99).count() as f64 / dices.len() as f64,
        seconds_per_click: mean(&seconds),
    }
}

/// Intersection over union, 1 where both are empty.
fn iou(mask: &Mask, label: &Mask) -> f64 {
    overlap(mask, label).iou().unwrap_or(1.0)
}

fn overlap(mask: &Mask, label: &Mask) -> Overlap {
    Overlap::between(mask, label).expect("masks and labels lie on their slice's grid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_that_mends_a_whole_error_mends_no_other() {
        let mask = |marked: &[usize]| Mask::new(12, 1, (0..12).map(|at| marked.contains(&at)).collect());
        // Missed: three pixels and, apart from them, one; wrong: one.
        let (mask, label) = (mask(&[5, 8]), mask(&[0, 1, 2, 5, 10]));
        let ious = whole_errors(mask, &label, Robot::Standard, 0);
        assert_eq!(ious.len(), 4);
        assert_eq!((ious[0], ious[3]), (1.0 / 6.0, 1.0));
        assert!(ious.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_summary_by_hand() {
        let course = |ious: &[f64]| Course {
            ious: ious.to_vec(),
            ious_of_whole_errors: vec![ious[0], 1.0],
            obeyed_by_network: 1,
            obeyed: ious.len() - 1,
            seconds: 0.5,
            windows: vec![(1.0, 0.1), (0.9, 0.3)],
        };
        let summary =
            summary(Robot::Standard, Start::Automatic, &[course(&[0.5, 0.86, 0.84, 0.95]), course(&[0.7, 0.8])]);
        assert_eq!(
            summary.mean_iou[..3].iter().map(|iou| (iou * 100.0).round()).collect::<Vec<_>>(),
            [60.0, 83.0, 82.0]
        );
        assert_eq!(summary.mean_iou_of_whole_errors, [vec![0.6], vec![1.0; CURVE]].concat());
        let goals: Vec<_> = summary.clicks_to_goal.iter().map(|goal| (goal.mean_clicks, goal.failures)).collect();
        assert_eq!(goals, [(1.0, 0), (10.5, 1), (11.5, 1)]);
        assert_eq!((summary.obeyed, summary.obeyed_by_network, summary.not_lowering), (1.0, 0.5, 0.75));
        assert_eq!(summary.seconds_per_click, 0.25);
        let Windows { share, mean_dice, least_dice, same, seconds_per_click } = summary.windows;
        assert_eq!((share, least_dice, same, seconds_per_click), (1.0, 0.9, 0.5, 0.2));
        assert!((mean_dice - 0.95).abs() < 1e-9);
    }
}

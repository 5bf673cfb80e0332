//! How well the network is corrected: robots prompt it until the mask is good.

use std::collections::BTreeMap;
use std::time::Instant;

use engine::{EngineError, Prepared, Segmenter};
use imaging::{Guidance, Mask, Overlap, ProbabilityMap, Underlay, confine, deepest_error, reach_px};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::correct::robot::{Robot, travel_px};
use crate::data::patient::{LabelledSlice, Patient};
use crate::measure::report::LARGE_PX;
use crate::measure::score::Context;
use crate::measure::statistics::{bootstrap_interval, mean};

/// Prompts after which a slice counts as failed.
const MOST_PROMPTS: usize = 20;
/// Prompts up to which the mean IoU is reported.
const CURVE: usize = 10;
/// Numbers of prompts of which the IoU is given by patient.
const BY_PATIENT: [usize; 3] = [1, 3, 5];
/// IoU goals of the number of prompts.
const GOALS: [f64; 3] = [0.80, 0.85, 0.90];

/// What the first prompt meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The network's own mask, as the page shows it.
    Automatic,
    /// No mask.
    Nothing,
}

/// What prompts achieved, over all tumour slices of at least [`LARGE_PX`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refinement {
    /// Who prompted.
    pub robot: Robot,
    /// On what.
    pub start: Start,
    /// Slices prompted on.
    pub slices: usize,
    /// Mean IoU after 0, 1, 2 … prompts; a slice that is perfect is prompted no more.
    pub mean_iou: Vec<f64>,
    /// The same if every prompt mended all of the error that is deepest, and nothing else.
    pub mean_iou_of_whole_errors: Vec<f64>,
    /// After 1, 3 and 5 prompts, the mean over patients of their slices' mean IoU, and its 95 % interval over patients.
    #[serde(default)]
    pub by_patient: Vec<[f64; 3]>,
    /// Mean number of prompts to each goal, failures counted as all prompts.
    #[serde(alias = "clicks_to_goal")]
    pub prompts_to_goal: Vec<Goal>,
    /// Share of the prompts whose own pixels the network itself put on the side that was asked for.
    pub obeyed_by_network: f64,
    /// Share of the prompts whose own pixels ended on that side, as the page shows it.
    pub obeyed: f64,
    /// Share of the prompts that did not lower the IoU.
    pub not_lowering: f64,
    /// Mean way of the pointer for a prompt, in pixels, the way to it among it.
    #[serde(default)]
    pub travel_px: f64,
    /// Seconds from prompt to mask, natively on one core.
    #[serde(alias = "seconds_per_click")]
    pub seconds_per_prompt: f64,
    /// What it would be if prompts were computed on a window where there is one, as the page does on the CPU.
    pub windows: Windows,
}

/// Prompts computed on a window around them, against the same on the whole slice.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Windows {
    /// Share of the prompts that have a window.
    pub share: f64,
    /// Mean Dice of the two masks after the prompt.
    pub mean_dice: f64,
    /// The least.
    pub least_dice: f64,
    /// Share of those prompts with a Dice of 0.99 or more.
    pub same: f64,
    /// Seconds from prompt to mask, natively on one core.
    #[serde(alias = "seconds_per_click")]
    pub seconds_per_prompt: f64,
}

impl Refinement {
    /// Who prompted on what, for people.
    pub fn name(&self) -> String {
        let start = match self.start {
            Start::Automatic => "from the automatic mask",
            Start::Nothing => "from nothing",
        };
        format!("{} robot, {start}", self.robot.name().replace('-', " "))
    }
}

/// Prompts that a goal took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Goal {
    /// Intersection over union to reach.
    pub iou: f64,
    /// Mean prompts to it.
    #[serde(alias = "mean_clicks")]
    pub mean_prompts: f64,
    /// Slices that did not reach it.
    pub failures: usize,
}

/// One slice's way.
#[derive(Default)]
struct Course {
    /// Whose it is.
    patient: String,
    /// IoU before the first prompt and after each.
    ious: Vec<f64>,
    /// The same if every prompt mended all of the error that is deepest.
    ious_of_whole_errors: Vec<f64>,
    obeyed_by_network: usize,
    obeyed: usize,
    travel_px: f64,
    seconds: f64,
    /// Of every prompt that has a window: Dice of the masks, and seconds.
    windows: Vec<(f64, f64)>,
}

/// Lets a robot correct every `every`-th tumour slice of at least [`LARGE_PX`], on every core.
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
    every: usize,
) -> Result<Refinement, EngineError> {
    let slices: Vec<(&Patient, &LabelledSlice)> = patients
        .iter()
        .flat_map(|patient| patient.slices.iter().map(move |slice| (patient, slice)))
        .filter(|(_, slice)| slice.label.area_px() >= LARGE_PX)
        .step_by(every.max(1))
        .collect();
    let courses = slices.par_iter().enumerate().map(|(index, (patient, slice))| {
        let prepared = segmenter.prepare_in(&slice.slice, &context.surroundings(patient, &slice.slice));
        let course = course(segmenter, &prepared, slice, robot, start, index as u64)?;
        Ok(Course { patient: patient.name.clone(), ..course })
    });
    let courses: Vec<Course> = courses.collect::<Result<_, EngineError>>()?;
    Ok(summary(robot, start, &courses))
}

fn course(
    segmenter: &Segmenter,
    prepared: &Prepared,
    slice: &LabelledSlice,
    robot: Robot,
    start: Start,
    seed: u64,
) -> Result<Course, EngineError> {
    let mut rng = StdRng::seed_from_u64(seed);
    let (threshold, scale) = (segmenter.manifest().threshold, prepared.click_scale());
    let under = Underlay { click_scale: scale, flair: Some(slice.slice.flair()) };
    let label = &slice.label;
    let mut map = match start {
        Start::Automatic => pollster::block_on(segmenter.segment_prepared(prepared))?.1,
        Start::Nothing => ProbabilityMap::empty(label.width(), label.height()),
    };
    let mut mask = map.mask(threshold);
    let mut guidance = Guidance::default();
    let ious_of_whole_errors = whole_errors(mask.clone(), label);
    let mut course = Course { ious: vec![iou(&mask, label)], ious_of_whole_errors, ..Course::default() };
    let mut pointer = None;
    // The curve and the goals need no prompt after both.
    while course.ious.len() <= MOST_PROMPTS
        && (course.ious.len() <= CURVE || course.ious.iter().all(|&iou| iou < GOALS[GOALS.len() - 1]))
    {
        let made = guidance.prompts.len();
        let Some(prompt) = robot.prompt(&mask, label, made, scale, &mut rng) else { break };
        course.travel_px += travel_px(pointer, &prompt);
        pointer = prompt.line().last().copied();
        guidance.prompts.push(prompt.clone());
        guidance.previous = Some(mask.clone());
        let own = prompt.own_pixels(mask.size());
        let on_its_side = |mask: &Mask| own.iter().all(|&at| mask.pixels()[at] == prompt.is_tumor());
        // The map and the mask that the page shows after the prompt.
        let after = |prepared: &Prepared| -> Result<_, EngineError> {
            let clock = Instant::now();
            let answer = pollster::block_on(segmenter.refine(prepared, &guidance))?;
            let obeyed = on_its_side(&answer.mask(threshold));
            let map = confine(&map, &answer, &mask, threshold, &guidance.prompts, 1, under);
            let mask = guidance.obey(map.mask(threshold));
            Ok((map, mask, obeyed, clock.elapsed().as_secs_f64()))
        };
        let (new_map, new_mask, obeyed, seconds) = after(prepared)?;
        if let Some(window) = prepared.window(&prompt, reach_px(&prompt, &mask, scale)) {
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

/// IoU before the first prompt and after each, if every prompt mended all of the error that is connected with its deepest point.
fn whole_errors(mut mask: Mask, label: &Mask) -> Vec<f64> {
    let mut ious = vec![iou(&mask, label)];
    while ious.len() <= CURVE
        && let Some(error) = deepest_error(mask.pixels(), label.pixels(), mask.width())
    {
        let (width, height) = (mask.width(), mask.height());
        let tumor = error.kind() == imaging::PromptKind::Tumor;
        let part = error.part();
        let mended = mask.pixels().iter().zip(&part).map(|(&marked, &error)| if error { tumor } else { marked });
        mask = Mask::new(width, height, mended.collect());
        ious.push(iou(&mask, label));
    }
    ious
}

fn summary(robot: Robot, start: Start, courses: &[Course]) -> Refinement {
    let prompts: usize = courses.iter().map(|course| course.ious.len() - 1).sum();
    let share = |count: usize| count as f64 / prompts.max(1) as f64;
    let curve = |ious: fn(&Course) -> &[f64]| -> Vec<f64> {
        let mean_after = |prompts| mean(&courses.iter().map(|course| after(ious(course), prompts)).collect::<Vec<_>>());
        (0..=CURVE).map(mean_after).collect()
    };
    let goal = |iou: f64| {
        let reached = courses.iter().map(|course| course.ious.iter().position(|&reached| reached >= iou));
        let prompts: Vec<f64> = reached.clone().map(|prompts| prompts.unwrap_or(MOST_PROMPTS) as f64).collect();
        Goal { iou, mean_prompts: mean(&prompts), failures: reached.filter(Option::is_none).count() }
    };
    let not_lowering =
        courses.iter().flat_map(|course| course.ious.windows(2)).filter(|pair| pair[1] >= pair[0]).count();
    Refinement {
        robot,
        start,
        slices: courses.len(),
        mean_iou: curve(|course| &course.ious),
        mean_iou_of_whole_errors: curve(|course| &course.ious_of_whole_errors),
        by_patient: by_patient(courses),
        prompts_to_goal: GOALS.map(goal).to_vec(),
        obeyed_by_network: share(courses.iter().map(|course| course.obeyed_by_network).sum()),
        obeyed: share(courses.iter().map(|course| course.obeyed).sum()),
        not_lowering: share(not_lowering),
        travel_px: courses.iter().map(|course| course.travel_px).sum::<f64>() / prompts.max(1) as f64,
        seconds_per_prompt: courses.iter().map(|course| course.seconds).sum::<f64>() / prompts.max(1) as f64,
        windows: windows(courses, prompts),
    }
}

/// The IoU after some prompts; of a slice that needed fewer, the last.
fn after(ious: &[f64], prompts: usize) -> f64 {
    ious[prompts.min(ious.len() - 1)]
}

/// See [`Refinement::by_patient`].
fn by_patient(courses: &[Course]) -> Vec<[f64; 3]> {
    let mut patients: BTreeMap<&str, Vec<&Course>> = BTreeMap::new();
    courses.iter().for_each(|course| patients.entry(&course.patient).or_default().push(course));
    let figures = BY_PATIENT.map(|prompts| {
        let ious =
            |courses: &Vec<&Course>| courses.iter().map(|course| after(&course.ious, prompts)).collect::<Vec<_>>();
        let means: Vec<f64> = patients.values().map(|courses| mean(&ious(courses))).collect();
        let [low, high] = bootstrap_interval(&means);
        [mean(&means), low, high]
    });
    figures.to_vec()
}

fn windows(courses: &[Course], prompts: usize) -> Windows {
    let (dices, seconds): (Vec<f64>, Vec<f64>) = courses.iter().flat_map(|course| course.windows.clone()).unzip();
    if dices.is_empty() {
        return Windows::default();
    }
    Windows {
        share: dices.len() as f64 / prompts as f64,
        mean_dice: mean(&dices),
        least_dice: dices.iter().copied().fold(1.0, f64::min),
        same: dices.iter().filter(|&&dice| dice >= 0.99).count() as f64 / dices.len() as f64,
        seconds_per_prompt: mean(&seconds),
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
    fn a_prompt_that_mends_a_whole_error_mends_no_other() {
        let mask = |marked: &[usize]| Mask::new(12, 1, (0..12).map(|at| marked.contains(&at)).collect());
        // Missed: three pixels and, apart from them, one; wrong: one.
        let (mask, label) = (mask(&[5, 8]), mask(&[0, 1, 2, 5, 10]));
        let ious = whole_errors(mask, &label);
        assert_eq!(ious.len(), 4);
        assert_eq!((ious[0], ious[3]), (1.0 / 6.0, 1.0));
        assert!(ious.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_summary_by_hand() {
        let course = |patient: &str, ious: &[f64]| Course {
            patient: patient.into(),
            ious: ious.to_vec(),
            ious_of_whole_errors: vec![ious[0], 1.0],
            obeyed_by_network: 1,
            obeyed: ious.len() - 1,
            travel_px: 30.0,
            seconds: 0.5,
            windows: vec![(1.0, 0.1), (0.9, 0.3)],
        };
        let summary =
            summary(Robot::Click, Start::Automatic, &[course("a", &[0.5, 0.86, 0.84, 0.95]), course("b", &[0.7, 0.8])]);
        assert_eq!(
            summary.mean_iou[..3].iter().map(|iou| (iou * 100.0).round()).collect::<Vec<_>>(),
            [60.0, 83.0, 82.0]
        );
        assert_eq!(summary.mean_iou_of_whole_errors, [vec![0.6], vec![1.0; CURVE]].concat());
        let goals: Vec<_> = summary.prompts_to_goal.iter().map(|goal| (goal.mean_prompts, goal.failures)).collect();
        assert_eq!(goals, [(1.0, 0), (10.5, 1), (11.5, 1)]);
        assert_eq!((summary.obeyed, summary.obeyed_by_network, summary.not_lowering), (1.0, 0.5, 0.75));
        assert_eq!((summary.seconds_per_prompt, summary.travel_px), (0.25, 15.0));
        let [mean, low, high] = summary.by_patient[0];
        assert!((mean - 0.83).abs() < 1e-9 && low <= mean && mean <= high);
        let Windows { share, mean_dice, least_dice, same, seconds_per_prompt } = summary.windows;
        assert_eq!((share, least_dice, same, seconds_per_prompt), (1.0, 0.9, 0.5, 0.2));
        assert!((mean_dice - 0.95).abs() < 1e-9);
    }
}

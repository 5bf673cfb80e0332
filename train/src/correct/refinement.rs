//! What prompts achieved: courses of prompts on single slices into figures over all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::correct::robot::Robot;
use crate::measure::statistics::{bootstrap_interval, mean};

/// Prompts after which a slice counts as failed, unless fewer are asked for.
pub const MOST_PROMPTS: usize = 20;
/// Prompts up to which the mean IoU is reported.
pub const CURVE: usize = 10;
/// Numbers of prompts of which the IoU is given by patient.
const BY_PATIENT: [usize; 3] = [1, 3, 5];
/// IoU goals of the number of prompts.
pub const GOALS: [f64; 3] = [0.80, 0.85, 0.90];

/// What the first prompt meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The network's own mask, as the page shows it.
    Automatic,
    /// No mask.
    Nothing,
}

/// What prompts achieved, over all tumour slices of at least [`LARGE_PX`](crate::measure::report::LARGE_PX).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refinement {
    /// Who answered, where it was not the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<PeerName>,
    /// Who prompted.
    pub robot: Robot,
    /// On what.
    pub start: Start,
    /// Slices prompted on.
    pub slices: usize,
    /// Prompts after which a slice counts as failed.
    #[serde(default = "most_prompts")]
    pub most_prompts: usize,
    /// Slices on which the robot would have gone on by a prompt that the peer does not take.
    #[serde(default)]
    pub not_taken: usize,
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

/// What a peer says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerName {
    /// What it is called.
    pub name: String,
    /// How it is used.
    pub how: String,
}

fn most_prompts() -> usize {
    MOST_PROMPTS
}

impl Refinement {
    /// Whether the peer takes not even the first of the robot's prompts.
    pub fn is_refused(&self) -> bool {
        self.not_taken == self.slices && self.seconds_per_prompt == 0.0
    }

    /// Who prompted whom on what, for people.
    pub fn name(&self) -> String {
        let start = match self.start {
            Start::Automatic => "from the automatic mask",
            Start::Nothing => "from nothing",
        };
        let peer = self.peer.as_ref().map(|peer| format!("{}, ", peer.name)).unwrap_or_default();
        format!("{peer}{} robot, {start}", self.robot.name().replace('-', " "))
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
pub struct Course {
    /// Whose it is.
    pub patient: String,
    /// IoU before the first prompt and after each.
    pub ious: Vec<f64>,
    /// The same if every prompt mended all of the error that is deepest.
    pub ious_of_whole_errors: Vec<f64>,
    /// Whether it ended with a prompt that the peer does not take.
    pub is_not_taken: bool,
    /// Prompts whose own pixels the answerer itself put on the side that was asked for.
    pub obeyed_by_network: usize,
    /// Prompts whose own pixels ended there.
    pub obeyed: usize,
    /// Way of the pointer, in all.
    pub travel_px: f64,
    /// From prompts to masks, in all.
    pub seconds: f64,
    /// Of every prompt that has a window: Dice of the masks, and seconds.
    pub windows: Vec<(f64, f64)>,
}

/// Figures over all slices.
pub fn summary(robot: Robot, start: Start, most: usize, courses: &[Course]) -> Refinement {
    let prompts: usize = courses.iter().map(|course| course.ious.len() - 1).sum();
    let share = |count: usize| count as f64 / prompts.max(1) as f64;
    let curve = |ious: fn(&Course) -> &[f64]| -> Vec<f64> {
        let mean_after = |prompts| mean(&courses.iter().map(|course| after(ious(course), prompts)).collect::<Vec<_>>());
        (0..=CURVE).map(mean_after).collect()
    };
    let goal = |iou: f64| {
        let reached = courses.iter().map(|course| course.ious.iter().position(|&reached| reached >= iou));
        let prompts: Vec<f64> = reached.clone().map(|prompts| prompts.unwrap_or(most) as f64).collect();
        Goal { iou, mean_prompts: mean(&prompts), failures: reached.filter(Option::is_none).count() }
    };
    let not_lowering =
        courses.iter().flat_map(|course| course.ious.windows(2)).filter(|pair| pair[1] >= pair[0]).count();
    Refinement {
        peer: None,
        robot,
        start,
        slices: courses.len(),
        most_prompts: most,
        not_taken: courses.iter().filter(|course| course.is_not_taken).count(),
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

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Made-up figures.
    pub fn reached(iou: f64) -> Refinement {
        Refinement {
            peer: None,
            robot: Robot::Click,
            start: Start::Automatic,
            slices: 7,
            most_prompts: 20,
            not_taken: 0,
            mean_iou: vec![iou; 11],
            mean_iou_of_whole_errors: vec![iou; 11],
            by_patient: vec![[iou; 3]; 3],
            prompts_to_goal: [0.80, 0.85, 0.90].map(|iou| Goal { iou, mean_prompts: 3.0, failures: 1 }).to_vec(),
            obeyed_by_network: 0.9,
            obeyed: 1.0,
            not_lowering: 0.8,
            travel_px: 40.0,
            seconds_per_prompt: 0.2,
            windows: Windows::default(),
        }
    }

    #[test]
    fn a_summary_by_hand() {
        let course = |patient: &str, ious: &[f64]| Course {
            patient: patient.into(),
            ious: ious.to_vec(),
            ious_of_whole_errors: vec![ious[0], 1.0],
            is_not_taken: false,
            obeyed_by_network: 1,
            obeyed: ious.len() - 1,
            travel_px: 30.0,
            seconds: 0.5,
            windows: vec![(1.0, 0.1), (0.9, 0.3)],
        };
        let summary = summary(
            Robot::Click,
            Start::Automatic,
            20,
            &[course("a", &[0.5, 0.86, 0.84, 0.95]), course("b", &[0.7, 0.8])],
        );
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

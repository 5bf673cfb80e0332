//! How well prompts are answered: robots prompt on a mask until it is good.

use engine::Segmenter;
use imaging::{Mask, Overlap, ProbabilityMap, Prompt, deepest_error};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rayon::prelude::*;

use crate::correct::answerer::{AnswerError, Answerer, Answering, Begun, obeys};
use crate::correct::refinement::{CURVE, Course, GOALS, Refinement, Start, summary};
use crate::correct::robot::{Robot, travel_px};
use crate::data::patient::{LabelledSlice, Patient};
use crate::measure::report::LARGE_PX;
use crate::measure::score::Context;

/// How robots prompt.
#[derive(Clone, Copy)]
pub struct Prompting {
    /// What the engine knows of a slice beside the slice.
    pub context: Context,
    /// What the first prompt meets.
    pub start: Start,
    /// Every so many tumour slices of at least [`LARGE_PX`].
    pub every: usize,
    /// Prompts after which a slice counts as failed.
    pub most: usize,
}

/// Lets a robot correct tumour slices: the network's masks, answered by the network or by a peer.
///
/// # Errors
///
/// The first [`AnswerError`].
pub fn refine(
    segmenter: &Segmenter,
    answerer: &dyn Answerer,
    patients: &[Patient],
    robot: Robot,
    prompting: Prompting,
) -> Result<Refinement, AnswerError> {
    let Prompting { context, start, every, most } = prompting;
    let slices: Vec<(&Patient, &LabelledSlice)> = patients
        .iter()
        .flat_map(|patient| patient.slices.iter().map(move |slice| (patient, slice)))
        .filter(|(_, slice)| slice.label.area_px() >= LARGE_PX)
        .step_by(every.max(1))
        .collect();
    let course = |(index, (patient, labelled)): (usize, &(&Patient, &LabelledSlice))| {
        let LabelledSlice { slice, label, .. } = labelled;
        let prepared = segmenter.prepare_in(slice, &context.surroundings(patient, slice));
        let map = match start {
            Start::Automatic => pollster::block_on(segmenter.segment_prepared(&prepared))?.1,
            Start::Nothing => ProbabilityMap::empty(label.width(), label.height()),
        };
        let scale = prepared.click_scale();
        let mut open =
            answerer.open(Begun { slice, prepared: &prepared, map, threshold: segmenter.manifest().threshold });
        let takes = |prompt: &Prompt| answerer.takes(prompt);
        let course = course(&mut *open, &takes, label, robot, Limits { scale, most }, index as u64)?;
        Ok(Course { patient: patient.name.clone(), ..course })
    };
    let courses: Result<Vec<Course>, AnswerError> = if answerer.is_parallel() {
        slices.par_iter().enumerate().map(course).collect()
    } else {
        slices.iter().enumerate().map(course).collect()
    };
    Ok(summary(robot, start, most, &courses?))
}

/// How far a course goes, and on what grid.
#[derive(Clone, Copy)]
struct Limits {
    /// The slice's [`imaging::click_scale`].
    scale: f32,
    /// Most prompts.
    most: usize,
}

fn course(
    open: &mut dyn Answering,
    takes: &dyn Fn(&Prompt) -> bool,
    label: &Mask,
    robot: Robot,
    Limits { scale, most }: Limits,
    seed: u64,
) -> Result<Course, AnswerError> {
    let mut rng = StdRng::seed_from_u64(seed);
    let ious_of_whole_errors = whole_errors(open.mask().clone(), label);
    let mut course = Course { ious: vec![iou(open.mask(), label)], ious_of_whole_errors, ..Course::default() };
    let mut pointer = None;
    // The curve and the goals need no prompt after both.
    while course.ious.len() <= most
        && (course.ious.len() <= CURVE || course.ious.iter().all(|&iou| iou < GOALS[GOALS.len() - 1]))
    {
        let made = course.ious.len() - 1;
        let Some(prompt) = robot.prompt(open.mask(), label, made, scale, &mut rng) else { break };
        if !takes(&prompt) {
            course.is_not_taken = true;
            break;
        }
        course.travel_px += travel_px(pointer, &prompt);
        pointer = prompt.line().last().copied();
        let answered = open.answer(prompt.clone())?;
        course.windows.extend(answered.window);
        course.seconds += answered.seconds;
        course.obeyed_by_network += usize::from(answered.obeyed_by_itself);
        course.obeyed += usize::from(obeys(open.mask(), &prompt));
        course.ious.push(iou(open.mask(), label));
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

/// Intersection over union, 1 where both are empty.
fn iou(mask: &Mask, label: &Mask) -> f64 {
    Overlap::between(mask, label).expect("masks and labels lie on their slice's grid").iou().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correct::answerer::Answered;

    /// Makes of each prompt what its own rule says.
    struct Fake<F>(Mask, F);

    impl<F: Fn(&Mask) -> Mask> Answering for Fake<F> {
        fn mask(&self) -> &Mask {
            &self.0
        }

        fn answer(&mut self, _: Prompt) -> Result<Answered, AnswerError> {
            self.0 = (self.1)(&self.0);
            Ok(Answered { obeyed_by_itself: true, seconds: 0.5, window: None })
        }
    }

    fn square(side: usize) -> Mask {
        Mask::new(40, 40, (0..1600).map(|at| at % 40 < side && at / 40 < side).collect())
    }

    fn played(answer: impl Fn(&Mask) -> Mask, takes: fn(&Prompt) -> bool, robot: Robot) -> Course {
        let limits = Limits { scale: 1.0, most: 4 };
        course(&mut Fake(square(0), answer), &takes, &square(20), robot, limits, 1).unwrap()
    }

    #[test]
    fn a_course_ends_with_the_truth_or_with_the_last_prompt_or_with_one_that_is_not_taken() {
        let truth = played(|_| square(20), |_| true, Robot::Click);
        assert_eq!((truth.ious, truth.obeyed, truth.seconds), (vec![0.0, 1.0], 1, 0.5));
        let nothing = played(Mask::clone, |_| true, Robot::Click);
        assert_eq!((nothing.ious, nothing.obeyed, nothing.obeyed_by_network), (vec![0.0; 5], 0, 4));
        let boxes = played(|_| square(10), Prompt::is_loop, Robot::Box);
        assert_eq!((boxes.ious, boxes.is_not_taken), (vec![0.0, 0.25], true));
        let refused = played(|_| square(10), Prompt::is_loop, Robot::Scribble);
        assert_eq!((refused.ious.len(), refused.is_not_taken), (1, true));
    }

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
}

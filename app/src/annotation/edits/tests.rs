//! The history's specification.

use super::*;
use crate::annotation::step::{Stroke, What};

const SIZE: Size = Size::new(4, 2);
const BARE: Underlay = Underlay { click_scale: 1.0, flair: None };
fn add() -> Prompt {
    Prompt::click(3.0, 0.0, PromptKind::Tumor)
}

fn remove() -> Prompt {
    Prompt::click(0.0, 1.0, PromptKind::Background)
}

fn map(values: [f32; 8]) -> Arc<ProbabilityMap> {
    Arc::new(ProbabilityMap::new(4, 2, values.to_vec()))
}

fn automatic() -> Arc<ProbabilityMap> {
    map([0.9, 0.0, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0])
}

fn prompts(prompts: &[Prompt], answer: Option<Arc<ProbabilityMap>>) -> Edit {
    Edit::Prompts(Prompts { prompts: prompts.to_vec(), answer, ..Prompts::default() })
}

fn stroke(pixels: &[usize], kind: PromptKind) -> Edit {
    Edit::Stroke(Stroke { pixels: pixels.to_vec(), kind })
}

fn marked(edits: &Edits) -> Vec<usize> {
    let mask = edits.mask(Some(&automatic()), edits.threshold().unwrap_or(0.5), SIZE);
    (0..8).filter(|&at| mask.pixels()[at]).collect()
}

#[test]
fn a_given_mask_stands_at_any_threshold_and_later_clicks_go_on_from_it() {
    let mut edits = Edits::default();
    let given = Mask::new(4, 2, vec![false, true, true, false, false, false, false, true]);
    edits.take(Edit::Prompts(Prompts::given(&given, vec![remove()])));
    assert!(edits.is_corrected() && edits.unanswered().is_none());
    for threshold in [0.05, 0.95] {
        edits.take(Edit::Threshold(threshold));
        assert_eq!(marked(&edits), [1, 2, 7]);
    }
    edits.prompt(add(), None);
    assert_eq!(edits.prompts(), [remove(), add()]);
    assert_eq!(marked(&edits), [1, 2, 3, 7], "until the network answers");
}

#[test]
fn a_given_mask_covers_earlier_strokes_and_not_later_ones() {
    let mut edits = Edits::default();
    edits.take(stroke(&[0, 1, 2, 3, 4, 5, 6, 7], PromptKind::Background));
    let given = Mask::new(4, 2, vec![false, true, true, false, false, false, false, true]);
    edits.take(Edit::Prompts(Prompts::given(&given, Vec::new())));
    assert_eq!(marked(&edits), [1, 2, 7]);
    edits.take(stroke(&[2, 3], PromptKind::Background));
    assert_eq!(marked(&edits), [1, 7]);
    edits.undo();
    edits.undo();
    assert!(marked(&edits).is_empty());
}

fn shared(group: u32, what: What) -> Shared {
    Shared { group, what }
}

#[test]
fn what_the_program_erases_is_no_correction_and_what_a_person_asks_for_is() {
    let mut edits = Edits::default();
    edits.take_shared(stroke(&[0], PromptKind::Background), shared(7, What::SmallParts));
    assert!(edits.can_undo() && !edits.is_corrected() && edits.lacks_small_parts());
    assert_eq!(marked(&edits), [4]);
    edits.undo();
    assert!(!edits.lacks_small_parts());
    assert_eq!(marked(&edits), [0, 4]);
    edits.take_shared(stroke(&[0], PromptKind::Background), shared(8, What::LargestPart));
    assert!(edits.is_corrected() && !edits.lacks_small_parts());
}

#[test]
fn a_step_that_changed_other_slices_has_its_place_and_changes_nothing() {
    let mut edits = Edits::default();
    edits.mark_elsewhere(shared(7, What::LargestPart));
    edits.mark_elsewhere(shared(7, What::LargestPart));
    assert!(edits.can_undo() && !edits.is_corrected() && !edits.can_undo_all());
    assert_eq!(edits.latest().map(|step| step.named().written()).as_deref(), Some("largest part only"));
    assert!(!edits.undo_shared(7), "no mask changes");
    assert!(!edits.can_undo() && edits.can_redo(), "it was one step");
}

#[test]
fn a_part_of_a_step_over_many_slices_leaves_from_the_middle_and_comes_back_there() {
    let mut edits = Edits::default();
    edits.take_shared(stroke(&[0, 4], PromptKind::Background), shared(7, What::LargestPart));
    edits.take(stroke(&[4, 5], PromptKind::Tumor));
    assert_eq!(marked(&edits), [4, 5]);
    assert!(edits.undo_shared(7));
    assert_eq!(marked(&edits), [0, 4, 5]);
    assert!(edits.redo_shared(7));
    assert_eq!(marked(&edits), [4, 5], "what was painted later still covers it");

    // The same where the later step is undone in between.
    edits.undo_shared(7);
    edits.undo();
    assert_eq!(marked(&edits), [0, 4]);
    edits.redo_shared(7);
    edits.redo();
    assert_eq!(marked(&edits), [4, 5]);
    assert!(!edits.undo_shared(9) && !edits.redo_shared(9), "there is no such step");
}

#[test]
fn taking_everything_back_leaves_the_threshold_of_the_study() {
    let mut edits = Edits::default();
    edits.take_shared(Edit::Threshold(0.95), shared(1, What::Threshold));
    edits.take(stroke(&[1], PromptKind::Tumor));
    edits.take_shared(stroke(&[1], PromptKind::Background), shared(2, What::LargestPart));
    edits.undo_all();
    assert!(!edits.can_undo_all() && edits.threshold() == Some(0.95));
    assert!(edits.redo() && edits.redo() && !edits.redo());
    assert!(edits.is_corrected());
}

#[test]
fn other_answers_make_what_the_program_erased_void() {
    let mut edits = Edits::default();
    edits.take_shared(stroke(&[0], PromptKind::Background), shared(7, What::SmallParts));
    edits.take(stroke(&[5], PromptKind::Tumor));
    edits.forget_the_programs();
    assert_eq!(marked(&edits), [0, 4, 5]);
    assert!(!edits.can_redo());
}

#[test]
fn drawn_diameters_are_a_step_for_each_drag() {
    let lines = |to: f64| {
        let line = imaging::Diameter { ends: [0.0, to].map(|x| imaging::Point::new(x, 0.0)) };
        Some(Diameters { longest: line, perpendicular: line })
    };
    let mut edits = Edits::default();
    for (to, drag) in [(1.0, 1), (2.0, 1), (3.0, 2)] {
        edits.take(Edit::Diameters { lines: lines(to), drag });
    }
    assert!(!edits.is_corrected());
    assert_eq!(edits.diameters(), lines(3.0));
    edits.undo();
    assert_eq!(edits.diameters(), lines(2.0));
    edits.take(Edit::Diameters { lines: None, drag: 3 });
    assert_eq!(edits.diameters(), None);
    edits.undo();
    edits.undo();
    assert!(!edits.can_undo());
}

#[test]
fn the_newest_click_is_that_of_the_latest_step() {
    let mut edits = Edits::default();
    assert_eq!(edits.newest_prompt(), None);
    edits.prompt(remove(), None);
    edits.prompt(add(), None);
    assert_eq!(edits.newest_prompt(), Some(&add()));
    edits.undo();
    assert_eq!(edits.newest_prompt(), Some(&remove()));
    edits.take(stroke(&[1], PromptKind::Tumor));
    assert_eq!(edits.newest_prompt(), None);
}

#[test]
fn a_stroke_alone_is_no_answer() {
    let mut edits = Edits::default();
    edits.take(stroke(&[1], PromptKind::Tumor));
    edits.take(prompts(&[add()], None));
    assert!(!edits.holds_answer());
    edits.take(Edit::Prompts(Prompts::given(&automatic().mask(0.5), Vec::new())));
    assert!(edits.holds_answer());
}

#[test]
fn undo_and_redo_bring_every_mask_back() {
    let mut edits = Edits::default();
    let mut masks = vec![marked(&edits)];
    for edit in [
        prompts(&[add()], Some(map([0.9, 0.0, 0.9, 0.9, 0.9, 0.0, 0.0, 0.0]))),
        stroke(&[5], PromptKind::Tumor),
        Edit::Threshold(0.95),
        prompts(&[add(), remove()], Some(map([0.99, 0.0, 0.99, 0.1, 0.99, 0.0, 0.0, 0.0]))),
        stroke(&[0, 2], PromptKind::Background),
    ] {
        edits.take(edit);
        masks.push(marked(&edits));
    }
    assert_eq!(masks, [vec![0, 4], vec![0, 2, 3, 4], vec![0, 2, 3, 4, 5], vec![3, 5], vec![0, 2, 3, 5], vec![3, 5]]);
    for mask in masks.iter().rev().skip(1) {
        assert!(edits.undo());
        assert_eq!(&marked(&edits), mask);
    }
    assert!(!edits.undo());
    for mask in masks.iter().skip(1) {
        assert!(edits.redo());
        assert_eq!(&marked(&edits), mask);
    }
    assert!(!edits.redo());
}

#[test]
fn strokes_survive_later_clicks_and_cover_earlier_ones() {
    let mut edits = Edits::default();
    edits.take(prompts(&[add()], Some(automatic())));
    edits.take(stroke(&[3, 5], PromptKind::Background));
    edits.take(prompts(&[add(), remove()], Some(map([0.9; 8]))));
    assert_eq!(marked(&edits), [0, 1, 2, 6, 7]);
}

#[test]
fn until_the_answer_comes_the_earlier_one_is_shown_with_the_clicks_own_pixel() {
    let mut edits = Edits::default();
    edits.take(prompts(&[add()], None));
    assert_eq!(marked(&edits), [0, 3, 4]);
    assert_eq!(edits.unanswered().map(|prompts| prompts.prompts.len()), Some(1));
    edits.answer(ProbabilityMap::empty(4, 2), &automatic(), 0.5, BARE);
    assert_eq!(marked(&edits), [3]);
    assert_eq!(edits.unanswered(), None);
}

#[test]
fn the_answer_to_a_click_counts_around_it() {
    let blank = Arc::new(ProbabilityMap::empty(64, 64));
    let near = |at: usize| (20..30).contains(&(at % 64)) && (20..30).contains(&(at / 64));
    let far = |at: usize| at % 64 > 50 && at / 64 > 50;
    let answer = |marked: &dyn Fn(usize) -> bool| {
        ProbabilityMap::new(64, 64, (0..64 * 64).map(|at| if marked(at) { 0.9 } else { 0.0 }).collect())
    };
    let at = Prompt::click;
    let mask_of = |edits: &Edits| edits.mask(Some(&blank), 0.5, Size::new(64, 64));
    let on_screen = |edits: &Edits| Shown {
        mask: Arc::new(mask_of(edits)),
        map: edits.map(Some(&blank)).expect("the network has looked").clone(),
    };

    let mut edits = Edits::default();
    edits.prompt(at(25.0, 25.0, PromptKind::Tumor), Some(on_screen(&edits)));
    edits.answer(answer(&|at| near(at) || far(at)), &blank, 0.5, Underlay { click_scale: 0.25, flair: None });
    assert!(mask_of(&edits) == answer(&near).mask(0.5));

    // Two clicks before the network answered: both are in its scope.
    edits.prompt(at(60.0, 60.0, PromptKind::Tumor), Some(on_screen(&edits)));
    edits.prompt(at(40.0, 5.0, PromptKind::Background), Some(on_screen(&edits)));
    edits.answer(answer(&far), &blank, 0.5, Underlay { click_scale: 0.25, flair: None });
    assert!(mask_of(&edits) == answer(&|at| near(at) || far(at)).mask(0.5));

    // Without the first one, the others are answered from the automatic mask on.
    edits.remove_prompt(0, Some(Shown { mask: Arc::new(blank.mask(0.5)), map: blank.clone() }));
    edits.answer(answer(&|at| near(at) || far(at)), &blank, 0.5, Underlay { click_scale: 0.25, flair: None });
    assert!(mask_of(&edits) == answer(&far).mask(0.5));
    assert_eq!(edits.prompts().len(), 2);
}

#[test]
fn a_click_before_the_network_looked_is_answered_everywhere() {
    let mut edits = Edits::default();
    edits.prompt(add(), None);
    edits.answer(ProbabilityMap::new(4, 2, vec![0.9; 8]), &automatic(), 0.5, BARE);
    assert_eq!(marked(&edits), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_carried_mask_is_answered_together_with_the_networks_own_look() {
    let own = ProbabilityMap::new(4, 2, vec![0.9, 0.3, 0.01, 0.01, 0.9, 0.01, 0.01, 0.01]);
    let answer = ProbabilityMap::new(4, 2, vec![0.9, 0.9, 0.9, 0.01, 0.01, 0.01, 0.01, 0.01]);
    let mut edits = Edits::default();
    edits.carry(Arc::new(automatic().mask(0.5)), 1.0, None);
    edits.answer(answer, &own, 0.03, BARE);
    assert_eq!(marked(&edits), [0, 1]);
}

#[test]
fn a_deleted_click_no_longer_holds_its_pixel() {
    let mut edits = Edits::default();
    edits.take(prompts(&[add()], Some(automatic())));
    edits.take(prompts(&[], None));
    assert_eq!(marked(&edits), [0, 4]);
    assert_eq!(edits.unanswered(), None);
    edits.undo();
    assert_eq!(marked(&edits), [0, 3, 4]);
}

#[test]
fn a_dragged_threshold_is_one_step_and_a_new_step_forgets_what_was_undone() {
    let mut edits = Edits::default();
    [0.4, 0.5, 0.6].into_iter().for_each(|threshold| edits.take(Edit::Threshold(threshold)));
    assert_eq!(edits.threshold(), Some(0.6));
    assert!(edits.undo() && !edits.can_undo() && edits.can_redo());
    edits.take(stroke(&[1], PromptKind::Tumor));
    assert!(!edits.redo() && edits.is_corrected());
}

#[test]
fn a_hundred_steps_can_be_undone() {
    let mut edits = Edits::default();
    (0..150).for_each(|step| edits.take(stroke(&[step % 8], PromptKind::Tumor)));
    assert_eq!((0..200).filter(|_| edits.undo()).count(), 150);
    assert_eq!(marked(&edits), [0, 4]);
}

#[test]
fn a_click_waits_until_the_network_answers_and_counts_meanwhile() {
    let shown =
        |edits: &Edits| Some(Shown { mask: Arc::new(edits.mask(Some(&automatic()), 0.5, SIZE)), map: automatic() });
    let answer = || ProbabilityMap::new(4, 2, automatic().values().to_vec());
    let mut edits = Edits::default();
    assert!(edits.waiting_prompts().is_empty());
    edits.prompt(add(), shown(&edits));
    assert_eq!(edits.waiting_prompts(), [add()]);
    assert!(edits.can_undo());
    assert_eq!(edits.latest().map(|step| step.named().written()).as_deref(), Some("click, being answered"));
    edits.answer(answer(), &automatic(), 0.5, BARE);
    assert!(edits.waiting_prompts().is_empty());
    assert_eq!(edits.latest().map(|step| step.named().written()).as_deref(), Some("click"));
    // Of two clicks the answered one does not wait.
    edits.prompt(remove(), shown(&edits));
    assert_eq!((edits.prompts(), edits.waiting_prompts()), (&[add(), remove()][..], &[remove()][..]));
    edits.undo();
    assert!(edits.waiting_prompts().is_empty(), "nothing is asked any more");
    // Before the network has looked at the slice, all of them do.
    let mut unseen = Edits::default();
    unseen.prompt(add(), None);
    unseen.prompt(remove(), None);
    assert_eq!(unseen.waiting_prompts(), [add(), remove()]);
}

#[test]
fn diameters_are_steps_like_all_others() {
    let line = |length: f64| imaging::Diameter { ends: [0.0, length].map(|x| imaging::Point::new(x, 0.0)) };
    let drawn = |length: f64| Diameters { longest: line(length), perpendicular: line(1.0) };
    let mut edits = Edits::default();
    // A drag over many places is one step.
    for length in [2.0, 3.0] {
        edits.take(Edit::Diameters { lines: Some(drawn(length)), drag: 1 });
    }
    edits.take(Edit::Diameters { lines: Some(drawn(5.0)), drag: 2 });
    edits.take(Edit::Diameters { lines: None, drag: 3 });
    assert_eq!(edits.diameters(), None, "the computed ones count again");
    assert_eq!(edits.latest().map(|step| step.named().written()).as_deref(), Some("diameters computed again"));
    edits.undo();
    assert_eq!(edits.diameters(), Some(drawn(5.0)), "what was deleted comes back");
    edits.undo();
    assert_eq!(edits.diameters(), Some(drawn(3.0)));
    edits.undo();
    assert!(edits.diameters().is_none() && !edits.can_undo());
    while edits.redo() {}
    assert_eq!(edits.diameters(), None);
    edits.undo();
    edits.undo_all();
    assert!(edits.diameters().is_none() && !edits.is_corrected());
}

#[test]
fn prompts_that_will_have_no_answer_are_gone_and_what_was_done_by_hand_stays() {
    let mut edits = Edits::default();
    edits.prompt(add(), None);
    edits.answer(ProbabilityMap::new(4, 2, vec![1.0; 8]), &automatic(), 0.5, BARE);
    edits.take(stroke(&[7], PromptKind::Background));
    let answered = edits.clone();
    edits.prompt(remove(), None);
    edits.take(stroke(&[6], PromptKind::Background));
    edits.prompt(Prompt::click(1.0, 1.0, PromptKind::Background), None);
    edits.refuse_unanswered();
    assert!(edits.unanswered().is_none() && !edits.can_redo());
    assert_eq!(edits.prompts(), [add()], "what the network has answered holds");
    assert_eq!(marked(&edits), [0, 1, 2, 3, 4, 5]);
    edits.undo();
    assert_eq!(marked(&edits), marked(&answered));
}

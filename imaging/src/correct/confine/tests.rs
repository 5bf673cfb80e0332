//! What a prompt changes, and what it leaves.

use super::*;
use crate::correct::prompt::PromptKind;
use crate::correct::reach::reach_px;
use crate::grid::Point;

const SIDE: usize = 256;

fn probabilities(at: impl Fn(usize, usize) -> f32) -> ProbabilityMap {
    ProbabilityMap::new(SIDE, SIDE, (0..SIDE * SIDE).map(|i| at(i % SIDE, i / SIDE)).collect())
}

fn map(marked: impl Fn(usize, usize) -> bool) -> ProbabilityMap {
    probabilities(|x, y| if marked(x, y) { 0.9 } else { 0.1 })
}

fn square(left: usize, top: usize, side: usize) -> impl Fn(usize, usize) -> bool {
    move |x, y| (left..left + side).contains(&x) && (top..top + side).contains(&y)
}

fn click(x: usize, y: usize, kind: PromptKind) -> Prompt {
    Prompt::click(x as f32, y as f32, kind)
}

/// A slice of which nothing but the size is known.
fn bare() -> Underlay<'static> {
    Underlay { click_scale: 1.0, flair: None }
}

/// The mask after some clicks on the mask of `before`.
fn after(before: &ProbabilityMap, answer: &ProbabilityMap, clicks: &[Prompt]) -> Mask {
    confine(before, answer, &before.mask(0.5), 0.5, clicks, clicks.len(), bare()).mask(0.5)
}

#[test]
fn only_the_change_that_is_connected_with_the_click_counts() {
    let (old, new) = (square(20, 20, 30), square(120, 120, 40));
    let far = square(200, 30, 20);
    let before = map(&old);
    // The network forgets the old square, finds a new one, and another far from the click.
    let answer = map(|x, y| new(x, y) || far(x, y));
    let mask = after(&before, &answer, &[click(140, 140, PromptKind::Tumor)]);
    assert_eq!(mask, map(|x, y| old(x, y) || new(x, y)).mask(0.5));
}

#[test]
fn close_to_the_border_a_click_changes_little() {
    let before = map(square(20, 20, 100));
    let answer = map(square(20, 20, 160));
    let near = after(&before, &answer, &[click(121, 60, PromptKind::Tumor)]);
    let deep = after(&before, &answer, &[click(150, 60, PromptKind::Tumor)]);
    let grown = |mask: &Mask| mask.area_px() - 100 * 100;
    assert!((3..40).contains(&grown(&near)), "{}", grown(&near));
    assert_eq!(grown(&deep), 160 * 160 - 100 * 100);
}

#[test]
fn right_beside_the_border_a_click_changes_its_own_pixel() {
    let before = map(square(20, 20, 100));
    let grown = after(&before, &map(square(20, 20, 160)), &[click(120, 60, PromptKind::Tumor)]);
    assert_eq!(grown.area_px(), 100 * 100 + 1);
    assert!(grown.contains(120, 60));
    let shrunk = after(&before, &map(|_, _| false), &[click(119, 60, PromptKind::Background)]);
    assert_eq!(shrunk.area_px(), 100 * 100 - 1);
    assert!(!shrunk.contains(119, 60));
}

#[test]
fn at_a_low_threshold_an_unlikely_pixel_is_not_added() {
    let (old, likely, unlikely) = (square(20, 20, 30), square(120, 120, 40), square(160, 120, 40));
    let probability = |p: f32, marked: bool| if marked { p } else { 0.0 };
    let before = probabilities(|x, y| probability(0.3, old(x, y)));
    let answer = probabilities(|x, y| probability(0.3, old(x, y) || unlikely(x, y)) + probability(0.9, likely(x, y)));
    let clicks = [click(140, 140, PromptKind::Tumor)];
    let mask = confine(&before, &answer, &before.mask(0.1), 0.1, &clicks, 1, bare()).mask(0.1);
    assert_eq!(mask, map(|x, y| old(x, y) || likely(x, y)).mask(0.5));
}

#[test]
fn at_a_low_threshold_what_became_unlikely_goes() {
    let old = square(20, 20, 100);
    let before = map(&old);
    let likely = |x, y| old(x, y) && x < 70;
    let answer = probabilities(|x, y| if likely(x, y) { 0.9 } else { 0.3 });
    let clicks = [click(95, 70, PromptKind::Background)];
    let mask = confine(&before, &answer, &before.mask(0.5), 0.2, &clicks, 1, bare()).mask(0.2);
    assert_eq!(mask, map(likely).mask(0.5));
}

#[test]
fn a_click_that_the_network_ignores_still_changes_its_surroundings() {
    let before = map(square(20, 20, 100));
    let mask = after(&before, &before, &[click(70, 70, PromptKind::Background)]);
    let hole = 100 * 100 - mask.area_px();
    // A disk of twelve pixels' radius.
    assert!((430..=455).contains(&hole), "{hole}");
    assert!(!mask.contains(70, 70) && !mask.contains(81, 70) && mask.contains(83, 70));
}

#[test]
fn without_any_pixel_on_its_side_a_click_reaches_everywhere() {
    let (nothing, answer) = (map(|_, _| false), map(square(30, 40, 180)));
    assert_eq!(reach_px(&click(100, 100, PromptKind::Tumor), &nothing.mask(0.5), 1.0), f32::INFINITY);
    assert_eq!(after(&nothing, &answer, &[click(100, 100, PromptKind::Tumor)]), answer.mask(0.5));
}

#[test]
fn clicks_of_both_kinds_are_taken_in_order() {
    let before = map(square(20, 20, 40));
    let answer = map(square(40, 20, 40));
    let clicks = [click(70, 40, PromptKind::Tumor), click(25, 40, PromptKind::Background)];
    let mask = after(&before, &answer, &clicks);
    assert!(mask.contains(79, 20) && !mask.contains(25, 40));
    assert_eq!(after(&before, &answer, &[]), before.mask(0.5));
}

#[test]
fn a_small_part_that_the_network_gives_up_goes_as_a_whole_and_a_large_one_does_not() {
    // A thin bar, far longer than its depth lets a click reach.
    let bar = |length: usize| move |x: usize, y: usize| (100..100 + length).contains(&x) && (100..104).contains(&y);
    let nothing = map(|_, _| false);
    for (length, left) in [(30, false), (90, true)] {
        let mask = after(&map(bar(length)), &nothing, &[click(110, 101, PromptKind::Background)]);
        assert_eq!(mask.area_px() > 0, left, "{length}");
        assert_eq!(mask.contains(100 + length - 1, 101), left);
    }
    // What the network goes on to see stays, until it is denied a second time.
    let third = |x: usize, y: usize| bar(30)(x, y) && x >= 120;
    let once = [click(104, 101, PromptKind::Background)];
    let mask = after(&map(bar(30)), &map(third), &once);
    assert!(mask.contains(129, 101));
    let twice = [once[0].clone(), click(112, 101, PromptKind::Background)];
    let shown = map(|x, y| bar(30)(x, y) && x > 108);
    let mask = confine(&shown, &map(third), &shown.mask(0.5), 0.5, &twice, 1, bare()).mask(0.5);
    assert_eq!(mask.area_px(), 0);
}

#[test]
fn a_click_in_the_middle_of_a_part_means_the_part() {
    let before = map(square(100, 100, 30));
    // The network goes on to see most of it, or nearly all.
    let seen = |rows: usize| map(move |x, y| square(100, 100, 30)(x, y) && y < 100 + rows);
    let left = |rows, at: usize| {
        let mask = after(&before, &seen(rows), &[click(at, 114, PromptKind::Background)]);
        (mask.area_px(), mask.contains(101, 101))
    };
    assert_eq!(left(21, 114), (0, false));
    assert!(left(27, 114).1, "a hole in its middle");
    assert!(left(21, 122).1, "at its side");
    // Along a bar no place is the middle more than another.
    let bar = map(|x, y| (100..130).contains(&x) && (100..104).contains(&y));
    let half = map(|x, y| (115..130).contains(&x) && (100..104).contains(&y));
    assert!(after(&bar, &half, &[click(104, 101, PromptKind::Background)]).contains(129, 101));
}

#[test]
fn where_the_network_sees_nothing_the_image_shows_what_was_meant() {
    let lesion = |x: usize, y: usize| (100..130).contains(&x) && (100..112).contains(&y);
    let image: Vec<f32> = (0..SIDE * SIDE).map(|at| if lesion(at % SIDE, at / SIDE) { 0.8 } else { 0.3 }).collect();
    let old = square(20, 20, 60);
    let before = map(&old);
    let corrected = |answer: &ProbabilityMap, prompt: Prompt| {
        confine(
            &before,
            answer,
            &before.mask(0.5),
            0.5,
            &[prompt],
            1,
            Underlay { click_scale: 1.0, flair: Some(&image) },
        )
        .mask(0.5)
    };
    let added = |mask: &Mask| -> Vec<usize> {
        let is_old = |at: usize| old(at % SIDE, at / SIDE);
        (0..SIDE * SIDE).filter(|&at| mask.pixels()[at] && !is_old(at)).collect()
    };
    // Far from the mask: up to eighteen pixels.
    let click_at = click(112, 106, PromptKind::Tumor);
    let grown = added(&corrected(&before, click_at.clone()));
    assert!(grown.iter().all(|&at| lesion(at % SIDE, at / SIDE)));
    assert!((300..=360).contains(&grown.len()), "{}", grown.len());
    let line = [Point::new(102.0, 106.0), Point::new(127.0, 106.0)];
    assert_eq!(added(&corrected(&before, Prompt::scribble(line, PromptKind::Tumor))).len(), 30 * 12);
    // What the network sees counts, and what is denied has no edges.
    let seen = map(|x, y| old(x, y) || square(108, 102, 8)(x, y));
    assert!(added(&corrected(&seen, click_at)).len() > 30 * 12, "a disk");
    assert!(!corrected(&before, click(50, 50, PromptKind::Background)).contains(50, 58));
}

#[test]
fn a_part_that_was_said_to_be_tumour_is_not_given_up() {
    let before = map(square(100, 100, 20));
    let prompts = [click(117, 110, PromptKind::Tumor), click(103, 110, PromptKind::Background)];
    let mask = confine(&before, &map(|_, _| false), &before.mask(0.5), 0.5, &prompts, 1, bare()).mask(0.5);
    assert!(mask.contains(117, 110) && !mask.contains(103, 110));
}

#[test]
fn what_a_prompt_cuts_off_leaves_no_speck() {
    // A square with a tail: without its middle the tail's tip would be left.
    let before = map(|x, y| square(20, 20, 60)(x, y) || ((80..95).contains(&x) && y == 50));
    let answer = map(|x, y| square(20, 20, 60)(x, y) || ((90..95).contains(&x) && y == 50));
    let line = [(80.0, 50.0), (88.0, 50.0)].map(|(x, y)| Point { x, y });
    let mask = after(&before, &answer, &[Prompt::scribble(line, PromptKind::Background)]);
    assert!(mask == map(square(20, 20, 60)).mask(0.5));
    // A speck that was there before is none of its business.
    let dot = |x, y| (x, y) == (200, 200);
    let before = map(|x, y| square(20, 20, 60)(x, y) || dot(x, y));
    assert!(after(&before, &before, &[click(50, 50, PromptKind::Background)]).contains(200, 200));
}

#[test]
fn a_scribble_takes_over_along_all_of_its_line() {
    let (old, new) = (square(20, 20, 30), |x: usize, y: usize| (60..200).contains(&x) && (100..108).contains(&y));
    let before = map(&old);
    let answer = map(|x, y| old(x, y) || new(x, y));
    let line = [Point::new(65.0, 104.0), Point::new(190.0, 104.0)];
    let mask = after(&before, &answer, &[Prompt::scribble(line, PromptKind::Tumor)]);
    assert!(mask.contains(61, 101) && mask.contains(199, 106) && mask.contains(130, 100));
}

#[test]
fn a_loop_takes_the_answer_inside_and_cuts_what_reaches_across() {
    let (old, far) = (square(20, 20, 60), square(200, 200, 20));
    let before = map(|x, y| old(x, y) || far(x, y));
    let answer = map(square(30, 30, 20));
    let around = Prompt::boxed(Point::new(24.5, 24.5), Point::new(54.5, 54.5), PromptKind::Tumor);
    let mask = after(&before, &answer, std::slice::from_ref(&around));
    assert!(mask == map(|x, y| square(30, 30, 20)(x, y) || far(x, y)).mask(0.5));
    let denied = Prompt { kind: PromptKind::Background, ..around };
    let mask = after(&before, &answer, &[denied]);
    assert_eq!(mask.area_px(), 60 * 60 - 30 * 30 + 20 * 20);
}

#[test]
fn a_loop_finds_the_likeliest_pixels_inside_where_the_network_is_sure_of_none() {
    let before = map(|_, _| false);
    let answer = probabilities(|x, y| if square(100, 100, 14)(x, y) { 0.02 } else { 0.001 });
    let around = Prompt::boxed(Point::new(97.5, 97.5), Point::new(117.5, 117.5), PromptKind::Tumor);
    let mask = after(&before, &answer, &[around]);
    assert!(mask == map(square(100, 100, 14)).mask(0.5));
}

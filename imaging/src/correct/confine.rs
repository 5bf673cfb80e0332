//! Keeps a click's effect around the click.
//!
//! The network draws the whole mask anew at every click, so that borders far away move a little too, and not for the
//! better. Of its answer only that part is taken over which the click asked for: pixels that change to the click's side,
//! are connected with it, and are in its reach. Taking over only what is connected with the click is the progressive
//! merge of Chen et al. 2022 (FocalClick, arXiv 2204.02574); the reach is ours.

use super::click::{Click, ClickKind};
use crate::mask::{Mask, ProbabilityMap, connected};

/// Depth at which a click reaches twice its depth; less deep ones reach hardly farther than it, deeper ones soon very far.
/// In pixels of a grid of scale 1 (see [`crate::click_scale`]), as all distances here.
const DOUBLE_AT: f32 = 3.0;
/// Depth below which a click corrects its own pixel and no other: made right beside the border, it says nothing of what
/// is farther off.
const SHALLOW: f32 = 1.2;
/// Probability from which an answer to a click says tumour, where the mask's threshold is not higher still. A low threshold
/// suits a network that was told nothing; one that was shown where to look says what it means.
const EVEN_ODDS: f32 = 0.5;
/// Distance from a click within which a change counts as connected with it although it does not touch it.
const BESIDE: f32 = 5.0;
/// Share of its depth on which a click is believed whatever the network says, and the most that this can be.
const BELIEVED: (f32, f32) = (0.8, 12.0);

/// How far a click corrects a mask, in pixels of the mask.
///
/// A click is made in the middle of an error. The depth, its distance to the nearest pixel that is on its side already,
/// so says how large the error is: close to the border of the mask a little is corrected, far from it much. Infinite
/// where no pixel is on its side; 0 right beside the border.
pub fn reach_px(click: &Click, shown: &Mask, scale: f32) -> f32 {
    reach(depth_px(click, shown), scale)
}

fn reach(depth: f32, scale: f32) -> f32 {
    if depth < SHALLOW * scale {
        return 0.0;
    }
    depth + depth * (depth / (DOUBLE_AT * scale)).powi(3)
}

/// The probabilities after some clicks: `answer` where they correct the mask `shown`, `before` elsewhere.
///
/// A pixel counts as tumour from `threshold` on; to become one it takes an answer of even odds at least, and with less it is
/// one no longer. The clicks are taken one by one, each correcting what the one before left. Close around a click its side
/// gets probability 1, the other 0, whatever the network answers.
///
/// `scale` is the [`click_scale`](crate::click_scale) of the whole slice.
///
/// # Panics
///
/// If the three have different sizes.
pub fn confine(
    before: &ProbabilityMap,
    answer: &ProbabilityMap,
    shown: &Mask,
    threshold: f32,
    clicks: &[Click],
    scale: f32,
) -> ProbabilityMap {
    let (width, height) = (shown.width(), shown.height());
    let sizes = [before, answer].map(|map| (map.width(), map.height()));
    assert_eq!(sizes, [(width, height); 2], "maps and mask are of one slice");
    let answered = answer.mask(threshold.max(EVEN_ODDS));
    let mut values = before.values().to_vec();
    let mut shown = shown.clone();
    for click in clicks {
        let tumor = click.kind == ClickKind::Tumor;
        let depth = depth_px(click, &shown);
        let (reach, believed) = (reach(depth, scale), (BELIEVED.0 * depth).min(BELIEVED.1 * scale));
        let distance = |at: usize| distance(click, at, width);
        let mut pixels = shown.into_pixels();
        let changes = |at: usize| answered.pixels()[at] == tumor && pixels[at] != tumor && distance(at) <= reach;
        let seeds = (0..pixels.len()).filter(|&at| distance(at) <= BESIDE * scale);
        let region = connected(width, height, seeds, changes);
        for at in 0..pixels.len() {
            if distance(at) < believed {
                values[at] = f32::from(u8::from(tumor));
            } else if region[at] {
                let value = answer.values()[at];
                // Below even odds, but above a low threshold, it would still count as tumour.
                values[at] = if !tumor && value >= threshold { 0.0 } else { value };
            } else {
                continue;
            }
            pixels[at] = tumor;
        }
        shown = Mask::new(width, height, pixels);
    }
    ProbabilityMap::new(width, height, values)
}

/// Distance from a click to the nearest pixel that is on its side already.
fn depth_px(click: &Click, shown: &Mask) -> f32 {
    let tumor = click.kind == ClickKind::Tumor;
    let same = (0..shown.pixels().len()).filter(|&at| shown.pixels()[at] == tumor);
    same.map(|at| distance(click, at, shown.width())).fold(f32::INFINITY, f32::min)
}

fn distance(click: &Click, at: usize, width: usize) -> f32 {
    ((at % width) as f32 - click.x).hypot((at / width) as f32 - click.y)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn click(x: usize, y: usize, kind: ClickKind) -> Click {
        Click { x: x as f32, y: y as f32, kind }
    }

    /// The mask after some clicks on the mask of `before`.
    fn after(before: &ProbabilityMap, answer: &ProbabilityMap, clicks: &[Click]) -> Mask {
        confine(before, answer, &before.mask(0.5), 0.5, clicks, 1.0).mask(0.5)
    }

    #[test]
    fn only_the_change_that_is_connected_with_the_click_counts() {
        let (old, new) = (square(20, 20, 30), square(120, 120, 40));
        let far = square(200, 30, 20);
        let before = map(&old);
        // The network forgets the old square, finds a new one, and another far from the click.
        let answer = map(|x, y| new(x, y) || far(x, y));
        let mask = after(&before, &answer, &[click(140, 140, ClickKind::Tumor)]);
        assert_eq!(mask, map(|x, y| old(x, y) || new(x, y)).mask(0.5));
    }

    #[test]
    fn close_to_the_border_a_click_changes_little() {
        let before = map(square(20, 20, 100));
        let answer = map(square(20, 20, 160));
        let near = after(&before, &answer, &[click(121, 60, ClickKind::Tumor)]);
        let deep = after(&before, &answer, &[click(150, 60, ClickKind::Tumor)]);
        let grown = |mask: &Mask| mask.area_px() - 100 * 100;
        assert!((3..40).contains(&grown(&near)), "{}", grown(&near));
        assert_eq!(grown(&deep), 160 * 160 - 100 * 100);
    }

    #[test]
    fn right_beside_the_border_a_click_changes_its_own_pixel() {
        let before = map(square(20, 20, 100));
        let grown = after(&before, &map(square(20, 20, 160)), &[click(120, 60, ClickKind::Tumor)]);
        assert_eq!(grown.area_px(), 100 * 100 + 1);
        assert!(grown.contains(120, 60));
        let shrunk = after(&before, &map(|_, _| false), &[click(119, 60, ClickKind::Background)]);
        assert_eq!(shrunk.area_px(), 100 * 100 - 1);
        assert!(!shrunk.contains(119, 60));
    }

    #[test]
    fn at_a_low_threshold_an_unlikely_pixel_is_not_added() {
        let (old, likely, unlikely) = (square(20, 20, 30), square(120, 120, 40), square(160, 120, 40));
        let probability = |p: f32, marked: bool| if marked { p } else { 0.0 };
        let before = probabilities(|x, y| probability(0.3, old(x, y)));
        let answer =
            probabilities(|x, y| probability(0.3, old(x, y) || unlikely(x, y)) + probability(0.9, likely(x, y)));
        let clicks = [click(140, 140, ClickKind::Tumor)];
        let mask = confine(&before, &answer, &before.mask(0.1), 0.1, &clicks, 1.0).mask(0.1);
        assert_eq!(mask, map(|x, y| old(x, y) || likely(x, y)).mask(0.5));
    }

    #[test]
    fn at_a_low_threshold_what_became_unlikely_goes() {
        let old = square(20, 20, 100);
        let before = map(&old);
        let likely = |x, y| old(x, y) && x < 70;
        let answer = probabilities(|x, y| if likely(x, y) { 0.9 } else { 0.3 });
        let clicks = [click(95, 70, ClickKind::Background)];
        let mask = confine(&before, &answer, &before.mask(0.5), 0.2, &clicks, 1.0).mask(0.2);
        assert_eq!(mask, map(likely).mask(0.5));
    }

    #[test]
    fn a_click_that_the_network_ignores_still_changes_its_surroundings() {
        let before = map(square(20, 20, 100));
        let mask = after(&before, &before, &[click(70, 70, ClickKind::Background)]);
        let hole = 100 * 100 - mask.area_px();
        // A disk of twelve pixels' radius.
        assert!((430..=455).contains(&hole), "{hole}");
        assert!(!mask.contains(70, 70) && !mask.contains(81, 70) && mask.contains(83, 70));
    }

    #[test]
    fn without_any_pixel_on_its_side_a_click_reaches_everywhere() {
        let (nothing, answer) = (map(|_, _| false), map(square(30, 40, 180)));
        assert_eq!(reach_px(&click(100, 100, ClickKind::Tumor), &nothing.mask(0.5), 1.0), f32::INFINITY);
        assert_eq!(after(&nothing, &answer, &[click(100, 100, ClickKind::Tumor)]), answer.mask(0.5));
    }

    #[test]
    fn clicks_of_both_kinds_are_taken_in_order() {
        let before = map(square(20, 20, 40));
        let answer = map(square(40, 20, 40));
        let clicks = [click(70, 40, ClickKind::Tumor), click(25, 40, ClickKind::Background)];
        let mask = after(&before, &answer, &clicks);
        assert!(mask.contains(79, 20) && !mask.contains(25, 40));
        assert_eq!(after(&before, &answer, &[]), before.mask(0.5));
    }
}

//! Keeps a prompt's effect around the prompt.
//!
//! The network draws the whole mask anew at every prompt, so that borders far away move a little too, and not for the
//! better. Of its answer only that part is taken over which the prompt asked for: pixels that change to the prompt's side,
//! are connected with it, and are in its reach; of a loop around a tumour, all inside. Taking over only what is connected with
//! a click is the progressive merge of Chen et al. 2022 (FocalClick, arXiv 2204.02574); the reach is ours.

use super::path;
use super::prompt::{Prompt, Shape};
use crate::grid::{Point, Size};
use crate::mask::{Mask, ProbabilityMap, connected};

/// Depth at which a click reaches twice its depth; less deep ones reach hardly farther than it, deeper ones soon very far.
/// In pixels of a grid of scale 1 (see [`crate::click_scale`]), as all distances here.
const DOUBLE_AT: f32 = 3.0;
/// Depth below which a place corrects its own pixel and no other: made right beside the border, it says nothing of what
/// is farther off.
const SHALLOW: f32 = 1.2;
/// Probability from which an answer to a prompt says tumour, where the mask's threshold is not higher still. A low threshold
/// suits a network that was told nothing; one that was shown where to look says what it means.
const EVEN_ODDS: f32 = 0.5;
/// Distance from a prompt within which a change counts as connected with it although it does not touch it.
const BESIDE: f32 = 5.0;
/// Share of its depth on which a place is believed whatever the network says, and the most that this can be.
const BELIEVED: (f32, f32) = (0.8, 12.0);
/// Places at most that stand for a scribble.
const PLACES: f32 = 96.0;

/// A place of a prompt's line, and how far it corrects the mask.
struct Place {
    at: Point,
    /// Distance up to which the network's answer is taken over.
    reach: f32,
    /// Distance below which the prompt is believed.
    believed: f32,
}

/// How far a prompt corrects a mask beyond its line, in pixels of the mask.
///
/// A prompt is made in the middle of an error. The depth of a place, its distance to the nearest pixel that is on the prompt's
/// side already, so says how large the error is: close to the border of the mask a little is corrected, far from it much.
/// Infinite where no pixel is on its side; 0 right beside the border, and of a loop, which corrects what is inside.
pub fn reach_px(prompt: &Prompt, shown: &Mask, scale: f32) -> f32 {
    places(prompt, shown.pixels(), shown.size(), scale).iter().map(|place| place.reach).fold(0.0, f32::max)
}

fn reach(depth: f32, scale: f32) -> f32 {
    if depth < SHALLOW * scale {
        return 0.0;
    }
    depth + depth * (depth / (DOUBLE_AT * scale)).powi(3)
}

/// The probabilities after some prompts: `answer` where they correct the mask `shown`, `before` elsewhere.
///
/// A pixel counts as tumour from `threshold` on; to become one it takes an answer of even odds at least, and with less it is
/// one no longer. The prompts are taken one by one, each correcting what the one before left. Close around a line its side
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
    prompts: &[Prompt],
    scale: f32,
) -> ProbabilityMap {
    let size = shown.size();
    let sizes = [before, answer].map(|map| Size::new(map.width(), map.height()));
    assert_eq!(sizes, [size; 2], "maps and mask are of one slice");
    let mut state = State { values: before.values().to_vec(), marked: shown.pixels().to_vec(), size, threshold };
    for prompt in prompts {
        match &prompt.shape {
            Shape::Line(_) => state.take_line(prompt, answer, scale),
            Shape::Loop(line) => state.take_loop(&path::inside(line, size), prompt.is_tumor(), answer),
        }
    }
    ProbabilityMap::new(size.width, size.height, state.values)
}

/// The probabilities, and the mask that they come to.
struct State {
    values: Vec<f32>,
    marked: Vec<bool>,
    size: Size,
    threshold: f32,
}

impl State {
    /// Whether an answer says tumour.
    fn says(&self, value: f32) -> bool {
        value >= self.threshold.max(EVEN_ODDS)
    }

    /// Takes an answer over at a pixel.
    fn take(&mut self, at: usize, value: f32) {
        self.marked[at] = self.says(value);
        // Below even odds, but above a low threshold, it would still count as tumour.
        self.values[at] = if !self.marked[at] && value >= self.threshold { 0.0 } else { value };
    }

    fn put(&mut self, at: usize, tumor: bool) {
        self.values[at] = f32::from(u8::from(tumor));
        self.marked[at] = tumor;
    }

    fn take_line(&mut self, prompt: &Prompt, answer: &ProbabilityMap, scale: f32) {
        let (Size { width, height }, tumor) = (self.size, prompt.is_tumor());
        let places = places(prompt, &self.marked, self.size, scale);
        let reached = self.within(&places, |place| place.reach);
        let believed = self.within(&places, |place| place.believed.next_down());
        let beside = self.within(&places, |_| BESIDE * scale);
        let changes = |at: usize| reached[at] && self.says(answer.values()[at]) == tumor && self.marked[at] != tumor;
        let region = connected(width, height, (0..beside.len()).filter(|&at| beside[at]), changes);
        for at in 0..region.len() {
            if believed[at] {
                self.put(at, tumor);
            } else if region[at] {
                self.take(at, answer.values()[at]);
            }
        }
    }

    /// The pixels within some distance of any of the places.
    fn within(&self, places: &[Place], distance: impl Fn(&Place) -> f32) -> Vec<bool> {
        let mut within = vec![false; self.marked.len()];
        for place in places {
            path::cover(&mut within, place.at, place.at, distance(place), self.size);
        }
        within
    }

    fn take_loop(&mut self, inside: &[usize], tumor: bool, answer: &ProbabilityMap) {
        if !tumor {
            return inside.iter().for_each(|&at| self.put(at, false));
        }
        // Parts of the mask that reach across the line end there.
        let across = connected(self.size.width, self.size.height, inside.iter().copied(), |at| self.marked[at]);
        (0..across.len()).filter(|&at| across[at]).for_each(|at| self.put(at, false));
        inside.iter().for_each(|&at| self.take(at, answer.values()[at]));
    }
}

/// The places of a line on a mask; none of a loop.
fn places(prompt: &Prompt, marked: &[bool], size: Size, scale: f32) -> Vec<Place> {
    let Shape::Line(line) = &prompt.shape else { return Vec::new() };
    let step = (path::length_px(line) / PLACES).max(scale);
    let places = path::resampled(line, step).into_iter().map(|at| {
        let depth = depth_px(at, prompt.is_tumor(), marked, size);
        Place { at, reach: reach(depth, scale), believed: (BELIEVED.0 * depth).min(BELIEVED.1 * scale) }
    });
    places.collect()
}

/// Distance from a place to the nearest pixel that is on its side already.
fn depth_px(place: Point, tumor: bool, marked: &[bool], Size { width, .. }: Size) -> f32 {
    let same = (0..marked.len()).filter(|&at| marked[at] == tumor);
    let distance = |at: usize| ((at % width) as f32 - place.x).hypot((at / width) as f32 - place.y);
    same.map(distance).fold(f32::INFINITY, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correct::prompt::PromptKind;

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

    /// The mask after some clicks on the mask of `before`.
    fn after(before: &ProbabilityMap, answer: &ProbabilityMap, clicks: &[Prompt]) -> Mask {
        confine(before, answer, &before.mask(0.5), 0.5, clicks, 1.0).mask(0.5)
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
        let answer =
            probabilities(|x, y| probability(0.3, old(x, y) || unlikely(x, y)) + probability(0.9, likely(x, y)));
        let clicks = [click(140, 140, PromptKind::Tumor)];
        let mask = confine(&before, &answer, &before.mask(0.1), 0.1, &clicks, 1.0).mask(0.1);
        assert_eq!(mask, map(|x, y| old(x, y) || likely(x, y)).mask(0.5));
    }

    #[test]
    fn at_a_low_threshold_what_became_unlikely_goes() {
        let old = square(20, 20, 100);
        let before = map(&old);
        let likely = |x, y| old(x, y) && x < 70;
        let answer = probabilities(|x, y| if likely(x, y) { 0.9 } else { 0.3 });
        let clicks = [click(95, 70, PromptKind::Background)];
        let mask = confine(&before, &answer, &before.mask(0.5), 0.2, &clicks, 1.0).mask(0.2);
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
}

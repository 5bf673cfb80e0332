//! How far a prompt corrects a mask.

use crate::correct::path;
use crate::correct::prompt::{Prompt, Shape};
use crate::grid::{Point, Size};
use crate::mask::{Mask, connected};
use crate::measure::squared_depths;

/// Depth at which a click reaches twice its depth; less deep ones reach hardly farther than it, deeper ones soon very far.
/// In pixels of a grid of scale 1 (see [`crate::click_scale`]), as all distances here.
const DOUBLE_AT: f32 = 3.0;
/// Depth below which a place corrects its own pixel and no other: made right beside the border, it says nothing of what
/// is farther off.
const SHALLOW: f32 = 1.2;
/// Share of its depth on which a place is believed whatever the network says.
const BELIEVED: f32 = 0.8;
/// The most that this can be of a click, and of a place of a scribble, whose line says the rest. On 29 slices of the twelve
/// patients that no fit has seen, one scribble from nothing comes to an IoU of 0.59 at 12, of 0.80 to 0.82 at 1 to 3.
pub const MOST_BELIEVED: (f32, f32) = (12.0, 2.0);
/// Where the network sees nothing, tumour is looked for in the image up to so many times the depth of a place. On the five slices of
/// two of these patients where it saw nothing, one click comes to an IoU of 0.70 by a disk, of 0.76 so.
const GROWN: f32 = 1.5;
/// Places at most that stand for a scribble.
const PLACES: f32 = 96.0;
/// Distance from a prompt of background within which a part of the mask has to lie to go as a whole.
const PART: f32 = 32.0;
/// Share of a part's greatest depth from which a click is in its middle, if the part reaches no farther than so many times the
/// click's depth. On the twelve patients that no fit has seen, clicks on false parts are that deep, and those on the false edges
/// of true ones at most half as deep as their parts.
const MIDDLE: (f32, f32) = (0.9, 4.0);

/// A place of a prompt's line, and how far it corrects the mask.
pub struct Reaching {
    /// Where it is.
    pub at: Point,
    /// Distance up to which the network's answer is taken over.
    pub reach: f32,
    /// Distance below which the prompt is believed.
    pub believed: f32,
    /// Distance up to which the image is believed where the network sees nothing.
    pub grown: f32,
}

/// How far a prompt corrects a mask beyond its line, in pixels of the mask.
///
/// A prompt is made in the middle of an error. The depth of a place, its distance to the nearest pixel that is on the prompt's
/// side already, so says how large the error is: close to the border of the mask a little is corrected, far from it much.
/// Infinite where no pixel is on its side; 0 right beside the border, and of a loop, which corrects what is inside. A part of
/// the mask that may go as a whole is in reach.
pub fn reach_px(prompt: &Prompt, shown: &Mask, scale: f32) -> f32 {
    let (marked, size) = (shown.pixels(), shown.size());
    let reach = places(prompt, marked, size, scale).iter().map(|place| place.reach).fold(0.0, f32::max);
    denied_part(prompt, marked, size, scale).map_or(reach, |part| reach.max(part.farthest_px))
}

fn reach(depth: f32, scale: f32) -> f32 {
    if depth < SHALLOW * scale {
        return 0.0;
    }
    depth + depth * (depth / (DOUBLE_AT * scale)).powi(3)
}

/// A part of a mask that a line of background goes over.
pub struct DeniedPart {
    /// Its pixels.
    pub pixels: Vec<bool>,
    /// Distance of the farthest of them from the line.
    pub farthest_px: f32,
}

impl DeniedPart {
    /// Whether the line is a click in its middle, which means the part and not its edge.
    pub fn has_middle_at(&self, prompt: &Prompt, size: Size) -> bool {
        if prompt.click_at().is_none() {
            return false;
        }
        let depths = squared_depths(&self.pixels, size.width);
        let deepest = depths.iter().copied().fold(0.0, f64::max).sqrt() as f32;
        let own = prompt.own_pixels(size).into_iter().map(|at| depths[at]).fold(0.0, f64::max).sqrt() as f32;
        own >= MIDDLE.0 * deepest && self.farthest_px <= MIDDLE.1 * own
    }
}

/// The part of a mask that a line of background goes over; none where it reaches too far for it to go as a whole.
pub fn denied_part(prompt: &Prompt, marked: &[bool], size: Size, scale: f32) -> Option<DeniedPart> {
    if prompt.is_tumor() || prompt.is_loop() {
        return None;
    }
    let pixels = connected(size.width, size.height, prompt.own_pixels(size).into_iter(), |at| marked[at]);
    let places = path::resampled(prompt.line(), scale);
    let distance = |at: usize| {
        let (x, y) = ((at % size.width) as f32, (at / size.width) as f32);
        places.iter().map(|place| (x - place.x).hypot(y - place.y)).fold(f32::INFINITY, f32::min)
    };
    let mut farthest_px = 0.0_f32;
    for at in (0..pixels.len()).filter(|&at| pixels[at]) {
        farthest_px = farthest_px.max(distance(at));
        if farthest_px > PART * scale {
            return None;
        }
    }
    pixels.contains(&true).then_some(DeniedPart { pixels, farthest_px })
}

/// The places of a line on a mask; none of a loop.
pub fn places(prompt: &Prompt, marked: &[bool], size: Size, scale: f32) -> Vec<Reaching> {
    let Shape::Line(line) = &prompt.shape else { return Vec::new() };
    let step = (path::length_px(line) / PLACES).max(scale);
    let most = if line.len() > 1 { MOST_BELIEVED.1 } else { MOST_BELIEVED.0 };
    let places = path::resampled(line, step).into_iter().map(|at| {
        let depth = depth_px(at, prompt.is_tumor(), marked, size);
        let believed = (BELIEVED * depth).min(most * scale);
        Reaching { at, reach: reach(depth, scale), believed, grown: GROWN * depth.min(MOST_BELIEVED.0 * scale) }
    });
    places.collect()
}

/// Distance from a place to the nearest pixel that is on its side already.
fn depth_px(place: Point, tumor: bool, marked: &[bool], Size { width, .. }: Size) -> f32 {
    let same = (0..marked.len()).filter(|&at| marked[at] == tumor);
    let distance = |at: usize| ((at % width) as f32 - place.x).hypot((at / width) as f32 - place.y);
    same.map(distance).fold(f32::INFINITY, f32::min)
}

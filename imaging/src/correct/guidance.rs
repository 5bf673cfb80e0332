//! What a clinician says of a slice, as the planes that the network reads beside the image.
//!
//! Disks for clicks and the previous mask as a third plane: RITM (Sofiiuk et al. 2021, arXiv 2102.06583). A scribble is the disk
//! drawn along its line; a loop around a tumour is said by the band outside of it that is none.

use super::obey::obey;
use super::path;
use super::prompt::{Prompt, PromptKind, Shape};
use crate::grid::{Fit, Size, click_scale};
use crate::mask::Mask;

/// Prompts of tumour, prompts of background, previous mask.
const PLANES: usize = 3;

/// Radius of a prompt's line in pixels of a grid of scale 1, see [`click_scale`].
const RADIUS: f32 = 5.0;

/// Everything that was said of a slice, on the slice's own grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guidance {
    /// Prompts, the newest last.
    pub prompts: Vec<Prompt>,
    /// The mask that the prompts correct, or a neighbouring slice's.
    pub previous: Option<Mask>,
}

impl Guidance {
    /// The planes on the network's grid, see [`guidance_planes`]; nothing if nothing was said.
    ///
    /// # Panics
    ///
    /// If the previous mask has another size than `fit` was made for.
    pub fn planes(&self, fit: &Fit) -> Option<Vec<f32>> {
        let previous = self.previous.as_ref().filter(|mask| mask.area_px() > 0).map(|mask| {
            let values: Vec<f32> = mask.pixels().iter().map(|&marked| f32::from(u8::from(marked))).collect();
            fit.network_from_source(&values, 0.0).into_iter().map(|value| value >= 0.5).collect::<Vec<_>>()
        });
        if self.prompts.is_empty() && previous.is_none() {
            return None;
        }
        let prompts: Vec<Prompt> =
            self.prompts.iter().map(|prompt| prompt.mapped(|place| fit.network_point(place))).collect();
        let network = fit.network();
        Some(guidance_planes(network, click_scale(network.width, network.height), &prompts, previous.as_deref()))
    }

    /// Puts the own pixels of every prompt on the side that was asked for, the newest prompt last.
    pub fn obey(&self, mask: Mask) -> Mask {
        let (width, height) = (mask.width(), mask.height());
        let mut pixels = mask.into_pixels();
        obey(&mut pixels, width, &self.prompts);
        Mask::new(width, height, pixels)
    }
}

/// Guidance on a grid of some size, a whole slice's or a part of one that has this [`click_scale`]: three planes of
/// zeros and ones, row by row: where tumour was said to be, where background was, the previous mask.
///
/// Where prompts of both kinds meet, the later one counts. Without prompts and previous mask all planes are zero, which
/// is what the network reads where nobody has said anything.
///
/// # Panics
///
/// If `previous` has not as many pixels as the grid.
pub fn guidance_planes(size: Size, scale: f32, prompts: &[Prompt], previous: Option<&[bool]>) -> Vec<f32> {
    let area = size.area_px();
    let mut planes = vec![0.0; PLANES * area];
    for prompt in prompts {
        let (kind, pixels) = said(prompt, size, RADIUS * scale);
        let (set, cleared) = match kind {
            PromptKind::Tumor => (0, area),
            PromptKind::Background => (area, 0),
        };
        for at in pixels {
            planes[set + at] = 1.0;
            planes[cleared + at] = 0.0;
        }
    }
    if let Some(previous) = previous {
        assert_eq!(previous.len(), area, "the previous mask lies on the network's grid");
        planes[2 * area..].iter_mut().zip(previous).for_each(|(plane, &marked)| *plane = f32::from(u8::from(marked)));
    }
    planes
}

/// The pixels that a prompt says something of, and what.
fn said(prompt: &Prompt, size: Size, radius: f32) -> (PromptKind, Vec<usize>) {
    match (&prompt.shape, prompt.kind) {
        (Shape::Line(line), kind) => (kind, path::along(line, radius, size)),
        (Shape::Loop(line), PromptKind::Background) => (PromptKind::Background, path::inside(line, size)),
        (Shape::Loop(line), PromptKind::Tumor) => {
            let closed: Vec<_> = line.iter().chain(line.first()).copied().collect();
            let mut inside = vec![false; size.area_px()];
            path::inside(line, size).into_iter().for_each(|at| inside[at] = true);
            let band = path::along(&closed, 2.0 * radius, size).into_iter().filter(|&at| !inside[at]);
            (PromptKind::Background, band.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Point;

    fn click(x: f32, y: f32, kind: PromptKind) -> Prompt {
        Prompt::click(x, y, kind)
    }

    fn area(plane: &[f32]) -> f32 {
        plane.iter().sum()
    }

    #[test]
    fn a_click_is_a_disk_around_its_pixel() {
        let planes = guidance_planes(Size::new(256, 128), 1.0, &[click(40.0, 30.0, PromptKind::Tumor)], None);
        let (tumor, rest) = planes.split_at(256 * 128);
        assert_eq!(area(tumor), 81.0); // Points of the grid within 5 of one of them.
        assert_eq!((tumor[30 * 256 + 45], tumor[30 * 256 + 46], tumor[25 * 256 + 40]), (1.0, 0.0, 1.0));
        assert_eq!(area(rest), 0.0);
        // Half the grid, half the radius.
        assert_eq!(
            area(&guidance_planes(Size::new(128, 64), 0.5, &[click(20.0, 15.0, PromptKind::Background)], None)),
            21.0
        );
    }

    #[test]
    fn clicks_at_the_edge_and_beyond_stay_on_the_grid() {
        let corner = guidance_planes(Size::new(256, 256), 1.0, &[click(0.0, 255.0, PromptKind::Tumor)], None);
        assert_eq!(area(&corner), 26.0);
        for (x, y) in [(-9.0, 5.0), (300.0, 5.0), (5.0, -9.0), (5.0, 1e9)] {
            assert_eq!(area(&guidance_planes(Size::new(256, 256), 1.0, &[click(x, y, PromptKind::Tumor)], None)), 0.0);
        }
    }

    #[test]
    fn the_later_of_two_opposite_clicks_counts() {
        let at = |kind| click(50.0, 50.0, kind);
        let planes =
            guidance_planes(Size::new(256, 256), 1.0, &[at(PromptKind::Tumor), at(PromptKind::Background)], None);
        assert_eq!((area(&planes[..65536]), area(&planes[65536..])), (0.0, 81.0));
    }

    #[test]
    fn the_previous_mask_is_the_third_plane() {
        let planes = guidance_planes(Size::new(2, 2), 1.0, &[], Some(&[true, false, false, true]));
        assert_eq!(planes[8..], [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(area(&planes[..8]), 0.0);
    }

    #[test]
    fn guidance_follows_a_slice_onto_the_networks_grid() {
        // 128 × 64 becomes 256 × 128: every pixel two, its middle between them.
        let fit = Fit::new(128, 64, 256, 16);
        let previous = Mask::new(128, 64, (0..128 * 64).map(|at| at % 128 < 10).collect());
        let prompts = vec![click(20.0, 30.0, PromptKind::Tumor)];
        let planes = Guidance { prompts, previous: Some(previous) }.planes(&fit).unwrap();
        let middle = (0..256 * 128).filter(|at| planes[*at] > 0.0).map(|at| (at % 256, at / 256));
        let (count, x, y) = middle.fold((0, 0, 0), |(n, sx, sy), (x, y)| (n + 1, sx + x, sy + y));
        assert_eq!((x as f32 / count as f32, y as f32 / count as f32), (40.5, 60.5));
        assert_eq!(area(&planes[2 * 256 * 128..]), 20.0 * 128.0);
    }

    #[test]
    fn nothing_said_is_nothing() {
        let fit = Fit::new(32, 32, 32, 16);
        assert_eq!(Guidance::default().planes(&fit), None);
        let empty = Some(Mask::new(32, 32, vec![false; 1024]));
        assert_eq!(Guidance { prompts: Vec::new(), previous: empty }.planes(&fit), None);
    }

    #[test]
    fn a_scribble_is_a_band_and_a_loop_the_band_outside_of_it() {
        let size = Size::new(256, 256);
        let line = [Point::new(40.0, 40.0), Point::new(60.0, 40.0)];
        let planes = guidance_planes(size, 1.0, &[Prompt::scribble(line, PromptKind::Tumor)], None);
        // The disk's 81 pixels, and eleven more for each further pixel of the line.
        assert_eq!((area(&planes[..65536]), area(&planes[65536..])), (81.0 + 20.0 * 11.0, 0.0));
        let (a, b) = (Point::new(99.5, 99.5), Point::new(119.5, 119.5));
        let planes = guidance_planes(size, 1.0, &[Prompt::boxed(a, b, PromptKind::Tumor)], None);
        let at = |x: usize, y: usize| planes[65536 + y * 256 + x];
        assert_eq!(area(&planes[..65536]), 0.0);
        assert_eq!([at(100, 110), at(99, 110), at(90, 110), at(89, 110)], [0.0, 1.0, 1.0, 0.0]);
        let planes = guidance_planes(size, 1.0, &[Prompt::boxed(a, b, PromptKind::Background)], None);
        assert_eq!((area(&planes[..65536]), area(&planes[65536..])), (0.0, 400.0));
    }
}

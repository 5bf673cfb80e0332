//! Where the pictures are on a page, which may be a document, a slide or a sheet of film.
//!
//! A page has one bright colour along an edge or between pictures. All that is connected with it is page, and pictures are
//! what is left.

use super::{LEAST_PX, SIMILAR, SLIMMEST};
use crate::grid::{Fit, Frame, Point, Rect, Size};
use crate::mask::{connected, parts};
use crate::slice::Slice;

/// Longer side of the grid on which pages are looked for.
const PAGE_SIDE: usize = 512;
/// Share of a picture's edge that has the page's colour.
const EDGE: f32 = 0.75;
/// How far from it, as a share of the brightest pixel.
const TOLERANCE: f32 = 0.05;
/// A page is brighter than this share of the brightest pixel; what is darker is the black around a head.
const BRIGHT: f32 = 0.1;
/// Share of a picture's longer side that goes at each edge: there it mixes with the page.
const SEAM: f32 = 1.0 / 128.0;
/// Pages within each other, as a document in its window.
const PAGES: usize = 3;

/// A picture on a page, and where others are.
pub(super) struct PictureOnPage {
    /// The picture, without what of it mixes with the page.
    pub frame: Frame,
    /// Places in others that are about as large, in pixels.
    pub others: Vec<Point>,
}

/// The largest picture on a page, or that at a place, in pixels; nothing if the slice is no page or has no picture there.
pub(super) fn picture_on_page(slice: &Slice, at: Option<Point>) -> Option<PictureOnPage> {
    let fit = Fit::new(slice.width(), slice.height(), PAGE_SIDE.min(slice.width().max(slice.height())), 1);
    let Size { width, height } = fit.network();
    let planes = (0..slice.planes()).map(|index| fit.network_from_source(slice.sequence(index), 0.0)).collect();
    let small = Slice::new(width, height, planes);
    let (least, scale) = (fit.network_length(LEAST_PX), 1.0 / fit.network_length(1.0));
    let (mut picture, mut others) = (None, Vec::new());
    for _ in 0..PAGES {
        let frame = picture.unwrap_or(Frame::whole(width, height));
        let Point { x, y } = frame.origin();
        let at = at.map(|at| Point { x: at.x / scale - x as f32, y: at.y / scale - y as f32 });
        let pictures = pictures_on(&small.part(frame), least);
        let Some(chosen) = pictures.iter().position(|picture| at.is_none_or(|at| picture.contains(at))) else { break };
        let Rect { left, top, right, bottom } = pictures[chosen];
        for (index, other) in pictures.iter().enumerate() {
            if index != chosen && other.longer_side() >= SIMILAR * pictures[chosen].longer_side() {
                let middle = other.middle();
                others.push(Point { x: (x as f32 + middle.x) * scale, y: (y as f32 + middle.y) * scale });
            }
        }
        let within = |first: isize, from: f32, to: f32| first as usize + from as usize..first as usize + to as usize;
        picture = Some(Frame::part(within(x, left, right), within(y, top, bottom)));
    }
    let (Point { x, y }, Size { width, height }) = (picture?.origin(), picture?.size());
    let span = |first: isize, length: usize, all: usize| {
        let at = |at: f32| ((at * scale).round() as usize).min(all);
        at(first as f32)..at(first as f32 + length as f32)
    };
    let frame = Frame::part(span(x, width, slice.width()), span(y, height, slice.height()));
    Some(PictureOnPage { frame, others })
}

/// The pictures on a page, the largest first, without what of them mixes with the page; each has `least` pixels across and
/// down.
fn pictures_on(page: &Slice, least: f32) -> Vec<Rect> {
    let size @ Size { width, height } = page.size();
    let planes: Vec<&[f32]> = (0..page.planes()).map(|index| page.sequence(index)).collect();
    let brightest = planes.iter().flat_map(|plane| plane.iter()).copied().fold(f32::MIN_POSITIVE, f32::max);
    let near = |at: usize, colour: &[f32]| {
        planes.iter().zip(colour).all(|(plane, colour)| (plane[at] - colour).abs() <= TOLERANCE * brightest)
    };
    let lines = [
        (0..height).map(|y| (y * width..(y + 1) * width).collect()).collect::<Vec<Vec<usize>>>(),
        (0..width).map(|x| (0..height).map(|y| y * width + x).collect()).collect(),
    ];
    let colours: Vec<(Vec<f32>, &Vec<usize>)> =
        lines.iter().flat_map(|lines| page_lines(lines, &planes, brightest, &near)).collect();
    let sum = |(colour, _): &&(Vec<f32>, &Vec<usize>)| colour.iter().sum::<f32>();
    let Some((colour, _)) = colours.iter().max_by(|a, b| sum(a).total_cmp(&sum(b))) else { return Vec::new() };
    let edges = lines.iter().flat_map(|lines| [lines.first(), lines.last()]).flatten();
    let seeds = colours.iter().map(|(_, line)| *line).chain(edges).flatten().copied();
    let page = connected(width, height, seeds, |at| near(at, colour));
    let rest: Vec<bool> = page.iter().map(|&page| !page).collect();
    let mut pictures = parts(&rest, size.stacked(1));
    // Of equals the first stays the first.
    pictures.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let without_seam = |part: Vec<usize>| {
        let Rect { left, top, right, bottom } = Rect::around(part.into_iter(), width)?;
        let longest = (right - left).max(bottom - top);
        let seam = (SEAM * longest as f32).round().max(1.0) as usize;
        let inner =
            Rect { left: left + seam, top: top + seam, right: right.max(seam) - seam, bottom: bottom.max(seam) - seam };
        let shortest = inner.right.saturating_sub(inner.left).min(inner.bottom.saturating_sub(inner.top)) as f32;
        let large = shortest >= least && shortest >= SLIMMEST * longest as f32;
        large.then(|| inner.map(|at| at as f32))
    };
    pictures.into_iter().filter_map(without_seam).collect()
}

/// Of some lines side by side, those of one bright colour at either end, and those between pictures, with dark on both
/// sides: a line that is drawn across a head has none.
fn page_lines<'a>(
    lines: &'a [Vec<usize>],
    planes: &[&[f32]],
    brightest: f32,
    near: &impl Fn(usize, &[f32]) -> bool,
) -> Vec<(Vec<f32>, &'a Vec<usize>)> {
    let colour_of = |line: &Vec<usize>| {
        let colour: Vec<f32> = planes.iter().map(|plane| median(line.iter().map(|&at| plane[at]))).collect();
        let bright = colour.iter().copied().fold(0.0, f32::max) > BRIGHT * brightest;
        let alike = |colour: &[f32]| line.iter().filter(|&&at| near(at, colour)).count() as f32;
        (bright && alike(&colour) >= EDGE * line.len() as f32).then_some(colour)
    };
    let is_dark = |line: &Vec<usize>| {
        let dark = |&&at: &&usize| planes.iter().all(|plane| plane[at] < BRIGHT * brightest);
        2 * line.iter().filter(dark).count() >= line.len()
    };
    let colours: Vec<Option<Vec<f32>>> = lines.iter().map(colour_of).collect();
    let plain = |at: usize| colours[at].is_none();
    let between = |at: usize| {
        // The line next to a plain one may mix with it.
        let before = (0..at).rfind(|&at| plain(at)).and_then(|at| at.checked_sub(1));
        let after = (at..lines.len()).find(|&at| plain(at)).map(|at| at + 1).filter(|&at| at < lines.len());
        before.zip(after).is_some_and(|(before, after)| is_dark(&lines[before]) && is_dark(&lines[after]))
    };
    let is_page = |at: usize| at == 0 || at + 1 == lines.len() || between(at);
    let found = colours.iter().zip(lines).enumerate().filter(|(at, (colour, _))| colour.is_some() && is_page(*at));
    found.filter_map(|(_, (colour, line))| Some((colour.clone()?, line))).collect()
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

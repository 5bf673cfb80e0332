//! Where the head is in a picture.
//!
//! A slice that a scanner made is looked at as it is. A picture of one may be anything else: a screen, on which the head is
//! small in the middle of much that is black; a page, on which it stands amid white; a picture cut so close that nothing is
//! left around the head. The network learned from heads of a certain size amid black, and their brightness is measured
//! against it.

use image::GrayImage;
use imageproc::contrast::otsu_level;

use crate::components::{connected, parts};
use crate::fit::Fit;
use crate::frame::Frame;
use crate::slice::Slice;

/// Longer side of the largest grid that scanners make: on it, what is small is the top of a head, not a head on a screen.
const SCANNED: usize = 512;
/// Share of the picture's longer side that a head takes at most for the rest to be left out. In the LGG data set one with a
/// tumour of 100 px takes 0.55 at least.
const SMALL: f32 = 0.5;
/// Share of both sides that it takes at least where the picture was cut close to it. In the LGG data set it takes that in one
/// slice of twenty, as noise does; no volume of the validation patients changes by 0.004 for it.
const CLOSE: f32 = 0.9;
/// Pixels that it has at least: what is smaller is a letter.
const LEAST_PX: f32 = 64.0;
/// Its shorter side, as a share of the longer one, at least: what is slimmer is a line of text.
const SLIMMEST: f32 = 0.5;
/// Share of the frame's side that it takes then; it is the data set's mean.
const SHARE: f32 = 0.75;
/// Share of the middle of a picture, half as wide and high, that something in several of its corners covers at most if it is
/// around what the picture shows, as the desk around a screen.
const AROUND: f32 = 0.1;
/// Share of a picture's width and height that is a corner.
const CORNER: usize = 16;
/// Another picture or head is at least so large, as a share of the one that is looked at, to be one that may be meant.
const SIMILAR: f32 = 0.6;
/// Longer side of the grid on which heads are looked for.
const HEAD_SIDE: usize = 256;
/// And of that for pages.
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

/// Left, top, right and bottom, in pixels.
type Corners = [f32; 4];

/// The head in a picture that the network looks at, and where others are.
#[derive(Clone, Debug, PartialEq)]
pub struct Heads {
    /// What of the picture the network looks at: the head with as much empty around it as in the data set, where the picture
    /// shows it small in a large one, on a page or cut close; else all of it.
    pub frame: Frame,
    /// Places in others that are about as large, or in pictures that may hold some, in pixels.
    pub others: Vec<(f32, f32)>,
}

impl Heads {
    /// Those of a picture, the largest looked at.
    ///
    /// A head is a part of what is brighter than the middle between the darkest pixel and Otsu's threshold.
    pub fn of(slice: &Slice) -> Self {
        let whole = Frame::whole(slice.width(), slice.height());
        let (on_page, mut others) =
            on_page(slice, None).map_or((None, Vec::new()), |(page, others)| (Some(page), others));
        let picture = on_page.unwrap_or(whole);
        let (heads, has_surroundings) = heads(&slice.part(picture));
        let Some((head, rest)) = heads.split_first() else { return Self { frame: picture, others } };
        let frame = picture.around(*head, on_page.is_some() || has_surroundings);
        if frame != whole {
            let (x, y) = picture.origin();
            let similar = rest.iter().filter(|other| side(other) >= SIMILAR * side(head)).map(middle);
            others.extend(similar.map(|at| (at.0 + x as f32, at.1 + y as f32)));
        }
        Self { frame, others }
    }
}

impl Frame {
    /// What of a picture the network looks at, see [`Heads::frame`].
    pub fn around_head(slice: &Slice) -> Self {
        Heads::of(slice).frame
    }

    /// As [`Self::around_head`], of the head at a place, in pixels; nothing if there is none.
    pub fn around_head_at(slice: &Slice, (x, y): (f32, f32)) -> Option<Self> {
        // Beside the pictures of a page there is page.
        let is_page = on_page(slice, None).is_some();
        let whole = Self::whole(slice.width(), slice.height());
        let picture = if is_page { on_page(slice, Some((x, y)))?.0 } else { whole };
        let (left, top) = picture.origin();
        let at = (x - left as f32, y - top as f32);
        let (heads, has_surroundings) = heads(&slice.part(picture));
        let head = heads.into_iter().find(|head| holds(*head, at))?;
        Some(picture.around(head, is_page || has_surroundings))
    }

    /// The frame of a head in the picture that `self` is: all of it where it is neither amid something else nor small nor cut
    /// close.
    fn around(self, head: Corners, amid: bool) -> Self {
        let [left, top, right, bottom] = head;
        let (width, height) = self.size();
        let longest = width.max(height);
        let small = longest > SCANNED && side(&head) < SMALL * longest as f32;
        let close = right - left >= CLOSE * width as f32 && bottom - top >= CLOSE * height as f32;
        if !amid && !small && !close {
            return self;
        }
        let ((x, y), (dx, dy)) = (self.origin(), middle(&head));
        self.square((x as f32 + dx, y as f32 + dy), (side(&head) / SHARE).round() as usize)
    }
}

/// The largest picture on a page, or that at a place, if the whole is one, and places in others: a page has one bright
/// colour along an edge or between pictures, all that hangs together with it is page, and pictures are what is left.
fn on_page(slice: &Slice, at: Option<(f32, f32)>) -> Option<(Frame, Vec<(f32, f32)>)> {
    let fit = Fit::new(slice.width(), slice.height(), PAGE_SIDE.min(slice.width().max(slice.height())), 1);
    let (width, height) = fit.network();
    let planes = (0..slice.planes()).map(|index| fit.network_from_source(slice.sequence(index), 0.0)).collect();
    let small = Slice::new(width, height, planes);
    let (least, scale) = (fit.network_length(LEAST_PX), 1.0 / fit.network_length(1.0));
    let (mut picture, mut others) = (None, Vec::new());
    for _ in 0..PAGES {
        let frame = picture.unwrap_or(Frame::whole(width, height));
        let (x, y) = frame.origin();
        let at = at.map(|at| (at.0 / scale - x as f32, at.1 / scale - y as f32));
        let pictures = pictures_on(&small.part(frame), least);
        let Some(chosen) = pictures.iter().position(|picture| at.is_none_or(|at| holds(*picture, at))) else { break };
        let [left, top, right, bottom] = pictures[chosen];
        for (index, other) in pictures.iter().enumerate() {
            if index != chosen && side(other) >= SIMILAR * side(&pictures[chosen]) {
                let (dx, dy) = middle(other);
                others.push(((x as f32 + dx) * scale, (y as f32 + dy) * scale));
            }
        }
        let within = |first: isize, from: f32, to: f32| first as usize + from as usize..first as usize + to as usize;
        picture = Some(Frame::part(within(x, left, right), within(y, top, bottom)));
    }
    let ((x, y), (width, height)) = (picture?.origin(), picture?.size());
    let span = |first: isize, length: usize, all: usize| {
        let at = |at: f32| ((at * scale).round() as usize).min(all);
        at(first as f32)..at(first as f32 + length as f32)
    };
    Some((Frame::part(span(x, width, slice.width()), span(y, height, slice.height())), others))
}

/// The pictures on a page, the largest first, without what of them mixes with the page; each has `least` pixels across and
/// down.
fn pictures_on(page: &Slice, least: f32) -> Vec<Corners> {
    let (width, height) = (page.width(), page.height());
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
    let mut pictures = parts(&rest, [width, height, 1]);
    // Of equals the first stays the first.
    pictures.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let without_seam = |part: Vec<usize>| {
        let [left, top, right, bottom] = corners(part.into_iter(), width)?;
        let longest = (right - left).max(bottom - top);
        let seam = (SEAM * longest as f32).round().max(1.0) as usize;
        let [left, top, right, bottom] = [left + seam, top + seam, right.max(seam) - seam, bottom.max(seam) - seam];
        let shortest = right.saturating_sub(left).min(bottom.saturating_sub(top)) as f32;
        let large = shortest >= least && shortest >= SLIMMEST * longest as f32;
        large.then(|| [left, top, right, bottom].map(|at| at as f32))
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

/// Where heads are, the largest first, and whether the picture has surroundings, as a photograph of a screen. No heads where
/// what is largest of the rest has no head's size or shape.
fn heads(slice: &Slice) -> (Vec<Corners>, bool) {
    let fit = Fit::new(slice.width(), slice.height(), HEAD_SIDE, 1);
    let values = slice.brightest();
    let brightest = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let (width, height) = fit.network();
    let grey = fit.network_from_source(&values, 0.0).into_iter().map(|value| (255.0 * value / brightest) as u8);
    let grey = GrayImage::from_raw(width as u32, height as u32, grey.collect()).expect("one number per pixel");
    let darkest = grey.as_raw().iter().copied().min().unwrap_or(0);
    let level = u8::midpoint(darkest, otsu_level(&grey));
    let bright: Vec<bool> = grey.as_raw().iter().map(|&value| value > level).collect();
    let (around, mut parts): (Vec<_>, Vec<_>) =
        parts(&bright, [width, height, 1]).into_iter().partition(|part| is_around(part, width, height));
    // Of equals the first stays the first.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let scale = fit.network_length(1.0);
    let corners = parts.into_iter().filter_map(|part| corners(part.into_iter(), width));
    let all: Vec<Corners> = corners.map(|corners| corners.map(|at| at as f32 / scale)).collect();
    let heads = match all.first() {
        Some(largest) if is_head(largest) => all.into_iter().filter(is_head).collect(),
        _ => Vec::new(),
    };
    (heads, !around.is_empty())
}

/// Whether a part of a picture is around what it shows: in two of its corners, where a head has none, and not in its middle.
fn is_around(part: &[usize], width: usize, height: usize) -> bool {
    let middle = |at: usize, side: usize| (side / 4..side - side / 4).contains(&at);
    let covered = part.iter().filter(|&&at| middle(at % width, width) && middle(at / width, height)).count();
    let area = (width - width / 4 * 2) * (height - height / 4 * 2);
    // Before and behind the middle; nothing between the corners of an edge.
    let end = |at: usize, side: usize| match side.div_ceil(CORNER) {
        near if at < near => Some(0),
        near if at + near >= side => Some(1),
        _ => None,
    };
    let mut corners = [false; 4];
    for (x, y) in part.iter().filter_map(|&at| end(at % width, width).zip(end(at / width, height))) {
        corners[2 * y + x] = true;
    }
    corners.into_iter().filter(|&corner| corner).count() >= 2 && (covered as f32) < AROUND * area as f32
}

fn is_head(corners: &Corners) -> bool {
    let [left, top, right, bottom] = corners;
    side(corners) >= LEAST_PX && (right - left).min(bottom - top) >= SLIMMEST * side(corners)
}

fn holds([left, top, right, bottom]: Corners, (x, y): (f32, f32)) -> bool {
    (left..right).contains(&x) && (top..bottom).contains(&y)
}

/// The longer one.
fn side([left, top, right, bottom]: &Corners) -> f32 {
    (right - left).max(bottom - top)
}

fn middle([left, top, right, bottom]: &Corners) -> (f32, f32) {
    (f32::midpoint(*left, *right), f32::midpoint(*top, *bottom))
}

/// The first column and row of some places on a grid, and those after the last.
fn corners(places: impl Iterator<Item = usize>, width: usize) -> Option<[usize; 4]> {
    let around = |[left, top, right, bottom]: [usize; 4], at: usize| {
        let (x, y) = (at % width, at / width);
        [left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)]
    };
    let [left, top, right, bottom] = places.fold([usize::MAX, usize::MAX, 0, 0], around);
    (right > 0).then_some([left, top, right, bottom])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bright disk of some radius around a place amid black, and a line of text far from it.
    fn picture(width: usize, height: usize, (x, y): (f32, f32), radius: f32) -> Slice {
        let bright = |at: usize| {
            let (column, row) = ((at % width) as f32, (at / width) as f32);
            (column - x).hypot(row - y) < radius || (row < 12.0 && column < 90.0 && !at.is_multiple_of(3))
        };
        Slice::new(width, height, vec![(0..width * height).map(|at| if bright(at) { 0.6 } else { 0.02 }).collect()])
    }

    /// Pictures as parts of something of one colour.
    fn page(width: usize, height: usize, colour: f32, pictures: &[(usize, usize, &Slice)]) -> Slice {
        let mut values = vec![colour; width * height];
        for (left, top, slice) in pictures {
            for (y, row) in slice.sequence(0).chunks(slice.width()).enumerate() {
                values[(top + y) * width + left..][..row.len()].copy_from_slice(row);
            }
        }
        Slice::new(width, height, vec![values])
    }

    fn near(frame: Frame, middle: (isize, isize), side: usize) -> bool {
        let ((x, y), (width, height)) = (frame.origin(), frame.size());
        let half = side as isize / 2;
        width == height
            && width.abs_diff(side) < 16
            && x.abs_diff(middle.0 - half) < 12
            && y.abs_diff(middle.1 - half) < 12
    }

    #[test]
    fn a_small_head_in_a_large_picture_is_framed() {
        let frame = Frame::around_head(&picture(1200, 800, (700.0, 420.0), 200.0));
        assert!(near(frame, (700, 420), 533), "{frame:?}");
    }

    #[test]
    fn a_frame_goes_on_where_the_picture_ends() {
        let slice = picture(1200, 420, (205.0, 210.0), 200.0);
        let frame = Frame::around_head(&slice);
        assert!(near(frame, (205, 210), 533), "{frame:?}");
        let part = slice.part(frame);
        assert_eq!(part.sequence(0)[0], 0.02, "what is beyond is as dark as the darkest");
    }

    #[test]
    fn a_picture_cut_close_to_the_head_gets_room_around_it() {
        let frame = Frame::around_head(&picture(180, 200, (90.0, 100.0), 96.0));
        assert!(near(frame, (90, 100), 256), "{frame:?}");
    }

    #[test]
    fn a_large_head_a_small_picture_and_an_empty_one_are_left_whole() {
        for (width, height, radius) in [(800, 600, 215.0), (512, 512, 75.0), (256, 256, 50.0), (900, 900, 0.0)] {
            let slice = picture(width, height, (width as f32 / 2.0, height as f32 / 2.0), radius);
            assert_eq!(Frame::around_head(&slice), Frame::whole(width, height), "{width} {radius}");
        }
        let blank = Slice::new(900, 900, vec![vec![0.0; 900 * 900]]);
        assert_eq!(Frame::around_head(&blank), Frame::whole(900, 900));
        let white = Slice::new(90, 70, vec![vec![1.0; 90 * 70]]);
        assert_eq!(Frame::around_head(&white).size(), (120, 120));
    }

    #[test]
    fn of_a_page_its_largest_picture_is_looked_at_and_nothing_around_it() {
        let (large, small) = (picture(300, 300, (150.0, 150.0), 120.0), picture(100, 100, (50.0, 50.0), 30.0));
        let caption = picture(400, 14, (-99.0, -99.0), 1.0);
        for colour in [1.0, 0.3] {
            let slice = page(700, 520, colour, &[(40, 60, &large), (500, 80, &small), (40, 480, &caption)]);
            let frame = Frame::around_head(&slice);
            assert!(near(frame, (190, 210), 320), "{frame:?}");
            assert!(slice.part(frame).sequence(0).iter().all(|&value| value != colour), "some of the page is left");
            // In a window of another colour.
            let slice = page(1100, 700, 0.8, &[(200, 100, &slice)]);
            let frame = Frame::around_head(&slice);
            assert!(near(frame, (390, 310), 320), "{frame:?}");
        }
    }

    #[test]
    fn every_head_of_a_page_or_a_screen_can_be_looked_at() {
        let (large, small) = (picture(300, 300, (150.0, 150.0), 120.0), picture(240, 240, (120.0, 120.0), 100.0));
        let page = page(700, 420, 1.0, &[(40, 60, &large), (400, 80, &small)]);
        let mut screen = picture(1200, 700, (300.0, 350.0), 160.0);
        let other = picture(1200, 700, (800.0, 350.0), 140.0);
        screen = Slice::new(
            1200,
            700,
            vec![screen.sequence(0).iter().zip(other.sequence(0)).map(|(a, b)| a.max(*b)).collect()],
        );
        for (slice, first, second) in
            [(&page, ((190, 210), 320), ((520, 200), 267)), (&screen, ((300, 350), 427), ((800, 350), 373))]
        {
            assert!(near(Frame::around_head(slice), first.0, first.1));
            for (middle, side) in [first, second] {
                let frame = Frame::around_head_at(slice, (middle.0 as f32, middle.1 as f32)).unwrap();
                assert!(near(frame, middle, side), "{frame:?}");
            }
            assert_eq!(Frame::around_head_at(slice, (690.0, 30.0)), None);
        }
        let plain = picture(256, 256, (128.0, 128.0), 90.0);
        assert_eq!(Frame::around_head_at(&plain, (100.0, 100.0)), Some(Frame::whole(256, 256)));
        assert_eq!(Frame::around_head_at(&plain, (10.0, 250.0)), None);
    }

    #[test]
    fn pictures_without_a_margin_are_told_apart_by_the_lines_between_them() {
        // Heads that reach the edges of their pictures.
        let head = || picture(256, 256, (128.0, 128.0), 127.0);
        let heads = [head(), head(), head(), head()];
        let places = [(0, 0), (262, 0), (0, 262), (262, 262)];
        let placed: Vec<_> = places.iter().zip(&heads).map(|(&(x, y), head)| (x, y, head)).collect();
        let slice = page(518, 518, 1.0, &placed);
        let Heads { frame, others } = Heads::of(&slice);
        assert!(near(frame, (128, 128), 339), "{frame:?}");
        assert_eq!(others.len(), 3);
        for (at, middle) in others.into_iter().zip([(390, 128), (128, 390), (390, 390)]) {
            assert!(near(Frame::around_head_at(&slice, at).unwrap(), middle, 339), "{at:?}");
        }
    }

    #[test]
    fn what_is_around_a_screen_is_not_the_head() {
        // A desk that becomes brighter from left to right, and a dark screen on it.
        let (width, height) = (1000, 750);
        let screen = picture(800, 560, (360.0, 290.0), 200.0);
        let mut values: Vec<f32> = (0..width * height).map(|at| 0.4 + 0.5 * (at % width) as f32 / 1000.0).collect();
        for (y, row) in screen.sequence(0).chunks(800).enumerate() {
            values[(90 + y) * width + 110..][..800].copy_from_slice(row);
        }
        let photograph = Slice::new(width, height, vec![values.clone()]);
        let frame = Frame::around_head(&photograph);
        assert!(near(frame, (110 + 360, 90 + 290), 533), "{frame:?}");
        // The same with the desk on one side alone.
        values[..width * 650].chunks_mut(width).for_each(|row| row[..110].fill(0.02));
        values[..width * 650].chunks_mut(width).for_each(|row| row[910..].fill(0.02));
        values[..width * 90].fill(0.02);
        let frame = Frame::around_head(&Slice::new(width, height, vec![values]));
        assert!(near(frame, (110 + 360, 90 + 290), 533), "{frame:?}");
    }

    #[test]
    fn a_line_across_a_head_is_no_page() {
        let head = picture(300, 300, (150.0, 150.0), 120.0);
        let mut values = head.sequence(0).to_vec();
        (0..300).for_each(|at| (values[150 * 300 + at], values[at * 300 + 140]) = (1.0, 1.0));
        let Heads { frame, others } = Heads::of(&Slice::new(300, 300, vec![values]));
        assert_eq!((frame.visible(), others), ((0..300, 0..300), Vec::new()));
    }

    #[test]
    fn a_bright_band_along_one_edge_is_page() {
        let slice = page(256, 330, 1.0, &[(0, 0, &picture(256, 256, (128.0, 128.0), 90.0))]);
        let frame = Frame::around_head(&slice);
        assert!(near(frame, (128, 128), 240), "{frame:?}");
    }
}

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

impl Frame {
    /// What of a picture the network looks at: the head with as much empty around it as in the data set, where the picture
    /// shows it small in a large one, on a page or cut close; else all of it.
    ///
    /// The head is the largest part of what is brighter than the middle between the darkest pixel and Otsu's threshold.
    pub fn around_head(slice: &Slice) -> Self {
        let on_page = on_page(slice, None);
        let picture = on_page.unwrap_or(Self::whole(slice.width(), slice.height()));
        head(&slice.part(picture), None).map_or(picture, |head| picture.around(head, on_page.is_some()))
    }

    /// As [`Self::around_head`], of the head at a place, in pixels; nothing if there is none.
    pub fn around_head_at(slice: &Slice, (x, y): (f32, f32)) -> Option<Self> {
        // Beside the pictures of a page there is page.
        let is_page = on_page(slice, None).is_some();
        let whole = Self::whole(slice.width(), slice.height());
        let picture = if is_page { on_page(slice, Some((x, y)))? } else { whole };
        let (left, top) = picture.origin();
        let head = head(&slice.part(picture), Some((x - left as f32, y - top as f32)))?;
        Some(picture.around(head, is_page))
    }

    /// The frame of a head in the picture that `self` is: all of it where it is neither on a page nor small nor cut close.
    fn around(self, [left, top, right, bottom]: Corners, on_page: bool) -> Self {
        let (across, down) = (right - left, bottom - top);
        let side = across.max(down);
        let (width, height) = self.size();
        let longest = width.max(height);
        let small = longest > SCANNED && side < SMALL * longest as f32;
        let close = across >= CLOSE * width as f32 && down >= CLOSE * height as f32;
        if !on_page && !small && !close {
            return self;
        }
        let (x, y) = self.origin();
        let middle = (x as f32 + f32::midpoint(left, right), y as f32 + f32::midpoint(top, bottom));
        self.square(middle, (side / SHARE).round() as usize)
    }
}

/// The largest picture on a page, or that at a place, if the whole is one: a page has one bright colour along an edge, all
/// that hangs together with it is page, and pictures are what is left.
fn on_page(slice: &Slice, at: Option<(f32, f32)>) -> Option<Frame> {
    let fit = Fit::new(slice.width(), slice.height(), PAGE_SIDE.min(slice.width().max(slice.height())), 1);
    let (width, height) = fit.network();
    let planes = (0..slice.planes()).map(|index| fit.network_from_source(slice.sequence(index), 0.0)).collect();
    let small = Slice::new(width, height, planes);
    let least = fit.network_length(LEAST_PX);
    let mut picture = None;
    for _ in 0..PAGES {
        let frame = picture.unwrap_or(Frame::whole(width, height));
        let (x, y) = frame.origin();
        let at = at.map(|at| (fit.network_length(at.0) - x as f32, fit.network_length(at.1) - y as f32));
        let Some(inner) = picture_on(&small.part(frame), least, at) else { break };
        let ((dx, dy), (width, height)) = (inner.origin(), inner.size());
        let (left, top) = ((x + dx) as usize, (y + dy) as usize);
        picture = Some(Frame::part(left..left + width, top..top + height));
    }
    let ((x, y), (width, height)) = (picture?.origin(), picture?.size());
    let scale = 1.0 / fit.network_length(1.0);
    let span = |first: isize, length: usize, all: usize| {
        let at = |at: f32| ((at * scale).round() as usize).min(all);
        at(first as f32)..at(first as f32 + length as f32)
    };
    Some(Frame::part(span(x, width, slice.width()), span(y, height, slice.height())))
}

/// The largest picture on a page, or that at a place, without what of it mixes with the page; it has `least` pixels across
/// and down.
fn picture_on(page: &Slice, least: f32, at: Option<(f32, f32)>) -> Option<Frame> {
    let (width, height) = (page.width(), page.height());
    let planes: Vec<&[f32]> = (0..page.planes()).map(|index| page.sequence(index)).collect();
    let brightest = planes.iter().flat_map(|plane| plane.iter()).copied().fold(f32::MIN_POSITIVE, f32::max);
    let near = |at: usize, colour: &[f32]| {
        planes.iter().zip(colour).all(|(plane, colour)| (plane[at] - colour).abs() <= TOLERANCE * brightest)
    };
    let column = |x: usize| (0..height).map(move |y| y * width + x).collect();
    let row = |y: usize| (y * width..(y + 1) * width).collect();
    let edges: [Vec<usize>; 4] = [row(0), row(height - 1), column(0), column(width - 1)];
    let colours = edges.iter().filter_map(|edge| {
        let colour: Vec<f32> = planes.iter().map(|plane| median(edge.iter().map(|&at| plane[at]))).collect();
        let alike = edge.iter().filter(|&&at| near(at, &colour)).count() as f32;
        let bright = colour.iter().copied().fold(0.0, f32::max) > BRIGHT * brightest;
        (bright && alike >= EDGE * edge.len() as f32).then_some(colour)
    });
    let sum = |colour: &[f32]| colour.iter().sum::<f32>();
    let colour = colours.max_by(|a, b| sum(a).total_cmp(&sum(b)))?;
    let page = connected(width, height, edges.iter().flatten().copied(), |at| near(at, &colour));
    let rest: Vec<bool> = page.iter().map(|&page| !page).collect();
    let mut pictures = parts(&rest, [width, height, 1]);
    pictures.sort_unstable_by_key(|part| std::cmp::Reverse(part.len()));
    pictures.into_iter().find_map(|part| {
        let [left, top, right, bottom] = corners(part.into_iter(), width)?;
        let longest = (right - left).max(bottom - top);
        let seam = (SEAM * longest as f32).round().max(1.0) as usize;
        let [left, top, right, bottom] = [left + seam, top + seam, right.max(seam) - seam, bottom.max(seam) - seam];
        let shortest = right.saturating_sub(left).min(bottom.saturating_sub(top)) as f32;
        let large = shortest >= least && shortest >= SLIMMEST * longest as f32;
        let wanted = at.is_none_or(|at| holds([left, top, right, bottom].map(|at| at as f32), at));
        (large && wanted).then(|| Frame::part(left..right, top..bottom))
    })
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// Where the head is, the largest or that at a place; nothing where what there is has no head's size or shape.
fn head(slice: &Slice, at: Option<(f32, f32)>) -> Option<Corners> {
    let fit = Fit::new(slice.width(), slice.height(), HEAD_SIDE, 1);
    let values = slice.brightest();
    let brightest = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let (width, height) = fit.network();
    let grey = fit.network_from_source(&values, 0.0).into_iter().map(|value| (255.0 * value / brightest) as u8);
    let grey = GrayImage::from_raw(width as u32, height as u32, grey.collect()).expect("one number per pixel");
    let darkest = grey.as_raw().iter().copied().min()?;
    let level = u8::midpoint(darkest, otsu_level(&grey));
    let bright: Vec<bool> = grey.as_raw().iter().map(|&value| value > level).collect();
    let mut parts = parts(&bright, [width, height, 1]);
    // Of equals the first stays the first.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let scale = fit.network_length(1.0);
    let mut heads =
        parts.into_iter().filter_map(|part| Some(corners(part.into_iter(), width)?.map(|at| at as f32 / scale)));
    let [left, top, right, bottom] = heads.find(|head| at.is_none_or(|at| holds(*head, at)))?;
    let (across, down) = (right - left, bottom - top);
    let side = across.max(down);
    (side >= LEAST_PX && across.min(down) >= SLIMMEST * side).then_some([left, top, right, bottom])
}

fn holds([left, top, right, bottom]: Corners, (x, y): (f32, f32)) -> bool {
    (left..right).contains(&x) && (top..bottom).contains(&y)
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
    fn a_bright_band_along_one_edge_is_page() {
        let slice = page(256, 330, 1.0, &[(0, 0, &picture(256, 256, (128.0, 128.0), 90.0))]);
        let frame = Frame::around_head(&slice);
        assert!(near(frame, (128, 128), 240), "{frame:?}");
    }
}

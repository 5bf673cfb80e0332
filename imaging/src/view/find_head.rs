//! Where the head is in a picture.
//!
//! A slice that a scanner made is looked at as it is. A picture of one may be anything else: a screen, on which the head is
//! small in the middle of much that is black; a page, on which white is around it; a picture cut so close that nothing is
//! left around the head. The network learned from heads of a certain size with black around them, and their brightness is measured
//! against it.

use image::GrayImage;
use imageproc::contrast::otsu_level;

use super::find_page::{PictureOnPage, picture_on_page};
use super::{LEAST_PX, SIMILAR, SLIMMEST};
use crate::grid::{Fit, Frame, Point, Rect, Size};
use crate::mask::parts;
use crate::slice::Slice;

/// Longer side of the largest grid that scanners make: on it, what is small is the top of a head, not a head on a screen.
const SCANNED: usize = 512;
/// Share of the picture's longer side that a head takes at most for the rest to be left out. In the LGG data set one with a
/// tumour of 100 px takes 0.55 at least.
const SMALL: f32 = 0.5;
/// Share of both sides that it takes at least where the picture was cut close to it. In the LGG data set it takes that in one
/// slice of twenty, as noise does; no volume of the validation patients changes by 0.004 for it.
const CLOSE: f32 = 0.9;
/// Share of the frame's side that it takes then; it is the data set's mean.
const SHARE: f32 = 0.75;
/// Share of the middle of a picture, half as wide and high, that something in several of its corners covers at most if it is
/// around what the picture shows, as the desk around a screen.
const AROUND: f32 = 0.1;
/// Share of a picture's width and height that is a corner.
const CORNER: usize = 16;
/// Longer side of the grid on which heads are looked for.
const HEAD_SIDE: usize = 256;
/// The head in a picture that the network looks at, and where others are.
#[derive(Clone, Debug, PartialEq)]
pub struct Heads {
    /// What of the picture the network looks at: the head with as much empty around it as in the data set, where the picture
    /// shows it small in a large one, on a page or cut close; else all of it.
    pub frame: Frame,
    /// Places in others that are about as large, or in pictures that may hold some, in pixels.
    pub others: Vec<Point>,
}

impl Heads {
    /// Those of a picture, the largest looked at.
    ///
    /// A head is a part of what is brighter than the middle between the darkest pixel and Otsu's threshold.
    pub fn of(slice: &Slice) -> Self {
        let whole = Frame::whole(slice.width(), slice.height());
        let on_page = picture_on_page(slice, None);
        let is_page = on_page.is_some();
        let (picture, mut others) =
            on_page.map_or((whole, Vec::new()), |PictureOnPage { frame, others }| (frame, others));
        let (heads, has_surroundings) = heads(&slice.part(picture));
        let Some((head, rest)) = heads.split_first() else { return Self { frame: picture, others } };
        let frame = frame_around(picture, *head, is_page || has_surroundings);
        if frame != whole {
            let origin = picture.origin();
            let similar = rest.iter().filter(|other| other.longer_side() >= SIMILAR * head.longer_side());
            others.extend(similar.map(|other| {
                let Point { x, y } = other.middle();
                Point { x: x + origin.x as f32, y: y + origin.y as f32 }
            }));
        }
        Self { frame, others }
    }

    /// What the network looks at of the head at a place, in pixels; nothing if there is none.
    pub fn frame_at(slice: &Slice, at: Point) -> Option<Frame> {
        // Beside the pictures of a page there is page.
        let is_page = picture_on_page(slice, None).is_some();
        let whole = Frame::whole(slice.width(), slice.height());
        let picture = if is_page { picture_on_page(slice, Some(at))?.frame } else { whole };
        let origin = picture.origin();
        let at = Point { x: at.x - origin.x as f32, y: at.y - origin.y as f32 };
        let (heads, has_surroundings) = heads(&slice.part(picture));
        let head = heads.into_iter().find(|head| head.contains(at))?;
        Some(frame_around(picture, head, is_page || has_surroundings))
    }
}

/// The frame of a head in a picture: all of the picture where it has no surroundings and the head is neither small in it nor
/// cut close.
fn frame_around(picture: Frame, head: Rect, has_surroundings: bool) -> Frame {
    let Size { width, height } = picture.size();
    let longest = width.max(height);
    let small = longest > SCANNED && head.longer_side() < SMALL * longest as f32;
    let close = head.width() >= CLOSE * width as f32 && head.height() >= CLOSE * height as f32;
    if !has_surroundings && !small && !close {
        return picture;
    }
    let (origin, middle) = (picture.origin(), head.middle());
    let middle = Point { x: origin.x as f32 + middle.x, y: origin.y as f32 + middle.y };
    picture.square(middle, (head.longer_side() / SHARE).round() as usize)
}

/// Where heads are, the largest first, and whether the picture has surroundings, as a photograph of a screen. No heads where
/// what is largest of the rest has no head's size or shape.
fn heads(slice: &Slice) -> (Vec<Rect>, bool) {
    let fit = Fit::new(slice.width(), slice.height(), HEAD_SIDE, 1);
    let values = slice.brightest();
    let brightest = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let size @ Size { width, height } = fit.network();
    let grey = fit.network_from_source(&values, 0.0).into_iter().map(|value| (255.0 * value / brightest) as u8);
    let grey = GrayImage::from_raw(width as u32, height as u32, grey.collect()).expect("one number per pixel");
    let darkest = grey.as_raw().iter().copied().min().unwrap_or(0);
    let level = u8::midpoint(darkest, otsu_level(&grey));
    let bright: Vec<bool> = grey.as_raw().iter().map(|&value| value > level).collect();
    let (around, mut parts): (Vec<_>, Vec<_>) =
        parts(&bright, size.stacked(1)).into_iter().partition(|part| is_around(part, width, height));
    // Of equals the first stays the first.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let scale = fit.network_length(1.0);
    let rects = parts.into_iter().filter_map(|part| Rect::around(part.into_iter(), width));
    let all: Vec<Rect> = rects.map(|rect| rect.map(|at| at as f32 / scale)).collect();
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

fn is_head(rect: &Rect) -> bool {
    let longer = rect.longer_side();
    longer >= LEAST_PX && rect.width().min(rect.height()) >= SLIMMEST * longer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bright disk of some radius around a place on black, and a line of text far from it.
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
        let (Point { x, y }, Size { width, height }) = (frame.origin(), frame.size());
        let half = side as isize / 2;
        width == height
            && width.abs_diff(side) < 16
            && x.abs_diff(middle.0 - half) < 12
            && y.abs_diff(middle.1 - half) < 12
    }

    fn frame_of(slice: &Slice) -> Frame {
        Heads::of(slice).frame
    }

    fn frame_at(slice: &Slice, x: f32, y: f32) -> Option<Frame> {
        Heads::frame_at(slice, Point { x, y })
    }

    #[test]
    fn a_small_head_in_a_large_picture_is_framed() {
        let frame = frame_of(&picture(1200, 800, (700.0, 420.0), 200.0));
        assert!(near(frame, (700, 420), 533), "{frame:?}");
    }

    #[test]
    fn a_frame_goes_on_where_the_picture_ends() {
        let slice = picture(1200, 420, (205.0, 210.0), 200.0);
        let frame = frame_of(&slice);
        assert!(near(frame, (205, 210), 533), "{frame:?}");
        let part = slice.part(frame);
        assert_eq!(part.sequence(0)[0], 0.02, "what is beyond is as dark as the darkest");
    }

    #[test]
    fn a_picture_cut_close_to_the_head_gets_room_around_it() {
        let frame = frame_of(&picture(180, 200, (90.0, 100.0), 96.0));
        assert!(near(frame, (90, 100), 256), "{frame:?}");
    }

    #[test]
    fn a_large_head_a_small_picture_and_an_empty_one_are_left_whole() {
        for (width, height, radius) in [(800, 600, 215.0), (512, 512, 75.0), (256, 256, 50.0), (900, 900, 0.0)] {
            let slice = picture(width, height, (width as f32 / 2.0, height as f32 / 2.0), radius);
            assert_eq!(frame_of(&slice), Frame::whole(width, height), "{width} {radius}");
        }
        let blank = Slice::new(900, 900, vec![vec![0.0; 900 * 900]]);
        assert_eq!(frame_of(&blank), Frame::whole(900, 900));
        let white = Slice::new(90, 70, vec![vec![1.0; 90 * 70]]);
        assert_eq!(frame_of(&white).size(), Size::new(120, 120));
    }

    #[test]
    fn of_a_page_its_largest_picture_is_looked_at_and_nothing_around_it() {
        let (large, small) = (picture(300, 300, (150.0, 150.0), 120.0), picture(100, 100, (50.0, 50.0), 30.0));
        let caption = picture(400, 14, (-99.0, -99.0), 1.0);
        for colour in [1.0, 0.3] {
            let slice = page(700, 520, colour, &[(40, 60, &large), (500, 80, &small), (40, 480, &caption)]);
            let frame = frame_of(&slice);
            assert!(near(frame, (190, 210), 320), "{frame:?}");
            assert!(slice.part(frame).sequence(0).iter().all(|&value| value != colour), "some of the page is left");
            // In a window of another colour.
            let slice = page(1100, 700, 0.8, &[(200, 100, &slice)]);
            let frame = frame_of(&slice);
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
            assert!(near(frame_of(slice), first.0, first.1));
            for (middle, side) in [first, second] {
                let frame = frame_at(slice, middle.0 as f32, middle.1 as f32).unwrap();
                assert!(near(frame, middle, side), "{frame:?}");
            }
            assert_eq!(frame_at(slice, 690.0, 30.0), None);
        }
        let plain = picture(256, 256, (128.0, 128.0), 90.0);
        assert_eq!(frame_at(&plain, 100.0, 100.0), Some(Frame::whole(256, 256)));
        assert_eq!(frame_at(&plain, 10.0, 250.0), None);
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
            assert!(near(Heads::frame_at(&slice, at).unwrap(), middle, 339), "{at:?}");
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
        let frame = frame_of(&photograph);
        assert!(near(frame, (110 + 360, 90 + 290), 533), "{frame:?}");
        // The same with the desk on one side alone.
        values[..width * 650].chunks_mut(width).for_each(|row| row[..110].fill(0.02));
        values[..width * 650].chunks_mut(width).for_each(|row| row[910..].fill(0.02));
        values[..width * 90].fill(0.02);
        let frame = frame_of(&Slice::new(width, height, vec![values]));
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
        let frame = frame_of(&slice);
        assert!(near(frame, (128, 128), 240), "{frame:?}");
    }
}

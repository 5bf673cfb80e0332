//! The pictures of a report: the study cut in three planes through the middle of the mask, all to one scale.

use imaging::{Mask, Point, Size};
use leptos::prelude::*;

use super::{Results, cuts};
use crate::annotation::Annotation;
use crate::documents::picture::Levels;
use crate::documents::study::{Cut, HEIGHT_WITHOUT_SCALE, Study};
use crate::language::{Text, text};
use crate::viewport::canvas::{self, Canvas};
use crate::viewport::projection::CanvasFromSlice;
use crate::viewport::scale_bar::scale_bar;
use crate::viewport::theme::{self, MASK};

/// Room for all planes beside each other on paper, and for the highest of them, in mm.
pub const PAPER_MM: (f64, f64) = (184.0, 80.0);
/// Height that one by itself may have, in mm of paper.
const LONE_MM: f64 = 110.0;
/// Distance of two planes on paper, in mm.
pub const GAP_MM: f64 = 2.0;
/// Pixels of a picture for a mm of paper: 300 an inch.
const DOTS: f64 = 300.0 / 25.4;
/// What a mm of paper is to a scale bar, which then is 20 mm long at most.
const BAR_PX: f64 = 6.5;
/// Height of letters on paper, in mm.
const LETTERS_MM: f64 = 3.2;
/// Share of the levels' width from which a number is taken for the head, and share of a row that has to be.
const HEAD: (f64, f64) = (0.12, 0.02);
/// Room left around it, as a share of its size.
const MARGIN: f64 = 0.03;

/// One of the pictures, with what is written below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Which it is, for tests and style sheets.
    pub key: &'static str,
    /// What it shows.
    pub caption: Text,
    /// Whether it is known which side is which.
    pub placed: bool,
    /// Whether lengths in it are to scale.
    pub to_scale: bool,
    /// The picture, as an address.
    pub picture: String,
    /// Its size on paper, in mm.
    pub paper_mm: (f64, f64),
}

/// A plane before it is drawn.
struct Piece {
    key: &'static str,
    caption: Text,
    image: Canvas,
    mask: Mask,
    /// Width and height of a pixel, in mm or of unknown unit.
    pixel: [f64; 2],
    part: Part,
    /// What is to the left, right, above and below, where that is known.
    sides: Option<[&'static str; 4]>,
}

/// Columns and rows of a picture that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// Pieces that belong together.
struct Pieces {
    all: Vec<Piece>,
    to_scale: bool,
    opacity: f32,
}

impl Results {
    /// The planes of the study on screen, through the middle of its mask; of a lone slice, that slice.
    pub(super) fn planes(self, axial: Option<usize>) -> Option<Vec<Plane>> {
        let Pieces { all, to_scale, opacity } = self.pieces(axial)?;
        let scale = paper_scale(&all);
        Some(all.into_iter().map(|piece| piece.plane(scale, to_scale, opacity)).collect())
    }

    /// The same beside each other in one picture, and a line below them.
    pub(super) fn planes_picture(self, axial: Option<usize>, line: &str) -> Option<Canvas> {
        let Pieces { all, to_scale, opacity } = self.pieces(axial)?;
        let scale = paper_scale(&all);
        let drawn: Vec<Canvas> = all.iter().map(|piece| piece.drawn(scale, to_scale, opacity)).collect();
        let gap = (GAP_MM * DOTS).round() as usize;
        let sizes: Vec<[usize; 2]> = drawn.iter().map(Canvas::size).collect();
        let width = sizes.iter().map(|size| size[0] + gap).sum::<usize>() - gap;
        let height = sizes.iter().map(|size| size[1]).max()?;
        let letters = LETTERS_MM * DOTS;
        let picture = Canvas::detached(width, height + (2.0 * letters) as usize);
        picture.clear(theme::BLACK);
        let mut x = 0;
        for (canvas, [width, _]) in drawn.iter().zip(sizes) {
            picture.stamp(canvas, CanvasFromSlice { x: x as f64, y: 0.0, scale: 1.0, aspect: 1.0 });
            x += width + gap;
        }
        picture.write(line, letters / 2.0, height as f64 + 1.4 * letters, theme::TEXT, letters as u32);
        Some(picture)
    }

    fn pieces(self, axial: Option<usize>) -> Option<Pieces> {
        let opacity = self.viewport.opacity.get();
        let picture = self.documents.picture.get()?;
        let Some(study) = self.documents.study_on_screen() else {
            let mask = (*self.annotation.mask.get()?).clone();
            let image = canvas::slice(&picture, self.viewport.sequences.get(), self.viewport.levels_of(&picture));
            let leading = self.viewport.sequences.get().leading();
            let levels = self.viewport.levels_of(&picture)[leading];
            let part = Part::of_head(picture.plane(leading), picture.info.width, levels).around(&mask);
            let caption = self.slice_name().into();
            let pixel = picture.spacing_mm.unwrap_or([1.0; 2]);
            let piece = Piece { key: "axial", caption, image, mask, pixel, part, sides: None };
            return Some(Pieces { all: vec![piece], to_scale: picture.spacing_mm.is_some(), opacity });
        };
        let [width, height, depth] = study.info.size;
        let Point { x: column, y: row } = middle(self.annotation, &study).unwrap_or(Point::new(width / 2, height / 2));
        let index = axial.unwrap_or(picture.index).min(depth - 1);
        let picture = study.picture(index);
        let all_levels = self.viewport.levels_of(&picture);
        let leading = self.viewport.sequences.get().leading();
        let levels = all_levels[leading];
        let [x, y, z] = study
            .info
            .spacing_mm
            .unwrap_or_else(|| [1.0, 1.0, (HEIGHT_WITHOUT_SCALE * width.max(height) as f64 / depth as f64).max(1.0)]);
        let letters = |all: [&'static str; 4]| study.info.placed.then_some(all);
        let mask =
            self.annotation.masks.with(|masks| masks.get(&study.slice_id(index)).map(|found| found.mask.clone()));
        let mask = mask.map_or_else(|| Mask::new(width, height, vec![false; width * height]), |mask| (*mask).clone());
        let axial = Piece {
            key: "axial",
            caption: text!("plane-axial", slice = index + 1, slices = depth),
            image: canvas::slice(&picture, self.viewport.sequences.get(), all_levels),
            part: Part::of_head(picture.plane(leading), width, levels).around(&mask),
            mask,
            pixel: [x, y],
            sides: letters(["R", "L", "A", "P"]),
        };
        let mut all = vec![axial];
        // As on screen: of one or two slices there is nothing to see from the side.
        if depth > 2 {
            let cut = |cut: Cut, at: usize| {
                let (across, depth, numbers) = study.cut(cut, at, leading);
                let mask = cuts::mask(self.annotation, &study, cut, at);
                let (key, caption, pixel, sides) = match cut {
                    Cut::Sagittal => {
                        ("sagittal", text!("plane-sagittal", column = at + 1), [y, z], ["A", "P", "S", "I"])
                    }
                    Cut::Coronal => ("coronal", text!("plane-coronal", row = at + 1), [x, z], ["R", "L", "S", "I"]),
                };
                let image = canvas::grey(&numbers, across, depth, levels);
                let part = Part::of_head(&numbers, across, levels).around(&mask);
                Piece { key, caption, image, mask, pixel, part, sides: letters(sides) }
            };
            all.push(cut(Cut::Sagittal, column));
            all.push(cut(Cut::Coronal, row));
        }
        Some(Pieces { all, to_scale: study.info.spacing_mm.is_some(), opacity })
    }
}

/// Column and row in the middle of a study's mask: half of its voxels lie on either side, so the planes there cross it.
fn middle(annotation: Annotation, study: &Study) -> Option<Point<usize>> {
    let [width, height, _] = study.info.size;
    let (mut columns, mut rows) = (vec![0; width], vec![0; height]);
    annotation.masks.with(|masks| {
        for found in study.slice_ids().filter_map(|id| masks.get(&id)).filter(|found| found.area_px > 0) {
            for at in (0..width * height).filter(|&at| found.mask.pixels()[at]) {
                columns[at % width] += 1;
                rows[at / width] += 1;
            }
        }
    });
    Some(Point::new(median(&columns)?, median(&rows)?))
}

/// The place before and after which half of what is counted lies.
fn median(counts: &[usize]) -> Option<usize> {
    let total: usize = counts.iter().sum();
    let mut seen = 0;
    (total > 0).then(|| {
        counts.iter().position(|count| {
            seen += count;
            2 * seen >= total
        })
    })?
}

/// mm of paper for a unit of pieces, so that all fit beside each other.
fn paper_scale(pieces: &[Piece]) -> f64 {
    let sizes: Vec<(f64, f64)> = pieces.iter().map(Piece::size).collect();
    scale_of(&sizes)
}

/// The same of their widths and heights.
fn scale_of(sizes: &[(f64, f64)]) -> f64 {
    let gaps = GAP_MM * sizes.len().saturating_sub(1) as f64;
    let width: f64 = sizes.iter().map(|size| size.0).sum();
    let height = sizes.iter().map(|size| size.1).fold(0.0, f64::max);
    let room = if sizes.len() == 1 { LONE_MM } else { PAPER_MM.1 };
    ((PAPER_MM.0 - gaps) / width).min(room / height)
}

impl Piece {
    /// Width and height of what is shown.
    fn size(&self) -> (f64, f64) {
        let Part { left, top, right, bottom } = self.part;
        ((right - left) as f64 * self.pixel[0], (bottom - top) as f64 * self.pixel[1])
    }

    /// Its size on paper, in mm.
    fn paper_mm(&self, scale: f64) -> (f64, f64) {
        let (width, height) = self.size();
        (width * scale, height * scale)
    }

    fn plane(self, scale: f64, to_scale: bool, opacity: f32) -> Plane {
        let picture = self.drawn(scale, to_scale, opacity).address();
        let paper_mm = self.paper_mm(scale);
        let Self { key, caption, sides, .. } = self;
        Plane { key, caption, placed: sides.is_some(), to_scale, picture, paper_mm }
    }

    fn drawn(&self, scale: f64, to_scale: bool, opacity: f32) -> Canvas {
        let paper_mm = self.paper_mm(scale);
        let picture = Canvas::detached((paper_mm.0 * DOTS).round() as usize, (paper_mm.1 * DOTS).round() as usize);
        let column = self.pixel[0] * scale * DOTS;
        let aspect = self.pixel[1] / self.pixel[0];
        let place = CanvasFromSlice {
            x: -(self.part.left as f64) * column,
            y: -(self.part.top as f64) * column * aspect,
            scale: column,
            aspect,
        };
        picture.clear(theme::BLACK);
        picture.stamp_image(&self.image, place);
        picture.stamp(&canvas::fill(&self.mask, MASK, opacity), place);
        picture.trace(&self.mask, place, MASK, 0.25 * DOTS);
        let (right, bottom) = (paper_mm.0 * DOTS, paper_mm.1 * DOTS);
        let letters = LETTERS_MM * DOTS;
        let context = picture.context();
        let write = |text: &str, x: f64, y: f64| {
            // Bone is as white as letters: they have an edge. The font is set by writing.
            picture.write(text, x, y, theme::TEXT, letters as u32);
            context.set_stroke_style_str(theme::BLACK);
            context.set_line_width(0.7 * DOTS);
            context.stroke_text(text, x, y).expect("text can be drawn");
            picture.write(text, x, y, theme::TEXT, letters as u32);
        };
        if let Some([l, r, a, b]) = self.sides {
            let half = 0.35 * letters;
            write(l, half, (bottom + letters) / 2.0);
            write(r, right - 1.1 * letters, (bottom + letters) / 2.0);
            write(a, right / 2.0 - half, letters);
            write(b, right / 2.0 - half, bottom - half);
        }
        if let Some((mm, px)) = scale_bar(scale * BAR_PX).filter(|_| to_scale) {
            let (length, thick) = (px / BAR_PX * DOTS, 0.35 * DOTS);
            let (from, y) = (right - length - DOTS, bottom - 1.2 * DOTS);
            let bar = |colour: &str, room: f64| {
                let rect = |x: f64, y: f64, width: f64, height: f64| {
                    context.fill_rect(x - room, y - room, width + 2.0 * room, height + 2.0 * room);
                };
                context.set_fill_style_str(colour);
                rect(from, y, length, thick);
                [from, from + length - thick].into_iter().for_each(|end| rect(end, y - DOTS, thick, DOTS));
            };
            bar(theme::BLACK, 0.35 * DOTS);
            bar(theme::TEXT, 0.0);
            write(&format!("{mm} mm"), from + 0.8 * DOTS, y - 0.8 * DOTS);
        }
        picture
    }
}

impl Part {
    fn whole(Size { width, height }: Size) -> Self {
        Self { left: 0, top: 0, right: width, bottom: height }
    }

    /// Where a head is in rows of numbers, `width` a row, with some room; everything if none is seen.
    fn of_head(numbers: &[u16], width: usize, (black, white): Levels) -> Self {
        let height = numbers.len() / width;
        let bright = |number: u16| (f64::from(number) - black.min(white)) > HEAD.0 * (white - black).abs();
        let (mut columns, mut rows) = (vec![0; width], vec![0; height]);
        for at in (0..numbers.len()).filter(|&at| bright(numbers[at])) {
            columns[at % width] += 1;
            rows[at / width] += 1;
        }
        let range = |counts: &[usize], across: usize| {
            let enough = |count: &usize| *count as f64 > HEAD.1 * across as f64;
            let (first, last) = (counts.iter().position(enough)?, counts.iter().rposition(enough)?);
            let room = (MARGIN * (last - first) as f64).ceil() as usize;
            Some((first.saturating_sub(room), (last + 1 + room).min(counts.len())))
        };
        match (range(&columns, height), range(&rows, width)) {
            (Some((left, right)), Some((top, bottom))) => Self { left, top, right, bottom },
            _ => Self::whole(Size::new(width, height)),
        }
    }

    /// So much larger that all of a mask is shown.
    fn around(self, mask: &Mask) -> Self {
        let width = mask.width();
        (0..mask.pixels().len()).filter(|&at| mask.pixels()[at]).fold(self, |part, at| Self {
            left: part.left.min(at % width),
            top: part.top.min(at / width),
            right: part.right.max(at % width + 1),
            bottom: part.bottom.max(at / width + 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_as_large_as_paper_has_room_for_and_to_one_scale() {
        // An axial slice, and cuts from the side and the front, in mm.
        let sizes = [(150.0, 190.0), (190.0, 140.0), (150.0, 140.0)];
        let scale = scale_of(&sizes);
        let width: f64 = sizes.iter().map(|(width, _)| width * scale).sum::<f64>() + 2.0 * GAP_MM;
        assert!((width - PAPER_MM.0).abs() < 1e-9 && 190.0 * scale <= PAPER_MM.1);
        assert_eq!(scale_of(&[(100.0, 220.0)]), 0.5, "one by itself is as high as there is room");
    }

    #[test]
    fn the_middle_of_a_mask_is_in_it() {
        // Two parts: the mean would lie between them.
        assert_eq!(median(&[0, 3, 0, 0, 0, 4, 0]), Some(5));
        assert_eq!(median(&[0, 4, 0, 0, 0, 4, 0]), Some(1));
        assert_eq!(median(&[0; 4]), None);
    }

    #[test]
    fn a_head_is_cut_out_with_all_of_its_mask() {
        // 100 × 50, a head from (20, 10) to (60, 40), one bright speck beside it.
        let head = |x: usize, y: usize| (20..60).contains(&x) && (10..40).contains(&y) || (x, y) == (95, 3);
        let numbers: Vec<u16> = (0..5000).map(|at| if head(at % 100, at / 100) { 500 } else { 5 }).collect();
        let part = Part::of_head(&numbers, 100, (0.0, 1000.0));
        assert_eq!(part, Part { left: 18, top: 9, right: 62, bottom: 41 });
        assert_eq!(Part::of_head(&numbers, 100, (1000.0, 0.0)), part, "inverted");
        let mask = Mask::new(100, 50, (0..5000).map(|at| at == 4 * 100 + 70).collect());
        assert_eq!(part.around(&mask), Part { left: 18, top: 4, right: 71, bottom: 41 });
        assert_eq!(Part::of_head(&[5; 200], 20, (0.0, 1000.0)), Part::whole(Size::new(20, 10)));
    }
}

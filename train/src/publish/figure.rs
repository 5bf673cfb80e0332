//! The paper's comparison figure: image, label, prediction, and both outlined in place (Fig. 10), a row a slice.

use std::error::Error;
use std::path::Path;

use image::{Rgb, RgbImage, imageops};
use imaging::{Mask, Overlap, Segment, Slice, outline};
use plotters::style::RGBColor;

use crate::publish::plots;

/// Side of one panel, in pixels.
const PANEL: u32 = 256;
/// Distance between panels, and to the edge.
const GAP: u32 = 12;
/// Height of a line of text.
const LINE: u32 = 26;
/// Colours of label and mask, as in the app.
const LABEL: [u8; 3] = [86, 180, 233];
const MASK: [u8; 3] = [230, 120, 0];
const BACKGROUND: Rgb<u8> = Rgb([0x0b, 0x0e, 0x13]);
const TEXT: RGBColor = RGBColor(0xe6, 0xe9, 0xef);
const CAPTIONS: [&str; 5] = ["FLAIR", "Label", "Prediction", "Label in place", "Prediction in place"];

/// One slice to show.
pub struct Row<'a> {
    /// What it is.
    pub title: String,
    /// The image.
    pub slice: &'a Slice,
    /// What experts marked.
    pub label: &'a Mask,
    /// What the model marked.
    pub mask: Mask,
}

/// Draws the rows below each other.
///
/// # Errors
///
/// If the file cannot be written.
pub fn save(rows: &[Row], path: &Path) -> Result<(), Box<dyn Error>> {
    let height = LINE + PANEL + GAP;
    let mut figure = RgbImage::from_pixel(5 * (PANEL + GAP) + GAP, LINE + GAP + height * rows.len() as u32, BACKGROUND);
    for (caption, left) in CAPTIONS.into_iter().zip((GAP..).step_by((PANEL + GAP) as usize)) {
        plots::write(&mut figure, caption, (left as i32, 8), TEXT)?;
    }
    for (row, top) in rows.iter().zip((LINE + GAP..).step_by(height as usize)) {
        let overlap = Overlap::between(&row.mask, row.label)?;
        let dice = overlap.dice().map_or("both empty".to_owned(), |dice| format!("Dice {dice:.3}"));
        plots::write(&mut figure, &format!("{}   {dice}", row.title), (GAP as i32, top as i32), TEXT)?;
        for (panel, left) in panels(row).into_iter().zip((GAP..).step_by((PANEL + GAP) as usize)) {
            imageops::replace(&mut figure, &panel, left.into(), (top + LINE).into());
        }
    }
    Ok(figure.save(path)?)
}

fn panels(row: &Row) -> [RgbImage; 5] {
    let image = grey(row.slice);
    let alone = |mask: &Mask, colour| tinted(&RgbImage::new(image.width(), image.height()), mask, colour, 1.0);
    let in_place = |mask: &Mask, colour| outlined(&fitted(&tinted(&image, mask, colour, 0.2)), mask, colour);
    [
        fitted(&image),
        fitted(&alone(row.label, LABEL)),
        fitted(&alone(&row.mask, MASK)),
        in_place(row.label, LABEL),
        in_place(&row.mask, MASK),
    ]
}

/// FLAIR, its brightest pixel white.
fn grey(slice: &Slice) -> RgbImage {
    let flair = slice.sequence(1);
    let brightest = flair.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    RgbImage::from_fn(slice.width() as u32, slice.height() as u32, |x, y| {
        let value = flair[y as usize * slice.width() + x as usize] / brightest * 255.0;
        Rgb([value as u8; 3])
    })
}

fn tinted(image: &RgbImage, mask: &Mask, colour: [u8; 3], share: f32) -> RgbImage {
    let mut image = image.clone();
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        if mask.contains(x as usize, y as usize) {
            for (channel, tint) in pixel.0.iter_mut().zip(colour) {
                *channel = (f32::from(*channel) * (1.0 - share) + f32::from(tint) * share) as u8;
            }
        }
    }
    image
}

/// How many panel pixels a pixel of an image takes.
fn scale(width: u32, height: u32) -> f64 {
    f64::from(PANEL) / f64::from(width.max(height))
}

/// Scaled into a panel.
fn fitted(image: &RgbImage) -> RgbImage {
    let scale = scale(image.width(), image.height());
    let side = |side: u32| ((f64::from(side) * scale) as u32).clamp(1, PANEL);
    let scaled = imageops::resize(image, side(image.width()), side(image.height()), imageops::FilterType::CatmullRom);
    let mut panel = RgbImage::new(PANEL, PANEL);
    imageops::replace(&mut panel, &scaled, 0, 0);
    panel
}

fn outlined(panel: &RgbImage, mask: &Mask, colour: [u8; 3]) -> RgbImage {
    let mut panel = panel.clone();
    let scale = scale(mask.width() as u32, mask.height() as u32);
    for Segment { from, to } in outline(mask) {
        let place = |at: usize| ((at as f64 * scale) as u32).min(PANEL - 1);
        for y in place(from.y)..=place(to.y) {
            for x in place(from.x)..=place(to.x) {
                panel.put_pixel(x, y, Rgb(colour));
            }
        }
    }
    panel
}

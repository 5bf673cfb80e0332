//! The paper's comparison figure: image, label, prediction, and both outlined in place (Fig. 10).

use imaging::{Mask, Overlap};

use crate::documents::picture::{Levels, Picture};
use crate::language::{Text, decimal, text};
use crate::viewport::Sequences;
use crate::viewport::canvas::{self, Canvas};
use crate::viewport::projection::CanvasFromSlice;
use crate::viewport::theme::{self, LABEL, MASK};

/// Side of one panel, in pixels.
const PANEL: f64 = 320.0;
/// Distance between panels and to the edge.
const GAP: f64 = 16.0;
/// Height of the captions below the panels.
const CAPTION: f64 = 30.0;
/// Height of the line below the captions.
const FOOTER: f64 = 34.0;

/// Draws the figure; its size follows from its panels.
pub fn draw(
    figure: &Canvas,
    picture: &Picture,
    (sequences, levels): (Sequences, [Levels; 3]),
    label: &Mask,
    mask: &Mask,
    line: &str,
) {
    let captions = [
        text!("figure-image"),
        text!("figure-label"),
        text!("figure-prediction"),
        text!("figure-label-in-place"),
        text!("figure-prediction-in-place"),
    ];
    let width = captions.len() as f64 * (PANEL + GAP) + GAP;
    let height = GAP + PANEL + CAPTION + FOOTER;
    figure.resize(width as usize, height as usize);
    figure.clear(theme::PANEL);

    let image = canvas::slice(picture, sequences, levels);
    for (index, caption) in captions.into_iter().enumerate() {
        let left = GAP + index as f64 * (PANEL + GAP);
        figure.context().set_fill_style_str(theme::BLACK);
        figure.context().fill_rect(left, GAP, PANEL, PANEL);
        let place = CanvasFromSlice::within(picture.size(), picture.aspect(), (left, GAP), (PANEL, PANEL));
        match index {
            0 => figure.stamp_image(&image, place),
            1 => figure.stamp(&canvas::fill(label, LABEL, 1.0), place),
            2 => figure.stamp(&canvas::fill(mask, MASK, 1.0), place),
            _ => {
                let (mask, colour) = if index == 3 { (label, LABEL) } else { (mask, MASK) };
                figure.stamp_image(&image, place);
                figure.stamp(&canvas::fill(mask, colour, 0.25), place);
                figure.trace(mask, place, colour, 2.0);
            }
        }
        figure.write(&caption.written(), left, GAP + PANEL + CAPTION * 0.7, theme::TEXT, 16);
    }
    figure.write(line, GAP, height - FOOTER * 0.4, theme::FAINT_TEXT, 15);
}

/// What is said of a slice whose label and mask are both empty.
pub fn both_empty() -> Text {
    text!("both-empty")
}

/// The sentence below the figure.
pub fn line(name: &str, overlap: Overlap) -> String {
    let scores = match (overlap.dice(), overlap.iou()) {
        (Some(dice), Some(iou)) => format!("Dice {}   IoU {}", decimal(dice, 3), decimal(iou, 3)),
        _ => both_empty().written(),
    };
    format!("{name}   {scores}   {}", text!("research-use"))
}

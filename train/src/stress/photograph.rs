//! Photographs of a screen that shows a slice, as a phone takes them: somewhat from the side, with what is around the screen.

use imageproc::geometric_transformations::Projection;
use imaging::{Mask, Slice};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;

use crate::data::patient::LabelledSlice;
use crate::vary::sample::{bilinear, nearest};

/// Sequence that a screen is likely to show: FLAIR.
const SHOWN: usize = 1;
/// Width and height of the photograph, as a multiple of the slice's.
const SIZE: (f32, f32) = (3.0, 2.25);
/// Corners of the screen on it, from the upper left one clockwise, as shares of width and height.
const SCREEN: [(f32, f32); 4] = [(0.12, 0.14), (0.9, 0.1), (0.87, 0.88), (0.1, 0.86)];
/// Width and height of the screen, and where the slice begins on it, as multiples of the slice's.
const SCREEN_SIZE: (f32, f32) = (2.5, 1.8);
const SLICE_AT: (f32, f32) = (0.9, 0.4);
/// How far the screen's edge goes beyond the screen, as a share of it.
const EDGE: f32 = 0.02;
/// Grey of the program around the slice, as a screen is told it.
const PROGRAM: f32 = 0.07;
/// Light of a screen's black, of its edge and, from left to right, of what is around it, as a share of its white's.
const BLACK: f32 = 0.02;
const EDGE_LIGHT: f32 = 0.02;
const AROUND: (f32, f32) = (0.25, 0.4);
/// Light that is lost halfway from the middle to a corner.
const FALL_OFF: f32 = 0.1;
/// Exponent between a grey and its light, of screens and of cameras.
const GAMMA: f32 = 2.2;
/// Deviation of the camera's noise.
const NOISE: f32 = 0.02;

/// A slice and its label on a photograph.
pub fn photographed(labelled: &LabelledSlice) -> LabelledSlice {
    let LabelledSlice { number, slice, label } = labelled;
    let (width, height) = (slice.width() as f32, slice.height() as f32);
    let (columns, rows) = ((SIZE.0 * width) as usize, (SIZE.1 * height) as usize);
    let onto = SCREEN.map(|(x, y)| (x * columns as f32, y * rows as f32));
    let to_screen = Projection::from_control_points(onto, [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
        .expect("the corners are those of a quadrangle");
    let values = slice.sequence(SHOWN);
    let brightest = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let mut rng = StdRng::seed_from_u64((*number).into());
    let (mut grey, mut marked) = (Vec::with_capacity(columns * rows), Vec::with_capacity(columns * rows));
    for at in (0..rows).flat_map(|y| (0..columns).map(move |x| (x as f32 + 0.5, y as f32 + 0.5))) {
        // As shares of the screen, and in pixels of the slice, whose middles are whole numbers.
        let (across, down) = to_screen * at;
        let x = (across * SCREEN_SIZE.0 - SLICE_AT.0) * width - 0.5;
        let y = (down * SCREEN_SIZE.1 - SLICE_AT.1) * height - 0.5;
        let within = |margin: f32| (-margin..1.0 + margin).contains(&across) && (-margin..1.0 + margin).contains(&down);
        let light = if within(0.0) {
            let is_slice = (0.0..width - 1.0).contains(&x) && (0.0..height - 1.0).contains(&y);
            let shown = || bilinear(values, slice.width(), slice.height(), x, y) / brightest;
            BLACK + if is_slice { shown() } else { PROGRAM }.powf(GAMMA)
        } else if within(EDGE) {
            EDGE_LIGHT
        } else {
            AROUND.0 + (AROUND.1 - AROUND.0) * at.0 / columns as f32
        };
        let (dx, dy) = (2.0 * at.0 / columns as f32 - 1.0, 2.0 * at.1 / rows as f32 - 1.0);
        let light = light * (1.0 - FALL_OFF * 2.0 * (dx * dx + dy * dy));
        grey.push((light.powf(1.0 / GAMMA) + NOISE * rng.sample::<f32, _>(StandardNormal)).clamp(0.0, 1.0));
        marked.push(nearest(label, x, y));
    }
    LabelledSlice {
        number: *number,
        slice: Slice::new(columns, rows, vec![grey]),
        label: Mask::new(columns, rows, marked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_lies_where_the_tumour_is_seen() {
        let marked = |at: usize| (at % 64).abs_diff(40) < 8 && (at / 64).abs_diff(30) < 8;
        let label = Mask::new(64, 64, (0..64 * 64).map(marked).collect());
        let bright = (0..64 * 64).map(|at| if marked(at) { 0.5 } else { 0.1 }).collect();
        let photographed = photographed(&LabelledSlice { number: 1, slice: Slice::new(64, 64, vec![bright]), label });
        let LabelledSlice { slice, label, .. } = photographed;
        assert_eq!((slice.width(), slice.height()), (192, 144));
        let centre = (96 - 30..96 + 30, 72 - 40..72 + 40);
        let (mut right, mut all) = (0, 0);
        for (at, &marked) in label.pixels().iter().enumerate() {
            if centre.0.contains(&(at % 192)) && centre.1.contains(&(at / 192)) {
                all += 1;
                right += usize::from(marked == (slice.sequence(0)[at] > 0.7));
            }
        }
        assert!(label.area_px() > 150 && right * 50 > all * 49, "{right} of {all}");
    }
}

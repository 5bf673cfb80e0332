//! Puts a click's own pixel on the side that was asked for, whatever the network answered.

use super::click::{Click, ClickKind};

/// Puts the pixel of every click on the side that was asked for, the newest click last; `pixels` are row by row, `width` a
/// row. A click beyond them changes nothing.
pub fn obey<'a>(pixels: &mut [bool], width: usize, clicks: impl IntoIterator<Item = &'a Click>) {
    for click in clicks {
        let (x, y) = (click.x.round(), click.y.round());
        let is_on_row = x >= 0.0 && y >= 0.0 && (x as usize) < width;
        let at = (y as usize).checked_mul(width).and_then(|row| row.checked_add(x as usize)).filter(|_| is_on_row);
        if let Some(pixel) = at.and_then(|at| pixels.get_mut(at)) {
            *pixel = click.kind == ClickKind::Tumor;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clicks_pixel_ends_on_its_side() {
        let click = |x, y, kind| Click { x, y, kind };
        let clicks = [
            click(1.0, 0.0, ClickKind::Tumor),
            click(2.0, 1.0, ClickKind::Background),
            click(-3.0, 900.0, ClickKind::Tumor),
            click(3.0, 0.0, ClickKind::Background),
            click(0.0, 1e30, ClickKind::Tumor),
            click(f32::NAN, 0.0, ClickKind::Tumor),
        ];
        let mut pixels = [false, false, false, true, true, true];
        obey(&mut pixels, 3, &clicks);
        assert_eq!(pixels, [false, true, false, true, true, false]);
    }

    #[test]
    fn the_newest_click_counts() {
        let at = |kind| Click { x: 1.2, y: 0.0, kind };
        let mut pixels = [false; 3];
        obey(&mut pixels, 3, &[at(ClickKind::Tumor), at(ClickKind::Background)]);
        assert_eq!(pixels, [false; 3]);
        obey(&mut pixels, 3, &[at(ClickKind::Background), at(ClickKind::Tumor)]);
        assert_eq!(pixels, [false, true, false]);
    }
}

//! Puts a prompt's own pixels on the side that was asked for, whatever the network answered.

use super::prompt::Prompt;
use crate::grid::Size;

/// Puts the own pixels of every prompt on its side, the newest prompt last; `pixels` are row by row, `width` a row. See
/// [`Prompt::own_pixels`]; places beyond the grid change nothing.
pub fn obey<'a>(pixels: &mut [bool], width: usize, prompts: impl IntoIterator<Item = &'a Prompt>) {
    let size = Size::new(width, pixels.len() / width.max(1));
    for prompt in prompts {
        prompt.own_pixels(size).into_iter().for_each(|at| pixels[at] = prompt.is_tumor());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correct::prompt::PromptKind::{Background, Tumor};
    use crate::grid::Point;

    #[test]
    fn every_prompts_pixels_end_on_its_side() {
        let prompts = [
            Prompt::click(1.0, 0.0, Tumor),
            Prompt::click(2.0, 1.0, Background),
            Prompt::click(-3.0, 900.0, Tumor),
            Prompt::click(3.0, 0.0, Background),
            Prompt::click(0.0, 1e30, Tumor),
            Prompt::click(f32::NAN, 0.0, Tumor),
        ];
        let mut pixels = [false, false, false, true, true, true];
        obey(&mut pixels, 3, &prompts);
        assert_eq!(pixels, [false, true, false, true, true, false]);
    }

    #[test]
    fn a_scribble_is_obeyed_along_its_line_and_a_loop_inside_where_it_denies() {
        let line = [(0.0, 1.0), (3.0, 1.0)].map(|(x, y)| Point { x, y });
        let mut pixels = [false; 12];
        obey(&mut pixels, 4, &[Prompt::scribble(line, Tumor)]);
        assert_eq!(pixels, [false, false, false, false, true, true, true, true, false, false, false, false]);
        let corners = [Point::new(-0.5, -0.5), Point::new(1.5, 3.0)];
        let denied = Prompt::boxed(corners[0], corners[1], Background);
        obey(&mut pixels, 4, &[denied, Prompt::boxed(corners[0], corners[1], Tumor)]);
        assert_eq!(pixels, [false, false, false, false, false, false, true, true, false, false, false, false]);
    }

    #[test]
    fn the_newest_prompt_counts() {
        let at = |kind| Prompt::click(1.2, 0.0, kind);
        let mut pixels = [false; 3];
        obey(&mut pixels, 3, &[at(Tumor), at(Background)]);
        assert_eq!(pixels, [false; 3]);
        obey(&mut pixels, 3, &[at(Background), at(Tumor)]);
        assert_eq!(pixels, [false, true, false]);
    }
}

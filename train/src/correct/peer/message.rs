//! What is said to the program of a peer and what it answers; `train/peers/README.md` describes it for those who write one.

use imaging::{Mask, Prompt, Size, Slice};
use serde::{Deserialize, Serialize};

use crate::correct::answerer::PeerFault;

/// What a program says of itself, before anything else.
#[derive(Clone, Debug, Deserialize)]
pub struct Greeting {
    /// What it is called.
    pub peer: String,
    /// The prompts that it takes.
    pub takes: Vec<Kind>,
    /// How it is used, in words: on what picture, with which settings.
    pub how: String,
}

/// A prompt by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One place.
    Click,
    /// A line.
    Scribble,
    /// Four corners.
    Box,
    /// Any other closed line.
    Loop,
}

impl Kind {
    /// That of a prompt.
    pub fn of(prompt: &Prompt) -> Self {
        match (prompt.line(), prompt.is_loop()) {
            ([_], false) => Self::Click,
            (_, false) => Self::Scribble,
            ([a, b, c, d], true) if a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x => Self::Box,
            (_, true) => Self::Loop,
        }
    }
}

/// A prompt to answer.
#[derive(Serialize)]
pub struct Request<'a> {
    /// The slice, with its first prompt only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slice: Option<Sequences<'a>>,
    /// All prompts on the slice so far; the last is the one to answer.
    pub prompts: Vec<Said>,
    /// Runs of the mask that it meets.
    pub previous: Vec<usize>,
}

/// A slice, its sequences row by row.
#[derive(Serialize)]
pub struct Sequences<'a> {
    width: usize,
    height: usize,
    pre: &'a [f32],
    flair: &'a [f32],
    post: &'a [f32],
}

impl<'a> Sequences<'a> {
    /// Of a slice.
    pub fn of(slice: &'a Slice) -> Self {
        let [pre, flair, post] = [0, 1, 2].map(|index| slice.sequence(index));
        Self { width: slice.width(), height: slice.height(), pre, flair, post }
    }
}

/// One prompt.
#[derive(Serialize)]
pub struct Said {
    kind: Kind,
    tumor: bool,
    /// In pixels; whole numbers are the middles of pixels.
    places: Vec<[f32; 2]>,
}

impl Said {
    /// Of a prompt.
    pub fn of(prompt: &Prompt) -> Self {
        let places = prompt.line().iter().map(|place| [place.x, place.y]).collect();
        Self { kind: Kind::of(prompt), tumor: prompt.is_tumor(), places }
    }
}

/// What comes back.
#[derive(Deserialize)]
pub struct Answer {
    /// Runs of the mask.
    pub mask: Vec<usize>,
}

/// The mask of runs, as [`Mask::runs`] gives them.
///
/// # Errors
///
/// If they do not cover a slice of this size.
pub fn mask(runs: &[usize], size: Size) -> Result<Mask, PeerFault> {
    Mask::of_runs(size.width, size.height, runs).ok_or_else(|| {
        let area = runs.iter().fold(0_usize, |area, &run| area.saturating_add(run));
        PeerFault::WrongSize(area, size.area_px())
    })
}

#[cfg(test)]
mod tests {
    use imaging::{Point, PromptKind};

    use super::*;

    #[test]
    fn a_mask_is_its_runs() {
        for (pixels, said) in [
            (vec![false, true, true, false, true, true], vec![1, 2, 1, 2]),
            (vec![true; 6], vec![0, 6]),
            (vec![false; 6], vec![6]),
        ] {
            let whole = Mask::new(3, 2, pixels);
            assert_eq!(whole.runs(), said);
            assert_eq!(mask(&said, whole.size()).unwrap(), whole);
        }
    }

    #[test]
    fn prompts_are_told_by_their_shapes() {
        let [a, b] = [Point::new(2.0, 3.0), Point::new(8.0, 9.0)];
        let tumor = PromptKind::Tumor;
        for (prompt, kind) in [
            (Prompt::click(2.0, 3.0, tumor), Kind::Click),
            (Prompt::scribble([a, b], tumor), Kind::Scribble),
            (Prompt::boxed(a, b, tumor), Kind::Box),
            (Prompt::around([a, Point::new(8.0, 2.0), b, Point::new(1.0, 9.0)], tumor), Kind::Loop),
        ] {
            assert_eq!(Kind::of(&prompt), kind);
        }
        let said = serde_json::to_string(&Said::of(&Prompt::click(2.0, 3.5, PromptKind::Background))).unwrap();
        assert_eq!(said, r#"{"kind":"click","tumor":false,"places":[[2.0,3.5]]}"#);
    }
}

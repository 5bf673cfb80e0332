//! Steps of a slice's history: what a person, the network or the program did to its mask.

use std::sync::Arc;

use imaging::{Diameter, Diameters, Mask, ProbabilityMap, Prompt, PromptKind};
pub use protocol::session::{Shared, What};

use crate::clock;
use crate::documents::study::Cut;
use crate::language::{Text, Value, text};

/// One step of the history, by itself or a part of a step over many slices.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What changes on this slice.
    pub edit: Edit,
    /// The step over many slices that it is a part of, if any.
    pub shared: Option<Shared>,
    /// When it was taken, in milliseconds since the beginning of 1970.
    pub at_ms: f64,
}

/// What a step changes on a slice.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Another set of prompts.
    Prompts(Prompts),
    /// Pixels that were painted or erased by hand.
    Stroke(Stroke),
    /// Another threshold.
    Threshold(f32),
    /// Diameters drawn by hand, or none where the computed ones count again. Those of one `drag` are one step.
    Diameters {
        /// The lines.
        lines: Option<Diameters>,
        /// The drag that drew them.
        drag: u32,
    },
    /// Nothing: a step over many slices changed others. It has its place here so that undo finds it.
    Elsewhere,
    /// A length measured with the ruler, moved, or deleted. Those of one `drag` are one step.
    Length {
        /// Tells it from others.
        number: u32,
        /// Where it lies from now on; none where it was deleted.
        line: Option<Length>,
        /// The drag that drew it.
        drag: u32,
    },
}

/// What a line lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// A slice.
    Slice,
    /// A reformat, at a column or row.
    Cut(Cut, usize),
}

/// A line whose length counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// What it lies on.
    pub plane: Plane,
    /// Its ends, in pixels of that; in a reformat the highest slice is on top.
    pub line: Diameter,
}

/// The prompts that hold from a step on, and what the network made of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompts {
    /// The prompts, the newest last.
    pub prompts: Vec<Prompt>,
    /// The mask that they correct; none if they are to be taken together with the network's own answer.
    pub previous: Option<Arc<Mask>>,
    /// What of the network's answer is taken over.
    pub scope: Scope,
    /// The probabilities that hold since the network answered.
    pub answer: Option<Arc<ProbabilityMap>>,
}

/// Where the network's answer counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Scope {
    /// Everywhere.
    #[default]
    Whole,
    /// Around some prompts; elsewhere goes on to hold what was shown before the first of them.
    Around(Vec<Prompt>, Shown),
    /// Everywhere, as far as its own look at the slice agrees: it was given a neighbouring slice's mask.
    Beside {
        /// How far that look is believed, see [`imaging::trust`].
        trust: f32,
    },
    /// The same, together with what it drew of the neighbour on the other side.
    Between {
        /// As of [`Self::Beside`].
        trust: f32,
        /// What it drew from that side.
        first: Arc<ProbabilityMap>,
        /// How far the slice lies on the way from there, 0..=1.
        share: f32,
    },
    /// Nowhere: the mask was made elsewhere, and covers all strokes before it.
    Given,
}

impl Prompts {
    /// A mask that was made elsewhere, with the prompts that led to it.
    pub fn given(mask: &Mask, prompts: Vec<Prompt>) -> Self {
        let values = mask.pixels().iter().map(|&marked| f32::from(u8::from(marked))).collect();
        let answer = Arc::new(ProbabilityMap::new(mask.width(), mask.height(), values));
        Self { prompts, previous: Some(Arc::new(mask.clone())), scope: Scope::Given, answer: Some(answer) }
    }

    /// What the newest of them is, in a few words.
    fn named(&self) -> Text {
        let waits = self.is_question() && self.answer.is_none();
        match self.prompts.last() {
            Some(prompt) if prompt.is_loop() && waits => text!("step-loop-waiting"),
            Some(prompt) if prompt.is_loop() => text!("step-loop"),
            Some(prompt) if prompt.click_at().is_none() && waits => text!("step-scribble-waiting"),
            Some(prompt) if prompt.click_at().is_none() => text!("step-scribble"),
            _ if waits => text!("step-click-waiting"),
            _ => text!("step-click"),
        }
    }

    /// Whether the network has something to answer; otherwise its automatic answer stands.
    pub fn is_question(&self) -> bool {
        !self.prompts.is_empty() || self.previous.is_some()
    }
}

/// What is on screen: a mask and the probabilities behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The mask.
    pub mask: Arc<Mask>,
    /// The probabilities, before anything was done by hand.
    pub map: Arc<ProbabilityMap>,
}

/// Pixels that were painted or erased in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Their places, row by row.
    pub pixels: Vec<usize>,
    /// What they became.
    pub kind: PromptKind,
}

impl Step {
    /// A step that is taken now.
    pub fn now(edit: Edit, shared: Option<Shared>) -> Self {
        Self { edit, shared, at_ms: clock::now_ms() }
    }

    /// Whether a person changed the mask with it, by more than the threshold.
    pub(super) fn corrects(&self) -> bool {
        match &self.edit {
            Edit::Prompts(_) => true,
            Edit::Stroke(stroke) => !stroke.pixels.is_empty() && !self.is_by_program(),
            Edit::Threshold(_) | Edit::Diameters { .. } | Edit::Length { .. } | Edit::Elsewhere => false,
        }
    }

    /// Whether the program made it unasked.
    pub(super) fn is_by_program(&self) -> bool {
        self.shared.is_some_and(|shared| shared.what == What::SmallParts)
    }

    /// What it does, in a few words.
    pub fn named(&self) -> Text {
        match (&self.edit, self.shared.map(|shared| shared.what)) {
            (Edit::Threshold(threshold), _) => text!("step-threshold-of", threshold = Value::fixed(*threshold, 2)),
            (Edit::Length { line: None, .. }, _) => text!("step-length-deleted"),
            (Edit::Length { .. }, _) | (_, Some(What::Length)) => text!("step-length"),
            (_, Some(What::SmallParts)) => text!("step-small-parts"),
            (_, Some(What::LargestPart)) => text!("step-largest-part"),
            (_, Some(What::Propagated)) => text!("step-propagated"),
            (_, Some(What::Between)) => text!("step-between"),
            (_, Some(What::FromFile)) => text!("step-from-file"),
            (_, Some(What::Threshold)) => text!("step-threshold"),
            (Edit::Prompts(Prompts { scope: Scope::Given, .. }), None) => text!("step-taken-over"),
            (Edit::Prompts(Prompts { scope: Scope::Beside { .. }, .. }), None) => text!("step-propagated"),
            (Edit::Prompts(prompts), None) => prompts.named(),
            (Edit::Stroke(Stroke { kind: PromptKind::Tumor, .. }), None) => text!("step-painted"),
            (Edit::Stroke(_), None) => text!("step-erased"),
            (Edit::Diameters { lines: Some(_), .. }, None) => text!("step-diameters"),
            (Edit::Diameters { lines: None, .. }, None) => text!("step-diameters-again"),
            (Edit::Elsewhere, None) => text!("step-elsewhere"),
        }
    }
}

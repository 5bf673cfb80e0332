//! What a click would change, computed while the pointer rests, and shown where the network answers within a moment.

use imaging::{Contour, Mask, ProbabilityMap, Prompt, PromptKind, contour};
use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;
use super::brush::{Point, pixel};
use super::edits::Edits;
use super::step::{Edit, Prompts};
use crate::inference::{Engine, Event, REST};

/// Time for an answer up to which it is worth a look ahead, in milliseconds.
const AT_ONCE_MS: f64 = 60.0;
/// Share of a slice's time that a click takes, on a window of half the side, as long as none has been answered.
const WINDOW_SHARE: f64 = 0.25;
/// Changes of fewer pixels are not worth a line.
const LEAST_PX: usize = 5;

/// What would follow from a click that nobody has made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Foreseen {
    file: FileId,
    /// The pixel under the pointer.
    pixel: imaging::Point<usize>,
    kind: PromptKind,
    /// The history with the click; none while the pointer has not come to rest.
    history: Option<Edits>,
    /// The outline of what would change, once the network has answered.
    change: Option<Contour>,
}

impl Annotation {
    /// The pointer is at a point, where a press would be a click: once it rests there, the network is asked what would follow.
    pub fn hover(self, point: Point, kind: PromptKind) {
        let file = self.documents.selected.get_untracked();
        let place = self.documents.size().and_then(|size| pixel(point, size));
        let (Some(file), Some(pixel), true) = (file, place, self.answers_at_once()) else {
            return self.foresee_nothing();
        };
        let as_before = move |before: &Foreseen| (before.file, before.pixel, before.kind) == (file, pixel, kind);
        if self.foreseen.with_untracked(|before| before.as_ref().is_some_and(as_before)) {
            return;
        }
        self.foreseen.set(Some(Foreseen { file, pixel, kind, history: None, change: None }));
        let rested = move || {
            let waits = |now: &Foreseen| as_before(now) && now.history.is_none();
            if self.foreseen.with_untracked(|now| now.as_ref().is_some_and(waits)) {
                self.ask_what_follows();
            }
        };
        set_timeout(move || untrack(rested), REST);
    }

    /// Nothing is shown ahead any more.
    pub fn foresee_nothing(self) {
        if self.foreseen.with_untracked(Option::is_some) {
            self.foreseen.set(None);
        }
    }

    /// What `read` makes of the outline of what a click would change, and of what it would say.
    pub fn with_foreseen<T>(self, read: impl FnOnce(&Contour, PromptKind) -> T) -> Option<T> {
        let on_screen = self.documents.selected.get();
        self.foreseen.with(|foreseen| {
            let Foreseen { file, kind, change, .. } = foreseen.as_ref()?;
            change.as_ref().filter(|_| on_screen == Some(*file)).map(|change| read(change, *kind))
        })
    }

    /// An answer to prompts took so long.
    pub(super) fn prompt_took(self, ms: f64) {
        self.prompt_ms.update_value(|before| *before = Some(before.map_or(ms, |before| (before + ms) / 2.0)));
    }

    /// Whether the network answers a click fast enough to be asked ahead.
    fn answers_at_once(self) -> bool {
        let slice_ms = |engine: &Engine| if let Engine::Ready(ready) = engine { ready.slice_ms } else { None };
        let by_slice = || self.inference.engine.with_untracked(slice_ms).map(|ms| ms * WINDOW_SHARE);
        self.prompt_ms.get_value().or_else(by_slice).is_some_and(|ms| ms <= AT_ONCE_MS)
    }

    fn ask_what_follows(self) {
        let Some(Foreseen { file, pixel, kind, .. }) = self.foreseen.get_untracked() else { return };
        // Where the network has not looked, a click makes it look.
        let Some(shown) = self.shown().filter(|_| !self.documents.is_beside_view(pixel)) else { return };
        let mut history = self.with_edits_at(file, Edits::clone);
        history.prompt(Prompt::click(pixel.x as f32, pixel.y as f32, kind), Some(shown));
        self.foreseen.set(Some(Foreseen { file, pixel, kind, history: Some(history), change: None }));
        self.inference.happened(Event::Hovered(file));
    }

    /// The prompts that the network is to answer ahead.
    pub(super) fn foreseen_question(self, file: FileId) -> Option<Prompts> {
        self.foreseen.with_untracked(|foreseen| {
            let foreseen = foreseen.as_ref().filter(|foreseen| foreseen.file == file)?;
            foreseen.history.as_ref()?.unanswered().cloned()
        })
    }

    /// Takes up what the network would make of the click.
    pub(super) fn foresaw(self, file: FileId, map: ProbabilityMap) {
        let Some(mut foreseen) = self.foreseen.get_untracked().filter(|foreseen| foreseen.file == file) else { return };
        let (Some(history), Some(now)) = (&mut foreseen.history, self.mask.get_untracked()) else { return };
        self.answer(file, history, map);
        let then = history.mask(None, self.threshold_of(history), now.size());
        foreseen.change = change(&now, &then);
        self.foreseen.set(Some(foreseen));
    }

    /// The step of a prompt with its answer, where that was computed ahead.
    pub(super) fn foreseen_step(self, prompt: &Prompt) -> Option<Edit> {
        let Foreseen { file, history, .. } = self.foreseen.get_untracked()?;
        let history =
            history.filter(|history| history.unanswered().is_none() && history.newest_prompt() == Some(prompt))?;
        let here = self.documents.selected.get_untracked() == Some(file);
        history.latest().filter(|_| here).map(|step| step.edit.clone())
    }
}

/// The outline of where two masks of a slice differ, if they do by more than a few pixels.
fn change(now: &Mask, then: &Mask) -> Option<Contour> {
    let differs: Vec<bool> = now.pixels().iter().zip(then.pixels()).map(|(now, then)| now != then).collect();
    let differs = Mask::new(now.width(), now.height(), differs);
    (differs.area_px() >= LEAST_PX).then(|| contour(&differs, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_has_an_outline_unless_it_is_next_to_nothing() {
        let square = |side: usize| Mask::new(20, 20, (0..400).map(|at| at % 20 < side && at / 20 < side).collect());
        let outline = change(&square(10), &square(14)).expect("96 pixels differ");
        assert_eq!(outline.lines.len(), 1);
        assert_eq!(change(&square(10), &square(10)), None);
        assert_eq!(change(&square(1), &square(2)), None, "three pixels");
    }
}

//! What a person did that no file holds yet: the page asks before it takes it with it.

use std::collections::HashSet;

use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;
use super::edits::Edits;
use super::lengths;
use super::undo::Histories;

/// Slices that changed since they were saved last.
#[derive(Clone, Debug, Default)]
pub(super) struct Unsaved {
    /// Those with another mask or threshold: masks are saved as files of masks.
    masks: HashSet<FileId>,
    /// Those with other diameters or lengths: they are saved with the measures.
    diameters: HashSet<FileId>,
}

impl Unsaved {
    /// Whether something would be lost with the page; `kept` if this computer keeps corrected masks.
    fn loses(&self, histories: &Histories, kept: bool) -> bool {
        let any = |files: &HashSet<FileId>, counts: &dyn Fn(&Edits) -> bool| {
            files.iter().any(|file| histories.get(file).is_some_and(counts))
        };
        // What is kept holds the threshold too: it is the mask. A threshold alone is not kept.
        let mask = |edits: &Edits| if edits.is_corrected() { !kept } else { edits.threshold().is_some() };
        any(&self.masks, &mask)
            || any(&self.diameters, &|edits| edits.diameters().is_some() || !lengths::of(edits).is_empty())
    }
}

impl Annotation {
    /// The masks or thresholds of slices are others.
    pub(super) fn touched(self, files: &[FileId]) {
        self.unsaved.update_value(|unsaved| unsaved.masks.extend(files));
    }

    /// The diameters or lengths of slices are others.
    pub(super) fn measured(self, files: &[FileId]) {
        self.unsaved.update_value(|unsaved| unsaved.diameters.extend(files));
    }

    /// The masks of slices are in a file.
    pub fn saved(self, files: impl Iterator<Item = FileId>) {
        let files: Vec<FileId> = files.collect();
        self.unsaved.update_value(|unsaved| unsaved.masks.retain(|file| !files.contains(file)));
    }

    /// The diameters of slices are in a file.
    pub fn saved_measures(self, files: impl Iterator<Item = FileId>) {
        let files: Vec<FileId> = files.collect();
        self.unsaved.update_value(|unsaved| unsaved.diameters.retain(|file| !files.contains(file)));
    }

    /// Whether the page would take work with it that is neither saved nor kept on this computer.
    pub fn would_lose_corrections(self) -> bool {
        let kept = self.kept.wanted.get_untracked();
        self.unsaved.with_value(|unsaved| self.edits.with_untracked(|histories| unsaved.loses(histories, kept)))
    }
}

#[cfg(test)]
mod tests {
    use imaging::{Diameter, Diameters, Point, Prompt, PromptKind};

    use super::*;
    use crate::annotation::step::{Edit, Length, Plane, Shared, Stroke, What};

    const FILE: FileId = FileId(3);

    fn stroke() -> Edit {
        Edit::Stroke(Stroke { pixels: vec![1], kind: PromptKind::Tumor })
    }

    fn diameters() -> Edit {
        let line = Diameter { ends: [Point::new(0.0, 0.0), Point::new(1.0, 0.0)] };
        Edit::Diameters { lines: Some(Diameters { longest: line, perpendicular: line }), drag: 1 }
    }

    fn length() -> Edit {
        let line = Diameter { ends: [Point::new(0.0, 0.0), Point::new(1.0, 0.0)] };
        Edit::Length { number: 1, line: Some(Length { plane: Plane::Slice, line }), drag: 1 }
    }

    /// Whether a history would be lost whose mask changed, and one whose diameters did; kept on this computer or not.
    fn lost(change: impl Fn(&mut Edits)) -> [[bool; 2]; 2] {
        let mut edits = Edits::default();
        change(&mut edits);
        let histories = Histories::from([(FILE, edits)]);
        let files = || HashSet::from([FILE]);
        let all =
            [Unsaved { masks: files(), ..Unsaved::default() }, Unsaved { diameters: files(), ..Unsaved::default() }];
        all.map(|unsaved| [false, true].map(|kept| unsaved.loses(&histories, kept)))
    }

    #[test]
    fn every_kind_of_work_counts() {
        let click = Prompt::click(1.0, 1.0, PromptKind::Tumor);
        assert_eq!(lost(|edits| edits.take(stroke())), [[true, false], [false; 2]]);
        assert_eq!(lost(|edits| edits.prompt(click.clone(), None)), [[true, false], [false; 2]], "answered or not");
        assert_eq!(lost(|edits| edits.take(Edit::Threshold(0.2))), [[true; 2], [false; 2]], "no storage keeps it");
        assert_eq!(lost(|edits| edits.take(diameters())), [[false; 2], [true; 2]], "no storage keeps them");
        assert_eq!(lost(|edits| edits.take(length())), [[false; 2], [true; 2]], "nor lengths");
    }

    #[test]
    fn what_is_undone_or_was_done_by_the_program_is_no_loss() {
        let undone = |edits: &mut Edits| {
            edits.take(stroke());
            edits.undo();
        };
        let by_program = |edits: &mut Edits| edits.take_shared(stroke(), Shared { group: 1, what: What::SmallParts });
        let computed_again = |edits: &mut Edits| {
            edits.take(diameters());
            edits.take(Edit::Diameters { lines: None, drag: 2 });
        };
        for lost in [lost(|_| {}), lost(undone), lost(by_program), lost(computed_again)] {
            assert_eq!(lost, [[false; 2]; 2]);
        }
    }
}

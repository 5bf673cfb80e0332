//! Lengths that a person measures with the ruler: lines on slices and in reformats, which are steps of the history.
//!
//! A line on a slice is a step of that slice. One in a reformat is of no slice alone: it is a step over all slices of the study, so
//! that undo finds it from any of them, and is kept with the one that was on screen when it was drawn.

use std::collections::HashMap;

use leptos::prelude::*;
use protocol::FileId;

use super::Annotation;
use super::edits::Edits;
use super::step::{Edit, Length, Plane, Shared, Step, What};
use super::undo;

/// The lengths that hold in a history, each with its number, in the order in which they were begun.
pub fn of(edits: &Edits) -> Vec<(u32, Length)> {
    let mut known: Vec<(u32, Option<Length>)> = Vec::new();
    for step in edits.steps() {
        if let Edit::Length { number, line, .. } = step.edit {
            match known.iter_mut().find(|(other, _)| *other == number) {
                Some((_, before)) => *before = line,
                None => known.push((number, line)),
            }
        }
    }
    known.into_iter().filter_map(|(number, line)| Some((number, line?))).collect()
}

impl Annotation {
    /// Puts a length into the history of a slice, moves it there, or deletes it; what one `drag` does is one step.
    pub fn measure(self, file: FileId, number: u32, line: Option<Length>, drag: u32) {
        self.stop_carrying();
        let edit = Edit::Length { number, line, drag };
        let before = || {
            let found =
                |all: &HashMap<FileId, Edits>| of(all.get(&file)?).into_iter().find(|(known, _)| *known == number);
            self.edits.with_untracked(found).map(|(_, length)| length)
        };
        let study = match line.or_else(before) {
            Some(Length { plane: Plane::Cut(..), .. }) => self.documents.study_of(file),
            _ => None,
        };
        match study {
            None => self.edits.update(|all| undo::change(all, file, |edits| edits.take(edit))),
            Some(study) => {
                let latest = self.edits.with_untracked(|all| match all.get(&file)?.latest()? {
                    Step { edit: Edit::Length { drag: before, .. }, shared, .. } if *before == drag => *shared,
                    _ => None,
                });
                match latest {
                    Some(Shared { group, .. }) => {
                        self.edits.update(|all| undo::change(all, file, |edits| edits.replace(group, edit)))
                    }
                    None => {
                        let shared = Shared { group: self.fresh_number(), what: What::Length };
                        let edits = study.slice_ids().map(|id| (id, (id == file).then(|| edit.clone())));
                        self.edits.update(|all| undo::take(all, shared, edits));
                    }
                }
            }
        }
        self.measured(&[file]);
    }
}

#[cfg(test)]
mod tests {
    use imaging::{Diameter, Point};

    use super::*;
    use crate::annotation::undo::Histories;
    use crate::documents::study::Cut;

    fn length(plane: Plane, x: f64) -> Option<Length> {
        Some(Length { plane, line: Diameter { ends: [0.0, x].map(|x| Point::new(x, 0.0)) } })
    }

    fn held(edits: &Edits) -> Vec<(u32, f64)> {
        of(edits).iter().map(|(number, length)| (*number, length.line.length([1.0; 2]))).collect()
    }

    #[test]
    fn a_drag_is_one_step_and_what_is_deleted_comes_back() {
        let mut edits = Edits::default();
        for (number, x, drag) in [(1, 2.0, 1), (1, 3.0, 1), (2, 9.0, 2), (1, 5.0, 3), (1, 6.0, 3)] {
            edits.take(Edit::Length { number, line: length(Plane::Slice, x), drag });
        }
        assert_eq!(held(&edits), [(1, 6.0), (2, 9.0)]);
        edits.take(Edit::Length { number: 1, line: None, drag: 4 });
        assert_eq!(held(&edits), [(2, 9.0)]);
        let named = |edits: &Edits| edits.latest().map(|step| step.named().written());
        assert_eq!(named(&edits).as_deref(), Some("length deleted"));
        edits.undo();
        assert_eq!((held(&edits), named(&edits).as_deref()), (vec![(1, 6.0), (2, 9.0)], Some("length")));
        edits.undo();
        assert_eq!(held(&edits), [(1, 3.0), (2, 9.0)], "as it was before it was moved");
        edits.undo();
        edits.undo();
        assert!(held(&edits).is_empty() && !edits.can_undo());
        while edits.redo() {}
        assert_eq!(held(&edits), [(2, 9.0)]);
    }

    #[test]
    fn a_length_is_no_correction_and_goes_with_its_slice() {
        let mut edits = Edits::default();
        edits.take(Edit::Length { number: 1, line: length(Plane::Slice, 2.0), drag: 1 });
        let shared = Shared { group: 7, what: What::Length };
        edits.take_shared(Edit::Length { number: 2, line: length(Plane::Cut(Cut::Coronal, 4), 3.0), drag: 2 }, shared);
        assert!(!edits.is_corrected() && !edits.holds_answer());
        edits.undo_all();
        assert_eq!(held(&edits), [(2, 3.0)], "that of a reformat is not the slice's own");
    }

    #[test]
    fn a_length_in_a_reformat_is_undone_from_any_slice_and_no_message_names_one() {
        let files = [FileId(3), FileId(4), FileId(5)];
        let mut all = Histories::new();
        let shared = Shared { group: 1, what: What::Length };
        let edit = Edit::Length { number: 2, line: length(Plane::Cut(Cut::Sagittal, 4), 3.0), drag: 3 };
        undo::take(&mut all, shared, files.iter().map(|file| (*file, (*file == files[1]).then(|| edit.clone()))));
        assert_eq!(held(&all[&files[1]]), [(2, 3.0)]);
        let walked = undo::undo(&mut all, files[2]).expect("there is a step");
        assert_eq!((&*walked.named.written(), walked.shared), ("length", false));
        assert!(held(&all[&files[1]]).is_empty());
        undo::redo(&mut all, files[0]);
        assert_eq!(held(&all[&files[1]]), [(2, 3.0)]);
    }
}

//! Undo and redo over the slices of a study: one order of steps for whoever looks at any of its slices.
//!
//! Each slice has its own history ([`Edits`]). A step over many slices has a part in each of them, an empty one where it
//! changes nothing, so undo meets it on whichever slice is on screen. It is then taken back on all slices at once, also
//! where other steps followed.

use std::collections::HashMap;

use protocol::FileId;

use super::edits::Edits;
use super::step::{Edit, Shared, Step, What};
use crate::language::Text;

/// The histories of all open slices.
pub type Histories = HashMap<FileId, Edits>;

/// What a walk along the history came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Walked {
    /// What the step had done, in a few words.
    pub named: Text,
    /// Whether it was one over many slices whose change has to be told; that of a length in a reformat is seen where it lies.
    pub shared: bool,
    /// Slices that it changed, by their ids.
    pub changed: Vec<FileId>,
}

/// Takes a step over many slices: an edit for those that change, a mark on the others.
pub fn take(all: &mut Histories, shared: Shared, slices: impl Iterator<Item = (FileId, Option<Edit>)>) {
    for (file, edit) in slices {
        change(all, file, |edits| match edit {
            Some(edit) => edits.take_shared(edit, shared),
            None => edits.mark_elsewhere(shared),
        });
    }
}

/// Changes the history of one slice. A step over many slices that can no longer be redone there is not redone anywhere.
pub fn change<T>(all: &mut Histories, file: FileId, change: impl FnOnce(&mut Edits) -> T) -> T {
    let edits = all.entry(file).or_default();
    let before: Vec<u32> = edits.undone_groups().collect();
    let result = change(edits);
    let gone: Vec<u32> = {
        let (left, done) = (edits.undone_groups().collect::<Vec<_>>(), |group| edits.has(group));
        before.into_iter().filter(|group| !left.contains(group) && !done(*group)).collect()
    };
    for group in gone {
        all.values_mut().for_each(|edits| edits.forget_undone(group));
    }
    result
}

/// Goes a step back from a slice.
pub fn undo(all: &mut Histories, file: FileId) -> Option<Walked> {
    walk(all, file, Edits::latest, Edits::undo, Edits::undo_shared)
}

/// Goes a step forth again from a slice.
pub fn redo(all: &mut Histories, file: FileId) -> Option<Walked> {
    walk(all, file, Edits::next, Edits::redo, Edits::redo_shared)
}

fn walk(
    all: &mut Histories,
    file: FileId,
    next: fn(&Edits) -> Option<&Step>,
    alone: fn(&mut Edits) -> bool,
    together: fn(&mut Edits, u32) -> bool,
) -> Option<Walked> {
    let edits = all.get_mut(&file)?;
    let (named, shared) = next(edits).map(|step| (step.named(), step.shared))?;
    let Some(Shared { group, what }) = shared else {
        alone(edits);
        return Some(Walked { named, shared: false, changed: vec![file] });
    };
    let mut changed: Vec<FileId> =
        all.iter_mut().filter_map(|(file, edits)| together(edits, group).then_some(*file)).collect();
    changed.sort_unstable();
    // What it did is seen where it was, and the mask is not its matter.
    Some(Walked { named, shared: what != What::Length, changed })
}

#[cfg(test)]
mod tests {
    use imaging::{PromptKind, Size};

    use super::*;
    use crate::annotation::step::Stroke;

    const NOTHING: [Vec<usize>; 3] = [const { Vec::new() }; 3];
    const FILES: [FileId; 3] = [FileId(10), FileId(11), FileId(12)];

    fn stroke(at: usize) -> Edit {
        Edit::Stroke(Stroke { pixels: vec![at], kind: PromptKind::Tumor })
    }

    fn marked(all: &Histories) -> [Vec<usize>; 3] {
        FILES.map(|file| {
            let mask = all.get(&file).cloned().unwrap_or_default().mask(None, 0.5, Size::new(4, 2));
            (0..8).filter(|&at| mask.pixels()[at]).collect()
        })
    }

    /// A step that changes the last two slices.
    fn over_two(all: &mut Histories, group: u32, pixel: usize) {
        let edits = FILES.map(|file| (file, (file != FILES[0]).then(|| stroke(pixel))));
        take(all, Shared { group, what: What::LargestPart }, edits.into_iter());
    }

    #[test]
    fn a_step_over_many_slices_is_one_step_from_any_of_them() {
        for file in FILES {
            let mut all = Histories::new();
            over_two(&mut all, 1, 3);
            assert_eq!(marked(&all), [vec![], vec![3], vec![3]]);
            let walked = undo(&mut all, file).expect("there is a step");
            assert_eq!((&*walked.named.written(), walked.shared), ("largest part only", true));
            assert_eq!(walked.changed, FILES[1..]);
            assert_eq!(marked(&all), NOTHING);
            assert_eq!(undo(&mut all, file), None, "it was one");
            assert_eq!(redo(&mut all, file).map(|walked| walked.changed), Some(FILES[1..].to_vec()));
            assert_eq!(marked(&all), [vec![], vec![3], vec![3]]);
        }
    }

    #[test]
    fn what_followed_on_another_slice_stays() {
        let mut all = Histories::new();
        over_two(&mut all, 1, 3);
        change(&mut all, FILES[2], |edits| edits.take(stroke(5)));
        undo(&mut all, FILES[0]);
        assert_eq!(marked(&all), [vec![], vec![], vec![5]]);
        redo(&mut all, FILES[1]);
        assert_eq!(marked(&all), [vec![], vec![3], vec![3, 5]]);
        // There the later step is undone first.
        let walked = undo(&mut all, FILES[2]).expect("there is a step");
        assert_eq!((&*walked.named.written(), walked.shared), ("painted", false));
        assert_eq!(marked(&all), [vec![], vec![3], vec![3]]);
    }

    #[test]
    fn a_new_step_anywhere_makes_an_undone_one_over_many_slices_impossible_to_redo() {
        let mut all = Histories::new();
        over_two(&mut all, 1, 3);
        undo(&mut all, FILES[0]);
        change(&mut all, FILES[1], |edits| edits.take(stroke(6)));
        assert_eq!(redo(&mut all, FILES[2]), None);
        assert_eq!(marked(&all), [vec![], vec![6], vec![]]);
    }

    #[test]
    fn a_step_of_one_slice_is_nothing_to_the_others() {
        let mut all = Histories::new();
        change(&mut all, FILES[1], |edits| edits.take(stroke(6)));
        assert_eq!(undo(&mut all, FILES[0]), None);
        let walked = undo(&mut all, FILES[1]).expect("there is a step");
        assert!(!walked.shared && walked.changed == [FILES[1]]);
    }

    #[test]
    fn steps_over_many_slices_go_back_one_by_one() {
        let mut all = Histories::new();
        over_two(&mut all, 1, 3);
        over_two(&mut all, 2, 4);
        undo(&mut all, FILES[0]);
        assert_eq!(marked(&all), [vec![], vec![3], vec![3]]);
        undo(&mut all, FILES[1]);
        assert_eq!(marked(&all), NOTHING);
        redo(&mut all, FILES[2]);
        redo(&mut all, FILES[0]);
        assert_eq!(marked(&all), [vec![], vec![3, 4], vec![3, 4]]);
    }
}

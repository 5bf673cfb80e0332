//! Slices out of the list of what is open and back to their places.

use protocol::FileId;

use super::entry::{Content, Entry};

/// Slices that are closed, with their places, and the one that takes their place on screen.
pub fn taken_out(all: &[Entry], closes: impl Fn(&Entry) -> bool) -> (Vec<(usize, Entry)>, Option<FileId>) {
    let taken: Vec<(usize, Entry)> =
        all.iter().enumerate().filter(|(_, entry)| closes(entry)).map(|(at, entry)| (at, entry.clone())).collect();
    let behind = taken.last().and_then(|(last, _)| all.get(last + 1));
    let before = taken.first().and_then(|(first, _)| all.get(first.checked_sub(1)?));
    (taken, behind.or(before).map(|entry| entry.id))
}

/// Puts slices back where they were, as far as their neighbours are still there.
pub fn put_back(all: &mut Vec<Entry>, taken: Vec<(usize, Entry)>) {
    for (at, entry) in taken {
        let mut at = at.min(all.len());
        // What closed meanwhile has moved the places: never into the middle of another study.
        let splits = |at: usize| at > 0 && at < all.len() && same_study(&all[at - 1], &all[at]);
        while splits(at) && !same_study(&all[at - 1], &entry) {
            at += 1;
        }
        all.insert(at, entry);
    }
}

fn same_study(a: &Entry, b: &Entry) -> bool {
    match (&a.content, &b.content) {
        (Content::Slice { study: a, .. }, Content::Slice { study: b, .. }) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use protocol::StudyId;

    use super::*;

    fn entries(studies: &[u32]) -> Vec<Entry> {
        let entry = |(id, study): (u32, &u32)| Entry {
            id: FileId(id),
            name: format!("slice {id}"),
            content: Content::Slice { study: StudyId(*study), index: 0 },
        };
        (0..).zip(studies).map(entry).collect()
    }

    fn close(all: &mut Vec<Entry>, study: u32) -> (Vec<(usize, Entry)>, Option<FileId>) {
        let (taken, neighbour) = taken_out(all, |entry| entry.study() == Some(StudyId(study)));
        all.retain(|entry| entry.study() != Some(StudyId(study)));
        (taken, neighbour)
    }

    #[test]
    fn what_was_closed_comes_back_to_its_place() {
        let before = entries(&[1, 1, 2, 2, 2, 3]);
        for (study, neighbour) in [(1, Some(FileId(2))), (2, Some(FileId(5))), (3, Some(FileId(4)))] {
            let mut all = before.clone();
            let (taken, next) = close(&mut all, study);
            assert_eq!(next, neighbour);
            put_back(&mut all, taken);
            assert_eq!(all, before);
        }
        let mut only = entries(&[1, 1]);
        assert_eq!(close(&mut only, 1).1, None);
    }

    #[test]
    fn it_never_comes_back_into_the_middle_of_another_study() {
        let mut all = entries(&[1, 2, 2, 3, 3, 3]);
        let (second, _) = close(&mut all, 2);
        let (_first, _) = close(&mut all, 1);
        put_back(&mut all, second);
        let order: Vec<u32> = all.iter().filter_map(|entry| entry.study()).map(|study| study.0).collect();
        assert_eq!(order, [3, 3, 3, 2, 2]);
    }
}

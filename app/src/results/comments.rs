//! What a person writes into the report, kept for as long as its study or slice is open.

use std::collections::HashMap;

use leptos::prelude::*;

use super::Results;
use crate::owner::Owner;

/// Letters that the page has room for.
pub const ROOM: usize = 700;

/// Comments on what is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Comments {
    /// Each with whether it was printed or saved as it is.
    of: HashMap<Owner, (String, bool)>,
}

impl Comments {
    fn read(&self, owner: Option<Owner>) -> String {
        owner.and_then(|owner| self.of.get(&owner)).map(|(text, _)| text.clone()).unwrap_or_default()
    }

    fn write(&mut self, owner: Owner, text: String) {
        let text: String = text.chars().take(ROOM).collect();
        if self.read(Some(owner)) == text {
            return;
        }
        match text.trim() {
            "" => drop(self.of.remove(&owner)),
            _ => drop(self.of.insert(owner, (text, false))),
        }
    }

    fn printed(&mut self, owner: Owner) {
        self.of.entry(owner).and_modify(|(_, printed)| *printed = true);
    }

    fn is_unprinted(&self) -> bool {
        self.of.values().any(|(_, printed)| !printed)
    }
}

impl Results {
    /// The comments on the slice or study on screen.
    pub fn comments(self) -> String {
        self.documents.owner_on_screen().map(|owner| self.comments_on(owner)).unwrap_or_default()
    }

    /// Takes comments on the slice or study on screen.
    pub fn comment(self, text: String) {
        if let Some(owner) = untrack(move || self.documents.owner_on_screen()) {
            self.comment_on(owner, text);
        }
    }

    /// The comments on a slice or study.
    pub fn comments_on(self, owner: Owner) -> String {
        self.comments.with(|comments| comments.read(Some(owner)))
    }

    /// Takes comments on a slice or study.
    pub fn comment_on(self, owner: Owner, text: String) {
        self.comments.update(|comments| comments.write(owner, text));
    }

    /// The comments on what is on screen are on paper.
    pub(super) fn comments_are_printed(self) {
        if let Some(owner) = untrack(move || self.documents.owner_on_screen()) {
            self.comments.update(|comments| comments.printed(owner));
        }
    }

    /// Forgets the comments on a slice or study that is closed for good.
    pub fn forget_comments(self, owner: Owner) {
        self.comments.update(|comments| drop(comments.of.remove(&owner)));
    }

    /// All comments are in a file.
    pub(super) fn comments_are_saved(self) {
        self.comments.update(|comments| comments.of.values_mut().for_each(|(_, saved)| *saved = true));
    }

    /// Whether the page would take comments with it that were never printed or saved.
    pub fn would_lose_comments(self) -> bool {
        self.comments.with_untracked(Comments::is_unprinted)
    }
}

#[cfg(test)]
mod tests {
    use protocol::StudyId;

    use super::*;

    const HERE: Owner = Owner::Study(StudyId(1));
    const THERE: Owner = Owner::Study(StudyId(2));

    #[test]
    fn comments_stay_with_what_they_are_about() {
        let mut comments = Comments::default();
        comments.write(HERE, "No midline shift.".into());
        assert_eq!([Some(HERE), Some(THERE), None].map(|owner| comments.read(owner)), ["No midline shift.", "", ""]);
        assert!(comments.is_unprinted());
        comments.printed(HERE);
        comments.printed(THERE);
        assert!(!comments.is_unprinted());
        comments.write(HERE, "No midline shift.".into());
        assert!(!comments.is_unprinted(), "nothing new");
        comments.write(HERE, "Midline shift of 3 mm.".into());
        assert!(comments.is_unprinted());
        comments.write(HERE, "  ".into());
        assert_eq!(comments, Comments::default());
        comments.write(HERE, "ü".repeat(ROOM + 1));
        assert_eq!(comments.read(Some(HERE)).chars().count(), ROOM);
    }
}

//! Messages: what went wrong or was assumed, each with what it is about, which decides where it is shown.

pub mod told;
pub mod trouble;

use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;
use protocol::FileId;

use crate::language::{Text, text};
use crate::owner::Owner;

/// Time after which a message that asks for nothing is put away among the others.
const UNFOLDED: Duration = Duration::from_secs(8);

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something was assumed or done differently than expected.
    Info,
    /// Something was not done.
    Error,
}

/// One message on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Distinguishes it from all others.
    pub id: u32,
    /// How grave it is.
    pub severity: Severity,
    /// What happened, and what to do.
    pub text: Text,
    /// What can be done about it at once.
    pub action: Option<Action>,
    /// What it is about, which decides where it is shown.
    pub about: About,
    /// Whether it is put away.
    pub folded: bool,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The page, whatever is on screen.
    Page,
    /// Files that were handed over together, by a number.
    Drop(u32),
    /// A slice or a study.
    Of(Owner),
}

/// What a message offers to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make one volume of pictures.
    Stack {
        /// The pictures, in order.
        files: Vec<FileId>,
        /// What the volume is called.
        name: String,
    },
}

impl Action {
    /// What its button says.
    pub fn label(&self) -> Text {
        match self {
            Self::Stack { .. } => text!("open-as-volume"),
        }
    }
}

/// The messages of the page. Copies are the same.
#[derive(Clone, Copy, Default)]
pub struct Notices {
    list: RwSignal<Vec<Notice>>,
    drops: RwSignal<Drops>,
    last_id: StoredValue<u32>,
}

/// Which drop everything that is open came with.
#[derive(Clone, Debug, Default)]
struct Drops {
    latest: u32,
    of: HashMap<Owner, u32>,
}

impl Drops {
    /// Whether a message is shown with a slice or a study on screen.
    fn show(&self, about: About, on_screen: Option<Owner>) -> bool {
        match about {
            About::Page => true,
            About::Of(owner) => Some(owner) == on_screen,
            // What came of no open file has no other place.
            About::Drop(drop) => {
                let here = on_screen.and_then(|owner| self.of.get(&owner));
                here == Some(&drop) || !self.of.values().any(|other| *other == drop)
            }
        }
    }

    /// Forgets a slice or a study that was closed; the drop of which nothing is open any more.
    fn close(&mut self, owner: Owner) -> Option<u32> {
        let drop = self.of.remove(&owner)?;
        (!self.of.values().any(|other| *other == drop)).then_some(drop)
    }
}

impl Notices {
    /// Shows a message about the page.
    pub fn page(self, severity: Severity, text: impl Into<Text>) {
        self.about(About::Page, severity, text.into());
    }

    /// Shows a message about files that were handed over last.
    pub fn latest_drop(self, severity: Severity, text: impl Into<Text>) {
        self.about(self.of_latest_drop(), severity, text.into());
    }

    /// Shows a message about a slice or a study, or about the page where there is none.
    pub fn of(self, owner: Option<Owner>, severity: Severity, text: impl Into<Text>) {
        self.about(owner.map_or(About::Page, About::Of), severity, text.into());
    }

    fn about(self, about: About, severity: Severity, text: Text) {
        self.show(about, severity, text, None);
    }

    /// Shows a message about files that were handed over last, which offers to do something with them.
    pub fn offer(self, text: impl Into<Text>, action: Action) {
        self.show(self.of_latest_drop(), Severity::Info, text.into(), Some(action));
    }

    fn show(self, about: About, severity: Severity, text: Text, action: Option<Action>) {
        self.last_id.update_value(|id| *id += 1);
        let id = self.last_id.get_value();
        // What offers something waits for a person.
        let folds = severity == Severity::Info && action.is_none();
        self.list.update(|list| {
            list.retain(|other| other.text != text);
            list.push(Notice { id, severity, text, action, about, folded: false });
        });
        if folds {
            set_timeout(move || self.fold(id), UNFOLDED);
        }
    }

    /// Messages for a slice or a study on screen, the newest first.
    pub fn shown(self, on_screen: Option<Owner>) -> Vec<Notice> {
        let shown = |notice: &&Notice| self.drops.with(|drops| drops.show(notice.about, on_screen));
        self.list.with(|list| list.iter().rev().filter(shown).cloned().collect())
    }

    /// Takes a message away.
    pub fn dismiss(self, id: u32) {
        self.list.update(|list| list.retain(|notice| notice.id != id));
    }

    /// Takes all of them away.
    pub fn dismiss_all(self) {
        self.list.set(Vec::new());
    }

    /// Files are handed over together.
    pub fn dropped(self) {
        self.drops.update(|drops| drops.latest += 1);
    }

    /// Something opened that came with the latest drop.
    pub fn opened(self, owner: Owner) {
        self.drops.update(|drops| {
            let latest = drops.latest;
            drops.of.entry(owner).or_insert(latest);
        });
    }

    fn of_latest_drop(self) -> About {
        About::Drop(self.drops.with_untracked(|drops| drops.latest))
    }

    /// Something was closed, and its messages with it.
    pub fn closed(self, owner: Owner) {
        let ended = self.drops.try_update(|drops| drops.close(owner)).flatten().map(About::Drop);
        self.list.update(|list| {
            list.retain(|notice| notice.about != About::Of(owner) && Some(notice.about) != ended);
        });
    }

    /// What was said of a study's mask no longer holds.
    pub fn outdated(self, owner: Owner) {
        self.list.update(|list| {
            list.retain(|notice| notice.about != About::Of(owner) || notice.severity == Severity::Error);
        });
    }

    fn fold(self, id: u32) {
        self.list.update(|list| {
            list.iter_mut().filter(|notice| notice.id == id).for_each(|notice| notice.folded = true);
        });
    }
}

#[cfg(test)]
mod tests {
    use protocol::StudyId;

    use super::*;

    const OWNERS: [Owner; 3] = [Owner::Study(StudyId(1)), Owner::Study(StudyId(2)), Owner::Study(StudyId(3))];

    #[test]
    fn messages_are_shown_with_what_they_are_about() {
        let drops = Drops { latest: 2, of: HashMap::from([(OWNERS[0], 1), (OWNERS[1], 1), (OWNERS[2], 2)]) };
        let shown = |drops: &Drops, about| {
            [None, Some(OWNERS[0]), Some(OWNERS[1]), Some(OWNERS[2])].map(|on_screen| drops.show(about, on_screen))
        };
        assert_eq!(shown(&drops, About::Page), [true; 4]);
        assert_eq!(shown(&drops, About::Of(OWNERS[0])), [false, true, false, false]);
        assert_eq!(shown(&drops, About::Drop(1)), [false, true, true, false]);
        assert_eq!(shown(&drops, About::Drop(2)), [false, false, false, true]);
        assert_eq!(shown(&drops, About::Drop(9)), [true; 4], "nothing of it opened");
    }

    #[test]
    fn a_drop_is_over_once_all_that_came_with_it_is_closed() {
        let mut drops = Drops { latest: 2, of: HashMap::from([(OWNERS[0], 1), (OWNERS[1], 1), (OWNERS[2], 2)]) };
        assert_eq!(drops.close(OWNERS[0]), None);
        assert_eq!(drops.close(OWNERS[2]), Some(2));
        assert_eq!(drops.close(OWNERS[1]), Some(1));
        assert_eq!(drops.close(OWNERS[1]), None);
    }
}

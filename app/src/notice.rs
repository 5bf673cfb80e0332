//! What went wrong or was assumed, in words for the person who meets it.

use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;
use protocol::{DeviceKind, FileId, Refusal, StartFailure};

use crate::picture::Owner;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Distinguishes it from all others.
    pub id: u32,
    /// How grave it is.
    pub severity: Severity,
    /// What happened, and what to do.
    pub text: String,
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
    pub fn label(&self) -> &'static str {
        match self {
            Self::Stack { .. } => "Open as one volume",
        }
    }
}

/// The messages of the page. Copies are the same.
#[derive(Clone, Copy, Default)]
pub struct Notices {
    list: RwSignal<Vec<Notice>>,
    drops: RwSignal<Drops>,
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
                drop == self.latest || here == Some(&drop) || !self.of.values().any(|other| *other == drop)
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
    /// Shows a message, in place of the same one if that is still there.
    pub fn show(self, notice: Notice) {
        let id = notice.id;
        // What offers something waits for a person.
        let folds = notice.severity == Severity::Info && notice.action.is_none();
        self.list.update(|list| {
            list.retain(|other| other.text != notice.text);
            list.push(notice);
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

    /// What a message about the latest drop is about.
    pub fn of_latest_drop(self) -> About {
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

/// What to say of a model that is not on a device.
pub fn start_failure(device: DeviceKind, failure: &StartFailure) -> (Severity, String) {
    match failure {
        StartFailure::Download { url, why } => (
            Severity::Error,
            format!("The model could not be loaded ({url}: {why}). Check the connection and reload the page."),
        ),
        StartFailure::Model(why) => (
            Severity::Error,
            format!("The model does not fit this version of the page ({why}). Reload the page without its cache."),
        ),
        StartFailure::Device(Refusal::Absent(why)) => {
            (Severity::Info, format!("{device} is not available here: {why}."))
        }
        StartFailure::Device(Refusal::Slow { own_ms, limit_ms }) => (
            Severity::Info,
            format!(
                "{device} is slower than the CPU here and is not used (a slice takes it at least {:.1} s, the CPU {:.1} s).",
                own_ms / 1e3,
                limit_ms / 1e3
            ),
        ),
        StartFailure::Device(Refusal::SelfTest(why)) => (
            Severity::Error,
            format!("{device} failed the self-test and is not used: {why}. Results come from another device."),
        ),
    }
}

/// What to say when WebGPU fails, in its test or in use, and the CPU takes over.
pub fn lost(why: &str) -> (Severity, String) {
    let why = why.lines().next().unwrap_or_default();
    let text = format!("WebGPU failed ({why}). The CPU computes from here on; reload the page to try WebGPU again.");
    (Severity::Error, text)
}

/// What to say when the engine died.
pub fn died(why: &str) -> String {
    format!("The engine stopped ({why}). What is on screen stays; reload the page to segment again.")
}

/// What to say when no device can be used.
pub fn no_device() -> String {
    "No device on this machine computes the network correctly. Try a current Chrome, Edge, Firefox or Safari.".into()
}

#[cfg(test)]
mod tests {
    use protocol::StudyId;

    use super::*;

    const OWNERS: [Owner; 3] = [Owner::Study(StudyId(1)), Owner::Study(StudyId(2)), Owner::Study(StudyId(3))];

    #[test]
    fn messages_are_shown_with_what_they_are_about() {
        let mut drops = Drops { latest: 2, of: HashMap::from([(OWNERS[0], 1), (OWNERS[1], 1), (OWNERS[2], 2)]) };
        let shown = |drops: &Drops, about| {
            [None, Some(OWNERS[0]), Some(OWNERS[1]), Some(OWNERS[2])].map(|on_screen| drops.show(about, on_screen))
        };
        assert_eq!(shown(&drops, About::Page), [true; 4]);
        assert_eq!(shown(&drops, About::Of(OWNERS[0])), [false, true, false, false]);
        assert_eq!(shown(&drops, About::Drop(1)), [false, true, true, false]);
        assert_eq!(shown(&drops, About::Drop(2)), [true; 4], "the latest has just been handed over");
        drops.latest = 3;
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

//! Everything that a person can ask for by a button or a key: one entry each, from which bars, help and keyboard are made.

mod list;

use icondata_core::Icon;
use leptos::prelude::*;

use crate::app::App;
use crate::language::{Text, text};
pub use list::COMMANDS;

/// One thing to ask for.
pub struct Command {
    /// Names it in `data-command`.
    pub id: &'static str,
    /// What it looks like where words have no room.
    pub icon: Option<Icon>,
    /// Keys that ask for it.
    pub keys: &'static [Key],
    /// With what it is shown.
    pub group: Group,
    /// Does it.
    pub run: fn(App),
    /// Whether it can be done.
    pub can: fn(App) -> bool,
    /// Whether its state is on, of one that has a state.
    pub is_on: Option<fn(App) -> bool>,
    /// What happens when it is let go, of one that holds for as long as it is pressed.
    pub release: Option<fn(App)>,
    /// What it would do just now, for its tooltip.
    pub now: Option<fn(App) -> Option<String>>,
}

/// Commands that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What the pointer does.
    Tool,
    /// What scribbles and loops say.
    Said,
    /// How a region is gone round.
    Around,
    /// The pointer by keys.
    Keyed,
    /// The brush's size.
    Brush,
    /// Back and forth.
    History,
    /// The mask before corrections.
    Compare,
    /// To other slices.
    Propagate,
    /// The network.
    Network,
    /// What lies over the slice.
    Overlay,
    /// Black and white.
    Window,
    /// Which views there are.
    Layout,
    /// In three dimensions.
    Space,
    /// Zoom.
    Zoom,
    /// From slice to slice.
    Slices,
    /// The page.
    Page,
}

/// A key, by what the browser calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// By itself, or with Shift where that makes it another: `N`, `?`.
    Plain(&'static str),
    /// With Ctrl, or Command on a Mac.
    Ctrl(&'static str),
    /// With Shift too.
    CtrlShift(&'static str),
}

impl Key {
    /// Whether it was pressed.
    pub fn is(self, key: &str, ctrl: bool, shift: bool) -> bool {
        match self {
            Self::Plain(name) => !ctrl && key == name,
            Self::Ctrl(name) => ctrl && !shift && key.eq_ignore_ascii_case(name),
            Self::CtrlShift(name) => ctrl && shift && key.eq_ignore_ascii_case(name),
        }
    }

    /// As it is written for people.
    pub fn written(self) -> String {
        let (ctrl, shift, name) = match self {
            Self::Plain(name) => (false, name.len() == 1 && name.chars().all(char::is_uppercase), name),
            Self::Ctrl(name) => (true, false, name),
            Self::CtrlShift(name) => (true, true, name),
        };
        let name = match name {
            " " => text!("key-space").written(),
            "ArrowDown" => "↓".into(),
            "ArrowUp" => "↑".into(),
            "PageDown" => text!("key-page-down").written(),
            "PageUp" => text!("key-page-up").written(),
            "Delete" => text!("key-delete").written(),
            "Backspace" => text!("key-backspace").written(),
            "Escape" => text!("key-escape").written(),
            "Enter" => text!("key-enter").written(),
            "ArrowLeft" => "←".into(),
            "ArrowRight" => "→".into(),
            letter if letter.len() == 1 => letter.to_uppercase(),
            name => name.into(),
        };
        let held = [ctrl.then(|| text!("key-ctrl")), shift.then(|| text!("key-shift"))];
        held.into_iter().flatten().map(|key| key.written()).chain([name]).collect::<Vec<_>>().join(" ")
    }
}

impl Command {
    /// One that can be done whenever something is open, and has no state.
    const fn new(id: &'static str, keys: &'static [Key], group: Group, run: fn(App)) -> Self {
        Self { id, icon: None, keys, group, run, can: is_open, is_on: None, release: None, now: None }
    }

    /// One that takes a tool.
    const fn tool(id: &'static str, keys: &'static [Key], run: fn(App), is_on: fn(App) -> bool) -> Self {
        Self { is_on: Some(is_on), can: always, ..Self::new(id, keys, Group::Tool, run) }
    }

    const fn drawn(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    const fn on(self, is_on: fn(App) -> bool) -> Self {
        Self { is_on: Some(is_on), ..self }
    }

    const fn when(self, can: fn(App) -> bool) -> Self {
        Self { can, ..self }
    }

    const fn until(self, release: fn(App)) -> Self {
        Self { release: Some(release), ..self }
    }

    const fn now(self, now: fn(App) -> Option<String>) -> Self {
        Self { now: Some(now), ..self }
    }

    /// On its button.
    pub fn label(&self) -> Text {
        Text::keyed(format!("command-{}", self.id))
    }

    /// What it does.
    pub fn help(&self) -> Text {
        Text::keyed(format!("command-{}.help", self.id))
    }

    /// Its keys, for people.
    pub fn keys_written(&self) -> String {
        self.keys.iter().map(|key| key.written()).collect::<Vec<_>>().join(", ")
    }

    /// What it does, would do just now, and its first key.
    pub fn title(&self, app: App) -> String {
        let help = match self.now.and_then(|now| now(app)) {
            Some(now) => text!("command-now", help = self.help(), now),
            None => self.help(),
        };
        match self.keys.first() {
            Some(key) => text!("command-key", help, key = key.written()).written(),
            None => help.written(),
        }
    }
}

/// The command of a name.
///
/// # Panics
///
/// If there is none.
pub fn command(id: &str) -> &'static Command {
    COMMANDS.iter().find(|command| command.id == id).expect("the command is listed")
}

/// The commands of a group, in order.
pub fn of(group: Group) -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(move |command| command.group == group)
}

/// The command that a key asks for.
pub fn asked_by(key: &str, ctrl: bool, shift: bool) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.keys.iter().any(|bound| bound.is(key, ctrl, shift)))
}

fn always(_: App) -> bool {
    true
}

fn is_open(app: App) -> bool {
    app.documents.selected.with(Option::is_some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice() {
        let bound: Vec<Key> = COMMANDS.iter().flat_map(|command| command.keys).copied().collect();
        for (at, key) in bound.iter().enumerate() {
            assert!(!bound[..at].contains(key), "{key:?}");
        }
    }

    #[test]
    fn every_command_has_a_name_of_its_own_and_says_what_it_does() {
        for (at, command) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS[..at].iter().all(|other| other.id != command.id), "{}", command.id);
            let help = command.help().written();
            assert!(!command.label().written().is_empty() && !help.is_empty() && !help.ends_with('.'), "{help}");
            assert!(command.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", command.id);
        }
    }

    #[test]
    fn keys_ask_for_their_commands_alone() {
        let asked = |key, ctrl, shift| asked_by(key, ctrl, shift).map(|command| command.id);
        assert_eq!(asked("z", true, false), Some("undo"));
        assert_eq!(asked("Z", true, true), Some("redo"));
        assert_eq!(asked("Y", true, false), Some("redo"), "with caps lock");
        assert_eq!(asked("z", false, false), None);
        assert_eq!(asked("n", false, false), Some("to-next"));
        assert_eq!(asked("N", false, true), Some("through-all"));
        assert_eq!(asked("c", true, false), None, "copying is the browser's");
        assert_eq!(asked("?", false, true), Some("help"));
    }

    #[test]
    fn keys_are_written_for_people() {
        let written = |id| command(id).keys_written();
        assert_eq!(written("redo"), "Ctrl Y, Ctrl Shift Z");
        assert_eq!(written("through-all"), "Shift N");
        assert_eq!(written("before"), "Space");
        assert_eq!(written("next"), "↓, J");
    }
}

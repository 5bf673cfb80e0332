//! The list of commands into keys that it binds twice, and page files that listen to keys beside it.

use std::collections::BTreeSet;

use super::Breach;
use super::files::Source;

/// Where every key is bound.
const LIST: &str = "app/src/commands/list.rs";
/// The one listener that asks the list.
const LISTENER: &str = "app/src/screen/keyboard.rs";
/// One that any key ends, whichever it is.
const ENDED_BY_ANY: &str = "app/src/demo.rs";

/// Keys that two commands have, and listeners to all keys of the page outside the one that asks the list.
pub fn breaches(sources: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let list = sources.iter().find(|source| source.path == LIST).map_or("", |source| &source.text);
    let mut bound = BTreeSet::new();
    for key in keys(list) {
        if !bound.insert(key) {
            breaches.push(format!("{LIST}: {key} is bound twice"));
        }
    }
    if bound.is_empty() {
        breaches.push(format!("{LIST}: no keys found; has the list moved?"));
    }
    let pages = sources.iter().filter(|source| {
        source.path.starts_with("app/src/") && ![LISTENER, ENDED_BY_ANY].contains(&source.path.as_str())
    });
    for source in pages.filter(|source| source.text.contains("window_event_listener(ev::keydown")) {
        breaches.push(format!("{}: listens to the page's keys; bind them in {LIST}", source.path));
    }
    breaches
}

/// Keys as they are written in the list: `Plain("c")`.
fn keys(list: &str) -> impl Iterator<Item = &str> {
    ["Plain(\"", "Ctrl(\"", "CtrlShift(\"", "Shift(\""].into_iter().flat_map(move |kind| {
        list.match_indices(kind).filter_map(move |(at, _)| {
            let before = list[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let end = list[at..].find("\")")?;
            before.then(|| &list[at..at + end + 2])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(list: &str) -> Vec<Source> {
        vec![Source { path: LIST.into(), text: list.into() }]
    }

    #[test]
    fn a_key_may_be_bound_once_by_itself_and_once_with_ctrl() {
        assert!(breaches(&sources(r#"&[Plain("z"), Ctrl("z"), CtrlShift("z"), Shift("z")]"#)).is_empty());
        assert_eq!(breaches(&sources(r#"&[Shift("z")], &[CtrlShift("z"), Shift("z")]"#)).len(), 1);
        assert_eq!(breaches(&sources(r#"&[Plain("z")], &[Ctrl("y"), Plain("z")]"#)).len(), 1);
        assert_eq!(breaches(&sources("")).len(), 1, "a list that has moved is noticed");
    }

    #[test]
    fn only_one_file_listens_to_keys() {
        let mut all = sources(r#"&[Plain("z")]"#);
        for path in [LISTENER, "app/src/screen/other.rs"] {
            all.push(Source { path: path.into(), text: "window_event_listener(ev::keydown, |_| ())".into() });
        }
        assert_eq!(breaches(&all).len(), 1);
    }
}

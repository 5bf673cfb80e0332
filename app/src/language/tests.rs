//! The languages' files against each other and against the page's source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use protocol::{Said, Why};

use super::choice::{Spoken, own_words, said};
use super::conventions::Plain;
use super::list::Language;
use super::translation::{Given, Translation};
use super::*;

/// The message that the page's own room asks for.
const OWN: &str = "page-title";

fn source_of(language: &Language) -> &'static str {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{}.ftl", language.tag));
    fs::read_to_string(path).unwrap().leak()
}

fn translation_of(language: &Language) -> Translation {
    Translation::read(source_of(language))
}

/// The values that each message asks for.
fn asked(translation: &Translation) -> BTreeMap<&str, BTreeSet<&'static str>> {
    let of = |key| {
        let mut names = BTreeSet::new();
        collect(translation.pattern(key).unwrap(), &mut names);
        names
    };
    translation.keys().map(|key| (key, of(key))).collect()
}

fn collect(pattern: &Pattern<&'static str>, names: &mut BTreeSet<&'static str>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression: Expression::Inline(inline) } => variable(inline, names),
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                variable(selector, names);
                variants.iter().for_each(|variant| collect(&variant.value, names));
            }
        }
    }
}

fn variable(inline: &InlineExpression<&'static str>, names: &mut BTreeSet<&'static str>) {
    if let InlineExpression::VariableReference { id } = inline {
        names.insert(id.name);
    }
}

/// The messages that the page's source asks for, with the values that it gives.
fn given() -> BTreeMap<String, BTreeSet<String>> {
    let mut given = BTreeMap::new();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = fs::read_to_string(source).unwrap();
        for (at, _) in source.match_indices("text!(") {
            let inside = enclosed(&source[at + "text!(".len()..]);
            let mut parts = inside.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
            let key = parts.next().unwrap_or_default().trim_matches('"').to_owned();
            let name = |part: String| part.split('=').next().unwrap_or_default().trim().to_owned();
            let names: BTreeSet<String> = parts.map(name).collect();
            let before = given.insert(key.clone(), names.clone());
            assert!(before.is_none_or(|before| before == names), "{key} gets other values elsewhere");
        }
        for start in ["Command::new(", "Command::tool("] {
            for (at, _) in source.match_indices(start) {
                let id = enclosed(&source[at + start.len()..])[0].trim().trim_matches('"').to_owned();
                given.insert(format!("command-{id}"), BTreeSet::new());
                given.insert(format!("command-{id}.help"), BTreeSet::new());
            }
        }
    }
    given.insert(OWN.into(), BTreeSet::new());
    given
}

/// What stands between a bracket that is open and its end, divided at its commas.
fn enclosed(source: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 1, false);
    for c in source.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 1 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        parts.last_mut().unwrap().push(c);
    }
    parts
}

/// The files of the page but those of this room, which make texts by any key.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let within = |path: PathBuf| match path.is_dir() {
        true if path.ends_with("language") => Vec::new(),
        true => sources(&path),
        false => vec![path],
    };
    entries.flat_map(within).collect()
}

#[test]
fn every_file_is_fluent() {
    for language in &LANGUAGES {
        if let Err((_, errors)) = parser::parse(source_of(language)) {
            panic!("{}.ftl: {errors:?}", language.tag);
        }
    }
}

#[test]
fn every_text_is_in_every_language_with_the_same_values() {
    let english = translation_of(&LANGUAGES[0]);
    let english = asked(&english);
    let mut problems = Vec::new();
    for language in &LANGUAGES[1..] {
        let own = translation_of(language);
        let own = asked(&own);
        for (key, values) in &english {
            match own.get(key) {
                None => problems.push(format!("{}.ftl lacks {key}", language.tag)),
                Some(asked) if asked != values => {
                    problems.push(format!("{}.ftl: {key} has {asked:?}, English {values:?}", language.tag));
                }
                Some(_) => {}
            }
        }
        // What readers of files say is in English in the readers, and compared with them there.
        let more = own.keys().filter(|key| !english.contains_key(**key) && !key.starts_with("reader-"));
        problems.extend(more.map(|key| format!("{}.ftl: {key} is no text of the page", language.tag)));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_text_that_the_page_asks_for_is_there_and_no_other() {
    let english = translation_of(&LANGUAGES[0]);
    let (english, given) = (asked(&english), given());
    let mut problems = Vec::new();
    for (key, values) in &given {
        match english.get(&**key) {
            None => problems.push(format!("en.ftl lacks {key}")),
            Some(asked) if !asked.iter().copied().eq(values.iter().map(String::as_str)) => {
                problems.push(format!("{key} asks for {asked:?} and gets {values:?}"));
            }
            Some(_) => {}
        }
    }
    problems.extend(english.keys().filter(|key| !given.contains_key(**key)).map(|key| format!("{key} is not used")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn unreviewed_translations_say_so_in_the_menu_and_in_their_files() {
    for language in &LANGUAGES {
        let first = source_of(language).lines().next().unwrap();
        assert_eq!(first.contains("Unreviewed"), language.unreviewed.is_some(), "{}.ftl: {first}", language.tag);
        assert_eq!(language.label() != language.name, language.unreviewed.is_some());
    }
}

#[test]
fn numbers_choose_among_the_plurals_of_the_language() {
    let counted = |at: usize, count: usize| {
        translation_of(&LANGUAGES[at]).message("counted-slices", &[("count", count.into())], &Plain).unwrap()
    };
    assert_eq!([0, 1, 2].map(|count| counted(0, count)), ["0 slices", "1 slice", "2 slices"]);
    assert_eq!([0, 1, 2].map(|count| counted(1, count)), ["0 Schichten", "1 Schicht", "2 Schichten"]);
    assert_eq!([0, 1, 2].map(|count| counted(2, count)), ["0 个层面", "1 个层面", "2 个层面"]);
}

#[test]
fn exact_numbers_come_before_plurals_and_words_choose_too() {
    let source = "a = { $n ->\n    [1] exactly one\n    [one] one\n   *[other] { $n } of them\n  }\n\
                  b = { $w ->\n    [up] upwards\n   *[down] downwards\n  }\n-name = Gliolens\nc = { -name }, { a }\nloop = { loop }!\n";
    let translation = Translation::read(source);
    let say = |key, name, value| translation.message(key, &[(name, value)], &Plain).unwrap();
    assert_eq!(say("a", "n", 1_usize.into()), "exactly one");
    assert_eq!(say("a", "n", Given::Number { value: 2.5, digits: 2 }), "2.50 of them");
    assert_eq!(say("b", "w", "up".into()), "upwards");
    assert_eq!(say("b", "w", "sideways".into()), "downwards");
    assert_eq!(say("c", "n", 1_usize.into()), "Gliolens, exactly one");
    assert!(say("loop", "n", 1_usize.into()).len() < 10, "a circle ends");
    assert_eq!(translation.message("none", &[], &Plain), None);
}

#[test]
fn what_a_translation_lacks_is_said_in_english() {
    let spoken = Spoken::in_language(&LANGUAGES[1], Translation::read("close = Schließen\n"));
    assert_eq!(said(&spoken, "close", &[]), "Schließen");
    assert_eq!(said(&spoken, "dismiss", &[]), "Dismiss");
    assert_eq!(said(&spoken, "no-such-text", &[]), "no-such-text");
}

#[test]
fn the_language_is_the_first_that_a_person_reads_and_the_page_speaks() {
    let among = |wanted: &[&str]| Language::among(wanted.iter().copied()).map(|language| language.tag);
    assert_eq!(among(&["fr-CH", "de-CH", "en"]), Some("de"));
    assert_eq!(among(&["zh-Hans-CN"]), Some("zh"));
    assert_eq!(among(&["ZH_tw"]), Some("zh"));
    assert_eq!(among(&["den", "fr"]), None);
}

#[test]
fn what_readers_say_is_in_the_language_where_it_has_words_and_in_english_elsewhere() {
    let file = "reader-odd-gap = zwischen { $after } und { $before } liegen { $gap } mm\n";
    let german = Spoken::in_language(&LANGUAGES[1], Translation::read(file));
    let values =
        [("after", Said::Word("a.dcm".into())), ("before", Said::Word("b.dcm".into())), ("gap", Said::Tenths(94))];
    let values = values.map(|(name, value)| (name.to_owned(), value)).into();
    let gap = Why { english: "between a.dcm and b.dcm lie 9.4 mm".into(), key: "odd-gap".into(), values };
    assert_eq!(own_words(&german, &gap).as_deref(), Some("zwischen a.dcm und b.dcm liegen 9.4 mm"));
    assert_eq!(own_words(&german, &Why { english: "a sentence of its own".into(), ..Why::default() }), None);
    // English is the readers' own.
    let told = text!("file-says", name = "FLAIR", what = Text::from(&gap));
    assert_eq!((told.written().as_str(), told.english()), ("FLAIR: between a.dcm and b.dcm lie 9.4 mm.", None));
}

#[test]
fn texts_hold_texts_and_are_said_when_they_are_read() {
    let names = text!("names-and-more", names = "a, b", more = 2_usize);
    let left_out = text!("left-out", names, why = "a localiser");
    assert_eq!(left_out.written(), "Left out: a, b and 2 more (a localiser).");
    assert_eq!(left_out.key().as_deref(), Some("left-out"));
    assert_eq!(Text::from("as it is").written(), "as it is");
}

//! What the readers of files say against the languages of the page: each sentence has its words in all of them, with its values.

use std::collections::{BTreeMap, BTreeSet};

use catalog::reasons::{Explained, why};
use imaging::{DecodeError, GridSize};
use protocol::{Said, Why};
use study::{
    ArchiveError, Assumption, CompositeError, DicomError, Foreign, GridError, GridFormat, LabelMapError, Layer,
    LeftOut, Missing, NiftiError, RegistrationError, SegmentationError, SeriesWarning, StackError, SurfaceError,
    Unusable, UnwrapError, WriteError,
};

/// The languages that have words of their own; English is the readers' own.
const LANGUAGES: [&str; 2] = [include_str!("../../app/locales/de.ftl"), include_str!("../../app/locales/zh.ftl")];
/// Where keys are given: of errors, and of sentences that are none.
const ERRORS: [&str; 3] = [
    include_str!("../src/reasons/files.rs"),
    include_str!("../src/reasons/odd.rs"),
    include_str!("../src/reasons/other.rs"),
];
const SENTENCES: [&str; 5] = [
    include_str!("../src/export.rs"),
    include_str!("../src/linking.rs"),
    include_str!("../src/studies.rs"),
    include_str!("../src/studies/joining.rs"),
    include_str!("../src/subjects.rs"),
];

/// Words of a language, by their keys, with the values that they ask for.
fn asked(language: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let lines = language.lines().filter_map(|line| line.strip_prefix("reader-")?.split_once(" = "));
    lines
        .map(|(key, text)| (key, text.split("{ $").skip(1).filter_map(|rest| Some(rest.split_once(" }")?.0)).collect()))
        .collect()
}

/// A sentence of each kind that has a key and values.
fn all() -> Vec<Why> {
    let (size, text) = (GridSize { width: 3, height: 2, depth: 1 }, || "x".to_owned());
    let mut all = Vec::new();
    let mut add = |told: &dyn Explained| all.push(why(told));
    for error in [
        DecodeError::Empty,
        DecodeError::UnknownFormat,
        DecodeError::TooLarge { width: 9, height: 8 },
        DecodeError::TooSmall { width: 9, height: 8 },
        DecodeError::TooManyPages { pages: 7 },
        DecodeError::PagesTooLarge { mebibytes: 7 },
        DecodeError::Damaged(text()),
    ] {
        add(&error);
    }
    for foreign in [
        Foreign::CutCompressed(Layer::Gzip),
        Foreign::Nested,
        Foreign::Picture("a GIF image"),
        Foreign::Video("an MPEG"),
        Foreign::Archive("a RAR"),
        Foreign::Program("a Linux"),
        Foreign::Unknown,
        Foreign::Pdf,
    ] {
        add(&foreign);
    }
    for error in [
        ArchiveError::Damaged(text()),
        ArchiveError::Password,
        ArchiveError::TooLarge,
        ArchiveError::Method("x"),
        ArchiveError::SameNames,
        ArchiveError::Empty,
        ArchiveError::Nested,
        ArchiveError::Layer(UnwrapError::Damaged { layer: Layer::Xz, why: text() }),
    ] {
        add(&error);
    }
    add(&Missing::Half(text()));
    add(&Missing::Files { names: vec![text()], of: 2 });
    for error in [
        DicomError::Damaged(text()),
        DicomError::TransferSyntax(text()),
        DicomError::PixelLength { expected: 2, found: 1 },
        DicomError::TooLarge { columns: 1, rows: 2, frames: 3 },
        DicomError::Values,
        DicomError::Header("x"),
    ] {
        add(&error);
    }
    for left_out in
        [LeftOut::Localiser, LeftOut::Mosaic, LeftOut::Colour, LeftOut::NotMr(text()), LeftOut::NoPixels(text())]
    {
        add(&left_out);
    }
    for error in [NiftiError::Pair, NiftiError::NoImage(size), NiftiError::DataType(1), NiftiError::TooLarge(1)] {
        add(&error);
    }
    for why in [
        Unusable::Damaged(text()),
        Unusable::Encoding(text()),
        Unusable::Elsewhere(vec![text()]),
        Unusable::NoVolume { number: 3, count: 2 },
    ] {
        add(&GridError { format: GridFormat::Nrrd, why });
    }
    for error in [
        SegmentationError::Kind(text()),
        SegmentationError::Damaged("x"),
        SegmentationError::Pixels(text()),
        SegmentationError::OtherStudy,
    ] {
        add(&error);
    }
    add(&LabelMapError::Grid { expected: size, found: size });
    add(&LabelMapError::Elsewhere);
    add(&StackError::TooFew);
    add(&StackError::Sizes { first: text(), other: text() });
    add(&CompositeError::Unplaced(text(), text()));
    add(&RegistrationError::Overlap(0.25));
    add(&RegistrationError::Unsure(4.26));
    add(&SurfaceError::Empty);
    add(&WriteError::Write(text()));
    for assumption in [
        Assumption::Together(text()),
        Assumption::Chosen { taken: text(), left: text() },
        Assumption::Half(200.0),
        Assumption::Threshold(0.05),
    ] {
        add(&assumption);
    }
    let (first, after, before) = (text(), text(), text());
    for warning in [
        SeriesWarning::Mixed(2),
        SeriesWarning::Localisers(vec![text()]),
        SeriesWarning::Doubled { count: 2, first: first.clone() },
        SeriesWarning::OnePlace(3),
        SeriesWarning::Turning(3),
        SeriesWarning::Repeated(3),
        SeriesWarning::Lost { count: 2, first: first.clone() },
        SeriesWarning::Duplicates { count: 2, first },
        SeriesWarning::Gap { after: after.clone(), before: before.clone(), gap_mm: 9.0, step_mm: 3.0 },
        SeriesWarning::Gap { after, before, gap_mm: 3.5, step_mm: 3.0 },
        SeriesWarning::FormsDisagree { apart_mm: 2.0, mirrored: false },
        SeriesWarning::FormsDisagree { apart_mm: 2.0, mirrored: true },
        SeriesWarning::FirstOf(200),
        SeriesWarning::PagesLeftOut { thumbnails: 1, masks: 2, other_sizes: 3 },
        SeriesWarning::MissingNumbers { count: 1, first: vec![4] },
        SeriesWarning::NotFinite(5),
        SeriesWarning::Outliers(5),
    ] {
        add(&warning);
    }
    all
}

#[test]
fn every_sentence_with_a_key_has_words_in_every_language_that_ask_for_its_values() {
    for language in LANGUAGES {
        let asked = asked(language);
        for Why { english, key, values } in all() {
            let given: BTreeSet<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(asked.get(&*key), Some(&given), "{key}: {english}");
        }
    }
}

#[test]
fn every_key_of_the_source_has_words_and_no_words_are_left_over() {
    let literals = |source: &'static str| source.split('"').skip(1).step_by(2);
    let is_key = |text: &&str| text.contains('-') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let mut keys: BTreeSet<&str> = ERRORS.into_iter().flat_map(literals).filter(is_key).collect();
    let sentences = SENTENCES.into_iter().flat_map(|source| source.split("keyed(").skip(1));
    keys.extend(sentences.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()));
    keys.insert("unplaced");
    for language in LANGUAGES {
        let words: BTreeSet<&str> = asked(language).into_keys().collect();
        assert_eq!(words, keys);
    }
}

#[test]
fn values_are_what_the_sentence_says() {
    let value =
        |why: &Why, name: &str| why.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let gap = SeriesWarning::Gap { after: "a".into(), before: "b".into(), gap_mm: 9.04, step_mm: 3.0 };
    let told = why(&gap);
    assert_eq!((&*told.key, value(&told, "gap")), ("odd-gap", Some(Said::Tenths(90))));
    assert!(told.english.contains("9.0 mm") && told.english.contains("slices are missing there"), "{told}");
    let picture = why(&Foreign::Picture("an HEIC photograph"));
    assert_eq!(value(&picture, "kind"), Some(Said::Word("HEIC photograph".into())), "articles are English");
    let unsupported = why(&DecodeError::Unsupported("such a thing".into()));
    assert_eq!((&*unsupported.english, &*unsupported.key), ("such a thing", ""), "it has no other words");
}

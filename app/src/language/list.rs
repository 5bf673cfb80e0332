//! The list of languages: one entry each, beside its file `app/locales/<tag>.ftl`.

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its name among languages (BCP 47), and its file's.
    pub tag: &'static str,
    /// Its name in itself.
    pub name: &'static str,
    /// Said beside the name, in the language itself, for as long as no clinician who speaks it has read the translation.
    pub unreviewed: Option<&'static str>,
}

/// All of them. The first has every text and stands in where another lacks one.
pub static LANGUAGES: [Language; 3] = [
    Language { tag: "en", name: "English", unreviewed: None },
    Language { tag: "de", name: "Deutsch", unreviewed: Some("ungeprüfte Übersetzung") },
    Language { tag: "zh", name: "中文", unreviewed: Some("未经审校的翻译") },
];

impl Language {
    /// The first language of the page among those that a person reads, named as browsers name them ("de-CH"), the best first.
    pub fn among<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Option<&'static Self> {
        wanted.into_iter().find_map(|wanted| LANGUAGES.iter().find(|language| language.is(wanted)))
    }

    /// Whether a name is this language's, whatever region and script it names besides.
    pub fn is(&self, name: &str) -> bool {
        name.split(['-', '_']).next().is_some_and(|language| language.eq_ignore_ascii_case(self.tag))
    }

    /// What the menu says.
    pub fn label(&self) -> String {
        match self.unreviewed {
            Some(unreviewed) => format!("{} ({unreviewed})", self.name),
            None => self.name.into(),
        }
    }
}

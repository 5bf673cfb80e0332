//! How a language writes numbers and dates, and which of its plurals goes with a number.

/// What the browser's `Intl` knows of a language.
pub trait Conventions {
    /// A number with so many digits behind the point.
    fn number(&self, value: f64, digits: usize) -> String;
    /// The plural category of a whole number: "one", "few", "other" and so on.
    fn plural(&self, count: f64) -> String;
    /// A day, from its year on ("1960-05-01"); none if it is no day.
    fn date(&self, iso: &str) -> Option<String>;
}

/// Points, two plurals and dates from the year on: what holds without a browser.
pub struct Plain;

impl Conventions for Plain {
    fn number(&self, value: f64, digits: usize) -> String {
        format!("{value:.digits$}")
    }

    fn plural(&self, count: f64) -> String {
        if count == 1.0 { "one".into() } else { "other".into() }
    }

    fn date(&self, _: &str) -> Option<String> {
        None
    }
}

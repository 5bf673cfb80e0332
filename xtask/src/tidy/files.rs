//! Source files into breaches of the rules on first lines, names and lengths.

use std::fs;
use std::path::Path;

use super::Breach;
use super::rules::Rules;
use crate::shell::{Problem, output, program, root};

/// A file longer than this is more than one idea.
const LONGEST: usize = 400;
/// File names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 6] = ["helper", "helpers", "util", "utils", "misc", "common"];
/// What is written by hand.
const WRITTEN: [&str; 5] = ["rs", "mjs", "js", "py", "css"];

/// A file written by hand.
pub struct Source {
    /// Relative to the repository, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Source {
    /// What the name ends in.
    pub fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }
}

/// Every source file of the repository, new ones that git does not ignore included.
pub fn sources() -> Result<Vec<Source>, Problem> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let names = output(program("git").args(arguments)).ok_or("`git ls-files` failed: tidy needs a git checkout")?;
    let mut sources = Vec::new();
    for path in names.split('\0').filter(|path| !path.is_empty()) {
        let mut source = Source { path: path.to_owned(), text: String::new() };
        // A file that was deleted and not committed yet is listed too.
        if WRITTEN.contains(&source.extension())
            && let Ok(text) = fs::read_to_string(root().join(path))
        {
            source.text = text;
            sources.push(source);
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// Breaches of the three rules.
pub fn breaches(sources: &[Source], rules: &Rules) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources {
        let path = &source.path;
        let opening = match source.extension() {
            "rs" => "//!",
            "mjs" | "js" => "//",
            _ => "",
        };
        if !source.text.starts_with(opening) {
            breaches.push(format!("{path}: the first line is not `{opening}` with what the file turns into what"));
        }
        let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if EMPTY_NAMES.contains(&stem) && !rules.names.contains(path) {
            breaches.push(format!("{path}: the name says nothing of what is inside"));
        }
        let lines = source.text.lines().count();
        if lines > LONGEST && !rules.long_files.contains_key(path) {
            breaches.push(format!("{path}: {lines} lines, more than {LONGEST}; divide it"));
        }
    }
    let find = |path: &String| sources.iter().find(|source| source.path == *path);
    for path in rules.long_files.keys() {
        if find(path).is_none_or(|source| source.text.lines().count() <= LONGEST) {
            breaches.push(format!("xtask/tidy.toml: {path} is no longer too long; take it out of [long-files]"));
        }
    }
    for path in &rules.names {
        if find(path).is_none() {
            breaches.push(format!("xtask/tidy.toml: {path} is gone; take it out of `names`"));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(toml: &str) -> Rules {
        toml::from_str(&format!("{toml}\n[forbidden]")).unwrap()
    }

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    #[test]
    fn first_lines_names_and_lengths_are_checked() {
        let long = format!("//! Long.\n{}", "\n".repeat(400));
        let sources = [
            source("a/src/good.rs", "//! Good."),
            source("a/src/bare.rs", "use b;"),
            source("a/src/utils.rs", "//! Things."),
            source("a/src/long.rs", &long),
            source("a.css", "p {}"),
        ];
        let breaches = breaches(&sources, &rules(""));
        assert_eq!(breaches.len(), 3, "{breaches:?}");
        for (breach, start) in breaches.iter().zip(["a/src/bare.rs", "a/src/utils.rs", "a/src/long.rs: 401 lines"]) {
            assert!(breach.starts_with(start), "{breach}");
        }
    }

    #[test]
    fn an_exception_allows_and_has_to_go_once_it_is_not_needed() {
        let sources = [source("a/src/utils.rs", "//! Things.")];
        assert!(breaches(&sources, &rules("names = [\"a/src/utils.rs\"]")).is_empty());
        let stale = breaches(&[], &rules("names = [\"a/src/utils.rs\"]\n[long-files]\n\"b.rs\" = \"one table\""));
        assert_eq!(stale.len(), 2, "{stale:?}");
    }
}

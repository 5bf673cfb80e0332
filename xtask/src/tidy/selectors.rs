//! Browser tests into how often they select by something other than a `data-` attribute, which a change of words or style
//! breaks.

use std::collections::BTreeMap;

use super::Breach;
use super::files::Source;

/// Calls that select by the words on screen. Roles and labels are left out: they test what assistive technology reads.
const BY_WORDS: [&str; 2] = ["getByText(", "hasText:"];
/// Calls that select by the text in quotes after them.
const BY_SELECTOR: [&str; 4] = [".locator(", "querySelector(", "querySelectorAll(", "box(page, "];
const DATA: &str = "[data-";

/// Files that do so more often than they may, or less often than `allowed` says.
pub fn breaches(sources: &[Source], allowed: &BTreeMap<String, usize>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let tests = sources.iter().filter(|source| source.path.starts_with("e2e/") && source.path.ends_with(".mjs"));
    let counts: BTreeMap<&str, usize> = tests.map(|source| (&*source.path, count(&source.text))).collect();
    for (path, count) in &counts {
        let allowed = allowed.get(*path).copied().unwrap_or_default();
        if *count > allowed {
            breaches.push(format!(
                "{path}: selects by words or classes in {count} places, {allowed} allowed; use a data- attribute"
            ));
        }
    }
    for (path, allowed) in allowed {
        let count = counts.get(&**path).copied().unwrap_or_default();
        if count < *allowed {
            breaches.push(format!(
                "xtask/tidy.toml: \"{path}\" = {allowed} can be {count} now; write that into [selectors]"
            ));
        }
    }
    breaches
}

fn count(text: &str) -> usize {
    let words: usize = BY_WORDS.iter().map(|call| text.matches(call).count()).sum();
    let selectors =
        BY_SELECTOR.iter().flat_map(|call| text.split(call).skip(1)).filter(|after| is_other(after)).count();
    words + selectors
}

/// Whether a text in quotes follows that has no `data-` attribute in it.
fn is_other(after: &str) -> bool {
    let Some(quote) = after.chars().next().filter(|first| "\"'`".contains(*first)) else {
        return false;
    };
    after[1..].split(quote).next().is_some_and(|selector| !selector.contains(DATA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_classes_count_and_data_attributes_and_roles_do_not() {
        let text = r#"
            page.getByText("Stopped."); page.locator(".results h2", { hasText: name });
            page.locator('[data-fact="area"]'); page.getByRole("button", { name: "Stop" });
            document.querySelector(`.viewer canvas`); document.querySelector(selector);"#;
        assert_eq!(count(text), 4);
    }

    #[test]
    fn a_count_may_neither_grow_nor_stay_too_high() {
        let sources = [Source { path: "e2e/a.test.mjs".into(), text: "page.getByText(1)".into() }];
        let allowed = |count| BTreeMap::from([("e2e/a.test.mjs".to_owned(), count)]);
        assert!(breaches(&sources, &allowed(1)).is_empty());
        assert!(breaches(&sources, &allowed(0))[0].starts_with("e2e/a.test.mjs"));
        assert!(breaches(&sources, &allowed(2))[0].starts_with("xtask/tidy.toml"));
    }
}

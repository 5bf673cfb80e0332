//! The repository into the list of house rules that it breaks. What may break a rule for now is in `xtask/tidy.toml`, which only
//! shrinks: an exception that is no longer needed is a breach too.

mod borders;
mod circles;
mod files;
mod keys;
mod modules;
mod rules;
mod selectors;

use crate::check::packages;
use crate::shell::{Problem, root};
use crate::steps::Steps;
use rules::Rules;

/// What breaks a rule, as a line that says where and what to do.
type Breach = String;

/// Checks every rule and prints every breach, also where an earlier rule is broken.
pub fn all(steps: &mut Steps) -> Result<(), Problem> {
    let (rules, sources) = steps.step("tidy: what is in the repository", || Ok((Rules::read()?, files::sources()?)))?;
    let packages = packages()?;
    let results = [
        steps.step("tidy: first lines, names and lengths of files", || report(files::breaches(&sources, &rules))),
        steps.step("tidy: circles of modules", || report(circles::breaches(&root(), &packages, &rules.circles)?)),
        steps.step("tidy: keys of commands", || report(keys::breaches(&sources))),
        steps.step("tidy: what browser tests select by", || report(selectors::breaches(&sources, &rules.selectors))),
        steps.step("tidy: borders of crates", || report(borders::breaches(&packages, &rules.forbidden)?)),
    ];
    results.into_iter().filter_map(Result::err).reduce(|all, more| format!("{all}; {more}")).map_or(Ok(()), Err)
}

fn report(breaches: Vec<Breach>) -> Result<(), Problem> {
    for breach in &breaches {
        println!("{breach}");
    }
    match breaches.len() {
        0 => Ok(()),
        1 => Err("a house rule is broken: see above".into()),
        count => Err(format!("house rules are broken in {count} places: see above")),
    }
}

//! The tree of dependencies into crates that reach across a border.

use std::collections::BTreeMap;

use super::Breach;
use super::rules::Forbidden;
use crate::shell::{Problem, output, program};
use crate::wasm::TARGET;

/// Crates that depend on what they never may, on this machine or in the browser.
pub fn breaches(packages: &[String], forbidden: &BTreeMap<String, Forbidden>) -> Result<Vec<Breach>, Problem> {
    let mut breaches = Vec::new();
    for (package, Forbidden { anywhere, direct }) in forbidden.iter().filter(|(name, _)| packages.contains(name)) {
        for (names, depth) in [(anywhere, None), (direct, Some("1"))].into_iter().filter(|(names, _)| !names.is_empty())
        {
            for found in dependencies(package, depth)? {
                if names.iter().any(|name| matches(name, &found)) {
                    breaches.push(format!("{package} depends on {found}: `cargo tree -p {package} --target all -i {found}` says through what"));
                }
            }
        }
    }
    Ok(breaches)
}

/// Names of the crates that a package is built with, tests left out.
fn dependencies(package: &str, depth: Option<&str>) -> Result<Vec<String>, Problem> {
    let mut names = Vec::new();
    for target in [&["--target", TARGET][..], &[]] {
        let mut tree = program("cargo");
        tree.args(["tree", "--package", package, "--edges", "no-dev,no-build,no-proc-macro", "--prefix", "none"]);
        tree.args(["--format", "{lib}|{p}"]).args(target);
        if let Some(depth) = depth {
            tree.args(["--depth", depth]);
        }
        let listed = output(&mut tree).ok_or_else(|| format!("`cargo tree --package {package}` failed"))?;
        let named = listed.lines().filter_map(|line| line.split_once('|')?.1.split_whitespace().next());
        names.extend(named.filter(|name| *name != package).map(str::to_owned));
    }
    names.sort();
    names.dedup();
    Ok(names)
}

fn matches(rule: &str, name: &str) -> bool {
    rule.strip_suffix('*').map_or(rule == name, |start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_every_ending() {
        assert!(matches("burn*", "burn-tensor") && matches("burn", "burn") && !matches("burn", "burn-tensor"));
    }

    #[test]
    fn this_program_is_seen_to_use_clap_and_not_to_use_burn() {
        let names = dependencies("xtask", None).unwrap();
        assert!(names.contains(&"clap".into()) && !names.contains(&"burn".into()), "{names:?}");
    }
}

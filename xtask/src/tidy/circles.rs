//! Modules into the circles in which they use each other.
//!
//! Modules are compared with their siblings: all that lies below a module counts as that module, and a parent and its children
//! count as one thing. A type whose methods lie in another module uses that module, since whoever has the type has the methods.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::Breach;
use super::modules::{Module, modules};
use crate::shell::Problem;

/// Who uses whom among the children of one module.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Circles that are not part of an allowed one, and allowed ones that are gone or have become smaller.
pub fn breaches(
    root: &Path,
    packages: &[String],
    allowed: &BTreeMap<String, Vec<Vec<String>>>,
) -> Result<Vec<Breach>, Problem> {
    let mut breaches = Vec::new();
    let none = Vec::new();
    for package in packages {
        let allowed = allowed.get(package).unwrap_or(&none);
        let found = circles_of(&root.join(package).join("src"))?;
        for circle in &found {
            if !allowed.iter().any(|allowed| circle.iter().all(|name| allowed.contains(name))) {
                breaches.push(format!("{package}: these modules use each other in a circle: {}", circle.join(", ")));
            }
        }
        for circle in allowed.iter().filter(|circle| !found.contains(circle)) {
            let left = found.iter().filter(|found| found.iter().all(|name| circle.contains(name)));
            let left: Vec<String> = left.map(|circle| format!("{circle:?}")).collect();
            breaches.push(format!(
                "xtask/tidy.toml: [circles] {package}: put [{}] in place of {circle:?}",
                left.join(", ")
            ));
        }
    }
    for package in allowed.keys().filter(|package| !packages.contains(package)) {
        breaches.push(format!("xtask/tidy.toml: there is no crate {package}; take it out of [circles]"));
    }
    Ok(breaches)
}

/// The circles of every program and library below a folder `src`.
fn circles_of(src: &Path) -> Result<Vec<Vec<String>>, Problem> {
    let mut circles = Vec::new();
    for root in roots(src) {
        for (level, uses) in levels(&modules(&root)?) {
            let named = |circle: Vec<String>| {
                circle.into_iter().map(|name| [&level[..], &[name]].concat().join("::")).collect()
            };
            circles.extend(circles_in(&uses).into_iter().map(named));
        }
    }
    circles.sort();
    circles.dedup();
    Ok(circles)
}

fn roots(src: &Path) -> Vec<PathBuf> {
    let programs = fs::read_dir(src.join("bin")).into_iter().flatten().flatten().map(|entry| entry.path());
    let programs = programs.map(|path| if path.is_dir() { path.join("main.rs") } else { path });
    [src.join("lib.rs"), src.join("main.rs")].into_iter().chain(programs).filter(|path| path.is_file()).collect()
}

/// Who uses whom, by the path of the common parent.
fn levels(modules: &[Module]) -> BTreeMap<Vec<String>, Uses> {
    let mut levels = BTreeMap::new();
    let mut connect = |from: &[String], to: &[String]| {
        let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
        if let (Some(from_child), Some(to_child)) = (from.get(common), to.get(common)) {
            let uses: &mut Uses = levels.entry(from[..common].to_vec()).or_default();
            uses.entry(from_child.clone()).or_default().insert(to_child.clone());
        }
    };
    // Tests in a file of their own may use whatever they test.
    for module in modules.iter().filter(|module| module.path.last().is_none_or(|name| name != "tests")) {
        for path in &module.paths {
            if let Some(target) = resolve(modules, module, path, 0) {
                connect(&module.path, &target.path);
            }
        }
        for name in module.extended.iter().filter(|name| !module.defines(name)) {
            let import = module.imports.iter().find(|(imported, _)| imported == name);
            if let Some(home) = import.and_then(|(_, path)| resolve(modules, module, path, 0)) {
                connect(&home.path, &module.path);
            }
        }
    }
    levels
}

/// The module in which the item lies that a path leads to; nothing where that is another crate.
fn resolve<'a>(modules: &'a [Module], from: &Module, path: &[String], depth: usize) -> Option<&'a Module> {
    const DEEPEST: usize = 8;
    let find = |path: &[String]| modules.iter().find(|module| module.path == path);
    let mut here = find(&from.path)?;
    for (at, name) in path.iter().enumerate() {
        match name.as_str() {
            "crate" => here = find(&[])?,
            "self" => {}
            "super" => here = find(&here.path[..here.path.len().checked_sub(1)?])?,
            name => {
                let child = [&here.path[..], &[name.to_owned()]].concat();
                if let Some(child) = find(&child) {
                    here = child;
                } else if here.defines(name) || depth == DEEPEST {
                    return Some(here);
                } else {
                    // What is not written here may be passed on from elsewhere.
                    let passed = here
                        .imports
                        .iter()
                        .filter(|(_, path)| path.first() != Some(&name.to_owned()) || path.len() > 1);
                    let by_name = passed.clone().find(|(imported, _)| imported == name);
                    let by_star = || {
                        passed.clone().filter(|(imported, _)| imported == "*").find(|(_, path)| {
                            resolve(modules, here, path, depth + 1).is_some_and(|module| module.defines(name))
                        })
                    };
                    return match by_name.or_else(by_star) {
                        Some((_, path)) => resolve(modules, here, path, depth + 1),
                        // Another crate's name, unless the way here began within this crate.
                        None => (at > 0).then_some(here),
                    };
                }
            }
        }
    }
    Some(here)
}

/// Sets of names each of which reaches all others of its set.
fn circles_in(uses: &Uses) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = uses.keys().map(|name| (name, reach(uses, name))).collect();
    let mut circles = BTreeSet::new();
    for (name, others) in &reached {
        let circle = others.iter().filter(|other| reached.get(**other).is_some_and(|back| back.contains(name)));
        let circle: BTreeSet<String> = circle.map(|other| (**other).clone()).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().map(|circle| circle.into_iter().collect()).collect()
}

/// All that a name uses, directly or through others.
fn reach<'a>(uses: &'a Uses, name: &'a String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        open.extend(uses.get(name).into_iter().flatten().filter(|other| reached.insert(*other)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// The circles of a library of these files.
    fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        circles_of(folder.path()).unwrap()
    }

    #[test]
    fn a_circle_is_found_and_a_line_is_none() {
        let line =
            [("lib.rs", "mod a; mod b; mod c;"), ("a.rs", "use crate::b::B;"), ("b.rs", "use crate::c;"), ("c.rs", "")];
        assert!(circles(&line).is_empty());
        let mut circle = line;
        circle[3].1 = "fn f() { super::a::g() }";
        assert_eq!(circles(&circle), [["a", "b", "c"]]);
    }

    #[test]
    fn what_the_root_passes_on_leads_to_where_it_is_written() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::*;"),
            ("a.rs", "use crate::B; pub struct A;"),
            ("b.rs", "use crate::A; pub struct B;"),
        ];
        assert_eq!(circles(&files), [["a", "b"]]);
    }

    #[test]
    fn methods_of_a_type_in_another_module_make_a_circle() {
        let files = [
            ("main.rs", "mod a; mod b;"),
            ("a.rs", "pub struct A;"),
            ("b.rs", "use crate::a::A; impl A { fn f(&self) {} }"),
        ];
        assert_eq!(circles(&files), [["a", "b"]]);
        let with_trait = [files[0], files[1], ("b.rs", "use crate::a::A; impl Clone for A {}")];
        assert!(circles(&with_trait).is_empty());
    }

    #[test]
    fn folders_count_as_one_and_are_looked_into() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod x; mod y; use crate::b::B;"),
            ("a/x.rs", "use super::y::Y; pub struct X;"),
            ("a/y.rs", "use super::x::X; pub struct Y;"),
            ("b.rs", "pub struct B;"),
        ];
        assert_eq!(circles(&files), [["a::x", "a::y"]]);
        let mut back = files;
        back[4].1 = "use crate::a::x::X; pub struct B;";
        assert_eq!(circles(&back), [vec!["a", "b"], vec!["a::x", "a::y"]]);
    }
}
